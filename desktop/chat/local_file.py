"""Which file the language model on this machine is: one of the catalogue that is installed, or the person's own."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from desktop.installed import adding
from desktop.problems import Problem
from models.catalogue import ModelError, catalogue
from models.store import Store

AUTO = "auto"

SMALLEST = "smollm2-135m"


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A model that can be loaded: its name in the catalogue (or its file's own) and its file."""

    name: str
    file: Path


def store(folder: Path) -> Store:
    """The language models in `folder`."""
    return Store(folder, catalogue("language"))


def find(models: Store, wanted: str) -> LocalFile:
    """The model that `wanted` names; for `auto` the first of the catalogue that is installed. Raises `Problem`."""
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
    """Raise `Problem` where llama.cpp is not installed."""
    if find_spec("xllamacpp") is None:
        raise Problem(
            "The library that runs language models is not installed.",
            adding("local-llm"),
        )
