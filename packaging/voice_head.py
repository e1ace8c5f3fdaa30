"""`make voice-head`: build the head for voices from the user's own copy of RAVDESS, and put it where the app looks.

RAVDESS (https://zenodo.org/records/1188976, `Audio_Speech_Actors_01-24.zip`) is for non-commercial use, and so is the
head: this is why none comes with Intone. Plain read speech is needed beside it, since a head of acted speech alone
finds an emotion in every second sentence: LibriSpeech serves (https://www.openslr.org/12, `dev-clean.tar.gz`,
CC BY 4.0). The recognizer's model of the settings listens, and the head is for that model.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import batched
from pathlib import Path

import numpy as np

from desktop.core.paths import find_paths, make_private_dir
from models.emotion.training.voice import FOLDS, build_head, speaker_of

ROOT = Path(__file__).parent.parent

AUDIO = (".wav", ".flac")

ACTED = re.compile(r"03-01-0[1-8](-0[12]){3}-\d\d")
"""Names of RAVDESS's spoken recordings (03-01); 03-02 are songs."""

MIN_READ, MAX_READ = 50, 150
"""Recordings of read speech that are needed, and taken at most, evenly of all."""

PART_SIZE = 60
"""Recordings measured by one process: a kill costs no more than two minutes."""


class CorpusError(Exception):
    """What is wrong with the recordings."""


def main() -> int:
    """Measure, train and write; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ravdess", type=Path, required=True, help="folder of RAVDESS, searched with all below it")
    parser.add_argument("--read", type=Path, nargs="+", required=True, help="folders of plain read speech")
    parser.add_argument("--work", type=Path, default=ROOT / ".cache/voice-head", help="where a killed run goes on")
    arguments = parser.parse_args()
    try:
        path, figures = build(arguments.ravdess, arguments.read, arguments.work)
    except CorpusError as problem:
        sys.stderr.write(f"voice-head: {problem}\n")
        return 1
    sys.stderr.write(
        f"voice-head: {path}\n{figures['acted']} acted recordings, {figures['read']} read ones; right for "
        f"{figures['uar_drawn']:.0%} of those by unknown actors (chance 14 %). For non-commercial use only.\n"
    )
    return 0


def build(ravdess: Path, read: Sequence[Path], work: Path) -> tuple[Path, dict[str, float]]:
    """Build the head of these recordings; return its file and figures. Raises `CorpusError`."""
    files = find_acted(ravdess) + find_read(read)
    folder = parts_folder(work, files)

    def report(done: int) -> None:
        sys.stderr.write(f"voice-head: {done} of {len(files)} recordings are measured\n")

    parts = measure_recordings(files, folder, report)
    models = {str(name) for part in parts for name in np.load(part)["models"]}
    if len(models) != 1:
        heard = ", ".join(sorted(models)) or "none"
        raise CorpusError(f"one model must hear all recordings, not {heard}: delete {folder} and begin anew")
    (model,) = models
    result = build_head(parts, model, make_private_dir(find_paths().voice_heads))
    shutil.rmtree(folder)
    return result


def parts_folder(work: Path, files: Sequence[Path]) -> Path:
    """Return the folder for what is measured of these files."""
    return work / hashlib.sha256("\n".join(map(str, files)).encode()).hexdigest()[:12]


def measure_recordings(
    files: Sequence[Path],
    folder: Path,
    on_progress: Callable[[int], None],
    environment: Mapping[str, str] | None = None,
) -> list[Path]:
    """Run `intone emotion --measures` on all `files`, some at a time, and return what it wrote in `folder`.

    A part that is there already is not measured again. `on_progress` is called with the number of recordings done.
    Raises `CorpusError` if one cannot be measured.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for index, some in enumerate(batched(files, PART_SIZE)):
        part = folder / f"{index:03}.npz"
        if not part.exists():
            on_progress(index * PART_SIZE)
            fresh = part.with_name(f"fresh-{part.name}")
            command = [sys.executable, "-m", "desktop", "emotion", "--lang", "en", "--json", "--measures", str(fresh)]
            run = subprocess.run([*command, *map(str, some)], env=environment, stdout=subprocess.PIPE, check=False)
            if run.returncode != 0:
                answers = [json.loads(line) for line in run.stdout.splitlines()]
                errors = [f"{answer['file']}: {answer['error']}" for answer in answers if "error" in answer]
                raise CorpusError("\n".join(errors) or f"{some[0]} and those after it could not be measured")
            fresh.rename(part)
        parts.append(part)
    return parts


def find_acted(folder: Path) -> list[Path]:
    """Return RAVDESS's recordings below a folder, each once. Raises `CorpusError` if there are too few speakers."""
    files = {path.stem: path for path in _audio_below(folder) if ACTED.fullmatch(path.stem)}
    actors = {speaker_of(stem) for stem in files}
    if len(actors) < FOLDS:
        raise CorpusError(f"{folder} has recordings of RAVDESS (03-01-*) by {len(actors)} actors; {FOLDS} are needed")
    return [files[stem] for stem in sorted(files)]


def find_read(folders: Sequence[Path]) -> list[Path]:
    """Return recordings of read speech, evenly of all below the folders. Raises `CorpusError` if there are too few."""
    files = {path.stem: path for folder in folders for path in _audio_below(folder) if not path.stem.startswith("03-")}
    speakers = {speaker_of(stem) for stem in files}
    if len(files) < MIN_READ or len(speakers) < FOLDS:
        raise CorpusError(
            f"{len(files)} recordings of read speech by {len(speakers)} speakers are too few: {MIN_READ} by {FOLDS} "
            "are needed (LibriSpeech's dev-clean serves, https://www.openslr.org/12)"
        )
    stems = sorted(files)
    return [files[stem] for stem in stems[:: -(-len(stems) // MAX_READ)]]


def _audio_below(folder: Path) -> list[Path]:
    return sorted(path.absolute() for path in folder.rglob("*") if path.suffix.lower() in AUDIO)


if __name__ == "__main__":
    sys.exit(main())
