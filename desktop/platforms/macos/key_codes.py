"""Key codes by the keys' names in the settings, and the modifier flags of events. Pure.

The codes are places on the keyboard; letters are where a US keyboard has them. Apple's keyboards have no Pause, Print
or Scroll Lock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desktop.core.keys import BUTTON_OFFSET, PlatformKeyCodes

LETTER_V, ENTER = 9, 36
MAX_KEY_CODE = 127
"""The highest key code; codes have seven bits."""

COMMAND_FLAG = 0x100000
"""The flag of the Command keys in an event."""


@dataclass(frozen=True, slots=True)
class MacModifier:
    """A modifier key: its name in `keys.MODIFIERS`, the bit of this very key in an event's flags, and the flag that it
    shares with its sibling."""

    name: str
    bit: int
    flag: int


BARE_MODIFIERS = {
    "ctrl_l": (59, MacModifier("ctrl", 0x0001, 0x40000)),
    "ctrl_r": (62, MacModifier("ctrl", 0x2000, 0x40000)),
    "shift_l": (56, MacModifier("shift", 0x0002, 0x20000)),
    "shift_r": (60, MacModifier("shift", 0x0004, 0x20000)),
    "super_l": (55, MacModifier("super", 0x0008, COMMAND_FLAG)),
    "super_r": (54, MacModifier("super", 0x0010, COMMAND_FLAG)),
    "alt_l": (58, MacModifier("alt", 0x0020, 0x80000)),
    "alt_r": (61, MacModifier("alt", 0x0040, 0x80000)),
}

MODIFIERS = dict(BARE_MODIFIERS.values())

COMMANDS = frozenset(code for code, modifier in MODIFIERS.items() if modifier.flag == COMMAND_FLAG)

_LETTERS = dict(zip("asdfhgzxcv", range(10), strict=True)) | dict(zip("bqweryt", range(11, 18), strict=True))
_DIGITS = dict(zip("1234", range(18, 22), strict=True)) | {"6": 22, "5": 23, "9": 25, "7": 26, "8": 28, "0": 29}
_FUNCTIONS = (122, 120, 99, 118, 96, 97, 98, 100, 101, 109, 103, 111, 105, 107, 113, 106, 64, 79, 80, 90)

CODES = (
    {name: code for name, (code, _) in BARE_MODIFIERS.items()}
    | _LETTERS
    | _DIGITS
    | {"o": 31, "u": 32, "i": 34, "p": 35, "l": 37, "j": 38, "k": 40, "n": 45, "m": 46}
    | {f"f{n}": code for n, code in enumerate(_FUNCTIONS, 1)}
    | {
        "apostrophe": 39,
        "backslash": 42,
        "backspace": 51,
        "comma": 43,
        "delete": 117,
        "down": 125,
        "end": 119,
        "enter": ENTER,
        "equal": 24,
        "esc": 53,
        "grave": 50,
        "home": 115,
        "insert": 114,
        "left": 123,
        "menu": 110,
        "minus": 27,
        "page_down": 121,
        "page_up": 116,
        "period": 47,
        "right": 124,
        "semicolon": 41,
        "slash": 44,
        "space": 49,
        "tab": 48,
        "up": 126,
    }
)

BUTTONS = {f"button{number}": BUTTON_OFFSET + number for number in (2, *range(8, 16))}

KEY_CODES = PlatformKeyCodes(
    CODES | BUTTONS, {code: modifier.name for code, modifier in MODIFIERS.items()}, reports_mouse=True
)


def button_code(number: int) -> int:
    """Return the code of a mouse button.

    macOS counts left, right, middle, back, forward from 0 on; the settings have X's numbers, with the wheel between.
    """
    return BUTTON_OFFSET + ((1, 3, 2)[number] if number < 3 else number + 5)


def mac_button_number(code: int) -> int:
    """Return macOS' number of a mouse button's code; the inverse of `button_code`."""
    number = code - BUTTON_OFFSET
    return (1, 3, 2).index(number) if number <= 3 else number - 5


def is_pressed(code: int, flags: int) -> bool:
    """Return whether the modifier of that code is down, by the flags of a flags-changed event.

    The shared flag alone is not enough: it stays set while the sibling is held. Synthetic events may have only the
    shared flag.
    """
    modifier = MODIFIERS[code]
    own_bits = sum(other.bit for other in MODIFIERS.values() if other.flag == modifier.flag)
    return bool(flags & (modifier.bit if flags & own_bits else modifier.flag))


def held_modifiers(flags: int) -> frozenset[str]:
    """Return those of `keys.MODIFIERS` that are held, by an event's flags."""
    return frozenset(modifier.name for modifier in MODIFIERS.values() if flags & modifier.flag)


def find_v_code(letter_of: Callable[[int], str]) -> int:
    """Return the key that types v with Command held, by `letter_of` its code; the US place if no key does."""
    return next((code for code in range(MAX_KEY_CODE + 1) if letter_of(code) == "v"), LETTER_V)


def can_copy_type(kind: str) -> bool:
    """Return whether a pasteboard type can be kept as bytes: a promise of files is useless without its owner."""
    return "promise" not in kind.lower()
