"""Run the local engine: keep the chosen model loaded through downloads, changes and failures.

One object for the app's life, so that a dictation need not know that a model is still downloading, is being replaced by
a better one, or failed to load and is retried. A dictation keeps the model it began with; that model is unloaded when
its last dictation has ended.

A better model is loaded before the one in use is unloaded, which costs the memory of both for some seconds: a model
that cannot be loaded must not leave the user without any. It is not tried again until another is chosen, or it is
downloaded anew. If none is in use yet, another installed one takes its place.

A model that was not used for a while is unloaded with its process, the only way to free the memory. The app stays
ready: the next dictation loads it again while the user still speaks.
"""

from __future__ import annotations

import logging
import math
from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass, replace
from functools import partial

import anyio
from anyio import to_thread

from desktop.core.errors import Problem, RecognizerProblem
from desktop.core.state import Progress
from desktop.core.types import Frame, Transcript
from desktop.stt.in_script import InScript
from desktop.stt.local.client import Whisper
from desktop.stt.local.cuda import has_cuda
from desktop.stt.local.language import following
from desktop.stt.local.model_choice import AUTO, Get, LocalModel, better, find, here
from models.store import Store

logger = logging.getLogger(__name__)

RETRY_S = 30.0
"""Seconds after a failed load or download before the next attempt."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The settings of the engine.

    - `model`: a model's name, `auto` or a folder.
    - `languages`: the languages to expect, none for any.
    - `unload_after_s`: seconds without a dictation after which the model is unloaded, 0 for never.
    - `chinese`: the script of Chinese (`choose_script`).
    - `words`: the user's own words.
    - `fetch`: whether a missing model is downloaded; false where a service answers and a local model is only the
      fallback.
    """

    model: str = AUTO
    languages: tuple[str, ...] = ()
    unload_after_s: float = 0.0
    chinese: str = AUTO
    words: tuple[str, ...] = ()
    fetch: bool = True


@dataclass(frozen=True, slots=True)
class Condition:
    """The state of an engine: the loaded model and its device, a download, and what is wrong.

    `engine` is its name in the settings, `device` where it computes: here, or a host. `loaded` stays true while the
    model is unloaded for idleness, since it is reloaded by itself. `note` says why `device` is not the preferred one.
    """

    loaded: bool = False
    engine: str = "whisper"
    model: str = ""
    device: str = ""
    note: str = ""
    progress: Progress | None = None
    problem: Problem | None = None


class LocalEngine:
    """`core.interfaces.Recognizer` by a Whisper model on this machine.

    `on_change` is called with every new condition; `fetch_model` downloads a model if downloads are shared.
    `is_available`: a model is installed or being downloaded.
    """

    def __init__(self, store: Store, wanted: Wanted, tell: Callable[[Condition], None], get: Get | None = None) -> None:
        self.condition = Condition()
        self.joins = wanted.fetch
        self._store = store
        self._wanted = wanted
        self._tell = tell
        self._get = get
        self._forget()
        self._whisper = self._new()
        self._takes = 0
        self._resting = False
        self._patience = anyio.CancelScope()
        self._improving = self._loading = anyio.CancelScope()
        self._called = anyio.Event()

    @property
    def pid(self) -> int | None:
        """The worker process that holds the model, if one runs."""
        return self._whisper.pid

    async def run(self) -> None:
        """Keep the chosen model loaded until cancelled; then end its process."""
        try:
            async with anyio.create_task_group() as self._tasks:
                while True:
                    self._called = anyio.Event()
                    if await self._load():
                        await self._improve()
                        await self._rest()
                    else:
                        with anyio.move_on_after(RETRY_S):
                            await self._called.wait()
        finally:
            await _close(self._whisper)

    def choose(self, wanted: Wanted) -> None:
        """Apply `options` from the next dictation on."""
        before, self._wanted = self._wanted, wanted
        self._whisper.words = wanted.words
        if before.languages != wanted.languages:
            self._whisper.languages = wanted.languages
        self._wait_patiently()
        if (before.model, before.fetch) != (wanted.model, wanted.fetch):
            self._forget()
            self._replace()
            self._change(Condition())
            self._improving.cancel()
            self._loading.cancel()  # a dictation may wait for the old model, which is not ended then
            self._called.set()

    def arrived(self, name: str) -> None:
        """Retry after a model was installed, if it is the chosen one or none could be loaded."""
        failed = self._failed.pop(name, None) is not None
        if failed or self.condition.problem is not None or name == self._wanted.model:
            self._called.set()

    def next_language(self) -> tuple[str, ...]:
        """Select the next of the chosen languages alone, or all of them again; return the selection."""
        self._whisper.languages = following(self._whisper.languages, self._wanted.languages)
        return self._whisper.languages

    async def transcribe(self, speech: AsyncIterable[Frame], show: Callable[[Transcript], None]) -> Transcript:
        """See `core.interfaces.Recognizer`. Buffers the speech while a model is still being loaded."""
        self._takes += 1
        self._wait_patiently()
        if self._resting:
            self._called.set()
        whisper = self._whisper
        try:
            return await InScript(whisper, self._wanted.chinese).transcribe(speech, show)
        finally:
            self._takes -= 1
            self._wait_patiently()
            if whisper is self._whisper and self.condition.loaded and whisper.device not in ("", self.condition.device):
                self._look(whisper)

    def _forget(self) -> None:
        """Forget failed attempts, as if no hardware had been tried."""
        self._device, self._note = "auto", ""
        self._failed: dict[str, str] = {}  # the reason, if it is shown beside the model in use
        self._cuda = has_cuda()

    def _new(self, name: str = "") -> Whisper:
        """Create the client of the chosen model, or of the model `name`."""
        find = partial(self._named, name) if name else self._find
        return Whisper(find, self._wanted.languages, self._device, words=self._wanted.words)

    def _replace(self, new: Whisper | None = None) -> None:
        old, self._whisper = self._whisper, new or self._new()
        self._whisper.last_language, self._whisper.languages = old.last_language, old.languages
        self._whisper.words = old.words
        self._tasks.start_soon(_close, old)

    async def _find(self) -> LocalModel:
        cuda, get, failed = self._cuda, self._get, self._failed
        return await find(self._store, self._wanted.model, self._progress, cuda, meanwhile=True, get=get, failed=failed)

    async def _named(self, name: str) -> LocalModel:
        return await find(self._store, name, self._progress, get=self._get)

    async def _load(self) -> bool:
        self._resting = False
        self.joins = self._wanted.fetch or await to_thread.run_sync(here, self._store, self._wanted.model)
        if not self.joins:
            return False
        whisper = self._whisper
        try:
            with anyio.CancelScope() as self._loading:
                await whisper.load()
        except RecognizerProblem as problem:
            if whisper is self._whisper:  # else another model is wanted by now, and is loaded next
                logger.warning("no model: %s", problem)
                self._change(Condition(problem=problem))
                await self._spare(whisper, problem)
            return False
        if whisper is not self._whisper:
            return False
        self._look(whisper)
        return True

    def _look(self, whisper: Whisper) -> None:
        """Report the loaded model and its device. A GPU that failed is retried only after a change of settings."""
        note: str = whisper.note
        if note:
            self._device, self._note = "cpu", note
        self._cuda = whisper.device == "cuda"  # `auto` chooses for the device that works, whatever is installed
        self._failed.pop(whisper.name, None)
        note = next(filter(None, reversed(self._failed.values())), self._note)
        self._change(Condition(loaded=True, model=whisper.name, device=whisper.device, note=note))

    async def _improve(self) -> None:
        """Download the model that `auto` prefers, or the chosen one, and change to it; cancelled by another choice."""
        if not self._wanted.fetch:
            return
        with anyio.CancelScope() as self._improving:
            try:
                name = await self._better()
                if name is None:
                    return
                await self._named(name)
            except RecognizerProblem as problem:
                logger.warning("no better model: %s", problem)
                note = self.condition.note if self._wanted.model == AUTO else str(problem)
                self._change(replace(self.condition, progress=None, note=note))
                return
            await self._change_to(name)

    async def _change_to(self, name: str) -> None:
        """Change to the model `name` if it can be loaded, and not on a slower device."""
        old, new = self._whisper, self._new(name)
        self._failed[name] = ""  # until it has loaded
        try:
            await new.load()
            if old.device == "cuda" and new.device == "cpu":  # a GPU without memory for both
                raise RecognizerProblem(new.note)
        except RecognizerProblem as problem:
            logger.warning("no better model: %s", problem)
            if self._whisper is old:  # else another model is wanted by now, and is loaded next
                self._failed[name] = str(problem)
                self._change(replace(self.condition, progress=None, note=str(problem)))
        else:
            if self._whisper is old:
                self._replace(new)
                self._look(new)
        finally:
            if self._whisper is not new:
                await _close(new)

    async def _spare(self, whisper: Whisper, problem: RecognizerProblem) -> None:
        """Try another installed model at once if one from the catalogue cannot be loaded.

        A user's own folder stays the choice, and is retried later.
        """
        ours = self._wanted.model == AUTO or self._wanted.model in self._store.models
        installed = await to_thread.run_sync(lambda: set(self._store.installed()))
        others = installed.difference(self._failed, {whisper.name})
        if ours and whisper is self._whisper and whisper.name in installed and others:
            self._failed[whisper.name] = "" if self._wanted.model == AUTO else str(problem)
            self._replace()
            self._called.set()

    async def _better(self) -> str | None:
        """Return the model to change to, None if the best is in use."""
        wanted = self._wanted.model
        if wanted == AUTO:
            wanted = await better(self._store, self._whisper.name, self._cuda) or ""
        return wanted if wanted in self._store.models and wanted not in {self._whisper.name, *self._failed} else None

    async def _rest(self) -> None:
        """Wait until something changes; unload the model after `unload_after_s` without use."""
        while not self._called.is_set():
            with anyio.CancelScope() as self._patience:
                self._wait_patiently()
                await self._called.wait()
            if self._patience.cancelled_caught and not self._takes:
                logger.info("nothing was said for a while: the model is unloaded")
                self._resting = True
                self._replace()
                await self._called.wait()

    def _wait_patiently(self) -> None:
        """Restart the idle timer: unload the model `unload_after_s` from now at the earliest."""
        after_s = self._wanted.unload_after_s
        self._patience.deadline = math.inf if self._takes or not after_s else anyio.current_time() + after_s

    def _progress(self, progress: Progress) -> None:
        self._change(replace(self.condition, progress=progress, problem=None))

    def _change(self, condition: Condition) -> None:
        self.condition = condition
        self._tell(condition)


async def _close(whisper: Whisper) -> None:
    """End a model's process, also when cancelled."""
    with anyio.CancelScope(shield=True):
        await whisper.close()
