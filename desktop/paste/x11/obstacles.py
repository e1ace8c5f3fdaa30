"""Find what prevents Intone from pressing keys for the user: another window, a password field, held keys.

Checked before each irreversible step, since the user may do anything between two of them. All in the paste thread, and
every wait serves the clipboard.

Answer requests about a window before an edit: whether its selection may be read, and what is selected.

Part of the paste thread, since a look takes the clipboard too and must be in order with the pastes.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from math import inf
from time import monotonic

from desktop.core.chords import PasteChord, PasteShortcut, can_press
from desktop.core.interfaces import UserActivity
from desktop.core.types import Selection, Target
from desktop.paste.apps import PasteRule
from desktop.paste.field import RECHECK_TIMEOUT_S
from desktop.paste.request import ClipboardTextRequest, PasteRequest, SelectionRequest
from desktop.paste.x11.clipboard import X11Clipboard
from desktop.paste.x11.connection import X11Connection
from desktop.paste.x11.keyboard import XTestKeyboard
from desktop.paste.x11.selection import OWN_WINDOW, SELECTION_CHANGED, WINDOW_NOT_EDITABLE, SelectionCopier
from desktop.paste.x11.undo import INPUT_SINCE, UndoRequest
from desktop.platforms.linux import x11_focus

HELD_KEY_TIMEOUT_S = 2.0
"""Seconds to wait for a modifier that the user holds (CopyQ waits as long)."""

HELD_KEY_POLL_S = 0.010
"""Seconds between two queries of the held keys: they are not reported without listening to every key."""

COPY_CHORD = PasteChord(PasteShortcut.SHIFT_INSERT, ())
"""A chord like the keys that select and copy, for which no modifier may be held."""


class Obstacles:
    """Checks that return a sentence, empty if there is no obstacle."""

    def __init__(
        self,
        connection: X11Connection,
        keyboard: XTestKeyboard,
        activity: UserActivity,
        is_password_focused: Callable[[Target], Future[bool]],
        is_closing: Callable[[], bool],
    ) -> None:
        """`is_password_focused` returns whether a password field of a window has the focus now; `is_closing` ends every
        wait."""
        self._x = connection
        self._keyboard = keyboard
        self._activity = activity
        self._is_password_focused = is_password_focused
        self._is_closing = is_closing

    def find_window_obstacle(self, target: Target) -> str:
        """Return why the text must not go into the focused window."""
        if target.handle == 0:
            return "No window had the focus."
        if target.pid == os.getpid():
            return "Intone's own window has no text field at the cursor."
        if x11_focus.find_active_target(self._x.display).handle != target.handle:
            return "The window changed."
        return ""

    def has_user_left(self, since: float) -> bool:
        """Return whether the user has left `since` (monotonic): what has the keyboard now may ask for their
        password."""
        return self._activity.last_left_at() > since

    def make_untouched_check(self, target: Target, since: float) -> Callable[[], str]:
        """Return a function that returns why no key may be pressed in `target` now: it has not the focus, or was
        touched `since`."""
        return lambda: (
            self.find_window_obstacle(target) or (INPUT_SINCE if self._activity.last_input_at(inf) > since else "")
        )

    def wait_for_keys(self, chord: PasteChord, while_waiting: Callable[[], None] = lambda: None) -> str:
        """Wait until the chord has its meaning, calling `while_waiting` repeatedly; return why it will not.

        That the next dictation is being spoken is no reason to give this one up, so the timeout starts when the user
        releases the key.
        """
        deadline = monotonic() + HELD_KEY_TIMEOUT_S
        while True:
            modifiers = self._keyboard.read_modifiers()
            if can_press(
                chord.shortcut, modifiers.held, modifiers.control_keys, talk_held=self._activity.is_talk_key_held()
            ):
                return ""
            if self._activity.is_talking():
                deadline = monotonic() + HELD_KEY_TIMEOUT_S
            elif monotonic() >= deadline:
                return "A key was held down."
            if self._x.wait(self._is_closing, monotonic() + HELD_KEY_POLL_S):
                return "Intone was closed."
            while_waiting()

    def is_password_focused(self, target: Target) -> bool:
        """Return whether a password field is known to have the focus: it may have moved within the window since the
        release, and what is put on the clipboard can be read by every program."""
        return (
            self._x.wait_for_future(self._is_password_focused(target), RECHECK_TIMEOUT_S, False) or target.is_password
        )


PASSWORD_FIELD_TEXT = "A password field has the focus."


class SelectionReader:
    """Reads selections.

    `find_rule` returns the paste rule of a window; `requests` are the paste thread's open requests.
    """

    def __init__(
        self,
        connection: X11Connection,
        clipboard: X11Clipboard,
        copier: SelectionCopier,
        obstacles: Obstacles,
        find_rule: Callable[[Target], PasteRule],
        requests: deque[PasteRequest | UndoRequest | ClipboardTextRequest | SelectionRequest],
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

    def do_idle_work(self, is_hurried: Callable[[], bool]) -> None:
        """Between two requests: restore what a window replaced by copying too late, or copy the clipboard early until
        the next request makes it `is_hurried`."""
        if self.has_late_copy:
            self._copier.restore_after_late_copy()
        else:
            self._clipboard.prefetch.copy_early(is_hurried)

    def forget_late_copy(self) -> None:
        """Drop the late copy, since the clipboard will be replaced: nothing that was there before is restored."""
        self._copier.forget_late_copy()

    def _read_selection(self, request: SelectionRequest) -> Selection:
        """Return what is selected, as `look` requests it."""
        target = request.target
        if target is None:
            return self._copier.read_primary(x11_focus.find_active_target(self._x.display).handle)
        if why := self._find_obstacle(target):
            return Selection(target.handle, refusal=why)
        return self._copier.copy_verified(request.reported, target.handle)

    def find_change(self, selection: Selection) -> str:
        """Return why a text must not replace the selection `over`; empty if that is still selected."""
        now = self._copier.copy_verified(self._copier.read_primary(selection.handle), selection.handle)
        return "" if now.text == selection.text else SELECTION_CHANGED

    def _find_obstacle(self, target: Target) -> str:
        """Return why the selection must not be read; empty if it may."""
        if target.pid == os.getpid():
            return OWN_WINDOW
        if not self._find_rule(target).is_exact:
            return WINDOW_NOT_EDITABLE
        find_window_obstacle, wait_for_keys = self._obstacles.find_window_obstacle, self._obstacles.wait_for_keys
        if (
            why := find_window_obstacle(target)
            or wait_for_keys(COPY_CHORD, self.answer_quick_requests)
            or find_window_obstacle(target)
        ):
            return why
        return PASSWORD_FIELD_TEXT if self._obstacles.is_password_focused(target) else ""
