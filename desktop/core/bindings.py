"""Map keys to actions and check which keys conflict. Pure.

There are two kinds of action. Talking follows the key's press and release, so any key will do. Every other action runs
on a press alone; a modifier by itself would trigger it at every shortcut, so that is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from desktop.core.chords import PasteShortcut
from desktop.core.errors import HotkeyError, SettingsError, SomeKeysError
from desktop.core.keys import Binding, parse_binding


class Action(StrEnum):
    """An action of a key, by its name in the `hotkey` settings, the most important first.

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
            for other, does in bound.items():
                _check_conflict(other, does, binding, action)
            bound[binding] = action
    return bound


def _check_binding(binding: Binding, action: Action) -> None:
    if binding.label in [paste.value for paste in PasteShortcut] or (
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
    return SomeKeysError(titles, first.remedy, by_action, no_talk_key)
