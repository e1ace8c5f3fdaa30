"""Copy the user's clipboard while they speak: at the release there is no time to wait for a busy program, and what it
has not given by then is lost.

The server reports when any program takes the clipboard, even the same one again, so a copy is valid until then. Its
owner need not be asked: it may still be busy.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

from Xlib import X
from Xlib.ext import xfixes

from desktop.paste.x11.clipboard_copy import Copy, Reader
from desktop.paste.x11.connection import Connection

PATIENCE = 10.0
"""Factor on the time limits of a copy at a paste: 2 s for an answer, 5 s until the last target is requested."""

ANY = (
    xfixes.XFixesSetSelectionOwnerNotifyMask
    | xfixes.XFixesSelectionWindowDestroyNotifyMask
    | xfixes.XFixesSelectionClientCloseNotifyMask
)


class Ahead:
    """An early copy of the clipboard, for the paste thread.

    `is_requested` says that one should be made. Pass every event to `handle_event`. A server without XFIXES reports no
    changes, so no copy is made.
    """

    def __init__(self, connection: Connection, patience: float = PATIENCE) -> None:
        self.wanted = False
        self.taken_at = 0.0
        """When another program was last seen to take the clipboard (monotonic)."""
        self._patience = patience
        self._x = connection
        self._selection = connection.atom("CLIPBOARD")
        self._taken = 0
        self._copy: Copy | None = None
        self._event: int | None = None
        display = connection.display
        if display.has_extension("XFIXES"):
            display.xfixes_query_version()
            display.xfixes_select_selection_input(connection.window, self._selection, ANY)
            self._event = display.extension_event.SetSelectionOwnerNotify[0]

    def hear(self, event: Any) -> None:
        """Drop the copy when the clipboard changes owner."""
        if event.type == self._event and event.selection == self._selection:
            self._taken += 1
            self._copy = None
            if event.owner != self._x.window:
                self.taken_at = monotonic()

    def make(self, hurried: Callable[[], bool]) -> None:
        """Copy what another program has on the clipboard, unless that is done already.

        Serves while it waits. Once `is_hurried()` it stops with what it has, and the copy remains requested.
        """
        self.wanted = False
        owner, known = self._x.display.get_selection_owner(self._selection), self._good()
        if self._event is None or owner in (X.NONE, self._x.window) or (known is not None and known.whole):
            return
        self._x.server_time()  # every change of owner until now has been received by then
        taken = self._taken
        found = Reader(self._x, self._selection, self._patience, hurried).copy()
        if hurried() and not found.whole:
            self.wanted = True
        if taken == self._taken:
            self._copy = found.filled_from(self._copy)

    def completed(self) -> Copy:
        """Return the copy with everything available that is missing from it, within the time limits of a paste."""
        ahead = self._good()
        if ahead is not None and ahead.whole:
            return ahead
        found = Reader(self._x, self._selection).copy()
        return found.filled_from(ahead if self._good() is ahead else None)

    def _good(self) -> Copy | None:
        """Return the copy if it is valid; None if there is none."""
        if self._copy is not None:
            self._x.server_time()  # every event until now has been received by then
        return self._copy
