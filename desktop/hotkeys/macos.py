"""Hotkeys on macOS: an event tap in its own thread.

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

from desktop.core.bindings import Action, Bindings
from desktop.core.errors import HotkeyProblem
from desktop.hotkeys.gesture import Event
from desktop.hotkeys.keyboard_hook import Key, Shown, TappedKeys
from desktop.platforms.macos import permissions
from desktop.platforms.macos.key_codes import BOARD, MODIFIERS, button, held, is_pressed
from desktop.platforms.macos.keyboard import MARK, is_down

_log = logging.getLogger(__name__)

_DOWN = (kCGEventKeyDown, kCGEventLeftMouseDown, kCGEventRightMouseDown, kCGEventOtherMouseDown)
_KEYS = (kCGEventKeyDown, kCGEventKeyUp, kCGEventFlagsChanged)
_BUTTONS = (
    *(kCGEventLeftMouseDown, kCGEventRightMouseDown, kCGEventOtherMouseDown),
    *(kCGEventLeftMouseUp, kCGEventRightMouseUp, kCGEventOtherMouseUp),
)
_OFF = (kCGEventTapDisabledByTimeout, kCGEventTapDisabledByUserInput)

_EVER_S = 1e9


class MacKeys(TappedKeys):
    """The `HotkeyListener` of macOS."""

    def __init__(
        self,
        bindings: Bindings,
        post: Callable[[Event, Action], None],
        ails: Callable[[HotkeyProblem | None], None],
    ) -> None:
        super().__init__(bindings, post, ails, BOARD, Tap)


class Tap:
    """A `KeyHook`; created in the hotkey thread."""

    def __init__(self, shown: Shown) -> None:
        """Create the tap. Raises `HotkeyError` without the user's permission."""
        problem = permissions.to_hear_keys()
        if problem is not None:
            raise problem
        self._shown = shown
        mask = sum(CGEventMaskBit(kind) for kind in (*_KEYS, *_BUTTONS))
        self._tap = CGEventTapCreate(
            kCGSessionEventTap, kCGHeadInsertEventTap, kCGEventTapOptionDefault, mask, self._event, None
        )
        if self._tap is None:
            raise permissions.to_monitor_keys()
        self._loop = CFRunLoopGetCurrent()
        CFRunLoopAddSource(self._loop, CFMachPortCreateRunLoopSource(None, self._tap, 0), kCFRunLoopDefaultMode)
        CGEventTapEnable(self._tap, True)

    def serve(self, until: float | None) -> None:
        """As `KeyHook.serve`."""
        left_s = _EVER_S if until is None else max(0.0, until - monotonic())
        CFRunLoopRunInMode(kCFRunLoopDefaultMode, left_s, True)
        if not CGEventTapIsEnabled(self._tap):
            raise HotkeyProblem("macOS no longer lets Intone hear keys.", "Start Intone again.")

    def post(self, job: Callable[[], None]) -> None:
        """As `KeyHook.post`."""

        def run() -> None:
            job()
            CFRunLoopStop(self._loop)  # a block alone does not end the wait

        CFRunLoopPerformBlock(self._loop, kCFRunLoopDefaultMode, run)
        CFRunLoopWakeUp(self._loop)

    def is_down(self, code: int) -> bool:
        """As `KeyHook.is_down`."""
        return is_down(code)

    def close(self) -> None:
        """As `KeyHook.close`."""
        CFMachPortInvalidate(self._tap)

    def _event(self, proxy: Any, kind: int, event: Any, nothing: Any) -> Any:
        """Answer macOS whether the event may go on: None withholds it."""
        if kind in _OFF:
            CGEventTapEnable(self._tap, True)
            return event
        if CGEventGetIntegerValueField(event, kCGEventSourceUserData) == MARK:
            return event
        try:
            kept = self._shown(_key(kind, event))
        except Exception:
            _log.exception("a key was not understood")
            kept = False
        return None if kept else event


def _key(kind: int, event: Any) -> Key:
    flags = int(CGEventGetFlags(event))
    if kind in _BUTTONS:
        return Key(
            button(int(CGEventGetIntegerValueField(event, kCGMouseEventButtonNumber))), kind in _DOWN, held=held(flags)
        )
    code = int(CGEventGetIntegerValueField(event, kCGKeyboardEventKeycode))
    if kind == kCGEventFlagsChanged:
        return Key(code, code in MODIFIERS and is_pressed(code, flags))
    repeat = bool(CGEventGetIntegerValueField(event, kCGKeyboardEventAutorepeat))
    return Key(code, kind in _DOWN, repeat, held(flags))
