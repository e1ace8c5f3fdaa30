"""Manage the global hotkeys of the engine: open them at start, rebind them with the settings, close them at the end.

Keys that cannot be registered are a health problem, not a failure: the tray and the command line still work. Talk keys
drive the gesture; every other key runs the command of its name. The cancel key is grabbed only while there is something
to cancel.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from math import inf

import anyio
from anyio import to_thread

from desktop.core.bindings import Action, Bindings
from desktop.core.errors import HotkeyProblem, Problem
from desktop.hotkeys.gesture import TAP_S, Event
from desktop.hotkeys.gesture_runner import Intents
from desktop.hotkeys.listener import Keys, open_keys
from desktop.paste.request import Hands
from desktop.settings.schema import Hotkey

COMMANDS = {
    Action.LANGUAGES: "language",
    Action.PASTE_LAST: "paste-last",
    Action.UNDO: "undo",
    Action.SWAP: "swap",
    Action.EMOTION: "mood",
}
"""Commands that the keys that do not talk run."""


class TalkKeys:
    """The hotkeys in the settings `settings`, passed to `runner` on the engine's loop.

    `post` runs a function on that loop, from any thread. On the loop, `on_problem(problem)` is called when hotkeys
    cannot be registered (None when resolved), and `run_command(name)` with one of `KEY_COMMANDS` on a key press.
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
        """Return what the hotkeys know of the user's activity."""
        return Hands(
            self.expect,
            lambda: self._intents.held,
            lambda: self._intents.talking,
            self.touched,
            lambda: self._intents.left_at,
            lambda: self._intents.speaking,
        )

    def choose(self, chosen: Hotkey) -> None:
        """Apply the settings of taps at once; the keys themselves change with `open` or `rebind`."""
        self._chosen = chosen
        self._intents.tap_s = 0.0 if chosen.tap == "off" else TAP_S
        self._intents.double = chosen.tap == "double"
        self.hushes = any(does.talks and key.bare_modifier for key, does in chosen.bindings.items())
        """Whether a press may still become a shortcut, because a bare modifier is a talk key."""

    async def open(self) -> None:
        """Register the hotkeys, if possible."""
        try:
            self._keys = await to_thread.run_sync(open_keys, self._bindings(), self._key, self._told, os.environ)
        except Problem as problem:
            self._ails(problem)

    async def rebind(self) -> None:
        """Register the current bindings."""
        if self._keys is None:
            await self.open()
            return
        async with self._changing:
            try:
                await to_thread.run_sync(self._keys.rebind, self._bindings())
            except Problem as problem:
                self._ails(problem)

    async def rest(self, resting: bool) -> None:
        """Release all keys while `suspended`: the user is choosing one in the settings."""
        self._resting = resting
        if self._keys is not None:
            await self.rebind()

    async def pause(self, paused: bool) -> None:
        """Release all keys while `paused`, so that other programs get them."""
        self._paused = paused
        if self._keys is not None:
            await self.rebind()

    def close(self) -> None:
        """Release the hotkeys."""
        if self._keys is not None:
            self._keys.close()
            self._keys = None

    def listening(self, active: bool) -> None:
        """Grab the cancel key while `active`."""
        if self._keys is not None:
            self._keys.listening(active)

    def expect(self, keycodes: Iterable[int]) -> None:
        """Ignore the next press of each of `keycodes`: Intone sends it."""
        if self._keys is not None:
            self._keys.expect(keycodes)

    def touched(self, until: float = inf) -> float:
        """Return when the user last pressed another key or a button, not after `until` (monotonic); 0 if unknown."""
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
