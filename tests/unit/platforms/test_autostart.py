"""Starting with the session: an entry where the platform looks for it, which is ours alone."""

from __future__ import annotations

import configparser
import plistlib
import sys
from pathlib import Path

import pytest

from desktop.core.errors import UserError
from desktop.platforms import autostart
from desktop.platforms.autostart import (
    carry_over_autostart,
    entry_path,
    format_desktop_entry,
    format_launch_agent,
    format_run_value,
    is_own_entry,
    set_autostart,
    windowed_command,
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "autostart"


def test_desktop_entry_exists_only_while_enabled(folder: Path) -> None:
    set_autostart(True)
    set_autostart(True)
    assert [path.name for path in folder.iterdir()] == ["app.intone.Intone.desktop"]
    made = configparser.ConfigParser(interpolation=None)
    made.optionxform = str  # type: ignore[assignment,method-assign]
    made.read(folder / "app.intone.Intone.desktop")
    assert made["Desktop Entry"]["Type"] == "Application"
    assert made["Desktop Entry"]["Exec"].split()[0].strip('"') == autostart.app_command()[0]
    set_autostart(False)
    set_autostart(False)
    assert list(folder.iterdir()) == []


def test_entry_of_an_earlier_version_gets_the_new_name(folder: Path) -> None:
    carry_over_autostart()
    assert not folder.exists()
    folder.mkdir(parents=True)
    entry = format_desktop_entry(["/old/intone"]) + "X-GNOME-Autostart-enabled=false\nHidden=true\n"
    (folder / "intone.desktop").write_text(entry)
    carry_over_autostart()
    assert [path.name for path in folder.iterdir()] == ["app.intone.Intone.desktop"]
    assert (folder / "app.intone.Intone.desktop").read_text() == entry, "it stays switched off"
    (folder / "intone.desktop").write_text(format_desktop_entry(["/older/intone"]))
    carry_over_autostart()
    assert [path.name for path in folder.iterdir()] == ["app.intone.Intone.desktop"]
    assert (folder / "app.intone.Intone.desktop").read_text() == entry
    set_autostart(False)
    (folder / "intone.desktop").write_text(format_desktop_entry(["/old/intone"]))
    set_autostart(False)
    assert list(folder.iterdir()) == []
    theirs = folder / "intone.desktop"
    theirs.write_text("[Desktop Entry]\nExec=intone\n")
    carry_over_autostart()
    set_autostart(True)
    with pytest.raises(UserError):
        set_autostart(False)
    assert [path.name for path in folder.iterdir()] == ["intone.desktop"]


def test_an_entry_of_another_program_stays_and_is_named(folder: Path) -> None:
    folder.mkdir(parents=True)
    theirs = folder / "app.intone.Intone.desktop"
    theirs.write_text("[Desktop Entry]\nExec=intone\n")
    with pytest.raises(UserError) as told:
        set_autostart(False)
    assert str(theirs) in told.value.remedy
    assert theirs.exists()
    assert not is_own_entry(theirs)


def test_what_cannot_be_written_is_said(folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("a file, and no folder")
    with pytest.raises(UserError, match="cannot be made to start with the session"):
        set_autostart(True)
    folder.unlink()
    set_autostart(True)


@pytest.mark.parametrize(
    ("platform", "environ", "where"),
    [
        ("linux", {}, Path("/home/me/.config/autostart/app.intone.Intone.desktop")),
        ("linux", {"XDG_CONFIG_HOME": "/etc/me"}, Path("/etc/me/autostart/app.intone.Intone.desktop")),
        ("darwin", {}, Path("/home/me/Library/LaunchAgents/app.intone.Intone.plist")),
        ("win32", {}, None),
    ],
)
def test_each_platform_has_its_place(platform: str, environ: dict[str, str], where: Path | None) -> None:
    assert entry_path(environ, Path("/home/me"), platform) == where


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("/usr/bin/intone", "/usr/bin/intone"),
        ("/opt/my apps/intone", '"/opt/my apps/intone"'),
        ("/a%b", "/a%%b"),
        ('/a "b" $c', '"/a \\\\"b\\\\" \\\\$c"'),
    ],
)
def test_what_is_run_is_quoted_as_an_entry_wants_it(word: str, written: str) -> None:
    assert f"\nExec={written}\n" in format_desktop_entry([word])


def test_on_the_other_platforms_it_is_run_as_it_is() -> None:
    words = ("/Applications/My Intone/intone", "run me")
    assert plistlib.loads(format_launch_agent(words))["ProgramArguments"] == list(words)
    assert format_run_value(words) == '"/Applications/My Intone/intone" "run me"'


@pytest.mark.parametrize(
    ("beside", "program", "arguments", "expected"),
    [
        (["Intone Dictation.exe"], "intone.exe", [], ("Intone Dictation.exe",)),
        (["Intone Dictation.exe"], "Intone Dictation.exe", [], ("Intone Dictation.exe",)),
        (["pythonw.exe"], "python.exe", ["-P", "-m", "desktop"], ("pythonw.exe", "-P", "-m", "desktop")),
        (["pythonw.exe"], "intone.exe", [], ("pythonw.exe", "-P", "-m", "desktop")),
        ([], "intone.exe", [], ("intone.exe",)),
    ],
)
def test_windowed_command_opens_no_console(
    tmp_path: Path, beside: list[str], program: str, arguments: list[str], expected: tuple[str, ...]
) -> None:
    for name in beside:
        (tmp_path / name).touch()
    assert windowed_command([str(tmp_path / program), *arguments]) == (str(tmp_path / expected[0]), *expected[1:])


def test_command_on_windows_is_never_one_of_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scripts, current = tmp_path / "scripts", tmp_path / "downloads"
    for name in ("intone", "intone.exe"):
        for folder in (scripts, current):
            folder.mkdir(exist_ok=True)
            (folder / name).touch(mode=0o755)
    monkeypatch.setattr(sys, "executable", str(scripts / "python.exe"))
    monkeypatch.setenv("PATH", str(current))
    monkeypatch.chdir(current)
    assert autostart.app_command("win32") == (str(scripts / "intone.exe"),)
    assert autostart.app_command("linux") == (str(scripts / "intone"),)
    for name in ("intone", "intone.exe"):
        (scripts / name).unlink()
    assert autostart.app_command("win32") == (str(scripts / "python.exe"), "-P", "-m", "desktop")
    if sys.platform != "win32":  # which would look for `intone.exe`, and in the current folder
        assert autostart.app_command("linux") == (str(current / "intone"),)


def test_command_of_an_appimage_is_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/run/user/1/mount/opt/intone/intone")
    monkeypatch.setenv("APPIMAGE", "/home/me/My Apps/intone.AppImage")
    monkeypatch.setenv("APPDIR", "/run/user/1/mount")
    assert autostart.app_command() == ("/home/me/My Apps/intone.AppImage",)
    monkeypatch.setenv("APPDIR", "/run/user/1/mount-of-a-terminal")
    assert autostart.app_command() == ("/run/user/1/mount/opt/intone/intone",)
