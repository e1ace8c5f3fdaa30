"""Answer requests for the clipboard's text and for a window's selection, and work on the clipboard between requests.

Part of the paste thread, since reading a selection takes the clipboard too and must be in order with the pastes.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable

from desktop.core.messages import Message
from desktop.core.types import Selection, Target
from desktop.paste.apps import PasteRule
from desktop.paste.request import FIELD_NOT_REPORTED, ClipboardTextRequest, PasteRequest, SelectionRequest
from desktop.paste.selection import OWN_WINDOW, SELECTION_CHANGED, WINDOW_NOT_EDITABLE
from desktop.paste.undo import UndoRequest
from desktop.paste.x11.clipboard import X11Clipboard
from desktop.paste.x11.connection import X11Connection
from desktop.paste.x11.obstacles import COPY_CHORD, Obstacles
from desktop.paste.x11.selection import SelectionCopier
from desktop.platforms.linux import x11_focus

type PasteThreadRequest = PasteRequest | UndoRequest | ClipboardTextRequest | SelectionRequest


class SelectionReader:
    """Answers requests that paste nothing.

    `find_rule` returns the paste rule of a window; `requests` are the paste thread's open requests.
    """

    def __init__(
        self,
        connection: X11Connection,
        clipboard: X11Clipboard,
        copier: SelectionCopier,
        obstacles: Obstacles,
        find_rule: Callable[[Target], PasteRule],
        requests: deque[PasteThreadRequest],
    ) -> None:
        self._x = connection
        self._clipboard = clipboard
        self._copier = copier
        self._obstacles = obstacles
        self._find_rule = find_rule
        self._requests = requests

    def answer(self, request: ClipboardTextRequest | SelectionRequest) -> None:
        """Answer this request."""
        if isinstance(request, ClipboardTextRequest):
            request.on_answer(self._clipboard.read_text("CLIPBOARD"))
        else:
            request.on_answer(self._read_selection(request))

    def answer_quick_requests(self) -> None:
        """Answer and remove the requests that press no key and take nothing.

        The dictation that the current request waits for sends them. The clipboard must not be taken.
        """
        for request in tuple(self._requests):
            if isinstance(request, ClipboardTextRequest) or (
                isinstance(request, SelectionRequest) and request.target is None
            ):
                self.answer(request)
                self._requests.remove(request)

    @property
    def has_late_copy(self) -> bool:
        """Whether `do_idle_work` would restore the clipboard, which comes before any request: that may be about the
        clipboard."""
        return self._copier.has_late_copy

    @property
    def has_idle_work(self) -> bool:
        """Whether there is something for `do_idle_work`."""
        return self.has_late_copy or self._clipboard.prefetch.is_requested

    def do_idle_work(self, should_stop: Callable[[], bool]) -> None:
        """Restore what a window replaced by copying too late, or copy the clipboard early until `should_stop()`.

        Called between two requests; the next one stops it.
        """
        if self.has_late_copy:
            self._copier.restore_after_late_copy()
        else:
            self._clipboard.prefetch.copy_early(should_stop)

    def forget_late_copy(self) -> None:
        """Drop the late copy, since the clipboard will be replaced: nothing that was there before is restored."""
        self._copier.forget_late_copy()

    def _read_selection(self, request: SelectionRequest) -> Selection:
        """Return what is selected, as `SelectionRequest` says."""
        target = request.target
        if target is None:
            return self._copier.read_primary(x11_focus.find_active_target(self._x.display).handle)
        if reason := self._find_obstacle(target):
            return Selection(target.handle, refusal=(reason,))
        return self._copier.copy_verified(request.reported, target.handle)

    def find_change(self, selection: Selection) -> Message | None:
        """Return why a text must not replace `selection`; None if that is still selected."""
        now = self._copier.copy_verified(self._copier.read_primary(selection.handle), selection.handle)
        return None if now.text == selection.text else SELECTION_CHANGED

    def _find_obstacle(self, target: Target) -> Message | None:
        """Return why the selection must not be read; None if it may."""
        if target.pid == os.getpid():
            return OWN_WINDOW
        if not self._find_rule(target).is_exact:
            return WINDOW_NOT_EDITABLE
        if reason := self._obstacles.wait_for_keys_in(target, COPY_CHORD, self.answer_quick_requests):
            return reason
        reason = self._obstacles.find_password_field(target)
        return Message("selection-field-not-reported") if reason == FIELD_NOT_REPORTED else reason
