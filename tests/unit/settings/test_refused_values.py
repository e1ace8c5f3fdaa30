"""A value that cannot be is refused and not written, and every refusal says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.errors import SettingsError
from desktop.settings.store import write_setting


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("polish.mod", "off", "Did you mean polish.mode?"),
        ("nonsense", "1", "settings list"),
        ("", "1", "settings list"),
        ("polish.mode", "loud", "Choose off, rules or llm."),
        ("emotion.engine", "", "Choose off, local or llm."),
        ("audio.longest_min", "0", "Give a whole number from 1 to 120."),
        ("dictation.end_silence_s", "0.5", "Give 0, or seconds from 0.8 to 30."),
        ("dictation.end_silence_s", "31", "Give 0, or seconds from 0.8 to 30."),
        ("dictation.end_silence_s", "-1", "Give 0, or seconds from 0.8 to 30."),
        ("dictation.end_silence_s", "nan", "Give a number, such as 1.5."),
        ("dictation.end_silence_s", "soon", "Give a number, such as 1.5."),
        ("recognizer.deadline_ms", "soon", "Give a whole number from 100 to 60000."),
        ("engines.openai.url", "api.openai.com", "Give an address such as https://example.org/v1."),
        (
            "engines.openai.url",
            "https://me:key@x.org",
            "Keep the key out of the address: `intone key set` takes it.",
        ),
        ("engines.openai.uri", "https://x.org", "Did you mean engines.openai.url?"),
        (
            "recognizer.engine",
            "telepathy",
            "Choose whisper, openai, openai-live, deepgram,",
        ),
        ("recognizer.model", "  ", "reset it"),
        ("recognizer.language", "english", "languages that Whisper knows"),
        ("recognizer.language", "EN", "Did you mean en?"),
        ("recognizer.language", "auto,en", "`auto` alone"),
        ("recognizer.language", "", "languages that Whisper knows"),
        ("recognizer.language", "auto,layout", "`auto` alone"),
        ("recognizer.layouts", "us", "such as cz=cs or ch=de/fr, not us."),
        ("recognizer.layouts", "=en", "such as cz=cs"),
        ("recognizer.layouts", "us=english", "us=english has a language that Whisper does not know."),
        ("recognizer.layouts", "us=", "us= has a language that Whisper does not know."),
        ("recognizer.layouts", "us=en/auto", "us=en/auto has a language"),
        ("recognizer.layouts", "us=EN", "Did you mean en?"),
        ("recognizer.layouts", "us=en,US=cs", "Name the layout us once."),
        ("history.keep_audio_days", "-1", "from 0 to 36500"),
        ("history.keep_audio_days", "1.5", "whole number"),
        ("history.keep_audio_days", "many", "whole number"),
        ("history.keep_audio_days", "9" * 5000, "whole number"),
        ("look.scale", "900", "Choose system, 100,"),
        ("audio.cue_volume", "101", "from 0 to 100"),
        ("hotkey.talk", "f99", "no key named"),
        ("hotkey.talk", "a", "needed for typing"),
        ("hotkey.talk", "", "Give it a value"),
        ("hotkey.undo", "ctrl_l", "part of every shortcut"),
        ("hotkey.send", "ctrl+f9", "talks as soon as it is pressed"),
        ("hotkey.talk", "esc", "cannot both talk and cancel"),
        ("hotkey.cancel", "ctrl+alt+x", "cannot cancel"),
    ],
)
def test_invalid_value_is_refused_and_not_written(file: Path, key: str, value: str, says: str) -> None:
    with pytest.raises(SettingsError) as refused:
        write_setting(file, key, value)
    assert says in str(refused.value)
    assert len(str(refused.value)) < 300
    assert not file.exists()


@pytest.mark.parametrize("value", ["https://me:secret@x.org", "wss://secret@x.org/v1", "//a@b:secret@x.org"])
def test_key_in_a_refused_address_is_not_quoted(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsError) as raised:
        write_setting(tmp_path / "settings.toml", "engines.openai.url", value)
    assert "@x.org" in str(raised.value)
    assert "secret" not in str(raised.value)
