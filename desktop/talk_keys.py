"""The global keys as the engine has them: opened when it starts, changed with the settings, closed when it ends.

Keys that cannot be had are a matter of health, not an end: the app is then driven by its tray and the command line.
The cancel key is the application's but for the time in which there is something to cancel.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from math import inf

from anyio import to_thread

from desktop.gesture import TAP_S, Event
from desktop.hotkey import Binding, Keys, open_keys, pair, parse
from desktop.intents import Intents
from desktop.problems import HotkeyProblem, Problem
from desktop.settings import Hotkey


class TalkKeys:
    """The keys that `chosen` names, told to `intents` on the engine's loop.

    `post` has something done on that loop from any thread; `ails` is told there what is wrong with the keys, None when
    nothing is.
    """

    def __init__(
        self,
        chosen: Hotkey,
        intents: Intents,
        post: Callable[[Callable[[], None]], None],
        ails: Callable[[Problem | None], None],
    ) -> None:
        self._intents = intents
        self._post = post
        self._ails = ails
        self._keys: Keys | None = None
        self.choose(chosen)

    def choose(self, chosen: Hotkey) -> None:
        """What taps mean follows at once; the keys themselves with `open` or `rebind`."""
        self._chosen = chosen
        self._intents.tap_s = 0.0 if chosen.tap == "off" else TAP_S
        self._intents.double = chosen.tap == "double"

    @property
    def hushes(self) -> bool:
        """Whether a press may still become a shortcut, because a modifier by itself talks."""
        return parse(self._chosen.talk).bare_modifier

    async def open(self) -> None:
        """Hear the keys from now on, if they can be had."""
        try:
            self._keys = await to_thread.run_sync(open_keys, *self._pair(), self._key, self._failed, os.environ)
        except Problem as problem:
            self._ails(problem)
        else:
            self._ails(None)

    async def rebind(self) -> None:
        """Use the keys that were chosen; ones that cannot be had leave the old ones working, and say so."""
        if self._keys is None:
            await self.open()
            return
        try:
            await to_thread.run_sync(self._keys.rebind, *self._pair())
        except Problem as problem:
            self._ails(problem)
        else:
            self._ails(None)

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

    def _pair(self) -> tuple[Binding, Binding]:
        return pair(self._chosen.talk, self._chosen.cancel)

    def _key(self, event: Event) -> None:
        self._post(lambda: self._intents.key(event))

    def _failed(self, problem: HotkeyProblem) -> None:
        self._post(lambda: self._ails(problem))
