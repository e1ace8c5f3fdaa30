"""Which decodes make up the answer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.stt.local.scheduler import cover_phrases, find_covers
from desktop.stt.segmenter import SpeechWindow, span_phrases

PHRASES = [SpeechWindow(0, 10), SpeechWindow(12, 20), SpeechWindow(20, 35), SpeechWindow(40, 50)]
A, B, C, D = PHRASES


def test_nothing_known_covers_nothing() -> None:
    assert cover_phrases(PHRASES, set()) == ([], 0)
    assert cover_phrases([], {A}) == ([], 0)


def test_the_fewest_windows_are_taken() -> None:
    whole = span_phrases([A, B])
    assert cover_phrases(PHRASES, {A, B, whole}) == ([whole], 2)
    assert cover_phrases(PHRASES, {A, B, whole, C}) == ([whole, C], 3)


def test_more_is_better_than_longer() -> None:
    assert cover_phrases(PHRASES, {span_phrases([A, B]), A, span_phrases([B, C])}) == ([A, span_phrases([B, C])], 3)


def test_a_hole_ends_it() -> None:
    assert cover_phrases(PHRASES, {A, C, D}) == ([A], 1)


def test_reach_window_begins_where_all_before_known() -> None:
    assert sorted(find_covers(PHRASES, {A, span_phrases([A, B])})) == [0, 1, 2]
    assert sorted(find_covers(PHRASES, {span_phrases([A, B])})) == [0, 2]


spans = st.sets(st.tuples(st.integers(0, 3), st.integers(1, 4)).filter(lambda span: span[0] < span[1]), max_size=10)


@given(spans)
def test_cover_of_known_neighbours_from_first_phrase(chosen: set[tuple[int, int]]) -> None:
    known = {span_phrases(PHRASES[begin:end]) for begin, end in chosen}
    windows, count = cover_phrases(PHRASES, known)
    assert set(windows) <= known
    at = 0
    for window in windows:
        assert window.start == PHRASES[at].start
        at = 1 + next(i for i, phrase in enumerate(PHRASES) if phrase.end == window.end)
    assert at == count
    assert not any(begin in find_covers(PHRASES, known) and end > count for begin, end in chosen)
