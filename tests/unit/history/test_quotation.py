"""The dictation behind a text: as it is, edited since, in other words than any."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.history.quotation import MAX_MARKED_WORDS, find_first_word, find_marks
from desktop.history.rows import HistoryRow
from desktop.history.store import HistoryStore
from tests.prove import find
from tests.support.history_rows import said

TEXTS = (
    "Please move the meeting with the gardener to Friday at ten.",
    "The herons came back to the pond this morning, three of them.",
    "我明天下午把报告发给你，请先看第二页。",
    "I will be there at nine tomorrow.",
    "I will be there at noon tomorrow.",
    "Thanks.",
)


@pytest.fixture
def history(tmp_path: Path) -> HistoryStore:
    store = HistoryStore(tmp_path / "history.db")
    for text in TEXTS:
        store.add(said(text))
    return store


@pytest.mark.parametrize(
    ("selected", "expected"),
    [
        ("move the meeting with the gardener", 0),
        ("PLEASE MOVE THE MEETING, with the gardener to friday", 0),
        ("herons came back", 1),
        ("下午把报告发给你", 2),
        ("把报告发给你，请先看第二页", 2),
        ("I will be there at nine tomorrow", 3),
        ("ｉ will be there at nine", 3),
        ("Thanks", 5),
    ],
)
def test_text_as_it_is_finds_its_row(history: HistoryStore, selected: str, expected: int) -> None:
    found = history.find_quotation(selected)
    assert found is not None
    assert (found.row.text, found.is_exact) == (TEXTS[expected], True)


@pytest.mark.parametrize(
    ("selected", "expected"),
    [
        ("Please move our meeting with the old gardener to Monday at ten.", 0),
        ("Dear Ms Alder, the herons came back to the pond this morning. Kind regards", 1),
        ("The herns came back to a pond this morning", 1),
        ("我明天晚上把报告发给你，先看第二页", 2),
    ],
)
def test_edited_text_finds_its_row(history: HistoryStore, selected: str, expected: int) -> None:
    found = history.find_quotation(selected)
    assert found is not None
    assert (found.row.text, found.is_exact) == (TEXTS[expected], False)


@pytest.mark.parametrize(
    "selected",
    [
        "",
        "?!",
        "The board approved the budget for the bridge.",
        "会议取消了，因为下雨。",
        "pond gardener report",
    ],
)
def test_text_of_no_row_finds_none(history: HistoryStore, selected: str) -> None:
    assert history.find_quotation(selected) is None


def test_one_of_joined_dictations_is_found(history: HistoryStore) -> None:
    found = history.find_quotation(f"{TEXTS[0]} {TEXTS[1]}")
    assert found is not None
    assert found.row.text in TEXTS[:2]


def test_newest_of_equal_rows_is_found(history: HistoryStore) -> None:
    newest = history.add(said(TEXTS[0]))
    found = history.find_quotation(TEXTS[0])
    assert found is not None
    assert found.row.id == newest.id


def test_corrected_and_spoken_words_are_found_too(history: HistoryStore) -> None:
    row = history.add(said("Call Mr Ferne.", raw_text="call mister fern please"))
    history.correct_text(row.id, "Call Mr Fearn.")
    for selected in ("Call Mr Ferne", "call mister fern please", "Call Mr Fearn"):
        found = history.find_quotation(selected)
        assert found is not None
        assert (found.row.id, found.is_exact) == (row.id, True)


@pytest.mark.parametrize(
    ("quotation", "text", "marked"),
    [
        ("the pond", "To the pond, they said.", ["the pond"]),
        ("To the old pond, they say", "To the pond, they said.", ["To the pond, they"]),
        ("请看第二页", "我发给你，请先看第二页。", ["请", "看第二页"]),
        ("nothing of it", "To the pond.", []),
    ],
)
def test_shared_words_are_marked(quotation: str, text: str, marked: list[str]) -> None:
    assert [text[begin:end] for begin, end in find_marks(quotation, text)] == marked


def test_first_word_is_found_in_what_was_heard(history: HistoryStore) -> None:
    row: HistoryRow = history.add(said("The pond is at 3 Mill Lane.", raw_text="um the pond is at uh three mill lane"))
    assert find_first_word("pond is at", row) == 2
    assert find_first_word("Mill Lane", row) == 7
    assert find_first_word("nothing", row) is None


def test_selections_find_their_rows_among_many() -> None:
    found = find.measure(seed=3, row_count=1500, selection_count=45)
    assert found["right"] >= find.BAR_RIGHT, found["wrong"]
    assert found["found_all_the_same"] == 0
    assert found["cpu_p50_ms"] < find.BAR_MS


def test_long_selection_is_marked_by_its_beginning_unless_it_is_there_as_it_is() -> None:
    words = [f"word{number}" for number in range(MAX_MARKED_WORDS + 20)]
    text, end = " ".join(words), " ".join(words[-10:])
    assert find_marks(text, f"So: {text}.") == [(4, 4 + len(text))]
    assert find_marks(text, f"So {' '.join(words[:5])}.") == [(3, 3 + len(" ".join(words[:5])))]
    assert find_marks(text, f"So {end}.") == []


@pytest.mark.parametrize(
    "text", ["z", "\U0001f600\U0001f680", "?!", '"', "NEAR(a b)", "a AND NOT b*", "\0", "x" * 20_000]
)
def test_text_that_is_hardly_one_finds_nothing(history: HistoryStore, text: str) -> None:
    assert history.find_quotation(text) is None
