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


def test_restart_keeps_what_an_invalid_line_was_meant_for(desk: Desk) -> None:
    file, valid = desk.home / "settings.toml", '[recognizer]\nengine = "compatible"\n[history]\nprivate = "on"\n'
    file.write_text(valid)
    copy = desk.home / "valid-settings.toml"
    until(lambda: copy.is_file() and copy.read_text() == valid, "what is valid is copied")
    file.write_text('[recogniser]\nengine = "compatible"\n[history]\nprivate = "no"\n')
    assert desk.app is not None
    assert desk.intone("quit").returncode == 0
    assert desk.app.wait(timeout=10) == 0
    desk.start()
    until(lambda: desk.status().get("engine") == "compatible", "the engine is that of before")
    assert desk.intone("settings", "get", "history.private").stdout == "on\n"
    file.write_text("[recognizer]\n")
    until(lambda: desk.status().get("engine") == "whisper", "the default is in force again")
    until(lambda: copy.read_text() == "[recognizer]\n", "what is valid is copied again")
    desk.wait_ready()
