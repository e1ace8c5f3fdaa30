"""A recording that is sent while it is spoken, more than once where need be; and how fast the way was."""

from __future__ import annotations

import time

import anyio
import numpy as np
import pytest

from desktop.core.types import FRAME_SAMPLES, Frame
from desktop.network import timing
from desktop.stt.cloud.audio_upload import PIECE_BYTES, EncodedRecording
from desktop.stt.cloud.encoding import WavEncoder
from tests.support.cloud.speech_source import Speaking

HEAD = 44
"""Bytes of a WAV before its samples."""


def frame(value: float) -> Frame:
    return np.full(FRAME_SAMPLES, value, np.float32)


@pytest.mark.anyio
async def test_restarted_body_catches_up_and_continues() -> None:
    speech, outgoing = Speaking(), EncodedRecording(WavEncoder())
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(outgoing.encode, speech)
        first = outgoing.stream_body(b"<", b">")
        speech.say(frame(0.1))
        started = await anext(first)
        assert started == b"<", "the form goes ahead of the sound"
        started += await anext(first)
        assert len(started) == 1 + HEAD + 2 * FRAME_SAMPLES
        speech.say(frame(0.2))
        again = outgoing.stream_body(b"<", b">")
        parts = [await anext(again)]
        assert len(parts[0]) >= len(started), "all that was said, at once"
        speech.end()
        parts += [part async for part in again]
        rest = started + b"".join([part async for part in first])
    assert b"".join(parts) == rest
    assert rest.startswith(b"<RIFF")
    assert rest.endswith(b">")
    assert outgoing.size == len(rest) - 2 == HEAD + 4 * FRAME_SAMPLES
    assert outgoing.duration_s == 2 * FRAME_SAMPLES / 16000


@pytest.mark.anyio
async def test_body_is_sent_in_counted_pieces() -> None:
    speech, outgoing = Speaking(), EncodedRecording(WavEncoder())
    speech.say(np.zeros(10 * FRAME_SAMPLES * 16, np.float32))
    speech.end()
    await outgoing.encode(speech)
    body, pieces = outgoing.stream_body(b"<" * 10, b">" * PIECE_BYTES), list[bytes]()
    async for piece in body:
        pieces.append(piece)
        assert outgoing.sent_bytes == min(sum(map(len, pieces)) - 10, outgoing.size), "the form is no sound"
        assert not outgoing.is_body_complete
    assert max(map(len, pieces)) == PIECE_BYTES
    assert b"".join(pieces).strip(b"<>") == b"".join([piece async for piece in outgoing.stream_body()])
    assert outgoing.is_body_complete


@pytest.mark.anyio
async def test_body_that_stops_half_way_has_met_the_network() -> None:
    speech, outgoing = Speaking(), EncodedRecording(WavEncoder())
    speech.say(np.zeros(timing.MIN_BURST_BYTES, np.float32))
    speech.end()
    await outgoing.encode(speech)
    assert outgoing.measure_bit_s(time.monotonic()) is None
    body = outgoing.stream_body()
    while outgoing.sent_bytes <= timing.MIN_BURST_BYTES + PIECE_BYTES:
        await anext(body)
    now = time.monotonic() + 10.0
    assert outgoing.measure_bit_s(now) == pytest.approx(
        8 * (outgoing.sent_bytes - PIECE_BYTES - timing.BUFFERED_BYTES) / 10.0, rel=0.1
    )


@pytest.mark.anyio
async def test_body_that_breaks_off_is_measured_until_then() -> None:
    speech, outgoing = Speaking(), EncodedRecording(WavEncoder())
    speech.say(np.zeros(timing.MIN_BURST_BYTES, np.float32))
    speech.end()
    await outgoing.encode(speech)
    body = outgoing.stream_body()
    while outgoing.sent_bytes <= timing.MIN_BURST_BYTES + PIECE_BYTES:
        await anext(body)
    await body.aclose()
    now = time.monotonic()
    met = outgoing.measure_bit_s(now)
    assert met is not None
    assert outgoing.measure_bit_s(now + 60.0) == met
    assert not outgoing.is_body_complete


@pytest.mark.anyio
async def test_body_sent_at_speech_pace_gives_no_speed() -> None:
    speech, outgoing = Speaking(), EncodedRecording(WavEncoder())
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(outgoing.encode, speech)
        body = outgoing.stream_body()
        while outgoing.size <= 2 * timing.MIN_BURST_BYTES:
            speech.say(frame(0.1))
            await anext(body)
        assert outgoing.measure_bit_s(time.monotonic()) is None
        speech.end()


@pytest.mark.parametrize(
    ("size", "seconds", "bit_s"),
    [
        (timing.MIN_BURST_BYTES, 1.0, 8.0 * timing.BUFFERED_BYTES),
        (timing.MIN_BURST_BYTES - 1, 1.0, None),
        (timing.MIN_BURST_BYTES, 0.0, None),
    ],
)
def test_only_bursts_beyond_buffers_give_a_speed(size: int, seconds: float, bit_s: float | None) -> None:
    assert timing.measure_burst(size, seconds) == bit_s


@pytest.mark.parametrize(
    ("waited_s", "worked_s", "bit_s"),
    [(6.0, 1.0, 80_000.0), (1.5, 1.0, None), (6.0, None, None), (0.1, 1.0, None)],
)
def test_an_answer_long_overdue_says_how_slow_it_was(
    waited_s: float, worked_s: float | None, bit_s: float | None
) -> None:
    assert timing.measure_delayed(100_000, 11.0, waited_s, worked_s) == bit_s


def test_the_latest_measurement_counts_most() -> None:
    known = timing.UplinkSpeeds()
    assert known.speed_bit_s("a") is None
    for bit_s in (8e6, None, 2e6, 1e6):
        known.add("a", bit_s)
    assert known.speed_bit_s("a") == 3e6
    assert known.speed_bit_s("b") is None
