"""Until the window of the press is known, no recognizer and no file gets what is said: it may be a password prompt."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.audio.file import read_audio
from desktop.audio.spool_file import SpoolFile
from desktop.core.errors import MicrophoneError
from desktop.core.messages import Message
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Frame, InputField, Outcome, Target, Transcript
from desktop.dictation.session import DictationSession
from desktop.history.rows import HistoryEntry
from tests.conftest import Clip
from tests.support.stage import FakePaster, FakeRecognizer, Stage, on

pytestmark = pytest.mark.anyio

EDITOR = Target(1, "editor", "Untitled")
PROMPT = Target(2, "dialog", "Log in", field=InputField(is_password=True))
WITHHELD = Message("password-field-speech-withheld")


class SlowPaster(FakePaster):
    """Answers the first question for the focused window once `gate` is open; `asked` counts all questions."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = anyio.Event()
        self.asked = 0

    async def find_target(self) -> Target:
        self.asked += 1
        if self.asked == 1:
            await self.gate.wait()
        return await super().find_target()


class ListeningRecognizer(FakeRecognizer):
    """Keeps the first sample of each frame it gets, in `samples`."""

    def __init__(self) -> None:
        super().__init__()
        self.samples: list[float] = []

    async def transcribe(self, speech: AsyncIterator[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        async def listen() -> AsyncIterator[Frame]:
            async for frame in speech:
                self.samples.append(round(float(frame[0]), 2))
                yield frame

        return await super().transcribe(listen(), on_partial)


class Slow:
    """A stage with a slow first lookup; `takes` are the samples of the recordings that were kept."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        stage.paster = self.paster = SlowPaster()
        self.recognizer = ListeningRecognizer()
        self.recognizer.texts = stage.recognizer.texts
        stage.recognizer = self.recognizer
        self.takes: list[int] = []
        stage.dictation.dependencies = replace(stage.parts(), record_entry=self._remember)

    @property
    def session(self) -> DictationSession:
        return self.stage.dictation._unfinished_sessions[0]

    async def captured(self, frames: int) -> None:
        await self.stage.until(lambda: self.session._capture.captured_s >= frames * FRAME_SAMPLES / RATE_HZ)

    def _remember(self, entry: HistoryEntry, take: SpoolFile) -> int:
        self.takes.append(len(take.read_audio()))
        return self.stage._remember(entry, take)


def frame(value: float) -> Frame:
    return np.full(FRAME_SAMPLES, value, np.float32)


async def test_speech_before_a_slow_lookup_finds_a_prompt_is_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.dictation.target.MIN_FOCUS_S", 0.05)
    async with on(tmp_path, "dear diary") as stage:
        slow = Slow(stage)
        recording = await stage.press()
        recording.say(20)
        await slow.captured(20)
        slow.paster.focus = PROMPT
        slow.paster.gate.set()
        await stage.until(lambda: slow.session._tracker.target.is_password)
        recording.say(5)
        await slow.captured(25)
        slow.paster.focus = EDITOR
        await stage.until(lambda: slow.session._tracker.start_target == EDITOR)
        recording.say(5)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert (slow.recognizer.heard, slow.takes) == ([5 * FRAME_SAMPLES], [5 * FRAME_SAMPLES])
        assert (stage.rows[0].delivery, stage.rows[0].app) == (Outcome.INSERTED, "editor")
        assert stage.rows[0].notes == (WITHHELD,)


async def test_slow_lookup_holds_speech_back_and_loses_none(tmp_path: Path) -> None:
    async with on(tmp_path, "dear diary") as stage:
        slow = Slow(stage)
        recording = await stage.press()
        recording.play(np.concatenate([frame(0.1), frame(0.2), frame(0.3)]))
        await slow.captured(3)
        session = slow.session
        assert (slow.recognizer.samples, session._spool.file.read_audio().size) == ([], 0)
        slow.paster.gate.set()
        await stage.until(lambda: len(slow.recognizer.samples) == 3)  # although no further frame comes
        recording.play(frame(0.4))
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert slow.recognizer.samples == [0.1, 0.2, 0.3, 0.4]
        assert (slow.takes, stage.rows[0].notes) == ([4 * FRAME_SAMPLES], ())


async def test_release_before_the_lookup_answers_loses_no_word(tmp_path: Path) -> None:
    async with on(tmp_path, "dear diary") as stage:
        slow = Slow(stage)
        (await stage.press()).say(5)
        stage.release()
        await slow.captured(5)
        slow.paster.gate.set()
        await stage.until(lambda: len(stage.rows) == 1)
        assert (slow.takes, stage.rows[0].text) == ([5 * FRAME_SAMPLES], "Dear diary.")


async def test_lookup_without_answer_releases_the_speech(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.dictation.target.LOOKUP_TIMEOUT_S", 0.05)
    async with on(tmp_path, "dear diary") as stage:
        slow = Slow(stage)
        recording = await stage.press()
        recording.say(5)
        await stage.until(lambda: len(slow.recognizer.samples) == 5)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert slow.takes == [5 * FRAME_SAMPLES]


async def test_microphone_lost_before_the_lookup_answers_keeps_its_speech(tmp_path: Path) -> None:
    async with on(tmp_path, "dear diary") as stage:
        slow = Slow(stage)
        recording = await stage.press()
        recording.say(5)
        recording.unplugged = MicrophoneError("microphone-lost")
        recording.stop(0.0)
        await slow.captured(5)
        slow.paster.gate.set()
        await stage.until(lambda: len(stage.rows) == 1)
        assert slow.takes == [5 * FRAME_SAMPLES]


async def test_voice_before_the_lookup_answers_counts_as_meant(tmp_path: Path, clips: list[Clip]) -> None:
    async with on(tmp_path) as stage:
        slow = Slow(stage)
        recording = await stage.press()
        recording.play(read_audio(clips[0].path)[: 2 * RATE_HZ])
        await slow.captured(2 * RATE_HZ // FRAME_SAMPLES)
        assert await slow.session._capture.has_voice_since_press()
        assert slow.recognizer.samples == []
