"""What the doctor asks of the keys: whether those of the settings can be had on a display, and what is in their way."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

from Xlib.display import Display

from desktop import context
from desktop.hotkey.bindings import Bindings, missing
from desktop.hotkey.hosts import trouble
from desktop.hotkey.keyboard import Keyboard
from desktop.hotkey.taking import Taken


def can_be_had(bindings: Bindings, display: str) -> str:
    """Take every key for a moment, and say how they are heard. Raises `HotkeyProblem` for those that are not to be had.

    Not to be asked while the app runs: it has them.
    """
    with closing(Keyboard(display)) as keyboard:
        _, troubles = Taken(keyboard).have(bindings)
        problem = missing(troubles, bindings)
    if problem is not None:
        raise problem
    return told(bindings)


def told(bindings: Bindings) -> str:
    """That these keys are heard, in words."""
    return f"XInput 2 hears {' and '.join(binding.label for binding, action in bindings.items() if action.talks)}"


def beside_hosts(bindings: Bindings, display: str) -> str:
    """Whether a program is here that keeps one of the keys for itself. Raises `HotkeyProblem` where one is."""
    with closing(Display(display)) as connection:
        focused = context.active(connection).app
    problem = trouble(bindings, [focused, *_processes()])
    if problem is not None:
        raise problem
    return "No virtual machine or remote desktop has the same host key"


def _processes() -> list[str]:
    """The names of all processes that can be seen."""
    names = []
    for comm in Path("/proc").glob("[0-9]*/comm"):
        with suppress(OSError):  # it has ended meanwhile
            names.append(comm.read_text(errors="replace").strip())
    return names
