"""The desktop file by which a portal knows the app, for every kind of install."""

from __future__ import annotations

import stat
from configparser import ConfigParser
from pathlib import Path

import pytest

from desktop.platforms.linux.desktop_entry import (
    FILE_NAME,
    ICON,
    ICON_PATH,
    OLD_FILE_NAME,
    OWN_ENTRY_LINE,
    install_desktop_entry,
)
from tests.support.desk import ROOT


class Home:
    """A home with a folder of programs and one of the system's data."""

    def __init__(self, folder: Path) -> None:
        self.home, self.programs, self.system = folder / "home", folder / "bin", folder / "share"
        self.applications = self.home / ".local" / "share" / "applications"
        self.file = self.applications / FILE_NAME
        self.environ = {"PATH": str(self.programs), "XDG_DATA_DIRS": str(self.system)}

    def program(self, name: str = "intone") -> str:
        self.programs.mkdir(exist_ok=True)
        path = self.programs / name
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
        return str(path)

    def write(self, path: Path, program: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"[Desktop Entry]\nType=Application\nName=Intone\nExec={program}\n")
        return path

    def install(self, *command: str) -> None:
        install_desktop_entry(self.environ, self.home, command)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def entry(path: Path) -> dict[str, str]:
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path)
    return dict(parser["Desktop Entry"])


def test_entry_written_runs_the_command_in_use(home: Home) -> None:
    program = home.program()
    home.install(program, "-m", "a b")
    assert entry(home.file)["Exec"] == f'{program} -m "a b"'
    assert stat.S_IMODE(home.file.stat().st_mode) == 0o644
    assert [path.name for path in home.applications.iterdir()] == [FILE_NAME]


def test_entry_is_hidden_once_its_program_is_gone(home: Home) -> None:
    home.install("/opt/my apps\\new/intone", "run")
    assert entry(home.file)["TryExec"] == "/opt/my apps\\\\new/intone"


def test_entry_says_what_the_packages_say(home: Home) -> None:
    home.install("/opt/intone/intone")
    written, packaged = entry(home.file), entry(ROOT / "packaging" / "linux" / FILE_NAME)
    only_packaged = {"Exec", "TryExec", "Keywords", "Keywords[zh_CN]"}
    assert {key: value for key, value in packaged.items() if key not in only_packaged}.items() <= written.items()


def test_icon_of_the_packages_is_put_beside_the_entry(home: Home) -> None:
    home.install(home.program())
    icons = home.home / ".local" / "share" / "icons" / "hicolor" / "scalable" / "apps"
    icon = icons / f"{entry(home.file)['Icon']}.svg"
    assert icon.read_text().startswith((ROOT / "packaging" / "linux" / "intone.svg").read_text())
    assert stat.S_IMODE(icon.stat().st_mode) == 0o644
    home.write(home.system / "applications" / FILE_NAME, "intone")
    home.install(home.program())
    assert not icon.exists(), "the package's icon is not hidden"


def test_icon_of_the_users_own_stays(home: Home) -> None:
    icon = home.home / ".local" / "share" / ICON_PATH
    icon.parent.mkdir(parents=True)
    icon.write_text("<svg/>")
    home.install(home.program())
    home.write(home.system / "applications" / FILE_NAME, "intone")
    home.install(home.program())
    assert icon.read_text() == "<svg/>"


@pytest.mark.parametrize("old", [ICON, f"<svg><!-- {OWN_ENTRY_LINE} --></svg>"], ids=["unmarked", "earlier"])
def test_icon_of_an_earlier_version_is_renewed(home: Home, old: str) -> None:
    icon = home.home / ".local" / "share" / ICON_PATH
    icon.parent.mkdir(parents=True)
    icon.write_text(old)
    home.install(home.program())
    assert icon.read_text() not in {old, ""}
    icon.write_text(old)
    home.write(home.system / "applications" / FILE_NAME, "intone")
    home.install(home.program())
    assert not icon.exists()


def test_icon_is_not_put_beside_an_entry_of_the_users_own(home: Home) -> None:
    home.write(home.file, home.program("theirs"))
    home.install(home.program())
    assert not (home.home / ".local" / "share" / ICON_PATH).exists()


def test_entry_is_written_where_the_icon_cannot_be(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    icons = home.home / ".local" / "share" / "icons"
    icons.parent.mkdir(parents=True)
    icons.write_text("a file, and no folder")
    home.install(home.program())
    assert entry(home.file)["Exec"] == home.program()
    assert "the icon of the desktop file cannot be written" in caplog.text


def test_entry_follows_an_app_that_moved(home: Home) -> None:
    home.install(home.program("first"))
    moved = home.program("second")
    home.install(moved)
    assert entry(home.file)["Exec"] == moved


def test_entry_of_the_users_own_stays_while_it_works(home: Home) -> None:
    home.write(home.file, home.program("theirs"))
    before = home.file.read_text()
    home.install(home.program())
    assert home.file.read_text() == before
    (home.programs / "theirs").unlink()
    home.install(home.program())
    assert entry(home.file)["Exec"] == home.program()
    assert home.file.with_name(f"{FILE_NAME}.old").read_text() == before


def test_dead_entry_does_not_hide_that_of_a_package(home: Home) -> None:
    home.write(home.system / "applications" / FILE_NAME, "intone")
    home.write(home.file, "/gone/intone")
    old = home.write(home.applications / OLD_FILE_NAME, "/gone/too/intone")
    home.install(home.program())
    assert not home.file.exists()
    assert old.exists()
    home.install(home.program())
    assert not home.file.exists()


def test_entry_of_a_package_is_enough(home: Home) -> None:
    packaged = home.write(home.system / "applications" / FILE_NAME, "intone")
    home.install("/checkout/intone")
    assert home.file.exists(), "the package's program is not found"
    home.program()
    home.install("/checkout/intone")
    assert not home.file.exists()
    assert packaged.exists()


def test_entry_of_an_earlier_version_is_renamed(home: Home) -> None:
    home.write(home.applications / OLD_FILE_NAME, home.program())
    home.install("/elsewhere/intone")
    assert [path.name for path in home.applications.iterdir()] == [FILE_NAME]
    assert entry(home.file)["Exec"] == home.program()
    theirs = home.write(home.applications / OLD_FILE_NAME, "/usr/bin/another")
    home.install("/elsewhere/intone")
    assert theirs.exists()


def test_place_that_cannot_be_written_is_logged(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    home.home.mkdir()
    (home.home / ".local").write_text("a file, and no folder")
    home.install("/opt/intone/intone")
    assert "the desktop file cannot be written" in caplog.text
