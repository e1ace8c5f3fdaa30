"""The flow with a real history and a paster, and a word of the last text said again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio

from desktop.app.factory import CorrectionDependencies, start_correction
from desktop.audio.file import iterate_frames
from desktop.audio.spool_file import SpoolFile
from desktop.core.interfaces import Paster, Recognizer, WordAligner
from desktop.core.paths import Paths
from desktop.core.state import Corrected, CorrectionChoice, DictationState, Done, Failed
from desktop.core.types import Audio, Target, TimedWord
from desktop.dictation.last import LastDictation
from desktop.history.privacy import is_kept
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry, HistoryRow
from desktop.history.store import HistoryStore
from desktop.hotkeys.gesture import DictationIntent
from desktop.polish.polisher import TextPolisher
from desktop.settings.schema import HistorySettings
from desktop.vocabulary.correction_watcher import CorrectionWatcher, NullFieldReader
from desktop.vocabulary.learning import Suggestion
from tests.support.stage import Stage


class NoAligner:
    """An engine that knows nothing of words in recordings."""

    async def align(self, audio: Audio, text: str, language: str, *, is_urgent: bool = False) -> tuple[TimedWord, ...]:
        """Return nothing."""
        return ()

    async def list_alternatives(self, audio: Audio, language: str, count: int) -> tuple[str, ...]:
        """Return nothing."""
        return ()

    async def score(self, audio: Audio, texts: Sequence[str], language: str) -> tuple[float, ...]:
        """Return nothing."""
        return ()


class AgainScene:
    """Dictations into the windows of `paster`, which are kept as `keeping` says.

    `asked` is what was offered to the vocabulary, `polisher` that of what is said again, and `waited_s` how long after
    the last release of the other key something was shown.
    """

    def __init__(self, folder: Path, paster: Paster, polisher: TextPolisher) -> None:
        self.paths = Paths(config=folder, data=folder, state=folder, runtime=folder)
        self.history = HistoryStore(self.paths.history)
        self.recorder = DictationRecorder(self.paths, self.history)
        self.keeping = HistorySettings()
        self.aligner: WordAligner = NoAligner()
        self.stage = Stage(folder / "spool")
        self.stage.paster = paster  # type: ignore[assignment]  a real one in the place of the fake
        self.last = LastDictation(self.stage.dictation, self.history, self.recorder, lambda: None)
        self.asked: list[Suggestion] = []
        self.waited_s = 0.0
        self.polisher = TextPolisher()
        self.tasks: anyio.abc.TaskGroup
        self.watcher = CorrectionWatcher(
            self.paths.vocabulary, NullFieldReader(), self._target, self._ask, lambda: None, may_keep=self._may_keep
        )
        correction = CorrectionDependencies(self.history, lambda: self.watcher, self._spawn, True, lambda: self.aligner)
        self._dependencies = replace(
            self.stage.parts(),
            polisher=polisher,
            record_entry=self._record,
            scratch=self.last.scratch,
            start_correction=lambda wait, shown: start_correction(
                self.polisher, lambda: self.last, correction, wait, shown
            ),
        )
        self.stage.dictation.dependencies = self._dependencies

    async def dictate(self, text: str, audio: Audio | None = None) -> None:
        """Say `text`, which sounds like `audio`, and wait until it is in the history."""
        self.stage.recognizer.texts.append(text)
        self.stage.states.clear()
        recording = await self.stage.press()
        if audio is None:
            recording.say()
        else:
            recording.play(audio)
        self.stage.release()
        await self.stage.until_shown(lambda: isinstance(self.stage.states[-1], Done | Failed))
        await self.stage.dictation.wait_until_recorded()

    async def again(self, said: str) -> DictationState:
        """Hold the other key and say `said`; return what is shown in the end."""
        self.stage.recognizer.texts.append(said)

        async def speak(recording: Any) -> None:
            recording.say()

        return await self._hold(speak)

    async def again_aloud(self, audio: Audio, recognizer: Recognizer) -> DictationState:
        """Hold the other key and play `audio` to `recognizer` as it is spoken; return what is shown in the end."""

        async def speak(recording: Any) -> None:
            async for frame in iterate_frames(audio, realtime=True):
                recording.play(frame)

        self.stage.dictation.dependencies = replace(self._dependencies, recognizer=recognizer)
        try:
            return await self._hold(speak)
        finally:
            self.stage.dictation.dependencies = self._dependencies

    def row(self) -> HistoryRow:
        """The newest row."""
        row = self.history.last()
        assert row is not None
        return row

    async def _hold(self, speak: Callable[[Any], Awaitable[None]]) -> DictationState:
        states, recordings = self.stage.states, len(self.stage.microphone.recordings)
        states.clear()
        self.stage.mean(DictationIntent.AGAIN)
        await self.stage.until(lambda: len(self.stage.microphone.recordings) > recordings)
        await speak(self.stage.microphone.recordings[-1])
        self.stage.release()
        released_at = anyio.current_time()
        await self.stage.until_shown(lambda: isinstance(states[-1], Corrected | CorrectionChoice | Done | Failed))
        self.waited_s = anyio.current_time() - released_at
        return states[-1]

    def _record(self, entry: HistoryEntry, take: SpoolFile) -> int:
        return self.recorder.record(entry, take, self.keeping)

    def _ask(self, suggestion: Suggestion) -> bool:
        self.asked.append(suggestion)
        return True

    def _spawn(self, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        self.tasks.start_soon(work)

    def _may_keep(self, target: Target) -> bool:
        return is_kept(self.keeping, target.app, target.title)

    async def _target(self) -> Target:
        return await self.stage.paster.find_target()


@asynccontextmanager
async def again_scene(folder: Path, paster: Paster, polisher: TextPolisher | None = None) -> AsyncIterator[AgainScene]:
    """The scene at work; `polisher` is that of dictations."""
    scene = AgainScene(folder, paster, polisher or TextPolisher())
    async with anyio.create_task_group() as scene.tasks:
        scene.stage.start(scene.tasks)
        yield scene
        scene.tasks.cancel_scope.cancel()
