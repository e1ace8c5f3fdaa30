"""Name keys and mouse buttons, bind them to actions, and check which of them conflict. Pure.

The names are those of the settings; each platform has a table from them to its own key codes (`PlatformKeyCodes`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce

from desktop.core.chords import PasteShortcut
from desktop.core.errors import HotkeyError, SettingsError, UnavailableKeysError
from desktop.core.messages import Message, RemedyOf

MODIFIERS = ("ctrl", "alt", "shift", "super")
"""The modifiers of a chord, in the order in which they are written."""

SUPER = {"win32": "Win", "darwin": "Command"}.get(sys.platform, "Super")
"""What the key with the system's sign is called here."""

_BARE_MODIFIERS = {
    "ctrl_l": ("Left Ctrl", ("Control_L",)),
    "ctrl_r": ("Right Ctrl", ("Control_R",)),
    "alt_l": ("Left Alt", ("Alt_L",)),
    "alt_r": ("Right Alt", ("Alt_R", "ISO_Level3_Shift")),
    "shift_l": ("Left Shift", ("Shift_L",)),
    "shift_r": ("Right Shift", ("Shift_R",)),
    "super_l": (f"Left {SUPER}", ("Super_L",)),
    "super_r": (f"Right {SUPER}", ("Super_R",)),
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

_BUTTON_CODES = {"Middle Button": "button-middle", "Back Button": "button-back", "Forward Button": "button-forward"}
_NAME_CODES = {"Left": "key-left", "Right": "key-right", "Button": "button-numbered"}
"""Messages for whole labels, and for labels that begin so."""

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
        return "+".join([*map(_label_modifier, self._modifier_names), _KEYS[self.key][0]])

    @property
    def name(self) -> str | Message:
        """The label as a parameter of a message, which says it in the reader's language."""
        return name_key(self.label)

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
        raise SettingsError("chord-modifier-unknown", name=unknown)
    if key in MODIFIERS:
        raise SettingsError("modifier-side-missing", name=name, label=_label_modifier(key), modifier=key)
    if key in ("button1", "button3", "button4", "button5", "button6", "button7"):
        raise SettingsError("button-reserved", name=name)
    if key not in _KEYS:
        raise SettingsError("key-name-unknown", name=key)
    if key in _BARE_MODIFIERS and modifiers:
        raise SettingsError("chord-without-key", name=name)
    if key in _TYPING_KEYS and not {"ctrl", "alt", "super"} & set(modifiers):
        raise SettingsError("typing-key-alone", name=name, key=key)
    return Binding(frozenset(modifiers), key)


def name_key(label: str) -> str | Message:
    """Return the name of the key with this label: a message where the label has words that no keyboard bears."""
    held, _, key = label.rpartition("+")
    first, _, rest = key.partition(" ")
    if key in _BUTTON_CODES:
        name = Message(_BUTTON_CODES[key])
    elif rest and first in _NAME_CODES:
        name = Message(_NAME_CODES[first], key=rest)
    else:
        return label
    return Message("key-chord", held=held, key=name) if held else name


def _label_modifier(name: str) -> str:
    return SUPER if name == "super" else name.title()


def find_keysym_label(keysym: str) -> str:
    """Return the label of the key with this keysym, empty for a keysym that no binding has."""
    return next((label for label, keysyms in _KEYS.values() if keysym in keysyms), "")


class Action(StrEnum):
    """An action of a key, by its name in the `hotkey` settings, the most important first.

    There are two kinds. Talking follows the key's press and release, so any key will do. Every other action runs on a
    press alone; a modifier by itself would trigger it at every shortcut, so that is refused.

    SEND talks and presses Return once the text is known to have arrived; EDIT talks about what to do with the
    selection; AGAIN says a misheard word of the last text again; LANGUAGES switches to the next language of
    `recognizer.language`; EMOTION turns emotion detection on or off; CANCEL works only while there is something to
    cancel.
    """

    TALK = "talk"
    SEND = "send"
    EDIT = "edit"
    AGAIN = "again"
    LANGUAGES = "languages"
    PASTE_LAST = "paste_last"
    UNDO = "undo"
    SWAP = "swap"
    FIND = "find"
    EMOTION = "emotion"
    CANCEL = "cancel"

    @property
    def is_talk(self) -> bool:
        """Whether the key is held, or tapped, to talk."""
        return self in (Action.TALK, Action.SEND, Action.EDIT, Action.AGAIN)


type Bindings = Mapping[Binding, Action]
"""Every bound key and its action. With an empty mapping no key is received."""

_ACTION_VERBS = {
    Action.TALK: Message("action-talk"),
    Action.SEND: Message("action-send"),
    Action.EDIT: Message("action-edit"),
    Action.AGAIN: Message("action-again"),
    Action.LANGUAGES: Message("action-languages"),
    Action.PASTE_LAST: Message("action-paste-last"),
    Action.UNDO: Message("action-undo"),
    Action.SWAP: Message("action-swap"),
    Action.FIND: Message("action-find"),
    Action.EMOTION: Message("action-emotion"),
    Action.CANCEL: Message("action-cancel"),
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
        raise SettingsError("paste-key-bound", key=binding.name, action=_ACTION_VERBS[action])
    if action is Action.CANCEL and (binding.modifiers or binding.button):
        raise SettingsError("cancel-key-unsuited", key=binding.name)
    if binding.is_bare_modifier and not action.is_talk and action is not Action.CANCEL:
        raise SettingsError("modifier-bound-alone", key=binding.name, action=_ACTION_VERBS[action])


def _check_conflict(first: Binding, first_action: Action, second: Binding, second_action: Action) -> None:
    """Raise `SettingsError` if the two bindings conflict.

    The cancel key is pressed while others are held, so it conflicts by its key, whatever the modifiers.
    """
    if first == second and first_action is second_action:
        return
    if first == second or (second_action is Action.CANCEL and first.key == second.key):
        raise SettingsError(
            "key-bound-twice",
            key=first.name,
            first=_ACTION_VERBS[first_action],
            second=_ACTION_VERBS[second_action],
        )
    if not (first_action.is_talk and second_action.is_talk):
        return
    for bare, chord in ((first, second), (second, first)):
        if bare.is_bare_modifier and bare.key[:-2] in chord.modifiers:
            raise SettingsError(
                "chord-unreachable", key=bare.name, chord=chord.name, modifier=_label_modifier(bare.key[:-2])
            )


def summarize_problems(problems: Mapping[Binding, HotkeyError], bindings: Bindings) -> HotkeyError | None:
    """Return the error for keys that are unavailable: None if there are none, else that some are missing or, if no talk
    key is left, that no key is received."""
    if not problems:
        return None
    messages = [*dict.fromkeys(problem.message for problem in problems.values())]
    return UnavailableKeysError(
        "keys-unavailable",
        keys={str(bindings[binding]): problem.message for binding, problem in problems.items()},
        no_talk_key=not any(action.is_talk and binding not in problems for binding, action in bindings.items()),
        problems=reduce(lambda first, second: Message("two-sentences", first=first, second=second), messages),
        advice=RemedyOf(messages[0]),
    )


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
