"""Trying the microphone, over a sound server: how loud it is, and a recording that says what it is like."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.audio.level import level
from desktop.audio.microphone import pulse as server
from desktop.audio.microphone.devices import LINE
from desktop.audio.soundcheck import monitor, record, ring, verdict
from desktop.audio.trial_recording import Verdict
from desktop.core.errors import MicrophoneProblem, Problem
from desktop.core.types import FRAME, RATE_HZ, Audio
from desktop.settings.schema import Sound as Chosen
from tests.integration.audio.test_microphone import tone
from tests.support.sound_server import Sound


def listening() -> int:
    """How many of our lines are open, as the sound server has it."""
    return sum(bool(stream.told(LINE)) for stream in server.recording())


def ignore(value: object) -> None:
    """Nobody wants to know."""


@pytest.mark.anyio
async def test_monitor_follows_level_and_closes_microphone(sound: Sound, tmp_path: Path) -> None:
    levels: list[float] = []
    loud = anyio.Event()

    def hear(level: float) -> None:
        levels.append(level)
        if len(levels) == 5:
            sound.play(tone(tmp_path / "tone.wav", 48_000, 440, 3), wait=False)
        if level > 0.9:
            loud.set()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(monitor, ("vmic",), hear, ignore)
        with anyio.fail_after(20):
            await loud.wait()
        assert listening() == 1
        tasks.cancel_scope.cancel()
    assert levels[0] == 0
    assert listening() == 0


@pytest.mark.anyio
async def test_monitor_reports_muted_microphone(sound: Sound) -> None:
    told: list[Problem | None] = []
    muted, well = anyio.Event(), anyio.Event()

    def hear(trouble: Problem | None) -> None:
        told.append(trouble)
        (muted if trouble is not None else well).set()

    sound.mute()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(monitor, (), ignore, hear)
        with anyio.fail_after(20):
            await muted.wait()
        tasks.cancel_scope.cancel()
    assert str(told[0]) == "vmic-description is muted. Unmute it in the sound settings."


@pytest.mark.anyio
async def test_record_returns_sound_of_wanted_length(sound: Sound, tmp_path: Path) -> None:
    sound.play(tone(tmp_path / "tone.wav", 48_000, 440, 10), wait=False)
    with anyio.fail_after(20):
        recorded = await record((), 1.0, ignore)
    assert len(recorded.audio) / RATE_HZ == pytest.approx(1.0, abs=0.3)
    assert (recorded.verdict, recorded.device, recorded.trouble) == (Verdict.GOOD, "vmic-description", None)
    assert listening() == 0


@pytest.mark.anyio
async def test_silence_is_told_from_speech(sound: Sound) -> None:
    with anyio.fail_after(20):
        assert (await record((), 0.5, ignore)).verdict is Verdict.SILENT


@pytest.mark.anyio
async def test_without_a_microphone_there_is_a_problem(sound: Sound) -> None:
    sound.unplug()
    for listen in (partial(monitor, (), ignore, ignore), partial(record, (), 1.0, ignore)):
        with anyio.fail_after(20), pytest.raises(MicrophoneProblem):
            await listen()


@pytest.mark.anyio
async def test_cue_tried_and_its_file_checked_silently(tmp_path: Path) -> None:
    lost = Chosen(cue_stop=str(tmp_path / "bell.wav"))
    assert str(await ring(lost, "stop", aloud=False)).startswith("This file is not there any more.")
    assert await ring(lost, "start", aloud=False) is None


SECOND = np.arange(RATE_HZ) / RATE_HZ
VOICE = np.sin(2 * np.pi * 200 * SECOND).astype(np.float32)


@pytest.mark.parametrize(
    ("audio", "how"),
    [
        (np.zeros(0, np.float32), Verdict.SILENT),
        (np.zeros(RATE_HZ, np.float32), Verdict.SILENT),
        (0.0005 * VOICE, Verdict.SILENT),
        (0.005 * VOICE, Verdict.FAINT),
        (0.2 * VOICE, Verdict.GOOD),
        (0.97 * VOICE, Verdict.GOOD),
        (np.clip(3 * VOICE, -1, 1), Verdict.CLIPPED),
    ],
)
def test_verdict_by_loudest_moment_and_clipping(audio: Audio, how: Verdict) -> None:
    assert verdict(audio) is how


def test_the_level_runs_from_silence_to_speech() -> None:
    silence, speech = np.zeros(FRAME, np.float32), np.full(FRAME, 0.3, np.float32)
    assert level(silence) == 0
    assert level(speech) == 1
    assert 0 < level(speech / 30) < 1
