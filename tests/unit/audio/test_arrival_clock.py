"""Sound that a busy app reads late is dated by when it was captured, so that it does not end a recording."""

from __future__ import annotations

import pytest

from desktop.audio.microphone.device import BUFFER_S, WASAPI_BUFFER_S
from desktop.audio.microphone.stream import CAPTURE_DELAY_S, ArrivalClock, AudioChunk

LENGTH_S = 0.01


def lateness(arrivals: list[float], longest_s: float = WASAPI_BUFFER_S) -> list[float]:
    clock = ArrivalClock()
    return [round(clock.measure_lateness(at, LENGTH_S, longest_s), 3) for at in arrivals]


def test_sound_in_time_is_not_late() -> None:
    assert lateness([LENGTH_S * number for number in range(500)]) == [0.0] * 500


def test_sound_after_a_busy_moment_is_late_by_what_the_buffer_kept() -> None:
    in_time = [1.0 + LENGTH_S * number for number in range(100)]
    at = in_time[-1] + 0.5
    late = lateness([*in_time, *[at] * 50, at + LENGTH_S])
    assert late[:100] == [0.0] * 100
    assert late[100] == pytest.approx(0.49)
    assert late[100:146] == sorted(late[100:146], reverse=True)
    assert late[-1] == 0.0


def test_chunk_is_dated_by_its_lateness() -> None:
    assert AudioChunk(b"", 10.0, late_s=0.4).captured_until == pytest.approx(9.6 - CAPTURE_DELAY_S)


def test_sound_that_was_lost_is_not_late_once_chunks_come_at_their_pace() -> None:
    late = lateness([LENGTH_S * number + (5.0 if number >= 300 else 0.0) for number in range(900)])
    assert late[300] == WASAPI_BUFFER_S
    assert late[301:] == [0.0] * 599


def test_overflow_leaves_what_the_buffer_kept_late() -> None:
    in_time = [LENGTH_S * number for number in range(300)]
    at = in_time[-1] + 5.0
    late = lateness([*in_time, *[at] * 100, *(at + LENGTH_S * number for number in range(1, 300))])
    assert late[300] == WASAPI_BUFFER_S
    assert late[340] == pytest.approx(0.6)
    assert late[400:] == [0.0] * 299


def test_backlog_that_lasts_stays_late() -> None:
    backlog = [LENGTH_S * number + min(0.8, max(0.0, number - 300) * 0.005) for number in range(1500)]
    assert lateness(backlog)[-1] == pytest.approx(0.8)


def test_a_short_buffer_is_covered_by_the_tail() -> None:
    assert set(lateness([0.0, 0.01, 0.3, 0.3], BUFFER_S)) == {0.0}
