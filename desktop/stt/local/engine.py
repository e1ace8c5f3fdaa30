"""Run the local engine: keep the chosen model loaded through downloads, changes and failures.

One object for the app's life, so that a dictation need not know that a model is still downloading, is being replaced by
a better one, or failed to load and is retried. A dictation keeps the model it began with; that model is unloaded when
its last dictation has ended.

A better model is loaded before the one in use is unloaded, which costs the memory of both for some seconds: a model
that cannot be loaded must not leave the user without any. It is not tried again until another is chosen, or it is
downloaded anew. If none is in use yet, another installed one takes its place. A model in GGUF whose file and library
are good is tried again after a while.

A model that was not used for a while is unloaded with its process, the only way to free the memory. The app stays
ready: the next dictation loads it again while the user still speaks.
"""

from __future__ import annotations

import logging
import math
from collections.abc import AsyncIterable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import anyio
from anyio import to_thread

from desktop.core.errors import RecognizerError
from desktop.core.messages import Message, Notes
from desktop.core.state import DownloadStatus
from desktop.core.types import Frame, Transcript
from desktop.settings.schema import AUTO
from desktop.stt.local.client import ShowPartial, WhisperClient, is_lasting
from desktop.stt.local.cuda import CUDA_FORMAT, NO_CARD, has_cuda
from desktop.stt.local.engine_options import LocalEngineOptions
from desktop.stt.local.engine_status import EngineStatus, explain_model
from desktop.stt.local.language import next_expected
from desktop.stt.local.model_choice import LocalModel, ModelFetcher, find_better_model, find_model, is_installed
from models.choice import CHOOSABLE, ENGLISH_MODEL
from models.store import ModelStore

logger = logging.getLogger(__name__)

RETRY_S = 30.0
"""Seconds after a failed load or download before the next attempt."""

RETRY_FAILED_S = 600.0
"""Seconds after which a model that failed is tried again while another is in use, if it may work by then."""


class WhisperEngine:
    """`desktop.core.interfaces.Recognizer` by a Whisper model on this machine.

    `on_change` is called with every new status; `fetch_model` downloads a model if downloads are shared.
    `is_available`: a model is installed or being downloaded.
    """

    def __init__(
        self,
        store: ModelStore,
        options: LocalEngineOptions,
        on_change: Callable[[EngineStatus], None],
        fetch_model: ModelFetcher | None = None,
    ) -> None:
        self.status = EngineStatus()
        self.is_available = options.fetch
        self._store = store
        self._options = options
        self._on_change = on_change
        self._fetch_model = fetch_model
        self._reset_attempts()
        self._client = self._create_client()
        self._active_count = 0
        self._is_unloaded = False
        self._idle_scope = anyio.CancelScope()
        self._improving = self._loading = anyio.CancelScope()
        self._changed = anyio.Event()

    @property
    def pid(self) -> int | None:
        """The worker process that holds the model, if one runs."""
        return self._client.pid

    async def run(self) -> None:
        """Keep the chosen model loaded until cancelled; then end its process."""
        try:
            async with anyio.create_task_group() as self._tasks:
                while True:
                    self._changed = anyio.Event()
                    if await self._load():
                        await self._fetch_better()
                        await self._wait_for_change_or_retry()
                    else:
                        with anyio.move_on_after(RETRY_S):
                            await self._changed.wait()
        finally:
            await _close_client(self._client)

    def apply_options(self, options: LocalEngineOptions) -> None:
        """Apply `options` from the next dictation on."""
        before, self._options = self._options, options
        self._client.user_words = options.words
        if before.languages != options.languages:
            self._client.languages = options.languages
        self._restart_idle_timer()
        old, new = (one.choose(self._store, self._failed, self._cuda) for one in (before, options))
        if before.choice != options.choice or old.installed != new.installed:
            self._reset_attempts()
            self._replace_client()
            self._set_status(EngineStatus())
            self._improving.cancel()
            self._loading.cancel()  # a dictation may wait for the old model, which is not ended then
            self._changed.set()
        elif before.model_languages != options.model_languages and self.status.loaded:
            self._set_status(replace(self.status, reason=self._explain(self.status.model)))
            if old.download != new.download and not self._is_unloaded:
                self._changed.set()

    def on_model_arrived(self, name: str) -> None:
        """Retry after a model was installed, if it is the chosen one or none could be loaded."""
        failed = self._failed.pop(name, None) is not None
        if failed or self.status.problem is not None or name == self._options.model:
            self._changed.set()

    def select_next_language(self) -> tuple[str, ...]:
        """Select the next of the chosen languages alone, or all of them again; return the selection."""
        self._client.languages = next_expected(self._client.languages, self._options.languages)
        return self._client.languages

    async def transcribe(
        self, speech: AsyncIterable[Frame], on_partial: ShowPartial, languages: tuple[str, ...] | None = None
    ) -> Transcript:
        """See `desktop.core.interfaces.Recognizer`. Buffers the speech while a model is still being loaded.
        `languages` are expected in place of those of the options, empty for any."""
        with self.use_client() as client:
            return await client.transcribe(speech, on_partial, languages)

    @contextmanager
    def use_client(self) -> Iterator[WhisperClient]:
        """Lend the model in use, which is loaded again if it was unloaded, and not unloaded meanwhile."""
        self._active_count += 1
        self._restart_idle_timer()
        if self._is_unloaded:
            self._changed.set()
        client = self._client
        try:
            yield client
        finally:
            self._active_count -= 1
            self._restart_idle_timer()
            if client is self._client and self.status.loaded and client.device not in ("", self.status.device):
                self._report_loaded(client)

    def _reset_attempts(self) -> None:
        """Forget failed attempts, as if no hardware had been tried."""
        self._device = "auto"
        self._note: Notes = ()
        self._failed: dict[str, Notes] = {}  # the reason, if it is shown beside the model in use
        self._retried: set[str] = set()  # those of them that are tried again after a while
        self._cuda = has_cuda()

    def _create_client(self, name: str = "") -> WhisperClient:
        """Create the client of the chosen model, or of the model `name`."""
        find = partial(self._find_named_model, name) if name else self._find_model
        return WhisperClient(find, self._options.languages, self._device, self._options.words, self._store)

    def _replace_client(self, new: WhisperClient | None = None) -> None:
        old, self._client = self._client, new or self._create_client()
        self._client.last_language, self._client.languages = old.last_language, old.languages
        self._client.user_words = old.user_words
        self._tasks.start_soon(_close_client, old)

    async def _find_model(self) -> LocalModel:
        return await find_model(
            self._store,
            self._options.model,
            self._on_progress,
            self._cuda,
            allow_other=True,
            fetch_model=self._fetch_model,
            fetch_problem=self._options.fetch_problem,
            failed=self._failed,
            languages=self._options.model_languages,
        )

    async def _find_named_model(self, name: str) -> LocalModel:
        return await find_model(self._store, name, self._on_progress, fetch_model=self._fetch_model)

    async def _load(self) -> bool:
        self._is_unloaded = False
        self.is_available = self._options.fetch or await to_thread.run_sync(
            is_installed, self._store, self._options.model
        )
        if not self.is_available:
            return False
        client = self._client
        try:
            with anyio.CancelScope() as self._loading:
                await client.load()
        except RecognizerError as problem:
            if client is self._client:  # else another model is chosen by now, and is loaded next
                logger.warning("no model: %s", problem)
                self._set_status(EngineStatus(problem=problem))
                await self._try_other_model(client, problem)
            return False
        if client is not self._client:
            return False
        self._report_loaded(client)
        return True

    def _report_loaded(self, client: WhisperClient) -> None:
        """Report the loaded model and its device. A GPU that failed is retried only after a change of settings."""
        if client.note is not None:
            self._device, self._note = "cpu", (client.note,)
        if client.format == CUDA_FORMAT:  # one of another format runs on the CPU whether there is a card or not
            self._cuda = client.device == "cuda"  # `auto` chooses for the device that works, whatever is installed
        self._failed.pop(client.name, None)
        note = next(filter(None, reversed(self._failed.values())), self._note)
        reason = self._explain(client.name)
        self._set_status(EngineStatus(loaded=True, model=client.name, device=client.device, note=note, reason=reason))

    def _explain(self, name: str) -> Message | None:
        """Return why the model `name` is in use; None where the settings name one."""
        return explain_model(self._store, self._options, name, cuda=self._cuda)

    async def _fetch_better(self) -> None:
        """Download the model that `auto` prefers, or the chosen one, and change to it; cancelled by another choice."""
        if not self._can_fetch:
            return
        with anyio.CancelScope() as self._improving:
            try:
                name = await self._find_better()
                if name is None:
                    return
                await self._find_named_model(name)
            except RecognizerError as problem:
                logger.warning("no better model: %s", problem)
                note = self.status.note if self._options.model == AUTO else (problem.message,)
                self._set_status(replace(self.status, progress=None, note=note))
                return
            await self._switch_to(name)

    async def _switch_to(self, name: str) -> None:
        """Change to the model `name` if it can be loaded, and not on a slower device."""
        old, new = self._client, self._create_client(name)
        self._failed[name] = ()  # until it has loaded
        try:
            await new.load()
            is_for_card = old.device == "cuda" or (self._cuda and self._options.model == AUTO)
            if is_for_card and new.device == "cpu" and new.format == CUDA_FORMAT:  # too little memory for both
                raise RecognizerError.of(new.note or Message("cuda-failed", reason=NO_CARD))
        except RecognizerError as problem:
            logger.warning("no better model: %s", problem)
            if self._client is old:  # else another model is chosen by now, and is loaded next
                self._add_failed(name, new, problem, (problem.message,))
                self._set_status(replace(self.status, progress=None, note=(problem.message,)))
        else:
            if self._client is old:
                self._replace_client(new)
                self._report_loaded(new)
        finally:
            if self._client is not new:
                await _close_client(new)

    async def _try_other_model(self, client: WhisperClient, problem: RecognizerError) -> None:
        """Try another model at once if one from the catalogue cannot be loaded: an installed one, or Whisper if the
        runtime of the other families does not work here.

        A user's own folder stays the choice, and is retried later, as is a model that failed before: it comes again
        where no other can be had.
        """
        is_from_catalog = self._options.model == AUTO or self._options.model in self._store.models
        installed = await to_thread.run_sync(lambda: set(self._store.list_installed()))
        others = installed.intersection(CHOOSABLE).difference(self._failed, {client.name})
        can_fetch_other = self._can_fetch and self._options.model == AUTO and is_lasting(problem)
        has_other = client.name not in self._failed and (bool(others) or can_fetch_other)
        if is_from_catalog and client is self._client and client.name in installed and has_other:
            is_quiet = self._options.model == AUTO and client.name != ENGLISH_MODEL
            self._add_failed(client.name, client, problem, () if is_quiet else (problem.message,))
            self._replace_client()
            self._changed.set()

    def _add_failed(self, name: str, client: WhisperClient, problem: RecognizerError, notes: Notes) -> None:
        self._failed[name] = notes
        if client.format != CUDA_FORMAT and not is_lasting(problem):
            self._retried.add(name)

    @property
    def _can_fetch(self) -> bool:
        return self._options.fetch and self._options.fetch_problem is None

    async def _find_better(self) -> str | None:
        """Return the model to change to, None if the best is in use."""
        name = self._options.model
        if name == AUTO:
            languages = self._options.model_languages
            name = await find_better_model(self._store, self._client.name, self._cuda, languages) or ""
        return name if name in self._store.models and name not in {self._client.name, *self._failed} else None

    async def _wait_for_change_or_retry(self) -> None:
        """Wait until something changes, or failed models are to be tried again: when the model is loaded next, if it
        was unloaded meanwhile."""
        self._retried &= self._failed.keys()
        with anyio.move_on_after(RETRY_FAILED_S if self._retried else math.inf) as scope:
            await self._wait_until_changed()
        if scope.cancelled_caught:
            self._failed = {name: notes for name, notes in self._failed.items() if name not in self._retried}
            if self._is_unloaded:
                await self._changed.wait()

    async def _wait_until_changed(self) -> None:
        """Wait until something changes; unload the model after `unload_after_s` without use."""
        while not self._changed.is_set():
            with anyio.CancelScope() as self._idle_scope:
                self._restart_idle_timer()
                await self._changed.wait()
            if self._idle_scope.cancelled_caught and not self._active_count:
                logger.info("nothing was said for a while: the model is unloaded")
                self._is_unloaded = True
                self._replace_client()
                await self._changed.wait()

    def _restart_idle_timer(self) -> None:
        """Restart the idle timer: unload the model `unload_after_s` from now at the earliest."""
        after_s = self._options.unload_after_s
        self._idle_scope.deadline = math.inf if self._active_count or not after_s else anyio.current_time() + after_s

    def _on_progress(self, progress: DownloadStatus) -> None:
        self._set_status(replace(self.status, progress=progress, problem=None))

    def _set_status(self, status: EngineStatus) -> None:
        self.status = status
        self._on_change(status)


async def _close_client(client: WhisperClient) -> None:
    """End a model's process, also when cancelled."""
    with anyio.CancelScope(shield=True):
        await client.close()
