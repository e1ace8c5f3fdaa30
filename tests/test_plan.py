"""What is decoded next, told by what is known and what is not."""

from __future__ import annotations

from desktop.ports import FRAME, RATE_HZ
from desktop.speech.plan import BEAM_AHEAD, BEAM_NOW, LIVE_S, Job, Worker, last_job, next_job
from tests.test_windows import SILENCE, SPEECH, heard

IDLE = Worker()


def test_nothing_is_decoded_in_silence() -> None:
    assert next_job(heard((SILENCE, 3)), set(), IDLE, now=3) is None
    assert last_job(heard((SILENCE, 3)), set(), 3 * RATE_HZ) is None


def test_words_are_decoded_while_they_are_said() -> None:
    windows = heard((SPEECH, LIVE_S + 0.1))
    job = next_job(windows, set(), IDLE, now=1)
    assert job is not None
    assert job.live
    assert job.window == windows.open(())


def test_live_words_wait_for_more_sound_and_leave_the_decoder_half_of_its_time() -> None:
    windows = heard((SPEECH, 3))
    assert next_job(windows, set(), Worker(live_end=windows.heard - FRAME), now=9) is None
    assert next_job(windows, set(), Worker(ended_at=8.5, took_s=1), now=9) is None
    assert next_job(windows, set(), Worker(ended_at=7.5, took_s=1), now=9) is not None


def test_a_pause_is_decoded_once_and_well() -> None:
    windows = heard((SPEECH, 3), (SILENCE, 0.5))
    assert windows.ahead is not None
    assert next_job(windows, set(), IDLE, now=4) == Job(windows.ahead, BEAM_AHEAD)
    assert next_job(windows, {windows.ahead}, IDLE, now=4) is None


def test_what_is_sealed_comes_first() -> None:
    windows = heard((SPEECH, 11), (SILENCE, 0.5), (SPEECH, 2))
    assert next_job(windows, set(), IDLE, now=14) == Job(windows.sealed[0], BEAM_AHEAD)


def test_a_release_after_a_pause_leaves_nothing_to_do() -> None:
    windows = heard((SPEECH, 3), (SILENCE, 0.5))
    assert windows.ahead is not None
    assert last_job(windows, {windows.ahead}, windows.heard) is None


def test_a_release_in_the_middle_of_a_word_decodes_the_last_window_quickly() -> None:
    windows = heard((SPEECH, 11), (SILENCE, 0.5), (SPEECH, 2))
    (last,) = windows.finish(windows.heard)
    assert last_job(windows, {windows.sealed[0]}, windows.heard) == Job(last, BEAM_NOW)
    assert last_job(windows, {windows.sealed[0], last}, windows.heard) is None


def test_a_release_after_a_pause_and_a_few_words_decodes_those_alone() -> None:
    windows = heard((SPEECH, 6), (SILENCE, 0.5), (SPEECH, 1))
    assert windows.pause is not None
    job = last_job(windows, {windows.pause}, windows.heard)
    assert job is not None
    assert job.window.start == windows.pause.end
    assert job.beam == BEAM_NOW


def test_a_pause_that_passed_while_the_decoder_was_busy_is_decoded_all_the_same() -> None:
    windows = heard((SPEECH, 6), (SILENCE, 0.5), (SPEECH, 1))
    assert windows.ahead is None
    assert windows.pause is not None
    assert next_job(windows, set(), IDLE, now=8) == Job(windows.pause, BEAM_AHEAD)
    live = next_job(windows, {windows.pause}, IDLE, now=8)
    assert live is not None
    assert live.live
    assert live.window.start == windows.pause.end
