"""Virtual-key codes by the keys' names in the settings. Pure.

Letters and digits have their own characters as codes. Punctuation codes are those of the US keys; on other layouts they
are the keys in about the same places.
"""

from __future__ import annotations

from string import ascii_lowercase, digits

from desktop.core.keys import BUTTON_OFFSET, PlatformKeyCodes

SHIFT_L, CTRL_L, ALT_R, INSERT, ENTER = 0xA0, 0xA2, 0xA5, 0x2D, 0x0D
LETTER_V = ord("V")

NEUTRAL = 0xE8
"""A code that no key has. It does nothing, but Alt or Win with it is not alone."""

BARE_MODIFIERS = {
    "shift_l": SHIFT_L,
    "shift_r": 0xA1,
    "ctrl_l": CTRL_L,
    "ctrl_r": 0xA3,
    "alt_l": 0xA4,
    "alt_r": ALT_R,
    "super_l": 0x5B,
    "super_r": 0x5C,
}

CODES = (
    BARE_MODIFIERS
    | {f"f{n}": 0x6F + n for n in range(1, 25)}
    | {name: ord(name.upper()) for name in ascii_lowercase + digits}
    | {
        "apostrophe": 0xDE,
        "backslash": 0xDC,
        "backspace": 0x08,
        "comma": 0xBC,
        "delete": 0x2E,
        "down": 0x28,
        "end": 0x23,
        "enter": ENTER,
        "equal": 0xBB,
        "esc": 0x1B,
        "grave": 0xC0,
        "home": 0x24,
        "insert": INSERT,
        "left": 0x25,
        "menu": 0x5D,
        "minus": 0xBD,
        "page_down": 0x22,
        "page_up": 0x21,
        "pause": 0x13,
        "period": 0xBE,
        "print": 0x2C,
        "right": 0x27,
        "scroll_lock": 0x91,
        "semicolon": 0xBA,
        "slash": 0xBF,
        "space": 0x20,
        "tab": 0x09,
        "up": 0x26,
    }
)

MODIFIERS = {code: name.partition("_")[0] for name, code in BARE_MODIFIERS.items()}

CONTROLS = frozenset(code for code, name in MODIFIERS.items() if name == "ctrl")

MEDIA_CODES = frozenset(range(0xA6, 0xB8))
"""VK_BROWSER_BACK to VK_LAUNCH_APP2: browser, volume and playback keys."""

BUTTONS = {f"button{number}": BUTTON_OFFSET + number for number in (2, 8, 9)}

BUTTON_CODES = {BUTTON_OFFSET + number: code for number, code in {1: 0x01, 3: 0x02, 2: 0x04, 8: 0x05, 9: 0x06}.items()}
"""The virtual codes by which Windows tells whether a button is down: VK_LBUTTON to VK_XBUTTON2."""

KEY_CODES = PlatformKeyCodes(CODES | BUTTONS, MODIFIERS, reports_mouse=True, media=MEDIA_CODES)
"""The key codes of Windows."""
