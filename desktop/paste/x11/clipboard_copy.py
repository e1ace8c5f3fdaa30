"""Copy a selection whole: every target that its owner offers, as the owner gives it.

Programs that restore only the text lose their users' screenshots and copied files. The owner is unknown and may be
slow, frozen or huge, so each answer, all of them together, and their size have a limit; what does not come in time is
missing from the copy, which says so.

Each request has its own window. GTK identifies a transfer by the requesting window alone: one that is broken off blocks
every later one into the same window for half a minute, or continues in its place. The window stays until its owner has
answered (`PendingAnswers`).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic
from typing import Any

from Xlib import X, Xatom

from desktop.paste.x11.connection import X11Connection
from desktop.paste.x11.pending_answers import PendingAnswer

ANSWER_TIMEOUT_S = 0.2
"""Seconds to wait for an answer: a live owner answers within some ms; a picture is encoded in less than this."""

COPY_TIMEOUT_S = 0.5
"""Seconds until the last target is requested: the user is waiting for their text."""

TRANSFER_TIMEOUT_S = 2.0
"""Seconds after which a transfer that is still running (a large picture) is cut."""

MAX_COPY_BYTES = 64 * 2**20
"""Size above which a copy costs more memory than it is worth."""

REPLY_UNITS = 2**18
"""Units of 4 bytes in one reply. python-xlib joins a reply from what it receives in quadratic time, so replies stay
small."""

PASSWORD_HINT = "x-kde-passwordManagerHint"
"""With the value `secret` it asks clipboard managers not to record (Klipper, CopyQ, cliphist and others honour it)."""

METADATA_TARGETS = frozenset(("TARGETS", "MULTIPLE", "TIMESTAMP"))
"""Targets about the selection rather than its contents."""

UNCOPYABLE_TARGETS = METADATA_TARGETS | {
    *("SAVE_TARGETS", "DELETE", "INSERT_SELECTION", "INSERT_PROPERTY"),
    *("PIXMAP", "DRAWABLE", "BITMAP", "COLORMAP"),
    "GTK_TEXT_BUFFER_CONTENTS",
}
"""Targets that do something, name an object in the owner, or are a pointer in its memory."""


@dataclass(frozen=True, slots=True)
class TargetData:
    """One target's data as its owner gave it: the property's type (an atom), its format (8, 16 or 32 bits) and its
    bytes."""

    type: int
    format: int
    data: bytes


type SelectionContents = Mapping[int, TargetData]
"""The contents of a selection, by target (an atom); empty if it has no owner."""


@dataclass(frozen=True, slots=True)
class SelectionCopy:
    """The available contents of a selection, and whether they are the whole of it: all but what its owner refuses."""

    contents: SelectionContents
    is_whole: bool = True

    def filled_from(self, other: SelectionCopy | None) -> SelectionCopy:
        """Return this copy, with what it lacks taken from `other`, which is of the same selection."""
        if self.is_whole or other is None:
            return self
        return SelectionCopy({**other.contents, **self.contents}, is_whole=False)


def read_atoms(piece: TargetData) -> Iterator[int]:
    """Return the atoms listed in `piece`. An owner that gives its list in steps may change the format on the way."""
    return (number for (number,) in struct.iter_unpack("=I", piece.data[: len(piece.data) // 4 * 4]))


class SelectionFetcher:
    """One copying of a selection that another program owns."""

    def __init__(
        self,
        connection: X11Connection,
        selection: int,
        time_factor: float = 1.0,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Time limits are multiplied by `time_factor`; once `is_cancelled()`, nothing is waited for."""
        self._x = connection
        self._selection = selection
        self._time_factor = time_factor
        self._is_cancelled = is_cancelled
        self._started_at = monotonic()
        self._transfer_deadline = self._started_at + TRANSFER_TIMEOUT_S * time_factor
        self._bytes_left = MAX_COPY_BYTES
        self._property = connection.atom("INTONE_INTO")
        self._window: Any = None
        self._is_in_steps = self._is_answered = False
        self._is_whole = True

    def copy(self) -> SelectionCopy:
        """Copy everything available within the limits. Serves while it waits."""
        x = self._x
        offered = self._request(x.atom("TARGETS"))
        if offered is None or offered.format != 32:
            return SelectionCopy({}, is_whole=False)
        skipped = {x.atom(name) for name in UNCOPYABLE_TARGETS}
        contents: dict[int, TargetData] = {}
        targets = [target for target in dict.fromkeys(read_atoms(offered)) if target not in skipped]
        for target in targets:
            if (
                self._is_cancelled()
                or self._bytes_left < 0
                or monotonic() >= self._started_at + COPY_TIMEOUT_S * self._time_factor
            ):
                self._is_whole = False
                break
            piece = self._request(target)
            if piece is not None:
                contents[target] = self._share_data(piece, contents)
        return SelectionCopy(contents, self._is_whole and bool(contents or not targets))

    def _share_data(self, piece: TargetData, contents: SelectionContents) -> TargetData:
        """Return `piece`, sharing its bytes with equal data in `contents`: a picture is offered by several names."""
        shared = next((other.data for other in contents.values() if other.data == piece.data), None)
        if shared is None:
            return piece
        self._bytes_left += len(shared)
        return replace(piece, data=shared)

    def offers_target(self, target: str) -> bool:
        """Return whether the owner says that it has `target`. Serves while it waits."""
        offered = self._request(self._x.atom("TARGETS"))
        return offered is not None and offered.format == 32 and self._x.atom(target) in read_atoms(offered)

    def read_text(self) -> str | None:
        """Return the selection as text; None if its owner gives none in time.

        Serves while it waits. AbiWord includes a zero at its end.
        """
        piece = self._request(self._x.atom("UTF8_STRING"))
        try:
            return piece.data.decode().rstrip("\0") if piece is not None else None
        except UnicodeDecodeError:
            return None

    def is_secret(self) -> bool:
        """Return whether its owner asks that it is not recorded, as a password manager does. Serves while it waits."""
        piece = self._request(self._x.atom("x-kde-passwordManagerHint"))
        return piece is not None and piece.data == b"secret"

    def _request(self, target: int) -> TargetData | None:
        """Request `target`; None if the owner refuses it, or does not give all of it in time."""
        if self._window is None:
            self._wait_for_pending_answers()
        self._window, self._is_in_steps, self._is_answered = self._x.create_hidden_window(), False, False
        try:
            return self._receive_answer(target)
        finally:
            if self._is_answered:
                self._x.destroy_window(self._window)
            else:
                pending = PendingAnswer(self._window, self._selection, self._property, self._is_in_steps)
                self._x.pending_answers.add(pending, is_awaited=self._is_in_steps or self._is_cancelled())

    def _wait_for_pending_answers(self) -> None:
        """Wait until the owner has finished the requests that were given up before, or is silent.

        The time until the last target is requested starts after that, that of a transfer does not.
        """
        pending, last_deadline = self._x.pending_answers, self._transfer_deadline - COPY_TIMEOUT_S * self._time_factor
        while self._selection in pending.awaited_selections and not self._is_cancelled():
            deadline = min(monotonic() + ANSWER_TIMEOUT_S * self._time_factor, last_deadline)
            if not self._x.wait(partial(self._has_progress, pending.progress_count), deadline):
                pending.stop_awaiting(self._selection)
        self._started_at = monotonic()

    def _has_progress(self, progress_count: int) -> bool:
        return self._x.pending_answers.progress_count > progress_count or self._is_cancelled()

    def _receive_answer(self, target: int) -> TargetData | None:
        x, now = self._x, monotonic()
        requested_at = x.server_time()
        self._window.convert_selection(self._selection, target, self._property, requested_at)
        answer = x.wait_for_event(
            lambda event: (
                event.type == X.SelectionNotify
                and event.requestor == self._window
                and (event.selection, event.target) == (self._selection, target)
            ),
            min(now + ANSWER_TIMEOUT_S * self._time_factor, self._started_at + COPY_TIMEOUT_S * self._time_factor),
            self._is_cancelled,
        )
        self._is_answered = answer is not None
        if answer is not None and answer.property == X.NONE:
            return None
        piece = self._take_property() if answer is not None else None
        if piece is not None and piece.type == x.atom("INCR"):
            self._is_in_steps = True
            piece = self._receive_steps()
            self._is_answered = piece is not None
        self._is_whole = self._is_whole and piece is not None
        return piece

    def _receive_steps(self) -> TargetData | None:
        """Receive an INCR transfer: data after each deletion of the last, ended by an empty one; None if it is cut."""
        data, kind = bytearray(), (Xatom.STRING, 8)
        while True:
            event = self._x.wait_for_event(
                lambda event: (
                    event.type == X.PropertyNotify
                    and event.window == self._window
                    and event.atom == self._property
                    and event.state == X.PropertyNewValue
                ),
                min(monotonic() + ANSWER_TIMEOUT_S * self._time_factor, self._transfer_deadline),
                self._is_cancelled,
            )
            piece = self._take_property() if event is not None else None
            if piece is None:
                return None
            if not piece.data:
                return TargetData(*kind, bytes(data))
            kind = piece.type, piece.format
            data += piece.data

    def _take_property(self) -> TargetData | None:
        """Return and delete what our window's property holds; None if there is none or the size limit is exceeded."""
        data, offset = bytearray(), 0
        while True:
            value = self._window.get_property(self._property, X.AnyPropertyType, offset, REPLY_UNITS, delete=True)
            if value is None:
                return None
            data += value.value if value.format == 8 else value.value.tobytes()
            self._bytes_left -= len(value.value) * value.format // 8
            if self._bytes_left < 0:
                return None
            if not value.bytes_after:
                return TargetData(value.property_type, value.format, bytes(data))
            offset += REPLY_UNITS
