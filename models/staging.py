"""Handle the files of a download: check free space, and accept a file only with the pinned bytes.

A file is called `NAME.part` until its size and sha256 are the pinned ones. A file with its plain name was checked, so a
second attempt trusts it and continues with the rest.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from models.catalog import ModelError, ModelFile

type ProgressCallback = Callable[[int, int], None]
"""Called with the bytes downloaded so far and the total."""


def progress_from(done: int, total: int, progress: ProgressCallback) -> Callable[[int], None]:
    """Return a progress callback for the next file, which is called with the bytes of that file only."""
    return lambda size: progress(done + size, total)


def part_path(folder: Path, name: str) -> Path:
    """Return the path where the bytes of the file called `name` are collected until complete."""
    return folder / f"{name}.part"


def file_size(path: Path) -> int:
    """Return the file's size in bytes, 0 if there is none."""
    return path.stat().st_size if path.is_file() else 0


def is_genuine(path: Path, file: ModelFile) -> bool:
    """Return whether a file has the pinned bytes. Reads the whole file: about half a second per gigabyte."""
    if path.stat().st_size != file.size:
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256


def accept_part(folder: Path, file: ModelFile, name: str) -> None:
    """Rename the file's part to the file, or delete it and raise `ModelError` if it is not the pinned one.

    It is synced to disk before it gets its name, so that a power cut leaves no file that only looks checked. `name` is
    the model's.
    """
    part = part_path(folder, file.name)
    if not is_genuine(part, file):
        part.unlink()
        raise wrong_file_error(file.name, name)
    with part.open("r+b") as stream:  # Windows syncs only what may be written
        os.fsync(stream.fileno())
    part.rename(folder / file.name)


def wrong_file_error(file: str, name: str) -> ModelError:
    """Return the error for bytes that are not the pinned ones."""
    return ModelError("model-file-wrong", file=file, name=name)


def require_room(folder: Path, needed: int, name: str) -> None:
    """Raise `ModelError` unless the folder, in the staging of the model `name`, has room to grow to `needed` bytes."""
    needed -= sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise ModelError(
            "model-disk-full",
            name=name,
            needed=_format_megabytes(needed),
            free=_format_megabytes(free),
            folder=str(folder.parents[2]),
        )


def _format_megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
