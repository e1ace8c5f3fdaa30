"""Read `manifest.tsv`, which lists the recordings of a folder with their texts, and store results.

The manifest is tab-separated without quoting, since references are full of quotes. Results are one JSON line per
recording, appended as they are measured, so that a run of hours can be interrupted and resumed; a truncated line is
skipped.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from desktop.core.errors import UserError

MANIFEST_NAME = "manifest.tsv"


@dataclass(frozen=True, slots=True)
class DatasetItem:
    """A recording, its path inside the folder, and its reference text; `cased` is the reference with case and
    punctuation."""

    path: str
    text: str
    lang: str = "en"
    cased: str = ""


@dataclass(frozen=True, slots=True)
class ItemResult:
    """The texts of an item by both decoders, and the model that both used."""

    path: str
    model: str
    seed: int
    lang: str
    reference: str
    cased: str
    streaming: str
    batch: str
    duration_s: float
    language: str = ""


def read_manifest(folder: Path) -> list[DatasetItem]:
    """Return the manifest's items, in its order. Raises `UserError`."""
    path = folder / MANIFEST_NAME
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError("manifest-unreadable", path=str(path), reason=reason, name=MANIFEST_NAME) from error
    missing = [name for name in ("path", "text") if not rows or name not in rows[0]]
    if missing:
        if not rows:
            raise UserError("manifest-empty", path=str(path))
        raise UserError("manifest-columns-missing", path=str(path), columns=" and no column ".join(missing))
    items = [
        DatasetItem(row["path"], row["text"] or "", row.get("lang") or "en", row.get("cased") or "")
        for row in rows
        if row["path"]
    ]
    missing_files = [item.path for item in items if not (folder / item.path).is_file()]
    if missing_files:
        raise UserError("manifest-files-missing", path=str(path), count=len(missing_files), first=missing_files[0])
    return items


def sample_items(items: list[DatasetItem], limit: int | None, seed: int) -> list[DatasetItem]:
    """Return `limit` of the items, drawn by `seed`, in their order; all of them without a limit."""
    if limit is None or limit >= len(items):
        return items
    chosen = np.random.default_rng(seed).permutation(len(items))[:limit]
    return [items[index] for index in sorted(chosen)]


def load_results(lines: Iterable[str], model: str, seed: int) -> dict[str, ItemResult]:
    """Return the results with this model and seed, by path."""
    found = {}
    for line in lines:
        try:
            result = ItemResult(**json.loads(line))
        except (ValueError, TypeError):
            continue
        if (result.model, result.seed) == (model, seed):
            found[result.path] = result
    return found


class ResultFile:
    """The file of results; without a path nothing is stored. Raises `UserError` where it cannot be written."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.lines: list[str] = []
        if path is None:
            return
        try:
            with path.open("a+", encoding="utf-8") as file:
                file.seek(0)
                text = file.read()
                if text and not text.endswith("\n"):
                    file.write("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise UserError("bench-output-unwritable", path=str(path), reason=str(error)) from error
        self.lines = text.splitlines()

    def add(self, result: ItemResult) -> None:
        """Append a result."""
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")
