"""Coordinate the model downloads that the engine needs and those that the user starts.

Both use one `DownloadManager`, so that a card shows, and can pause, what the engine downloads by itself. The engine
does not resume what the user paused or cancelled: it gets a `ModelError` and continues with the model it has. A
download that only the engine wanted stops when its last waiter is cancelled; the bytes received are kept.

Each model has at most one download at a time; different models download in parallel. Call from the engine's loop only.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import anyio
from anyio import from_thread, to_thread

from desktop.core.errors import UserError
from desktop.core.tasks import SpawnTask
from models.catalog import ModelError
from models.staging import ProgressCallback
from models.store import ModelStore

logger = logging.getLogger(__name__)

RATE_WINDOW_S = 5.0
"""Seconds over which the rate of a download is averaged."""

NOTIFY_INTERVAL_S = 0.2
"""Seconds between progress notifications to the watchers."""

type FetchModel = Callable[[str, ModelStore, ProgressCallback], Coroutine[Any, Any, Path]]
"""The function that downloads a model: `models.download.download_model` or a test double."""


@dataclass(frozen=True, slots=True)
class ModelDownload:
    """A download in progress: `done` of `total` bytes, at `bytes_s` bytes per second.

    `paused`: stopped until resumed, also across a restart. `verifying`: its bytes are being read and compared.
    `problem`: why it ended; the bytes received are kept.
    """

    name: str
    done: int = 0
    total: int = 0
    bytes_s: float = 0.0
    paused: bool = False
    verifying: bool = False
    problem: UserError | None = None

    @property
    def is_running(self) -> bool:
        """Whether it continues without the user."""
        return not self.paused and self.problem is None

    @property
    def remaining_s(self) -> float | None:
        """Seconds until completion at the current rate; None if unknown."""
        return (self.total - self.done) / self.bytes_s if self.bytes_s and self.total and self.is_running else None


class DownloadRate:
    """The recent rate of a download."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque()

    def update(self, now: float, done: int) -> float:
        """Return the rate in bytes per second at time `now` (s) with `done` bytes received; 0 while unknown."""
        self._samples.append((now, done))
        while len(self._samples) > 2 and now - self._samples[0][0] > RATE_WINDOW_S:
            self._samples.popleft()
        (since, before) = self._samples[0]
        return max(0.0, (done - before) / (now - since)) if now > since else 0.0


@dataclass(slots=True)
class _Download:
    """One download in progress. `by_user`: the user started it; otherwise it exists only for its waiters."""

    by_user: bool
    scope: anyio.CancelScope = field(default_factory=anyio.CancelScope)
    finished: anyio.Event = field(default_factory=anyio.Event)
    rate: DownloadRate = field(default_factory=DownloadRate)
    progress_callbacks: list[ProgressCallback] = field(default_factory=list)
    done: int = 0
    total: int = 0
    restart: bool = False
    installed: bool = False
    problem: ModelError | None = None


class DownloadManager:
    """The downloads into `store`.

    `spawn` runs a coroutine in the background on the loop; `on_installed(name)` is called for each finished model.
    `fetch_model` downloads one, `models.download.download_model` if None.
    """

    def __init__(
        self,
        store: ModelStore,
        spawn: SpawnTask,
        on_installed: Callable[[str], None] = lambda name: None,
        fetch_model: FetchModel | None = None,
    ) -> None:
        self.store = store
        self._on_installed = on_installed
        self._spawn = spawn
        self._fetch_model = fetch_model
        self._downloads: dict[str, ModelDownload] = {}
        self._runs: dict[str, _Download] = {}
        self._stopped_by_user: set[str] = set()
        self._watchers: list[Callable[[tuple[ModelDownload, ...]], None]] = []

    @property
    def downloads(self) -> tuple[ModelDownload, ...]:
        """All downloads that are running, paused or failed."""
        return tuple(self._downloads.values())

    def watch(self, on_change: Callable[[tuple[ModelDownload, ...]], None]) -> None:
        """Call `on_change` with `downloads` now and at each change."""
        self._watchers.append(on_change)
        self._spawn(self._find_paused)
        on_change(self.downloads)

    def unwatch(self, on_change: Callable[[tuple[ModelDownload, ...]], None]) -> None:
        """Stop calling `on_change`."""
        self._watchers.remove(on_change)

    def fetch(self, name: str) -> None:
        """Start or resume the model's download."""
        self._stopped_by_user.discard(name)
        run = self._runs.get(name)
        if run is None:
            self._start(name, by_user=True)
        elif run.scope.cancel_called:
            run.restart = True
        else:
            run.by_user = True

    def pause(self, name: str) -> None:
        """Pause the download; the bytes received are kept."""
        run = self._runs.get(name)
        if run is not None:
            self._stopped_by_user.add(name)
            run.restart = False
            run.scope.cancel()

    def cancel(self, name: str) -> None:
        """End the download and delete the bytes received."""
        self._stopped_by_user.add(name)
        self._spawn(lambda: self._cancel(name))

    def clear_stops(self) -> None:
        """Allow the engine to download everything again, because the user has chosen another model."""
        self._stopped_by_user.clear()

    async def ensure_installed(self, name: str, progress: ProgressCallback) -> None:
        """Download the model, or wait for its running download. Raises `ModelError`, also where the user paused or
        cancelled it."""
        while True:
            run = self._runs.get(name)
            if run is None:
                self._require_not_stopped(name)
                run = self._start(name, by_user=False)
            run.progress_callbacks.append(progress)
            try:
                await run.finished.wait()
            finally:
                run.progress_callbacks.remove(progress)
                if not run.progress_callbacks and not run.by_user:
                    run.scope.cancel()
            if run.installed:
                return
            if run.problem is not None:
                raise run.problem  # else it was stopped, by the user or because its other waiter was cancelled

    async def verify(self, name: str) -> None:
        """Read the installed model and compare every byte. Raises `ModelError` if it is damaged or unreadable;
        downloading it repairs it."""

        def progress(done: int, total: int) -> None:
            from_thread.run_sync(self._publish, ModelDownload(name, done, total, verifying=True))

        try:
            try:
                await to_thread.run_sync(self.store.verify, name, progress)
            except OSError as error:
                reason = error.strerror or type(error).__name__
                raise ModelError("model-unreadable", name=name, reason=reason) from error
        except ModelError as error:
            self._publish(ModelDownload(name, problem=UserError.from_coded(error)))
            raise
        self._drop(name)

    async def remove(self, name: str) -> None:
        """Delete the model. Raises `ModelError`, also during its download."""
        if name in self._runs:
            raise ModelError("model-being-fetched", name=name)
        await to_thread.run_sync(self.store.remove, name)
        self._stopped_by_user.add(name)  # the engine does not download it again unless it is chosen
        self._drop(name)

    def _require_not_stopped(self, name: str) -> None:
        if name in self._stopped_by_user:
            raise ModelError("model-download-stopped", name=name)

    def _start(self, name: str, *, by_user: bool) -> _Download:
        run = self._runs[name] = _Download(by_user)
        previous = self._downloads.get(name)
        total = self.store.model(name).hub.download_size
        self._publish(ModelDownload(name, previous.done if previous else 0, total))
        self._spawn(lambda: self._run(name, run))
        return run

    async def _run(self, name: str, run: _Download) -> None:
        try:
            with run.scope:
                await self._fetch(name, run)
        except Exception:  # an error must be recorded, or `ensure_installed` would restart the download for ever
            logger.exception("a download failed")
            run.problem = ModelError("app-internal-error")
        finally:
            del self._runs[name]
            run.finished.set()
        download = replace(self._downloads[name], bytes_s=0, verifying=False)
        if run.installed:
            self._drop(name)
            self._on_installed(name)
        elif run.problem is not None:
            self._publish(replace(download, problem=UserError.from_coded(run.problem)))
        elif run.restart:
            self._start(name, by_user=True)
        else:
            self._publish(replace(download, paused=True))

    async def _fetch(self, name: str, run: _Download) -> None:
        if self._fetch_model is None:
            # It imports an HTTP client, which an app with its models installed never needs.
            from models.download import download_model

            self._fetch_model = download_model

        def progress(done: int, total: int) -> None:
            for on_progress in run.progress_callbacks:
                on_progress(done, total)
            run.done, run.total = done, total
            run.rate.update(anyio.current_time(), done)
            if done >= total:
                self._publish_progress(name, run)

        async with anyio.create_task_group() as group:
            group.start_soon(self._publish_periodically, name, run)
            try:
                await self._fetch_model(name, self.store, progress)
                run.installed = True
            except ModelError as error:
                run.problem = error
                logger.warning("%s", UserError.from_coded(error))
            group.cancel_scope.cancel()

    async def _publish_periodically(self, name: str, run: _Download) -> None:
        """Publish bytes and rate periodically, also while no bytes arrive."""
        while True:
            await anyio.sleep(NOTIFY_INTERVAL_S)
            if run.total:
                self._publish_progress(name, run)

    def _publish_progress(self, name: str, run: _Download) -> None:
        bytes_s = run.rate.update(anyio.current_time(), run.done)
        download = ModelDownload(name, run.done, run.total, bytes_s, verifying=run.done >= run.total)
        if download != self._downloads[name]:
            self._publish(download)

    async def _cancel(self, name: str) -> None:
        from models.download import discard_download

        run = self._runs.get(name)
        if run is not None:
            run.scope.cancel()
            await run.finished.wait()
        try:
            await discard_download(name, self.store)
        except ModelError as error:
            self._publish(ModelDownload(name, problem=UserError.from_coded(error)))
        else:
            if name not in self._runs:  # it may have been restarted meanwhile
                self._drop(name)

    async def _find_paused(self) -> None:
        """Publish the partial downloads of an earlier run as paused."""

        def find_staged() -> dict[str, int]:
            staged = {name: self.store.staged_bytes(name) for name in self.store.models}
            return {name: size for name, size in staged.items() if size}

        for name, size in (await to_thread.run_sync(find_staged)).items():
            if name not in self._downloads:
                total = self.store.model(name).hub.download_size
                self._publish(ModelDownload(name, min(size, total), total, paused=True))

    def _publish(self, download: ModelDownload) -> None:
        self._downloads[download.name] = download
        self._notify_watchers()

    def _drop(self, name: str) -> None:
        self._downloads.pop(name, None)
        self._notify_watchers()

    def _notify_watchers(self) -> None:
        for on_change in tuple(self._watchers):
            on_change(self.downloads)
