"""Describe what a bound key no longer does in other programs. Pure.

A key is withheld from every program, so the loss is the same everywhere. The settings say it beside the key, before the
user wonders why a page no longer reloads. A bare modifier is only listened to, and the cancel key is taken for moments.
"""

from __future__ import annotations

from desktop.core.bindings import Action
from desktop.core.keys import Binding

_SINGLE_KEYS = {
    "f1": "{0} opens help in many programs. They no longer get it.",
    "f2": "{0} renames in many programs. They no longer get it.",
    "f3": "{0} finds again in many programs. They no longer get it.",
    "f5": "{0} reloads in many programs. They no longer get it.",
    "f6": "{0} goes to the address in many programs. They no longer get it.",
    "f10": "{0} opens the menu in many programs. They no longer get it.",
    "f11": "{0} fills the screen in many programs. They no longer get it.",
    "f12": "{0} opens the developer's tools in many programs. They no longer get it.",
    "insert": "{0} changes between inserting and overwriting in many programs. They no longer get it.",
    "menu": "{0} opens the menu of what is selected in many programs. They no longer get it.",
    "print": "{0} takes a picture of the screen in many programs. They no longer get it.",
    "button2": "{0} pastes what is selected and opens links in new tabs in many programs. They no longer get it.",
    "button8": "{0} goes back in many programs. They no longer get it.",
    "button9": "{0} goes forward in many programs. They no longer get it.",
}
"""What single keys do in many programs, by convention."""

_WITH_CTRL = {
    "a": "{0} selects all in many programs. They no longer get it.",
    "c": "{0} copies in many programs. They no longer get it.",
    "f": "{0} finds in many programs. They no longer get it.",
    "n": "{0} makes something new in many programs. They no longer get it.",
    "o": "{0} opens in many programs. They no longer get it.",
    "p": "{0} prints in many programs. They no longer get it.",
    "q": "{0} quits in many programs. They no longer get it.",
    "s": "{0} saves in many programs. They no longer get it.",
    "t": "{0} opens a tab in many programs. They no longer get it.",
    "w": "{0} closes in many programs. They no longer get it.",
    "x": "{0} cuts in many programs. They no longer get it.",
    "y": "{0} does again what was undone in many programs. They no longer get it.",
    "z": "{0} undoes in many programs. They no longer get it.",
}
"""What keys do with Ctrl."""


_WITH_ALT = {
    "f4": "{0} closes windows in many programs. They no longer get it.",
    "tab": "{0} goes to the next window in many programs. They no longer get it.",
}
_ALT_LETTER = "{0} opens a menu in many programs. They no longer get it."
_WITH_SUPER = "{0} belongs to the desktop, which may not give it, or no longer does what it did."
_BARE_SHIFT = "{0} types capitals: that goes on, and what it began is dropped."
_BARE_ALT_GR = "{0} types signs on some keyboards: that goes on, and what it began is dropped."


def describe_lost_function(binding: Binding, action: Action) -> str:
    """Return a sentence on what `binding` no longer does in other programs while bound to `action`; empty if nothing
    much."""
    return "" if action is Action.CANCEL else _lost_function_text(binding).format(binding.label)


def _lost_function_text(binding: Binding) -> str:
    if binding.is_bare_modifier:
        return _BARE_SHIFT if binding.key.startswith("shift") else _BARE_ALT_GR if binding.key == "alt_r" else ""
    if not binding.modifiers:
        return _SINGLE_KEYS.get(binding.key, "")
    if binding.modifiers == {"ctrl"}:
        return _WITH_CTRL.get(binding.key, "")
    if binding.modifiers == {"alt"}:
        return _WITH_ALT.get(binding.key, _ALT_LETTER if len(binding.key) == 1 else "")
    return _WITH_SUPER if binding.modifiers == {"super"} else ""
