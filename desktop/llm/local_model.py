"""Find the file of the local language model: one of the catalog that is installed, or the user's own."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from desktop.core.errors import UserError
from desktop.core.installation import format_install_hint
from desktop.core.messages import PartList
from desktop.settings.schema import AUTO
from models.catalog import ModelError, load_catalog
from models.store import ModelStore

SMALLEST_MODEL = "smollm2-135m"


@dataclass(frozen=True, slots=True)
class LocalModelFile:
    """A model that can be loaded: its file, and its name in the catalog or else the file's own."""

    name: str
    file: Path


def language_model_store(folder: Path) -> ModelStore:
    """Return the store of language models in `folder`."""
    return ModelStore(folder, load_catalog("language"))


def find_local_model(model_store: ModelStore, model_name: str) -> LocalModelFile:
    """Return the model called `model_name`; for `auto` the first of the catalog that is installed.

    Raises `UserError`.
    """
    name = next(model_store.list_installed(), "") if model_name == AUTO else model_name
    if not name:
        raise UserError("language-model-missing", name=next(iter(model_store.models)), smallest=SMALLEST_MODEL)
    if name in model_store.models:
        try:
            folder = model_store.resolve_folder(name)
        except ModelError as error:
            raise UserError.from_coded(error) from error
        source = model_store.installed_source(name)
        assert source is not None
        return LocalModelFile(name, folder / source.files[0].name)
    file = Path(name).expanduser()
    if not file.is_file():
        raise UserError("language-model-unknown", name=name, names=PartList((*model_store.models,)))
    return LocalModelFile(file.stem, file)


def require_llama_cpp() -> None:
    """Raise `UserError` where llama.cpp is not installed."""
    if find_spec("xllamacpp") is None:
        raise UserError("language-model-library-missing", hint=format_install_hint("local-llm"))
