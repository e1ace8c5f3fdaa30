"""Names of keys and mouse buttons, as they stand in the settings, and what they mean; pure.

A binding is written the way people say it: `ctrl_r`, `f9`, `ctrl+alt+space`, `button8`. Two kinds of key can be held to
talk, and they are heard differently: a modifier by itself reaches the application too, which does nothing with it, so
it is only listened to; a key or a button that would do something there is taken from the application. Hence a key that
types is refused without Ctrl, Alt or Super beside it: taking it would end typing. So are the buttons that nobody can do
without (left, right and the wheel), with whatever beside them.

X calls every key by a keysym; the names here map to those. Right Alt is AltGr on most layouts of Europe and has
another keysym there, so a key may have several names in order of preference.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.problems import SettingsProblem

MODIFIERS = ("ctrl", "alt", "shift", "super")
"""What a chord may hold, in the order in which it is written."""

_BARE = {
    "ctrl_l": ("Left Ctrl", ("Control_L",)),
    "ctrl_r": ("Right Ctrl", ("Control_R",)),
    "alt_l": ("Left Alt", ("Alt_L",)),
    "alt_r": ("Right Alt", ("Alt_R", "ISO_Level3_Shift")),
    "shift_l": ("Left Shift", ("Shift_L",)),
    "shift_r": ("Right Shift", ("Shift_R",)),
    "super_l": ("Left Super", ("Super_L",)),
    "super_r": ("Right Super", ("Super_R",)),
}

_QUIET = {f"f{n}": (f"F{n}", (f"F{n}",)) for n in range(1, 25)} | {
    "esc": ("Esc", ("Escape",)),
    "insert": ("Insert", ("Insert",)),
    "menu": ("Menu", ("Menu",)),
    "pause": ("Pause", ("Pause",)),
    "print": ("Print", ("Print",)),
    "scroll_lock": ("Scroll Lock", ("Scroll_Lock",)),
}

_TYPING = {letter: (letter.upper(), (letter,)) for letter in "abcdefghijklmnopqrstuvwxyz0123456789"} | {
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

_BUTTONS = {2: "Middle Button", 8: "Back Button", 9: "Forward Button"} | {n: f"Button {n}" for n in range(10, 16)}
"""The mouse's buttons by X's number: 1 and 3 are left and right, 4 to 7 the wheel, and few mice have more than 15."""

_KEYS = _BARE | _QUIET | _TYPING | {f"button{n}": (label, ()) for n, label in _BUTTONS.items()}


@dataclass(frozen=True, slots=True)
class Binding:
    """A key by its settings name and what of `MODIFIERS` is held with it. Made by `parse`."""

    modifiers: frozenset[str]
    key: str

    @property
    def bare_modifier(self) -> bool:
        """Whether it is one modifier by itself."""
        return self.key in _BARE

    @property
    def button(self) -> int | None:
        """The mouse button's number, or None for a key."""
        return int(self.key.removeprefix("button")) if self.key.startswith("button") else None

    @property
    def keysyms(self) -> tuple[str, ...]:
        """What X may call the key, the likeliest first; nothing for a button."""
        return _KEYS[self.key][1]

    @property
    def label(self) -> str:
        """What is printed on the keys: `Right Ctrl`, `Ctrl+Alt+Space`."""
        return "+".join([*(held.title() for held in self._held), _KEYS[self.key][0]])

    @property
    def _held(self) -> list[str]:
        return [name for name in MODIFIERS if name in self.modifiers]

    def __str__(self) -> str:
        return "+".join([*self._held, self.key])


def parse(name: str) -> Binding:
    """The binding that a settings value names, in any case and with any spacing.

    Raises `SettingsProblem` for a key that does not exist, a chord that ends in a modifier, a key that types alone, and
    a button that windows need.
    """
    *held, key = [part.strip().lower() for part in name.split("+")]
    strange = next((part for part in held if part not in MODIFIERS), None)
    if strange is not None:
        raise SettingsProblem(f"“{strange}” cannot be held in a chord.", f"A chord may hold {_listed(MODIFIERS)}.")
    if key in MODIFIERS:
        raise SettingsProblem(
            f"“{name}” does not say which {key.title()} key is meant.",
            f"Write {key}_l for the left or {key}_r for the right.",
        )
    if key in ("button1", "button3", "button4", "button5", "button6", "button7"):
        raise SettingsProblem(
            f"“{name}” is needed in every window.", "Use another one, for example button8, which is Back on most mice."
        )
    if key not in _KEYS:
        raise SettingsProblem(
            f"There is no key named “{key}”.", "Name a key like ctrl_r, f9 or pause, or a chord like ctrl+alt+space."
        )
    if key in _BARE and held:
        raise SettingsProblem(
            f"“{name}” ends in a modifier.", "Use one modifier by itself, or end the chord in another key."
        )
    if key in _TYPING and not {"ctrl", "alt", "super"} & set(held):
        raise SettingsProblem(
            f"“{name}” is needed for typing.", f"Hold ctrl, alt or super with it, for example ctrl+alt+{key}."
        )
    return Binding(frozenset(held), key)


def _listed(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
