"""Answer the models' page: list models, download, verify, delete and measure them.

Downloads belong to the engine, which fetches models too; disks are read in worker threads. Every request gets an
answer, if need be a `UserError`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from desktop.app.callbacks import Call, Post, answered_later
from desktop.core.errors import Problem
from desktop.core.paths import Paths
from desktop.settings import store as settings
from desktop.ui.controllers.fetching import Fetching
from desktop.ui.controllers.rows import Then

if TYPE_CHECKING:  # loaded when they are first asked for: the tray begins the app and needs none of it
    from desktop.app.engine import Engine
    from desktop.app.fetches import Fetch
    from desktop.app.model_cards import ModelCard, Place
    from desktop.history.row import Row

logger = logging.getLogger(__name__)

WRONG = Problem("Something went wrong with the models.", "The log says what.")

RECENT = 200
"""Number of newest dictations from which a model's speed is estimated."""


def fetching(here: Paths, post: Post, call: Call) -> Fetching:
    """Build the actions on models."""

    def asked[T](work: Callable[[Engine], Coroutine[Any, Any, T]], then: Then[T]) -> None:
        async def run(engine: Engine) -> None:
            found = await answered_later(partial(_asked, work, engine), WRONG)
            call(partial(then, found))

        post(lambda engine: engine.spawn(partial(run, engine)))

    def watch(told: Callable[[Sequence[Fetch]], None]) -> Callable[[], None]:
        watching = [told]

        def tell(fetches: Sequence[Fetch]) -> None:
            call(lambda: watching and watching[0](fetches))

        def stop() -> None:
            watching.clear()
            post(lambda engine: engine.downloads.unwatch(tell))

        post(lambda engine: engine.downloads.watch(tell))
        return stop

    return Fetching(
        cards=lambda then: asked(lambda engine: to_thread.run_sync(_cards, here, engine), then),
        recommended=lambda languages, then: asked(
            lambda engine: to_thread.run_sync(_recommended, here, engine, languages), then
        ),
        place=lambda then: asked(lambda engine: to_thread.run_sync(_place, here), then),
        watch=watch,
        fetch=lambda name: post(lambda engine: engine.downloads.fetch(name)),
        pause=lambda name: post(lambda engine: engine.downloads.pause(name)),
        cancel=lambda name: post(lambda engine: engine.downloads.cancel(name)),
        verify=lambda name, then: asked(lambda engine: engine.downloads.verify(name), then),
        remove=lambda name, then: asked(lambda engine: _remove(here, engine, name), then),
        measure=lambda name, then: asked(lambda engine: _measure(here, engine, name), then),
        check=lambda folder, then: asked(lambda engine: to_thread.run_sync(_check, here, folder), then),
    )


async def _asked[T](work: Callable[[Engine], Coroutine[Any, Any, T]], engine: Engine) -> T:
    from models.catalog import ModelError

    try:
        return await work(engine)
    except ModelError as error:
        raise Problem(error.title, error.remedy) from error


def _device(engine: Engine) -> str:
    from desktop.stt.local.cuda import has_cuda

    return engine.local.device or ("cuda" if has_cuda() else "cpu")


def _cards(here: Paths, engine: Engine, languages: Sequence[str] | None = None) -> list[ModelCard]:
    from desktop.app import model_cards, model_speed

    device = _device(engine)
    speeds = model_speed.dictated(_rows(engine), device) | model_speed.kept(here.speeds).get(device, {})
    now = settings.load(here.settings).settings
    if languages is not None:
        spoken = now.recognizer.model_copy(update={"language": tuple(languages)})
        now = now.model_copy(update={"recognizer": spoken})
    machine = model_cards.machine(here.models)
    return model_cards.cards(engine.downloads.store, now, engine.local.model, machine, speeds)


def _rows(engine: Engine) -> Sequence[Row]:
    try:
        return engine.history.rows(RECENT)
    except Problem as problem:
        logger.warning("no figures of the history: %s", problem)
        return ()


def _recommended(here: Paths, engine: Engine, languages: Sequence[str] | None) -> ModelCard | None:
    return next((card for card in _cards(here, engine, languages) if card.recommended and card.kind == "speech"), None)


def _place(here: Paths) -> Place:
    from desktop.app import model_cards

    return model_cards.place(here.models)


async def _remove(here: Paths, engine: Engine, name: str) -> None:
    found = await to_thread.run_sync(_cards, here, engine)
    in_way = next((card.in_way for card in found if card.name == name), "")
    if in_way:
        raise Problem(in_way)
    await engine.downloads.remove(name)


async def _measure(here: Paths, engine: Engine, name: str) -> float:
    from desktop.app import model_speed
    from desktop.stt.local.model_choice import LocalModel

    store, device = engine.downloads.store, _device(engine)
    folder = await to_thread.run_sync(store.resolve, name)
    await model_speed.require_memory(name, store.model(name).memory_mb)
    audio = await to_thread.run_sync(lambda: model_speed.sample(_rows(engine)))
    speed = await model_speed.measure(LocalModel(name, folder), audio, "auto" if device == "cuda" else device)
    await to_thread.run_sync(model_speed.keep, here.speeds, device, name, speed)
    return speed


def _check(here: Paths, folder: Path) -> Path:
    from models.store import Store

    return Store(here.models).resolve(str(folder))
