"""Hotkeys on Windows: a low-level hook in its own thread.

Windows asks the hook before any program gets a key, and all input waits for its answer, so it answers at once and
everything else is posted. A hook that was too slow once (0.3 s, or the registry's limit) is removed without notice, so
it is reinstalled from time to time. Inside the hook the key's state is still the previous one: a key that is already
down repeats.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import monotonic

from desktop.core.errors import HotkeyError
from desktop.hotkeys.keyboard_hook import HookKeyEvent, KeyFilter
from desktop.platforms.windows import api
from desktop.platforms.windows.key_codes import MODIFIERS
from desktop.platforms.windows.keyboard import OWN_KEYS_MARK, is_key_down
from desktop.platforms.windows.loop import WindowsLoop
from desktop.platforms.windows.structures import HookedKey

logger = logging.getLogger(__name__)

HOOK_RENEWAL_S = 30.0
"""Seconds between two installations of the hook, which is how long it may be dead."""


class WindowsKeyHook:
    """A `KeyHook`; created in the hotkey thread."""

    def __init__(self, filter_key: KeyFilter) -> None:
        """Install the hook. Raises `HotkeyError` if Windows refuses it."""
        self._filter_key = filter_key
        self._withheld_codes: set[int] = set()
        self._loop = WindowsLoop()
        self._procedure = api.HOOK_PROCEDURE(self._on_key)  # referenced, or it is freed while Windows calls it
        self._hook = 0
        self._install()

    def serve(self, until: float | None) -> None:
        """As `KeyHook.serve`."""
        self._loop.serve(self._renew_at if until is None else min(until, self._renew_at))
        if monotonic() >= self._renew_at:
            api.unset_hook(self._hook)
            self._install()

    def post(self, job: Callable[[], None]) -> None:
        """As `KeyHook.post`."""
        self._loop.post(job)

    def is_down(self, code: int) -> bool:
        """Return whether the key is down.

        Windows does not know that of a withheld key: it counts as down until its release is received.
        """
        return code in self._withheld_codes or is_key_down(code)

    def close(self) -> None:
        """As `KeyHook.close`."""
        api.unset_hook(self._hook)

    def _install(self) -> None:
        self._hook = api.set_hook(api.WH_KEYBOARD_LL, self._procedure, api.this_program(None), 0)
        self._renew_at = monotonic() + HOOK_RENEWAL_S
        if not self._hook:
            raise HotkeyError("windows-keys-denied")

    def _on_key(self, code: int, wparam: int, lparam: int) -> int:
        """Answer Windows whether the key may go on: 1 withholds it."""
        if code == api.HC_ACTION and self._is_withheld(HookedKey.from_address(lparam), wparam):
            return 1
        return int(api.next_hook(0, code, wparam, lparam))

    def _is_withheld(self, key: HookedKey, message: int) -> bool:
        if key.extra == OWN_KEYS_MARK:
            return False
        code, down = key.code, message in (api.WM_KEYDOWN, api.WM_SYSKEYDOWN)
        held = frozenset(name for other, name in MODIFIERS.items() if other != code and is_key_down(other))
        try:
            is_withheld = self._filter_key(HookKeyEvent(code, down, down and self.is_down(code), held))
        except Exception:
            logger.exception("a key was not understood")
            return False
        (self._withheld_codes.add if is_withheld and down else self._withheld_codes.discard)(code)
        return is_withheld
