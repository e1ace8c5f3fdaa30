"""The voice is encoded once the dictation is in the history, and only where that says more of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.audio.spool_file import SpoolFile
from desktop.core.errors import HistoryError
from desktop.core.types import Audio, DictationContext, Emotion, EmotionResult, Transcript
from desktop.dictation.dependencies import discard_unkept
from desktop.dictation.emotion_task import EmotionTask
from desktop.history.rows import HistoryEntry
from tests.support.stage import on

pytestmark = pytest.mark.anyio
SAID = Transcript("we meet at three", language="en")


class Detector:
    """Notes what it gets."""

    def __init__(self) -> None:
        self.got: list[Transcript] = []

    async def detect(self, transcript: Transcript, audio: Audio, context: DictationContext) -> EmotionResult:
        self.got.append(transcript)
        return EmotionResult(Emotion("joy", 0.9, 0.5, 0.5))


class Encoder:
    """Encodes the voice of what has none; `count` is how often."""

    def __init__(self) -> None:
        self.count = 0

    async def is_wanted(self, transcript: Transcript) -> bool:
        return transcript.voice is None

    async def add_voice(self, transcript: Transcript, audio: Audio) -> Transcript:
        self.count += 1
        return replace(transcript, voice=np.ones(2, np.float32), voice_model="base")


@pytest.mark.parametrize("voice", [None, np.zeros(2, np.float32)], ids=["without", "with"])
async def test_voice_is_added_after_the_row_is_written(tmp_path: Path, voice: Audio | None) -> None:
    detector = Detector()
    async with on(tmp_path) as stage:
        dependencies = replace(stage.parts(), emotion_detector=detector, voice_encoder=Encoder())
        with dependencies.spool.create(datetime(2026, 1, 1, tzinfo=UTC)) as spool_file:
            async with anyio.create_task_group() as tasks:
                task = EmotionTask(dependencies, spool_file, tasks)
                task.start(replace(SAID, voice=voice), DictationContext())
                early = await task.read_result()
                await anyio.wait_all_tasks_blocked()
                assert (early is None, len(detector.got)) == (True, 0) if voice is None else (early is None, 1)
                await task.add_late_result(7)
    (got,) = detector.got
    assert (got.voice_model, got.voice is voice) == (("base", False) if voice is None else ("", True))
    assert [id for id, _ in stage.felt] == [7]


def refuse(entry: HistoryEntry, spool_file: SpoolFile) -> int:
    raise HistoryError("reported-message", title="The disk is full.", advice="Make room.")


@pytest.mark.parametrize("record", [None, discard_unkept, refuse], ids=["kept", "unkept", "unwritable"])
async def test_voice_is_encoded_only_for_a_row(
    tmp_path: Path, record: Callable[[HistoryEntry, SpoolFile], int] | None
) -> None:
    encoder, detector = Encoder(), Detector()
    async with on(tmp_path, "hello there") as stage:
        parts = replace(stage.parts(), emotion_detector=detector, voice_encoder=encoder)
        stage.dictation.dependencies = replace(parts, record_entry=record or parts.record_entry)
        (await stage.press()).say(32)
        stage.release()
        await stage.until(lambda: bool(stage.paster.pasted))
        await stage.until(lambda: not stage.dictation._unfinished_sessions)
    assert (encoder.count, len(detector.got), len(stage.felt)) == ((1, 1, 1) if record is None else (0, 0, 0))
