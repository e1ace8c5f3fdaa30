"""What is decoded next, told by what is known and what is not."""

from __future__ import annotations

import pytest

from desktop.core.types import FRAME_SAMPLES, RATE_HZ
from desktop.stt.local.scheduler import (
    DECODE_OVERHEAD_S,
    FIRST_LIVE_S,
    PHRASE_BUDGET_S,
    RELEASE_WAIT_S,
    DecodeCost,
    DecodeJob,
    DecodeKind,
    DecodeLane,
    DecodeState,
    RunningJob,
    is_complete,
    next_final_job,
    next_job,
)
from desktop.stt.segmenter import EARLY_PAUSE_FRAMES, SpeechWindow, span_phrases
from desktop.stt.traits import load_traits
from tests.unit.stt.test_segmenter import SILENCE, SPEECH, WHISPER, heard

NOW, AHEAD = DecodeLane.FOREGROUND, DecodeLane.BACKGROUND
PAUSE = (SILENCE, 0.3)
MOONSHINE = load_traits("moonshine")
TWO = ((SPEECH, 2), PAUSE, (SPEECH, 2), PAUSE)


def slow(window: SpeechWindow) -> DecodeCost:
    """A model that takes just longer than the budget for `window`."""
    return DecodeCost({0: 1.01 * PHRASE_BUDGET_S / (window.seconds + DECODE_OVERHEAD_S)})


def test_nothing_is_decoded_in_silence() -> None:
    windows, work = heard((SILENCE, 3)), DecodeState()
    assert [next_job(lane, windows, work, DecodeCost(), 3) for lane in DecodeLane] == [None, None]
    assert next_final_job(windows, work, DecodeCost(), 3) is None
    assert is_complete(windows, work, DecodeCost(), 3)


def test_words_are_decoded_while_they_are_said() -> None:
    windows = heard((SPEECH, FIRST_LIVE_S + 0.1))
    assert windows.open_phrase is not None
    assert next_job(NOW, windows, DecodeState(), DecodeCost(), 1) == DecodeJob(windows.open_phrase, DecodeKind.LIVE)
    assert next_job(AHEAD, windows, DecodeState(), DecodeCost(), 1) is None


def test_live_words_wait_and_leave_half_of_lane_time() -> None:
    windows = heard((SPEECH, 3))
    assert next_job(NOW, windows, DecodeState(live_end=windows.heard_samples - FRAME_SAMPLES), DecodeCost(), 9) is None
    assert next_job(NOW, windows, DecodeState(live_s=1, live_at=8.5), DecodeCost(), 9) is None
    assert next_job(NOW, windows, DecodeState(live_s=1, live_at=7.5), DecodeCost(), 9) is not None


def test_live_without_words_repeated_on_more_sound() -> None:
    windows = heard((SPEECH, 1))
    assert windows.open_phrase is not None
    waits = DecodeState(live_end=windows.heard_samples - FRAME_SAMPLES, live_had_text=False, live_s=1, live_at=8.5)
    assert next_job(NOW, windows, waits, DecodeCost(), 9) is None
    more = DecodeState(live_end=windows.heard_samples - 2 * FRAME_SAMPLES, live_had_text=False, live_s=1, live_at=8.5)
    assert next_job(NOW, windows, more, DecodeCost(), 9) == DecodeJob(windows.open_phrase, DecodeKind.LIVE)


def test_live_words_do_not_begin_when_a_pause_may_have() -> None:
    assert next_job(NOW, heard((SPEECH, 3), (SILENCE, 0.04)), DecodeState(), DecodeCost(), 9) is None


def test_phrase_seeming_to_end_decoded_as_ended() -> None:
    windows = heard((SPEECH, 3), (SILENCE, (EARLY_PAUSE_FRAMES + 0.1) * FRAME_SAMPLES / RATE_HZ))
    job = next_job(NOW, windows, DecodeState(), DecodeCost(), 4)
    assert windows.phrases == []
    windows.finish()
    assert job == DecodeJob(windows.phrases[0])
    assert is_complete(windows, DecodeState(done={job.window}), DecodeCost(), 4)


@pytest.mark.parametrize("outdated", ["live words", "seemed to end"])
def test_ending_phrase_decoded_ahead_of_outdated(outdated: str) -> None:
    pause = (SILENCE, (EARLY_PAUSE_FRAMES + 0.1) * FRAME_SAMPLES / RATE_HZ)
    before = heard((SPEECH, 3), pause, traits=MOONSHINE)
    assert before.ending_phrase is not None
    kind = DecodeKind.LIVE if outdated == "live words" else DecodeKind.KEEP
    for family, expected in ((MOONSHINE, True), (WHISPER, False)):
        work = DecodeState(running={NOW: RunningJob(DecodeJob(before.ending_phrase, kind), started_at=3)})
        windows = heard((SPEECH, 3), pause, (SPEECH, 1), pause, traits=family)
        ending = windows.ending_phrase
        assert ending is not None
        assert next_job(AHEAD, windows, work, DecodeCost(), 4.2) == (DecodeJob(ending) if expected else None)


def test_ending_phrase_not_decoded_ahead_of_itself() -> None:
    windows = heard((SPEECH, 3), (SILENCE, 0.1), traits=MOONSHINE)
    ending = windows.ending_phrase
    assert ending is not None
    work = DecodeState(running={NOW: RunningJob(DecodeJob(ending), started_at=3)})
    assert next_job(AHEAD, windows, work, slow(ending), 3.1) is None
    assert next_job(AHEAD, windows, DecodeState(), slow(ending), 3.1) is None, "FOREGROUND is free"


def test_no_live_words_are_decoded_ahead() -> None:
    windows = heard((SPEECH, 3), traits=MOONSHINE)
    assert windows.open_phrase is not None
    live = DecodeJob(SpeechWindow(0, 2 * RATE_HZ), DecodeKind.LIVE)
    assert next_job(AHEAD, windows, DecodeState(running={NOW: RunningJob(live, 2)}), DecodeCost(), 3) is None


def test_ended_phrase_decoded_with_previous_if_time() -> None:
    windows = heard(*TWO)
    first, second = windows.phrases
    assert next_job(NOW, windows, DecodeState(done={first}), DecodeCost(), 5) == DecodeJob(
        span_phrases([first, second])
    )
    assert next_job(NOW, windows, DecodeState(done={first}), slow(span_phrases([first, second])), 5) == DecodeJob(
        second
    )


def test_undecoded_phrase_in_next_window_at_any_cost() -> None:
    windows = heard(*TWO)
    assert next_job(NOW, windows, DecodeState(), slow(windows.phrases[1]), 5) == DecodeJob(
        span_phrases(windows.phrases)
    )


def test_ahead_decodes_closed_groups_then_open_group() -> None:
    windows = heard((SPEECH, 11), PAUSE, (SPEECH, 10), (SILENCE, 0.6), *TWO)
    sealed, open_group = span_phrases(windows.groups[0]), span_phrases(windows.phrases)
    assert next_job(AHEAD, windows, DecodeState(), DecodeCost(), 30) == DecodeJob(sealed)
    assert next_job(AHEAD, windows, DecodeState(done={sealed}), DecodeCost(), 30) == DecodeJob(open_group)
    assert next_job(AHEAD, windows, DecodeState(done={sealed, open_group}), DecodeCost(), 30) is None


def test_ahead_language_first_nothing_while_user_waits() -> None:
    windows = heard(*TWO)
    look = SpeechWindow(0, 3 * RATE_HZ)
    assert next_job(AHEAD, windows, DecodeState(language_window=look), DecodeCost(), 5) == DecodeJob(
        look, DecodeKind.LANGUAGE
    )
    hurried = DecodeState(
        language_window=look, running={NOW: RunningJob(DecodeJob(windows.phrases[1]), started_at=4.9)}
    )
    assert next_job(AHEAD, windows, hurried, DecodeCost(), 5) is None
    live = DecodeState(running={NOW: RunningJob(DecodeJob(windows.phrases[1], DecodeKind.LIVE), started_at=4.9)})
    assert next_job(AHEAD, windows, live, DecodeCost(), 5) == DecodeJob(span_phrases(windows.phrases))


def test_no_window_is_decoded_on_both_lanes() -> None:
    windows = heard((SPEECH, 3), PAUSE)
    (phrase,) = windows.phrases
    for lane, other in ((NOW, AHEAD), (AHEAD, NOW)):
        work = DecodeState(running={other: RunningJob(DecodeJob(phrase), started_at=3)})
        assert next_job(lane, windows, work, slow(phrase), 3) is None


def test_phrase_decoded_alone_where_whole_is_slower() -> None:
    windows = heard(*TWO)
    first, second = windows.phrases
    whole = span_phrases(windows.phrases)
    work = DecodeState(done={first}, running={AHEAD: RunningJob(DecodeJob(whole), started_at=5)})
    assert next_job(
        NOW, windows, work, DecodeCost({0: 2 * PHRASE_BUDGET_S / (whole.seconds + DECODE_OVERHEAD_S)}), 5
    ) == DecodeJob(second)
    assert next_job(NOW, windows, work, slow(whole), 5.1) is None, "the whole will be there first"


def test_a_release_after_a_pause_leaves_nothing_to_do() -> None:
    windows = heard((SPEECH, 3), (SILENCE, 0.5))
    windows.finish()
    work = DecodeState(done=set(windows.phrases))
    assert next_final_job(windows, work, DecodeCost(), 4) is None
    assert is_complete(windows, work, DecodeCost(), 4)


def test_release_mid_word_decodes_last_phrase() -> None:
    windows = heard(*TWO, (SPEECH, 1))
    windows.finish()
    known = set(windows.phrases[:2])
    work = DecodeState(done=known)
    assert not is_complete(windows, work, DecodeCost(), 6)
    assert next_final_job(windows, work, slow(windows.phrases[2]), 6) == DecodeJob(windows.phrases[2])
    work.running[NOW] = RunningJob(DecodeJob(windows.phrases[2]), started_at=6)
    assert next_final_job(windows, work, slow(windows.phrases[2]), 6) is None, "the other lane does it already"


def test_release_waits_for_better_text_only_if_near() -> None:
    windows = heard(*TWO)
    windows.finish()
    whole = span_phrases(windows.phrases)
    work = DecodeState(done=set(windows.phrases), running={AHEAD: RunningJob(DecodeJob(whole), started_at=5)})
    cost = DecodeCost({0: 1 / (whole.seconds + DECODE_OVERHEAD_S)})
    assert is_complete(windows, work, cost, 5)
    assert not is_complete(windows, work, cost, 6.01 - RELEASE_WAIT_S)


def test_phrases_replace_undecoded_closed_group() -> None:
    windows = heard((SPEECH, 11), PAUSE, (SPEECH, 10), (SILENCE, 0.6))
    windows.finish()
    (group,) = windows.groups
    assert is_complete(windows, DecodeState(done=set(group)), DecodeCost(), 13)
    assert next_final_job(windows, DecodeState(done={group[0]}), slow(span_phrases(group)), 13) == DecodeJob(group[1])


def test_cost_is_running_mean_of_decodes() -> None:
    cost = DecodeCost()
    window = SpeechWindow(0, 8 * RATE_HZ)
    assert cost.estimate_s(window) == 0
    cost.add_measurement(window, 1.0)
    assert cost.estimate_s(window) == pytest.approx(1.0)
    cost.add_measurement(window, 2.0)
    assert 1.0 < cost.estimate_s(window) < 1.5
    assert cost.estimate_s(SpeechWindow(0, 3 * RATE_HZ)) < cost.estimate_s(window)


def test_cost_long_windows_do_not_affect_known_short() -> None:
    cost = DecodeCost()
    short, long = SpeechWindow(0, 3 * RATE_HZ), SpeechWindow(0, 24 * RATE_HZ)
    cost.add_measurement(short, 0.2)
    for _ in range(50):
        cost.add_measurement(long, 4.0)
    assert cost.estimate_s(short) == pytest.approx(0.2)
    assert cost.estimate_s(long) == pytest.approx(4.0)
    assert cost.estimate_s(SpeechWindow(0, 4 * RATE_HZ)) < 0.3


def test_patient_recording_decoded_in_long_windows() -> None:
    windows = heard((SPEECH, 11), PAUSE, (SPEECH, 10), (SILENCE, 0.6), *TWO)
    sealed, rest = span_phrases(windows.groups[0]), span_phrases(windows.phrases)
    work = DecodeState(done={*windows.groups[0], *windows.phrases})
    assert [next_job(lane, windows, work, DecodeCost(), 1, batch=True) for lane in DecodeLane] == [
        DecodeJob(sealed)
    ] * 2
    windows.finish()
    assert not is_complete(windows, work, DecodeCost(), 1, batch=True)
    work.done.add(sealed)
    assert next_final_job(windows, work, DecodeCost(), 1, batch=True) == DecodeJob(rest)
    work.done.add(rest)
    assert is_complete(windows, work, DecodeCost(), 1, batch=True)


def test_phrase_after_text_that_breaks_off_is_decoded_with_it() -> None:
    windows = heard(*TWO, (SPEECH, 1))
    windows.finish()
    first, second, third = windows.phrases
    work = DecodeState()
    work.add_known(first, "He is followed.")
    work.add_known(second, "And just now...")
    assert next_final_job(windows, work, slow(third), 5) == DecodeJob(span_phrases([second, third]))


def test_texts_that_break_off_are_joined_up_to_twice_the_time() -> None:
    windows = heard((SPEECH, 8), PAUSE, *TWO)
    windows.finish()
    long, second, third = windows.phrases
    work = DecodeState()
    for phrase in (long, second):
        work.add_known(phrase, "It must be …")
    assert next_final_job(windows, work, slow(third), 14) == DecodeJob(span_phrases([second, third]))
    assert next_final_job(windows, work, DecodeCost(), 14) == DecodeJob(span_phrases([long, second, third]))


def test_a_short_last_word_is_decoded_with_the_phrase_before_it() -> None:
    windows = heard((SPEECH, 8), PAUSE, (SPEECH, 6), PAUSE, (SPEECH, 0.15))
    windows.finish()
    first, second, third = windows.phrases
    work = DecodeState(done={first, second})
    assert next_final_job(windows, work, slow(third), 15) == DecodeJob(span_phrases([second, third]))


@pytest.mark.parametrize(("before_s", "last_s"), [(6, 0.5), (8, 0.15)], ids=["long enough", "joined too long"])
def test_a_last_word_is_decoded_alone(before_s: float, last_s: float) -> None:
    windows = heard((SPEECH, 8), PAUSE, (SPEECH, before_s), PAUSE, (SPEECH, last_s))
    windows.finish()
    first, second, third = windows.phrases
    known = {first, second} if before_s < 8 else {span_phrases([first, second])}
    assert next_final_job(windows, DecodeState(done=known), slow(third), 22) == DecodeJob(third)
