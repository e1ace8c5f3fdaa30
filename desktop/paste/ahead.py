"""What a person has on the clipboard, copied while they speak: at the release there is no time to be patient with a
program that is busy, and what it has not given by then is gone.

The server tells when anybody takes the clipboard, be it the same program again, so a copy is good until then. Its owner
need not be asked: it may be busy still.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

from Xlib import X
from Xlib.ext import xfixes

from desktop.paste.connection import Connection
from desktop.paste.reading import Copy, Reader

PATIENCE = 10.0
"""Times as long as at a paste: 2 s for an answer, 5 s until the last target is asked for."""

ANY = (
    xfixes.XFixesSetSelectionOwnerNotifyMask
    | xfixes.XFixesSelectionWindowDestroyNotifyMask
    | xfixes.XFixesSelectionClientCloseNotifyMask
)


class Ahead:
    """The copy, in the paste thread. `wanted` says that one is to be made; give `hear` every event. A server without
    XFIXES tells nothing, so that there is none."""

    def __init__(self, connection: Connection, patience: float = PATIENCE) -> None:
        self.wanted = False
        self.taken_at = 0.0
        """When another program was last heard to have taken the clipboard (monotonic)."""
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
        """What was copied is no more what is there."""
        if event.type == self._event and event.selection == self._selection:
            self._taken += 1
            self._copy = None
            if event.owner != self._x.window:
                self.taken_at = monotonic()

    def make(self, hurried: Callable[[], bool]) -> None:
        """Copy what another program has there, unless it is copied already. Serves while it waits; once it is `hurried`
        it ends with what it has, and the copy is still wanted."""
        self.wanted = False
        owner, known = self._x.display.get_selection_owner(self._selection), self._good()
        if self._event is None or owner in (X.NONE, self._x.window) or (known is not None and known.whole):
            return
        self._x.server_time()  # who has taken it until now is heard by then
        taken = self._taken
        found = Reader(self._x, self._selection, self._patience, hurried).copy()
        if hurried() and not found.whole:
            self.wanted = True
        if taken == self._taken:
            self._copy = found.filled_from(self._copy)

    def completed(self) -> Copy:
        """The copy with all that can be had of what is missing from it, as quickly as at a paste."""
        ahead = self._good()
        if ahead is not None and ahead.whole:
            return ahead
        found = Reader(self._x, self._selection).copy()
        return found.filled_from(ahead if self._good() is ahead else None)

    def _good(self) -> Copy | None:
        """The copy, if it is good; None where there is none."""
        if self._copy is not None:
            self._x.server_time()  # what the server has told until now is heard by then
        return self._copy
