"""Where a recording is cut, for any sequence of voice probabilities."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from desktop.core.types import FRAME_SAMPLES, RATE_HZ
from desktop.stt.segmenter import (
    EARLY_PAUSE_FRAMES,
    GOOD_PAUSE_FRAMES,
    LONG_SILENCE_FRAMES,
    ONSET_FRAMES,
    PAUSE_FRAMES,
    VOICE_THRESHOLD,
    Segmenter,
    SpeechWindow,
    find_faint_speech,
    span_phrases,
)
from desktop.stt.traits import EngineTraits, list_families, load_traits

SECOND = RATE_HZ / FRAME_SAMPLES
SPEECH, SILENCE = 0.9, 0.0
WHISPER = load_traits("whisper")
SLACK_S = 0.6
"""A phrase's lead and tail."""


def heard(*stretches: tuple[float, float], traits: EngineTraits = WHISPER) -> Segmenter:
    """Windows that have heard stretches of (probability, seconds)."""
    windows = Segmenter(traits)
    for voice, seconds in stretches:
        for _ in range(round(seconds * SECOND)):
            windows.add_frame(voice)
    return windows


def ended(windows: Segmenter) -> list[list[SpeechWindow]]:
    """All groups of phrases of a recording that ends now."""
    windows.finish()
    return [group for group in (*windows.groups, windows.phrases) if group]


def test_murmurs_in_recording_without_phrase_found() -> None:
    quiet, faint = [0.01] * 2000, [0.15] * 7
    assert find_faint_speech(quiet) == []
    assert find_faint_speech(quiet + faint[1:]) == []
    (window,) = find_faint_speech(quiet + faint)
    assert window.end == 2007 * FRAME_SAMPLES
    assert window.seconds < WHISPER.max_window_s
    assert sum(window.seconds for window in find_faint_speech([0.2] * 2000)) == 64.0


def test_murmurs_for_engine_with_short_lead_begin_near_them() -> None:
    moonshine = load_traits("moonshine")
    (window,) = find_faint_speech([0.01] * 300 + [0.15] * 7, moonshine)
    assert window == SpeechWindow(300 * FRAME_SAMPLES - moonshine.first_lead_samples, 307 * FRAME_SAMPLES)


def test_silence_has_no_phrase() -> None:
    windows = heard((SILENCE, 40))
    assert windows.open_phrase is None
    assert ended(windows) == []


def test_a_click_shorter_than_an_onset_is_not_speech() -> None:
    windows = heard((SILENCE, 1), (SPEECH, (ONSET_FRAMES - 1) / SECOND), (SILENCE, 1))
    assert ended(windows) == []


def test_a_pause_ends_the_phrase_at_once() -> None:
    windows = heard((SILENCE, 1), (SPEECH, 3))
    assert windows.phrases == []
    for _ in range(PAUSE_FRAMES):
        windows.add_frame(SILENCE)
    assert len(windows.phrases) == 1
    assert windows.open_phrase is None


def test_release_in_silence_after_pause_keeps_phrases() -> None:
    windows = heard((SILENCE, 1), (SPEECH, 3), (SILENCE, 0.3))
    before = list(windows.phrases)
    for _ in range(round(2 * SECOND)):
        windows.add_frame(SILENCE)
    assert ended(windows) == [before]


def test_click_at_release_keeps_phrases() -> None:
    windows = heard((SPEECH, 3), (SILENCE, 0.5))
    before = list(windows.phrases)
    for voice in (SPEECH, SPEECH, SILENCE):
        windows.add_frame(voice)
    assert ended(windows) == [before]


def test_continued_speech_is_new_phrase_old_one_kept() -> None:
    windows = heard((SPEECH, 3), (SILENCE, 0.5), (SPEECH, 1))
    (first,) = windows.phrases
    assert windows.open_phrase is not None
    assert windows.open_phrase.start >= first.end
    assert ended(windows) == [[first, windows.phrases[-1]]]


def test_phrase_ending_window_is_the_final_one() -> None:
    windows = heard((SILENCE, 1), (SPEECH, 3))
    assert windows.ending_phrase is None
    for _ in range(EARLY_PAUSE_FRAMES):
        windows.add_frame(SILENCE)
    ending = windows.ending_phrase
    for _ in range(PAUSE_FRAMES - EARLY_PAUSE_FRAMES):
        windows.add_frame(SILENCE)
    assert windows.phrases == [ending]
    assert windows.ending_phrase is None


def test_a_gap_inside_a_word_ends_nothing() -> None:
    windows = heard((SPEECH, 1), (SILENCE, (PAUSE_FRAMES - 1) / SECOND), (SPEECH, 1))
    assert windows.phrases == []


def test_lead_includes_soft_start_of_speech() -> None:
    windows = heard((SILENCE, 2), (SPEECH, 1), (SILENCE, 1), (SPEECH, 1), (SILENCE, 1))
    first, second = windows.phrases
    assert 0.5 <= 2 - first.start / RATE_HZ <= 0.7
    assert 0.2 <= 4 - second.start / RATE_HZ <= 0.4


def test_lead_and_group_are_as_the_engine_wants_them() -> None:
    moonshine = load_traits("moonshine")
    windows = heard(
        (SILENCE, 2), (SPEECH, 5), (SILENCE, 0.6), (SPEECH, 3), (SILENCE, 0.6), (SPEECH, 1), traits=moonshine
    )
    (group,) = windows.groups
    assert len(group) == 2
    assert 0.15 <= 2 - group[0].start / RATE_HZ <= moonshine.first_lead_s + 0.05
    assert windows.open_phrase is not None
    assert windows.open_phrase.start / RATE_HZ >= 11.2 - moonshine.lead_s - 0.05


def test_a_good_pause_in_a_long_group_seals() -> None:
    windows = heard((SPEECH, 11), (SILENCE, 0.6), (SPEECH, 10), (SILENCE, 0.6), (SPEECH, 1))
    (group,) = windows.groups
    assert len(group) == 2
    assert WHISPER.seal_s <= span_phrases(group).seconds <= WHISPER.seal_s + 3


def test_a_pause_in_a_short_group_does_not_seal() -> None:
    assert heard((SPEECH, 11), (SILENCE, 2), (SPEECH, 1)).groups == []


def test_a_long_silence_seals_however_little_was_said() -> None:
    windows = heard((SPEECH, 2), (SILENCE, LONG_SILENCE_FRAMES / SECOND + 1), (SPEECH, 2))
    assert [span_phrases(group).seconds < 3 for group in ended(windows)] == [True, True]


def test_without_a_good_pause_the_longest_one_is_taken() -> None:
    short, long = (SILENCE, 0.2), (SILENCE, 0.4)
    windows = heard((SPEECH, 7), short, (SPEECH, 6), long, (SPEECH, 5), short, (SPEECH, 5), short, (SPEECH, 6), short)
    assert [len(group) for group in windows.groups] == [2]
    assert len(windows.phrases) == 3


def test_unbroken_speech_cut_at_least_voiced_moment() -> None:
    windows = heard((SPEECH, WHISPER.max_phrase_s - 2), (0.5, 0.2), (SPEECH, 10))
    first = windows.phrases[0].end / RATE_HZ
    assert WHISPER.max_phrase_s - 2.1 <= first <= WHISPER.max_phrase_s - 1.7
    assert windows.open_phrase is not None
    assert windows.open_phrase.start == windows.phrases[-1].end


voices = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, VOICE_THRESHOLD, 0.5, 0.95]), st.integers(1, round(13 * SECOND))),
    min_size=1,
    max_size=16,
)


families = st.sampled_from(list_families()).map(load_traits)


def listen(stretches: list[tuple[float, int]], traits: EngineTraits = WHISPER) -> tuple[Segmenter, list[float]]:
    windows, frames = Segmenter(traits), []
    for voice, count in stretches:
        for _ in range(count):
            windows.add_frame(voice)
            frames.append(voice)
    return windows, frames


@given(voices, families)
def test_phrases_are_in_order_and_never_overlap(stretches: list[tuple[float, int]], traits: EngineTraits) -> None:
    windows, frames = listen(stretches, traits)
    phrases = [phrase for group in ended(windows) for phrase in group]
    assert all(0 <= phrase.start < phrase.end <= (len(frames) + PAUSE_FRAMES) * FRAME_SAMPLES for phrase in phrases)
    assert all(a.end <= b.start for a, b in pairwise(phrases))


@given(voices, families)
def test_every_window_fits_the_model(stretches: list[tuple[float, int]], traits: EngineTraits) -> None:
    windows, _ = listen(stretches, traits)
    assert all(span_phrases(group).seconds <= traits.max_group_s + SLACK_S for group in ended(windows))


@given(voices, families)
def test_merged_groups_keep_phrases_and_fit_model(stretches: list[tuple[float, int]], traits: EngineTraits) -> None:
    windows, _ = listen(stretches, traits)
    phrases = [phrase for group in ended(windows) for phrase in group]
    windows.merge_groups(0)
    assert [phrase for group in windows.groups for phrase in group] == phrases
    assert windows.phrases == []
    assert all(span_phrases(group).seconds <= traits.max_window_s for group in windows.groups)


@given(voices, families)
def test_all_voice_but_clicks_lies_in_a_phrase(stretches: list[tuple[float, int]], traits: EngineTraits) -> None:
    windows, frames = listen(stretches, traits)
    phrases = [phrase for group in ended(windows) for phrase in group]
    for run in runs(frames):
        if len(run) >= ONSET_FRAMES:
            assert all(any(p.start <= i * FRAME_SAMPLES < p.end for p in phrases) for i in run), run


@given(voices)
def test_what_is_sealed_never_changes(stretches: list[tuple[float, int]]) -> None:
    windows = Segmenter()
    sealed: list[list[SpeechWindow]] = []
    for voice, count in stretches:
        for _ in range(count):
            windows.add_frame(voice)
            assert windows.groups[: len(sealed)] == sealed
            sealed = [list(group) for group in windows.groups]


@given(voices, st.integers(0, LONG_SILENCE_FRAMES - PAUSE_FRAMES))
def test_silence_after_phrase_keeps_its_windows(stretches: list[tuple[float, int]], more: int) -> None:
    windows, _ = listen([*stretches, (SILENCE, PAUSE_FRAMES)])
    before = [phrase for group in (*windows.groups, windows.phrases) for phrase in group]
    for _ in range(more):
        windows.add_frame(SILENCE)
    assert [phrase for group in ended(windows) for phrase in group] == before


def runs(frames: list[float]) -> list[range]:
    """The stretches of voiced frames."""
    found, start = [], None
    for i, voice in enumerate([*frames, 0.0]):
        if voice >= VOICE_THRESHOLD and start is None:
            start = i
        elif voice < VOICE_THRESHOLD and start is not None:
            found.append(range(start, i))
            start = None
    return found


def test_a_window_knows_its_length() -> None:
    assert SpeechWindow(RATE_HZ, 3 * RATE_HZ).seconds == 2.0
    assert PAUSE_FRAMES < GOOD_PAUSE_FRAMES < LONG_SILENCE_FRAMES
