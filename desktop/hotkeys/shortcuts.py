"""Translate between our key bindings and the shortcuts of the GlobalShortcuts portal. Pure.

A portal says which shortcuts it bound in a list, with a description of each trigger for the user. The list is what
counts: GNOME's portal leaves the status of an answer undefined, and KDE's reports success for a shortcut without a key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from dbus_fast import Variant

from desktop.core.keys import MODIFIERS, Action, Binding, Bindings, find_keysym_label
from desktop.core.messages import Message, Translate, render_title

_TRIGGER_MODIFIERS = {"ctrl": "CTRL", "alt": "ALT", "shift": "SHIFT", "super": "LOGO"}

_MODIFIER_LABELS = {
    "control": "Ctrl",
    "ctrl": "Ctrl",
    "primary": "Ctrl",
    "alt": "Alt",
    "shift": "Shift",
} | dict.fromkeys(("super", "meta", "logo"), "Super")

_ACCELERATOR = re.compile(r"(?<![A-Za-z0-9_<>])((?:<[A-Za-z0-9]+>)*)([A-Za-z0-9_]+)(?![A-Za-z0-9_<>])")
"""A key as GTK writes it, `<Control><Alt>space`, within a sentence of any language."""

DESCRIPTIONS = {
    Action.TALK: Message("shortcut-talk"),
    Action.SEND: Message("shortcut-send"),
    Action.EDIT: Message("shortcut-edit"),
    Action.AGAIN: Message("shortcut-again"),
    Action.LANGUAGES: Message("shortcut-languages"),
    Action.PASTE_LAST: Message("shortcut-paste-last"),
    Action.UNDO: Message("shortcut-undo"),
    Action.SWAP: Message("shortcut-swap"),
    Action.FIND: Message("shortcut-find"),
    Action.EMOTION: Message("shortcut-emotion"),
}
"""Descriptions of the actions in the desktop's dialog. The cancel key is not requested."""


def preferred_trigger(binding: Binding, action: Action) -> str:
    """Return the key as the portal's specification writes it: modifiers, then a keysym.

    For a key that cannot be written so, returns F9 for talking, and otherwise an empty string, which leaves the choice
    to the user.
    """
    if binding.is_bare_modifier or not binding.keysyms:
        return "F9" if action is Action.TALK else ""
    return "+".join(
        [*(_TRIGGER_MODIFIERS[name] for name in MODIFIERS if name in binding.modifiers), binding.keysyms[0]]
    )


def proposed_triggers(bindings: Bindings) -> dict[Action, str]:
    """Return the shortcuts to request: each action that has a key, and the proposed trigger."""
    first = {action: binding for binding, action in reversed(list(bindings.items()))}
    return {action: preferred_trigger(first[action], action) for action in DESCRIPTIONS if action in first}


def proposed_label(trigger: str) -> str:
    """Return the keys of a trigger as printed on keyboards: `CTRL+ALT+space` is Ctrl+Alt+Space."""
    *modifiers, keysym = trigger.split("+")
    return "+".join([*(_MODIFIER_LABELS[name.lower()] for name in modifiers), find_keysym_label(keysym) or keysym])


def describe_actions(translate: Translate = str) -> dict[Action, str]:
    """Return the actions' descriptions in the language of `translate`."""
    return {action: render_title(message, translate) for action, message in DESCRIPTIONS.items()}


def shortcut_options(description: str, trigger: str) -> dict[str, Variant]:
    """Return the options of a shortcut for the portal."""
    options = {"description": Variant("s", description)}
    return options | {"preferred_trigger": Variant("s", trigger)} if trigger else options


def read_shortcuts(answer: Mapping[str, Variant]) -> dict[str, str | None]:
    """Return the shortcuts that a portal's answer lists, each with the description of its trigger.

    The description is empty for a shortcut without a key, and None where the portal does not describe triggers.
    """
    shortcuts = answer.get("shortcuts")
    return parse_shortcuts(shortcuts.value) if shortcuts is not None and shortcuts.signature == "a(sa{sv})" else {}


def parse_shortcuts(shortcuts: list[tuple[str, Mapping[str, Variant]]]) -> dict[str, str | None]:
    """Return the value of type `a(sa{sv})` as `read_shortcuts` does."""
    descriptions = {name: about.get("trigger_description") for name, about in shortcuts}
    return {
        name: str(text.value).strip() if text is not None and text.signature == "s" else None
        for name, text in descriptions.items()
    }


def trigger_label(description: str) -> str:
    """Return the keys in the description of a trigger, without the sentence around it: `Press <Control>F9` is Ctrl+F9.

    A single character without modifiers counts where no more than one word stands beside it.
    Returns the description where no key is found in it.
    """
    if "+" in description:  # as Qt writes keys, which is how they are read
        return description
    labels = []
    for modifiers, keysym in _ACCELERATOR.findall(description):
        if not modifiers and len(keysym) == 1 and len(description.split()) > 2:  # a word of the sentence
            continue
        if label := find_keysym_label(keysym) or (modifiers and keysym):
            held = [_MODIFIER_LABELS.get(name.lower(), name) for name in re.findall(r"<([^>]+)>", modifiers)]
            labels.append("+".join([*held, label]))
    return " or ".join(labels) or description
