"""What a word that is said again teaches, and how often it was said again in the same way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desktop.core.types import Outcome, Target
from desktop.dictation.again import Correction
from desktop.dictation.again_learning import count_corrections, find_suggestion
from desktop.dictation.last import CurrentText
from desktop.history.rows import HistoryRow
from desktop.vocabulary.learning import Suggestion


def row(text: str, edited: str | None) -> HistoryRow:
    return HistoryRow(
        id=1, started_at=datetime(2026, 3, 2, tzinfo=UTC), text=text, edited=edited, delivery=Outcome.INSERTED
    )


@pytest.mark.parametrize(
    ("old", "new", "taught"),
    [
        ("coo chair a", "Kucera", Suggestion("coo chair a", "Kucera")),
        ("for coo chair a", "for Kucera", Suggestion("coo chair a", "Kucera")),
        ("李思", "李四", Suggestion("李思", "李四")),
        ("思", "四", None),
        ("there", "their", None),
        ("Kucera", "Kucera", None),
        ("one and two", "won and too", None),
        ("mark", "Mark", None),
        ("see more", "Seymour", None),
        ("他们", "她们", None),
    ],
)
def test_a_correction_teaches_what_was_wrong_in_it(old: str, new: str, taught: Suggestion | None) -> None:
    current = CurrentText(row(old, None), old, old)
    assert find_suggestion(Correction(old, new, current, Target())) == taught


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([], 0),
        ([("I met coo chair a.", None)], 0),
        ([("I met coo chair a.", "I met Kucera.")], 1),
        ([("Coo chair a came.", "Kucera came."), ("I met coo chair a.", "I met kucera.")], 2),
        ([("coo chair a saw coo chair a", "Kucera saw Kucera")], 2),
        ([("I met Kutchera.", "I met Kucera."), ("I met coo chair a.", "I met a coach.")], 0),
    ],
)
def test_the_same_words_written_in_the_same_way_count(rows: list[tuple[str, str | None]], count: int) -> None:
    assert count_corrections([row(*texts) for texts in rows], Suggestion("coo chair a", "Kucera")) == count


def test_chinese_words_count_within_a_line() -> None:
    rows = [row("我把信寄给李思看，李思回信。", "我把信寄给李四看，李四回信。")]
    assert count_corrections(rows, Suggestion("李思", "李四")) == 2
