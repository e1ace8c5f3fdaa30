"""A microphone that stays open between dictations, on a real sound server."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from desktop.audio.microphone.microphone import SystemMicrophone
from desktop.audio.microphone.recording import measure_loudness
from desktop.audio.microphone.stream import PRE_ROLL_S
from desktop.core.types import RATE_HZ
from tests.contracts.microphone import hear
from tests.support.microphone_sound import tone, until
from tests.support.sound_server import Sound


@asynccontextmanager
async def kept(microphone: SystemMicrophone) -> AsyncIterator[SystemMicrophone]:
    """`microphone` as the app keeps it."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(microphone.run)
        yield microphone
        tasks.cancel_scope.cancel()


async def heard_after(sound: Sound, wav: Path, microphone: SystemMicrophone) -> float:
    """The seconds of `wav` that are in a take begun when it had been played."""
    await to_thread.run_sync(lambda: sound.play(wav))
    return sum(len(frame) / RATE_HZ for frame in await hear(microphone, 20) if measure_loudness(frame) > 0.1)


@pytest.mark.anyio
async def test_only_warm_microphone_hears_before_press(sound: Sound, tmp_path: Path) -> None:
    wav = tone(tmp_path / "tone.wav", 48_000, 440, 1.5)
    async with kept(SystemMicrophone(warm="always")) as warm:
        await until(lambda: warm.open_device_id == "vmic")
        assert 0.1 < await heard_after(sound, wav, warm) <= PRE_ROLL_S
    assert await heard_after(sound, wav, SystemMicrophone()) < 0.1


@pytest.mark.anyio
async def test_microphone_stays_open_except_after_cancel(
    sound: Sound,
) -> None:
    async with kept(SystemMicrophone(warm="after", keep_open_s=0.5)) as microphone:
        assert microphone.open_device_id is None
        with anyio.CancelScope() as scope:
            async with microphone.open() as recording:
                async for _ in recording:
                    scope.cancel()
        assert microphone.open_device_id is None
        await hear(microphone, 2)
        assert microphone.open_device_id == "vmic"
        await until(lambda: microphone.open_device_id is None)


@pytest.mark.anyio
async def test_unkept_microphone_closes_with_dictation(sound: Sound) -> None:
    async with kept(SystemMicrophone(warm="never")) as microphone:
        await hear(microphone, 2)
        assert microphone.open_device_id is None


@pytest.mark.anyio
async def test_lost_warm_microphone_spares_next_dictation(sound: Sound) -> None:
    async with kept(SystemMicrophone(warm="after")) as microphone:
        await hear(microphone, 2)
        sound.plug("headset")
        sound.unplug("vmic")
        await until(lambda: microphone.open_device_id is None)
        async with microphone.open() as recording:
            assert recording.device == "headset-description"
            async for _ in recording:
                recording.stop(time.monotonic())


@pytest.mark.anyio
async def test_a_warm_microphone_follows_the_systems_choice(sound: Sound) -> None:
    sound.plug("headset")
    async with kept(SystemMicrophone(warm="always")) as microphone:
        await until(lambda: microphone.open_device_id == "vmic")
        await hear(microphone, 10)
        sound.choose("headset")
        await until(lambda: microphone.open_device_id == "headset")
        async with microphone.open() as recording:
            assert recording.device == "headset-description"


@pytest.mark.anyio
async def test_retired_microphone_closes_after_recording(sound: Sound) -> None:
    async with kept(SystemMicrophone(warm="always")) as microphone:
        frames = 0
        async with microphone.open() as recording:
            async for _ in recording:
                frames += 1
                microphone.retire()
                if frames == 20:
                    recording.stop(time.monotonic())
        assert frames >= 20
        await until(lambda: microphone.open_device_id is None)
