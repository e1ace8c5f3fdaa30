"""The global keys as the engine has them: opened when it starts, changed with the settings, closed when it ends.

Keys that cannot be had are a matter of health, not an end: the app is then driven by its tray and the command line.
What talks is told to the gesture; every other key does what the command of its name does.
The cancel key is the application's but for the time in which there is something to cancel.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from math import inf

import anyio
from anyio import to_thread

from desktop.gesture import TAP_S, Event
from desktop.hotkey import Action, Bindings, Keys, open_keys
from desktop.intents import Intents
from desktop.paste.request import Hands
from desktop.problems import HotkeyProblem, Problem
from desktop.settings.tree import Hotkey

COMMANDS = {
    Action.LANGUAGES: "language",
    Action.PASTE_LAST: "paste-last",
    Action.UNDO: "undo",
    Action.SWAP: "swap",
    Action.EMOTION: "mood",
}
"""What the keys do that do not talk, by the command that does the same."""


class TalkKeys:
    """The keys that `chosen` names, told to `intents` on the engine's loop.

    `post` has something done on that loop from any thread. There `ails` is told what is wrong with the keys, None when
    nothing is, and `do` one of `COMMANDS` when its key was pressed.
    """

    def __init__(
        self,
        chosen: Hotkey,
        intents: Intents,
        post: Callable[[Callable[[], None]], None],
        ails: Callable[[Problem | None], None],
        do: Callable[[str], None],
    ) -> None:
        self._intents = intents
        self._post = post
        self._ails = ails
        self._do = do
        self._resting = False
        self._paused = False
        self._changing = anyio.Lock()
        self._keys: Keys | None = None
        self.choose(chosen)

    def hands(self) -> Hands:
        """What these keys tell of the person."""
        return Hands(
            self.expect,
            lambda: self._intents.held,
            lambda: self._intents.talking,
            self.touched,
            lambda: self._intents.left_at,
            lambda: self._intents.speaking,
        )

    def choose(self, chosen: Hotkey) -> None:
        """What taps mean follows at once; the keys themselves with `open` or `rebind`."""
        self._chosen = chosen
        self._intents.tap_s = 0.0 if chosen.tap == "off" else TAP_S
        self._intents.double = chosen.tap == "double"
        self.hushes = any(does.talks and key.bare_modifier for key, does in chosen.bindings.items())
        """Whether a press may still become a shortcut, because a modifier by itself talks."""

    async def open(self) -> None:
        """Hear the keys from now on, if they can be had."""
        try:
            self._keys = await to_thread.run_sync(open_keys, self._bindings(), self._key, self._told, os.environ)
        except Problem as problem:
            self._ails(problem)

    async def rebind(self) -> None:
        """Use the keys that were chosen."""
        if self._keys is None:
            await self.open()
            return
        async with self._changing:
            try:
                await to_thread.run_sync(self._keys.rebind, self._bindings())
            except Problem as problem:
                self._ails(problem)

    async def rest(self, resting: bool) -> None:
        """While resting no key is heard and none is taken: the person shows us one."""
        self._resting = resting
        if self._keys is not None:
            await self.rebind()

    async def pause(self, paused: bool) -> None:
        """While paused the keys are given back: other programs have them, until the person wants them again."""
        self._paused = paused
        if self._keys is not None:
            await self.rebind()

    def close(self) -> None:
        """Give the keys back."""
        if self._keys is not None:
            self._keys.close()
            self._keys = None

    def listening(self, active: bool) -> None:
        """While active the cancel key cancels."""
        if self._keys is not None:
            self._keys.listening(active)

    def expect(self, keycodes: Iterable[int]) -> None:
        """Take the next press of each of these for nobody's."""
        if self._keys is not None:
            self._keys.expect(keycodes)

    def touched(self, until: float = inf) -> float:
        """When the person last pressed another key or a button, not after `until` (monotonic); 0 where that is not
        known."""
        return self._keys.touched(until) if self._keys is not None else 0.0

    def _bindings(self) -> Bindings:
        return {} if self._resting or self._paused else self._chosen.bindings

    def _key(self, event: Event, action: Action) -> None:
        if action in COMMANDS:
            self._post(lambda: self._do(COMMANDS[action]))
        else:
            sends, edits = action is Action.SEND, action is Action.EDIT
            self._post(lambda: self._intents.key(event, sends, edits))

    def _told(self, problem: HotkeyProblem | None) -> None:
        self._post(lambda: self._ails(problem))
