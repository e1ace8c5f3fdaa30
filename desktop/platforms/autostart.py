"""Start the app with the session, by an entry where the platform looks for one.

The entry is marked as Intone's, so that switching it off never removes one that the user, or a package, has written.
Linux: an entry of the XDG autostart folder; macOS: a launch agent; Windows: a value of the user's Run key. The latter
two follow the documentation and have not been tested on their platforms.
"""

from __future__ import annotations

import os
import plistlib
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

import desktop
from desktop.core.errors import Problem

NAME = "intone"
LABEL = "app.intone.Intone"
RUN_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
OURS = "X-Intone-Autostart=true"
"""The line that marks an entry as Intone's."""


def command() -> tuple[str, ...]:
    """Return the command that starts this app: the frozen program, the installed command, else Python."""
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    beside = Path(sys.executable).with_name(NAME)
    found = str(beside) if beside.exists() else shutil.which(NAME)
    return (found,) if found else (sys.executable, "-P", "-m", desktop.__name__)


def file(environ: Mapping[str, str], home: Path, platform: str) -> Path | None:
    """Return the path of the entry; None on Windows, where it is no file."""
    match platform:
        case "win32":
            return None
        case "darwin":
            return home / "Library" / "LaunchAgents" / f"{LABEL}.plist"
        case _:
            config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
            return config / "autostart" / f"{NAME}.desktop"


def entry(words: Sequence[str]) -> str:
    """Return an XDG autostart entry that runs `arguments`."""
    return (
        "[Desktop Entry]\nType=Application\nName=Intone\nComment=Hold a key, speak, let go\n"
        f"Exec={' '.join(_quoted(word) for word in words)}\nIcon={NAME}\nTerminal=false\n"
        f"X-GNOME-Autostart-Delay=2\n{OURS}\n"
    )


def agent(words: Sequence[str]) -> bytes:
    """Return a launch agent that runs `arguments` at login."""
    return plistlib.dumps(
        {"Label": LABEL, "ProgramArguments": list(words), "RunAtLoad": True, "ProcessType": "Interactive"}
    )


def run_value(words: Sequence[str]) -> str:
    """Return the value of the Run key that runs `arguments`."""
    return subprocess.list2cmdline(words)


def put(on: bool) -> None:
    """Switch starting with the session on or off. Blocks briefly. Raises `UserError`."""
    path = file(os.environ, Path.home(), sys.platform)
    try:
        if path is None:
            _put_run_value(on)
        elif on:
            _write(path, agent(command()) if sys.platform == "darwin" else entry(command()).encode())
        elif is_ours(path):
            path.unlink(missing_ok=True)
        elif path.exists():
            raise Problem("Another entry starts Intone with the session.", f"It was not made here. Remove {path}.")
    except OSError as error:
        raise Problem(
            "Intone cannot be made to start with the session.", f"{error.strerror or 'The system refused'}: {path}"
        ) from error


def _write(path: Path, content: bytes) -> None:
    """Write the file atomically, also when the window and the command line do it at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as part:
        part.write(content)
    Path(part.name).chmod(0o644)
    Path(part.name).replace(path)


def problem(on: bool) -> Problem | None:
    """Call `set_autostart` and return its error, None when it succeeds."""
    try:
        put(on)
    except Problem as found:
        return found
    return None


def is_ours(path: Path) -> bool:
    """Return whether the entry at `path` is Intone's; False where there is none."""
    try:
        written = path.read_bytes()
    except OSError:
        return False
    return OURS.encode() in written or LABEL.encode() in written


def _put_run_value(on: bool) -> None:
    do = ["add", RUN_KEY, "/v", NAME, "/d", run_value(command())] if on else ["delete", RUN_KEY, "/v", NAME]
    done = subprocess.run(["reg", *do, "/f"], capture_output=True, check=False, timeout=10)
    if done.returncode and on:
        raise OSError(done.returncode, done.stderr.decode(errors="replace").strip())


def _quoted(word: str) -> str:
    """Return `word` quoted for `Exec` of the Desktop Entry Specification.

    There `%` is a code, and a quoted value takes backslashes of which the value's own unescaping removes half.
    """
    word = word.replace("%", "%%")
    if shlex.quote(word) == word:
        return word
    for letter in ("\\", '"', "`", "$"):
        word = word.replace(letter, f"\\{letter}")
    return '"{}"'.format(word.replace("\\", "\\\\"))
