"""What may stand in the way of a key that is to be pressed for somebody: another window, a password field, their hands.

Asked before each step that cannot be taken back, since a person may do anything between two of them. All in the paste
thread, and every wait serves the clipboard.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future
from math import inf
from time import monotonic

from desktop import context
from desktop.paste.chords import Chord, Paste, may_press
from desktop.paste.connection import Connection
from desktop.paste.fields import AGAIN_S
from desktop.paste.keys import Keyboard
from desktop.paste.request import Hands
from desktop.paste.takeback import TOUCHED
from desktop.ports import Target

HELD_S = 2.0
"""How long a modifier that the person holds is waited for (CopyQ waits as long)."""

POLL_S = 0.010
"""How often the held keys are asked for: nothing tells of them without hearing every key."""

COPY = Chord(Paste.SHIFT_INSERT, ())
"""For the keys that select and copy no modifier may be held, as for this chord."""


class Obstacles:
    """Each is a sentence, empty where nothing is in the way."""

    def __init__(
        self,
        connection: Connection,
        keyboard: Keyboard,
        hands: Hands,
        secret: Callable[[Target], Future[bool]],
        closing: Callable[[], bool],
    ) -> None:
        """`secret` asks whether the focus in a window is on a password field by now; `closing` says that nothing is to
        be waited for any more."""
        self._x = connection
        self._keyboard = keyboard
        self._hands = hands
        self._secret = secret
        self._closing = closing

    def place(self, target: Target) -> str:
        """Why the text must not go where the focus is now."""
        if target.handle == 0:
            return "No window had the focus."
        if target.pid == os.getpid():
            return "Intone's own window has no text field at the cursor."
        if context.active(self._x.display).handle != target.handle:
            return "The window changed."
        return ""

    def left(self, since: float) -> bool:
        """Whether the person has left `since` (monotonic): what has the keyboard now may ask for their password."""
        return self._hands.left() > since

    def untouched(self, target: Target, since: float) -> Callable[[], str]:
        """What says why no key may be pressed in `target` now: it has not the focus, or was touched `since`."""
        return lambda: self.place(target) or (TOUCHED if self._hands.touched(inf) > since else "")

    def keys(self, chord: Chord, meanwhile: Callable[[], None] = lambda: None) -> str:
        """Wait until the chord means what it should, doing `meanwhile` again and again; why it will not.

        That the next dictation is being spoken is no reason to give this one up, so the time a person has counts from
        when they let go.
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
        """Whether a password field is known to have the focus: it may have moved within the window since the release,
        and what is lent is there for all to read."""
        return self._x.answer(self._secret(target), AGAIN_S, False) or target.secret
