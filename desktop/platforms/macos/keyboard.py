"""Read held modifiers and press keys on macOS, and check that the user has permitted both.

Our keys carry our mark. A permission belongs to the program's signature and is read once at its start, so the app has
to be restarted after one was granted.
"""

from __future__ import annotations

from ApplicationServices import AXIsProcessTrustedWithOptions, kAXTrustedCheckOptionPrompt
from Quartz import (
    CGEventCreateKeyboardEvent,
    CGEventPost,
    CGEventSetFlags,
    CGEventSetIntegerValueField,
    CGEventSourceButtonState,
    CGEventSourceCreate,
    CGEventSourceKeyState,
    CGRequestListenEventAccess,
    kCGEventSourceStateHIDSystemState,
    kCGEventSourceStatePrivate,
    kCGEventSourceUserData,
    kCGHIDEventTap,
)

from desktop.core.errors import HotkeyError, PasteError
from desktop.core.keys import BUTTON_OFFSET, HeldModifiers
from desktop.platforms.macos import carbon
from desktop.platforms.macos.key_codes import (
    COMMAND_FLAG,
    COMMANDS,
    LETTER_V,
    MODIFIERS,
    find_v_code,
    mac_button_number,
)
from desktop.platforms.macos.main_thread import on_main

OWN_KEYS_MARK = 0x1A70E
"""The source number of our keys; an arbitrary number."""

_ACCESSIBILITY, _INPUT_MONITORING = "Accessibility", "Input Monitoring"
"""Panes of the system settings."""


def is_key_down(code: int) -> bool:
    """Return whether the key or mouse button is physically down."""
    if code >= BUTTON_OFFSET:
        return bool(CGEventSourceButtonState(kCGEventSourceStateHIDSystemState, mac_button_number(code)))
    return bool(CGEventSourceKeyState(kCGEventSourceStateHIDSystemState, code))


def held_modifiers() -> HeldModifiers:
    """Return the modifiers that are down."""
    return HeldModifiers(frozenset(filter(is_key_down, MODIFIERS)), COMMANDS)


def find_paste_code() -> int:
    """Return the key that types v with Command in the layout in use."""
    try:
        letters = on_main(carbon.read_layout_letters)
    except TimeoutError:
        return LETTER_V
    return find_v_code(lambda code: letters.get(code, ""))


def press_key(code: int, flags: int) -> bool:
    """Press the key with these flags and release it.

    The source has its own state, so keys that the user holds are not combined with it.
    """
    source = CGEventSourceCreate(kCGEventSourceStatePrivate)
    for down in (True, False):
        event = CGEventCreateKeyboardEvent(source, code, down)
        if event is None:
            return False
        CGEventSetFlags(event, flags)
        CGEventSetIntegerValueField(event, kCGEventSourceUserData, OWN_KEYS_MARK)
        CGEventPost(kCGHIDEventTap, event)
    return True


def press_keys(codes: tuple[int, ...]) -> bool:
    """Press the last of `codes`, with Command if that is among them. The flag replaces the modifier's own key."""
    return press_key(codes[-1], COMMAND_FLAG if COMMANDS & set(codes) else 0)


def check_can_press_keys() -> PasteError | None:
    """Return why keys cannot be pressed; None if they can. The system asks the user the first time."""
    if AXIsProcessTrustedWithOptions({kAXTrustedCheckOptionPrompt: True}):
        return None
    return PasteError("macos-key-presses-denied", pane=_ACCESSIBILITY)


def check_can_receive_keys() -> HotkeyError | None:
    """Return why no event tap may be created; None if it may. The system asks the user the first time."""
    if AXIsProcessTrustedWithOptions({kAXTrustedCheckOptionPrompt: True}):
        return None
    return HotkeyError("macos-talk-key-denied", pane=_ACCESSIBILITY)


def request_input_monitoring() -> HotkeyError:
    """Return why a tap was refused although it may be created. The system asks the user the first time."""
    CGRequestListenEventAccess()
    return HotkeyError("macos-keys-denied", pane=_INPUT_MONITORING)
