"""When a decode is not believed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from desktop.stt.guards import (
    BRIEF_VOICE_S,
    COVERAGE_MIN_VOICE_S,
    LOW_LOG_PROBABILITY,
    NO_SPEECH_PROBABILITY,
    DecodeEvidence,
    check_guards,
    is_certain_speech,
    is_hallucination,
    is_repetitive,
    max_tokens,
)

PLAIN = DecodeEvidence("We meet on Tuesday.", 5, 1.6, -0.3, 0.02)
UNHEARD = replace(
    PLAIN, no_speech_probability=NO_SPEECH_PROBABILITY + 0.1, mean_log_probability=LOW_LOG_PROBABILITY - 0.1
)


@pytest.mark.parametrize(
    ("heard", "believed"),
    [
        ({}, True),
        ({"mean_log_probability": -0.85}, False),
        ({"no_speech_probability": 0.35}, False),
        ({"tokens": 145}, False),
        ({"text": ""}, False),
        ({"text": "I'm sorry, " * 20}, False),
    ],
)
def test_unvoiced_text_must_be_certain(heard: dict[str, Any], believed: bool) -> None:
    found = DecodeEvidence("Ask not what your country can do for you.", 10, 0.1, -0.3, 0.15)
    assert is_certain_speech(replace(found, **heard), 11.0) is believed


def test_a_plain_sentence_is_believed() -> None:
    assert check_guards(PLAIN) == ""


@pytest.mark.parametrize(
    ("found", "name"),
    [
        (replace(PLAIN, hit_token_limit=True), "rate"),
        (replace(PLAIN, text="and then " * 12, tokens=24, voiced_s=9), "loop"),
        (replace(PLAIN, text="I see. I see. I see. I see.", tokens=12), "loop"),
        (replace(PLAIN, text="is to be ill-disposed. sp sp sp sp sp", tokens=13, voiced_s=3), "loop"),
        (replace(UNHEARD, voiced_s=0.4), "silence"),
        (replace(PLAIN, voiced_s=0.13, no_speech_probability=NO_SPEECH_PROBABILITY + 0.1), "silence"),
        (replace(UNHEARD, voiced_s=1.4, voice_probability=0.42), "silence"),
        (replace(PLAIN, text="Thank you for watching!", voiced_s=0.3, no_speech_probability=0.4), "silence"),
        (replace(PLAIN, text="Yes.", tokens=1, voiced_s=COVERAGE_MIN_VOICE_S + 2), "coverage"),
    ],
)
def test_every_doubt_has_its_name(found: DecodeEvidence, name: str) -> None:
    assert check_guards(found) == name


@pytest.mark.parametrize(
    "text",
    [
        "no no no",
        "www dot",
        "Mm, mm, mm.",
        "hmm hmm hmm",
        "BBC, BBC, BBC",
        "PDF. PDF. PDF.",
        "km km km away",
        "very, very good",
        "one two three four five six seven eight",
        "是的是的",
    ],
)
def test_what_people_repeat_is_no_loop(text: str) -> None:
    assert not is_repetitive(text)


@pytest.mark.parametrize(
    "found",
    [
        replace(UNHEARD, voiced_s=BRIEF_VOICE_S),
        replace(PLAIN, text="Thank you.", voiced_s=0.6, no_speech_probability=0.1),
        replace(PLAIN, text="Thank you for watching.", voiced_s=1.4, no_speech_probability=0.5),
    ],
)
def test_spoken_text_is_never_judged_silence(found: DecodeEvidence) -> None:
    assert not is_hallucination(found)


@pytest.mark.parametrize(
    "text", ["We had tea at noon, we had tea at noon.", "I will go, so you have a chance, so you have a chance,"]
)
def test_phrase_said_twice_is_echo_of_a_prompt(text: str) -> None:
    said = replace(PLAIN, text=text)
    assert check_guards(said, ("Intone",)) == "echo"
    assert check_guards(said) == ""


def test_a_word_said_twice_is_no_echo() -> None:
    assert check_guards(replace(PLAIN, text="It was very, very late. No, no."), ("Intone",)) == ""


def test_user_words_alone_over_little_voice_are_echo() -> None:
    echo = replace(PLAIN, text="Intone, Kubernetes", voiced_s=0.4)
    assert check_guards(echo, ("Intone", "Kubernetes", "PySide")) == "echo"
    assert check_guards(replace(echo, voiced_s=1.5), ("Intone", "Kubernetes")) == ""
    assert check_guards(echo, ()) == ""


def test_nobody_speaks_faster_than_the_limit() -> None:
    words_a_minute = 60 * (max_tokens(60) - max_tokens(0)) / 60 / 1.4
    assert words_a_minute > 300
    assert max_tokens(0) > 0
