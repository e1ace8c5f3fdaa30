"""Copy a selection whole: every target that its owner offers, as the owner gives it.

Restoring only the text has cost users screenshots and copied files in every program that does so. The owner is unknown
and may be slow, frozen or huge, so each answer, all of them together, and their size have a limit; what does not come
in time is missing from the copy, which says so.

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

from desktop.paste.x11.connection import Connection
from desktop.paste.x11.owed import Question

ANSWER_S = 0.2
"""Seconds to wait for an answer: a live owner answers within some ms; a picture is encoded in less than this."""

ALL_S = 0.5
"""Seconds until the last target is requested: the user is waiting for their text."""

FLOWING_S = 2.0
"""Seconds after which a transfer that is still running (a large picture) is cut."""

MOST_BYTES = 64 * 2**20
"""Size above which a copy costs more memory than it is worth."""

STEP = 2**18
"""Units of 4 bytes in one reply. python-xlib joins a reply from what it receives in quadratic time, so replies stay
small."""

NOT_DATA = frozenset(("TARGETS", "MULTIPLE", "TIMESTAMP"))
"""Targets about the selection rather than its contents."""

UNCOPYABLE = NOT_DATA | {
    *("SAVE_TARGETS", "DELETE", "INSERT_SELECTION", "INSERT_PROPERTY"),
    *("PIXMAP", "DRAWABLE", "BITMAP", "COLORMAP"),
    "GTK_TEXT_BUFFER_CONTENTS",
}
"""Targets that do something, name an object in the owner, or are a pointer in its memory."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One target's data as its owner gave it: the property's type (an atom), its format (8, 16 or 32 bits) and its
    bytes."""

    type: int
    format: int
    data: bytes


type Contents = Mapping[int, Piece]
"""The contents of a selection, by target (an atom); empty if it has no owner."""


@dataclass(frozen=True, slots=True)
class Copy:
    """The available contents of a selection, and whether they are the whole of it: all but what its owner refuses."""

    contents: Contents
    whole: bool = True

    def filled_from(self, other: Copy | None) -> Copy:
        """Return this copy, with what it lacks taken from `other`, which is of the same selection."""
        if self.whole or other is None:
            return self
        return Copy({**other.contents, **self.contents}, whole=False)


def atoms(piece: Piece) -> Iterator[int]:
    """Return the atoms listed in `piece`. An owner that gives its list in steps may change the format on the way."""
    return (number for (number,) in struct.iter_unpack("=I", piece.data[: len(piece.data) // 4 * 4]))


class Reader:
    """One copying of a selection that another program owns."""

    def __init__(
        self,
        connection: Connection,
        selection: int,
        patience: float = 1.0,
        over: Callable[[], bool] = lambda: False,
    ) -> None:
        """Time limits are multiplied by `time_factor`; once `is_cancelled()`, nothing is waited for."""
        self._x = connection
        self._selection = selection
        self._patience = patience
        self._over = over
        self._began = monotonic()
        self._cut = self._began + FLOWING_S * patience
        self._room = MOST_BYTES
        self._into = connection.atom("INTONE_INTO")
        self._window: Any = None
        self._flowing = self._ended = False
        self._whole = True

    def copy(self) -> Copy:
        """Copy everything available within the limits. Serves while it waits."""
        x = self._x
        offered = self._convert(x.atom("TARGETS"))
        if offered is None or offered.format != 32:
            return Copy({}, whole=False)
        skipped = {x.atom(name) for name in UNCOPYABLE}
        found: dict[int, Piece] = {}
        wanted = [target for target in dict.fromkeys(atoms(offered)) if target not in skipped]
        for target in wanted:
            if self._over() or self._room < 0 or monotonic() >= self._began + ALL_S * self._patience:
                self._whole = False
                break
            piece = self._convert(target)
            if piece is not None:
                found[target] = self._once(piece, found)
        return Copy(found, self._whole and bool(found or not wanted))

    def _once(self, piece: Piece, found: Contents) -> Piece:
        """Return `piece`, sharing its bytes with equal data in `found`: toolkits offer a picture by several names."""
        same = next((other.data for other in found.values() if other.data == piece.data), None)
        if same is None:
            return piece
        self._room += len(same)
        return replace(piece, data=same)

    def offers(self, target: str) -> bool:
        """Return whether the owner says that it has `target`. Serves while it waits."""
        offered = self._convert(self._x.atom("TARGETS"))
        return offered is not None and offered.format == 32 and self._x.atom(target) in atoms(offered)

    def text(self) -> str | None:
        """Return the selection as text; None if its owner gives none in time.

        Serves while it waits. AbiWord includes a zero at its end.
        """
        piece = self._convert(self._x.atom("UTF8_STRING"))
        try:
            return piece.data.decode().rstrip("\0") if piece is not None else None
        except UnicodeDecodeError:
            return None

    def is_secret(self) -> bool:
        """Return whether its owner asks that it is not recorded, as a password manager does. Serves while it waits."""
        piece = self._convert(self._x.atom("x-kde-passwordManagerHint"))
        return piece is not None and piece.data == b"secret"

    def _convert(self, target: int) -> Piece | None:
        """Request `target`; None if the owner refuses it, or does not give all of it in time."""
        if self._window is None:
            self._wait_for_others()
        self._window, self._flowing, self._ended = self._x.unseen(), False, False
        try:
            return self._asked(target)
        finally:
            if self._ended:
                self._x.destroy(self._window)
            else:
                question = Question(self._window, self._selection, self._into, self._flowing)
                self._x.owed.add(question, awaited=self._flowing or self._over())

    def _wait_for_others(self) -> None:
        """Wait until the owner has finished the requests that were given up before, or is silent.

        The time until the last target is requested starts after that, that of a transfer does not.
        """
        owed, until = self._x.owed, self._cut - ALL_S * self._patience
        while self._selection in owed.awaited and not self._over():
            silent = min(monotonic() + ANSWER_S * self._patience, until)
            if not self._x.wait(partial(self._goes_on, owed.heard), silent):
                owed.forget(self._selection)
        self._began = monotonic()

    def _goes_on(self, heard: int) -> bool:
        return self._x.owed.heard > heard or self._over()

    def _asked(self, target: int) -> Piece | None:
        x, now = self._x, monotonic()
        asked = x.server_time()
        self._window.convert_selection(self._selection, target, self._into, asked)
        answer = x.event(
            lambda event: (
                event.type == X.SelectionNotify
                and event.requestor == self._window
                and (event.selection, event.target) == (self._selection, target)
            ),
            min(now + ANSWER_S * self._patience, self._began + ALL_S * self._patience),
            self._over,
        )
        self._ended = answer is not None
        if answer is not None and answer.property == X.NONE:
            return None
        piece = self._take() if answer is not None else None
        if piece is not None and piece.type == x.atom("INCR"):
            self._flowing = True
            piece = self._in_steps()
            self._ended = piece is not None
        self._whole = self._whole and piece is not None
        return piece

    def _in_steps(self) -> Piece | None:
        """Receive an INCR transfer: data after each deletion of the last, ended by an empty one; None if it is cut."""
        whole, kind = bytearray(), (Xatom.STRING, 8)
        while True:
            event = self._x.event(
                lambda event: (
                    event.type == X.PropertyNotify
                    and event.window == self._window
                    and event.atom == self._into
                    and event.state == X.PropertyNewValue
                ),
                min(monotonic() + ANSWER_S * self._patience, self._cut),
                self._over,
            )
            piece = self._take() if event is not None else None
            if piece is None:
                return None
            if not piece.data:
                return Piece(*kind, bytes(whole))
            kind = piece.type, piece.format
            whole += piece.data

    def _take(self) -> Piece | None:
        """Return and delete what our window's property holds; None if there is none or the size limit is exceeded."""
        data, offset = bytearray(), 0
        while True:
            found = self._window.get_property(self._into, X.AnyPropertyType, offset, STEP, delete=True)
            if found is None:
                return None
            data += found.value if found.format == 8 else found.value.tobytes()
            self._room -= len(found.value) * found.format // 8
            if self._room < 0:
                return None
            if not found.bytes_after:
                return Piece(found.property_type, found.format, bytes(data))
            offset += STEP
