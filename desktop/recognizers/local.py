"""The local engine as the app uses it: the chosen model kept loaded, whatever happens to it.

One object for the app's life, so that a dictation need not know that a model is still downloading, is being replaced
by a better one, or failed to load and is tried again. A dictation keeps the model it began with; that model goes when
its last dictation has ended.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass, replace

import anyio

from desktop.ports import Frame, Transcript
from desktop.problems import Problem, RecognizerProblem
from desktop.recognizers.local_model import AUTO, LocalModel, better, find
from desktop.recognizers.whisper import Whisper
from desktop.state import Progress
from models.store import Store

logger = logging.getLogger(__name__)

RETRY_S = 30.0
"""How long after a failed load or download the next is tried."""


@dataclass(frozen=True, slots=True)
class Condition:
    """How the engine is: what it runs and on what, what it is downloading, and what is wrong with it."""

    loaded: bool = False
    model: str = ""
    device: str = ""
    progress: Progress | None = None
    problem: Problem | None = None


class LocalEngine:
    """`ports.Recognizer` by a Whisper model on this machine. `tell` hears of every change of its condition."""

    def __init__(
        self, store: Store, wanted: str, languages: tuple[str, ...], tell: Callable[[Condition], None]
    ) -> None:
        self.condition = Condition()
        self._store = store
        self._wanted = wanted
        self._languages = languages
        self._tell = tell
        self._whisper = self._new()
        self._chosen = anyio.Event()

    async def run(self) -> None:
        """Keep the chosen model loaded until cancelled; end its process then."""
        try:
            async with anyio.create_task_group() as self._tasks:
                while True:
                    self._chosen = anyio.Event()
                    if await self._load():
                        await self._improve()
                        await self._chosen.wait()
                    else:
                        with anyio.move_on_after(RETRY_S):
                            await self._chosen.wait()
        finally:
            with anyio.CancelScope(shield=True):
                await self._whisper.close()

    def choose(self, wanted: str, languages: tuple[str, ...]) -> None:
        """Use another model, or other languages, from the next dictation on."""
        self._wanted, self._languages = wanted, languages
        self._replace()
        self._change(Condition())
        self._chosen.set()

    async def transcribe(self, speech: AsyncIterable[Frame], show: Callable[[Transcript], None]) -> Transcript:
        """See `ports.Recognizer`. Waits for a model that is still on its way, hearing meanwhile."""
        return await self._whisper.transcribe(speech, show)

    def _new(self) -> Whisper:
        return Whisper(self._find, self._languages)

    def _replace(self) -> None:
        old, self._whisper = self._whisper, self._new()
        self._tasks.start_soon(old.close)

    async def _find(self) -> LocalModel:
        return await find(self._store, self._wanted, self._progress)

    async def _load(self) -> bool:
        whisper = self._whisper
        try:
            await whisper.load()
        except RecognizerProblem as problem:
            logger.warning("no model: %s", problem)
            self._change(Condition(problem=problem))
            return False
        self._change(Condition(loaded=True, model=whisper.name, device=whisper.device))
        return True

    async def _improve(self) -> None:
        """Fetch the model that `auto` would rather use, and change to it."""
        if self._wanted != AUTO:
            return
        try:
            name = await better(self._store, self._whisper.name)
            if name is None:
                return
            await find(self._store, name, self._progress)
        except RecognizerProblem as problem:
            logger.warning("no better model: %s", problem)
            self._change(replace(self.condition, progress=None))
            return
        self._replace()
        await self._load()

    def _progress(self, progress: Progress) -> None:
        self._change(replace(self.condition, progress=progress, problem=None))

    def _change(self, condition: Condition) -> None:
        self.condition = condition
        self._tell(condition)
