"""Where a recording is cut, for any sequence of voice probabilities."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from desktop.ports import FRAME, RATE_HZ
from desktop.speech.windows import LIMIT_S, ONSET, PAUSE, SEAL_S, TAIL, VOICE, Window, Windows

SECOND = RATE_HZ // FRAME
SPEECH, SILENCE = 0.9, 0.0


def heard(*stretches: tuple[float, float]) -> Windows:
    """Windows that have heard stretches of (probability, seconds)."""
    windows = Windows()
    for voice, seconds in stretches:
        for _ in range(int(seconds * SECOND)):
            windows.hear(voice)
    return windows


def test_silence_has_no_window() -> None:
    windows = heard((SILENCE, 5))
    assert windows.sealed == []
    assert windows.ahead is None
    assert windows.open(()) is None
    assert row(windows) == []


def test_a_click_shorter_than_an_onset_is_not_speech() -> None:
    windows = heard((SILENCE, 1), (SPEECH, (ONSET - 1) * FRAME / RATE_HZ), (SILENCE, 1))
    assert row(windows) == []


def test_after_a_pause_the_answer_for_a_release_in_silence_is_known() -> None:
    windows = heard((SILENCE, 1), (SPEECH, 3), (SILENCE, 0.5))
    guess = windows.ahead
    assert guess is not None
    for _ in range(5 * SECOND):
        windows.hear(SILENCE)
    assert row(windows) == [guess]


def test_a_long_silence_ends_the_window() -> None:
    windows = heard((SPEECH, 2), (SILENCE, 40), (SPEECH, 2))
    first, second = row(windows)
    assert first.seconds < 3
    assert second.seconds < 3


def test_a_click_at_the_release_does_not_spoil_the_answer() -> None:
    windows = heard((SPEECH, 3), (SILENCE, 0.5))
    guess = windows.ahead
    for voice in (SPEECH, SPEECH, SILENCE):
        windows.hear(voice)
    assert row(windows) == [guess]


def test_speech_after_a_short_pause_takes_the_guess_back() -> None:
    windows = heard((SPEECH, 3), (SILENCE, 0.5), (SPEECH, 1))
    assert windows.ahead is None
    assert windows.sealed == []


def test_what_was_decoded_at_a_pause_is_kept_and_only_the_rest_is_new() -> None:
    windows = heard((SPEECH, 3), (SILENCE, 0.5), (SPEECH, 1))
    assert windows.pause is not None
    (whole,) = windows.finish(windows.heard)
    assert windows.finish(windows.heard, {windows.pause}) == [windows.pause, Window(windows.pause.end, whole.end)]
    live = windows.open({windows.pause})
    assert live is not None
    assert live.start == windows.pause.end


def test_a_pause_after_ten_seconds_seals() -> None:
    windows = heard((SPEECH, SEAL_S + 1), (SILENCE, 1), (SPEECH, 1))
    assert [window.start for window in windows.sealed] == [0]
    assert SEAL_S <= windows.sealed[0].seconds <= SEAL_S + 1.5


def test_the_lead_keeps_what_was_said_softly_before_the_first_voiced_frame() -> None:
    windows = heard((SILENCE, 2), (SPEECH, 1), (SILENCE, 1))
    assert windows.ahead is not None
    assert 0.2 <= 2 - windows.ahead.start / RATE_HZ <= 0.4


def test_speech_without_a_pause_is_cut_at_its_least_voiced_moment() -> None:
    windows = heard((SPEECH, LIMIT_S - 2), (0.5, 0.2), (SPEECH, 10))
    cut = windows.sealed[0].end / RATE_HZ
    assert LIMIT_S - 2.1 <= cut <= LIMIT_S - 1.7
    first, last = row(windows)
    assert last.start == first.end


def row(windows: Windows) -> list[Window]:
    """All windows of a recording that ends now."""
    return [*windows.sealed, *windows.finish(windows.heard)]


voices = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, VOICE, 0.5, 0.95]), st.integers(1, 12 * SECOND)), min_size=1, max_size=12
)


def listen(stretches: list[tuple[float, int]]) -> tuple[Windows, list[float]]:
    windows, frames = Windows(), []
    for voice, count in stretches:
        for _ in range(count):
            windows.hear(voice)
            frames.append(voice)
    return windows, frames


@given(voices)
def test_windows_are_in_order_do_not_overlap_and_fit_the_model(stretches: list[tuple[float, int]]) -> None:
    windows, frames = listen(stretches)
    cuts = row(windows)
    assert all(0 <= window.start < window.end <= len(frames) * FRAME for window in cuts)
    assert all(a.end <= b.start for a, b in pairwise(cuts))
    assert all(window.seconds <= LIMIT_S + 0.5 for window in cuts)


@given(voices)
def test_all_voice_but_clicks_lies_in_a_window(stretches: list[tuple[float, int]]) -> None:
    windows, frames = listen(stretches)
    cuts = row(windows)
    for run in runs(frames):
        if len(run) >= ONSET:
            assert all(any(w.start <= i * FRAME < w.end for w in cuts) for i in run), run


@given(voices)
def test_a_known_pause_and_the_rest_are_the_whole_window(stretches: list[tuple[float, int]]) -> None:
    windows, _ = listen(stretches)
    if windows.pause is not None:
        (whole,) = windows.finish(windows.heard)
        parts = windows.finish(windows.heard, {windows.pause})
        assert (parts[0].start, parts[-1].end) == (whole.start, whole.end)
        assert all(a.end == b.start and a.start < a.end and b.start < b.end for a, b in pairwise(parts))


@given(voices, st.integers(0, 3 * SECOND))
def test_silence_after_the_guess_never_changes_the_answer(stretches: list[tuple[float, int]], more: int) -> None:
    windows, _ = listen([*stretches, (SILENCE, PAUSE)])
    before = row(windows)
    for _ in range(more):
        windows.hear(SILENCE)
    assert row(windows) == before


def runs(frames: list[float]) -> list[range]:
    """The stretches of voiced frames."""
    found, start = [], None
    for i, voice in enumerate([*frames, 0.0]):
        if voice >= VOICE and start is None:
            start = i
        elif voice < VOICE and start is not None:
            found.append(range(start, i))
            start = None
    return found


def test_a_window_knows_its_length() -> None:
    assert Window(RATE_HZ, 3 * RATE_HZ).seconds == 2.0
    assert TAIL < PAUSE * FRAME
