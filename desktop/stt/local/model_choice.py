"""Choose the speech model for this machine, and download it.

`auto` uses the best installed model at once and names a better one to download meanwhile, so that no start waits for a
download while any model is installed; if none is, the small one comes first, on a GPU too, since it is there in a
minute. A model or folder that the user chose is used as it is, and downloaded if missing; an installed one answers
until then, where the caller can change models meanwhile (`allow_other`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from anyio import to_thread

from desktop.core.engine_names import model_title
from desktop.core.errors import RecognizerError
from desktop.core.messages import Message
from desktop.core.state import DownloadStatus
from desktop.settings.schema import AUTO
from desktop.stt.local.cuda import has_cuda
from models.catalog import CatalogModel, ModelError, load_catalog
from models.choice import CHOOSABLE, CUDA_GUIDES, GUIDES, choose_model
from models.store import ModelStore


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A loadable model: its name in the catalogue (or the folder's own), its folder, its family, its format, and the
    codes of its languages, none for many."""

    name: str
    folder: Path
    family: str = "whisper"
    format: str = "ctranslate2"
    languages: tuple[str, ...] = ()

    @classmethod
    def from_catalog(cls, name: str, folder: Path, models: Mapping[str, CatalogModel] | None = None) -> LocalModel:
        """Return the model called `name` in `folder`, Whisper where `models` (the speech models) do not have it."""
        model = (load_catalog("speech") if models is None else models).get(name)
        return cls(name, folder, model.family, model.format, model.languages) if model else cls(name, folder)


type ModelFetcher = Callable[[str, Callable[[int, int], None]], Awaitable[object]]
"""Downloads a model by name and calls back with bytes done and total. Raises `ModelError`."""


async def find_model(
    store: ModelStore,
    chosen: str,
    on_progress: Callable[[DownloadStatus], None],
    cuda: bool | None = None,
    *,
    allow_other: bool = False,
    fetch_model: ModelFetcher | None = None,
    fetch_problem: Message | None = None,
    failed: Collection[str] = (),
    languages: Collection[str] = (),
) -> LocalModel:
    """Return the model to load now, downloaded first if no other can be used. Raises `RecognizerError`.

    `allow_other`: another may be used while the chosen one is missing. Those in `failed`, which did not load, are
    avoided if another is installed. `cuda` overrides `has_cuda`; `fetch_model` replaces the download, and
    `fetch_problem` says why there is none. `languages` are those to expect, none for any.
    """
    from models.download import (  # an HTTP client, which is not needed if all models are installed
        download_model,
        list_downloadable,
    )

    fetch_model = fetch_model or (lambda name, count: download_model(name, store, count))

    cuda = has_cuda() if cuda is None else cuda
    with _convert_model_errors():
        name = chosen
        installed = await to_thread.run_sync(lambda: set(store.list_installed()))
        working = installed.difference(failed)
        if (chosen != AUTO or fetch_problem is not None) and not working & {chosen, *CHOOSABLE}:
            working = installed
        if chosen == AUTO or (allow_other and chosen in store.models and chosen not in working):
            usable = choose_model(working, (), cuda=cuda, languages=languages).installed
            if usable is None:
                _require_fetch(fetch_problem)
                fetchable = (await list_downloadable(store.models)).difference(failed)
                name = choose_model((), fetchable, cuda=False, languages=languages).download or (
                    choose_model(installed, (), cuda=cuda, languages=languages).installed or "base"
                )
            else:
                name = usable
            if usable is None and chosen != AUTO:
                name = min(chosen, name, key=lambda model: store.models[model].hub.download_size)
        if name in store.models and name not in installed:
            _require_fetch(fetch_problem)
            title = model_title(name)
            try:
                await fetch_model(name, lambda done, total: on_progress(DownloadStatus(title, done, total)))
            except ModelError:
                other = choose_model(installed, (), cuda=cuda, languages=languages).installed
                if chosen != AUTO or other is None:
                    raise
                name = other  # it failed before, and may load by now
        folder = await to_thread.run_sync(store.resolve_folder, name)
        return LocalModel.from_catalog(name if name in store.models else folder.name, folder, store.models)


def _require_fetch(problem: Message | None) -> None:
    if problem is not None:
        raise RecognizerError.of(problem)


def is_installed(store: ModelStore, chosen: str) -> bool:
    """Whether a model can be loaded without a download: for `auto`, any installed one that it may mean."""
    installed = set(store.list_installed())
    return bool(installed & CHOOSABLE) if chosen == AUTO else chosen in installed or Path(chosen).expanduser().is_dir()


async def find_guide_model(store: ModelStore, without: Collection[str], cuda: bool | None = None) -> LocalModel | None:
    """Return the installed Whisper model that is to detect languages for another, None if there is none.

    It is none of `without`. `cuda` overrides `has_cuda`.
    """
    installed = await to_thread.run_sync(lambda: set(store.list_installed()))
    guides = CUDA_GUIDES if (has_cuda() if cuda is None else cuda) else GUIDES
    name = next((name for name in guides if name in installed and name not in without), None)
    return None if name is None else LocalModel.from_catalog(name, store.model_path(name), store.models)


async def find_better_model(store: ModelStore, current: str, cuda: bool, languages: Collection[str] = ()) -> str | None:
    """Return the model that `auto` prefers to `current`, installed or to be downloaded, or None."""
    with _convert_model_errors():
        installed = await to_thread.run_sync(lambda: list(store.list_installed()))
        choice = choose_model(installed, store.models, cuda=cuda, languages=languages)
        if choice.download is not None:  # else the best is installed, without a network request
            from models.download import list_downloadable

            fetchable = await list_downloadable(store.models)
            choice = choose_model(installed, fetchable, cuda=cuda, languages=languages)
        name = choice.download or choice.installed
        return None if name == current else name


@contextmanager
def _convert_model_errors() -> Iterator[None]:
    try:
        yield
    except ModelError as error:
        raise RecognizerError.from_coded(error) from error
