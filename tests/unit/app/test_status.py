"""Nothing leaves the machine unless a setting says so, and then it is named."""

from __future__ import annotations

import pytest

from desktop.app.recipients import list_recipients
from desktop.settings.schema import EmotionSettings, HotkeySettings, PolishSettings, RecognizerSettings, Settings


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({}, {}),
        ({"recognizer": RecognizerSettings(engine="openai")}, {"api.openai.com": ("speech",)}),
        ({"recognizer": RecognizerSettings(engine="deepgram-live")}, {"api.deepgram.com": ("speech",)}),
        ({"recognizer": RecognizerSettings(engine="compatible")}, {"127.0.0.1": ("speech",)}),
        ({"polish": PolishSettings(mode="llm", url="https://llm.example/v1")}, {"llm.example": ("text",)}),
        ({"polish": PolishSettings(mode="llm", url="local"), "emotion": EmotionSettings(engine="llm")}, {}),
        ({"hotkey": HotkeySettings(edit=("f8",))}, {"api.openai.com": ("selected",)}),
        (
            {
                "hotkey": HotkeySettings(edit=("f8",)),
                "polish": PolishSettings(mode="llm", url="https://llm.example/v1"),
            },
            {"llm.example": ("text", "selected")},
        ),
        (
            {"recognizer": RecognizerSettings(engine="openai-live"), "emotion": EmotionSettings(engine="llm")},
            {"api.openai.com": ("speech", "text")},
        ),
    ],
)
def test_who_gets_what(chosen: dict[str, object], found: dict[str, tuple[str, ...]]) -> None:
    assert list_recipients(Settings().model_copy(update=chosen)) == found
