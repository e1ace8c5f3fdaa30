"""What every `Microphone` promises, asked of the real one and of the one that other tests stand on.

A subclass has the fixture `microphone`: one that hears sound for as long as the test lasts.
"""

from __future__ import annotations

import time

import anyio
import numpy as np
import pytest

from desktop.core.interfaces import Microphone
from desktop.core.types import FRAME_SAMPLES, Frame

PATIENCE_S = 10


async def hear(microphone: Microphone, count: int) -> list[Frame]:
    """Open, hear `count` frames, stop, and return all that the take delivered."""
    frames: list[Frame] = []
    with anyio.fail_after(PATIENCE_S):
        async with microphone.open() as recording:
            async for frame in recording:
                frames.append(frame)
                if len(frames) == count:
                    recording.stop(time.monotonic())
    return frames


@pytest.mark.anyio
class MicrophoneContract:
    async def test_frames_are_equal_mono_float32_but_the_last(self, microphone: Microphone) -> None:
        frames = await hear(microphone, 10)
        assert len(frames) >= 10
        assert {(frame.dtype, frame.shape) for frame in frames[:-1]} == {(np.dtype(np.float32), (FRAME_SAMPLES,))}
        assert 0 < len(frames[-1]) <= FRAME_SAMPLES
        assert max(np.abs(frame).max() for frame in frames) <= 1.0

    async def test_a_take_stopped_before_it_was_heard_just_ends(self, microphone: Microphone) -> None:
        with anyio.fail_after(PATIENCE_S):
            async with microphone.open() as recording:
                recording.stop(time.monotonic())
                recording.stop(time.monotonic())
                frames = [frame async for frame in recording]
        assert len(frames) < 100

    async def test_the_microphone_that_is_heard_has_a_name(self, microphone: Microphone) -> None:
        async with microphone.open() as recording:
            assert recording.device

    async def test_good_recording_has_no_trouble_and_no_note(self, microphone: Microphone) -> None:
        frames = 0
        with anyio.fail_after(PATIENCE_S):
            async with microphone.open() as recording:
                async for frame in recording:
                    frames += bool(frame.any())
                    if frames == 10:
                        recording.stop(time.monotonic())
        assert (recording.problem, recording.notes) == (None, ())

    async def test_cancelled_recording_frees_the_microphone(self, microphone: Microphone) -> None:
        async def listen(heard: anyio.Event) -> None:
            async with microphone.open() as recording:
                async for _ in recording:
                    heard.set()

        with anyio.fail_after(PATIENCE_S):
            async with anyio.create_task_group() as tasks:
                heard = anyio.Event()
                tasks.start_soon(listen, heard)
                await heard.wait()
                tasks.cancel_scope.cancel()
        assert await hear(microphone, 2)

    async def test_two_takes_at_once_are_both_heard(self, microphone: Microphone) -> None:
        counts: list[int] = []

        async def listen() -> None:
            counts.append(len(await hear(microphone, 5)))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(listen)
            tasks.start_soon(listen)
        assert min(counts) >= 5
