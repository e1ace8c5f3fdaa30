"""Which Whisper model this machine uses, and getting it there.

`auto` takes the best that is installed at once and names a better one to fetch meanwhile, so that no start waits for
a download while anything can transcribe. A model or folder that the user chose is used as it is, and fetched when
missing.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from anyio import to_thread

from desktop.problems import RecognizerProblem
from desktop.state import Progress
from models.catalogue import ModelError, choose
from models.fetch import fetch, fetchable
from models.store import Store

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model that can be loaded: its name in the catalogue (or its folder's own) and its folder."""

    name: str
    folder: Path


async def find(store: Store, wanted: str, progress: Callable[[Progress], None]) -> LocalModel:
    """The model to load now, fetched first where nothing else can be used. Raises `RecognizerProblem`."""
    with _problems():
        name = wanted
        if wanted == AUTO:
            use = await to_thread.run_sync(lambda: choose(list(store.installed()), (), cuda=has_cuda()).use)
            name = use or choose((), await fetchable(store.models), cuda=has_cuda()).fetch or "base"
        installed = await to_thread.run_sync(lambda: set(store.installed()))
        if name in store.models and name not in installed:
            await fetch(name, store, lambda done, total: progress(Progress(f"Whisper {name}", done, total)))
        folder = await to_thread.run_sync(store.resolve, name)
        return LocalModel(name if name in store.models else folder.name, folder)


async def better(store: Store, used: str) -> str | None:
    """The model that `auto` would rather use than `used` and that can be fetched from here, or None."""
    with _problems():
        if choose((used,), store.models, cuda=has_cuda()).fetch is None:
            return None  # the best is in use: no need to ask the network
        return choose((used,), await fetchable(store.models), cuda=has_cuda()).fetch


def has_cuda() -> bool:
    """Whether an NVIDIA driver runs and its libraries for CTranslate2 are installed.

    Asked without loading CTranslate2, which belongs to the model's process alone.
    """
    return Path("/proc/driver/nvidia/version").exists() and all(
        importlib.util.find_spec(name) is not None for name in ("nvidia", "nvidia.cublas")
    )


@contextmanager
def _problems() -> Iterator[None]:
    try:
        yield
    except ModelError as error:
        raise RecognizerProblem(error.title, error.remedy) from error
