"""A desktop without a tray, one whose tray comes late, and one whose tray is driven over D-Bus: its menu sets what is
chosen there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import MODELS
from tests.support.desk import ROOT, Desk, until
from tests.support.tray_host import Line, tray_host


def windows(desk: Desk, within: str = "-root") -> str:
    """The windows of the desk, or those `within` the window of that name, with their names and classes."""
    which = ["-root"] if within == "-root" else ["-name", within]
    done = subprocess.run(["xwininfo", *which, "-tree"], env=desk.environ, capture_output=True, text=True)
    return done.stdout


BELOW = """
import sys
from PySide6.QtWidgets import QApplication
app = QApplication([])
from desktop.core.paths import find_paths
from desktop.settings.live import LiveSettings
from desktop.ui.controllers.app import AppController
from desktop.ui.controllers.controller import ControllerContext
from desktop.ui.tray import TrayIcon
nothing = lambda *asked: None
paths = find_paths()
context = ControllerContext(paths, LiveSettings(paths), nothing, nothing)
tray = TrayIcon(AppController(context, nothing, nothing))
lines = [line for line in tray.menu.actions() if not line.isSeparator()]
titles = [line.text() for line in lines if line.isVisible()]
print(len(titles) - titles.index(sys.argv[1]) - 1)
"""
"""How many lines of the app's own menu are beneath one: keys go through it line by line."""

ICON = re.compile(r'(0x[0-9a-f]+) .*\("intone" "Intone"\) +24x24')


def open_submenu(desk: Desk, icon: str, title: str) -> None:
    """As with the mouse on the icon and then the keyboard."""
    offscreen = desk.environ | {"QT_QPA_PLATFORM": "offscreen"}
    below = subprocess.run(
        [sys.executable, "-c", BELOW, title], env=offscreen, cwd=ROOT, capture_output=True, text=True, check=True
    )
    menus = open_menu(desk, icon)
    xdotool(desk, "key", *(["Up"] * (int(below.stdout) + 1)), "Right")
    until(lambda: windows(desk).count('("intone" "Intone")') > menus, "the submenu is open")


def open_menu(desk: Desk, icon: str) -> int:
    """Click on the icon; how many windows the app has then."""
    before = windows(desk).count('("intone" "Intone")')
    xdotool(desk, "mousemove", "--window", icon, "12", "12", "click", "3")
    until(lambda: windows(desk).count('("intone" "Intone")') > before, "the menu is open")
    return before + 1


def xdotool(desk: Desk, *words: str) -> None:
    subprocess.run(["xdotool", *words], env=desk.environ, check=True, timeout=20)


def chosen(desk: Desk, key: str) -> str:
    return desk.intone("settings", "get", key).stdout.strip()


def test_history_opens_without_tray_and_icon_follows(tmp_path: Path) -> None:
    with Desk(tmp_path / "desk") as desk:
        (desk.home / "models").symlink_to(MODELS)
        desk.start()
        until(lambda: "Intone history" in windows(desk), "the history is open")
        desk.spawn("stalonetray")
        until(lambda: ICON.search(windows(desk, "stalonetray")), "the icon is in the tray")
        desk.wait_ready()
        icon = ICON.search(windows(desk, "stalonetray"))
        assert icon is not None
        open_submenu(desk, icon[1], "Polish")
        xdotool(desk, "key", "Up", "Return")  # the last of them
        until(lambda: chosen(desk, "polish.mode") == "off", "what was chosen in the menu is set")


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_dbus_menu_reports_every_line_and_choice(tmp_path: Path) -> None:
    with Desk(tmp_path / "desk") as desk:
        async with tray_host(desk.environ) as tray:
            desk.start()
            intone = await tray.icon()
            assert [await tray.said(intone, what) for what in ("Title", "Category")] == ["Intone", "ApplicationStatus"]
            private = await tray.line(intone, "Private mode", on=False)
            lines = await tray.menu(intone)
            below = [line for line in lines if line.below]
            assert all(line.label for line in (*lines, *(one for line in below for one in line.below)))
            assert [line.label for line in below] == ["Microphone", "Engine", "Language", "Polish"]
            assert [marked(line) for line in below] == [["System default"], ["Whisper"], ["Any language"], ["Tidy"]]
            switches = {line.label for line in lines if line.mark == "checkmark"}
            assert switches == {"Pause hotkeys", "Private mode", "Note how it sounded"}
            await tray.choose(intone, private)
            await tray.line(intone, "Private mode", on=True)
            assert chosen(desk, "history.private") == "on"
            assert desk.windows() == [], "with a tray no window is open"


def marked(line: Line) -> list[str]:
    """Which of several is chosen."""
    assert all(one.mark == "radio" for one in line.below)
    return [one.label for one in line.below if one.on]
