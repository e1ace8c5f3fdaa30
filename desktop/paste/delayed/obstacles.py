"""What stands between a text and the focused window, on systems with delayed rendering: other windows, held keys."""

from __future__ import annotations

import os
from collections.abc import Callable

from desktop.core.chords import PasteShortcut, can_press
from desktop.core.interfaces import UserActivity
from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult, Target
from desktop.paste.delayed.desktop import HELD_KEY_TIMEOUT_S, PasteDesktop

HELD_KEY_POLL_S = 0.010
"""Seconds between two queries of the held keys."""


class PasteObstacles[C]:
    """Looks for obstacles on `desktop`, in the paste thread. No key is waited for once `are_waits_ended()`."""

    def __init__(self, desktop: PasteDesktop[C], activity: UserActivity, are_waits_ended: Callable[[], bool]) -> None:
        self._desktop = desktop
        self._activity = activity
        self._are_waits_ended = are_waits_ended

    def find_obstacle(self, target: Target) -> PasteResult | None:
        """Return why the text must not go into the focused window."""
        if target.handle == 0:
            return PasteResult(Outcome.COPIED, (Message("window-missing"),))
        if target.pid == os.getpid():
            return PasteResult(Outcome.COPIED, (Message("own-window-without-field"),))
        if self._desktop.active_window().handle != target.handle:
            return PasteResult(Outcome.COPIED, (Message("window-changed"),))
        return self._desktop.find_refusal(target)

    def wait_for_keys(self, shortcut: PasteShortcut) -> PasteResult | None:
        """Wait until the chord has its meaning; return why it has not. The timeout starts when the user stops
        talking."""
        desktop = self._desktop
        deadline = desktop.now() + HELD_KEY_TIMEOUT_S
        while True:
            held = desktop.held_modifiers()
            if can_press(shortcut, held.down, held.chord_modifiers, talk_held=self._activity.is_talk_key_held()):
                return None
            if self._activity.is_talking():
                deadline = desktop.now() + HELD_KEY_TIMEOUT_S
            elif desktop.now() >= deadline:
                return PasteResult(Outcome.COPIED, (Message("key-held-down"),))
            if desktop.wait(self._are_waits_ended, desktop.now() + HELD_KEY_POLL_S):
                return PasteResult(Outcome.COPIED, (Message("paste-closed-before-keys"),))
