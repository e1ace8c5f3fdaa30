"""A desktop that shows no tray icons: the history window says how to get a tray, and is one meanwhile."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.ui import no_tray
from desktop.ui.history.window import HistoryWindow
from desktop.ui.no_tray import NoTrayNotice, tray_instructions


@pytest.mark.parametrize(
    ("desktops", "sentence"),
    [
        ("ubuntu:GNOME", "gnome-shell-extension-appindicator"),
        ("KDE", "System Tray"),
        ("XFCE", "Status Tray Plugin"),
        ("sway", "Waybar"),
        ("", "stalonetray"),
    ],
)
def test_each_desktop_has_its_own_way_to_a_tray(desktops: str, sentence: str) -> None:
    assert sentence in tray_instructions(desktops)


def test_settings_and_quit_reachable_without_tray(qtbot, engine) -> None:
    window = HistoryWindow(engine.app())
    qtbot.addWidget(window)
    window.add_header(NoTrayNotice(engine.app(), "GNOME"))
    window.present()
    buttons = {button.text(): button for button in window.findChildren(QPushButton) if button.isVisible()}
    buttons["Settings"].click()
    buttons["Quit Intone"].click()
    assert engine.asked == ["open settings", "quit"]
    assert window.minimumSizeHint().width() <= 1024


def test_the_line_goes_when_a_tray_comes(qtbot, engine, monkeypatch: pytest.MonkeyPatch) -> None:
    line = NoTrayNotice(engine.app(), "")
    qtbot.addWidget(line)
    line.show()
    line.check_tray()
    assert line.isVisible()
    monkeypatch.setattr(no_tray, "is_tray_available", lambda: True)
    line.check_tray()
    assert line.isHidden()
