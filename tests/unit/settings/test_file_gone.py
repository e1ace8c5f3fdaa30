"""A file of settings that is gone or empty while the app runs: a write puts back what stood in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from desktop.core.errors import SettingsError
from desktop.settings.live import LiveSettings
from desktop.settings.store import ensure_file, get_setting, load_settings, write_setting
from desktop.vocabulary.edits import VocabularyChange, apply_changes
from tests.support.settings import live_settings

GOOD = """# Nobody's business.
[history]
keep_audio_days = 365
private = "on"
exclude = ["signal"]

[vocabulary]
words = ["heron"]
"""


@pytest.mark.parametrize("text", [None, "", "# mine"])
@pytest.mark.parametrize(
    "written",
    [
        lambda live: live.write_setting("look.pill_place", "dragged"),
        lambda live: live.reset_setting("look.pill_place"),
        LiveSettings.finish_first_run,
    ],
)
def test_what_stood_in_it_is_put_back(
    tmp_path: Path, text: str | None, written: Callable[[LiveSettings], object]
) -> None:
    file = tmp_path / "settings.toml"
    standing = live_settings(file)
    file.write_text(GOOD)
    before = standing.load().settings
    file.unlink()
    if text is not None:
        file.write_text(text)
    written(standing)
    assert file.read_text().startswith(text or GOOD)
    assert GOOD in file.read_text()
    assert standing.load() == load_settings(file)
    assert (load_settings(file).settings.history, load_settings(file).warnings) == (before.history, ())


def test_what_is_written_then_is_in_force(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    standing = live_settings(file)
    file.write_text(GOOD)
    standing.load()
    file.unlink()
    standing.write_setting("look.pill_place", "dragged")
    standing.reset_setting("history.private")
    assert get_setting(standing.load().settings, "look.pill_place") == "dragged"
    assert get_setting(standing.load().settings, "history.private") == "off"
    file.write_text("[history]\n")  # by the user, and so as a whole
    standing.write_setting("polish.mode", "off")
    assert get_setting(standing.load().settings, "history.exclude") == ""


def test_a_word_is_added_to_those_that_were_in_force(tmp_path: Path) -> None:
    file, vocabulary = tmp_path / "settings.toml", tmp_path / "vocabulary.toml"
    file.write_text(GOOD)
    standing = live_settings(file)
    standing.load()
    file.unlink()
    changed = apply_changes([VocabularyChange("words", added={"egret": ""})], standing, vocabulary)
    assert list(changed.words) == ["heron", "egret"]


def test_without_running_app_no_old_file_is_restored(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(GOOD)
    load_settings(file)  # no app that runs
    file.unlink()
    write_setting(file, "polish.mode", "off")
    assert file.read_text() == '[polish]\nmode = "off"\n'


@pytest.mark.parametrize("write", [partial(write_setting, key="polish.mode", value="off"), ensure_file])
def test_inaccessible_folder_raises_settings_error(tmp_path: Path, write: Callable[[Path], object]) -> None:
    with pytest.raises(SettingsError, match="cannot be written"):
        write(tmp_path / ("x" * 300) / "settings.toml")
