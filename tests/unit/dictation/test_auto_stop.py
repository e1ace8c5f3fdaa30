"""A take that goes on by itself ends where nobody speaks into it, and nowhere else."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.audio.file import read_audio
from desktop.audio.vad import VoiceActivity
from desktop.core.errors import RecognizerError, UserError
from desktop.core.messages import Message
from desktop.core.state import Done
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Frame, InputField, Outcome, Target, Transcript
from desktop.dictation.auto_stop import SILENCE_TIMEOUT_S, SilenceDetector, is_steady_noise
from desktop.hotkeys.gesture import DictationIntent
from desktop.stt.segmenter import Segmenter
from tests.conftest import Clip
from tests.support.stage import FakeRecognizer, FakeRecording, Stage

pytestmark = pytest.mark.anyio

LONG = math.ceil((SILENCE_TIMEOUT_S + 1) * RATE_HZ / FRAME_SAMPLES) * FRAME_SAMPLES


class Telling(FakeRecognizer):
    """Tells its words at the end alone, as many services do; a `problem` comes with the first frame."""

    async def transcribe(self, speech: AsyncIterator[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        return await super().transcribe(speech, lambda partial: None)


@asynccontextmanager
async def locked(
    folder: Path, text: str, problem: UserError | None = None
) -> AsyncIterator[tuple[Stage, FakeRecording]]:
    """A take that was locked, to an engine that shows no words."""
    stage = Stage(folder)
    stage.recognizer = Telling()
    stage.recognizer.texts, stage.recognizer.problem = [text], problem
    stage.dictation.dependencies = stage.parts()
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        recording = await stage.press()
        stage.mean(DictationIntent.LOCK)
        yield stage, recording
        tasks.cancel_scope.cancel()


def room(db: float, hum: float) -> Audio:
    """A fan: noise of that peak level, a share of which is the hum of its motor."""
    noise = np.random.default_rng(3).normal(0, 0.3, LONG)
    brown = np.convolve(noise, np.ones(24) / 24, "same")
    sound = (1 - hum) * brown / np.abs(brown).max() + hum * np.sin(np.arange(LONG) * 2 * np.pi * 100 / RATE_HZ)
    return (sound / np.abs(sound).max() * 10 ** (db / 20)).astype(np.float32)


def whispered(said: Audio) -> Audio:
    """`said` without a voice: noise in the shape of its spectrum, as long as `LONG`, of a standard deviation of 1."""
    long, random, out = 512, np.random.default_rng(1), np.zeros_like(said)
    for start in range(0, len(said) - long, long // 2):
        loud = np.abs(np.fft.rfft(said[start : start + long] * np.hanning(long)))
        shape = np.convolve(loud, np.ones(9) / 9, "same")
        out[start : start + long] += np.fft.irfft(shape * np.exp(2j * np.pi * random.random(len(shape))))
    bright = np.resize(np.diff(out, prepend=np.float32(0)), LONG)
    return bright / bright.std()


WHITE = np.random.default_rng(3).normal(0, 0.01, LONG).astype(np.float32)


@pytest.mark.parametrize(
    "sound",
    [np.zeros(LONG, np.float32), room(-20, 0.0), room(-50, 0.0), room(-30, 0.6), WHITE, 10 * WHITE, 25 * WHITE],
)
async def test_locked_without_speech_ends_as_silent(tmp_path: Path, sound: Audio) -> None:
    async with locked(tmp_path, "") as (stage, recording):
        recording.play(sound)
        assert await stage.until_state(Done) == Done(Outcome.SILENT, notes=(Message("nothing-said", seconds="30"),))
        assert stage.overs == 1
        assert stage.rows == []


@pytest.mark.parametrize("peak", [0.5, 0.003])
@pytest.mark.parametrize("problem", [None, RecognizerError("reported-message", title="The model is gone.", advice="")])
async def test_locked_with_speech_continues_without_words(
    tmp_path: Path, clips: list[Clip], peak: float, problem: UserError | None
) -> None:
    said = np.concatenate([read_audio(clip.path) for clip in clips])
    said = np.resize(said * np.float32(peak / np.abs(said).max()), LONG)
    async with locked(tmp_path, "all of it", problem) as (stage, recording):
        recording.play(said)
        newest = stage.dictation._newest_session
        await stage.until(lambda: newest is not None and newest._capture.captured_s >= LONG / RATE_HZ)
        assert (stage.overs, recording.closed) == (0, False)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.rows[0].delivery is (Outcome.FAILED if problem else Outcome.INSERTED)
        assert problem is not None or stage.recognizer.heard == [LONG]


async def test_who_whispers_over_a_fan_speaks(tmp_path: Path, clips: list[Clip]) -> None:
    fan = room(0, 0.0)
    whisper = whispered(np.concatenate([read_audio(clip.path) for clip in clips]))
    sound = (0.005 * (whisper + 2 * fan / fan.std())).astype(np.float32)
    voice, windows = VoiceActivity(), Segmenter()
    for start in range(0, LONG, FRAME_SAMPLES):
        windows.add_frame(voice(sound[start : start + FRAME_SAMPLES]))
        assert windows.open_phrase is None, "or it is no whisper"
    async with locked(tmp_path, "all of it") as (stage, recording):
        recording.play(sound)
        newest = stage.dictation._newest_session
        await stage.until(lambda: newest is not None and newest._capture.captured_s >= LONG / RATE_HZ)
        assert (stage.overs, recording.closed) == (0, False)


@pytest.mark.parametrize("fainter_db", [0, 6, 12])
async def test_no_whisper_is_lost_in_an_even_noise(clips: list[Clip], fainter_db: int) -> None:
    whisper = whispered(np.concatenate([read_audio(clip.path) for clip in clips]))
    noise = 0.1 * (WHITE / WHITE.std()).astype(np.float64)
    word = np.zeros(LONG)
    word[10 * RATE_HZ :][: RATE_HZ // 2] = whisper[RATE_HZ:][: RATE_HZ // 2]
    assert is_steady_noise(noise)
    for said in (whisper, word):
        assert not is_steady_noise(noise + 0.1 * 10 ** (-fainter_db / 20) * said)


async def test_a_held_key_may_wait_as_long_as_it_likes(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        recording = await stage.press()
        recording.play(np.zeros(LONG, np.float32))
        stage.release()
        assert await stage.until_state(Done) == Done(Outcome.SILENT)
        assert stage.overs == 0
        tasks.cancel_scope.cancel()


async def test_silence_counts_from_leaving_a_password_field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.dictation.target.MIN_FOCUS_S", 0.05)
    stage = Stage(tmp_path)
    stage.paster.focus = Target(2, "dialog", "Log in", field=InputField(is_password=True))
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        recording = await stage.press()
        stage.mean(DictationIntent.LOCK)
        recording.play(np.zeros(LONG, np.float32))
        capture = stage.dictation._unfinished_sessions[0]._capture
        await stage.until(lambda: capture.captured_s >= LONG / RATE_HZ)
        assert stage.overs == 0
        stage.paster.focus = Target(1, "editor", "Untitled")
        await stage.until(lambda: capture._tracker.target.handle == 1)
        recording.play(np.zeros(LONG, np.float32))
        notes = (Message("nothing-said", seconds="30"), Message("password-field-speech-withheld"))
        assert await stage.until_state(Done) == Done(Outcome.SILENT, notes=notes)
        tasks.cancel_scope.cancel()


async def test_where_it_cannot_be_told_somebody_has_spoken(caplog: pytest.LogCaptureFixture) -> None:
    opening = SilenceDetector()
    opening.add_frame(np.zeros(3 * FRAME_SAMPLES, np.float32))  # which no detector takes
    assert not await opening.is_silent()
    assert "voice detection failed" in caplog.text
