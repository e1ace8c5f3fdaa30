"""Settings that are read, written and described on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from anyio import to_thread

from desktop.app.ipc import serve_commands
from desktop.core.errors import RecognizerError
from desktop.core.paths import Paths
from tests.support.command_line import App, Intone, fails, printed


def test_settings_are_read_and_written(intone: Intone, home: Path) -> None:
    assert intone("settings", "get", "polish.mode").stdout == "rules\n"
    assert intone("settings", "set", "recognizer.language", "en, de").returncode == 0
    assert intone("settings", "get", "recognizer.language").stdout == "en,de\n"
    assert "recognizer.language = en,de\n" in intone("settings", "list").stdout
    assert intone("settings", "reset", "recognizer.language").returncode == 0
    assert intone("settings", "get", "recognizer.language").stdout == "auto\n"
    assert intone("settings", "path").stdout == f"{home / 'settings.toml'}\n"


def test_settings_that_cannot_be_fail_with_what_to_do(intone: Intone, home: Path) -> None:
    fails(intone("settings", "set", "polish.mode", "loud"), "Choose off, rules or llm.")
    fails(intone("settings", "get", "polish.mod"), "Did you mean polish.mode?")
    assert not (home / "settings.toml").exists()


def test_a_setting_is_described_with_its_value(intone: Intone) -> None:
    intone("settings", "set", "recognizer.policy", "best")
    assert intone("settings", "describe", "recognizer.policy").stdout.splitlines() == [
        "Of two texts. Where another machine is asked, a local model listens along if there is one.",
        "`best` takes the better of what is there after `recognizer.deadline_ms`.",
        "Value: one of these",
        "  fallback  Local, if it fails or is late",
        "  best      The better of both",
        "  fastest   Whichever is first",
        "Default: fallback",
        "Now: best",
    ]
    assert printed(intone("settings", "describe", "hotkey.undo", "--json")) == [
        {
            "key": "hotkey.undo",
            "label": "Undo",
            "help": "Takes the last text out again, if nothing was typed since.",
            "details": "",
            "form": "keys (`f9`), chords (`ctrl+alt+space`) or mouse buttons (`button8`), separated by commas",
            "choices": [],
            "default": "",
            "value": "",
        }
    ]
    fails(intone("settings", "describe", "polish.mod"), "Did you mean polish.mode?")


def test_settings_get_reports_file_problems_beside(intone: Intone, home: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_text('[polish]\nmode = "loud"\n[audio]\ndevice = "mic"\n')
    done = intone("settings", "get", "audio.device")
    assert (done.returncode, done.stdout) == (0, "mic\n")
    assert "polish.mode cannot be loud." in done.stderr


@pytest.mark.anyio
async def test_a_running_app_is_told_of_a_change(intone: Intone, paths: Paths) -> None:
    app = App()
    async with serve_commands(paths, app.handle):
        await to_thread.run_sync(intone, "settings", "set", "polish.mode", "off")
        await to_thread.run_sync(intone, "settings", "reset", "polish.mode")
        await to_thread.run_sync(intone, "settings", "get", "polish.mode")
        assert app.asked == ["reload", "reload"]
        app.refuses = {
            "ok": False,
            "error": str(RecognizerError("reported-message", title="The model is missing.", advice="Pull it.")),
        }
        done = await to_thread.run_sync(intone, "settings", "set", "recognizer.model", "small")
    fails(done, "The change is saved, but Intone could not apply it. The model is missing. Pull it.")
