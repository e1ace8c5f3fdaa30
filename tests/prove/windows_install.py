"""What `make windows` made, under Wine: installed by a user who has nothing, used, upgraded and taken off again.

In a prefix of its own, a copy of that of `make windows-desk` without its Python: what runs is the installer's alone. An
older version is made of the same folder with a file more. The installed app dictates into Notepad before and after
the upgrade; the desk's Python only reads Notepad and holds files. In the end files and registry are compared with those
before, and everything that has our name and is not the user's is left over.

Each step is a result that is not done again; a proof that was killed goes on in the prefix that it left.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from time import monotonic
from typing import Any, Self

from desktop.core.paths import Paths
from tests.conftest import sentences
from tests.prove.record import MODELS, ROOT, Line, Run, tell
from tests.prove.recordings import Absent
from tests.prove.windows_faults import prove_faults
from tests.prove.windows_start import dictate_into_notepad
from tests.support.desk import until
from tests.support.desks.installed import lacking
from tests.support.desks.wine import PROGRAMS, WINDOWS, WindowsSession, windows_path
from tests.support.words import error_rate

sys.path.append(str(ROOT / "packaging"))
from shipping import windows_folder, windows_installer

SETUP = f"intone-{windows_installer.VERSION}-{windows_installer.STEM}-setup.exe"
OLDER = "0.0.9"
STALE = "of-an-older-version.txt"
"""A file that only the older version has."""

WAIT_S = 600.0
"""For what takes seconds on a machine with nothing else to do."""

MISHEARD = 0.3
"""How much of a sentence to Notepad may be heard wrongly: two words of the shortest, on a busy machine."""

UNINSTALL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Intone"
RUN_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"


def prove(run: Run) -> dict[str, Any]:
    """Install where it cannot be done; install, use, upgrade, take off."""
    if lacks := lacking((*PROGRAMS, "makensis")):
        raise Absent(f"this needs {', '.join(lacks)}")
    setups = sorted(ROOT.glob(f"dist/{SETUP}"))
    if not setups or not windows_folder.FOLDER.is_dir():
        raise Absent(f"dist/{SETUP} is not made: make windows")
    folder = run.out / "windows-install"
    if "contents" not in run.lines:  # the first step: what is there is of other code
        shutil.rmtree(folder, ignore_errors=True)
    with Machine(folder) as machine:
        steps: Mapping[str, Callable[[], Line]] = {
            "contents": lambda: contents(setups[-1]),
            "faults": lambda: prove_faults(machine),
            "older": lambda: make_older(machine),
            "install": lambda: install(machine),
            "commands": lambda: use_commands(machine, run.model),
            "start": lambda: start(machine),
            "dictation": lambda: dictate(machine, 1),
            "upgrade": lambda: upgrade(machine, setups[-1]),
            "dictation_upgraded": lambda: dictate(machine, 2),
            "autostart": lambda: switch_autostart(machine),
            "uninstall": lambda: uninstall(machine),
        }
        for name, step in steps.items():
            if name not in run.lines:
                began = monotonic()
                found = step()
                run.lines.add(name, {**found, "step_s": round(monotonic() - began, 1)})
                tell(f"windows-install: {name} {'done' if found['ok'] else 'FAILED'}")
    results = {name: {key: value for key, value in run.lines[name].items() if key != "key"} for name in steps}
    return {"ok": all(found["ok"] for found in results.values()), **results}


class Machine(WindowsSession):
    """A Windows of Wine's in `folder`, into which Intone is installed as any user's."""

    started_in = Path("/")

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        prefix = folder / "prefix"
        if not prefix.is_dir():
            making = folder / "making"
            shutil.rmtree(making, ignore_errors=True)
            shutil.copytree(WINDOWS.DESK / "prefix", making, symlinks=True)
            for left in making.glob("drive_c/users/*/AppData/Local/intone"):
                shutil.rmtree(left)  # by the tests that use the desk
            making.rename(prefix)
        (user,) = (path for path in (prefix / "drive_c/users").iterdir() if path.name != "Public")
        self.local = user / "AppData/Local"
        self.home = self.local / "Programs/Intone"
        self.shortcut = user / "AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Intone.lnk"
        self.program = ("wine", str(self.home / "intone.exe"))

    def __enter__(self) -> Self:
        (self.folder / "home").mkdir(mode=0o700, exist_ok=True)
        with ExitStack() as stack:
            self._begin(stack, WINDOWS.environ(self.folder))
            self._stack = stack.pop_all()
        return self

    def start(self) -> None:
        """Start the app by what the Start menu names."""
        with self.log.open("ab") as log:
            self.app = self.spawn("wine", str(self.home / "Intone Dictation.exe"), stderr=log)

    def wine(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a program of Windows to its end."""
        return self.run("wine", *words, timeout_s=WAIT_S)

    @property
    def paths(self) -> Paths:
        """Where the installed app has its files."""
        folder = self.local / "intone"
        return Paths(folder, folder, folder, folder)

    def status(self) -> dict[str, Any]:
        """What the installed command says; empty while the app does not answer."""
        return self.printed_status()

    def is_ready(self) -> bool:
        """Whether the app runs and has a model."""
        return self.status().get("ready") is True

    def reads(self, key: str, value: str) -> str:
        """A value of the registry, empty where there is none."""
        lines = self.wine("reg", "query", key, "/v", value).stdout.splitlines()
        return next((line.split("    ")[3] for line in lines if line.startswith(f"    {value} ")), "")

    def files(self) -> list[str]:
        """All files and folders of drive C whose path has our name."""
        drive = self.folder / "prefix/drive_c"
        return sorted(
            str(path.relative_to(drive))
            for path in drive.rglob("*")
            if "intone" in str(path).lower()[len(str(drive)) :]
        )

    def registry(self) -> list[str]:
        """All lines of the user's registry that have our name, with their keys."""
        file = self.folder / "registry.reg"
        file.unlink(missing_ok=True)
        self.wine("reg", "export", "HKCU", windows_path(file), "/y")
        key, found = "", []
        for line in file.read_text(encoding="utf-16").splitlines():
            key = line if line.startswith("[") else key
            if "intone" in line.lower():
                found.append(line if line == key else f"{key} {line}")
        return sorted(found)


def contents(setup: Path) -> Line:
    """Read the folder once more, and the sizes that were written beside the installer."""
    problems = windows_installer.find_problems(windows_folder.FOLDER)
    figures = json.loads(setup.with_name(setup.name.replace("-setup.exe", ".sizes.json")).read_text())
    return {
        "ok": not problems,
        "problems": problems,
        "installer_mb": megabytes(setup.stat().st_size),
        "installed_mb": megabytes(figures["installed_bytes"]),
        "components_mb": {name: megabytes(size) for name, size in list(figures["components_bytes"].items())[:12]},
    }


def make_older(machine: Machine) -> Line:
    """Make the older version's installer."""
    folder = machine.folder / "older"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(windows_folder.FOLDER, folder, copy_function=os.link)
    (folder / "_internal" / STALE).write_text("stale\n")
    windows_installer.make_installer(folder, machine.folder / "older.exe", OLDER, "-DFAST")
    shutil.rmtree(folder)
    return {"ok": True}


def install(machine: Machine) -> Line:
    """Install the older version without a window."""
    before = {
        "files": machine.files(),
        "registry": machine.registry(),
        "path": machine.reads(r"HKCU\Environment", "Path"),
    }
    done = machine.wine(str(machine.folder / "older.exe"), "/S")
    on_path = machine.reads(r"HKCU\Environment", "Path")
    found = {
        "exit_status": done.returncode,
        "version": machine.reads(UNINSTALL, "DisplayVersion"),
        "shortcut": machine.shortcut.exists(),
        "path": on_path,
        "before": before,
    }
    good = (done.returncode, found["version"], before["files"], before["registry"]) == (0, OLDER, [], [])
    return {"ok": good and machine.shortcut.exists() and on_path.endswith(r"Programs\Intone"), **found}


def use_commands(machine: Machine, model: str) -> Line:
    """Give the user a setting and a model, transcribe a recording, and run all checks of the doctor."""
    # The setting first: the app's folder is then made by the app, which lets no other user in.
    chosen = machine.intone("settings", "set", "recognizer.model", model)
    shutil.copytree(MODELS / model, machine.local / "intone/models" / model, dirs_exist_ok=True)
    clip = sentences()[0]
    said = machine.intone("transcribe", "--json", windows_path(clip.path))
    text = json.loads(said.stdout or "{}").get("text", "")
    checks = [json.loads(line) for line in machine.intone("doctor", "--json").stdout.splitlines()]
    failed = [check["name"] for check in checks if check.get("ok") is False]
    wrong = round(error_rate(clip.text, text), 3)
    return {
        "ok": wrong <= 0.1 and chosen.returncode == 0 and bool(checks) and not failed,
        "version": machine.intone("--version").stdout.strip(),
        "wrong_words": wrong,
        "text": text,
        "doctor_fails": failed,
    }


def start(machine: Machine) -> Line:
    """Start the app, and look at it."""
    began = monotonic()
    machine.start()
    app = machine.app
    assert app is not None
    until(lambda: app.poll() is not None or machine.is_ready(), "the app is ready, or has ended", WAIT_S)
    ready = round(monotonic() - began, 1)
    machine.picture(machine.folder / "started.png")
    status = machine.intone("status").stdout.strip()
    return {"ok": app.poll() is None, "ready_s": ready, "status": status, "ended": app.poll()}


def dictate(machine: Machine, number: int) -> Line:
    """Dictate a sentence into a Notepad with nothing in it."""
    if not machine.is_ready():
        start(machine)
    rows = len(machine.history())
    found = dictate_into_notepad(machine, sentences()[number], rows + 1, MISHEARD)
    return {"ok": not found["wrong"], **found}


def upgrade(machine: Machine, setup: Path) -> Line:
    """Install the real version over the one that runs."""
    if not machine.is_ready():
        start(machine)
    done = machine.wine(str(setup), "/S")
    machine.app = None  # it has ended: the installer started another
    until(machine.is_ready, "the app is ready again", WAIT_S)
    machine.picture(machine.folder / "upgraded.png")
    found = {
        "exit_status": done.returncode,
        "version": machine.reads(UNINSTALL, "DisplayVersion"),
        "says": machine.intone("--version").stdout.strip(),
        "size_kb": machine.reads(UNINSTALL, "EstimatedSize"),
        "stale": (machine.home / "_internal" / STALE).exists(),
        "put_aside": (machine.home / "before").exists(),
    }
    new = found["version"] == setup.name.split("-")[1] == found["says"].split()[-1]
    return {"ok": done.returncode == 0 and new and not found["stale"] and not found["put_aside"], **found}


def switch_autostart(machine: Machine) -> Line:
    """Have it start with Windows, by its setting."""
    machine.intone("settings", "set", "startup.autostart", "on")
    command = ""

    def is_set() -> bool:
        nonlocal command
        command = machine.reads(RUN_KEY, "intone")
        return bool(command)

    if not machine.is_ready():
        start(machine)
    until(is_set, "the value is in the registry", WAIT_S)
    return {"ok": "Intone Dictation.exe" in command, "command": command}


def uninstall(machine: Machine) -> Line:
    """Take it off while it runs; list what is left."""
    if (machine.home / "uninstall.exe").exists():
        machine.wine(str(machine.home / "uninstall.exe"), "/S")
    until(lambda: not machine.home.exists(), "the folder is gone", WAIT_S)
    files = machine.files()
    own = str((machine.local / "intone").relative_to(machine.folder / "prefix/drive_c"))
    left = [place for place in files if not place.startswith(own)]
    registry = machine.registry()
    path = machine.reads(r"HKCU\Environment", "Path")
    kept = sorted(
        {place.removeprefix(own).strip("/").partition("/")[0] for place in files if place.startswith(own)} - {""}
    )
    return {
        "ok": not left and not registry and "intone" not in path.lower() and "settings.toml" in kept,
        "left_files": left[:20],
        "left_registry": registry[:20],
        "kept_of_the_user": kept,
    }


def megabytes(size: float) -> float:
    """The size in MB."""
    return round(size / 1e6, 1)
