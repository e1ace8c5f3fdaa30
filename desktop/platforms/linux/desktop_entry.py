"""Put the application's desktop file and icon where the desktop looks for them, for installs that put none there.

A portal takes a program outside a sandbox for the application whose desktop file it names, if the program in that file
is found. A package of the system has one; a checkout, a wheel and the folder from an archive have none.
"""

from __future__ import annotations

import logging
import os
import shlex
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from desktop import APP_ID
from desktop.core.files import replace_file
from desktop.platforms.autostart import APP_NAME, quote_exec

logger = logging.getLogger(__name__)

OWN_ENTRY_LINE = "X-Intone-Written=true"
"""The line that marks a file as written here."""

FILE_NAME = f"{APP_ID}.desktop"
OLD_FILE_NAME = f"{APP_NAME}.desktop"
"""The name in earlier versions, which an archive's user has copied by hand."""

ENTRY = f"""[Desktop Entry]
Type=Application
Version=1.5
Name=Intone
Name[zh_CN]=Intone 听写
GenericName=Dictation
GenericName[zh_CN]=语音输入
Comment=Hold a key, speak, let go, and the text is in the window you were in
Comment[zh_CN]=按住一个键说话，松开后文字就在当前窗口里
Exec={{command}}
TryExec={{program}}
Icon={APP_NAME}
Terminal=false
StartupNotify=false
StartupWMClass=Intone
SingleMainWindow=true
Categories=Utility;Accessibility;
{OWN_ENTRY_LINE}
"""
"""The file of the packages (`packaging/linux`), with the command that started this app."""

ICON_PATH = Path("icons/hicolor/scalable/apps") / f"{APP_NAME}.svg"
"""Where the icon is that the desktop file names, in a folder of data."""

ICON = """\
<svg xmlns="http://www.w3.org/2000/svg" width="128" height="128" viewBox="0 0 100 100">
  <rect x="6" y="6" width="88" height="88" rx="22" fill="#C44A33"/>
  <g fill="#FFFFFF">
    <rect x="25" y="38.5" width="10" height="23" rx="5"/>
    <rect x="45" y="29" width="10" height="42" rx="5"/>
    <rect x="65" y="35" width="10" height="30" rx="5"/>
  </g>
</svg>
"""
"""The icon of the packages (`packaging/linux`)."""

OWN_ICON = f"{ICON}<!-- {OWN_ENTRY_LINE} -->\n"
"""The icon as it is written here, marked as the desktop file is."""


def install_desktop_entry(environ: Mapping[str, str], home: Path, command: Sequence[str]) -> None:
    """Write the user's desktop file with `command`, unless there is one whose program is found.

    A file that an earlier version was copied to is renamed if its program is found. A user's file hides the system's,
    so one whose program is gone is put aside. Our file comes first, then the icon that it names. Failures are logged:
    without the file the desktop gives no key, without the icon it draws another.
    """
    data = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    try:
        is_written = _install_file(data / "applications", environ, command)
    except OSError as error:
        logger.warning("the desktop file cannot be written: %s", error)
        return
    try:
        _install_icon(data / ICON_PATH, is_written)
    except OSError as error:
        logger.warning("the icon of the desktop file cannot be written: %s", error)


def _install_file(folder: Path, environ: Mapping[str, str], command: Sequence[str]) -> bool:
    """Write the user's desktop file in `folder` where it is needed; return whether the one there is ours."""
    path = folder / FILE_NAME
    _rename_old(folder, environ)
    if path.exists() and not _is_own(path) and not _has_program(path, environ):
        path.replace(path.with_name(f"{FILE_NAME}.old"))
    if any(_has_program(system / FILE_NAME, environ) for system in _list_system_folders(environ)):
        if _is_own(path):
            path.unlink()
        return False
    program = command[0].replace("\\", "\\\\")
    content = ENTRY.format(command=" ".join(map(quote_exec, command)), program=program)
    if _read(path) != content and (_is_own(path) or not path.exists()):
        _write(path, content)
    return _is_own(path)


def _install_icon(icon: Path, is_needed: bool) -> None:
    """Write our icon, or remove it where it is not needed; one of the user's own stays."""
    is_own = OWN_ENTRY_LINE in (content := _read(icon)) or content == ICON
    if is_needed and content != OWN_ICON and (is_own or not icon.exists()):
        _write(icon, OWN_ICON)
    elif is_own and not is_needed:
        icon.unlink()


def _write(path: Path, content: str) -> None:
    """Write a file for every program to read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replace_file(path, unique=True) as part:
        part.write(content.encode())
        os.fchmod(part.fileno(), 0o644)


def _rename_old(folder: Path, environ: Mapping[str, str]) -> None:
    """Rename the user's file of an earlier version: an entry with our program, still there, under the old name."""
    old, path = folder / OLD_FILE_NAME, folder / FILE_NAME
    program = _find_program(_read(old))
    if Path(program).name == APP_NAME and _has_program(old, environ) and not path.exists():
        old.replace(path)


def _list_system_folders(environ: Mapping[str, str]) -> list[Path]:
    folders = environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [Path(folder) / "applications" for folder in folders.split(":") if folder]


def _has_program(path: Path, environ: Mapping[str, str]) -> bool:
    """Return whether there is a desktop file at `path` whose program is found."""
    program = _find_program(_read(path))
    return bool(program) and shutil.which(program, path=environ.get("PATH", os.defpath)) is not None


def _find_program(content: str) -> str:
    """Return the program that a desktop file runs; empty where it names none."""
    for line in content.splitlines():
        if line.startswith("Exec="):
            try:
                return next(iter(shlex.split(line.removeprefix("Exec=").replace("\\\\", "\\"))), "").replace("%%", "%")
            except ValueError:
                return ""
    return ""


def _is_own(path: Path) -> bool:
    return OWN_ENTRY_LINE in _read(path).splitlines()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        return ""
