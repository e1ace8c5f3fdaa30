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

from desktop.paste.x11.clipboard_copy import SelectionCopy, SelectionFetcher
from desktop.paste.x11.connection import X11Connection

PREFETCH_TIME_FACTOR = 10.0
"""Factor on the time limits of a copy at a paste: 2 s for an answer, 5 s until the last target is requested."""

OWNER_CHANGE_MASK = (
    xfixes.XFixesSetSelectionOwnerNotifyMask
    | xfixes.XFixesSelectionWindowDestroyNotifyMask
    | xfixes.XFixesSelectionClientCloseNotifyMask
)


class ClipboardPrefetch:
    """An early copy of the clipboard, for the paste thread.

    `is_requested` says that one should be made. Pass every event to `handle_event`. A server without XFIXES reports no
    changes, so no copy is made.
    """

    def __init__(self, connection: X11Connection, time_factor: float = PREFETCH_TIME_FACTOR) -> None:
        self.is_requested = False
        self.last_taken_at = 0.0
        """When another program was last seen to take the clipboard (monotonic)."""
        self._time_factor = time_factor
        self._x = connection
        self._selection = connection.atom("CLIPBOARD")
        self._change_count = 0
        self._copy: SelectionCopy | None = None
        self._event: int | None = None
        display = connection.display
        if display.has_extension("XFIXES"):
            display.xfixes_query_version()
            display.xfixes_select_selection_input(connection.window, self._selection, OWNER_CHANGE_MASK)
            self._event = display.extension_event.SetSelectionOwnerNotify[0]

    def handle_event(self, event: Any) -> None:
        """Drop the copy when the clipboard changes owner."""
        if event.type == self._event and event.selection == self._selection:
            self._change_count += 1
            self._copy = None
            if event.owner != self._x.window:
                self.last_taken_at = monotonic()

    def copy_early(self, should_stop: Callable[[], bool]) -> None:
        """Copy what another program has on the clipboard, unless that is done already.

        Serves while it waits. Once `should_stop()` it stops with what it has, and the copy remains requested.
        """
        self.is_requested = False
        owner, valid_copy = self._x.display.get_selection_owner(self._selection), self._valid_copy()
        if self._event is None or owner in (X.NONE, self._x.window) or (valid_copy is not None and valid_copy.is_whole):
            return
        self._x.server_time()  # every change of owner until now has been received by then
        change_count = self._change_count
        copy = SelectionFetcher(self._x, self._selection, self._time_factor, should_stop).copy()
        if should_stop() and not copy.is_whole:
            self.is_requested = True
        if change_count == self._change_count:
            self._copy = copy.filled_from(self._copy)

    def complete_copy(self) -> SelectionCopy:
        """Return the copy with everything available that is missing from it, within the time limits of a paste."""
        prefetched = self._valid_copy()
        if prefetched is not None and prefetched.is_whole:
            return prefetched
        copy = SelectionFetcher(self._x, self._selection).copy()
        return copy.filled_from(prefetched if self._valid_copy() is prefetched else None)

    def _valid_copy(self) -> SelectionCopy | None:
        """Return the copy if it is valid; None if there is none."""
        if self._copy is not None:
            self._x.server_time()  # every event until now has been received by then
        return self._copy
