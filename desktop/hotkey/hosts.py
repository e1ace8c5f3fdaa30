"""Programs that keep a modifier for themselves while they have the keyboard: virtual machines, remote desktops; pure.

Their host key lets go of the keyboard, or opens their menu. As the talk key it does both at once: one speaks, and the
machine in the window loses the keyboard. Nothing can be taken from them, so another key is offered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop.hotkey.keys import Binding, parse
from desktop.problems import HotkeyProblem


@dataclass(frozen=True, slots=True)
class Host:
    """A program that has a host key: its name, the settings names of that key (a modifier by itself, or modifiers that
    are held together), and what its windows and processes call themselves, in lower case."""

    name: str
    keys: frozenset[str]
    called: frozenset[str]


_RIGHT_CTRL, _CTRL_ALT = frozenset({"ctrl_r"}), frozenset({"ctrl", "alt"})

HOSTS = (
    Host("VirtualBox", _RIGHT_CTRL, frozenset({"virtualboxvm", "virtualbox machine"})),
    Host("Remmina", _RIGHT_CTRL, frozenset({"remmina", "org.remmina.remmina"})),
    Host("FreeRDP", _RIGHT_CTRL, frozenset({"xfreerdp", "xfreerdp3"})),
    Host("VMware", _CTRL_ALT, frozenset({"vmware", "vmware-vmx", "vmplayer", "vmware-view"})),
    Host("virt-viewer", _CTRL_ALT, frozenset({"virt-viewer", "remote-viewer", "virt-manager"})),
    Host("QEMU", _CTRL_ALT, frozenset({"qemu"})),
)
"""By their manuals' defaults; each lets its user choose another host key. QEMU's processes are called after what they
emulate and often have no window, so it is known by its window alone."""

_OFFERS = tuple(map(parse, ("pause", "scroll_lock", "f9", "menu")))


def trouble(bindings: Iterable[Binding], programs: Iterable[str]) -> HotkeyProblem | None:
    """What is wrong with `bindings` beside `programs`, by the classes of windows or the names of processes."""
    there = {program.lower() for program in programs}
    bound = tuple(bindings)
    for host in HOSTS:
        for binding in bound:
            if host.called & there and _is_host_key(binding, host.keys):
                offer = next(other for other in _OFFERS if other not in bound)
                return HotkeyProblem(
                    f"{binding.label} lets go of the keyboard in {host.name}, which runs.",
                    f"Choose another key in the settings, for example {offer.label} ({offer}), or another one there.",
                )
    return None


def _is_host_key(binding: Binding, keys: frozenset[str]) -> bool:
    return {binding.key} == keys if binding.bare_modifier else keys <= binding.modifiers
