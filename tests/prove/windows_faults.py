"""Where installing on Windows cannot be done: what was there before is there afterwards, whole, and is said to be.

With installers of a small folder, of our scripts and names, in the machine of the proof of the real one. A full disk is
a limit on what files may have; a held file is one that another program has open. Wine lets a folder be moved while a
file in it is held, and Windows does not: what Wine cannot show is the refusal of such a move.
"""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.prove.record import ROOT, Line
from tests.support.desk import until
from tests.support.desks.wine import windows_path
from tests.support.installers import QUICK, hold, read_files, write_others

sys.path.append(str(ROOT / "packaging"))
from shipping import windows_installer

if TYPE_CHECKING:
    from tests.prove.windows_install import Machine

FULL_BYTES = 60_000
"""As much as a file may have on a full disk: the programs have more."""

WAIT_S = 120.0


def prove_faults(machine: Machine) -> Line:
    """Try each fault; the machine has no Intone, before and after."""
    first, second, add_on, newer = make_installers(machine)
    place, home = r"C:\small", machine.folder / "prefix/drive_c/small"
    checks = {"others": keeps_others(machine, first)}
    checks["install"] = install(machine, first, place) == 0
    whole = read_files(home)
    checks["full"] = install_on_full(machine, second, place) == 2 and read_files(home) == whole
    with held(machine, home / "intone.exe"):
        checks["held"] = install(machine, second, place) == 2 and read_files(home) == whole
        taken_off = machine.wine(str(home / "uninstall.exe"), "/S", rf"_?={place}").returncode
        checks["uninstall"] = taken_off == 2 and read_files(home) == whole
    end_midway(home)
    with held(machine, home / "intone-before/intone.exe"):
        checks["kept"] = install(machine, second, place) == 3 and (home / "intone-before/intone.exe").exists()
    checks["undone"] = install_on_full(machine, second, place) == 2 and read_files(home) == whole
    checks["add_on"] = install(machine, add_on) == 0
    whole = read_files(home)
    checks["add_on_full"] = install_on_full(machine, newer) == 2 and read_files(home) == whole
    with held(machine, home / "add-ons/LICENCES-cuda.txt"):
        checks["add_on_held"] = install(machine, newer) == 2 and read_files(home) == whole
    machine.wine(str(home / "uninstall.exe"), "/S")
    until(lambda: not home.exists(), "the folder is gone", WAIT_S)
    return {"ok": all(checks.values()), **checks}


def make_installers(machine: Machine) -> tuple[Path, Path, Path, Path]:
    """Make two versions of the app's installer, and two of an add-on's."""
    program = (machine.folder / "prefix/drive_c/windows/system32/notepad.exe").read_bytes()
    made = []
    for kind in ("app", "cuda"):
        for version in ("0.0.1", "0.0.2"):
            folder = machine.folder / "small"
            shutil.rmtree(folder, ignore_errors=True)
            inside = folder / ("_internal" if kind == "app" else "nvidia")
            inside.mkdir(parents=True)
            (inside / "library.dll").write_bytes(program.replace(b"Wine builtin DLL", version.encode().ljust(16)))
            installer = machine.folder / f"small-{kind}-{version}.exe"
            if kind == "app":
                for name in windows_installer.BESIDE:
                    (folder / name).write_bytes(program.replace(b"Wine builtin DLL", version.encode().ljust(16)))
                windows_installer.make_installer(folder, installer, version, *QUICK)
            else:
                (folder / "LICENCES-cuda.txt").write_text(version)
                windows_installer.make_add_on_installer("cuda", folder, installer, version, *QUICK)
            made.append(installer)
    first, second, add_on, newer = made
    return first, second, add_on, newer


def keeps_others(machine: Machine, installer: Path) -> bool:
    """Whether a folder with files of others is refused, and they are there still."""
    folder = machine.folder / "prefix/drive_c/theirs"
    theirs = write_others(folder)
    refused = install(machine, installer, r"C:\theirs") == 2 and read_files(folder) == theirs
    shutil.rmtree(folder)
    return refused


def install(machine: Machine, installer: Path, place: str = "") -> int:
    """Run an installer without a window; return its exit status."""
    return machine.wine(str(installer), "/S", *([f"/D={place}"] if place else [])).returncode


def install_on_full(machine: Machine, installer: Path, place: str = "") -> int:
    """Run an installer that cannot write the programs whole; return its exit status."""
    words = ["wine", str(installer), "/S", *([f"/D={place}"] if place else [])]
    quiet = subprocess.DEVNULL
    return subprocess.run(
        words, env=machine.environ, cwd="/", stdin=quiet, stdout=quiet, stderr=quiet, preexec_fn=fill, timeout=WAIT_S
    ).returncode


def fill() -> None:
    """Limit the files of this process."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FULL_BYTES, FULL_BYTES))


@contextmanager
def held(machine: Machine, file: Path) -> Iterator[None]:
    """Hold a file from entering to leaving."""
    with hold(machine.environ, windows_path(file), machine.folder / "held", WAIT_S):
        yield


def end_midway(home: Path) -> None:
    """Leave the folder as an installer that was ended between two of its moves leaves it."""
    unpacked, before = home / "intone-setup", home / "intone-before"
    unpacked.mkdir()
    before.mkdir()
    (unpacked / "by-the-installer-of-intone").touch()
    for name in ("_internal", "intone.exe", "Intone Dictation.exe"):
        (home / name).rename(before / name)
    (home / "_internal").mkdir()
    (home / "_internal/library.dll").write_text("new")
    for name in (*windows_installer.BESIDE, "uninstall.exe"):
        (unpacked / name).write_text("new")
