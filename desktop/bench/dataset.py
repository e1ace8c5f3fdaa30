"""Read `manifest.tsv`, which lists the recordings of a folder with their texts, and store results.

Tab-separated without quoting, since references are full of quotes. Results are one JSON line per file, appended as they
are made, so that a run of hours can be interrupted and resumed; a truncated line is skipped.

Compose speech of any length from recordings, with its beginning and end known to a frame.

A latency from "the end of speech" is only as good as that end is known, so it is found in the sound itself: the last
frame louder than 30 dB below the loudest, the bound below which the microphone's own rule never takes sound for speech.
The soft end of a final consonant may lie below it, by some hundredths of a second.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from desktop.audio.file import read_audio
from desktop.core.errors import UserError
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio

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
    """What both decoders made of an item, and with which model."""

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
        raise UserError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.",
            f"Give a folder with audio files and a {MANIFEST_NAME} that has the columns path and text.",
        ) from error
    missing = [name for name in ("path", "text") if not rows or name not in rows[0]]
    if missing:
        why = f"has no column {' and no column '.join(missing)}" if rows else "names no recording"
        raise UserError(f"{path} {why}.", "Its first line names the columns, with tabs between; a recording a line.")
    items = [
        DatasetItem(row["path"], row["text"] or "", row.get("lang") or "en", row.get("cased") or "")
        for row in rows
        if row["path"]
    ]
    missing_files = [item.path for item in items if not (folder / item.path).is_file()]
    if missing_files:
        raise UserError(
            f"{path} names {len(missing_files)} files that are not there, {missing_files[0]} first.",
            "Mend their paths.",
        )
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
            raise UserError(f"{path} cannot be written: {error}.", "Give another --out.") from error
        self.lines = text.splitlines()

    def add(self, result: ItemResult) -> None:
        """Append a result."""
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")


VOICED_RATIO = 0.03
"""Share of the loudest frame's root mean square from which a frame is voiced: 30 dB below it."""

LEAD_S = 0.3
"""Seconds from the key press to the first word."""

PAUSE_RANGE_S = (0.3, 1.2)
"""Range in seconds of the pauses between recordings: from one within a sentence to one between two thoughts."""

FADE_SAMPLES = RATE_HZ // 125
"""Samples (8 ms) at the end of a recording that fade out, so that a cut makes no click."""

END_SEARCH_S = 0.5
"""Seconds before the end of a passage that would be too long, in which its quietest frame, most likely between two
words, becomes its end."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Sound to be spoken in one go: the first word begins at `onset_s`, the last ends at `end_s`."""

    audio: Audio
    onset_s: float
    end_s: float


def load_speech(files: Sequence[Path]) -> list[Audio]:
    """Load the speech of each file, without the silence around it. Raises `UserError` where there is none."""
    if not files:
        raise UserError(
            "There is no speech to measure with.", "Give recordings of speech, for example: intone bench release *.flac"
        )
    found = []
    for file in files:
        audio = read_audio(file)
        first, last = find_speech(audio)
        if first == last:
            raise UserError(f"{file} holds no speech.", "Give recordings of speech.")
        found.append(audio[first:last])
    return found


def find_speech(audio: Audio) -> tuple[int, int]:
    """Return where speech begins and ends, in samples, voiced frames inside. Equal where all is silent."""
    whole = audio[: len(audio) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    levels = np.sqrt(np.mean(np.square(whole), axis=1))
    loud = np.flatnonzero(levels > VOICED_RATIO * levels.max()) if len(levels) else levels
    return (int(loud[0]) * FRAME_SAMPLES, (int(loud[-1]) + 1) * FRAME_SAMPLES) if len(loud) else (0, 0)


class PassageGenerator:
    """Generates passages from `speech`; each recording is used once before any repeats. The same seed gives the same
    passages."""

    def __init__(self, speech: Sequence[Audio], seed: int) -> None:
        self._speech = speech
        self._random = np.random.default_rng(seed)
        self._recordings = self._shuffle_forever()

    def create_passage(self, length_s: float) -> Passage:
        """Create a passage whose last word ends at most `length_s` after its first one began."""
        length = round(length_s * RATE_HZ)
        parts: list[Audio] = []
        count = 0
        while count < length:
            piece = next(self._recordings)
            gap = round(self._random.uniform(*PAUSE_RANGE_S) * RATE_HZ) if parts else 0
            parts += [np.zeros(gap, np.float32), _fade_out(piece)]
            count += gap + len(parts[-1])
        speech = np.concatenate(parts)
        first, last = find_speech(speech[: _find_quiet_end(speech, length)])
        return Passage(
            np.concatenate([np.zeros(round(LEAD_S * RATE_HZ), np.float32), _fade_out(speech[first:last])]),
            onset_s=LEAD_S,
            end_s=LEAD_S + (last - first) / RATE_HZ,
        )

    def _shuffle_forever(self) -> Iterator[Audio]:
        while True:
            for index in self._random.permutation(len(self._speech)):
                yield self._speech[index]


def _find_quiet_end(speech: Audio, length: int) -> int:
    """Return where to end speech that may be longer than `length`: at the quietest frame before it."""
    frames = np.arange(max(0, length - round(END_SEARCH_S * RATE_HZ)), length - FRAME_SAMPLES + 1, FRAME_SAMPLES)
    energies = [float(np.square(speech[start : start + FRAME_SAMPLES]).sum()) for start in frames]
    return (
        int(frames[int(np.argmin(energies))]) + FRAME_SAMPLES // 2 if len(frames) and len(speech) > length else length
    )


def _fade_out(piece: Audio) -> Audio:
    """Return `piece` with its last samples faded out."""
    faded = piece.copy()
    count = min(FADE_SAMPLES, len(faded))
    faded[len(faded) - count :] *= np.linspace(1, 0, count, dtype=np.float32)
    return faded
