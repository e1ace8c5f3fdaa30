"""Commands of the app in Windows."""

from __future__ import annotations

from tests.support.desks.wine import WineDesk


def test_help_names_the_commands(desk: WineDesk) -> None:
    shown = desk.intone("--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert all(name in shown.stdout for name in ("transcribe", "history", "settings", "doctor"))


def test_a_setting_is_written_and_read(desk: WineDesk) -> None:
    written = desk.intone("settings", "set", "recognizer.language", "en")
    assert written.returncode == 0, written.stderr
    assert desk.intone("settings", "get", "recognizer.language").stdout.strip() == "en"


def test_status_without_the_app_says_so(desk: WineDesk) -> None:
    shown = desk.intone("status")
    assert (shown.returncode, shown.stdout) == (1, "")
    assert "Intone is not running" in shown.stderr
