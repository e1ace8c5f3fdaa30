"""Trying the microphone: how loud it is just now, and five seconds of it to be heard again.

It has a line of its own that is closed when the trial ends, whatever `audio.warm` says: nobody who leaves a page of
settings wants to be listened to. The sound server gives the same microphone to a dictation at the same time.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

import numpy as np

from desktop.asked.trial_recording import Recorded, Verdict
from desktop.level import level
from desktop.microphone import SystemMicrophone
from desktop.microphone.cue import Cue, chosen
from desktop.ports import RATE_HZ, Audio, Frame
from desktop.problems import Problem
from desktop.settings.tree import CueKind, Sound

SILENT_DB, FAINT_DB = -60.0, -42.0
"""The loudest frame of speech close to a microphone is at -30 dB or more, of a quiet room at -55 dB."""

FULL, FULL_SAMPLES = 0.985, 16
"""So many samples (1 ms) at full scale in a second are heard as a crackle."""


async def monitor(
    devices: Sequence[str], on_level: Callable[[float], None], on_trouble: Callable[[Problem | None], None]
) -> None:
    """Tell how loud the first of `devices` is, until cancelled, and why nothing is heard. Raises
    `MicrophoneProblem`."""
    told: Problem | None = None
    async with SystemMicrophone(devices).open() as recording:
        async for frame in recording:
            on_level(level(frame))
            if recording.trouble is not told:
                told = recording.trouble
                on_trouble(told)


async def record(devices: Sequence[str], seconds: float, on_level: Callable[[float], None]) -> Recorded:
    """Record the first of `devices` for `seconds`. Raises `MicrophoneProblem`."""
    frames: list[Frame] = []
    async with SystemMicrophone(devices, tail_s=0.0).open() as recording:
        end = asyncio.get_running_loop().call_later(seconds, lambda: recording.stop(time.monotonic()))
        try:
            async for frame in recording:
                frames.append(frame)
                on_level(level(frame))
        finally:
            end.cancel()
        audio = np.concatenate(frames) if frames else np.zeros(0, np.float32)
        return Recorded(audio, verdict(audio), recording.device, recording.trouble)


def verdict(audio: Audio) -> Verdict:
    """What a recording of somebody who was asked to speak is like."""
    if not len(audio):
        return Verdict.SILENT
    if np.count_nonzero(np.abs(audio) >= FULL) >= FULL_SAMPLES * max(1.0, len(audio) / RATE_HZ):
        return Verdict.CLIPPED
    step = RATE_HZ // 10
    powers = [float(np.mean(np.square(audio[at : at + step]))) for at in range(0, len(audio), step)]
    loudest_db = 10 * np.log10(max(powers) + 1e-12)
    if loudest_db < SILENT_DB:
        return Verdict.SILENT
    return Verdict.FAINT if loudest_db < FAINT_DB else Verdict.GOOD


async def ring(sound: Sound, kind: CueKind, *, aloud: bool) -> Problem | None:
    """Play the cue that is chosen for `kind`, if it is to be `aloud`; return what is wrong with it."""
    samples, problem = await asyncio.to_thread(chosen, sound, kind)
    if aloud and not await Cue(lambda: samples).play():
        return problem or Problem("Sound cannot be played here.", "Install pulseaudio-utils, or turn the volume up.")
    return problem
