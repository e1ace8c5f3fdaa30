"""Manage the global hotkeys of the engine: open them at start, rebind them with the settings, close them at the end.

Keys that cannot be registered are a health problem, not a failure: the tray and the command line still work. Talk keys
drive the gesture; every other key runs the command of its name. The cancel key is grabbed only while there is something
to cancel.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from math import inf
from pathlib import Path

import anyio
from anyio import to_thread

from desktop.core.errors import HotkeyError, UserError
from desktop.core.interfaces import UserActivity
from desktop.core.keys import Action, Bindings
from desktop.core.messages import Translate
from desktop.hotkeys.gesture import MAX_TAP_S, DictationIntent, GestureEvent
from desktop.hotkeys.gesture_runner import GestureRunner
from desktop.hotkeys.listener import HotkeyListener, open_hotkeys
from desktop.settings.schema import HotkeySettings

KEY_COMMANDS = {
    Action.LANGUAGES: "language",
    Action.PASTE_LAST: "paste-last",
    Action.UNDO: "undo",
    Action.SWAP: "swap",
    Action.FIND: "find",
    Action.EMOTION: "mood",
}
"""Commands that the keys that do not talk run."""

BEGINNINGS = {Action.EDIT: DictationIntent.EDIT, Action.AGAIN: DictationIntent.AGAIN}
"""What talk keys begin that is no dictation."""


class HotkeyManager:
    """The hotkeys in the settings `settings`, passed to `runner` on the engine's loop.

    `post` runs a function on that loop, from any thread. On the loop, `on_problem(problem)` is called when hotkeys
    cannot be registered (None when resolved), `run_command(name)` with one of `KEY_COMMANDS` on a key press, and
    `on_key_names(names)` with the names of the keys where the desktop owns them. `agreed` is the file that keeps which
    keys it was allowed to give, and `translate`, called in another thread, is for what the desktop says of them.
    """

    def __init__(
        self,
        settings: HotkeySettings,
        runner: GestureRunner,
        post: Callable[[Callable[[], None]], None],
        on_problem: Callable[[UserError | None], None],
        run_command: Callable[[str], None],
        on_key_names: Callable[[Mapping[Action, str]], None] = lambda names: None,
        agreed: Path | None = None,
        translate: Translate = str,
    ) -> None:
        self._runner = runner
        self._post = post
        self._on_problem = on_problem
        self._run_command = run_command
        self._on_key_names = on_key_names
        self._agreed = agreed
        self._translate = translate
        self._is_suspended = False
        self._is_paused = False
        self._rebind_lock = anyio.Lock()
        self._keys: HotkeyListener | None = None
        self.apply_settings(settings)

    def user_activity(self) -> UserActivity:
        """Return what the hotkeys know of the user's activity."""
        return UserActivity(
            self.expect_own_keys,
            lambda: self._runner.is_held,
            lambda: self._runner.is_held_recording,
            self.last_input_at,
            lambda: self._runner.user_left_at,
            lambda: self._runner.is_recording,
        )

    def apply_settings(self, settings: HotkeySettings) -> None:
        """Apply the settings of taps at once; the keys themselves change with `open` or `rebind`."""
        self._settings = settings
        self._runner.max_tap_s = 0.0 if settings.tap == "off" else MAX_TAP_S
        self._runner.double_tap = settings.tap == "double"
        self.is_shortcut_possible = any(
            action.is_talk and binding.is_bare_modifier for binding, action in settings.bindings.items()
        )
        """Whether a press may still become a shortcut, because a bare modifier is a talk key."""

    async def open(self) -> None:
        """Register the hotkeys, if possible."""
        try:
            open_keys = partial(
                open_hotkeys,
                self._bindings(),
                self._on_key,
                self._on_keys_problem,
                os.environ,
                on_key_names=lambda names: self._post(lambda: self._on_key_names(names)),
                agreed=self._agreed,
                translate=self._translate,
            )
            self._keys = await to_thread.run_sync(open_keys)
        except UserError as problem:
            self._on_problem(problem)

    async def rebind(self) -> None:
        """Register the current bindings."""
        if self._keys is None:
            await self.open()
            return
        async with self._rebind_lock:
            try:
                await to_thread.run_sync(self._keys.rebind, self._bindings())
            except UserError as problem:
                self._on_problem(problem)

    def request_keys(self) -> None:
        """Ask the user for the keys, by the desktop's dialog where it has one."""
        if self._keys is not None:
            self._keys.request_keys()

    async def suspend(self, suspended: bool) -> None:
        """Release all keys while `suspended`: the user is choosing one in the settings."""
        self._is_suspended = suspended
        if self._keys is not None:
            await self.rebind()

    async def pause(self, paused: bool) -> None:
        """Release all keys while `paused`, so that other programs get them."""
        self._is_paused = paused
        if self._keys is not None:
            await self.rebind()

    def close(self) -> None:
        """Release the hotkeys."""
        if self._keys is not None:
            self._keys.close()
            self._keys = None

    def set_cancel_enabled(self, active: bool) -> None:
        """Grab the cancel key while `active`."""
        if self._keys is not None:
            self._keys.set_cancel_enabled(active)

    def expect_own_keys(self, keycodes: Iterable[int]) -> None:
        """Ignore the next press of each of `keycodes`: Intone sends it."""
        if self._keys is not None:
            self._keys.expect_own_keys(keycodes)

    def last_input_at(self, until: float = inf) -> float:
        """Return when the user last pressed another key or a button, not after `until` (monotonic); 0 if unknown."""
        return self._keys.last_input_at(until) if self._keys is not None else 0.0

    def _bindings(self) -> Bindings:
        return {} if self._is_suspended or self._is_paused else self._settings.bindings

    def _on_key(self, event: GestureEvent, action: Action) -> None:
        if action in KEY_COMMANDS:
            self._post(lambda: self._run_command(KEY_COMMANDS[action]))
        else:
            sends_return, begins = action is Action.SEND, BEGINNINGS.get(action, DictationIntent.BEGIN)
            self._post(lambda: self._runner.handle_key(event, sends_return, begins))

    def _on_keys_problem(self, problem: HotkeyError | None) -> None:
        self._post(lambda: self._on_problem(problem))
