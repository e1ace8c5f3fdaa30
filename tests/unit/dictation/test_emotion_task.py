"""The voice is encoded once the dictation is in the history, and only where the recognizer gave no state of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.core.types import Audio, DictationContext, Emotion, EmotionResult, Transcript
from desktop.dictation.emotion_task import EmotionTask
from tests.support.stage import Stage

pytestmark = pytest.mark.anyio
SAID = Transcript("we meet at three", language="en")


class Detector:
    """Notes what it gets."""

    def __init__(self) -> None:
        self.got: list[Transcript] = []

    async def detect(self, transcript: Transcript, audio: Audio, context: DictationContext) -> EmotionResult:
        self.got.append(transcript)
        return EmotionResult(Emotion("joy", 0.9, 0.5, 0.5))


async def add_voice(transcript: Transcript, audio: Audio) -> Transcript:
    return replace(transcript, voice=np.ones(2, np.float32), voice_model="base")


@pytest.mark.parametrize("voice", [None, np.zeros(2, np.float32)], ids=["without", "with"])
async def test_voice_is_added_after_the_row_is_written(tmp_path: Path, voice: Audio | None) -> None:
    stage, detector, recorded = Stage(tmp_path), Detector(), anyio.Event()
    dependencies = replace(stage.parts(), emotion_detector=detector, add_voice=add_voice)
    added: list[EmotionResult] = []
    with dependencies.spool.create(datetime(2026, 1, 1, tzinfo=UTC)) as spool_file:
        async with anyio.create_task_group() as tasks:
            task = EmotionTask(dependencies, spool_file, tasks, recorded)
            task.start(replace(SAID, voice=voice), DictationContext())
            early = await task.read_result()
            await anyio.wait_all_tasks_blocked()
            assert (early is None, len(detector.got)) == (True, 0) if voice is None else (early is None, 1)
            recorded.set()
            await task.add_late_result(added.append)
    (got,) = detector.got
    assert (got.voice_model, got.voice is voice) == (("base", False) if voice is None else ("", True))
    assert len(added) == 1
