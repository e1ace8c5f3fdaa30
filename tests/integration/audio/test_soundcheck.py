"""Trying the microphone, over a sound server: how loud it is, and a recording that says what it is like."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.audio import soundcheck
from desktop.audio.levels import compute_level
from desktop.audio.microphone import pulse
from desktop.audio.microphone.devices import STREAM_PROPERTY
from desktop.audio.soundcheck import RecordingVerdict, judge_recording, monitor_level, play_cue, record_trial
from desktop.core.errors import MicrophoneError, UserError
from desktop.core.messages import Message
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio
from desktop.settings.schema import AudioSettings
from tests.support.microphone_sound import tone
from tests.support.sound_server import Sound
from tests.support.stage import FakeMicrophone, FakeRecording


def listening() -> int:
    """How many of our lines are open, as the sound server has it."""
    return sum(bool(stream.get_property(STREAM_PROPERTY)) for stream in pulse.list_capture_streams())


def ignore(value: object) -> None:
    """Ignore what is reported."""


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
        tasks.start_soon(monitor_level, ("vmic",), hear, ignore)
        with anyio.fail_after(20):
            await loud.wait()
        assert listening() == 1
        tasks.cancel_scope.cancel()
    assert levels[0] == 0
    assert listening() == 0


@pytest.mark.anyio
async def test_monitor_reports_muted_microphone(sound: Sound) -> None:
    told: list[UserError | None] = []
    muted, well = anyio.Event(), anyio.Event()

    def hear(trouble: UserError | None) -> None:
        told.append(trouble)
        (muted if trouble is not None else well).set()

    sound.mute()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(monitor_level, (), ignore, hear)
        with anyio.fail_after(20):
            await muted.wait()
        tasks.cancel_scope.cancel()
    assert str(told[0]) == "vmic-description is muted. Unmute it in the sound settings."


@pytest.mark.anyio
async def test_record_returns_sound_of_wanted_length(sound: Sound, tmp_path: Path) -> None:
    sound.play(tone(tmp_path / "tone.wav", 48_000, 440, 10), wait=False)
    with anyio.fail_after(20):
        recorded = await record_trial((), 1.0, ignore)
    assert len(recorded.audio) / RATE_HZ == pytest.approx(1.0, abs=0.3)
    assert (recorded.verdict, recorded.device, recorded.problem) == (RecordingVerdict.GOOD, "vmic-description", None)
    assert listening() == 0


@pytest.mark.anyio
async def test_silence_is_told_from_speech(sound: Sound) -> None:
    with anyio.fail_after(20):
        assert (await record_trial((), 0.5, ignore)).verdict is RecordingVerdict.SILENT


@pytest.mark.anyio
async def test_without_a_microphone_there_is_a_problem(sound: Sound) -> None:
    sound.unplug()
    for listen in (partial(monitor_level, (), ignore, ignore), partial(record_trial, (), 1.0, ignore)):
        with anyio.fail_after(20), pytest.raises(MicrophoneError):
            await listen()


class LostMicrophone(FakeMicrophone):
    """Is lost after three frames, of which it delivers the last ones."""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[FakeRecording]:
        loss = Message("microphone-unplugged", device="USB Microphone")
        async with super().open() as recording:
            recording.say(3)
            recording.problem = MicrophoneError("microphone-lost", loss=loss)
            recording.unplugged = MicrophoneError("recording-ended-with-speech", loss=loss, seconds="3")
            recording.stop(0.0)
            yield recording


@pytest.mark.anyio
async def test_lost_microphone_does_not_speak_of_a_dictation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundcheck, "SystemMicrophone", lambda devices, tail_s=0.0: LostMicrophone())
    problems: list[UserError | None] = []
    for listen in (partial(monitor_level, (), ignore, problems.append), partial(record_trial, (), 60.0, ignore)):
        with pytest.raises(MicrophoneError) as raised:
            await listen()
        assert str(raised.value) == (
            "USB Microphone was unplugged. Heard 3 s of speech. "
            "Check that it is connected, or choose another microphone in the settings."
        )
    assert [*map(str, problems)] == ["USB Microphone was unplugged. Intone looks for another microphone."]


@pytest.mark.anyio
async def test_cue_tried_and_its_file_checked_silently(tmp_path: Path) -> None:
    lost = AudioSettings(cue_stop=str(tmp_path / "bell.wav"))
    assert str(await play_cue(lost, "stop", aloud=False)).startswith("This file is not there any more.")
    assert await play_cue(lost, "start", aloud=False) is None


SECOND = np.arange(RATE_HZ) / RATE_HZ
VOICE = np.sin(2 * np.pi * 200 * SECOND).astype(np.float32)


@pytest.mark.parametrize(
    ("audio", "how"),
    [
        (np.zeros(0, np.float32), RecordingVerdict.SILENT),
        (np.zeros(RATE_HZ, np.float32), RecordingVerdict.SILENT),
        (0.0005 * VOICE, RecordingVerdict.SILENT),
        (0.005 * VOICE, RecordingVerdict.FAINT),
        (0.2 * VOICE, RecordingVerdict.GOOD),
        (0.97 * VOICE, RecordingVerdict.GOOD),
        (np.clip(3 * VOICE, -1, 1), RecordingVerdict.CLIPPED),
    ],
)
def test_verdict_by_loudest_moment_and_clipping(audio: Audio, how: RecordingVerdict) -> None:
    assert judge_recording(audio) is how


def test_the_level_runs_from_silence_to_speech() -> None:
    silence, speech = np.zeros(FRAME_SAMPLES, np.float32), np.full(FRAME_SAMPLES, 0.3, np.float32)
    assert compute_level(silence) == 0
    assert compute_level(speech) == 1
    assert 0 < compute_level(speech / 30) < 1
