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

from desktop.core.chords import Chord, Paste, may_press
from desktop.core.types import Target
from desktop.paste.field import AGAIN_S
from desktop.paste.request import Hands
from desktop.paste.x11.connection import Connection
from desktop.paste.x11.keyboard import Keyboard
from desktop.paste.x11.undo import TOUCHED
from desktop.platforms.linux import x11_focus as context

HELD_S = 2.0
"""Seconds to wait for a modifier that the user holds (CopyQ waits as long)."""

POLL_S = 0.010
"""Seconds between two queries of the held keys: they are not reported without listening to every key."""

COPY = Chord(Paste.SHIFT_INSERT, ())
"""A chord like the keys that select and copy, for which no modifier may be held."""


class Obstacles:
    """Checks that return a sentence, empty if there is no obstacle."""

    def __init__(
        self,
        connection: Connection,
        keyboard: Keyboard,
        hands: Hands,
        secret: Callable[[Target], Future[bool]],
        closing: Callable[[], bool],
    ) -> None:
        """`is_password_focused` returns whether a password field of a window has the focus now; `is_closing` ends every
        wait."""
        self._x = connection
        self._keyboard = keyboard
        self._hands = hands
        self._secret = secret
        self._closing = closing

    def place(self, target: Target) -> str:
        """Return why the text must not go into the focused window."""
        if target.handle == 0:
            return "No window had the focus."
        if target.pid == os.getpid():
            return "Intone's own window has no text field at the cursor."
        if context.active(self._x.display).handle != target.handle:
            return "The window changed."
        return ""

    def left(self, since: float) -> bool:
        """Return whether the user has left `since` (monotonic): what has the keyboard now may ask for their
        password."""
        return self._hands.left() > since

    def untouched(self, target: Target, since: float) -> Callable[[], str]:
        """Return a function that returns why no key may be pressed in `target` now: it has not the focus, or was
        touched `since`."""
        return lambda: self.place(target) or (TOUCHED if self._hands.touched(inf) > since else "")

    def keys(self, chord: Chord, meanwhile: Callable[[], None] = lambda: None) -> str:
        """Wait until the chord has its meaning, calling `while_waiting` repeatedly; return why it will not.

        That the next dictation is being spoken is no reason to give this one up, so the timeout starts when the user
        releases the key.
        """
        give_up = monotonic() + HELD_S
        while True:
            modifiers = self._keyboard.modifiers()
            if may_press(chord.paste, modifiers.down, modifiers.controls, talk_held=self._hands.held()):
                return ""
            if self._hands.talking():
                give_up = monotonic() + HELD_S
            elif monotonic() >= give_up:
                return "A key was held down."
            if self._x.wait(self._closing, monotonic() + POLL_S):
                return "Intone was closed."
            meanwhile()

    def secret(self, target: Target) -> bool:
        """Return whether a password field is known to have the focus: it may have moved within the window since the
        release, and what is put on the clipboard can be read by every program."""
        return self._x.answer(self._secret(target), AGAIN_S, False) or target.secret
