"""Sound that is played into a microphone, and how like it what was heard is."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import anyio
import numpy as np
import soundfile
from anyio import to_thread

from desktop.audio.microphone.microphone import SystemMicrophone
from desktop.core.types import Audio, Frame
from tests.contracts.microphone import PATIENCE_S
from tests.support.sound_server import Sound


def tone(path: Path, rate_hz: int, tone_hz: float, seconds: float) -> Path:
    time_s = np.arange(int(rate_hz * seconds)) / rate_hz
    soundfile.write(path, 0.5 * np.sin(2 * np.pi * tone_hz * time_s), rate_hz, subtype="PCM_16")
    return path


async def record(sound: Sound, wav: Path, name: str = "vmic", places: str = "") -> Audio:
    """Open `name`, play `wav` into it, stop when it has been said, and return what was heard."""
    frames: list[Frame] = []

    async def speak() -> None:
        await to_thread.run_sync(lambda: sound.play(wav, name=name, places=places))
        recording.stop(time.monotonic())

    async with SystemMicrophone((name,)).open() as recording, anyio.create_task_group() as tasks:
        async for frame in recording:
            if not frames:
                tasks.start_soon(speak)
            frames.append(frame)
    return np.concatenate(frames)


def likeness(heard: Audio, said: Audio) -> tuple[float, int]:
    """The highest normalised cross-correlation of `said` with a stretch of `heard` as long, and where that begins."""
    size = len(heard) + len(said)
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(said, size)), size)[: len(heard)]
    start = int(np.argmax(product))
    stretch = heard[start : start + len(said)]
    return float(product[start] / (np.linalg.norm(stretch) * np.linalg.norm(said))), start


async def until(met: Callable[[], bool]) -> None:
    with anyio.fail_after(PATIENCE_S):
        while not met():
            await anyio.lowlevel.checkpoint()
