"""Read held modifiers and press keys on Windows.

Our keys are sent to the system in one piece, which it does not mix with the user's keys, and carry our mark. A key is
given by its virtual code, which is the same in every layout, and by the scan code of the layout in use, for programs
that look at that (remote desktops).
"""

from __future__ import annotations

from ctypes import byref, sizeof

from desktop.core.chords import PasteShortcut
from desktop.core.keys import HeldModifiers
from desktop.platforms.windows import api
from desktop.platforms.windows.key_codes import CONTROLS, CTRL_L, INSERT, LETTER_V, MODIFIERS, NEUTRAL, SHIFT_L
from desktop.platforms.windows.structures import AnyInput, KeyInput, WindowsInput

OWN_KEYS_MARK = 0x1A70E
"""The extra information of our keys; an arbitrary number."""

SHORTCUT_KEYS = {
    PasteShortcut.CTRL_V: (CTRL_L, LETTER_V),
    PasteShortcut.CTRL_SHIFT_V: (CTRL_L, SHIFT_L, LETTER_V),
    PasteShortcut.SHIFT_INSERT: (SHIFT_L, INSERT),
}


def is_key_down(code: int) -> bool:
    """Return whether the key is physically down. Unknown for keys that a hook withholds from all programs."""
    return bool(api.key_state(code) & 0x8000)


def held_modifiers() -> HeldModifiers:
    """Return the modifiers that are down."""
    return HeldModifiers(frozenset(code for code in MODIFIERS if is_key_down(code)), CONTROLS)


def press_keys(codes: tuple[int, ...]) -> bool:
    """Press these keys, modifiers first, and release them. Returns False if the system accepted fewer events."""
    layout = api.keyboard_layout(api.window_thread(api.foreground_window(), None))
    strokes = [_key_input(code, layout, 0) for code in codes]
    strokes += [_key_input(code, layout, api.KEYEVENTF_KEYUP) for code in reversed(codes)]
    if _send_inputs(strokes) == len(strokes):
        return True
    _send_inputs(strokes[len(codes) :])  # release those that are down
    return False


def press_neutral_key() -> None:
    """Press and release a key that does nothing, so that Alt or Win, which is down, opens no menu when it is let go."""
    _send_inputs([_key_input(NEUTRAL, 0, flags) for flags in (0, api.KEYEVENTF_KEYUP)])


def _key_input(code: int, layout: int, flags: int) -> WindowsInput:
    scan = api.map_key(code, api.MAPVK_VK_TO_VSC, layout)
    if code == INSERT:  # without this flag the scan code is the keypad's 0, which Num Lock changes
        flags |= api.KEYEVENTF_EXTENDEDKEY
    return WindowsInput(kind=api.INPUT_KEYBOARD, of=AnyInput(key=KeyInput(code, scan, flags, 0, OWN_KEYS_MARK)))


def _send_inputs(strokes: list[WindowsInput]) -> int:
    return int(api.send_input(len(strokes), byref((WindowsInput * len(strokes))(*strokes)), sizeof(WindowsInput)))
