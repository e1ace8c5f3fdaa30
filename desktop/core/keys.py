"""Parse the names of keys and mouse buttons in the settings. Pure.

A binding is written as `ctrl_r`, `f9`, `ctrl+alt+space` or `button8`. Two kinds of key can be held to talk. A bare
modifier also reaches the application, which does nothing with it, so it is only listened to; any other key or button is
withheld from the application. So a typing key is refused without Ctrl, Alt or Super: withholding it would end typing.
So are the buttons that every window needs (left, right and the wheel), with any modifiers.

X identifies every key by a keysym; the names here map to those. Right Alt is AltGr on most European layouts and has
another keysym there, so a key may have several keysyms in order of preference.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.errors import SettingsError

MODIFIERS = ("ctrl", "alt", "shift", "super")
"""The modifiers of a chord, in the order in which they are written."""

_BARE_MODIFIERS = {
    "ctrl_l": ("Left Ctrl", ("Control_L",)),
    "ctrl_r": ("Right Ctrl", ("Control_R",)),
    "alt_l": ("Left Alt", ("Alt_L",)),
    "alt_r": ("Right Alt", ("Alt_R", "ISO_Level3_Shift")),
    "shift_l": ("Left Shift", ("Shift_L",)),
    "shift_r": ("Right Shift", ("Shift_R",)),
    "super_l": ("Left Super", ("Super_L",)),
    "super_r": ("Right Super", ("Super_R",)),
}

_NON_TYPING_KEYS = {f"f{n}": (f"F{n}", (f"F{n}",)) for n in range(1, 25)} | {
    "esc": ("Esc", ("Escape",)),
    "insert": ("Insert", ("Insert",)),
    "menu": ("Menu", ("Menu",)),
    "pause": ("Pause", ("Pause",)),
    "print": ("Print", ("Print",)),
    "scroll_lock": ("Scroll Lock", ("Scroll_Lock",)),
}

_TYPING_KEYS = {letter: (letter.upper(), (letter,)) for letter in "abcdefghijklmnopqrstuvwxyz0123456789"} | {
    "apostrophe": ("'", ("apostrophe",)),
    "backslash": ("\\", ("backslash",)),
    "backspace": ("Backspace", ("BackSpace",)),
    "comma": (",", ("comma",)),
    "delete": ("Delete", ("Delete",)),
    "down": ("Down", ("Down",)),
    "end": ("End", ("End",)),
    "enter": ("Enter", ("Return",)),
    "equal": ("=", ("equal",)),
    "grave": ("`", ("grave",)),
    "home": ("Home", ("Home",)),
    "left": ("Left", ("Left",)),
    "minus": ("-", ("minus",)),
    "page_down": ("Page Down", ("Next",)),
    "page_up": ("Page Up", ("Prior",)),
    "period": (".", ("period",)),
    "right": ("Right", ("Right",)),
    "semicolon": (";", ("semicolon",)),
    "slash": ("/", ("slash",)),
    "space": ("Space", ("space",)),
    "tab": ("Tab", ("Tab",)),
    "up": ("Up", ("Up",)),
}

_MOUSE_BUTTONS = {2: "Middle Button", 8: "Back Button", 9: "Forward Button"} | {n: f"Button {n}" for n in range(10, 16)}
"""Mouse buttons by X's number: 1 and 3 are left and right, 4 to 7 the wheel; few mice have more than 15."""

_KEYS = (
    _BARE_MODIFIERS
    | _NON_TYPING_KEYS
    | _TYPING_KEYS
    | {f"button{n}": (label, ()) for n, label in _MOUSE_BUTTONS.items()}
)


@dataclass(frozen=True, slots=True)
class Binding:
    """A key by its settings name, and those of `MODIFIERS` that are held with it. Made by `parse_binding`."""

    modifiers: frozenset[str]
    key: str

    @property
    def is_bare_modifier(self) -> bool:
        """Whether the binding is one modifier by itself."""
        return self.key in _BARE_MODIFIERS

    @property
    def button(self) -> int | None:
        """The mouse button's number; None for a key."""
        return int(self.key.removeprefix("button")) if self.key.startswith("button") else None

    @property
    def keysyms(self) -> tuple[str, ...]:
        """The keysyms that X may use for the key, likeliest first; none for a button."""
        return _KEYS[self.key][1]

    @property
    def label(self) -> str:
        """The key as printed on keyboards: `Right Ctrl`, `Ctrl+Alt+Space`."""
        return "+".join([*(name.title() for name in self._modifier_names), _KEYS[self.key][0]])

    @property
    def _modifier_names(self) -> list[str]:
        return [name for name in MODIFIERS if name in self.modifiers]

    def __str__(self) -> str:
        return "+".join([*self._modifier_names, self.key])


def parse_binding(name: str) -> Binding:
    """Return the binding for a settings value, in any case and with any spacing.

    Raises `SettingsError` for an unknown key, a chord that ends in a modifier, a typing key without modifiers, and a
    button that windows need.
    """
    *modifiers, key = [part.strip().lower() for part in name.split("+")]
    unknown = next((part for part in modifiers if part not in MODIFIERS), None)
    if unknown is not None:
        raise SettingsError(f"“{unknown}” cannot be held in a chord.", f"A chord may hold {_join_names(MODIFIERS)}.")
    if key in MODIFIERS:
        raise SettingsError(
            f"“{name}” does not say which {key.title()} key is meant.",
            f"Write {key}_l for the left or {key}_r for the right.",
        )
    if key in ("button1", "button3", "button4", "button5", "button6", "button7"):
        raise SettingsError(
            f"“{name}” is needed in every window.", "Use another one, for example button8, which is Back on most mice."
        )
    if key not in _KEYS:
        raise SettingsError(
            f"There is no key named “{key}”.", "Name a key like ctrl_r, f9 or pause, or a chord like ctrl+alt+space."
        )
    if key in _BARE_MODIFIERS and modifiers:
        raise SettingsError(
            f"“{name}” ends in a modifier.", "Use one modifier by itself, or end the chord in another key."
        )
    if key in _TYPING_KEYS and not {"ctrl", "alt", "super"} & set(modifiers):
        raise SettingsError(
            f"“{name}” is needed for typing.", f"Hold ctrl, alt or super with it, for example ctrl+alt+{key}."
        )
    return Binding(frozenset(modifiers), key)


def _join_names(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
