"""A take of which much is to be decoded: what it keeps in memory, and what becomes of a doubt far back."""

from __future__ import annotations

import anyio
import numpy as np
import pytest

from desktop.audio.file import iterate_frames, read_audio
from desktop.core.types import RATE_HZ, Audio
from desktop.stt.local.decoding import DecodeRequest, DecodeResult
from desktop.stt.local.scheduler import DecodeLane
from desktop.stt.local.settlement import MAX_DOUBT_DISTANCE
from desktop.stt.local.streaming import MAX_BACKLOG_S, WhisperStream
from tests.conftest import Clip
from tests.unit.stt.local.test_streaming import CLOCK, FakeDecoder

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "asyncio", {"loop_factory": CLOCK.create_loop}


@pytest.fixture
def minutes(clips: list[Clip]) -> Audio:
    """Four minutes of speech."""
    gap = np.zeros(RATE_HZ, np.float32)
    once = np.concatenate([piece for clip in clips for piece in (read_audio(clip.path), gap)])
    return np.tile(once, 8)


async def test_slow_model_leaves_sound_waiting_at_source(minutes: Audio) -> None:
    gate = anyio.Event()

    class Stuck(FakeDecoder):
        async def decode(self, audio: Audio, question: DecodeRequest) -> DecodeResult:
            await gate.wait()
            return await super().decode(audio, question)

    decoder = Stuck()
    decoder.languages = ("en",)
    take = WhisperStream(decoder, lambda transcript: None)
    heard_s = 0.0

    async def listen() -> None:
        nonlocal heard_s
        async for frame in iterate_frames(minutes):
            take.add_frame(frame)
            heard_s += len(frame) / RATE_HZ
            await take.wait_for_room()

    async with anyio.create_task_group() as tasks:
        for lane in DecodeLane:
            tasks.start_soon(take.run_lane, lane)
        tasks.start_soon(listen)
        await anyio.wait_all_tasks_blocked()
        assert MAX_BACKLOG_S < take.backlog_s < MAX_BACKLOG_S + 30
        assert heard_s < MAX_BACKLOG_S + 90
        gate.set()
        with anyio.fail_after(30):
            while heard_s < len(minutes) / RATE_HZ:
                await anyio.lowlevel.checkpoint()
        await take.finish()
        tasks.cancel_scope.cancel()
    assert take.build_transcript().duration_s == pytest.approx(len(minutes) / RATE_HZ, abs=0.01)
    assert take.backlog_s == 0


async def test_old_doubt_settled_and_its_sound_released(minutes: Audio) -> None:
    def say(question: DecodeRequest) -> DecodeResult | None:
        return None if question.full or question.only_language else DecodeResult("doubt", "en", "loop", False, 0.01, {})

    decoder = FakeDecoder(say)
    decoder.languages = ("en",)
    take = WhisperStream(decoder, lambda transcript: None)
    with CLOCK.skipping(lambda: False):
        async with anyio.create_task_group() as lanes:
            for lane in DecodeLane:
                lanes.start_soon(take.run_lane, lane)
            async for frame in iterate_frames(minutes, realtime=True):
                take.add_frame(frame)
            held_s, asked = take.seconds_held, len(decoder.asked)
            await take.finish()
            lanes.cancel_scope.cancel()
    assert held_s < (MAX_DOUBT_DISTANCE + 2) * 30
    assert sum(seconds for seconds, _ in decoder.asked[asked:]) < 2 * (MAX_DOUBT_DISTANCE + 2) * 30, (
        "little is left at the end"
    )
    assert "doubt" not in take.build_transcript().text
