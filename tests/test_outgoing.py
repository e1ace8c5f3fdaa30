"""A recording that is sent while it is spoken, more than once where need be; and how fast the way was."""

from __future__ import annotations

import anyio
import numpy as np
import pytest

from desktop.network import uplink
from desktop.ports import FRAME, Frame
from desktop.recognizers.encoding import Wav
from desktop.recognizers.outgoing import Outgoing
from tests.cloud.speaking import Speaking

HEAD = 44
"""Bytes of a WAV before its samples."""


def frame(value: float) -> Frame:
    return np.full(FRAME, value, np.float32)


@pytest.mark.anyio
async def test_a_body_that_begins_anew_catches_up_and_goes_on() -> None:
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


@pytest.mark.parametrize(
    ("size", "seconds", "bit_s"),
    [(uplink.BURST, 1.0, 8.0 * uplink.BUFFERED), (uplink.BURST - 1, 1.0, None), (uplink.BURST, 0.0, None)],
)
def test_only_more_than_the_buffers_hold_says_how_fast_it_went(size: int, seconds: float, bit_s: float | None) -> None:
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
