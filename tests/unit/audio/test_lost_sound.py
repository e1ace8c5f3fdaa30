"""Sound that a stream loses without telling is noticed; sound that is only late, or a clock that differs, is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import accumulate, chain, repeat

import anyio
import numpy as np
import pytest

from desktop.audio.microphone.device import MicrophoneDevice
from desktop.audio.microphone.health import MIN_LOST_S, LossMeter
from desktop.audio.microphone.recording import SystemRecording
from desktop.audio.microphone.stream import AudioChunk, MicrophoneStream
from desktop.core.types import RATE_HZ

STEP_S = 0.025
SECONDS = 30


def steady() -> Iterator[tuple[float, float]]:
    """When each chunk was captured to its end, and its length."""
    return zip(accumulate(repeat(STEP_S, round(SECONDS / STEP_S)), initial=100.0), repeat(STEP_S))


def delayed(lag_s: Callable[[float], float]) -> list[tuple[float, float]]:
    """The stream where the chunk captured at a time arrives that much later, and none before another."""
    return [
        (at, length_s) for at, length_s in zip(accumulate((at + lag_s(at) for at, _ in steady()), max), repeat(STEP_S))
    ]


def without(begin: float, end: float) -> list[tuple[float, float]]:
    """The stream without what was captured in these seconds."""
    return [(at, length_s) for at, length_s in steady() if not begin < at <= end]


def clock(factor: float) -> list[tuple[float, float]]:
    """The stream of a sound card whose clock differs."""
    return [(100.0 + (at - 100.0) * factor, length_s) for at, length_s in steady()]


def every(period_s: float, lost_s: float) -> list[tuple[float, float]]:
    """The stream that loses that much of each period."""
    return [(at, length_s) for at, length_s in steady() if (at - 100.0) % period_s >= lost_s]


def measure(chunks: list[tuple[float, float]]) -> float:
    meter = LossMeter()
    for at, length_s in chunks:
        meter.add_data(at, length_s)
    return meter.lost_s


@pytest.mark.parametrize(
    ("chunks", "lost_s"),
    [
        (list(steady()), 0.0),
        (clock(1.001), 0.0),
        (clock(0.999), 0.0),
        (delayed(lambda at: 2.0 if 110 < at < 112 else 0.0), 0.0),
        (delayed(lambda at: 0.9 * (int(at * 2) % 5 == 0)), 0.0),
        (delayed(lambda at: 0.3 * (at < 103)), 0.0),
        (without(110, 111), 1.0),
        (without(110, 110.5), 0.5),
        (every(1.5, 0.1), SECONDS / 1.5 * 0.1),
        (list(chain(without(110, 110.5)[:600], [(at + 0.4, length) for at, length in without(110, 110.5)[600:]])), 0.9),
    ],
    ids=[
        *("steady", "slow clock", "fast clock", "late for 2 s", "often late", "late at first"),
        *("a second", "half a second", "little and often", "and late from then on"),
    ],
)
def test_loss_is_what_never_arrives(chunks: list[tuple[float, float]], lost_s: float) -> None:
    assert measure(chunks) == pytest.approx(lost_s, abs=0.25)
    assert (measure(chunks) >= MIN_LOST_S) is (lost_s > 0)


def test_sound_late_for_good_within_the_buffers_is_not_said() -> None:
    assert measure(delayed(lambda at: 0.2 * (at > 115))) < MIN_LOST_S


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("chunks", "level", "codes"),
    [
        (list(steady()), 0.1, []),
        (every(1.5, 0.1), 0.1, ["recording-lost-sound"]),
        (every(1.5, 0.1), 0.0, []),
    ],
    ids=["whole", "with gaps", "silent"],
)
async def test_recording_says_that_sound_was_lost(
    chunks: list[tuple[float, float]], level: float, codes: list[str]
) -> None:
    stream = MicrophoneStream()
    stream.device = MicrophoneDevice("", "", True, RATE_HZ, 1)
    recording = SystemRecording(stream, pressed_at=100.0)
    for at, length_s in chunks:
        recording.on_chunks(stream, AudioChunk(np.full(round(length_s * RATE_HZ), level, np.float32).tobytes(), at))
    await anyio.lowlevel.checkpoint()
    assert [note.code for note in recording.notes] == codes


def test_late_sound_is_not_said_to_be_missing_while_it_comes_and_after() -> None:
    """It is 0.5 s late for 2.2 s, and all of it comes."""
    meter = LossMeter()
    for at, length_s in delayed(lambda at: 0.5 if 105.0 < at < 107.2 else 0.0):
        meter.add_data(at, length_s, 0.5 if 105.5 < at < 107.7 else 0.0)
        assert not meter.describe()
