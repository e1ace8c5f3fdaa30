"""What one gives up for a key: where it did something in other programs, they no longer get it; pure.

A key is taken whole, so the price is the same in every program. It is said beside the key before somebody wonders why a
page does not reload any more. A modifier by itself is only listened to, and the cancel key is taken for moments.
"""

from __future__ import annotations

from desktop.hotkey.bindings import Action
from desktop.hotkey.keys import Binding

_ALONE = {
    "f1": "opens help",
    "f2": "renames",
    "f3": "finds again",
    "f5": "reloads",
    "f6": "goes to the address",
    "f10": "opens the menu",
    "f11": "fills the screen",
    "f12": "opens the developer's tools",
    "insert": "changes between inserting and overwriting",
    "menu": "opens the menu of what is selected",
    "print": "takes a picture of the screen",
    "button2": "pastes what is selected and opens links in new tabs",
    "button8": "goes back",
    "button9": "goes forward",
}
"""By convention, in many programs."""

_SHORTCUTS = {
    "a": "selects all",
    "c": "copies",
    "f": "finds",
    "n": "makes something new",
    "o": "opens",
    "p": "prints",
    "q": "quits",
    "s": "saves",
    "t": "opens a tab",
    "w": "closes",
    "x": "cuts",
    "y": "does again what was undone",
    "z": "undoes",
}
"""With Ctrl."""


def lost(binding: Binding, action: Action) -> str:
    """What `binding` no longer does elsewhere while it is bound to `action`, in a sentence; empty where nothing much is
    lost."""
    if action is Action.CANCEL:
        return ""
    if binding.bare_modifier:
        types = binding.key.startswith("shift") or binding.key == "alt_r"
        signs = "capitals" if binding.key.startswith("shift") else "signs on some keyboards"
        return f"{binding.label} types {signs}: that goes on, and what it began is dropped." if types else ""
    if binding.modifiers == {"super"}:
        return f"{binding.label} belongs to the desktop, which may not give it, or no longer does what it did."
    did = _did(binding)
    return f"{binding.label} {did} in many programs. They no longer get it." if did else ""


def _did(binding: Binding) -> str:
    if not binding.modifiers:
        return _ALONE.get(binding.key, "")
    if binding.modifiers == {"ctrl"}:
        return _SHORTCUTS.get(binding.key, "")
    if binding.modifiers == {"alt"}:
        alone = {"f4": "closes windows", "tab": "goes to the next window"}
        return alone.get(binding.key, "opens a menu" if len(binding.key) == 1 else "")
    return ""
