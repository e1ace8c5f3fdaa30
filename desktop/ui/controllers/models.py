"""Answer the windows about models: list, download, verify, delete and measure them.

Downloads belong to the engine, which fetches models too; disks are read in worker threads.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from desktop.app.callbacks import run_safely_async
from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.settings import store as settings_store
from desktop.ui.controllers.controller import CallOnMainThread, OnResult, PostToEngine

if TYPE_CHECKING:
    from desktop.app.engine import Engine
    from desktop.app.model_cards import ModelCard, ModelFolder
    from desktop.app.model_downloads import ModelDownload
    from desktop.history.rows import HistoryRow

logger = logging.getLogger(__name__)
MODELS_ERROR = UserError("Something went wrong with the models.", "The log says what.")

RECENT_DICTATIONS = 200
"""Number of newest dictations from which a model's speed is estimated."""


@dataclass(frozen=True, slots=True)
class ModelActions:
    """What a window may request about models, by their names.

    Call on the main thread. All return at once; results, or the `UserError` that prevented them, arrive through a
    callback there. Every request is answered.

    `load_cards` returns every model of speech and language; `find_recommended` the speech model to advise on this
    machine for some languages (codes; none for any, None for those of the settings), None when none fits;
    `load_storage` where models are stored and the free space there. `watch` calls back on the main thread with all
    downloads that run, are paused or failed, now and at each change, until the returned function is called.

    `download` starts or resumes a download and repairs a damaged model; `pause` keeps the received part, `cancel`
    deletes it. `verify` reads every byte again. `remove` fails for a model in use. `measure_speed` returns how many
    times faster than speech a speech model runs here. `check_folder` returns the path when a user's folder contains a
    speech model.
    """

    load_cards: Callable[[OnResult[Sequence[ModelCard]]], None]
    find_recommended: Callable[[Sequence[str] | None, OnResult[ModelCard | None]], None]
    load_storage: Callable[[OnResult[ModelFolder]], None]
    watch: Callable[[Callable[[Sequence[ModelDownload]], None]], Callable[[], None]]
    download: Callable[[str], None]
    pause: Callable[[str], None]
    cancel: Callable[[str], None]
    verify: Callable[[str, OnResult[None]], None]
    remove: Callable[[str, OnResult[None]], None]
    measure_speed: Callable[[str, OnResult[float]], None]
    check_folder: Callable[[Path, OnResult[Path]], None]


def build_model_actions(paths: Paths, post: PostToEngine, call: CallOnMainThread) -> ModelActions:
    """Build the actions on models."""

    def run_on_engine[T](work: Callable[[Engine], Coroutine[Any, Any, T]], on_result: OnResult[T]) -> None:
        async def run(engine: Engine) -> None:
            result = await run_safely_async(partial(_run_model_work, work, engine), MODELS_ERROR)
            call(partial(on_result, result))

        post(lambda engine: engine.spawn(partial(run, engine)))

    def watch(on_change: Callable[[Sequence[ModelDownload]], None]) -> Callable[[], None]:
        callbacks = [on_change]

        def notify(fetches: Sequence[ModelDownload]) -> None:
            call(lambda: callbacks and callbacks[0](fetches))

        def stop() -> None:
            callbacks.clear()
            post(lambda engine: engine.downloads.unwatch(notify))

        post(lambda engine: engine.downloads.watch(notify))
        return stop

    return ModelActions(
        load_cards=lambda on_result: run_on_engine(
            lambda engine: to_thread.run_sync(_load_cards, paths, engine), on_result
        ),
        find_recommended=lambda languages, on_result: run_on_engine(
            lambda engine: to_thread.run_sync(_load_recommended_card, paths, engine, languages), on_result
        ),
        load_storage=lambda on_result: run_on_engine(
            lambda engine: to_thread.run_sync(_load_model_folder, paths), on_result
        ),
        watch=watch,
        download=lambda name: post(lambda engine: engine.downloads.fetch(name)),
        pause=lambda name: post(lambda engine: engine.downloads.pause(name)),
        cancel=lambda name: post(lambda engine: engine.downloads.cancel(name)),
        verify=lambda name, on_result: run_on_engine(lambda engine: engine.downloads.verify(name), on_result),
        remove=lambda name, on_result: run_on_engine(lambda engine: _remove_model(paths, engine, name), on_result),
        measure_speed=lambda name, on_result: run_on_engine(
            lambda engine: _measure_model(paths, engine, name), on_result
        ),
        check_folder=lambda folder, on_result: run_on_engine(
            lambda engine: to_thread.run_sync(_check_model_folder, paths, folder), on_result
        ),
    )


async def _run_model_work[T](work: Callable[[Engine], Coroutine[Any, Any, T]], engine: Engine) -> T:
    from models.catalog import ModelError

    try:
        return await work(engine)
    except ModelError as error:
        raise UserError(error.title, error.remedy) from error


def _load_cards(paths: Paths, engine: Engine, languages: Sequence[str] | None = None) -> list[ModelCard]:
    from desktop.app import model_cards, model_speed

    device = _device(engine)
    speeds = model_speed.estimate_speeds(_load_recent_rows(engine), device) | model_speed.load_speeds(
        paths.model_speeds
    ).get(device, {})
    settings = settings_store.load_settings(paths.settings).settings
    if languages is not None:
        recognizer = settings.recognizer.model_copy(update={"language": tuple(languages)})
        settings = settings.model_copy(update={"recognizer": recognizer})
    machine = model_cards.inspect_machine(paths.models)
    return model_cards.build_model_cards(engine.downloads.store, settings, engine.local.model, machine, speeds)


def _load_recommended_card(paths: Paths, engine: Engine, languages: Sequence[str] | None) -> ModelCard | None:
    return next(
        (card for card in _load_cards(paths, engine, languages) if card.recommended and card.kind == "speech"), None
    )


def _load_recent_rows(engine: Engine) -> Sequence[HistoryRow]:
    try:
        return engine.history.rows(RECENT_DICTATIONS)
    except UserError as problem:
        logger.warning("no figures of the history: %s", problem)
        return ()


def _load_model_folder(paths: Paths) -> ModelFolder:
    from desktop.app import model_cards

    return model_cards.find_model_folder(paths.models)


async def _remove_model(paths: Paths, engine: Engine, name: str) -> None:
    cards = await to_thread.run_sync(_load_cards, paths, engine)
    blocker = next((card.removal_blocker for card in cards if card.name == name), "")
    if blocker:
        raise UserError(blocker)
    await engine.downloads.remove(name)


async def _measure_model(paths: Paths, engine: Engine, name: str) -> float:
    from desktop.app import model_speed
    from desktop.stt.local.model_choice import LocalModel

    store, device = engine.downloads.store, _device(engine)
    folder = await to_thread.run_sync(store.resolve_folder, name)
    await model_speed.require_memory(name, store.model(name).memory_mb)
    audio = await to_thread.run_sync(lambda: model_speed.load_sample(_load_recent_rows(engine)))
    speed = await model_speed.measure_speed(LocalModel(name, folder), audio, "auto" if device == "cuda" else device)
    await to_thread.run_sync(model_speed.save_speed, paths.model_speeds, device, name, speed)
    return speed


def _check_model_folder(paths: Paths, folder: Path) -> Path:
    from models.store import ModelStore

    return ModelStore(paths.models).resolve_folder(str(folder))


def _device(engine: Engine) -> str:
    from desktop.stt.local.cuda import has_cuda

    return engine.local.device or ("cuda" if has_cuda() else "cpu")
