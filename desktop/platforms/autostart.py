"""Start the app with the session, by an entry where the platform expects one.

The entry is marked as Intone's, so that switching it off never removes one that the user, or a package, has written.
Linux: an entry of the XDG autostart folder; macOS: a launch agent, which follows the documentation and was never run;
Windows: a value of the user's Run key, tried under Wine.
"""

from __future__ import annotations

import logging
import os
import plistlib
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import desktop
from desktop import APP_ID
from desktop.core.errors import UserError
from desktop.core.files import replace_file
from desktop.core.messages import Message

logger = logging.getLogger(__name__)

APP_NAME = "intone"
RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
"""The user's key of Windows' registry whose values are run when the session starts."""

APPROVED_KEY = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
"""Where the Task Manager notes which of them the user has switched off."""

WINDOWED_PROGRAM = "Intone Dictation.exe"
"""The program of a Windows folder that has no console (`packaging/pyinstaller/windows.spec`)."""

OWN_ENTRY_LINE = "X-Intone-Autostart=true"
"""The line that marks an entry as Intone's."""


def app_command(platform: str = sys.platform) -> tuple[str, ...]:
    """Return the command that starts this app: the frozen program, the installed command, else Python.

    Windows' search for a command begins in the current folder, where a program of that name may be any: there only the
    one beside Python counts.
    """
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    is_windows = platform == "win32"
    installed = Path(sys.executable).with_name(f"{APP_NAME}.exe" if is_windows else APP_NAME)
    if installed.exists():
        return (str(installed),)
    found = None if is_windows else shutil.which(APP_NAME)
    return (found,) if found else (sys.executable, "-P", "-m", desktop.__name__)


def entry_path(environ: Mapping[str, str], home: Path, platform: str) -> Path | None:
    """Return the path of the entry; None on Windows, where it is no file."""
    match platform:
        case "win32":
            return None
        case "darwin":
            return home / "Library" / "LaunchAgents" / f"{APP_ID}.plist"
        case _:
            return _autostart_folder(environ, home) / f"{APP_ID}.desktop"


def old_entry_path(environ: Mapping[str, str], home: Path, platform: str) -> Path | None:
    """Return the path that the entry had in earlier versions; None where it is the same."""
    return None if platform in ("win32", "darwin") else _autostart_folder(environ, home) / f"{APP_NAME}.desktop"


def _autostart_folder(environ: Mapping[str, str], home: Path) -> Path:
    return Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "autostart"


def format_desktop_entry(arguments: Sequence[str]) -> str:
    """Return an XDG autostart entry that runs `arguments`."""
    return (
        "[Desktop Entry]\nType=Application\nName=Intone\nComment=Hold a key, speak, let go\n"
        f"Exec={' '.join(quote_exec(word) for word in arguments)}\nIcon={APP_NAME}\nTerminal=false\n"
        f"X-GNOME-Autostart-Delay=2\n{OWN_ENTRY_LINE}\n"
    )


def format_launch_agent(arguments: Sequence[str]) -> bytes:
    """Return a launch agent that runs `arguments` at login."""
    return plistlib.dumps(
        {
            "Label": APP_ID,
            "ProgramArguments": list(arguments),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
        }
    )


def format_run_value(arguments: Sequence[str]) -> str:
    """Return the value of the Run key that runs `arguments`."""
    return subprocess.list2cmdline(arguments)


def windowed_command(command: Sequence[str]) -> tuple[str, ...]:
    """Return `command` by what opens no console on Windows: the folder's windowed program, else Python's, where one is
    beside the command's."""
    program, *arguments = command
    if (windowed := Path(program).with_name(WINDOWED_PROGRAM)).exists():
        return (str(windowed), *arguments)
    if (python := Path(program).with_name("pythonw.exe")).exists():
        return (str(python), *(arguments or ("-P", "-m", desktop.__name__)))
    return tuple(command)


def set_autostart(enabled: bool) -> None:
    """Switch starting with the session on or off. Blocks briefly. Raises `UserError`."""
    if sys.platform == "win32":
        command = format_run_value(windowed_command(app_command())) if enabled else None
        try:
            set_run_value(command, import_module("winreg"))
        except OSError as error:
            raise _unwritable(error, f"HKEY_CURRENT_USER\\{RUN_KEY}") from error
        return
    path = entry_path(os.environ, Path.home(), sys.platform)
    old_path = old_entry_path(os.environ, Path.home(), sys.platform)
    assert path is not None  # it is on every system with entries
    try:
        if enabled:
            _write_entry(
                path,
                format_launch_agent(app_command())
                if sys.platform == "darwin"
                else format_desktop_entry(app_command()).encode(),
            )
        elif is_own_entry(path):
            path.unlink(missing_ok=True)
        elif path.exists():
            raise UserError("autostart-entry-foreign", path=str(path))
        if old_path is not None and is_own_entry(old_path):
            old_path.unlink(missing_ok=True)
        elif old_path is not None and not enabled and old_path.exists():
            raise UserError("autostart-entry-foreign", path=str(old_path))
    except OSError as error:
        raise _unwritable(error, str(path)) from error


def _unwritable(error: OSError, path: str) -> UserError:
    return UserError("autostart-unwritable", reason=error.strerror or Message("system-refusal"), path=path)


def carry_over_autostart() -> None:
    """Give an entry of an earlier version its present name, by which the desktop knows the app. Blocks briefly.

    What it says stays: the user may have switched it off in the desktop, and this may not be the app that it starts.
    """
    path = entry_path(os.environ, Path.home(), sys.platform)
    old_path = old_entry_path(os.environ, Path.home(), sys.platform)
    if path is None or old_path is None or not is_own_entry(old_path):
        return
    try:
        if path.exists():
            old_path.unlink(missing_ok=True)
        else:
            old_path.replace(path)
    except OSError as error:
        logger.warning("the entry for starting with the session keeps its old name: %s", error)


def _write_entry(path: Path, content: bytes) -> None:
    """Write the file atomically, also when the window and the command line do it at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replace_file(path, unique=True) as part:
        part.write(content)
        os.fchmod(part.fileno(), 0o644)


def is_own_entry(path: Path) -> bool:
    """Return whether the entry at `path` is Intone's; False where there is none."""
    try:
        content = path.read_bytes()
    except OSError:
        return False
    return OWN_ENTRY_LINE.encode() in content or APP_ID.encode() in content


def set_run_value(command: str | None, registry: Any) -> None:
    """Have Windows run `command` when the session starts, also where the Task Manager had switched that off, or nothing
    with None. Raises `OSError`. `registry` is the module `winreg`."""
    if command is None:
        _delete_run_value(RUN_KEY, registry)
    else:
        with registry.CreateKeyEx(registry.HKEY_CURRENT_USER, RUN_KEY, 0, registry.KEY_SET_VALUE) as key:
            registry.SetValueEx(key, APP_NAME, 0, registry.REG_SZ, command)
    _delete_run_value(APPROVED_KEY, registry)


def _delete_run_value(path: str, registry: Any) -> None:
    user, rights = registry.HKEY_CURRENT_USER, registry.KEY_SET_VALUE
    with suppress(FileNotFoundError), registry.OpenKey(user, path, 0, rights) as key:
        registry.DeleteValue(key, APP_NAME)


def quote_exec(word: str) -> str:
    """Return `word` quoted for `Exec` of the Desktop Entry Specification.

    There `%` is a code, and a quoted value takes backslashes of which the value's own unescaping removes half.
    """
    word = word.replace("%", "%%")
    if shlex.quote(word) == word:
        return word
    for letter in ("\\", '"', "`", "$"):
        word = word.replace(letter, f"\\{letter}")
    return '"{}"'.format(word.replace("\\", "\\\\"))
