"""What was said in a recording, from what was recognized and what the user corrected."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.bench.said import (
    SAMPLE_SIZE,
    SaidRecording,
    digest_said,
    draw_recordings,
    extend_draw,
    find_sample,
    list_to_check,
    place_corrections,
    read_said,
)
from desktop.core.types import Outcome
from desktop.dictation.result import EDIT_STYLE
from desktop.history.bench_results import Draw
from desktop.history.rows import HistoryRow
from tests.support.bench_history import make_row


@pytest.mark.parametrize(
    ("said", "shown", "wanted", "expected"),
    [
        (
            "we met miss marbell today",
            "we met miss marbell today",
            "we met miss marple today",
            "we met miss marple today",
        ),
        ("at three no at four we met", "at four we met", "at five we met", "at three no at five we met"),
        ("i think i think so too", "i think so too", "i think so too", "i think i think so too"),
        ("see you later", "see you later", "see you later then", "see you later then"),
        (
            "we met miss marbell today",
            "we met miss marple today",
            "we met miss marple today",
            "we met miss marple today",
        ),
        (
            "well we met miss marbell uh today",
            "we met miss marple today",
            "we met miss marple today",
            "well we met miss marple today",
        ),
        ("he saw a c", "he saw a c", "the sea is near", "the sea is near"),
        ("the the cat sat down here", "the cat sat down here", "the cat sits down here", "the the cat sits down here"),
        ("一 起 去 北 京", "一 起 去 北 京", "一 起 去 南 京", "一 起 去 南 京"),
    ],
)
def test_a_correction_is_carried_over_to_what_was_recognized(said: str, shown: str, wanted: str, expected: str) -> None:
    placed = place_corrections(*(tuple(text.split()) for text in (said, shown, wanted)))
    assert placed == tuple(expected.split())


@pytest.mark.parametrize(
    ("said", "shown", "wanted"),
    [
        ("see you", "see you", "see you later and many thanks for all of it"),
        ("we met in the old town today", "we met in the old town today", "we talked"),
        ("one two three four five six", "one two three four five six", "a six"),
        ("make it shorter", "dear all we meet at noon", "dear all we meet at one"),
        ("we met", "we met", ""),
    ],
)
def test_a_rewritten_text_says_nothing_of_what_was_said(said: str, shown: str, wanted: str) -> None:
    assert place_corrections(*(tuple(text.split()) for text in (said, shown, wanted))) is None


def test_rows_are_checked_as_they_are_or_left_out() -> None:
    rows = [
        make_row(1, "We met mister Holms.", "We met Mr. Holmes."),
        make_row(2, "we met again", "We met again."),
        make_row(3, "we met later", None),
        make_row(4, "we met", "Something else entirely was written in here."),
        replace(make_row(5, "we met", None), audio_path=None),
        replace(make_row(6, "we met", None), duration_s=100.0),
        replace(make_row(7, "we met", None), delivery=Outcome.CANCELLED),
        replace(make_row(8, "we met", None), engine="openai", model="gpt-transcribe"),
        replace(make_row(9, "The figures are attached.", None), text="Die Zahlen sind angehängt.", style=EDIT_STYLE),
    ]
    said = read_said(rows, ["Ms Alder"])
    assert [(one.row.id, one.is_checked, one.writer) for one in said.recordings] == [
        (1, True, "tiny"),
        (2, True, "tiny"),
        (3, False, "tiny"),
        (8, False, ""),
    ]
    assert said.recordings[0].words == ("we", "met", "mister", "holmes"), "without what only polish writes"
    assert said.rewritten == 1
    assert said.names == {("ms", "alder"), ("holmes",)}


def test_checked_recordings_are_drawn_first_with_a_third_of_others() -> None:
    rows = [make_row(number, "we met", "we met" if number % 2 else None) for number in range(1, 61)]
    recordings = read_said(rows, ()).recordings
    drawn = draw_recordings(recordings, 30, seed=1)
    assert [one.is_checked for one in drawn] == [True] * 20 + [False] * 10
    assert drawn == draw_recordings(recordings, 30, seed=1)
    assert drawn != draw_recordings(recordings, 30, seed=2)
    assert len(draw_recordings(recordings, None, seed=1)) == 60
    more = read_said([*rows, make_row(61, "we met", None)], ()).recordings
    assert len({one.key for one in draw_recordings(more, 30, seed=1)} - {one.key for one in drawn}) <= 1
    sample = [one.key for one in recordings if one.is_checked]
    assert [one.is_checked for one in draw_recordings(recordings, 30, 1, sample)] == [True] * 30


def test_a_digest_tells_other_words_and_other_names() -> None:
    one, other = read_said([make_row(1, "we met", "we met"), make_row(1, "we met", "we meet")], ()).recordings
    assert digest_said(one, (), b"") != digest_said(other, (), b"")
    assert digest_said(one, (), b"") != digest_said(one, [("met",)], b"")
    assert digest_said(one, (), b"") == digest_said(one, [("ulm",)], b""), "a name that was not said in it"
    assert one.key == Path("1.flac").stem


def check(rows: list[HistoryRow], ids: Collection[int]) -> tuple[SaidRecording, ...]:
    """Return the recordings of `rows`, of which those with `ids` are checked."""
    return read_said([replace(row, edited="we met" if row.id in ids else None) for row in rows], ()).recordings


def test_sample_is_what_was_drawn_and_checked_without_a_gap() -> None:
    rows = [make_row(number, "we met", None) for number in range(1, 101)]
    draw = extend_draw(Draw(), check(rows, ()))
    to_check = [one.row.id for one in list_to_check(draw, check(rows, ()))]
    assert len(set(to_check)) == SAMPLE_SIZE
    assert to_check != sorted(to_check)
    assert find_sample(draw, check(rows, to_check[1:])) == frozenset()
    recordings = check(rows, to_check[:12])
    sample = find_sample(draw, recordings)
    assert sample == {str(id) for id in to_check[:12]}
    assert [one.row.id for one in list_to_check(draw, recordings)] == to_check[12:]
    assert {one.key for one in draw_recordings(recordings, 20, 1, sample)} >= sample
    later = check([*rows, *(make_row(number, "we met", None) for number in range(101, 181))], to_check[:12])
    assert extend_draw(draw, later) == draw, "what was said since is not drawn"
    left = [one for one in recordings if one.row.id != to_check[3]]
    extended = extend_draw(draw, left)
    assert extended.drawn[:-1] == draw.drawn
    assert find_sample(extended, left) == sample - {str(to_check[3])}


def test_what_was_corrected_without_being_asked_for_is_drawn_and_makes_no_sample() -> None:
    rows = [make_row(number, "we met", None) for number in range(1, 101)]
    corrected = check(rows, range(1, 91))
    draw = extend_draw(Draw(), corrected)
    to_check = [one.row.id for one in list_to_check(draw, corrected)]
    assert 0 < len(to_check) < SAMPLE_SIZE
    assert len(draw.drawn) == SAMPLE_SIZE
    assert find_sample(draw, corrected) == frozenset()
    answered = find_sample(draw, check(rows, {*range(1, 91), to_check[0]}))
    assert answered == set(draw.drawn[: draw.drawn.index(str(to_check[0])) + 1])


def test_nothing_is_drawn_while_there_are_few() -> None:
    few = [make_row(number, "we met", None) for number in range(1, SAMPLE_SIZE)]
    assert extend_draw(Draw(), check(few, ())) == Draw()
