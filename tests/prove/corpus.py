"""Dictations of 30 to 120 s, joined from real clips of a sentence each.

Long recordings of free speech with exact words are rare; joined sentences have the words exactly and the pauses where a
person makes them. One person at one microphone speaks at one level, so every clip is brought to `LEVEL_DB`: at their
own levels, 20 dB apart, a noise of 10 dB SNR would drown whole sentences and leave others untouched (`quiet` proves the
levels). The clips of one speaker follow one another for the same reason. Gaps hold the clips' own noise floor, going
over from one clip's to the next one's: digital zeros would show any program where to cut.

Three ways of joining (other orders, lengths and gaps), each clean, with pink noise, and clean with the key let go on
the last word. Consecutive sentences of a chapter stay in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from desktop.audio.microphone.recording import TAIL_S
from desktop.core.types import RATE_HZ, Audio
from tests.prove.noise import PINK, coloured, floor_of
from tests.prove.record import Run, tell
from tests.prove.recordings import ACTIVE_DB, FRAME, SETS, Clip, clips, power, recorded, sound, speech_power

SHORTEST_S, LONGEST_S = 30.0, 120.0
GAP_S = (0.3, 1.2)
LEVEL_DB = -26.0
"""Speech level in dBFS: the field's usual (ITU-T P.56 practice), and far from full scale."""
SNR_DB = 10.0
WAYS = 3
CONDITIONS = ("clean", "noise10", "early")


@dataclass(frozen=True, slots=True)
class Dictation:
    """Clips in the order in which they are said, and the seconds between each and the next."""

    way: int
    index: int
    clips: tuple[Clip, ...]
    gaps_s: tuple[float, ...]

    @property
    def name(self) -> str:
        """Its name in the corpus."""
        return f"way{self.way}-{self.clips[0].kind}-{self.index:02}"

    @property
    def text(self) -> str:
        """What is said in it."""
        return " ".join(clip.text for clip in self.clips)

    @property
    def seconds(self) -> float:
        """How long it is."""
        return sum(clip.seconds for clip in self.clips) + sum(self.gaps_s)


def ordered(all_clips: Sequence[Clip], rng: np.random.Generator) -> list[Clip]:
    """The clips speaker by speaker, both in a drawn order; a chapter's in its own."""
    speakers = [list(of) for _, of in groupby(sorted(all_clips, key=lambda c: c.speaker), lambda c: c.speaker)]
    found: list[Clip] = []
    for at in rng.permutation(len(speakers)):
        of = speakers[at]
        found += of if of[0].kind == "long" else [of[i] for i in rng.permutation(len(of))]
    return found


def shared_out(lengths_s: Sequence[float], rng: np.random.Generator, longest_s: float = LONGEST_S) -> list[int]:
    """How many consecutive clips each dictation gets, so that each lasts 30 to `longest_s` s with any gaps."""
    counts, at = [], 0
    while at < len(lengths_s):
        goal, end = rng.uniform(SHORTEST_S, longest_s - 10), at
        while end < len(lengths_s) and sum(lengths_s[at:end]) < goal and _longest(lengths_s[at : end + 1]) <= longest_s:
            end += 1
        if sum(lengths_s[end:]) < SHORTEST_S and _longest(lengths_s[at:]) <= longest_s:
            end = len(lengths_s)
        while 0 < sum(lengths_s[end:]) < SHORTEST_S:
            end -= 1
        counts.append(end - at)
        at = end
    return counts


def _longest(lengths_s: Sequence[float]) -> float:
    return sum(lengths_s) + GAP_S[1] * (len(lengths_s) - 1)


def planned(
    all_clips: Sequence[Clip], way: int, longest_s: float = LONGEST_S, *, mixed: bool = False
) -> list[Dictation]:
    """One way of joining the clips, a set at a time; a pure function of them and `way`, which is a seed.

    `mixed`: other speakers follow one another within a dictation, as no microphone hears them.
    """
    rng = np.random.default_rng([way, 1])
    found: list[Dictation] = []
    for kind in SETS:
        row = ordered([clip for clip in all_clips if clip.kind == kind], rng)
        row = [row[at] for at in rng.permutation(len(row))] if mixed else row
        for count in shared_out([clip.seconds for clip in row], rng, longest_s):
            gaps = tuple(float(gap) for gap in rng.uniform(*GAP_S, count - 1))
            found.append(Dictation(way, len(found), tuple(row[:count]), gaps))
            row = row[count:]
    return found


def levelled(audio: Audio) -> np.ndarray:
    """The clip at `LEVEL_DB`, or as near as full scale lets it."""
    gain = 10 ** (LEVEL_DB / 20) / np.sqrt(speech_power(audio))
    return np.asarray(audio * min(gain, 0.99 / np.abs(audio).max()), np.float64)


def joined(dictation: Dictation) -> np.ndarray:
    """Its sound, clean."""
    rng = np.random.default_rng([dictation.way, 2, dictation.index])
    sounds = [levelled(sound(clip)) for clip in dictation.clips]
    pieces = [sounds[0]]
    for before, after, gap_s in zip(sounds, sounds[1:], dictation.gaps_s, strict=False):
        samples = round(gap_s * RATE_HZ)
        over = np.linspace(0, 1, samples)
        pieces.append(
            floor_of(before, samples, rng) * np.sqrt(1 - over) + floor_of(after, samples, rng) * np.sqrt(over)
        )
        pieces.append(after)
    return np.concatenate(pieces)


def noise_for(dictation: Dictation, clean: np.ndarray) -> np.ndarray:
    """Pink noise `SNR_DB` below the speech; the pauses do not count as speech."""
    rng = np.random.default_rng([dictation.way, 3, dictation.index])
    level = np.sqrt(speech_power(clean.astype(np.float32)) * 10 ** (-SNR_DB / 10))
    return coloured(rng, len(clean), PINK) * level


def let_go(clean: np.ndarray) -> np.ndarray:
    """What is recorded of it where the key is let go on the end of the last word."""
    frames = power(clean.astype(np.float32))
    last = int(np.flatnonzero(frames > np.percentile(frames, 95) * 10 ** (-ACTIVE_DB / 10))[-1])
    return np.asarray(clean[: (last + 1) * FRAME + round(TAIL_S * RATE_HZ)])


def build(run: Run) -> tuple[Path, list[dict[str, Any]]]:
    """Write the corpus and its manifest, as far as they are not there; their folder and the manifest's rows.

    `run.limit` is how many dictations a way. Raises `Absent`.
    """
    folder, lines = run.out / f"corpus-{run.seed}", run.lines
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for way in range(run.seed, run.seed + WAYS):
        plans = planned(clips(), way)
        for dictation in plans[: run.upto(len(plans))]:
            names = {condition: f"{dictation.name}-{condition}.flac" for condition in CONDITIONS}
            if not all(name in lines and (folder / name).is_file() for name in names.values()):
                clean = joined(dictation)
                sounds = (clean, clean + noise_for(dictation, clean), let_go(clean))
                for name, audio in zip(names.values(), sounds, strict=True):
                    soundfile.write(folder / name, recorded(audio), RATE_HZ, subtype="PCM_16")
                    lines.add(name, {"seconds": round(len(audio) / RATE_HZ, 2)})
            for condition, name in names.items():
                seconds = lines[name]["seconds"]
                cased = dictation.text if dictation.clips[0].kind == "long" else ""
                row = {"path": name, "text": dictation.text, "cased": cased, "lang": "en", "seconds": seconds}
                rows.append({**row, "way": way, "condition": condition})
        tell(f"corpus: way {way} is built")
    table = [list(rows[0]), *(list(row.values()) for row in rows)]
    (folder / "manifest.tsv").write_text("".join("\t".join(map(str, row)) + "\n" for row in table))
    return folder, rows


def prove(run: Run) -> dict[str, Any]:
    """Build it, and say how much there is of it. Words are counted once a way: noise adds none."""
    folder, rows = build(run)
    clean = [row for row in rows if row["condition"] == "clean"]
    words = sum(len(row["text"].split()) for row in clean)
    return {
        "folder": str(folder),
        "dictations": len(rows),
        "conditions": list(CONDITIONS),
        "ways": WAYS,
        "reference_words": words,
        "seconds": round(sum(row["seconds"] for row in rows)),
        "shortest_s": min(row["seconds"] for row in rows),
        "longest_s": max(row["seconds"] for row in rows),
        **({"ok": words >= 5000} if run.limit is None else {}),
    }
