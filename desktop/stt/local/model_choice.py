"""Choose the Whisper model for this machine, and download it.

`auto` uses the best installed model at once and names a better one to download meanwhile, so that no start waits for a
download while any model is installed; if none is, the small one comes first, on a GPU too, since it is there in a
minute. A model or folder that the user chose is used as it is, and downloaded if missing; an installed one answers
until then, where the caller can change models `meanwhile`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from anyio import to_thread

from desktop.core.errors import RecognizerProblem
from desktop.core.state import Progress
from desktop.stt.local.cuda import has_cuda
from models.catalog import ModelError, choose
from models.store import Store

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A loadable model: its name in the catalogue (or the folder's own) and its folder."""

    name: str
    folder: Path


type Get = Callable[[str, Callable[[int, int], None]], Awaitable[object]]
"""Downloads a model by name and calls back with bytes done and total. Raises `ModelError`."""


async def find(
    store: Store,
    wanted: str,
    progress: Callable[[Progress], None],
    cuda: bool | None = None,
    *,
    meanwhile: bool = False,
    get: Get | None = None,
    failed: Collection[str] = (),
) -> LocalModel:
    """Return the model to load now, downloaded first if no other can be used. Raises `RecognizerError`.

    `allow_other`: another may be used while the wanted one is missing. Those in `failed`, which did not load, are
    avoided if another is installed. `cuda` overrides `has_cuda`; `fetch_model` replaces the download.
    """
    from models.download import fetch, fetchable  # an HTTP client, which is not needed if all models are installed

    get = get or (lambda name, count: fetch(name, store, count))

    cuda = has_cuda() if cuda is None else cuda
    with _problems():
        name = wanted
        installed = await to_thread.run_sync(lambda: set(store.installed()))
        installed = installed.difference(failed) or installed
        if wanted == AUTO or (meanwhile and wanted in store.models and wanted not in installed):
            use = choose(installed, (), cuda=cuda).use
            name = use or choose((), await fetchable(store.models), cuda=False).fetch or "base"
            if use is None and wanted != AUTO:
                name = min(wanted, name, key=lambda model: store.models[model].hub.download_size)
        if name in store.models and name not in installed:
            await get(name, lambda done, total: progress(Progress(f"Whisper {name}", done, total)))
        folder = await to_thread.run_sync(store.resolve, name)
        return LocalModel(name if name in store.models else folder.name, folder)


def here(store: Store, wanted: str) -> bool:
    """Whether a model can be loaded without a download: for `auto`, any installed one."""
    installed = set(store.installed())
    return bool(installed) if wanted == AUTO else wanted in installed or Path(wanted).expanduser().is_dir()


async def better(store: Store, used: str, cuda: bool) -> str | None:
    """Return the model that `auto` prefers to `current`, installed or to be downloaded, or None."""
    with _problems():
        installed = await to_thread.run_sync(lambda: list(store.installed()))
        choice = choose(installed, store.models, cuda=cuda)
        if choice.fetch is not None:  # else the best is installed, without a network request
            from models.download import fetchable

            choice = choose(installed, await fetchable(store.models), cuda=cuda)
        name = choice.fetch or choice.use
        return None if name == used else name


@contextmanager
def _problems() -> Iterator[None]:
    try:
        yield
    except ModelError as error:
        raise RecognizerProblem(error.title, error.remedy) from error
