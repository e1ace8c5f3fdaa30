"""Find bound keys that virtual machines and remote desktops use as their host key. Pure.

Their host key releases the keyboard or opens their menu. As the talk key it would do both at once: the dictation starts
and the machine in the window loses the keyboard. Such a key cannot be taken from them, so another one is suggested.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop.core.errors import HotkeyError
from desktop.core.keys import Binding, parse_binding


@dataclass(frozen=True, slots=True)
class HostKeyProgram:
    """A program with a host key: its name, the settings names of that key (a bare modifier, or modifiers held
    together), and the names of its windows and processes, in lower case."""

    name: str
    keys: frozenset[str]
    aliases: frozenset[str]


_RIGHT_CTRL, _CTRL_ALT = frozenset({"ctrl_r"}), frozenset({"ctrl", "alt"})

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

_SUGGESTED_KEYS = tuple(map(parse_binding, ("pause", "scroll_lock", "f9", "menu")))


def find_host_key_conflict(bindings: Iterable[Binding], programs: Iterable[str]) -> HotkeyError | None:
    """Return the error for the first of `bindings` that is a host key of one of `programs` (window classes or process
    names); None if there is none."""
    running = {program.lower() for program in programs}
    bound = tuple(bindings)
    for host in HOST_KEY_PROGRAMS:
        for binding in bound:
            if host.aliases & running and _is_host_key(binding, host.keys):
                suggestion = next(other for other in _SUGGESTED_KEYS if other not in bound)
                return HotkeyError(
                    f"{binding.label} lets go of the keyboard in {host.name}, which runs.",
                    f"Choose another key in the settings, for example {suggestion.label} ({suggestion}), "
                    "or another one there.",
                )
    return None


def _is_host_key(binding: Binding, keys: frozenset[str]) -> bool:
    return {binding.key} == keys if binding.is_bare_modifier else keys <= binding.modifiers
