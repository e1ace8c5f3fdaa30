"""Which Whisper model this machine uses, and getting it there.

`auto` takes the best that is installed at once and names a better one to fetch meanwhile, so that no start waits for
a download while anything can transcribe; where nothing can, the small one comes first, on a GPU too, for it is there in
a minute. A model or folder that the user chose is used as it is, and fetched when missing; what is installed answers
until then, where the caller can change models `meanwhile`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from anyio import to_thread

from desktop.problems import RecognizerProblem
from desktop.recognizers.cuda import has_cuda
from desktop.state import Progress
from models.catalogue import ModelError, choose
from models.store import Store

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model that can be loaded: its name in the catalogue (or its folder's own) and its folder."""

    name: str
    folder: Path


type Get = Callable[[str, Callable[[int, int], None]], Awaitable[object]]
"""Has the model of that name on this machine; told the bytes that have come and those there are. Raises
`ModelError`."""


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
    """The model to load now, fetched first where nothing else can be used. Raises `RecognizerProblem`.

    `meanwhile`: while the one that is wanted is missing, another may be used. Those that have `failed` to load are not
    chosen where another is here. `cuda` says whether a GPU computes, where
    that is known better than by `has_cuda`; `get` fetches, where others fetch too.
    """
    from models.fetch import fetch, fetchable  # an HTTP client, which an app whose models are here never needs

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
    """Whether a model can be loaded as it is: for `auto` any that is installed."""
    installed = set(store.installed())
    return bool(installed) if wanted == AUTO else wanted in installed or Path(wanted).expanduser().is_dir()


async def better(store: Store, used: str, cuda: bool) -> str | None:
    """The model that `auto` would rather use than `used`, installed or to be fetched, or None."""
    with _problems():
        installed = await to_thread.run_sync(lambda: list(store.installed()))
        choice = choose(installed, store.models, cuda=cuda)
        if choice.fetch is not None:  # else the best is here, and the network need not be asked
            from models.fetch import fetchable

            choice = choose(installed, await fetchable(store.models), cuda=cuda)
        name = choice.fetch or choice.use
        return None if name == used else name


@contextmanager
def _problems() -> Iterator[None]:
    try:
        yield
    except ModelError as error:
        raise RecognizerProblem(error.title, error.remedy) from error
