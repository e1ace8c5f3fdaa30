"""Detect the emotion of one dictation beside the polish and the paste, which never wait for it.

Where the recognizer gave no state of the voice that a head judges, and one is wanted, it is computed once the dictation
is in the history. For one that is not, nothing is computed.

The result may come before the row is written and then is part of it, or later and then is added, or never.
"""

from __future__ import annotations

import logging

import anyio
from anyio import to_thread
from anyio.abc import TaskGroup

from desktop.audio.spool_file import SpoolFile
from desktop.core.errors import UserError
from desktop.core.interfaces import EmotionDetector
from desktop.core.types import DictationContext, EmotionResult, Transcript
from desktop.dictation.dependencies import SessionDependencies
from desktop.history.recorder import NO_ROW

logger = logging.getLogger(__name__)

MAX_AUDIO_S = 60.0
"""Seconds of a recording that are analysed: detectors need no more, and an hour would take 230 MB."""


class EmotionTask:
    """Runs the detector of `dependencies` on the recording `spool_file` and its words, as one of `tasks`; does nothing
    if there is none. It ends after `add_late_result` alone, which the session calls at its own end."""

    def __init__(self, dependencies: SessionDependencies, spool_file: SpoolFile, tasks: TaskGroup) -> None:
        self._detector = dependencies.emotion_detector
        self._voice_encoder = dependencies.voice_encoder
        self._add_emotion = dependencies.add_emotion
        self._spool_file = spool_file
        self._tasks = tasks
        self._result: EmotionResult | None = None
        self._is_started = False
        self._audio_read = anyio.Event()
        self._has_row = anyio.Event()
        self._ended = anyio.Event()
        self._cancel_scope = anyio.CancelScope()

    def start(self, transcript: Transcript, context: DictationContext) -> None:
        """Start the detection, once the words are known."""
        if self._detector is not None:
            self._is_started = True
            self._tasks.start_soon(self._detect, self._detector, transcript, context)

    async def read_result(self) -> EmotionResult | None:
        """Return the result so far, None if there is none yet. Waits until the recording has been read, which is
        soon."""
        if self._is_started:
            await self._audio_read.wait()
        return self._result

    async def add_late_result(self, id: int) -> None:
        """Wait for a result that was not there yet, and add it to the row `id`; errors are logged. With `NO_ROW` end
        the detection: nothing keeps its result."""
        if id == NO_ROW:
            self._cancel_scope.cancel()
        if id == NO_ROW or not self._is_started:
            return
        self._has_row.set()
        await self._ended.wait()
        if self._result is not None:
            try:
                await to_thread.run_sync(self._add_emotion, id, self._result)
            except UserError as problem:
                logger.warning("an emotion could not be added to its row: %s", problem)

    async def _detect(self, detector: EmotionDetector, transcript: Transcript, context: DictationContext) -> None:
        try:
            with self._cancel_scope:
                try:
                    audio = await to_thread.run_sync(self._spool_file.read_audio, MAX_AUDIO_S)
                finally:
                    self._audio_read.set()
                if self._voice_encoder is not None and await self._voice_encoder.is_wanted(transcript):
                    await self._has_row.wait()
                    transcript = await self._voice_encoder.add_voice(transcript, audio)
                self._result = await detector.detect(transcript, audio, context)
        except Exception:
            logger.exception("emotion detection failed")
        finally:
            self._ended.set()
