"""Store the models: one folder each, and nothing else that could disagree with the disk.

There is no index and no marker. A model is downloaded into its own folder under `.staging`, every byte is checked, and
the folder is renamed into place: so a folder that has every file in full size is an installed model, which a few `stat`
calls show. Damage that keeps the size is found by `intone models pull`, which hashes again.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from models.catalog import CatalogModel, CodedError, ModelError, ModelSource, load_catalog
from models.staging import ProgressCallback, file_size, is_genuine

_NEEDED_FILES = ("config.json", "model.bin", "tokenizer.json")
"""Files that a model folder needs. Without tokenizer.json, faster-whisper would download one at the first dictation."""

_VOCABULARY_FILES = ("vocabulary.json", "vocabulary.txt")


class ModelStore:
    """The models in one folder, of speech unless `models` says otherwise.

    Nothing is created until one is downloaded.
    """

    def __init__(self, folder: Path, models: Mapping[str, CatalogModel] | None = None) -> None:
        self.folder = folder
        self.models = load_catalog("speech") if models is None else models

    def model(self, name: str) -> CatalogModel:
        """Return the model from the catalog. Raises `ModelError` for an unknown name."""
        if name not in self.models:
            raise ModelError("model-unknown", name=name, names=[*self.models])
        return self.models[name]

    def model_path(self, name: str) -> Path:
        """Return where the model's folder is or would be."""
        return self.folder / name

    def staging_path(self, name: str) -> Path:
        """Return the folder where the model is assembled, on the same disk as its place, so that a rename moves it."""
        return self.folder / ".staging" / name

    def installed_source(self, name: str) -> ModelSource | None:
        """Return the source whose files are all in the model's folder in full size, or None."""
        return next(
            (source for source in self.model(name).sources if not _missing_files(self.model_path(name), source)), None
        )

    def list_installed(self) -> Iterator[str]:
        """Yield the names of the installed models, in the order of the catalog."""
        return (name for name in self.models if self.installed_source(name))

    def resolve_folder(self, model: str) -> Path:
        """Return the folder to load: of a model by its name, or a folder of the user's own that contains one.

        Raises `ModelError` if there is none or if a file is missing, empty or, for a model of the catalog, too short.
        """
        if model in self.models:
            return self._resolve_name(model)
        folder = Path(model).expanduser()
        if not folder.is_dir():
            raise ModelError("model-folder-missing", name=model, names=[*self.models])
        missing: list[str | CodedError] = [name for name in _NEEDED_FILES if not file_size(folder / name)]
        if not any(file_size(folder / name) for name in _VOCABULARY_FILES):
            *others, last = _VOCABULARY_FILES
            missing.append(CodedError("value-alternatives", others=[*others], last=last))
        if missing:
            raise ModelError("model-folder-incomplete", folder=str(folder), files=missing)
        return folder

    def _resolve_name(self, name: str) -> Path:
        folder = self.model_path(name)
        if self.installed_source(name):
            return folder
        if not folder.is_dir():
            raise ModelError("model-not-installed", name=name)
        nearest = min((_missing_files(folder, source) for source in self.models[name].sources), key=len)
        raise ModelError("model-incomplete", name=name, files=[*nearest])

    def staged_bytes(self, name: str) -> int:
        """Return the bytes left by an interrupted or paused download, from which it can resume."""
        return sum(
            path.stat().st_size for path in self.staging_path(self.model(name).name).rglob("*") if path.is_file()
        )

    def verify(self, name: str, progress: ProgressCallback = lambda done, total: None) -> None:
        """Read every byte of the installed model again, and raise `ModelError` if they are not the pinned ones.

        Takes about half a second per gigabyte. Changes nothing: downloading repairs a damaged model.
        """
        folder = self._resolve_name(self.model(name).name)
        source = self.installed_source(name)
        assert source is not None
        done, total = 0, sum(file.size for file in source.files)
        for file in source.files:
            progress(done, total)
            if not is_genuine(folder / file.name, file):
                raise ModelError("model-damaged", name=name, file=file.name)
            done += file.size
        progress(done, total)

    def remove(self, name: str) -> None:
        """Delete the model and the remains of its download. Raises `ModelError` if there is nothing to delete."""
        self.model(name)
        folders = [folder for folder in (self.model_path(name), self.staging_path(name)) if folder.exists()]
        if not folders:
            raise ModelError("model-removal-needless", name=name)
        for folder in folders:
            shutil.rmtree(folder)


def _missing_files(folder: Path, source: ModelSource) -> list[str]:
    """Return the names of the source's files that are not in the folder in full size."""
    return [file.name for file in source.files if file_size(folder / file.name) != file.size]
