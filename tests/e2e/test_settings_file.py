"""The settings' file, edited by hand while the app runs."""

from __future__ import annotations

from tests.support.desk import Desk, until


def test_file_change_applies_despite_invalid_values(desk: Desk) -> None:
    file = desk.home / "settings.toml"
    file.write_text('[recognizer]\nengine = "compatible"\nchinese = "nonsense"\n')
    until(lambda: desk.status().get("engine") == "compatible", "the engine of the file is the app's")
    file.write_text('[recognizer]\nchinese = "nonsense"\n')
    until(lambda: desk.status().get("engine") == "whisper", "the default is in force again")
    desk.wait_ready()
