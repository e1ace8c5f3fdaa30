"""Describe conflicts between bound keys and other programs: what a key no longer does there, and host keys. Pure.

A bound key is withheld from every program, so what it did there is lost everywhere. The settings say so beside the key,
before the user wonders why a page no longer reloads. A bare modifier is only listened to, and the cancel key is taken
for moments. A host key, by which a virtual machine or remote desktop gives the keyboard back, cannot be withheld from
it, so another key is suggested.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop.core.errors import HotkeyError
from desktop.core.keys import Action, Binding, parse_binding

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
_RIGHT_CTRL, _CTRL_ALT = frozenset({"ctrl_r"}), frozenset({"ctrl", "alt"})

_SUGGESTED_KEYS = tuple(map(parse_binding, ("pause", "scroll_lock", "f9", "menu", "f8", "f7", "f4")))
"""Keys that few programs need, the best first."""


@dataclass(frozen=True, slots=True)
class HostKeyProgram:
    """A program with a host key, which releases the keyboard or opens its menu.

    `keys` are the settings names of that key (a bare modifier, or modifiers held together), `aliases` the names of the
    program's windows and processes, in lower case.
    """

    name: str
    keys: frozenset[str]
    aliases: frozenset[str]


HOST_KEY_PROGRAMS = (
    HostKeyProgram("VirtualBox", _RIGHT_CTRL, frozenset({"virtualboxvm", "virtualbox machine"})),
    HostKeyProgram("Remmina", _RIGHT_CTRL, frozenset({"remmina", "org.remmina.remmina"})),
    HostKeyProgram("FreeRDP", _RIGHT_CTRL, frozenset({"xfreerdp", "xfreerdp3"})),
    HostKeyProgram("VMware", _CTRL_ALT, frozenset({"vmware", "vmware-vmx", "vmplayer", "vmware-view"})),
    HostKeyProgram("virt-viewer", _CTRL_ALT, frozenset({"virt-viewer", "remote-viewer", "virt-manager"})),
    HostKeyProgram("QEMU", _CTRL_ALT, frozenset({"qemu"})),
)
"""Programs and their host keys by their manuals' defaults; each lets its user choose another one. QEMU's processes are
named after what they emulate and often have no window, so QEMU is recognized by its window alone."""


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


def find_host_key_conflict(bindings: Iterable[Binding], programs: Iterable[str]) -> HotkeyError | None:
    """Return the error for the first of `bindings` that is a host key of one of `programs` (window classes or process
    names); None if there is none."""
    running = {program.lower() for program in programs}
    bound = tuple(bindings)
    for host in HOST_KEY_PROGRAMS:
        for binding in bound:
            if host.aliases & running and _is_host_key(binding, host.keys):
                suggestion = next((other for other in _SUGGESTED_KEYS if other not in bound), _SUGGESTED_KEYS[0])
                return HotkeyError(
                    f"{binding.label} lets go of the keyboard in {host.name}, which runs.",
                    f"Choose another key in the settings, for example {suggestion.label} ({suggestion}), "
                    "or another one there.",
                )
    return None


def _is_host_key(binding: Binding, keys: frozenset[str]) -> bool:
    return {binding.key} == keys if binding.is_bare_modifier else keys <= binding.modifiers
