"""A file of settings that is gone or empty while the app runs: a write puts back what stood in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from desktop.core.errors import SettingsProblem
from desktop.settings.store import Standing, begin, get, load, put, reset
from desktop.vocabulary.edits import Change, make

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
    "written", [partial(put, key="look.pill_place", value="dragged"), partial(reset, key="look.pill_place"), begin]
)
def test_what_stood_in_it_is_put_back(tmp_path: Path, text: str | None, written: Callable[[Path], object]) -> None:
    file = tmp_path / "settings.toml"
    standing = Standing(file)
    file.write_text(GOOD)
    before = standing.load().settings
    file.unlink()
    if text is not None:
        file.write_text(text)
    written(file)
    assert file.read_text().startswith(text or GOOD)
    assert GOOD in file.read_text()
    assert standing.load() == load(file)
    assert (load(file).settings.history, load(file).dropped) == (before.history, ())


def test_what_is_written_then_is_in_force(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    standing = Standing(file)
    file.write_text(GOOD)
    standing.load()
    file.unlink()
    put(file, "look.pill_place", "dragged")
    reset(file, "history.private")
    assert get(standing.load().settings, "look.pill_place") == "dragged"
    assert get(standing.load().settings, "history.private") == "off"
    file.write_text("[history]\n")  # by the person, and so as a whole
    put(file, "polish.mode", "off")
    assert get(standing.load().settings, "history.exclude") == ""


def test_a_word_is_added_to_those_that_were_in_force(tmp_path: Path) -> None:
    file, vocabulary = tmp_path / "settings.toml", tmp_path / "vocabulary.toml"
    file.write_text(GOOD)
    Standing(file).load()
    file.unlink()
    assert list(make([Change("words", put={"egret": ""})], file, vocabulary).words) == ["heron", "egret"]


def test_without_running_app_no_old_file_is_restored(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(GOOD)
    load(file)  # no app that runs
    file.unlink()
    put(file, "polish.mode", "off")
    assert file.read_text() == '[polish]\nmode = "off"\n'


@pytest.mark.parametrize("write", [partial(put, key="polish.mode", value="off"), begin])
def test_inaccessible_folder_raises_settings_error(tmp_path: Path, write: Callable[[Path], object]) -> None:
    with pytest.raises(SettingsProblem, match="cannot be written"):
        write(tmp_path / ("x" * 300) / "settings.toml")
