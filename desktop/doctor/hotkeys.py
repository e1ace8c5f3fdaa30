"""Check for `intone doctor` whether the keys of the settings are available on a display and whether other programs use
them."""

from __future__ import annotations

import sys
from contextlib import closing, suppress
from pathlib import Path

from Xlib.display import Display
from Xlib.error import ConnectionClosedError, DisplayError

from desktop.core.errors import HotkeyError
from desktop.core.ipc_client import send_command
from desktop.core.keys import Bindings, summarize_problems
from desktop.core.messages import AND, Message, PartList
from desktop.core.paths import find_paths
from desktop.doctor.app import STATUS_TIMEOUT_S, find_reported_problem
from desktop.hotkeys.conflicts import find_host_key_conflict
from desktop.hotkeys.x11 import KeyGrabs
from desktop.hotkeys.x11_keyboard import XInputKeyboard
from desktop.platforms.linux import x11_focus
from desktop.settings.live import load_in_force


def check_x11_hotkeys(display: str) -> Message:
    """Check that the keys of the settings are heard. Raises `HotkeyError` for keys that are unavailable.

    A running app holds the keys and is asked for its state; otherwise each key is grabbed for a moment.
    """
    running = send_command(find_paths(), "status", STATUS_TIMEOUT_S)
    if running is None:
        _check_grabs(_load_bindings(), display)
    elif (problem := find_reported_problem(running)) is not None:
        raise problem
    talk_keys = [binding.name for binding, action in _load_bindings().items() if action.is_talk]
    return Message("x11-keys-heard", names=PartList(tuple(talk_keys), AND))


def check_host_keys(display: Display) -> Message:
    """Check that no running program uses one of the keys as its host key. Raises `HotkeyError` if one does."""
    problem = find_host_key_conflict(
        _load_bindings(), [x11_focus.find_active_target(display).app, *_list_process_names()]
    )
    if problem is not None:
        raise problem
    return Message("host-keys-free")


def find_host_key_problem(display: str) -> HotkeyError | None:
    """Return the error of `check_host_keys` on this display; None if there is none or the display cannot be opened."""
    if sys.platform != "linux" or not display:
        return None
    try:
        with closing(Display(display)) as connection:
            check_host_keys(connection)
    except HotkeyError as problem:
        return problem
    except (ConnectionClosedError, DisplayError, OSError):
        return None
    return None


def _load_bindings() -> Bindings:
    return load_in_force(find_paths()).settings.hotkey.bindings


def _check_grabs(bindings: Bindings, display: str) -> None:
    with closing(XInputKeyboard(display)) as keyboard:
        _, problems = KeyGrabs(keyboard).update(bindings)
        problem = summarize_problems(problems, bindings)
    if problem is not None:
        raise problem


def _list_process_names() -> list[str]:
    """Return the names of all processes that can be seen."""
    names = []
    for comm in Path("/proc").glob("[0-9]*/comm"):
        with suppress(OSError):  # it has ended meanwhile
            names.append(comm.read_text(errors="replace").strip())
    return names
