"""Store what `intone bench mine` counted in recordings, so that a comparison goes on where it ended.

Counts and durations only: no words, also where the history is encrypted. A recording's results end with it. A file that
is damaged, or of another version, is begun anew: everything in it can be measured again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Mapping
from math import isfinite
from pathlib import Path

from desktop.core.files import write_file
from desktop.core.locks import remove_file
from desktop.core.paths import make_private_dir

logger = logging.getLogger(__name__)

VERSION = 1

VALUES = 6
"""Numbers of one result: a digest of what was said, words, errors, names, names right, milliseconds at release."""

type BenchResult = tuple[float, ...]

type BenchResults = dict[str, dict[str, BenchResult]]
"""Results by model and its revision, then by the name of the recording."""


def load_results(file: Path) -> BenchResults:
    """Return the stored results; none where the file is missing or invalid."""
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        if stored["version"] != VERSION:
            return {}
        return {model: _parse_results(results) for model, results in stored["results"].items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError, LookupError, OverflowError, RecursionError):
        logger.warning("%s cannot be read: recordings are measured anew", file.name)
        return {}


def _parse_results(results: Mapping[str, list[float]]) -> dict[str, BenchResult]:
    parsed = {name: tuple(float(value) for value in values) for name, values in results.items()}
    if not all(len(values) == VALUES and all(map(isfinite, values)) for values in parsed.values()):
        raise ValueError("results")
    return parsed


def save_results(file: Path, results: BenchResults) -> None:
    """Write the results. Raises `OSError`."""
    make_private_dir(file.parent)
    write_file(file, json.dumps({"version": VERSION, "results": results}))


def keep_results(file: Path, find_recordings: Callable[[], Collection[Path]]) -> None:
    """Drop the results of all recordings but those found, which are looked for only if there are results. Raises
    `OSError`."""
    if not file.exists():
        return
    names = {recording.stem for recording in find_recordings()}
    results = load_results(file)
    kept = {
        model: {name: values for name, values in by_name.items() if name in names} for model, by_name in results.items()
    }
    if kept != results:
        save_results(file, kept)


def forget_results(file: Path) -> None:
    """Remove the file. Raises `OSError`."""
    if file.exists():
        remove_file(file)
