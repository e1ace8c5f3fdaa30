"""The settings' file, edited by hand while the app runs."""

from __future__ import annotations

from tests.desk import Desk, until


def test_what_is_written_into_it_is_in_force_and_what_is_nonsense_costs_nothing_else(desk: Desk) -> None:
    file = desk.home / "settings.toml"
    file.write_text('[recognizer]\nengine = "compatible"\nchinese = "nonsense"\n')
    until(lambda: desk.status().get("engine") == "compatible", "the engine of the file is the app's")
    file.write_text('[recognizer]\nchinese = "nonsense"\n')
    until(lambda: desk.status().get("engine") == "whisper", "the default is in force again")
    desk.wait_ready()
