"""Find the file of the local language model: one of the catalog that is installed, or the user's own."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from desktop.core.errors import Problem
from desktop.core.installed import adding
from models.catalog import ModelError, catalogue
from models.store import Store

AUTO = "auto"

SMALLEST = "smollm2-135m"


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A model that can be loaded: its file, and its name in the catalog or else the file's own."""

    name: str
    file: Path


def store(folder: Path) -> Store:
    """Return the store of language models in `folder`."""
    return Store(folder, catalogue("language"))


def find(models: Store, wanted: str) -> LocalFile:
    """Return the model called `model_name`; for `auto` the first of the catalog that is installed.

    Raises `UserError`.
    """
    name = next(models.installed(), "") if wanted == AUTO else wanted
    if not name:
        pull = "or ".join(f"`intone models pull {one}` " for one in (next(iter(models.models)), SMALLEST))
        raise Problem("No language model is installed.", f"Run {pull}to have one.")
    if name in models.models:
        try:
            folder = models.resolve(name)
        except ModelError as error:
            raise Problem(error.title, error.remedy) from error
        source = models.source(name)
        assert source is not None
        return LocalFile(name, folder / source.files[0].name)
    file = Path(name).expanduser()
    if not file.is_file():
        raise Problem(
            f"There is no language model called {name} and no such file.",
            f"Choose a .gguf file, or one of {', '.join(models.models)}.",
        )
    return LocalFile(file.stem, file)


def require_library() -> None:
    """Raise `UserError` where llama.cpp is not installed."""
    if find_spec("xllamacpp") is None:
        raise Problem(
            "The library that runs language models is not installed.",
            adding("local-llm"),
        )
