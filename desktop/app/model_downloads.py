"""Coordinate model downloads for both who start them: the engine, which needs a model, and the user.

Both use one `DownloadManager`, so that a card shows, and can pause, what the engine downloads by itself. The engine
does not resume what the user paused or cancelled: it gets a `ModelError` and continues with the model it has. A
download that only the engine wanted stops when its last waiter is cancelled; the bytes received are kept.

Each model has at most one download at a time; different models download in parallel. Call from the engine's loop only.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import anyio
from anyio import from_thread, to_thread

from desktop.app.fetches import Fetch, Pace
from desktop.core.errors import Problem
from models.catalog import ModelError
from models.staging import Progress
from models.store import Store

logger = logging.getLogger(__name__)

TELL_S = 0.2
"""Seconds between progress notifications to the watchers."""

type Bring = Callable[[str, Store, Progress], Coroutine[Any, Any, Path]]
"""The function that downloads a model: `models.download.fetch` or a test double."""


@dataclass(slots=True)
class _Run:
    """One download in progress. `by_user`: the user started it; otherwise it exists only for its waiters."""

    asked: bool
    scope: anyio.CancelScope = field(default_factory=anyio.CancelScope)
    over: anyio.Event = field(default_factory=anyio.Event)
    pace: Pace = field(default_factory=Pace)
    hear: list[Progress] = field(default_factory=list)
    done: int = 0
    total: int = 0
    again: bool = False
    here: bool = False
    problem: ModelError | None = None


class Downloads:
    """The downloads into `store`.

    `spawn` runs a coroutine in the background on the loop; `on_installed(name)` is called for each finished model.
    `fetch_model` downloads one, `models.download.fetch` if None.
    """

    def __init__(
        self,
        store: Store,
        spawn: Callable[[Callable[[], Coroutine[Any, Any, object]]], None],
        arrived: Callable[[str], None] = lambda name: None,
        bring: Bring | None = None,
    ) -> None:
        self.store = store
        self.arrived = arrived
        self._spawn = spawn
        self._bring = bring
        self._fetches: dict[str, Fetch] = {}
        self._runs: dict[str, _Run] = {}
        self._halted: set[str] = set()
        self._watching: list[Callable[[tuple[Fetch, ...]], None]] = []

    @property
    def fetches(self) -> tuple[Fetch, ...]:
        """All downloads that are running, paused or failed."""
        return tuple(self._fetches.values())

    def watch(self, told: Callable[[tuple[Fetch, ...]], None]) -> None:
        """Call `on_change` with `downloads` now and at each change."""
        self._watching.append(told)
        self._spawn(self._find_paused)
        told(self.fetches)

    def unwatch(self, told: Callable[[tuple[Fetch, ...]], None]) -> None:
        """Stop calling `on_change`."""
        self._watching.remove(told)

    def fetch(self, name: str) -> None:
        """Start or resume the model's download."""
        self._halted.discard(name)
        run = self._runs.get(name)
        if run is None:
            self._start(name, asked=True)
        elif run.scope.cancel_called:
            run.again = True
        else:
            run.asked = True

    def pause(self, name: str) -> None:
        """Pause the download; the bytes received are kept."""
        run = self._runs.get(name)
        if run is not None:
            self._halted.add(name)
            run.again = False
            run.scope.cancel()

    def cancel(self, name: str) -> None:
        """End the download and delete the bytes received."""
        self._halted.add(name)
        self._spawn(lambda: self._cancel(name))

    def allow(self) -> None:
        """Allow the engine to download everything again, because the user has chosen another model."""
        self._halted.clear()

    async def get(self, name: str, progress: Progress) -> None:
        """Download the model, or wait for its running download. Raises `ModelError`, also where the user paused or
        cancelled it."""
        while True:
            run = self._runs.get(name)
            if run is None:
                self._refuse(name)
                run = self._start(name, asked=False)
            run.hear.append(progress)
            try:
                await run.over.wait()
            finally:
                run.hear.remove(progress)
                if not run.hear and not run.asked:
                    run.scope.cancel()
            if run.here:
                return
            if run.problem is not None:
                raise run.problem  # else it was stopped, by the user or because its other waiter was cancelled

    async def verify(self, name: str) -> None:
        """Read the installed model and compare every byte. Raises `ModelError` if it is damaged or unreadable;
        downloading it repairs it."""

        def progress(done: int, total: int) -> None:
            from_thread.run_sync(self._tell, Fetch(name, done, total, verifying=True))

        try:
            try:
                await to_thread.run_sync(self.store.verify, name, progress)
            except OSError as error:
                why = error.strerror or type(error).__name__
                raise ModelError(
                    f"Model {name} cannot be read: {why}.", "Fetch it again. If that does not help, look at the disk."
                ) from error
        except ModelError as error:
            self._tell(Fetch(name, problem=Problem(error.title, error.remedy)))
            raise
        self._over(name)

    async def remove(self, name: str) -> None:
        """Delete the model. Raises `ModelError`, also during its download."""
        if name in self._runs:
            raise ModelError(f"Model {name} is being fetched.", "Cancel that first.")
        await to_thread.run_sync(self.store.remove, name)
        self._halted.add(name)  # the engine does not download it again unless it is chosen
        self._over(name)

    def _refuse(self, name: str) -> None:
        if name in self._halted:
            raise ModelError(
                f"Model {name} is not here, and its download was stopped.",
                "Resume it in the settings under Models, or choose another model there.",
            )

    def _start(self, name: str, *, asked: bool) -> _Run:
        run = self._runs[name] = _Run(asked)
        before = self._fetches.get(name)
        total = self.store.model(name).hub.download_size
        self._tell(Fetch(name, before.done if before else 0, total))
        self._spawn(lambda: self._run(name, run))
        return run

    async def _run(self, name: str, run: _Run) -> None:
        try:
            with run.scope:
                await self._fetched(name, run)
        except Exception:  # an error must be recorded, or `ensure_installed` would restart the download for ever
            logger.exception("a download failed")
            run.problem = ModelError("Something went wrong in Intone.", "The log says more.")
        finally:
            del self._runs[name]
            run.over.set()
        fetch = replace(self._fetches[name], bytes_s=0, verifying=False)
        if run.here:
            self._over(name)
            self.arrived(name)
        elif run.problem is not None:
            self._tell(replace(fetch, problem=Problem(run.problem.title, run.problem.remedy)))
        elif run.again:
            self._start(name, asked=True)
        else:
            self._tell(replace(fetch, paused=True))

    async def _fetched(self, name: str, run: _Run) -> None:
        if self._bring is None:
            from models.download import fetch  # an HTTP client, which an app with its models installed never needs

            self._bring = fetch

        def progress(done: int, total: int) -> None:
            for hear in run.hear:
                hear(done, total)
            run.done, run.total = done, total
            run.pace.at(anyio.current_time(), done)
            if done >= total:
                self._tell_of(name, run)

        async with anyio.create_task_group() as group:
            group.start_soon(self._tell_on, name, run)
            try:
                await self._bring(name, self.store, progress)
                run.here = True
            except ModelError as error:
                run.problem = error
                logger.warning("%s", error.title)
            group.cancel_scope.cancel()

    async def _tell_on(self, name: str, run: _Run) -> None:
        """Publish bytes and rate periodically, also while no bytes arrive."""
        while True:
            await anyio.sleep(TELL_S)
            if run.total:
                self._tell_of(name, run)

    def _tell_of(self, name: str, run: _Run) -> None:
        bytes_s = run.pace.at(anyio.current_time(), run.done)
        fetch = Fetch(name, run.done, run.total, bytes_s, verifying=run.done >= run.total)
        if fetch != self._fetches[name]:
            self._tell(fetch)

    async def _cancel(self, name: str) -> None:
        from models.download import discard

        run = self._runs.get(name)
        if run is not None:
            run.scope.cancel()
            await run.over.wait()
        try:
            await discard(name, self.store)
        except ModelError as error:
            self._tell(Fetch(name, problem=Problem(error.title, error.remedy)))
        else:
            if name not in self._runs:  # it may have been restarted meanwhile
                self._over(name)

    async def _find_paused(self) -> None:
        """Publish the partial downloads of an earlier run as paused."""

        def look() -> dict[str, int]:
            left = {name: self.store.staged(name) for name in self.store.models}
            return {name: size for name, size in left.items() if size}

        for name, size in (await to_thread.run_sync(look)).items():
            if name not in self._fetches:
                total = self.store.model(name).hub.download_size
                self._tell(Fetch(name, min(size, total), total, paused=True))

    def _tell(self, fetch: Fetch) -> None:
        self._fetches[fetch.name] = fetch
        for told in tuple(self._watching):
            told(self.fetches)

    def _over(self, name: str) -> None:
        self._fetches.pop(name, None)
        for told in tuple(self._watching):
            told(self.fetches)
