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
    check_words,
    count_said,
    cut_loop,
    find_gaps,
    is_certain_speech,
    is_hallucination,
    is_repetitive,
    loses_words,
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
        (
            replace(UNHEARD, voiced_s=0.16, voice_probability=0.36, no_speech_probability=0.51),
            "silence",  # a breath: I'll see you in the next video
        ),
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
        replace(PLAIN, text="No.", voiced_s=0.2, voice_probability=0.36, no_speech_probability=0.5),
        replace(UNHEARD, voiced_s=0.2, voice_probability=0.6, no_speech_probability=0.5),
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
    said = replace(said, voiced_s=4.0)
    assert check_guards(said, ("Intone",)) == "echo"
    assert check_guards(said) == ""
    assert check_guards(replace(said, voiced_s=1.6)) == "loop"  # ten words are not said in that time


def test_a_word_said_twice_is_no_echo() -> None:
    assert check_guards(replace(PLAIN, text="It was very, very late. No, no."), ("Intone",)) == ""


def test_user_words_alone_over_little_voice_are_echo() -> None:
    echo = replace(PLAIN, text="Intone, Kubernetes", voiced_s=0.4)
    assert check_guards(echo, ("Intone", "Kubernetes", "PySide")) == "echo"
    assert check_guards(replace(echo, voiced_s=1.5), ("Intone", "Kubernetes")) == ""
    assert check_guards(echo, ()) == ""


@pytest.mark.parametrize(
    ("text", "guard"),
    [
        ("Open paren self, comma, x, close paren.", "echo"),
        ("open paren", ""),
        ("open paren name close paren colon", ""),
    ],
)
def test_a_run_of_the_text_before_is_echo(text: str, guard: str) -> None:
    expected = "def snake_case open paren self, comma, x, close paren, colon."
    assert check_guards(replace(PLAIN, text=text), (), expected) == guard


def test_nobody_speaks_faster_than_the_limit() -> None:
    words_a_minute = 60 * (max_tokens(60) - max_tokens(0)) / 60 / 1.4
    assert words_a_minute > 300
    assert max_tokens(0) > 0


SENTENCE = "We meet on Tuesday at the harbour, and bring the maps."


@pytest.mark.parametrize(
    ("text", "voiced_s", "is_looped", "guard"),
    [
        (SENTENCE, 3.0, False, ""),
        ("", 0.2, False, ""),  # a click
        ("", 0.3, False, "coverage"),
        ("Yes.", 0.4, False, ""),
        ("Yes.", 1.9, False, ""),
        ("Yes.", 2.0, False, "coverage"),
        (SENTENCE, 13.0, False, ""),
        (SENTENCE, 14.0, False, "coverage"),
        (SENTENCE, 0.3, False, "rate"),
        ("Thank you.", 0.1, False, ""),
        (SENTENCE, 3.0, True, "loop"),
        ("It was built in 1862 by Peter, in 1862 by Peter, in 1862 by Peter, in 1862 by Peter", 9.0, False, "loop"),
        ("It was in 1862 by Peter in 1862 by Peter in 1862 by Peter in 1862 by Pe", 9.0, False, "loop"),
        ("10 percent, 20 percent, 30 percent, 40 percent, 50 percent.", 5.0, False, ""),  # a list, and no loop
        ("我们星期二在港口见面", 2.5, False, ""),  # a character is a word
        ("我们", 4.0, False, "coverage"),
    ],
)
def test_text_is_judged_by_its_words_alone(text: str, voiced_s: float, is_looped: bool, guard: str) -> None:
    assert check_words(text, voiced_s, is_looped) == guard


@pytest.mark.parametrize(
    ("text", "parts", "loses"),
    [
        (SENTENCE, [SENTENCE], False),
        ("We meet on Tuesday.", ["We meet on Tuesday", "at the harbour,", "and bring the maps."], True),
        ("We meet on Tuesday at the harbour.", ["We meet on Tuesday", "at the harbour, and"], False),
        ("Yes.", ["Yes.", "No."], False),  # one word fewer is no sentence
        ("", ["Yes.", "No."], True),
        ("", ["", ""], False),
        ("We meet.", ["We meet.", "and so on and so on and so on and so on"], False),  # what is lost is a loop
    ],
)
def test_a_window_loses_words_of_its_phrases(text: str, parts: list[str], loses: bool) -> None:
    assert loses_words(text, parts) is loses


SECOND = "9" * 31


@pytest.mark.parametrize(
    ("voices", "tokens", "gaps"),
    [
        (SECOND * 3, [], []),  # not told
        (SECOND * 3, [(0.2, 0.3), (1.0, 1.1), (1.8, 1.9), (2.5, 2.6)], []),
        (SECOND * 4, [(0.2, 0.3), (1.8, 1.9), (2.5, 2.6), (3.2, 3.3)], [(0.3, 1.8)]),
        (SECOND + "0" * 62 + SECOND, [(0.2, 0.9), (3.1, 3.8)], []),  # a pause
        (SECOND * 4, [(1.5, 2.0)], [(0.0, 1.5), (2.0, 4 * 31 * 0.032)]),
        ("3" * 62, [(0.1, 0.2)], [(0.2, 62 * 0.032)]),
        ("2" * 62, [(0.1, 0.2)], []),
    ],
)
def test_voice_without_tokens_is_a_gap(
    voices: str, tokens: list[tuple[float, float]], gaps: list[tuple[float, float]]
) -> None:
    assert find_gaps(voices, tokens) == gaps


COUNTED = " ".join(f"{i}. The most important thing is that." for i in range(1, 6))


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        (SENTENCE, SENTENCE),
        ("It was built in 1862 by Peter in 1862 by Peter in 1862 by Peter", "It was built in 1862 by Peter"),
        ("No, no, no, no.", "No"),
        ("I see. I see.", "I see. I see."),
        ("", ""),
        ("It was built in 1862 by Peter in 1862 by Peter in 1862 by Pet", "It was built in 1862 by Peter"),
        ("It was built in 1862 by Peter in 1862 by Peter in 1862 by Peter in", "It was built in 1862 by Peter"),
        (f"So. {COUNTED}", "So. 1. The most important thing is that"),
        (f"So. {COUNTED} 6. The most impo", "So. 1. The most important thing is that"),
        ("Call 5 6 7 8 9 10", "Call 5 6 7 8 9 10"),
    ],
)
def test_a_loop_is_cut_to_one_round(text: str, cut: str) -> None:
    assert cut_loop(text) == cut


@pytest.mark.parametrize(
    ("segments", "said"),
    [
        ([(0.0, 21), (5.5, 5)], 2),
        ([(0.0, 21), (5.5, 5), (6.9, 21)], 2),
        ([(0.0, 10), (4.0, 6), (7.0, 6), (10.0, 6), (13.0, 1)], 2),
        ([(0.0, 21), (6.8, 4)], 2),
        ([(0.0, 10), (5.9, 40)], 2),
        ([(9.0, 40)], 1),
        ([], 0),
    ],
    ids=[
        "a last sentence",
        "again after the end",
        "in a loop",
        "a last word",
        "too much before the end",
        "one",
        "none",
    ],
)
def test_sentences_after_the_end_of_the_audio_were_not_said(segments: list[tuple[float, int]], said: int) -> None:
    assert count_said(segments, 7.0) == said
