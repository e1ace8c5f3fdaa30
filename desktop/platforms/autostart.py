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
from importlib import import_module
from pathlib import Path

import desktop
from desktop import APP_ID
from desktop.core.errors import UserError
from desktop.core.files import replace_file
from desktop.core.installation import find_app_image
from desktop.core.messages import Message

logger = logging.getLogger(__name__)

APP_NAME = "intone"

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
        return (find_app_image(sys.executable, os.environ) or sys.executable,)
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


def set_autostart(enabled: bool, *, is_chosen: bool = True) -> None:
    """Switch starting with the session on or off. Blocks briefly. Raises `UserError`.

    `is_chosen`: the user has just done so. Otherwise what they switched off in Windows' Task Manager stays off, and
    is the problem that is raised.
    """
    if sys.platform == "win32":
        from desktop.platforms.windows.registry import RUN_KEY
        from desktop.platforms.windows.run_key import set_run_value

        command = _run_command() if enabled else None
        try:
            is_approved = set_run_value(command, import_module("winreg"), is_chosen=is_chosen)
        except OSError as error:
            raise _unwritable(error, f"HKEY_CURRENT_USER\\{RUN_KEY}") from error
        if enabled and not is_approved:
            raise UserError("autostart-disabled")
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


def carry_over_autostart(*, is_wanted: bool = False) -> None:
    """Give an entry of an earlier version its present name, by which the desktop knows the app. Blocks briefly.

    What it says stays: the user may have switched it off in the desktop, and this may not be the app that it starts.
    Only Windows' value is written anew, where the settings want one (`is_wanted`) and the program that it names is
    gone, as after Intone was moved.
    """
    if sys.platform == "win32":
        from desktop.platforms.windows.run_key import mend_run_value

        if not is_wanted:
            return
        try:
            mend_run_value(_run_command, import_module("winreg"))
        except OSError as error:
            logger.warning("what Windows runs at the session's start cannot be read or written: %s", error)
        return
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


def _run_command() -> str:
    return format_run_value(windowed_command(app_command()))


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
