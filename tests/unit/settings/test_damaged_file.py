"""A file of settings that is damaged: what is good in it holds, and what a user wrote stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.errors import SettingsError
from desktop.settings.schema import Settings
from desktop.settings.store import load_settings, reset_setting, write_setting
from tests.support.settings import live_settings


def test_one_bad_field_costs_nothing_but_itself(written: Path) -> None:
    written.write_text(
        '[polish]\nmode = "loud"\n[recognizer]\nlanguage = ["de", "klingon"]\nmodel = "small"\n'
        "[history]\nkeep_audio_days = -4\n[audio]\ndevice = 'mic'\nvolume = 11\n[mood]\nx = 1\n"
    )
    settings, warnings = load_settings(written).settings, [*map(str, load_settings(written).warnings)]
    assert settings.recognizer.model == "small"
    assert settings.audio.device == ("mic",)
    assert settings.polish.mode == "rules"
    assert settings.recognizer.language == ("auto",)
    assert settings.history.keep_audio_days == 7
    named = ("Nothing that is", "polish.mode", "recognizer.language", "history.keep_audio_days", "audio.volume", "mood")
    assert len(warnings) == len(named)
    assert all(name in sentence for name, sentence in zip(named, warnings, strict=True))


def test_nested_section_is_salvaged_field_by_field(written: Path) -> None:
    written.write_text(
        '[engines]\nflavour = 1\n[engines.openai]\nurl = "nowhere"\nmodel = "whisper-1"\n[engines.other]\nurl = "x"\n'
    )
    loaded = load_settings(written)
    assert loaded.settings.engines.openai.model == "whisper-1"
    assert loaded.settings.engines.openai.url == ""
    assert [sentence.split(".", 1)[0] for sentence in map(str, loaded.lines)] == [
        "There is no setting named engines",
        "engines",
        "There is no setting named engines",
    ]
    write_setting(written, "engines.openai.url", "https://x.org/v1")
    reset_setting(written, "engines.openai.model")
    assert load_settings(written).chosen.engines.openai.url == "https://x.org/v1"


DEEP = b"a" + b".a" * 2000 + b" = 1\n"
TWICE = b'[engines.openai]\nmodel = "a"\n[audio]\n[engines.deepgram]\n[engines.openai]\nmodel = "b"\n'


@pytest.mark.parametrize("content", [b"[polish\n", b"mode = \n", b"\xff\xfe\x00", b"a = 1\na = 2\n", TWICE, DEEP])
def test_invalid_toml_is_left_alone_and_reported(written: Path, content: bytes) -> None:
    written.write_bytes(content)
    loaded = load_settings(written)
    assert loaded.is_safe_mode
    assert loaded.settings.history == Settings().history
    assert set(loaded.lost_urls.values()) == {str(written)}
    assert str(written) in str(loaded.warnings[0])
    with pytest.raises(SettingsError, match=r"not valid TOML|not text in UTF-8, in line 1"):
        write_setting(written, "polish.mode", "off")
    assert written.read_bytes() == content


def test_unreadable_file_does_not_stop_the_start(written: Path) -> None:
    written.mkdir()
    assert load_settings(written).is_safe_mode
    with pytest.raises(SettingsError, match="cannot be"):
        write_setting(written, "polish.mode", "off")


def test_unreadable_file_keeps_running_settings(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    standing = live_settings(file)
    file.write_text("[history")
    assert str(standing.load().warnings[0]).endswith("The defaults are used.")
    file.write_text('[history]\nprivate = "on"\n')
    assert standing.load() == load_settings(file)
    file.write_text('[history]\nprivate = "on"\n[polish')
    broken = standing.load()
    assert broken.settings.history.private == "on"
    assert str(broken.warnings[0]).endswith("What was in force before still is.")
    file.unlink()
    assert standing.load().settings.history.private == "on"
