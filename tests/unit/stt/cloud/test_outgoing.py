"""A recording that is sent while it is spoken, more than once where need be; and how fast the way was."""

from __future__ import annotations

import time

import anyio
import numpy as np
import pytest

from desktop.core.types import FRAME, Frame
from desktop.network import uplink
from desktop.stt.cloud.encoding import Wav
from desktop.stt.cloud.outgoing import PIECE, Outgoing
from tests.support.cloud.speaking import Speaking

HEAD = 44
"""Bytes of a WAV before its samples."""


def frame(value: float) -> Frame:
    return np.full(FRAME, value, np.float32)


@pytest.mark.anyio
async def test_restarted_body_catches_up_and_continues() -> None:
    speech, outgoing = Speaking(), Outgoing(Wav())
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(outgoing.hear, speech)
        first = outgoing.body(b"<", b">")
        speech.say(frame(0.1))
        started = await anext(first)
        assert started == b"<", "the form goes ahead of the sound"
        started += await anext(first)
        assert len(started) == 1 + HEAD + 2 * FRAME
        speech.say(frame(0.2))
        again = outgoing.body(b"<", b">")
        parts = [await anext(again)]
        assert len(parts[0]) >= len(started), "all that was said, at once"
        speech.end()
        parts += [part async for part in again]
        rest = started + b"".join([part async for part in first])
    assert b"".join(parts) == rest
    assert rest.startswith(b"<RIFF")
    assert rest.endswith(b">")
    assert outgoing.size == len(rest) - 2 == HEAD + 4 * FRAME
    assert outgoing.duration_s == 2 * FRAME / 16000


@pytest.mark.anyio
async def test_body_is_sent_in_counted_pieces() -> None:
    speech, outgoing = Speaking(), Outgoing(Wav())
    speech.say(np.zeros(10 * FRAME * 16, np.float32))
    speech.end()
    await outgoing.hear(speech)
    body, pieces = outgoing.body(b"<" * 10, b">" * PIECE), list[bytes]()
    async for piece in body:
        pieces.append(piece)
        assert outgoing.sent == min(sum(map(len, pieces)) - 10, outgoing.size), "the form is no sound"
        assert not outgoing.whole
    assert max(map(len, pieces)) == PIECE
    assert b"".join(pieces).strip(b"<>") == b"".join([piece async for piece in outgoing.body()])
    assert outgoing.whole


@pytest.mark.anyio
async def test_body_that_stops_half_way_has_met_the_network() -> None:
    speech, outgoing = Speaking(), Outgoing(Wav())
    speech.say(np.zeros(uplink.BURST, np.float32))
    speech.end()
    await outgoing.hear(speech)
    assert outgoing.bit_s(time.monotonic()) is None
    body = outgoing.body()
    while outgoing.sent <= uplink.BURST + PIECE:
        await anext(body)
    now = time.monotonic() + 10.0
    assert outgoing.bit_s(now) == pytest.approx(8 * (outgoing.sent - PIECE - uplink.BUFFERED) / 10.0, rel=0.1)


@pytest.mark.anyio
async def test_body_that_breaks_off_is_measured_until_then() -> None:
    speech, outgoing = Speaking(), Outgoing(Wav())
    speech.say(np.zeros(uplink.BURST, np.float32))
    speech.end()
    await outgoing.hear(speech)
    body = outgoing.body()
    while outgoing.sent <= uplink.BURST + PIECE:
        await anext(body)
    await body.aclose()
    now = time.monotonic()
    met = outgoing.bit_s(now)
    assert met is not None
    assert outgoing.bit_s(now + 60.0) == met
    assert not outgoing.whole


@pytest.mark.anyio
async def test_body_sent_at_speech_pace_gives_no_speed() -> None:
    speech, outgoing = Speaking(), Outgoing(Wav())
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(outgoing.hear, speech)
        body = outgoing.body()
        while outgoing.size <= 2 * uplink.BURST:
            speech.say(frame(0.1))
            await anext(body)
        assert outgoing.bit_s(time.monotonic()) is None
        speech.end()


@pytest.mark.parametrize(
    ("size", "seconds", "bit_s"),
    [(uplink.BURST, 1.0, 8.0 * uplink.BUFFERED), (uplink.BURST - 1, 1.0, None), (uplink.BURST, 0.0, None)],
)
def test_only_bursts_beyond_buffers_give_a_speed(size: int, seconds: float, bit_s: float | None) -> None:
    assert uplink.burst(size, seconds) == bit_s


@pytest.mark.parametrize(
    ("waited_s", "worked_s", "bit_s"),
    [(6.0, 1.0, 80_000.0), (1.5, 1.0, None), (6.0, None, None), (0.1, 1.0, None)],
)
def test_an_answer_long_overdue_says_how_slow_it_was(
    waited_s: float, worked_s: float | None, bit_s: float | None
) -> None:
    assert uplink.behind(100_000, 11.0, waited_s, worked_s) == bit_s


def test_the_latest_measurement_counts_most() -> None:
    known = uplink.Uplinks()
    assert known.bit_s("a") is None
    for bit_s in (8e6, None, 2e6, 1e6):
        known.note("a", bit_s)
    assert known.bit_s("a") == 3e6
    assert known.bit_s("b") is None
