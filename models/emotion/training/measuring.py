"""Measure recordings as the app does, to train a head for voices: the same windows of speech, the same encoder."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import batched
from pathlib import Path

PART_SIZE = 60
"""Recordings measured by one process: a kill costs no more than two minutes."""


def measure_recordings(
    files: Sequence[Path],
    folder: Path,
    on_progress: Callable[[int], None],
    environment: Mapping[str, str] | None = None,
) -> list[Path]:
    """Run `intone emotion --measures` on all `files`, some at a time, and return what it wrote in `folder`.

    A part that is there already is not measured again. `on_progress` is called with the number of recordings done.
    Raises `CalledProcessError` if one cannot be measured.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for index, some in enumerate(batched(files, PART_SIZE)):
        part = folder / f"{index:03}.npz"
        if not part.exists():
            on_progress(index * PART_SIZE)
            fresh = part.with_name(f"fresh-{part.name}")
            command = [sys.executable, "-m", "desktop", "emotion", "--lang", "en", "--measures", str(fresh)]
            subprocess.run([*command, *map(str, some)], env=environment, stdout=subprocess.DEVNULL, check=True)
            fresh.rename(part)
        parts.append(part)
    return parts
