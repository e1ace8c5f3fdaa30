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
from desktop.core.messages import Message

_SINGLE_KEYS = {
    "f1": "key-lost-help",
    "f2": "key-lost-rename",
    "f3": "key-lost-find-again",
    "f5": "key-lost-reload",
    "f6": "key-lost-address",
    "f10": "key-lost-menu",
    "f11": "key-lost-full-screen",
    "f12": "key-lost-developer-tools",
    "insert": "key-lost-overwriting",
    "menu": "key-lost-context-menu",
    "print": "key-lost-screenshot",
    "button2": "key-lost-middle-click",
    "button8": "key-lost-back",
    "button9": "key-lost-forward",
}
"""What single keys do in many programs, by convention, as codes of messages."""

_WITH_CTRL = {
    "a": "key-lost-select-all",
    "c": "key-lost-copy",
    "f": "key-lost-find",
    "n": "key-lost-new",
    "o": "key-lost-open",
    "p": "key-lost-print",
    "q": "key-lost-quit",
    "s": "key-lost-save",
    "t": "key-lost-new-tab",
    "w": "key-lost-close",
    "x": "key-lost-cut",
    "y": "key-lost-redo",
    "z": "key-lost-undo",
}
"""What keys do with Ctrl."""

_WITH_ALT = {
    "f4": "key-lost-close-window",
    "tab": "key-lost-next-window",
}
"""What keys do with Alt; letters open menus."""

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


def describe_lost_function(binding: Binding, action: Action) -> Message | None:
    """Return what `binding` no longer does in other programs while bound to `action`; None if nothing much."""
    code = None if action is Action.CANCEL else _find_lost_function(binding)
    return Message(code, key=binding.name) if code is not None else None


def _find_lost_function(binding: Binding) -> str | None:
    if binding.is_bare_modifier and binding.key.startswith("shift"):
        return "key-typing-capitals"
    if binding.is_bare_modifier:
        return "key-typing-signs" if binding.key == "alt_r" else None
    if not binding.modifiers:
        return _SINGLE_KEYS.get(binding.key)
    if binding.modifiers == {"ctrl"}:
        return _WITH_CTRL.get(binding.key)
    if binding.modifiers == {"alt"}:
        return _WITH_ALT.get(binding.key, "key-lost-menu-letter" if len(binding.key) == 1 else None)
    return "key-of-the-desktop" if binding.modifiers == {"super"} else None


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
                    "host-key-conflict",
                    key=binding.name,
                    program=host.name,
                    suggestion=suggestion.name,
                    name=str(suggestion),
                )
    return None


def _is_host_key(binding: Binding, keys: frozenset[str]) -> bool:
    return {binding.key} == keys if binding.is_bare_modifier else keys <= binding.modifiers
