"""Hotkeys on macOS: an event tap in its own thread. Written from documentation, never run.

The tap comes before every program, so it answers at once. A tap that was slow is switched off, with notice: it is
switched on again, and a release that was missed meanwhile is found by querying the key itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any

from Quartz import (
    CFMachPortCreateRunLoopSource,
    CFMachPortInvalidate,
    CFRunLoopAddSource,
    CFRunLoopGetCurrent,
    CFRunLoopPerformBlock,
    CFRunLoopRunInMode,
    CFRunLoopStop,
    CFRunLoopWakeUp,
    CGEventGetFlags,
    CGEventGetIntegerValueField,
    CGEventMaskBit,
    CGEventTapCreate,
    CGEventTapEnable,
    CGEventTapIsEnabled,
    kCFRunLoopDefaultMode,
    kCGEventFlagsChanged,
    kCGEventKeyDown,
    kCGEventKeyUp,
    kCGEventLeftMouseDown,
    kCGEventLeftMouseUp,
    kCGEventOtherMouseDown,
    kCGEventOtherMouseUp,
    kCGEventRightMouseDown,
    kCGEventRightMouseUp,
    kCGEventSourceUserData,
    kCGEventTapDisabledByTimeout,
    kCGEventTapDisabledByUserInput,
    kCGEventTapOptionDefault,
    kCGHeadInsertEventTap,
    kCGKeyboardEventAutorepeat,
    kCGKeyboardEventKeycode,
    kCGMouseEventButtonNumber,
    kCGSessionEventTap,
)

from desktop.core.errors import HotkeyError
from desktop.hotkeys.keyboard_hook import HookKeyEvent, KeyFilter
from desktop.platforms.macos import keyboard
from desktop.platforms.macos.key_codes import MODIFIERS, button_code, held_modifiers, is_pressed
from desktop.platforms.macos.keyboard import OWN_KEYS_MARK, is_key_down

logger = logging.getLogger(__name__)

_DOWN_EVENTS = (kCGEventKeyDown, kCGEventLeftMouseDown, kCGEventRightMouseDown, kCGEventOtherMouseDown)
_KEY_EVENTS = (kCGEventKeyDown, kCGEventKeyUp, kCGEventFlagsChanged)
_BUTTON_EVENTS = (
    *(kCGEventLeftMouseDown, kCGEventRightMouseDown, kCGEventOtherMouseDown),
    *(kCGEventLeftMouseUp, kCGEventRightMouseUp, kCGEventOtherMouseUp),
)
_TAP_DISABLED = (kCGEventTapDisabledByTimeout, kCGEventTapDisabledByUserInput)

_NO_TIMEOUT_S = 1e9


class MacEventTap:
    """A `KeyHook`; created in the hotkey thread."""

    def __init__(self, filter_key: KeyFilter) -> None:
        """Create the tap. Raises `HotkeyError` without the user's permission."""
        problem = keyboard.check_can_receive_keys()
        if problem is not None:
            raise problem
        self._filter_key = filter_key
        mask = sum(CGEventMaskBit(kind) for kind in (*_KEY_EVENTS, *_BUTTON_EVENTS))
        self._tap = CGEventTapCreate(
            kCGSessionEventTap, kCGHeadInsertEventTap, kCGEventTapOptionDefault, mask, self._on_event, None
        )
        if self._tap is None:
            raise keyboard.request_input_monitoring()
        self._loop = CFRunLoopGetCurrent()
        CFRunLoopAddSource(self._loop, CFMachPortCreateRunLoopSource(None, self._tap, 0), kCFRunLoopDefaultMode)
        CGEventTapEnable(self._tap, True)

    def serve(self, until: float | None) -> None:
        """As `KeyHook.serve`."""
        left_s = _NO_TIMEOUT_S if until is None else max(0.0, until - monotonic())
        CFRunLoopRunInMode(kCFRunLoopDefaultMode, left_s, True)
        if not CGEventTapIsEnabled(self._tap):
            raise HotkeyError("macos-keys-lost")

    def post(self, job: Callable[[], None]) -> None:
        """As `KeyHook.post`."""

        def run() -> None:
            job()
            CFRunLoopStop(self._loop)  # a block alone does not end the wait

        CFRunLoopPerformBlock(self._loop, kCFRunLoopDefaultMode, run)
        CFRunLoopWakeUp(self._loop)

    def set_bound_codes(self, codes: frozenset[int]) -> None:
        """Do nothing: the tap has the mouse in any case."""

    def is_down(self, code: int) -> bool:
        """As `KeyHook.is_down`."""
        return is_key_down(code)

    def close(self) -> None:
        """As `KeyHook.close`."""
        CFMachPortInvalidate(self._tap)

    def _on_event(self, proxy: Any, kind: int, event: Any, nothing: Any) -> Any:
        """Answer macOS whether the event may go on: None withholds it."""
        if kind in _TAP_DISABLED:
            CGEventTapEnable(self._tap, True)
            return event
        if CGEventGetIntegerValueField(event, kCGEventSourceUserData) == OWN_KEYS_MARK:
            return event
        try:
            is_withheld = self._filter_key(_key_of_event(kind, event))
        except Exception:
            logger.exception("a key was not understood")
            is_withheld = False
        return None if is_withheld else event


def _key_of_event(kind: int, event: Any) -> HookKeyEvent:
    flags = int(CGEventGetFlags(event))
    if kind in _BUTTON_EVENTS:
        return HookKeyEvent(
            button_code(int(CGEventGetIntegerValueField(event, kCGMouseEventButtonNumber))),
            kind in _DOWN_EVENTS,
            modifiers=held_modifiers(flags),
        )
    code = int(CGEventGetIntegerValueField(event, kCGKeyboardEventKeycode))
    if kind == kCGEventFlagsChanged:
        return HookKeyEvent(code, code in MODIFIERS and is_pressed(code, flags))
    repeat = bool(CGEventGetIntegerValueField(event, kCGKeyboardEventAutorepeat))
    return HookKeyEvent(code, kind in _DOWN_EVENTS, repeat, held_modifiers(flags))
