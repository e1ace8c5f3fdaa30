"""What keeps the keys of a paste from being pressed, on the systems of `desktop.paste.delayed.desktop`.

A program may take seconds to answer whether a password field has the focus (`ANSWER_TIMEOUT_S`, for all queries of one
paste), and the user changes windows meanwhile, or holds a key. So what takes no time is looked at last: nothing that
waits comes between that and the keys.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from desktop.core.chords import PasteShortcut, can_press
from desktop.core.interfaces import UserActivity
from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult, Target
from desktop.paste.delayed.desktop import ANSWER_TIMEOUT_S, HELD_KEY_TIMEOUT_S, PasteDesktop

HELD_KEY_POLL_S = 0.010
"""Seconds between two queries of the held keys."""

MAX_ROUNDS = 3
"""How often the window is asked anew because the user changed something while it was asked."""


class PasteObstacles[C]:
    """Looks for them, and waits for those that pass. `is_ending()`: whether that is no longer waited for."""

    def __init__(self, desktop: PasteDesktop[C], activity: UserActivity, is_ending: Callable[[], bool]) -> None:
        self._desktop = desktop
        self._activity = activity
        self.is_ending = is_ending
        self._answer_left_s = ANSWER_TIMEOUT_S

    def _find_change(self, target: Target) -> PasteResult | None:
        """Return why the text must not go into the focused window, as far as that is known without a wait."""
        if target.handle == 0:
            return PasteResult(Outcome.COPIED, (Message("window-missing"),))
        if target.pid == os.getpid():
            return PasteResult(Outcome.COPIED, (Message("own-window-without-field"),))
        is_focused = self._desktop.active_window().handle == target.handle
        return None if is_focused else PasteResult(Outcome.COPIED, (Message("window-changed"),))

    def find(self, target: Target, timeout_s: float = ANSWER_TIMEOUT_S) -> PasteResult | None:
        """Return why the text must not go into the focused window, which the user may change while its program is
        asked."""
        return (
            self._find_change(target)
            or self._desktop.find_refusal(target, timeout_s, self.is_ending)
            or self._find_change(target)
        )

    def wait_for_chord(
        self, target: Target, shortcut: PasteShortcut, *, is_new_paste: bool = False
    ) -> PasteResult | None:
        """Wait until the chord may be pressed; return why not. What takes no time is looked at last. All calls since
        the last one with `is_new_paste` share the time for the program's answers."""
        if is_new_paste:
            self._answer_left_s = ANSWER_TIMEOUT_S
        for _ in range(MAX_ROUNDS):
            field, asked_at = self._desktop.focused_field(target), self._desktop.now()
            obstacle = self.find(target, self._answer_left_s)
            self._answer_left_s = max(0.0, self._answer_left_s - (self._desktop.now() - asked_at))
            if obstacle:
                return obstacle
            if self._can_press(shortcut):
                if self._desktop.focused_field(target) == field:
                    return None
            elif obstacle := self._wait_for_keys(shortcut):
                return obstacle
        return PasteResult(Outcome.COPIED, (Message("window-changed"),))

    def _can_press(self, shortcut: PasteShortcut) -> bool:
        """Return whether the chord has its meaning now, with the keys that the user holds."""
        held = self._desktop.held_modifiers()
        return can_press(shortcut, held.down, held.chord_modifiers, talk_held=self._activity.is_talk_key_held())

    def _wait_for_keys(self, shortcut: PasteShortcut) -> PasteResult | None:
        """Wait until the chord has its meaning. The timeout starts when the user stops talking."""
        desktop = self._desktop
        deadline = desktop.now() + HELD_KEY_TIMEOUT_S
        while not self._can_press(shortcut):
            if self._activity.is_talking():
                deadline = desktop.now() + HELD_KEY_TIMEOUT_S
            elif desktop.now() >= deadline:
                return PasteResult(Outcome.COPIED, (Message("key-held-down"),))
            if desktop.wait(self.is_ending, desktop.now() + HELD_KEY_POLL_S):
                return PasteResult(Outcome.COPIED, (Message("paste-closed-before-keys"),))
        return None
