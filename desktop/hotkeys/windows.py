"""Hotkeys on Windows: pynput's hooks, in threads of their own, and raw input in the hotkey thread.

Windows asks a hook before any program gets a key, and all input waits for its answer, so it answers at once and
everything else is posted. A hook that was too slow once (0.3 s, or the registry's limit) is removed without notice:
it is installed anew as soon as raw input has a key of which the hook was not asked, and that key counts as if the hook
had been asked, but programs get it as well.

Neither hears of a release on another desktop (User Account Control, the locked screen) or in sleep, after which all
keys count as up.

A hook for the mouse would run Python before every movement is shown, so there is one only while a button is bound.
Otherwise clicks come as raw input (`desktop.hotkeys.windows_clicks`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from ctypes import byref, c_uint32, sizeof
from math import inf
from threading import Lock
from time import monotonic
from typing import Any

from desktop.core.errors import HotkeyError
from desktop.core.keys import BUTTON_OFFSET
from desktop.hotkeys.keyboard_hook import HookKeyEvent, KeyFilter
from desktop.hotkeys.windows_clicks import ClickListener
from desktop.hotkeys.windows_events import (
    RENEWAL_PAUSE_S,
    HookRenewal,
    WindowsEventReader,
    hooked_button,
    is_hook_dead,
    opens_menu,
    raw_buttons,
    raw_key,
    time_of_stamp,
)
from desktop.hotkeys.windows_hook import WindowsHook, open_key_hook, open_mouse_hook
from desktop.platforms.windows import api
from desktop.platforms.windows.keyboard import OWN_KEYS_MARK, is_key_down, press_neutral_key
from desktop.platforms.windows.loop import MessageWindow, WindowsLoop
from desktop.platforms.windows.session_messages import parse_message
from desktop.platforms.windows.structures import RawInputDevice, RawKeyInput

logger = logging.getLogger(__name__)

HOOK_RENEWAL_S = 30.0
"""Seconds between two installations of the hook for keys where raw input is missing, which is how long it may be dead
there."""

WINDOW_CLASS = "Intone input"

_KEY_DOWN = (api.WM_KEYDOWN, api.WM_SYSKEYDOWN)
_GENERIC_DESKTOP, _KEYBOARD = 1, 6
"""The page of the HID usage tables, and the usage on it."""


def _now() -> float:
    """Return the time by the clock that stamps keys."""
    return float(api.tick_count()) / 1000


class WindowsKeyHook:
    """A `KeyHook`; created in the hotkey thread. `filter_key` is called there and in the hooks' threads."""

    def __init__(self, filter_key: KeyFilter) -> None:
        """Install the hook. Raises `HotkeyError` if Windows refuses it."""
        self._filter_key = filter_key
        self._reader = WindowsEventReader(is_key_down, _now())
        self._answering = Lock()
        self._bound_codes: frozenset[int] = frozenset()
        self._loop = WindowsLoop()
        self._key_hook: WindowsHook | None = None
        self._key_hook_number = 0
        self._renewal = HookRenewal()
        self._mouse_hook: WindowsHook | None = None
        self._mouse_installed_at = _now()
        self._install_keys()
        self._raw_key = RawKeyInput()
        self._window = MessageWindow(WINDOW_CLASS, self._on_message)
        self._has_raw_input = self._register_raw_input()
        self._sleep_watch, self._desktop_watch = 0, 0
        self._on_desktop_switch = api.EVENT_PROCEDURE(lambda *_: self._forget_keys())
        self._watch_absence()
        self._clicks = ClickListener(self._hear_raw_buttons)

    def serve(self, until: float | None) -> None:
        """As `KeyHook.serve`."""
        renew_at = inf if self._has_raw_input else self._installed_at + HOOK_RENEWAL_S
        own_at = min(renew_at, self._reader.raw_due_at) - _now() + monotonic()
        wake_at = min(inf if until is None else until, own_at)
        self._loop.serve(None if wake_at == inf else wake_at)
        if self._reader.raw_due_at != inf:
            self._hear_raw_keys()
        if _now() >= renew_at:
            self._install_keys()

    def post(self, job: Callable[[], None]) -> None:
        """As `KeyHook.post`."""
        self._loop.post(job)

    def set_bound_codes(self, codes: frozenset[int]) -> None:
        """As `KeyHook.set_bound_codes`."""
        self._bound_codes = codes
        needs_mouse_hook = any(code >= BUTTON_OFFSET for code in codes)
        if needs_mouse_hook and self._mouse_hook is None:
            self._install_mouse()
            if self._mouse_hook is None:
                raise HotkeyError("windows-keys-denied")
        elif not needs_mouse_hook and self._mouse_hook is not None:
            self._mouse_hook.close()
            self._mouse_hook = None

    def is_down(self, code: int) -> bool:
        """As `KeyHook.is_down`."""
        return self._reader.is_down(code, _now())

    def close(self) -> None:
        """As `KeyHook.close`."""
        self._clicks.close()
        for hook in filter(None, (self._key_hook, self._mouse_hook)):
            hook.close()
        api.unset_event_hook(self._desktop_watch)
        api.unwatch_sleep(self._sleep_watch)
        api.unwatch_session_lock(self._window.handle)
        self._window.close()

    def _install_keys(self) -> None:
        """Install the hook for keys, which is asked before the one that is there already; that is removed then."""
        number = self._key_hook_number = self._key_hook_number + 1
        hook = open_key_hook(lambda message, key: self._is_key_withheld(number, message, key))
        self._installed_at = _now()
        previous, self._key_hook = (self._key_hook, hook) if hook.is_installed else (hook, self._key_hook)
        if previous is not None:
            previous.close()
        if self._key_hook is None:
            raise HotkeyError("windows-keys-denied")
        if self._key_hook is not hook:
            logger.warning("Windows has refused another hook for keys")

    def _install_mouse(self) -> None:
        """Install the hook for the mouse in place of one that Windows may have removed, unless Windows refuses it."""
        hook = open_mouse_hook(self._is_button_withheld)
        self._mouse_installed_at = _now()
        previous, self._mouse_hook = (self._mouse_hook, hook) if hook.is_installed else (hook, self._mouse_hook)
        if previous is not None:
            previous.close()

    def _register_raw_input(self) -> bool:
        """Get the raw input of keys in all windows; without it a dead hook is renewed later."""
        device = RawInputDevice(_GENERIC_DESKTOP, _KEYBOARD, api.RIDEV_INPUTSINK, self._window.handle)
        if self._window.handle and api.register_raw_input(byref(device), 1, sizeof(RawInputDevice)):
            return True
        logger.warning("Windows gives no raw input of keys")
        return False

    def _watch_absence(self) -> None:
        """Get to know of another desktop, the locked screen and sleep, as far as Windows allows it."""
        self._desktop_watch = api.set_event_hook(
            *(api.EVENT_SYSTEM_DESKTOPSWITCH, api.EVENT_SYSTEM_DESKTOPSWITCH, 0),
            *(self._on_desktop_switch, 0, 0, api.WINEVENT_OUTOFCONTEXT),
        )
        self._sleep_watch = api.watch_sleep(self._window.handle, api.DEVICE_NOTIFY_WINDOW_HANDLE)
        api.watch_session_lock(self._window.handle, api.NOTIFY_FOR_THIS_SESSION)

    def _forget_keys(self) -> None:
        with self._answering:
            self._reader.forget_keys()

    def _is_key_withheld(self, number: int, message: int, key: Any) -> bool:
        """Return whether a key goes no further; our own keys always go on. In the thread of the hook `number`."""
        now, down = _now(), message in _KEY_DOWN
        self._reader.note_hooked(key.vkCode, down, now)
        if key.dwExtraInfo == OWN_KEYS_MARK:
            return False
        with self._answering:
            if self._renewal.is_answered(number, (message, key.vkCode, key.scanCode, key.time)):
                return False
            known = self._reader.known_answer(key.vkCode, down, time_of_stamp(key.time, now))
            event = self._reader.read_key(key.vkCode, key.scanCode, down, now)
            return event is not None and self._is_withheld(event, now, known)

    def _is_button_withheld(self, message: int, mouse: Any) -> bool:
        """Return whether a button goes no further; movements always go on. In the hook's thread."""
        button = hooked_button(message, mouse.mouseData)
        if button is None:
            return False
        now = _now()
        self._reader.note_asked(*button, now)
        with self._answering:
            known = self._reader.known_answer(*button, time_of_stamp(mouse.time, now))
            return self._is_withheld(self._reader.make_event(*button, now), now, known)

    def _is_withheld(self, event: HookKeyEvent, now: float, known: bool | None = None) -> bool:
        """Return the answer for what a hook was asked of; `known` is one that was given before it was asked."""
        is_wanted = self._filter_key(event) if known is None else known
        is_withheld = is_wanted and self._reader.can_withhold(event)
        self._reader.note_answer(event, now, is_withheld)
        if opens_menu(event, is_withheld, self._bound_codes):
            self._loop.post(press_neutral_key)
        return is_withheld

    def _on_message(self, message: int, wparam: int, lparam: int) -> bool:
        """Note keys, and that the user is away. Windows then frees the input."""
        if message == api.WM_INPUT:
            size = c_uint32(sizeof(self._raw_key))
            api.raw_input(lparam, api.RID_INPUT, byref(self._raw_key), byref(size), api.RAW_HEADER_BYTES)
            self._note_raw_key()
        elif parse_message(message, wparam) is not None:
            self._forget_keys()
        return False

    def _hear_raw_buttons(self, flags: int) -> None:
        """Hear clicks that no hook has, and note those of bound buttons, of which the hook may be asked yet. In the
        thread of the clicks."""
        now, is_hooked = _now(), self._mouse_hook is not None
        with self._answering:
            for button in raw_buttons(flags):
                if not is_hooked:
                    event = self._reader.make_event(*button, now)
                    self._filter_key(event)
                    self._reader.note_answer(event, now, False)
                elif button[0] in self._bound_codes:
                    self._reader.note_raw_key(*button, now)
        if is_hooked:
            self._loop.post(lambda: None)  # which looks at when the notes are due

    def _note_raw_key(self) -> None:
        """Note a key of raw input, of which the hook may be asked yet."""
        key = raw_key(self._raw_key.code, self._raw_key.scan, self._raw_key.flags)
        if key is not None and self._raw_key.extra != OWN_KEYS_MARK:
            with self._answering:
                self._reader.note_raw_key(*key, time_of_stamp(api.message_time(), _now()))

    def _hear_raw_keys(self) -> None:
        """Hear the keys of which the hook was not asked, and have a dead hook installed anew. Of a button the release
        alone is heard so: raw input of the mouse may be too late for a press."""
        with self._answering:
            for event, at in self._reader.take_unheard_keys(_now()):
                if event.down and event.code >= BUTTON_OFFSET:
                    self._renew_mouse_hook(at)
                    continue
                if event.down and is_hook_dead(self._reader.hooked_at, self._installed_at, at):
                    logger.warning("Windows has removed the hook for keys; it is installed anew")
                    self._reader.forget_withheld_keys()
                    self._loop.post(self._install_keys)
                    self._installed_at = at
                self._reader.note_raw_answer(event, at, self._filter_key(event))

    def _renew_mouse_hook(self, at: float) -> None:
        """Have the hook for the mouse installed anew, which was not asked of a bound button pressed at `at`."""
        if at - self._mouse_installed_at > RENEWAL_PAUSE_S:
            logger.warning("Windows has removed the hook for the mouse; it is installed anew")
            self._loop.post(self._install_mouse)
            self._mouse_installed_at = at
