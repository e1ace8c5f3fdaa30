"""Answer the windows about models: list, download, verify, delete and measure them.

Downloads belong to the engine, which fetches models too; disks are read in worker threads.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from anyio import to_thread
from PySide6.QtCore import QCoreApplication

from desktop.app import model_cards, model_speed
from desktop.app.model_cards import ModelCard, ModelFolder
from desktop.app.model_downloads import ModelDownload
from desktop.core.errors import UserError
from desktop.history.rows import HistoryRow
from desktop.settings.schema import AUTO
from desktop.stt.local.cuda import has_cuda
from desktop.stt.local.model_choice import LocalModel
from desktop.ui.bridge import ListOption
from desktop.ui.controllers.controller import Controller, OnResult
from models.catalog import ModelKind, load_catalog
from models.store import ModelStore

if TYPE_CHECKING:
    from desktop.app.engine import Engine

translate = QCoreApplication.translate
logger = logging.getLogger(__name__)

RECENT_DICTATIONS = 200
"""Number of newest dictations from which a model's speed is estimated."""


class ModelsController(Controller):
    """Requests about models, by their names."""

    unexpected_error = UserError("models-request-failed")

    def load_cards(self, on_result: OnResult[Sequence[ModelCard]]) -> None:
        """Load the cards of all models of speech and language."""
        self._run_with_engine(self._load_cards, on_result)

    def find_recommended(self, languages: Sequence[str] | None, on_result: OnResult[ModelCard | None]) -> None:
        """Find the speech model to advise on this machine for `languages`; None where none fits.

        `languages` are codes: none of them for any language, None for those of the settings.
        """

        def find(engine: Engine) -> ModelCard | None:
            cards = self._load_cards(engine, languages)
            return next((card for card in cards if card.recommended and card.kind == "speech"), None)

        self._run_with_engine(find, on_result)

    def load_storage(self, on_result: OnResult[ModelFolder]) -> None:
        """Find where models are stored, and the free space there."""
        self._run_with_engine(lambda engine: model_cards.find_model_folder(self._paths.models), on_result)

    def watch(self, on_change: Callable[[Sequence[ModelDownload]], None]) -> Callable[[], None]:
        """Watch all downloads that run, are paused or failed, until the returned function is called.

        `on_change` is called now and at each change.
        """
        stopped = Event()
        notify = self._on_main(on_change, stopped)

        def stop() -> None:
            stopped.set()
            self._post(lambda engine: engine.downloads.unwatch(notify))

        self._post(lambda engine: engine.downloads.watch(notify))
        return stop

    def download(self, name: str) -> None:
        """Start or resume a download, or repair a damaged model."""
        self._post(lambda engine: engine.downloads.fetch(name))

    def pause(self, name: str) -> None:
        """Stop a download and keep the received part."""
        self._post(lambda engine: engine.downloads.pause(name))

    def cancel(self, name: str) -> None:
        """Stop a download and delete the received part."""
        self._post(lambda engine: engine.downloads.cancel(name))

    def verify(self, name: str, on_result: OnResult[None]) -> None:
        """Read every byte of a model again."""
        self._run_on_engine(lambda engine: engine.downloads.verify(name), on_result)

    def remove(self, name: str, on_result: OnResult[None]) -> None:
        """Delete a model unless it is in use."""

        async def remove(engine: Engine) -> None:
            cards = await to_thread.run_sync(self._load_cards, engine)
            blocker = next((card.removal_blocker for card in cards if card.name == name), None)
            if blocker is not None:
                raise UserError.of(blocker)
            await engine.downloads.remove(name)

        self._run_on_engine(remove, on_result)

    def measure_speed(self, name: str, on_result: OnResult[float]) -> None:
        """Measure how many times faster than speech a speech model runs here."""

        async def measure(engine: Engine) -> float:
            store, device = engine.downloads.store, _device(engine)
            folder = await to_thread.run_sync(store.resolve_folder, name)
            await model_speed.require_memory(name, store.model(name).memory_mb)
            audio = await to_thread.run_sync(lambda: model_speed.load_sample(_load_recent_rows(engine)))
            model = LocalModel.from_catalog(name, folder)
            speed = await model_speed.measure_speed(model, audio, "auto" if device == "cuda" else device)
            await to_thread.run_sync(model_speed.save_speed, self._paths.model_speeds, device, name, speed)
            return speed

        self._run_on_engine(measure, on_result)

    def check_folder(self, folder: Path, on_result: OnResult[Path]) -> None:
        """Check that a user's folder contains a speech model; the result is its path."""
        self._run_with_engine(lambda engine: ModelStore(self._paths.models).resolve_folder(str(folder)), on_result)

    def list_models(self, kind: ModelKind, on_result: Callable[[Sequence[ListOption]], None]) -> None:
        """List the models of a kind, the automatic choice first. Of language models only those on this machine:
        choosing a missing one would not download it."""

        def load() -> list[ListOption]:
            store = ModelStore(self._paths.models, load_catalog(kind))
            installed, automatic = set(store.list_installed()), translate("asking", "Automatic")
            if kind == "language":
                here = translate("asking", "on this machine")
                return [ListOption(AUTO, automatic), *(ListOption(name, name, here) for name in store.list_installed())]
            here = translate("asking", "installed")
            return [
                ListOption(AUTO, automatic, translate("asking", "the best for this machine")),
                *(ListOption(name, name, here if name in installed else "") for name in store.models),
            ]

        self._run_or_log(load, on_result)

    def _load_cards(self, engine: Engine, languages: Sequence[str] | None = None) -> list[ModelCard]:
        device = _device(engine)
        speeds = model_speed.estimate_speeds(_load_recent_rows(engine), device) | model_speed.load_speeds(
            self._paths.model_speeds
        ).get(device, {})
        settings = self._live_settings.load().settings
        if languages is not None:
            recognizer = settings.recognizer.model_copy(update={"language": tuple(languages)})
            settings = settings.model_copy(update={"recognizer": recognizer})
        machine = model_cards.inspect_machine(self._paths.models)
        loaded = engine.recognition.local_status.model
        return model_cards.build_model_cards(engine.downloads.store, settings, loaded, machine, speeds)


def _load_recent_rows(engine: Engine) -> Sequence[HistoryRow]:
    try:
        return engine.history.rows(RECENT_DICTATIONS)
    except UserError as problem:
        logger.warning("no figures of the history: %s", problem)
        return ()


def _device(engine: Engine) -> str:
    return engine.recognition.local_status.device or ("cuda" if has_cuda() else "cpu")
