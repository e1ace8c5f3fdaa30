"""Hotkeys on Windows: low-level hooks and raw input, in a thread of their own.

Windows asks a hook before any program gets a key, and all input waits for its answer, so it answers at once and
everything else is posted. A hook that was too slow once (0.3 s, or the registry's limit) is removed without notice:
it is reinstalled from time to time, and as soon as raw input has a key of which the hook was not asked.

A hook for the mouse would run Python before every movement is shown, so there is one only while a button is bound.
Otherwise clicks come as raw input, for which nothing waits.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from ctypes import byref, c_uint32, sizeof
from time import monotonic

from desktop.core.errors import HotkeyError
from desktop.core.keys import BUTTON_OFFSET
from desktop.hotkeys.keyboard_hook import HookKeyEvent, KeyFilter
from desktop.hotkeys.windows_events import WindowsEventReader, hooked_button, is_hook_dead, raw_buttons
from desktop.platforms.windows import api
from desktop.platforms.windows.keyboard import OWN_KEYS_MARK, is_key_down
from desktop.platforms.windows.loop import MessageWindow, WindowsLoop
from desktop.platforms.windows.structures import HookedKey, HookedMouse, RawInputDevice, RawMouseInput

logger = logging.getLogger(__name__)

HOOK_RENEWAL_S = 30.0
"""Seconds between two installations of the hooks, which is how long one may be dead where raw input is missing."""

WINDOW_CLASS = "Intone input"

_GENERIC_DESKTOP, _MOUSE, _KEYBOARD = 1, 2, 6
"""The page of the HID usage tables, and the usages on it."""


class WindowsKeyHook:
    """A `KeyHook`; created in the hotkey thread."""

    def __init__(self, filter_key: KeyFilter) -> None:
        """Install the hook. Raises `HotkeyError` if Windows refuses it."""
        self._filter_key = filter_key
        self._reader = WindowsEventReader(is_key_down)
        self._loop = WindowsLoop()
        self._key_procedure = api.HOOK_PROCEDURE(self._on_key)  # referenced, or freed while Windows calls them
        self._mouse_procedure = api.HOOK_PROCEDURE(self._on_mouse)
        self._key_hook = self._mouse_hook = 0
        self._needs_mouse_hook = False
        self._hooked_at = monotonic()
        self._install()
        self._raw_input = RawMouseInput()
        self._window = MessageWindow(WINDOW_CLASS, self._on_message)
        self._register_raw_input()

    def serve(self, until: float | None) -> None:
        """As `KeyHook.serve`."""
        self._loop.serve(self._renew_at if until is None else min(until, self._renew_at))
        if monotonic() >= self._renew_at:
            self._install()

    def post(self, job: Callable[[], None]) -> None:
        """As `KeyHook.post`."""
        self._loop.post(job)

    def set_bound_codes(self, codes: frozenset[int]) -> None:
        """As `KeyHook.set_bound_codes`."""
        self._needs_mouse_hook = any(code >= BUTTON_OFFSET for code in codes)
        self._install()

    def is_down(self, code: int) -> bool:
        """As `KeyHook.is_down`."""
        return self._reader.is_down(code)

    def close(self) -> None:
        """As `KeyHook.close`."""
        self._remove()
        self._window.close()

    def _install(self) -> None:
        """Install the hooks that are needed, anew."""
        self._remove()
        program = api.this_program(None)
        self._key_hook = api.set_hook(api.WH_KEYBOARD_LL, self._key_procedure, program, 0)
        if self._needs_mouse_hook:
            self._mouse_hook = api.set_hook(api.WH_MOUSE_LL, self._mouse_procedure, program, 0)
        self._renew_at = monotonic() + HOOK_RENEWAL_S
        if not self._key_hook or (self._needs_mouse_hook and not self._mouse_hook):
            raise HotkeyError("windows-keys-denied")

    def _remove(self) -> None:
        for hook in filter(None, (self._key_hook, self._mouse_hook)):
            api.unset_hook(hook)
        self._key_hook = self._mouse_hook = 0

    def _register_raw_input(self) -> None:
        """Get the raw input of all windows; without it clicks are not heard, and a dead hook is renewed later."""
        devices = (RawInputDevice * 2)(
            *(
                RawInputDevice(_GENERIC_DESKTOP, usage, api.RIDEV_INPUTSINK, self._window.handle)
                for usage in (_MOUSE, _KEYBOARD)
            )
        )
        if not self._window.handle or not api.register_raw_input(devices, len(devices), sizeof(RawInputDevice)):
            logger.warning("Windows gives no raw input")

    def _on_key(self, code: int, wparam: int, lparam: int) -> int:
        """Answer Windows whether the key may go on: 1 withholds it."""
        if code == api.HC_ACTION:
            self._hooked_at = monotonic()
            key = HookedKey.from_address(lparam)
            down = wparam in (api.WM_KEYDOWN, api.WM_SYSKEYDOWN)
            if key.extra != OWN_KEYS_MARK and self._is_withheld(self._reader.read_key(key.code, key.scan, down)):
                return 1
        return int(api.next_hook(0, code, wparam, lparam))

    def _on_mouse(self, code: int, wparam: int, lparam: int) -> int:
        """Answer Windows whether the button may go on; movements always do."""
        if code == api.HC_ACTION and wparam != api.WM_MOUSEMOVE:
            button = hooked_button(wparam, HookedMouse.from_address(lparam).data)
            if button is not None and self._is_withheld(self._reader.make_event(*button)):
                return 1
        return int(api.next_hook(0, code, wparam, lparam))

    def _is_withheld(self, event: HookKeyEvent | None) -> bool:
        if event is None:
            return False
        try:
            is_withheld = self._filter_key(event)
        except Exception:
            logger.exception("a key was not understood")
            return False
        self._reader.note_answer(event.code, event.down, is_withheld)
        return is_withheld

    def _on_message(self, message: int, wparam: int, lparam: int) -> bool:
        """Note clicks that no hook has, and a key of which the hook was not asked. Windows then frees the input."""
        if message == api.WM_INPUT:
            size = c_uint32(sizeof(self._raw_input))
            api.raw_input(lparam, api.RID_INPUT, byref(self._raw_input), byref(size), api.RAW_HEADER_BYTES)
            if self._raw_input.kind != api.RIM_TYPEMOUSE:
                self._renew_dead_hook()
            elif self._raw_input.buttons and not self._mouse_hook:
                for button in raw_buttons(self._raw_input.buttons):
                    self._is_withheld(self._reader.make_event(*button))
        return False

    def _renew_dead_hook(self) -> None:
        now = monotonic()
        if is_hook_dead(self._hooked_at, now):
            logger.warning("Windows has removed the hook for keys; it is installed anew")
            self._hooked_at = now
            self._install()
