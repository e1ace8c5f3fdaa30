"""Check for `intone doctor` whether the keys of the settings are available on a display and whether other programs use
them."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

from Xlib.display import Display
from Xlib.error import DisplayError

from desktop.app.ipc import ask
from desktop.core.bindings import Bindings, missing
from desktop.core.errors import HotkeyProblem
from desktop.core.paths import paths
from desktop.hotkeys.hosts import trouble
from desktop.hotkeys.taking import Taken
from desktop.hotkeys.x11_keyboard import Keyboard
from desktop.platforms.linux import x11_focus as context
from desktop.settings.store import load

ANSWER_S = 5.0
"""Seconds to wait for the running app's answer."""


def heard(display: str) -> str:
    """Return a text that says which talk keys work. Raises `HotkeyError` for keys that are unavailable.

    A running app holds the keys and is asked for its state; otherwise each key is grabbed for a moment.
    """
    running = ask(paths(), "status", ANSWER_S)
    if running is None:
        _take(_bindings(), display)
    elif said := running.get("hotkey"):
        raise HotkeyProblem(*said)
    return f"XInput 2 hears {' and '.join(binding.label for binding, does in _bindings().items() if does.talks)}"


def beside_hosts(display: Display) -> str:
    """Return a text that no running program uses one of the keys as its host key. Raises `HotkeyError` if one does."""
    problem = trouble(_bindings(), [context.active(display).app, *_processes()])
    if problem is not None:
        raise problem
    return "No virtual machine or remote desktop has the same host key"


def host(display: str) -> HotkeyProblem | None:
    """Return the error of `check_host_keys` on this display; None if there is none or the display cannot be opened."""
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
    """Return the names of all processes that can be seen."""
    names = []
    for comm in Path("/proc").glob("[0-9]*/comm"):
        with suppress(OSError):  # it has ended meanwhile
            names.append(comm.read_text(errors="replace").strip())
    return names
