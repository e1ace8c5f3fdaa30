"""The installer over a folder of its own shape: an upgrade while the program runs, nothing of others touched, nothing
changed where a file is held, and nothing left of ours after it.

The program is Wine's Notepad under our names, which does not know how to quit, so that it has to be ended. The real
folder is `make prove-windows-install`'s.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import BUSY_S, ROOT, until
from tests.support.desks.installed import lacking
from tests.support.desks.wine import WINDOWS, WineDesk
from tests.support.installers import QUICK, hold, read_files, write_others

sys.path.append(str(ROOT / "packaging"))
from shipping import windows_installer

PROFILE = WINDOWS.DESK / "prefix/drive_c/users"
UNINSTALL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Intone"
RUN = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"


def ours() -> set[str]:
    """What of the users' files has our name."""
    return {path.relative_to(PROFILE).as_posix() for path in PROFILE.rglob("*") if "intone" in path.name.lower()}


def build(folder: Path, installer: Path, version: str) -> Path:
    """An installer of `version` whose library folder has a file of that name alone."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "_internal").mkdir(parents=True)
    (folder / "_internal" / version).touch()
    program = (WINDOWS.DESK / "prefix/drive_c/windows/system32/notepad.exe").read_bytes()
    for name in windows_installer.BESIDE:
        (folder / name).write_bytes(program.replace(b"Wine builtin DLL", b"for test of ours"))
    windows_installer.make_installer(folder, installer, version, *QUICK)
    return installer


@pytest.fixture
def home(desk: WineDesk) -> Iterator[Path]:
    """The folder into which it is installed."""
    if lacks := lacking(("makensis",)):
        pytest.skip(f"no installer can be made, for want of {', '.join(lacks)}")
    before = ours()
    (local,) = PROFILE.glob("*/AppData/Local")
    yield local / "Programs/Intone"
    assert ours() == before


def test_upgrade_while_it_runs_and_uninstallation(desk: WineDesk, home: Path, tmp_path: Path) -> None:
    def reads(key: str, value: str) -> str:
        return desk.run("wine", "reg", "query", key, "/v", value).stdout

    first = build(tmp_path / "folder", tmp_path / "first.exe", "0.1.0")
    assert desk.run("wine", str(first), "/S").returncode == 0
    assert "0.1.0" in reads(UNINSTALL, "DisplayVersion")
    assert {path.name for path in home.iterdir()} == {*windows_installer.BESIDE, "_internal", "uninstall.exe"}
    program = home / "Intone Dictation.exe"
    desk.run("wine", "reg", "add", RUN, "/v", "intone", "/d", rf'"{windows_place(home)}\{program.name}"', "/f")
    desk.spawn("wine", str(program))
    until(lambda: desk.focused_title() != "", "the program has a window", BUSY_S)

    second = build(tmp_path / "folder", tmp_path / "second.exe", "0.2.0")
    assert desk.run("wine", str(second), "/S").returncode == 0
    assert "0.2.0" in reads(UNINSTALL, "DisplayVersion")
    assert [path.name for path in (home / "_internal").iterdir()] == ["0.2.0"]
    until(lambda: desk.focused_title() != "", "it was started again", BUSY_S)

    desk.run("wine", str(home / "uninstall.exe"), "/S")
    until(lambda: not home.exists(), "the folder is gone", BUSY_S)  # by a copy, for which this one does not wait
    assert not any("REG_SZ" in reads(key, name) for key, name in ((UNINSTALL, "DisplayVersion"), (RUN, "intone")))


def windows_place(folder: Path) -> str:
    """What Windows calls a folder of drive C."""
    return "C:\\" + str(folder.relative_to(PROFILE.parent)).replace("/", "\\")


def test_nothing_is_changed_where_it_cannot_be_done(desk: WineDesk, home: Path, tmp_path: Path) -> None:
    installer = build(tmp_path / "folder", tmp_path / "first.exe", "0.1.0")
    others = PROFILE.parent / "others"
    shutil.rmtree(others, ignore_errors=True)
    theirs = write_others(others)
    for place in (windows_place(others), "C:\\"):
        assert desk.run("wine", str(installer), "/S", f"/D={place}").returncode == 2
        assert not home.exists()
    assert desk.run("wine", str(installer), "/S").returncode == 0
    was = read_files(home)
    assert desk.run("wine", str(installer), "/S", rf"/D={windows_place(others)}\new").returncode == 2
    assert read_files(others) == theirs
    shutil.rmtree(others)
    with hold(desk.environ, windows_place(home / "LICENCES.txt"), tmp_path / "ready", BUSY_S):
        second = build(tmp_path / "folder", tmp_path / "second.exe", "0.2.0")
        assert desk.run("wine", str(second), "/S").returncode == 2
        in_place = f"_?={windows_place(home)}"  # else a copy does it, for whose status nothing waits
        assert desk.run("wine", str(home / "uninstall.exe"), "/S", in_place).returncode == 2
    assert read_files(home) == was
    desk.run("wine", str(home / "uninstall.exe"), "/S")
    until(lambda: not home.exists(), "the folder is gone", BUSY_S)
