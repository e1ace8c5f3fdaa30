"""The settings' file, edited by hand while the app runs."""

from __future__ import annotations

from tests.support.desk import Desk, until


def test_valid_lines_apply_beside_invalid_ones(desk: Desk) -> None:
    file, invalid = desk.home / "settings.toml", 'chinese = "nonsense"\n'
    file.write_text('[recognizer]\nengine = "compatible"\n')
    until(lambda: desk.status().get("engine") == "compatible", "the engine of the file is the app's")
    file.write_text(f'[recognizer]\nengine = "whisper"\n{invalid}')
    until(lambda: desk.status().get("engine") == "whisper", "a service that is switched off is off")
    file.write_text(f'[recognizer]\nengine = "compatible"\n{invalid}')
    until(lambda: desk.status().get("engine") == "compatible", "it was in use before the line was invalid")
    file.write_text("[recognizer]\n")
    until(lambda: desk.status().get("engine") == "whisper", "the default is in force again")
    desk.wait_ready()
