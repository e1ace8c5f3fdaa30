"""Read held modifiers and press keys on macOS. Our keys carry our mark."""

from __future__ import annotations

from Quartz import (
    CGEventCreateKeyboardEvent,
    CGEventPost,
    CGEventSetFlags,
    CGEventSetIntegerValueField,
    CGEventSourceButtonState,
    CGEventSourceCreate,
    CGEventSourceKeyState,
    kCGEventSourceStateHIDSystemState,
    kCGEventSourceStatePrivate,
    kCGEventSourceUserData,
    kCGHIDEventTap,
)

from desktop.hotkeys.matcher import BUTTON
from desktop.paste.delayed.desktop import Held
from desktop.platforms.macos import carbon
from desktop.platforms.macos.key_codes import COMMAND, COMMANDS, LETTER_V, MODIFIERS, code_of_v, mac_button
from desktop.platforms.macos.main_thread import on_main

MARK = 0x1A70E
"""The source number of our keys; an arbitrary number."""


def is_down(code: int) -> bool:
    """Return whether the key or mouse button is physically down."""
    if code >= BUTTON:
        return bool(CGEventSourceButtonState(kCGEventSourceStateHIDSystemState, mac_button(code)))
    return bool(CGEventSourceKeyState(kCGEventSourceStateHIDSystemState, code))


def held() -> Held:
    """Return the modifiers that are down."""
    return Held(frozenset(filter(is_down, MODIFIERS)), COMMANDS)


def code_for_paste() -> int:
    """Return the key that types v with Command in the layout in use."""
    try:
        letters = on_main(carbon.letters)
    except TimeoutError:
        return LETTER_V
    return code_of_v(lambda code: letters.get(code, ""))


def press(code: int, flags: int) -> bool:
    """Press the key with these flags and release it.

    The source has its own state, so keys that the user holds are not combined with it.
    """
    source = CGEventSourceCreate(kCGEventSourceStatePrivate)
    for down in (True, False):
        event = CGEventCreateKeyboardEvent(source, code, down)
        if event is None:
            return False
        CGEventSetFlags(event, flags)
        CGEventSetIntegerValueField(event, kCGEventSourceUserData, MARK)
        CGEventPost(kCGHIDEventTap, event)
    return True


def press_keys(codes: tuple[int, ...]) -> bool:
    """Press the last of `codes`, with Command if that is among them. The flag replaces the modifier's own key."""
    return press(codes[-1], COMMAND if COMMANDS & set(codes) else 0)
