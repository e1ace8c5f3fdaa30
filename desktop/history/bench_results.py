"""Store what `intone bench mine` counted in recordings, so that a comparison goes on where it ended, and which
recordings the user was asked to check.

Counts, durations and names of recordings only: no words, also where the history is encrypted. A recording's results end
with it. A file that is damaged, or of another version, is begun anew: everything in it can be measured again.

Each change reads the file, changes it and writes it under one lock, so that several writers and deletions take turns. A
writer that was killed leaves one part of a file at most, which the next change removes.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from pathlib import Path

from desktop.core.files import write_file
from desktop.core.locks import lock_folder, remove_file
from desktop.core.paths import make_private_dir

logger = logging.getLogger(__name__)

VERSION = 1

VALUES = 6
"""Numbers of one result: a digest of what was said, words, errors, names, names right, milliseconds at release."""

type BenchResult = tuple[float, ...]

type BenchResults = dict[str, dict[str, BenchResult]]
"""Results by model and, after the last space, a digest of its options; then by the name of the recording."""


@dataclass(frozen=True, slots=True)
class Draw:
    """The names of recordings `drawn` by chance for the user to check, in the order in which they are asked for; those
    `asked` for were not checked before."""

    drawn: tuple[str, ...] = ()
    asked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BenchFile:
    """What is stored: `results`, whose digests were made with the key `key_id` (empty: with none), and the draw."""

    results: BenchResults = field(default_factory=dict)
    key_id: str = ""
    draw: Draw = Draw()


def load_results(file: Path, key_id: str = "") -> BenchResults:
    """Return the stored results whose digests were made with the key; none where the file is missing or invalid."""
    stored = _load(file)
    return stored.results if stored.key_id == key_id else {}


def _load(file: Path) -> BenchFile:
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        if stored["version"] != VERSION:
            return BenchFile()
        results = {model: _parse_results(by_name) for model, by_name in stored["results"].items()}
        drawn, asked = ([str(name) for name in stored[key]] for key in ("drawn", "asked"))
        return BenchFile(results, str(stored["key_id"]), Draw(tuple(drawn), frozenset(asked)))
    except FileNotFoundError:
        return BenchFile()
    except (OSError, ValueError, AttributeError, TypeError, LookupError, OverflowError, RecursionError):
        logger.warning("%s cannot be read: recordings are measured anew", file.name)
        return BenchFile()


def _parse_results(results: Mapping[str, list[float]]) -> dict[str, BenchResult]:
    parsed = {name: tuple(float(value) for value in values) for name, values in results.items()}
    if not all(len(values) == VALUES and all(map(isfinite, values)) for values in parsed.values()):
        raise ValueError("results")
    return parsed


def add_result(file: Path, model: str, recording: Path, result: BenchResult, key_id: str = "") -> bool:
    """Store a result unless its recording was deleted meanwhile; return whether it was stored. Raises `OSError`.

    What the model made of recordings with other options is dropped, or each new word would add to the file. A recording
    is deleted first, and then `keep_results` drops what is stored of it.
    """
    make_private_dir(file.parent)
    with lock_folder(file.parent):
        if not recording.is_file():
            return False
        stored = _load(file)
        results = dict(stored.results) if stored.key_id == key_id else {}
        for other in [other for other in results if other != model and _name_model(other) == _name_model(model)]:
            del results[other]
        results.setdefault(model, {})[recording.stem] = result
        _save(file, replace(stored, results=results, key_id=key_id))
    return True


def _name_model(model: str) -> str:
    return model.rpartition(" ")[0] or model


def _save(file: Path, stored: BenchFile) -> None:
    values = {"version": VERSION, "key_id": stored.key_id, "results": stored.results}
    values |= {"drawn": stored.draw.drawn, "asked": sorted(stored.draw.asked)}
    write_file(file, json.dumps(values))


def load_draw(file: Path) -> Draw:
    """Return the stored draw; an empty one where the file is missing or invalid."""
    return _load(file).draw


def extend_draw(file: Path, extend: Callable[[Draw], Draw]) -> Draw:
    """Store what `extend` makes of the draw where it changes it, and return it. Raises `OSError`."""
    make_private_dir(file.parent)
    with lock_folder(file.parent):
        stored = _load(file)
        extended = replace(stored, draw=extend(stored.draw))
        if extended != stored:
            _save(file, extended)
    return extended.draw


def keep_results(file: Path, find_recordings: Callable[[], Collection[Path]]) -> None:
    """Drop what is stored of all recordings but those found, which are looked for only if there is a file. Raises
    `OSError`."""
    if not (file.exists() or _part(file).exists()):
        return
    with lock_folder(file.parent):
        _remove(_part(file))
        names = {recording.stem for recording in find_recordings()}
        stored = _load(file)
        kept = {
            model: {name: values for name, values in by_name.items() if name in names}
            for model, by_name in stored.results.items()
        }
        draw = Draw(tuple(name for name in stored.draw.drawn if name in names), stored.draw.asked & names)
        if (kept, draw) != (stored.results, stored.draw):
            _save(file, replace(stored, results=kept, draw=draw))


def forget_results(file: Path) -> None:
    """Remove the file, and what a killed writer left. Raises `OSError`."""
    if file.exists() or _part(file).exists():
        with lock_folder(file.parent):
            _remove(_part(file))
            _remove(file)


def forget_plain_results(file: Path) -> None:
    """Drop results whose digests, made without a key, would tell words of a history that is encrypted now. Raises
    `OSError`."""
    if not file.exists():
        return
    with lock_folder(file.parent):
        _remove(_part(file))
        stored = _load(file)
        if stored.results and not stored.key_id:
            _save(file, replace(stored, results={}))


def _part(file: Path) -> Path:
    return file.with_name(f"{file.name}.part")


def _remove(file: Path) -> None:
    if file.exists():
        remove_file(file)
