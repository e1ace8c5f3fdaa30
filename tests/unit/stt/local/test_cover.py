"""Which decodes make up the answer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.stt.local.cover import cover, reach
from desktop.stt.local.segmenter import Window, over

PHRASES = [Window(0, 10), Window(12, 20), Window(20, 35), Window(40, 50)]
A, B, C, D = PHRASES


def test_nothing_known_covers_nothing() -> None:
    assert cover(PHRASES, set()) == ([], 0)
    assert cover([], {A}) == ([], 0)


def test_the_fewest_windows_are_taken() -> None:
    whole = over([A, B])
    assert cover(PHRASES, {A, B, whole}) == ([whole], 2)
    assert cover(PHRASES, {A, B, whole, C}) == ([whole, C], 3)


def test_more_is_better_than_longer() -> None:
    assert cover(PHRASES, {over([A, B]), A, over([B, C])}) == ([A, over([B, C])], 3)


def test_a_hole_ends_it() -> None:
    assert cover(PHRASES, {A, C, D}) == ([A], 1)


def test_reach_window_begins_where_all_before_known() -> None:
    assert reach(PHRASES, {A, over([A, B])}) == [0, 1, 2]
    assert reach(PHRASES, {over([A, B])}) == [0, 2]


spans = st.sets(st.tuples(st.integers(0, 3), st.integers(1, 4)).filter(lambda span: span[0] < span[1]), max_size=10)


@given(spans)
def test_cover_of_known_neighbours_from_first_phrase(chosen: set[tuple[int, int]]) -> None:
    known = {over(PHRASES[begin:end]) for begin, end in chosen}
    windows, count = cover(PHRASES, known)
    assert set(windows) <= known
    at = 0
    for window in windows:
        assert window.start == PHRASES[at].start
        at = 1 + next(i for i, phrase in enumerate(PHRASES) if phrase.end == window.end)
    assert at == count
    assert not any(begin in reach(PHRASES, known) and end > count for begin, end in chosen)
