"""What the doctor asks of the keys: whether those of the settings can be had on a display, and what is in their way."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

from Xlib.display import Display
from Xlib.error import DisplayError

from desktop import context
from desktop.control import ask
from desktop.hotkey.bindings import Bindings, missing
from desktop.hotkey.hosts import trouble
from desktop.hotkey.keyboard import Keyboard
from desktop.hotkey.taking import Taken
from desktop.paths import paths
from desktop.problems import HotkeyProblem
from desktop.settings import load

ANSWER_S = 5.0
"""How long the running app may take."""


def heard(display: str) -> str:
    """That the keys of the settings are heard, in words. Raises `HotkeyProblem` for those that are not to be had.

    A running app has them and is asked; where none runs, each is taken for a moment.
    """
    running = ask(paths(), "status", ANSWER_S)
    if running is None:
        _take(_bindings(), display)
    elif said := running.get("hotkey"):
        raise HotkeyProblem(*said)
    return f"XInput 2 hears {' and '.join(binding.label for binding, does in _bindings().items() if does.talks)}"


def beside_hosts(display: Display) -> str:
    """Whether a program is here that keeps one of the keys for itself. Raises `HotkeyProblem` where one is."""
    problem = trouble(_bindings(), [context.active(display).app, *_processes()])
    if problem is not None:
        raise problem
    return "No virtual machine or remote desktop has the same host key"


def host(display: str) -> HotkeyProblem | None:
    """What `beside_hosts` says on the display of that name; None where all is well or nobody answers."""
    try:
        with closing(Display(display)) as connection:
            beside_hosts(connection)
    except HotkeyProblem as problem:
        return problem
    except (DisplayError, OSError):
        return None
    return None


def _bindings() -> Bindings:
    return load(paths().settings).settings.hotkey.bindings


def _take(bindings: Bindings, display: str) -> None:
    with closing(Keyboard(display)) as keyboard:
        _, troubles = Taken(keyboard).have(bindings)
        problem = missing(troubles, bindings)
    if problem is not None:
        raise problem


def _processes() -> list[str]:
    """The names of all processes that can be seen."""
    names = []
    for comm in Path("/proc").glob("[0-9]*/comm"):
        with suppress(OSError):  # it has ended meanwhile
            names.append(comm.read_text(errors="replace").strip())
    return names
