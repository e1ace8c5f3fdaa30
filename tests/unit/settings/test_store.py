"""The settings file: its defaults, and what is written to it beside what a user wrote."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from faster_whisper.tokenizer import _LANGUAGE_CODES

from desktop.core.windows_files import FOLDER_LOCK_NAME
from desktop.settings.schema import LANGUAGES, Settings
from desktop.settings.store import get_setting, list_keys, load_settings, reset_setting, write_setting
from tests.support.private_files import is_private

DEFAULTS = {
    "hotkey.talk": "ctrl_r",
    "hotkey.send": "",
    "hotkey.edit": "",
    "hotkey.again": "",
    "hotkey.languages": "",
    "hotkey.paste_last": "",
    "hotkey.undo": "",
    "hotkey.swap": "",
    "hotkey.find": "",
    "hotkey.emotion": "",
    "hotkey.cancel": "esc",
    "hotkey.tap": "lock",
    "audio.device": "",
    "audio.others": "off",
    "audio.calls": "off",
    "audio.warm": "after",
    "audio.cue": "off",
    "audio.cue_volume": "50",
    "audio.cue_start": "",
    "audio.cue_stop": "",
    "audio.cue_cancel": "",
    "audio.cue_error": "",
    "audio.longest_min": "10",
    "dictation.end_silence_s": "0",
    "dictation.continuous": "off",
    "recognizer.engine": "whisper",
    "recognizer.model": "auto",
    "recognizer.policy": "fallback",
    "recognizer.deadline_ms": "1500",
    "recognizer.language": "auto",
    "recognizer.layouts": "",
    "recognizer.chinese": "auto",
    "recognizer.unload_after_min": "10",
    "recognizer.compare": "asked",
    "engines.openai.url": "https://api.openai.com/v1",
    "engines.openai.model": "auto",
    "engines.openai_live.url": "wss://api.openai.com/v1/realtime",
    "engines.openai_live.model": "auto",
    "engines.deepgram.url": "https://api.deepgram.com",
    "engines.deepgram.model": "nova-3",
    "engines.deepgram_live.url": "wss://api.deepgram.com",
    "engines.deepgram_live.model": "nova-3",
    "engines.compatible.url": "http://127.0.0.1:8000/v1",
    "engines.compatible.model": "auto",
    "network.http": "2",
    "network.plain_keys": "off",
    "vocabulary.words": "",
    "vocabulary.projects": "",
    "vocabulary.notice": "off",
    "polish.mode": "rules",
    "polish.removals": "careful",
    "polish.without": "",
    "polish.url": "https://api.openai.com/v1",
    "polish.model": "auto",
    "polish.budget_ms": "1200",
    "paste.join": "auto",
    "paste.input_method": "auto",
    "paste.live": "off",
    "context.cursor": "off",
    "context.site": "off",
    "emotion.engine": "local",
    "emotion.voice": "recognizer",
    "history.keep_audio_days": "7",
    "history.keep_text_days": "0",
    "history.max_audio_mb": "2000",
    "history.private": "off",
    "history.exclude": "",
    "history.sensitive": "off",
    "history.encrypted": "off",
    "hooks.after": "",
    "hooks.timeout_s": "10",
    "look.theme": "system",
    "look.contrast": "system",
    "look.motion": "system",
    "look.language": "auto",
    "look.scale": "system",
    "look.pill": "live",
    "look.pill_place": "bottom",
    "look.tray": "colour",
    "startup.autostart": "off",
    "updates.check": "off",
    "updates.url": "",
    "updates.key": "",
}


def test_missing_file_gives_defaults_and_stays_missing(file: Path) -> None:
    loaded = load_settings(file)
    assert {key: get_setting(loaded.settings, key) for key in list_keys()} == DEFAULTS
    assert loaded.warnings == ()
    assert not file.parent.exists()


@pytest.mark.parametrize(
    ("key", "value", "held"),
    [
        ("hotkey.talk", "F9", "f9"),
        ("hotkey.talk", "Ctrl_R, button8", "ctrl_r,button8"),
        ("hotkey.send", "", ""),
        ("hotkey.paste_last", "alt + ctrl + v", "ctrl+alt+v"),
        ("hotkey.cancel", "pause", "pause"),
        ("audio.device", 'The "good" one \\ é', 'The "good" one \\ é'),
        ("audio.device", "", ""),
        ("audio.device", "headset, camera", "headset,camera"),
        ("audio.others", "pause", "pause"),
        ("audio.warm", "never", "never"),
        ("audio.cue", "on", "on"),
        ("dictation.end_silence_s", "1.50", "1.5"),
        ("dictation.end_silence_s", "0", "0"),
        ("dictation.end_silence_s", "2", "2"),
        ("recognizer.model", "base", "base"),
        ("recognizer.language", "de", "de"),
        ("recognizer.language", "en, de ,zh", "en,de,zh"),
        ("recognizer.language", "auto", "auto"),
        ("recognizer.language", "layout", "layout"),
        ("recognizer.language", "layout, en,cs, en", "layout,en,cs"),
        ("recognizer.layouts", "us=cs, CH = de/fr,rime=auto", "us=cs,CH = de/fr,rime=auto"),
        ("recognizer.layouts", "", ""),
        ("recognizer.chinese", "traditional", "traditional"),
        ("recognizer.unload_after_min", "0", "0"),
        ("polish.mode", "llm", "llm"),
        ("polish.url", "local", "local"),
        ("emotion.engine", "off", "off"),
        ("history.keep_audio_days", "0", "0"),
        ("recognizer.engine", "openai-live", "openai-live"),
        ("recognizer.policy", "best", "best"),
        ("recognizer.deadline_ms", "900", "900"),
        ("engines.compatible.url", "http://10.0.0.7:9000/v1", "http://10.0.0.7:9000/v1"),
        ("engines.deepgram_live.model", "flux-general-en", "flux-general-en"),
        ("look.scale", "150 %", "150"),
    ],
)
def test_what_is_put_is_there_for_the_next_reader(file: Path, key: str, value: str, held: str) -> None:
    assert get_setting(write_setting(file, key, value), key) == held
    again = load_settings(file)
    assert get_setting(again.settings, key) == held
    assert again.warnings == ()


def test_putting_one_key_leaves_the_others(file: Path) -> None:
    write_setting(file, "polish.mode", "off")
    write_setting(file, "recognizer.language", "en,de")
    settings = write_setting(file, "history.keep_audio_days", "30")
    assert settings.polish.mode == "off"
    assert settings.recognizer.language == ("en", "de")
    assert settings.history.keep_audio_days == 30


def test_writes_keep_comments_order_and_unknown_keys(written: Path) -> None:
    theirs = '# my desk\n[polish]  # quietly\nmode = "off" # for code\n\n[later]\nthing = 1\n\n[audio]\ndevice = "x"\n'
    written.write_text(theirs)
    write_setting(written, "polish.mode", "rules")
    assert written.read_text() == theirs.replace('"off"', '"rules"')


def test_reset_restores_default_and_keeps_comments(written: Path) -> None:
    written.write_text('# my desk\n[polish]\nmode = "off"\n[audio]\ndevice = "x"  # the good one\n')
    settings = reset_setting(written, "polish.mode")
    assert settings.polish.mode == "rules"
    assert settings.audio.device == ("x",)
    assert written.read_text() == '# my desk\n[polish]\n[audio]\ndevice = "x"  # the good one\n'


def test_resetting_what_was_never_set_is_no_mistake(file: Path) -> None:
    assert reset_setting(file, "polish.mode") == Settings()


def test_a_list_in_the_file_may_be_written_either_way(written: Path) -> None:
    for text in ('language = ["en", "de"]', 'language = "en, de"'):
        written.write_text(f"[recognizer]\n{text}\n")
        assert load_settings(written).settings.recognizer.language == ("en", "de")


def test_a_byte_order_mark_is_no_obstacle(written: Path) -> None:
    written.write_bytes(b'\xef\xbb\xbf[polish]\nmode = "off"\n')
    assert load_settings(written).settings.polish.mode == "off"


@pytest.mark.parametrize(
    "content",
    [
        'polish.mode = "off"\n',
        'polish = {mode = "off"}\naudio.device = "x"\n',
        'polish = 3\nother = "x"\n',
        "[polish]\n",
    ],
)
def test_key_is_set_in_any_form_of_its_section(written: Path, content: str) -> None:
    written.write_text(content)
    before = load_settings(written).settings
    write_setting(written, "polish.mode", "llm")
    assert load_settings(written).chosen.polish.mode == "llm"
    assert write_setting(written, "history.keep_audio_days", "3").history.keep_audio_days == 3
    assert load_settings(written).settings.audio == before.audio
    assert load_settings(written).chosen.polish.mode == "llm"


def test_file_is_private_and_leaves_no_other_files(file: Path) -> None:
    write_setting(file, "polish.mode", "off")
    assert is_private(file)
    assert is_private(file.parent)
    lock = {file.with_name(FOLDER_LOCK_NAME)} if sys.platform == "win32" else set[Path]()
    assert {*file.parent.iterdir()} == {file, *lock}


def test_a_linked_file_is_written_where_it_lies(written: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "dotfiles.toml"
    theirs.write_text("")
    written.symlink_to(theirs)
    write_setting(written, "polish.mode", "off")
    assert written.is_symlink()
    assert load_settings(theirs).settings.polish.mode == "off"


def test_writers_at_the_same_time_lose_nothing(file: Path) -> None:
    puts = [
        ("polish.mode", "off"),
        ("emotion.engine", "llm"),
        ("audio.device", "mic"),
        ("recognizer.model", "small"),
        ("history.keep_audio_days", "1"),
        ("recognizer.language", "de"),
        ("hotkey.talk", "f9"),
        ("hotkey.cancel", "pause"),
    ]
    with ThreadPoolExecutor(len(puts)) as pool:
        list(pool.map(lambda pair: write_setting(file, *pair), puts))
    settings = load_settings(file).settings
    assert [(key, get_setting(settings, key)) for key, _ in puts] == puts


def test_our_languages_are_those_that_whisper_knows() -> None:
    assert sorted(LANGUAGES) == sorted(_LANGUAGE_CODES)


def test_settings_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().polish.mode = "off"
