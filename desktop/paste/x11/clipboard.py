"""Own X selections: take one, answer requests for it, give it up.

What a dictation replaces is restored in the same way, by serving the copy of it, because on X11 a clipboard lives only
as long as a program that serves it.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import Any

from Xlib import X, Xatom
from Xlib.error import BadWindow, CatchError, XError
from Xlib.protocol.event import SelectionNotify
from Xlib.protocol.request import SetSelectionOwner

from desktop.paste.x11.clipboard_copy import (
    METADATA_TARGETS,
    PASSWORD_HINT,
    SelectionContents,
    SelectionCopy,
    SelectionFetcher,
    TargetData,
)
from desktop.paste.x11.connection import X11Connection
from desktop.paste.x11.owned_selection import OwnedSelection, SelectionRead, StepTransfer
from desktop.paste.x11.prefetch import ClipboardPrefetch

MAX_MULTIPLE_PAIRS = 64
"""Maximum number of pairs of a MULTIPLE request answered; each is a round trip, and the user's paste waits for them."""

SAVE_TIMEOUT_S = 2.0
"""Seconds that a clipboard manager may take at exit to copy what we serve."""


def text_contents(connection: X11Connection, text: str) -> SelectionContents:
    """Return the clipboard contents for a dictation: `text` under every name that toolkits ask for, and the hint not to
    record it."""
    utf8, latin1 = text.encode(), text.encode("latin-1", "replace")
    unicode, atom = connection.atom("UTF8_STRING"), connection.atom
    return {
        unicode: TargetData(unicode, 8, utf8),
        atom("text/plain;charset=utf-8"): TargetData(atom("text/plain;charset=utf-8"), 8, utf8),
        atom("text/plain"): TargetData(atom("text/plain"), 8, utf8),
        Xatom.STRING: TargetData(Xatom.STRING, 8, latin1),
        atom("TEXT"): TargetData(unicode, 8, utf8),
        atom(PASSWORD_HINT): TargetData(atom(PASSWORD_HINT), 8, b"secret"),
    }


def find_text(connection: X11Connection, contents: SelectionContents, *, is_own_text: bool = False) -> str | None:
    """Return the text among `contents`; None if there is none, or if it is a secret that is not `is_own_text`; empty if
    they are empty."""
    piece, hint = contents.get(connection.atom("UTF8_STRING")), contents.get(connection.atom(PASSWORD_HINT))
    if piece is None or (hint is not None and hint.data == b"secret" and not is_own_text):
        return None if contents else ""
    return piece.data.decode(errors="replace")


class X11Clipboard:
    """The selections as the paste thread sees them. Pass every event to `handle_event`.

    `on_read` is called for data that a window took, with each step of a long transfer; the hint is not data. `on_lost`
    is called with the selection that another program took from us, `on_restorable` with what should be on the clipboard
    if this process dies now, `on_inspected` with the window that only listed the targets.
    """

    def __init__(
        self,
        connection: X11Connection,
        on_read: Callable[[SelectionRead], None],
        on_lost: Callable[[str], None],
        on_restorable: Callable[[SelectionContents], None] = lambda contents: None,
        on_inspected: Callable[[int], None] = lambda window: None,
    ) -> None:
        self._x = connection
        self._on_read = on_read
        self._on_lost = on_lost
        self._on_restorable = on_restorable
        self._on_inspected = on_inspected
        self.prefetch = ClipboardPrefetch(connection)
        self.changed_at, self.changed_by = 0.0, 0
        """When we last took or gave up a selection (monotonic), and the request that did it
        (`X11Connection.serial`)."""
        self._owned: dict[int, OwnedSelection] = {}
        self._transfers: dict[tuple[int, int], StepTransfer] = {}
        atom = connection.atom
        self._targets, self._multiple, self._timestamp = atom("TARGETS"), atom("MULTIPLE"), atom("TIMESTAMP")
        self._metadata_targets = {*map(atom, METADATA_TARGETS), atom(PASSWORD_HINT)}
        self._step_bytes = int(connection.display.display.info.max_request_length) // 4 * 4
        """Bytes in one property: a quarter of the largest request, as the ICCCM advises (64 kB on most servers), and
        whole units of any format."""

    def copy(self, selection: str) -> SelectionCopy:
        """Copy everything that the selection holds now, as far as available."""
        name = self._x.atom(selection)
        if name in self._owned:
            return SelectionCopy(self._owned[name].contents, self._owned[name].is_whole)
        if self._x.display.get_selection_owner(name) == X.NONE:
            return SelectionCopy({})
        return self.prefetch.complete_copy() if selection == "CLIPBOARD" else SelectionFetcher(self._x, name).copy()

    def read_text(self, selection: str) -> str | None:
        """Return the selection as text, from any owner; None if there is no text, or its owner asks not to record
        it."""
        name = self._x.atom(selection)
        if (owned := self._owned.get(name)) is not None:
            return find_text(self._x, owned.contents, is_own_text=owned.is_own_text)
        if self._x.display.get_selection_owner(name) == X.NONE:
            return ""
        return None if SelectionFetcher(self._x, name).is_secret() else SelectionFetcher(self._x, name).read_text()

    def read_text_owned_by(self, selection: str, window: int) -> str | None:
        """Return the selection as text if the program of `window` owns it; None if it does not, or gives no text in
        time."""
        return (
            SelectionFetcher(self._x, self._x.atom(selection)).read_text()
            if self.is_owned_by(selection, window)
            else None
        )

    def offers_target(self, selection: str, target: str) -> bool:
        """Return whether the selection's owner has `target`, by its name."""
        return SelectionFetcher(self._x, self._x.atom(selection)).offers_target(target)

    def restore_unless_retaken(
        self, selection: str, contents: SelectionContents, window: int, *, is_whole: bool = True
    ) -> None:
        """Serve what was there before the program of `window` took the selection, as `serve_copy` does.

        A program that has taken it since keeps it.
        """
        free = self._x.display.get_selection_owner(self._x.atom(selection)) == X.NONE
        if self.is_owned(selection) or free or self.is_owned_by(selection, window):
            self.serve_copy(selection, contents, is_whole=is_whole)
            if not contents:
                self.restore(selection, contents)

    def is_owned_by(self, selection: str, window: int) -> bool:
        """Return whether the program of `window` owns the selection."""
        owner = self._x.display.get_selection_owner(self._x.atom(selection))
        return owner != X.NONE and self._x.is_same_program(owner.id, window)

    def is_owned(self, selection: str) -> bool:
        """Return whether we serve the selection."""
        return self._x.atom(selection) in self._owned

    def take(
        self,
        selection: str,
        contents: SelectionContents,
        before: SelectionContents | None = None,
        *,
        is_own_text: bool = False,
    ) -> bool:
        """Serve `contents` as the selection from now on. Returns False if the server, asked twice, names another owner.

        `is_own_text` marks a dictation's text; `before` is what will be restored afterwards, None if `contents` are to
        stay.
        """
        name, x = self._x.atom(selection), self._x
        self._report_restorable(selection, contents if before is None else before)
        self.changed_at, self.changed_by = monotonic(), x.serial
        for _ in range(2):
            taken_at = x.server_time()
            x.window.set_selection_owner(name, taken_at)
            owner = x.display.get_selection_owner(name)
            if owner != X.NONE and owner.id == x.window.id:
                self._owned[name] = OwnedSelection(contents, taken_at, is_own_text)
                return True
        self._report_restorable(selection, {})
        return False

    def renew(self, selection: str) -> int | None:
        """Take a selection of ours once more with the same contents, so that programs that watch it see a change.

        Returns the number of the request (`X11Connection.serial`), or None if the selection is not ours any more.
        """
        name, x = self._x.atom(selection), self._x
        now = x.server_time()  # a loss until now has been received by then, and the server prefers a later owner
        if name not in self._owned:
            return None
        self.changed_at, self.changed_by = monotonic(), x.serial
        x.window.set_selection_owner(name, now)
        owner = x.display.get_selection_owner(name)
        if owner == X.NONE or owner.id != x.window.id:
            return None
        self._owned[name] = replace(self._owned[name], since=now)
        return self.changed_by

    def serve_copy(self, selection: str, contents: SelectionContents, *, is_whole: bool) -> None:
        """Serve a copy of what was there. If it is not `is_whole`, the next `copy` reports that."""
        if self.take(selection, contents):
            name = self._x.atom(selection)
            self._owned[name] = replace(self._owned[name], is_whole=is_whole)

    def restore(self, selection: str, contents: SelectionContents) -> None:
        """Serve what was there before, or nothing if that was empty. Does nothing to a selection that was lost."""
        name = self._x.atom(selection)
        if name not in self._owned:
            return
        if contents:
            self.take(selection, contents)
        else:
            self._report_restorable(selection, {})
            self.changed_at, self.changed_by = monotonic(), self._x.serial
            since = self._owned.pop(name).since
            SetSelectionOwner(display=self._x.display.display, window=X.NONE, selection=name, time=since)
            self._x.display.sync()

    def keep_contents(self, selection: str) -> None:
        """Keep what we put there, instead of restoring what was there before."""
        if (owned := self._owned.get(self._x.atom(selection))) is not None:
            self._report_restorable(selection, owned.contents)

    def hand_over_to_manager(self) -> None:
        """At exit, let the desktop's clipboard manager, if there is one, keep what we serve; then the restorer need
        not."""
        x, manager = self._x, self._x.atom("CLIPBOARD_MANAGER")
        if not self.is_owned("CLIPBOARD") or x.display.get_selection_owner(manager) == X.NONE:
            return
        x.window.convert_selection(manager, x.atom("SAVE_TARGETS"), x.atom("INTONE_SAVE"), x.server_time())
        answer = x.wait_for_event(
            lambda event: event.type == X.SelectionNotify and event.selection == manager, monotonic() + SAVE_TIMEOUT_S
        )
        if answer is not None and answer.property != X.NONE:
            self._report_restorable("CLIPBOARD", {})

    def handle_event(self, event: Any) -> None:
        """Process `event` if it is about a selection."""
        match event.type:
            case X.SelectionRequest:
                self._answer_request(event)
            case X.SelectionClear:
                owned = self._owned.get(event.atom)
                if owned is not None and owned.is_lost_at(event.time):
                    del self._owned[event.atom]
                    selection = self._x.display.get_atom_name(event.atom)
                    self._report_restorable(selection, {})
                    self._on_lost(selection)
            case X.PropertyNotify if event.state == X.PropertyDelete:
                self._send_next_step(event.window, event.atom)
            case X.DestroyNotify:
                for key in [key for key in self._transfers if key[0] == event.window.id]:
                    del self._transfers[key]
            case _:
                self.prefetch.handle_event(event)

    def _report_restorable(self, selection: str, contents: SelectionContents) -> None:
        if selection == "CLIPBOARD":
            self._on_restorable(contents)

    def _answer_request(self, request: Any) -> None:
        """Answer a SelectionRequest; refuse what we do not have. Old clients name no property."""
        property_atom = request.property or request.target
        if request.target == self._multiple:
            is_answered = self._answer_multiple(request, property_atom)
        else:
            is_answered = self._answer_target(request, request.target, property_atom)
        notify = SelectionNotify(
            time=request.time,
            requestor=request.requestor,
            selection=request.selection,
            target=request.target,
            property=property_atom if is_answered else X.NONE,
        )
        request.requestor.send_event(notify)
        self._x.display.flush()

    def _answer_multiple(self, request: Any, property_atom: int) -> bool:
        """Answer MULTIPLE: the reader lists pairs of target and property; the failed ones are struck from its list."""
        try:
            value = request.requestor.get_full_property(property_atom, X.AnyPropertyType)
        except (XError, TypeError, AttributeError):  # the window is gone, or the property changes while it is read
            return False
        if value is None or value.format != 32:
            return False
        pairs = list(value.value)
        for index in range(0, len(pairs) - 1, 2):
            if index >= 2 * MAX_MULTIPLE_PAIRS or not self._answer_target(request, pairs[index], pairs[index + 1]):
                pairs[index + 1] = X.NONE
        return self._write_property(
            request.requestor, property_atom, TargetData(value.property_type, 32, array("I", pairs).tobytes())
        )

    def _answer_target(self, request: Any, target: int, property_atom: int) -> bool:
        """Put one target's data into the reader's property, or start a transfer in steps.

        Returns whether that succeeded.
        """
        owned = self._owned.get(request.selection)
        piece = self._find_data(owned, target) if owned is not None else None
        if piece is None:
            return False
        if len(piece.data) <= self._step_bytes:
            is_written = self._write_property(request.requestor, property_atom, piece)
        else:
            request.requestor.change_attributes(event_mask=X.PropertyChangeMask | X.StructureNotifyMask)
            self._transfers[request.requestor.id, property_atom] = StepTransfer(piece)
            size = array("I", [len(piece.data)]).tobytes()
            is_written = self._write_property(
                request.requestor, property_atom, TargetData(self._x.atom("INCR"), 32, size)
            )
        window = int(request.requestor.id)
        if is_written and target in self._metadata_targets:
            self._on_inspected(window)
        elif is_written:
            self._on_read(SelectionRead(window, int(request.selection), target, int(request.sequence_number)))
        return is_written

    def _find_data(self, owned: OwnedSelection, target: int) -> TargetData | None:
        """Return the data for `target`."""
        if target == self._targets:
            offered = (self._targets, self._timestamp, self._multiple, *owned.contents)
            return TargetData(Xatom.ATOM, 32, array("I", offered).tobytes())
        if target == self._timestamp:
            return TargetData(Xatom.INTEGER, 32, array("I", [owned.since]).tobytes())
        return owned.contents.get(target)

    def _send_next_step(self, window: Any, name: int) -> None:
        """Send the next step, since the reader has deleted the property.

        The last step is empty and ends the transfer.
        """
        transfer = self._transfers.get((window.id, name))
        if transfer is None:
            return
        step = replace(transfer.content, data=transfer.content.data[transfer.sent : transfer.sent + self._step_bytes])
        if self._write_property(window, name, step) and step.data:
            self._transfers[window.id, name] = replace(transfer, sent=transfer.sent + self._step_bytes)
        else:
            del self._transfers[window.id, name]
        self._on_read(SelectionRead(int(window.id)))

    def _write_property(self, window: Any, name: int, piece: TargetData) -> bool:
        """Set a property of the reader's window. Returns False if the window is gone."""
        error = CatchError(BadWindow)
        window.change_property(name, piece.type, piece.format, piece.data, onerror=error)
        self._x.display.sync()
        return error.get_error() is None
