"""What is decoded next, told by what is known and what is not."""

from __future__ import annotations

import pytest

from desktop.core.types import FRAME, RATE_HZ
from desktop.stt.local.scheduler import (
    BUDGET_S,
    FIRST_S,
    PADDING_S,
    PATIENCE_S,
    Cost,
    Doing,
    Job,
    Kind,
    Lane,
    Work,
    complete,
    last_job,
    next_job,
)
from desktop.stt.local.segmenter import EAGER, Window, over
from tests.unit.stt.local.test_segmenter import SILENCE, SPEECH, heard

NOW, AHEAD = Lane.NOW, Lane.AHEAD
PAUSE = (SILENCE, 0.3)
TWO = ((SPEECH, 2), PAUSE, (SPEECH, 2), PAUSE)


def slow(window: Window) -> Cost:
    """A model that takes just longer than the budget for `window`."""
    return Cost({0: 1.01 * BUDGET_S / (window.seconds + PADDING_S)})


def test_nothing_is_decoded_in_silence() -> None:
    windows, work = heard((SILENCE, 3)), Work()
    assert [next_job(lane, windows, work, Cost(), 3) for lane in Lane] == [None, None]
    assert last_job(windows, work, Cost(), 3) is None
    assert complete(windows, work, Cost(), 3)


def test_words_are_decoded_while_they_are_said() -> None:
    windows = heard((SPEECH, FIRST_S + 0.1))
    assert windows.speaking is not None
    assert next_job(NOW, windows, Work(), Cost(), 1) == Job(windows.speaking, Kind.LIVE)
    assert next_job(AHEAD, windows, Work(), Cost(), 1) is None


def test_live_words_wait_and_leave_half_of_lane_time() -> None:
    windows = heard((SPEECH, 3))
    assert next_job(NOW, windows, Work(live_end=windows.heard - FRAME), Cost(), 9) is None
    assert next_job(NOW, windows, Work(live_s=1, live_at=8.5), Cost(), 9) is None
    assert next_job(NOW, windows, Work(live_s=1, live_at=7.5), Cost(), 9) is not None


def test_live_without_words_repeated_on_more_sound() -> None:
    windows = heard((SPEECH, 1))
    assert windows.speaking is not None
    waits = Work(live_end=windows.heard - FRAME, live_said=False, live_s=1, live_at=8.5)
    assert next_job(NOW, windows, waits, Cost(), 9) is None
    more = Work(live_end=windows.heard - 2 * FRAME, live_said=False, live_s=1, live_at=8.5)
    assert next_job(NOW, windows, more, Cost(), 9) == Job(windows.speaking, Kind.LIVE)


def test_live_words_do_not_begin_when_a_pause_may_have() -> None:
    assert next_job(NOW, heard((SPEECH, 3), (SILENCE, 0.04)), Work(), Cost(), 9) is None


def test_phrase_seeming_to_end_decoded_as_ended() -> None:
    windows = heard((SPEECH, 3), (SILENCE, (EAGER + 0.1) * FRAME / RATE_HZ))
    job = next_job(NOW, windows, Work(), Cost(), 4)
    assert windows.phrases == []
    windows.finish()
    assert job == Job(windows.phrases[0])
    assert complete(windows, Work(done={job.window}), Cost(), 4)


def test_ended_phrase_decoded_with_previous_if_time() -> None:
    windows = heard(*TWO)
    first, second = windows.phrases
    assert next_job(NOW, windows, Work(done={first}), Cost(), 5) == Job(over([first, second]))
    assert next_job(NOW, windows, Work(done={first}), slow(over([first, second])), 5) == Job(second)


def test_undecoded_phrase_in_next_window_at_any_cost() -> None:
    windows = heard(*TWO)
    assert next_job(NOW, windows, Work(), slow(windows.phrases[1]), 5) == Job(over(windows.phrases))


def test_ahead_decodes_closed_groups_then_open_group() -> None:
    windows = heard((SPEECH, 11), PAUSE, (SPEECH, 10), (SILENCE, 0.6), *TWO)
    sealed, open_group = over(windows.groups[0]), over(windows.phrases)
    assert next_job(AHEAD, windows, Work(), Cost(), 30) == Job(sealed)
    assert next_job(AHEAD, windows, Work(done={sealed}), Cost(), 30) == Job(open_group)
    assert next_job(AHEAD, windows, Work(done={sealed, open_group}), Cost(), 30) is None


def test_ahead_language_first_nothing_while_user_waits() -> None:
    windows = heard(*TWO)
    look = Window(0, 3 * RATE_HZ)
    assert next_job(AHEAD, windows, Work(look=look), Cost(), 5) == Job(look, Kind.LANGUAGE)
    hurried = Work(look=look, doing={NOW: Doing(Job(windows.phrases[1]), since=4.9)})
    assert next_job(AHEAD, windows, hurried, Cost(), 5) is None
    live = Work(doing={NOW: Doing(Job(windows.phrases[1], Kind.LIVE), since=4.9)})
    assert next_job(AHEAD, windows, live, Cost(), 5) == Job(over(windows.phrases))


def test_no_window_is_decoded_on_both_lanes() -> None:
    windows = heard((SPEECH, 3), PAUSE)
    (phrase,) = windows.phrases
    for lane, other in ((NOW, AHEAD), (AHEAD, NOW)):
        work = Work(doing={other: Doing(Job(phrase), since=3)})
        assert next_job(lane, windows, work, slow(phrase), 3) is None


def test_phrase_decoded_alone_where_whole_is_slower() -> None:
    windows = heard(*TWO)
    first, second = windows.phrases
    whole = over(windows.phrases)
    work = Work(done={first}, doing={AHEAD: Doing(Job(whole), since=5)})
    assert next_job(NOW, windows, work, Cost({0: 2 * BUDGET_S / (whole.seconds + PADDING_S)}), 5) == Job(second)
    assert next_job(NOW, windows, work, slow(whole), 5.1) is None, "the whole will be there first"


def test_a_release_after_a_pause_leaves_nothing_to_do() -> None:
    windows = heard((SPEECH, 3), (SILENCE, 0.5))
    windows.finish()
    work = Work(done=set(windows.phrases))
    assert last_job(windows, work, Cost(), 4) is None
    assert complete(windows, work, Cost(), 4)


def test_release_mid_word_decodes_last_phrase() -> None:
    windows = heard(*TWO, (SPEECH, 1))
    windows.finish()
    known = set(windows.phrases[:2])
    work = Work(done=known)
    assert not complete(windows, work, Cost(), 6)
    assert last_job(windows, work, slow(windows.phrases[2]), 6) == Job(windows.phrases[2])
    work.doing[NOW] = Doing(Job(windows.phrases[2]), since=6)
    assert last_job(windows, work, slow(windows.phrases[2]), 6) is None, "the other lane does it already"


def test_release_waits_for_better_text_only_if_near() -> None:
    windows = heard(*TWO)
    windows.finish()
    whole = over(windows.phrases)
    work = Work(done=set(windows.phrases), doing={AHEAD: Doing(Job(whole), since=5)})
    cost = Cost({0: 1 / (whole.seconds + PADDING_S)})
    assert complete(windows, work, cost, 5)
    assert not complete(windows, work, cost, 6.01 - PATIENCE_S)


def test_phrases_replace_undecoded_closed_group() -> None:
    windows = heard((SPEECH, 11), PAUSE, (SPEECH, 10), (SILENCE, 0.6))
    windows.finish()
    (group,) = windows.groups
    assert complete(windows, Work(done=set(group)), Cost(), 13)
    assert last_job(windows, Work(done={group[0]}), slow(over(group)), 13) == Job(group[1])


def test_cost_is_running_mean_of_decodes() -> None:
    cost = Cost()
    window = Window(0, 8 * RATE_HZ)
    assert cost.of(window) == 0
    cost.learn(window, 1.0)
    assert cost.of(window) == pytest.approx(1.0)
    cost.learn(window, 2.0)
    assert 1.0 < cost.of(window) < 1.5
    assert cost.of(Window(0, 3 * RATE_HZ)) < cost.of(window)


def test_cost_long_windows_do_not_affect_known_short() -> None:
    cost = Cost()
    short, long = Window(0, 3 * RATE_HZ), Window(0, 24 * RATE_HZ)
    cost.learn(short, 0.2)
    for _ in range(50):
        cost.learn(long, 4.0)
    assert cost.of(short) == pytest.approx(0.2)
    assert cost.of(long) == pytest.approx(4.0)
    assert cost.of(Window(0, 4 * RATE_HZ)) < 0.3


def test_patient_recording_decoded_in_long_windows() -> None:
    windows = heard((SPEECH, 11), PAUSE, (SPEECH, 10), (SILENCE, 0.6), *TWO)
    sealed, rest = over(windows.groups[0]), over(windows.phrases)
    work = Work(done={*windows.groups[0], *windows.phrases})
    assert [next_job(lane, windows, work, Cost(), 1, patient=True) for lane in Lane] == [Job(sealed)] * 2
    windows.finish()
    assert not complete(windows, work, Cost(), 1, patient=True)
    work.done.add(sealed)
    assert last_job(windows, work, Cost(), 1, patient=True) == Job(rest)
    work.done.add(rest)
    assert complete(windows, work, Cost(), 1, patient=True)
