"""Words of a query match by their beginning, in every script, and no query is an error."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.history.store import HistoryStore
from tests.support.history_rows import NOON, found, said


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("quarter", True),
        ("Quar", True),
        ("QUARTERLY rep", True),
        ("rep quar", True),
        ("resume", True),
        ("Résumé", True),
        ("kate", True),
        ("notes.txt", True),
        ("spoken", True),
        ("100%", True),
        ("it's", True),
        ("", True),
        ("   ", True),
        ("port", False),
        ("quarterly absent", False),
        ("quarterly OR absent", False),
        ("NOT absent", False),
    ],
)
def test_words_match_by_prefix_without_case_or_accents(history: HistoryStore, query: str, finds: bool) -> None:
    history.add(
        said(
            "It's the quarterly report, a résumé, 100% done.",
            raw_text="as spoken",
            app="kate",
            window="notes.txt - Kate",
        )
    )
    assert bool(found(history, query)) is finds


@pytest.mark.parametrize("query", ["會議", "明天", "天的", "カタカナ", "ประชุม", "明天 zoom", "zoom 明"])
def test_scripts_without_spaces_match_anywhere(history: HistoryStore, query: str) -> None:
    text = "明天的會議用zoom。カタカナ ประชุมวันนี้ zoom"
    history.add(said(text))
    history.add(said("something else about zoom"))
    assert found(history, query) == [text]


def test_a_sign_alone_is_looked_for_as_it_is(history: HistoryStore) -> None:
    history.add(said("Really?"))
    history.add(said("Really, 100%."))
    assert found(history, "?") == ["Really?"]
    assert found(history, "really %") == ["Really, 100%."]
    assert found(history, "_") == []


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text('"*()^:-+{} ANDORTNE', max_size=12))
def test_no_query_is_an_error(history: HistoryStore, query: str) -> None:
    history.search(query)


@pytest.mark.parametrize("word", ["a ", "會 ", "? ", "a", "會", "a 會 "])
def test_page_length_search_query_is_no_error(history: HistoryStore, word: str) -> None:
    text = word * 50_000
    history.add(said(text))
    assert found(history, text) == [text]


def test_search_takes_the_same_bounds_as_the_list(history: HistoryStore) -> None:
    ids = [history.add(said(f"word {number}", started_at=NOON + timedelta(hours=number))).id for number in range(5)]
    assert [row.id for row in history.search("word", limit=2)] == [ids[4], ids[3]]
    assert [row.id for row in history.search("word", before_id=ids[2])] == [ids[1], ids[0]]
    assert [row.id for row in history.search("word", since=NOON + timedelta(hours=3))] == [ids[4], ids[3]]
