"""How the texts of neighbouring windows become one."""

from __future__ import annotations

import pytest

from desktop.core.text import join_texts, remove_overlap
from desktop.core.types import FRAME_SAMPLES, RATE_HZ
from desktop.stt.local.whisper_decoder import count_mel_frames, find_resume_point, measure_voice


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["We meet", "on Tuesday."], "We meet on Tuesday."),
        (["", " One. ", "", "Two."], "One. Two."),
        (["我们", "星期二见。"], "我们星期二见。"),
        (["Wait", ", what?"], "Wait, what?"),
        (["Hola", "¿qué tal?", "¡Bien!"], "Hola ¿qué tal? ¡Bien!"),
        (["Write to", "@ada", "#today", "& co."], "Write to @ada #today & co."),
        (["He said", '"yes', '" to it.'], 'He said "yes" to it.'),
        (['He said "yes" and', '"no"', ", twice."], 'He said "yes" and "no", twice.'),
        (["Don't say", "'no", "', and it", "'s fine."], "Don't say 'no', and it's fine."),
        (["Well (so", ") it is", "»", "”", "50", "%", "…"], "Well (so) it is»” 50%…"),
        (["مرحبا", "، كيف", "؟"], "مرحبا، كيف؟"),
        (["... ... ... he might", "have..."], "he might have..."),
        (["Well...", "... … ... yes."], "Well... yes."),
        (["..."], ""),
        ([], ""),
    ],
)
def test_parts_are_joined_as_their_script_has_it(parts: list[str], text: str) -> None:
    assert join_texts(parts) == text


@pytest.mark.parametrize(
    ("before", "after", "rest"),
    [
        ("In all our blood and a grain or two.", "And a grain or two, perhaps, is good.", "perhaps, is good."),
        ("I said that", "that is fine", "that is fine"),
        ("We meet on Tuesday.", "On Wednesday we rest.", "On Wednesday we rest."),
        ("我们星期二", "星期二见", "见"),
        ("I don't know", "don't know yet", "yet"),
        ("", "Hello there", "Hello there"),
        ("Hello there", "hello there", ""),
    ],
)
def test_what_two_looks_heard_both_was_said_once(before: str, after: str, rest: str) -> None:
    assert remove_overlap(before, after) == rest


def test_gap_finds_the_pause_meant_by_a_timestamp() -> None:
    voices = "9" * 50 + "0" * 10 + "9" * 50
    assert find_resume_point(voices, 50 * FRAME_SAMPLES) == (55 * FRAME_SAMPLES, True)
    assert find_resume_point(voices, 66 * FRAME_SAMPLES) == (55 * FRAME_SAMPLES, True)
    assert find_resume_point(voices, 20 * FRAME_SAMPLES) == (20 * FRAME_SAMPLES, False)
    assert find_resume_point("9" * 50 + "00" + "9" * 50, 50 * FRAME_SAMPLES) == (50 * FRAME_SAMPLES, False), (
        "too short to be one"
    )


def test_voice_is_counted_and_weighed() -> None:
    assert measure_voice("0029990") == (4 * FRAME_SAMPLES / RATE_HZ - FRAME_SAMPLES / RATE_HZ, 0.9)
    assert measure_voice("") == (0.0, 0.0)


def test_the_encoder_is_given_what_the_model_bears() -> None:
    small = {"mel_least": 768, "mel_times": 1.5, "threads": 1}
    assert count_mel_frames(2 * RATE_HZ, small) == 768
    assert count_mel_frames(10 * RATE_HZ, small) == 1500
    assert count_mel_frames(29 * RATE_HZ, small) == 3000
    assert count_mel_frames(2 * RATE_HZ, None) == 3000
