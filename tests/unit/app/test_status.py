"""Nothing leaves the machine unless a setting says so, and then it is named."""

from __future__ import annotations

import pytest

from desktop.app.leaving import leaving
from desktop.settings.schema import Hotkey, Mood, Polish, Recognizer, Settings


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({}, {}),
        ({"recognizer": Recognizer(engine="openai")}, {"api.openai.com": ("speech",)}),
        ({"recognizer": Recognizer(engine="deepgram-live")}, {"api.deepgram.com": ("speech",)}),
        ({"recognizer": Recognizer(engine="compatible")}, {"127.0.0.1": ("speech",)}),
        ({"polish": Polish(mode="llm", url="https://llm.example/v1")}, {"llm.example": ("text",)}),
        ({"polish": Polish(mode="llm", url="local"), "emotion": Mood(engine="llm")}, {}),
        ({"hotkey": Hotkey(edit=("f8",))}, {"api.openai.com": ("selected",)}),
        (
            {"hotkey": Hotkey(edit=("f8",)), "polish": Polish(mode="llm", url="https://llm.example/v1")},
            {"llm.example": ("text", "selected")},
        ),
        (
            {"recognizer": Recognizer(engine="openai-live"), "emotion": Mood(engine="llm")},
            {"api.openai.com": ("speech", "text")},
        ),
    ],
)
def test_who_gets_what(chosen: dict[str, object], found: dict[str, tuple[str, ...]]) -> None:
    assert leaving(Settings().model_copy(update=chosen)) == found
