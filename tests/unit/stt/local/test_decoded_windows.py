"""Which of the windows of a group make up its text."""

from __future__ import annotations

from desktop.core.types import RATE_HZ
from desktop.stt.local.decoded_windows import DecodedWindows
from desktop.stt.local.decoding import DecodeResult
from desktop.stt.segmenter import SpeechWindow

FIRST, SECOND, THIRD = (SpeechWindow(begin * RATE_HZ, (begin + 2) * RATE_HZ) for begin in (0, 3, 6))
GROUP = [FIRST, SECOND, THIRD]
WHOLE = SpeechWindow(FIRST.start, THIRD.end)

TEXT = DecodeResult("We meet on Tuesday.", "en")
LACKING = DecodeResult("We meet.", "en", "coverage", False)
LOOP = DecodeResult("and so on and on and on and on", "en", "loop", False, is_looped=True)


def known(results: dict[SpeechWindow, DecodeResult]) -> DecodedWindows:
    windows = DecodedWindows()
    windows.results = results
    return windows


def test_a_loop_gives_way_to_windows_that_lack_words() -> None:
    windows = known({WHOLE: LOOP, FIRST: LACKING, SECOND: TEXT, THIRD: LACKING})
    assert windows.find_best(GROUP, set(windows.results)) == (GROUP, 3)


def test_a_loop_is_the_text_where_there_is_no_other() -> None:
    windows = known({WHOLE: LOOP, FIRST: TEXT})
    assert windows.find_best(GROUP, set(windows.results)) == ([WHOLE], 3)


def test_of_loops_the_shortest_is_the_text() -> None:
    windows = known({WHOLE: LOOP, FIRST: TEXT, SECOND: LOOP, THIRD: LACKING})
    assert windows.find_best(GROUP, set(windows.results)) == (GROUP, 3)


def test_doubtful_window_with_all_words_is_taken_before_its_phrases() -> None:
    windows = known({WHOLE: LACKING, FIRST: LACKING, SECOND: LACKING, THIRD: LACKING})
    assert windows.find_best(GROUP, set(windows.results)) == ([WHOLE], 3)


def test_phrases_are_accepted_against_a_longer_loop() -> None:
    windows = known({WHOLE: LOOP, FIRST: LACKING, SECOND: LACKING, THIRD: DecodeResult("", "en", "coverage", False)})
    windows.accept_phrases(GROUP, set(windows.results))
    assert not windows.is_doubtful(GROUP, set(windows.results))
    assert windows.find_best(GROUP, set(windows.results)) == (GROUP, 3)


def test_looping_phrases_are_not_accepted_for_their_many_words() -> None:
    windows = known({WHOLE: LACKING, FIRST: LOOP, SECOND: LOOP, THIRD: LACKING})
    windows.results[WHOLE] = DecodeResult("We meet on Tuesday at the harbour.", "en", "gap", False)
    windows.accept_phrases(GROUP, set(windows.results))
    assert windows.find_best(GROUP, set(windows.results)) == ([WHOLE], 3)


def test_words_of_loops_are_none() -> None:
    windows = known({WHOLE: LOOP})
    assert not windows.has_words(GROUP, {WHOLE})
    windows.results[WHOLE] = LACKING
    assert windows.has_words(GROUP, {WHOLE})
