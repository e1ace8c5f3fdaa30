"""Find what prevents Intone from pressing keys for the user: another window, a password field, held keys.

Checked before each irreversible step, since the user may do anything between two of them. All in the paste thread, and
every wait serves the clipboard.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future
from math import inf
from time import monotonic

from desktop.core.chords import PasteChord, PasteShortcut, can_press
from desktop.core.interfaces import UserActivity
from desktop.core.messages import Message
from desktop.core.types import Target
from desktop.paste.field import password_timeout_s
from desktop.paste.request import FIELD_NOT_REPORTED, PASSWORD_FIELD_FOCUSED, PASTE_CLOSED
from desktop.paste.undo import INPUT_SINCE
from desktop.paste.x11.connection import X11Connection
from desktop.paste.x11.keyboard import XTestKeyboard
from desktop.platforms.linux import x11_focus

HELD_KEY_TIMEOUT_S = 2.0
"""Seconds to wait for a modifier that the user holds (CopyQ waits as long)."""

HELD_KEY_POLL_S = 0.010
"""Seconds between two queries of the held keys: they are not reported without listening to every key."""

LONG_WAIT_S = 0.1
"""Seconds of waiting for a key in which the user may have moved the focus to a password field."""

COPY_CHORD = PasteChord(PasteShortcut.SHIFT_INSERT, ())
"""A chord like the keys that select and copy, for which no modifier may be held."""


class Obstacles:
    """Checks that return what is in the way, None if there is no obstacle."""

    def __init__(
        self,
        connection: X11Connection,
        keyboard: XTestKeyboard,
        activity: UserActivity,
        is_password_focused: Callable[[Target], Future[bool | None]],
        is_closing: Callable[[], bool],
    ) -> None:
        """`is_password_focused` returns whether a password field of a window has the focus now, None if unknown;
        `is_closing` ends every wait, as `end_checks` does."""
        self._x = connection
        self._keyboard = keyboard
        self._activity = activity
        self._is_password_focused = is_password_focused
        self._is_closing = is_closing
        self._are_checks_ended = False

    def end_checks(self) -> None:
        """End every wait, those to come too: the app quits, and waits for the pastes."""
        self._are_checks_ended = True

    def find_window_obstacle(self, target: Target) -> Message | None:
        """Return why the text must not go into the focused window."""
        if target.handle == 0:
            return Message("window-missing")
        if target.pid == os.getpid():
            return Message("own-window-without-field")
        if x11_focus.find_active_target(self._x.display).handle != target.handle:
            return Message("window-changed")
        return None

    def has_user_left(self, since: float) -> bool:
        """Return whether the user has left `since` (monotonic): what has the keyboard now may ask for their
        password."""
        return self._activity.last_left_at() > since

    def make_untouched_check(self, target: Target, since: float) -> Callable[[], Message | None]:
        """Return a function that finds out whether keys may be pressed in `target`.

        It returns why not, None if they may: another window has the focus, or the user pressed a key or button after
        `since` (monotonic).
        """
        return lambda: (
            self.find_window_obstacle(target) or (INPUT_SINCE if self._activity.last_input_at(inf) > since else None)
        )

    def wait_for_keys(self, chord: PasteChord, while_waiting: Callable[[], None] = lambda: None) -> Message | None:
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
                return None
            if self._activity.is_talking():
                deadline = monotonic() + HELD_KEY_TIMEOUT_S
            elif monotonic() >= deadline:
                return Message("key-held-down")
            if self._x.wait(self._is_ending, monotonic() + HELD_KEY_POLL_S):
                return Message("paste-closed-before-keys")
            while_waiting()

    def wait_for_keys_in(self, target: Target, chord: PasteChord, while_waiting: Callable[[], None]) -> Message | None:
        """Wait as `wait_for_keys`, with the focus in `target` before and after; return why the text must not go
        there."""
        return (
            self.find_window_obstacle(target)
            or self.wait_for_keys(chord, while_waiting)
            or self.find_window_obstacle(target)
        )

    def find_obstacle_before_chord(self, target: Target, chord: PasteChord) -> Message | None:
        """Wait as `wait_for_keys`, checking the field again after a long wait, then the window; return why the chord
        must not be pressed."""
        while True:
            began_at = monotonic()
            if reason := self.wait_for_keys(chord):
                return reason
            if monotonic() - began_at <= LONG_WAIT_S:
                return self.find_window_obstacle(target)
            if reason := self.find_window_obstacle(target) or self.find_password_field(target):
                return reason

    def find_password_field(self, target: Target) -> Message | None:
        """Return why the text must not go into the focused field, nor on the clipboard, which every program can read.

        It was a password field at the release, or is one now: the focus may have moved within the window. A program
        that named its field at the release and does not now is busy, and may have moved it too. One that named none
        then and does not answer now is pasted into.
        """
        if target.is_password:
            return PASSWORD_FIELD_FOCUSED
        is_password = self._x.wait_for_future(
            self._is_password_focused(target), password_timeout_s(target), self._is_ending
        )
        if is_password is None and self._is_ending():
            return PASTE_CLOSED
        if is_password is None and target.field is not None:
            return FIELD_NOT_REPORTED
        return PASSWORD_FIELD_FOCUSED if is_password else None

    def _is_ending(self) -> bool:
        return self._are_checks_ended or self._is_closing()
