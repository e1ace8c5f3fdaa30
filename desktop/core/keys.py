"""Name keys and mouse buttons, bind them to actions, and check which of them conflict. Pure.

The names are those of the settings; each platform has a table from them to its own key codes (`PlatformKeyCodes`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from desktop.core.chords import PasteShortcut
from desktop.core.errors import HotkeyError, SettingsError, UnavailableKeysError

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

BUTTON_OFFSET = 0x100
"""Offset added to a mouse button's number to make a code like a key's. X's keycodes are one byte."""


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
        """The keysyms that X may use for the key, likeliest first; none for a button.

        A key may have several: right Alt is AltGr on most European layouts and has another keysym there.
        """
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

    A binding is written as `ctrl_r`, `f9`, `ctrl+alt+space` or `button8`. Two kinds of key can be held to talk. A bare
    modifier also reaches the application, which does nothing with it, so it is only listened to; any other key or
    button is withheld from the application. So a typing key is refused without Ctrl, Alt or Super: withholding it would
    end typing. So are the buttons that every window needs (left, right and the wheel), with any modifiers.

    Raises `SettingsError` for those, for an unknown key, and for a chord that ends in a modifier.
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


class Action(StrEnum):
    """An action of a key, by its name in the `hotkey` settings, the most important first.

    There are two kinds. Talking follows the key's press and release, so any key will do. Every other action runs on a
    press alone; a modifier by itself would trigger it at every shortcut, so that is refused.

    SEND talks and presses Return once the text is known to have arrived; EDIT talks about what to do with the
    selection; LANGUAGES switches to the next language of `recognizer.language`; EMOTION turns emotion detection on or
    off; CANCEL works only while there is something to cancel.
    """

    TALK = "talk"
    SEND = "send"
    EDIT = "edit"
    LANGUAGES = "languages"
    PASTE_LAST = "paste_last"
    UNDO = "undo"
    SWAP = "swap"
    EMOTION = "emotion"
    CANCEL = "cancel"

    @property
    def is_talk(self) -> bool:
        """Whether the key is held, or tapped, to talk."""
        return self in (Action.TALK, Action.SEND, Action.EDIT)


type Bindings = Mapping[Binding, Action]
"""Every bound key and its action. With an empty mapping no key is received."""

_ACTION_VERBS = {
    Action.TALK: "talk",
    Action.SEND: "send",
    Action.EDIT: "edit",
    Action.LANGUAGES: "change the language",
    Action.PASTE_LAST: "paste again",
    Action.UNDO: "undo",
    Action.SWAP: "swap",
    Action.EMOTION: "turn expression off and on",
    Action.CANCEL: "cancel",
}


def build_bindings(names: Mapping[str, Iterable[str]]) -> Bindings:
    """Return the bindings of the settings, which give the keys for each action's name.

    Raises `SettingsError` as `parse_binding` does, for a key that cannot be used for its action, and for two keys that
    conflict.
    """
    bound: dict[Binding, Action] = {}
    for action in Action:
        for binding in map(parse_binding, names.get(action, ())):
            _check_binding(binding, action)
            for other, other_action in bound.items():
                _check_conflict(other, other_action, binding, action)
            bound[binding] = action
    return bound


def _check_binding(binding: Binding, action: Action) -> None:
    if binding.label in [shortcut.value for shortcut in PasteShortcut] or (
        action is Action.CANCEL and binding.key == "insert"
    ):
        raise SettingsError(
            f"{binding.label} is pressed to put text into windows, so it cannot {_ACTION_VERBS[action]}.",
            "Choose another key.",
        )
    if action is Action.CANCEL and (binding.modifiers or binding.button):
        raise SettingsError(f"{binding.label} cannot cancel.", "Choose one key without others, for example esc.")
    if binding.is_bare_modifier and not action.is_talk and action is not Action.CANCEL:
        raise SettingsError(
            f"{binding.label} by itself is part of every shortcut, so it cannot {_ACTION_VERBS[action]}.",
            "Choose another key, or keys together, for example ctrl+alt+v.",
        )


def _check_conflict(first: Binding, first_action: Action, second: Binding, second_action: Action) -> None:
    """Raise `SettingsError` if the two bindings conflict.

    The cancel key is pressed while others are held, so it conflicts by its key, whatever the modifiers.
    """
    if first == second and first_action is second_action:
        return
    if first == second or (second_action is Action.CANCEL and first.key == second.key):
        raise SettingsError(
            f"{first.label} cannot both {_ACTION_VERBS[first_action]} and {_ACTION_VERBS[second_action]}.",
            "Choose another key for one of the two.",
        )
    if not (first_action.is_talk and second_action.is_talk):
        return
    for bare, chord in ((first, second), (second, first)):
        if bare.is_bare_modifier and bare.key[:-2] in chord.modifiers:
            raise SettingsError(
                f"{bare.label} talks as soon as it is pressed, so {chord.label} never would.",
                f"Choose a key without {bare.key[:-2].title()} for one of the two.",
            )


def summarize_problems(problems: Mapping[Binding, HotkeyError], bindings: Bindings) -> HotkeyError | None:
    """Return the error for keys that are unavailable: None if there are none, else that some are missing or, if no talk
    key is left, that no key is received."""
    if not problems:
        return None
    first = next(iter(problems.values()))
    titles = " ".join(dict.fromkeys(problem.title for problem in problems.values()))
    by_action = {str(bindings[binding]): str(problem) for binding, problem in problems.items()}
    no_talk_key = not any(action.is_talk and binding not in problems for binding, action in bindings.items())
    return UnavailableKeysError(titles, first.remedy, by_action, no_talk_key)


@dataclass(frozen=True, slots=True)
class HeldModifiers:
    """The modifiers that are physically down, and those that belong to the chord itself (the Control keys, or on macOS
    the Command keys), by the system's key codes."""

    down: frozenset[int]
    chord_modifiers: frozenset[int]


@dataclass(frozen=True, slots=True)
class PlatformKeyCodes:
    """A system's key codes: keys and buttons by their settings names, the modifier that each modifier code is, whether
    the hook reports the mouse at all, and the codes of media keys."""

    codes: Mapping[str, int]
    modifiers: Mapping[int, str]
    reports_mouse: bool
    media: frozenset[int] = frozenset()


def _join_names(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
