"""Test the microphone: report its level live, and record a few seconds to play back and judge.

The test opens its own stream and closes it when it ends, whatever `audio.warm` says: leaving the page must end the
recording. The sound server allows a dictation to use the same microphone meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum

import numpy as np

from desktop.audio.cues import CuePlayer, load_cue
from desktop.audio.levels import compute_level
from desktop.audio.microphone.microphone import SystemMicrophone
from desktop.core.errors import MicrophoneError, UserError
from desktop.core.types import RATE_HZ, Audio, Frame
from desktop.settings.schema import AudioSettings, CueKind

SILENT_MICROPHONE = MicrophoneError("trial-recording-silent")
"""Shown for a microphone that delivers silence for no other known reason."""

SILENT_LEVEL_DB, FAINT_LEVEL_DB = -60.0, -42.0
"""Loudest 0.1 s of a recording in dB below which it is silent or faint. Speech close to a microphone reaches -30 dB or
more, a quiet room -55 dB."""

CLIPPED_LEVEL, CLIPPED_SAMPLES_PER_S = 0.985, 16
"""Sample level and count per second from which a recording is clipped: 16 samples (1 ms) at full scale are audible as a
crackle."""


class RecordingVerdict(Enum):
    """How a test recording turned out."""

    GOOD = "good"
    SILENT = "silent"
    FAINT = "faint"
    CLIPPED = "clipped"


@dataclass(frozen=True, slots=True)
class TrialRecording:
    """A test recording. `problem` is what the microphone reported, None for nothing."""

    audio: Audio
    verdict: RecordingVerdict
    device: str = ""
    problem: UserError | None = None


async def monitor_level(
    devices: Sequence[str], on_level: Callable[[float], None], on_problem: Callable[[UserError | None], None]
) -> None:
    """Report the level of the first of `devices`, and problems, until cancelled. Raises `MicrophoneError`."""
    reported: UserError | None = None
    with _outside_dictation():
        async with SystemMicrophone(devices).open() as recording:
            async for frame in recording:
                on_level(compute_level(frame))
                if recording.problem is not reported:
                    reported = recording.problem
                    on_problem(reported and reported.outside_dictation())


async def record_trial(devices: Sequence[str], seconds: float, on_level: Callable[[float], None]) -> TrialRecording:
    """Record the first of `devices` for `seconds`. Raises `MicrophoneError`."""
    frames: list[Frame] = []
    with _outside_dictation():
        async with SystemMicrophone(devices, tail_s=0.0).open() as recording:
            end = asyncio.get_running_loop().call_later(seconds, lambda: recording.stop(time.monotonic()))
            try:
                async for frame in recording:
                    frames.append(frame)
                    on_level(compute_level(frame))
            finally:
                end.cancel()
            audio = np.concatenate(frames) if frames else np.zeros(0, np.float32)
            problem = recording.problem and recording.problem.outside_dictation()
            return TrialRecording(audio, judge_recording(audio), recording.device, problem)


@contextmanager
def _outside_dictation() -> Iterator[None]:
    """Raise errors of the microphone without what they say of a dictation."""
    try:
        yield
    except UserError as problem:
        raise problem.outside_dictation() from problem


def judge_recording(audio: Audio) -> RecordingVerdict:
    """Judge a recording of a user who was asked to speak."""
    if not len(audio):
        return RecordingVerdict.SILENT
    if np.count_nonzero(np.abs(audio) >= CLIPPED_LEVEL) >= CLIPPED_SAMPLES_PER_S * max(1.0, len(audio) / RATE_HZ):
        return RecordingVerdict.CLIPPED
    step = RATE_HZ // 10
    powers = [float(np.mean(np.square(audio[start : start + step]))) for start in range(0, len(audio), step)]
    loudest_db = 10 * np.log10(max(powers) + 1e-12)
    if loudest_db < SILENT_LEVEL_DB:
        return RecordingVerdict.SILENT
    return RecordingVerdict.FAINT if loudest_db < FAINT_LEVEL_DB else RecordingVerdict.GOOD


async def play_cue(settings: AudioSettings, kind: CueKind, *, aloud: bool) -> UserError | None:
    """Play the cue chosen for `kind` if `aloud`; return what is wrong with it, None if nothing."""
    samples, problem = await asyncio.to_thread(load_cue, settings, kind)
    if aloud and not await CuePlayer(lambda: samples).play():
        return problem or UserError("cue-unplayable")
    return problem
