"""Map keys to actions and check which keys conflict. Pure.

There are two kinds of action. Talking follows the key's press and release, so any key will do. Every other action runs
on a press alone; a modifier by itself would trigger it at every shortcut, so that is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from desktop.core.chords import Paste
from desktop.core.errors import HotkeyProblem, SettingsProblem, SomeKeysProblem
from desktop.core.keys import Binding, parse


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
    def talks(self) -> bool:
        """Whether the key is held, or tapped, to talk."""
        return self in (Action.TALK, Action.SEND, Action.EDIT)


type Bindings = Mapping[Binding, Action]
"""Every bound key and its action. With an empty mapping no key is received."""

_DOES = {
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


def bind(names: Mapping[str, Iterable[str]]) -> Bindings:
    """Return the bindings of the settings, which give the keys for each action's name.

    Raises `SettingsError` as `parse_binding` does, for a key that cannot be used for its action, and for two keys that
    conflict.
    """
    bound: dict[Binding, Action] = {}
    for action in Action:
        for binding in map(parse, names.get(action, ())):
            _fit(binding, action)
            for other, does in bound.items():
                _go_together(other, does, binding, action)
            bound[binding] = action
    return bound


def _fit(binding: Binding, action: Action) -> None:
    if binding.label in [paste.value for paste in Paste] or (action is Action.CANCEL and binding.key == "insert"):
        raise SettingsProblem(
            f"{binding.label} is pressed to put text into windows, so it cannot {_DOES[action]}.", "Choose another key."
        )
    if action is Action.CANCEL and (binding.modifiers or binding.button):
        raise SettingsProblem(f"{binding.label} cannot cancel.", "Choose one key without others, for example esc.")
    if binding.bare_modifier and not action.talks and action is not Action.CANCEL:
        raise SettingsProblem(
            f"{binding.label} by itself is part of every shortcut, so it cannot {_DOES[action]}.",
            "Choose another key, or keys together, for example ctrl+alt+v.",
        )


def _go_together(first: Binding, does: Action, second: Binding, also: Action) -> None:
    """Raise `SettingsError` if the two bindings conflict.

    The cancel key is pressed while others are held, so it conflicts by its key, whatever the modifiers.
    """
    if first == second and does is also:
        return
    if first == second or (also is Action.CANCEL and first.key == second.key):
        raise SettingsProblem(
            f"{first.label} cannot both {_DOES[does]} and {_DOES[also]}.", "Choose another key for one of the two."
        )
    if not (does.talks and also.talks):
        return
    for bare, chord in ((first, second), (second, first)):
        if bare.bare_modifier and bare.key[:-2] in chord.modifiers:
            raise SettingsProblem(
                f"{bare.label} talks as soon as it is pressed, so {chord.label} never would.",
                f"Choose a key without {bare.key[:-2].title()} for one of the two.",
            )


def missing(troubles: Mapping[Binding, HotkeyProblem], bindings: Bindings) -> HotkeyProblem | None:
    """Return the error for keys that are unavailable: None if there are none, else that some are missing or, if no talk
    key is left, that no key is received."""
    if not troubles:
        return None
    first = next(iter(troubles.values()))
    told = " ".join(dict.fromkeys(problem.title for problem in troubles.values()))
    by_action = {str(bindings[binding]): str(problem) for binding, problem in troubles.items()}
    deaf = not any(action.talks and binding not in troubles for binding, action in bindings.items())
    return SomeKeysProblem(told, first.remedy, by_action, deaf)
