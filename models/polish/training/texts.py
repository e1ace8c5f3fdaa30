"""Collect the texts that the judge of removals learns from, and say what is missing.

Real prose comes from Debian packages (`corpora`) and, with the sets of other authors, from the folder of data that the
proofs read too. Of those only what may be trained on is read: one half of the questions at a time, one half of the
sentences in which every word is meant, never the commands (DISCO), which have no licence. Other sentences are written
from frames of our own.
"""

from __future__ import annotations

import csv
import json
import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from models.polish.training.corpora import load_sources, sentences

HELD_OUT, INJECTED, PLAIN = 25_000, 60_000, 110_000
"""Sentences of prose to count losses in, to put something taken back into, and to learn from as they are."""

_SLOT = re.compile(r"\{(=?)(\w+)\}")
"""Where a word stands in a frame."""

NOVELS = ("huckleberry-finn", "sherlock-holmes")
"""Novels of the data's folder; Pride and Prejudice is among those of a Debian package."""


@dataclass(slots=True)
class TrainingTexts:
    """Sentences by their use; `asked` are pairs of what was asked and what was meant. `absent` tells what is missing,
    and how to get it.
    """

    held_out: list[str] = field(default_factory=list)
    injected: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    stay: list[str] = field(default_factory=list)
    by_source: dict[str, int] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)

    @property
    def prose(self) -> list[str]:
        """All prose that is learned from."""
        return self.injected + self.plain


def load_texts(data: Path, root: Path = Path("/")) -> TrainingTexts:
    """Return the texts of the packages below `root` and of the folder `data`, in an order that is always the same."""
    texts = TrainingTexts()
    prose = _read_packages(root, texts) | _read_prose(data, texts)
    shuffled = [sentence for found in prose.values() for sentence in found]
    random.Random(1).shuffle(shuffled)
    texts.held_out = shuffled[:HELD_OUT]
    texts.injected = shuffled[HELD_OUT : HELD_OUT + INJECTED]
    texts.plain = shuffled[HELD_OUT + INJECTED :][:PLAIN]
    questions = data / "polish/disfl-qa-dev.json"
    if questions.is_file():
        rows = json.loads(questions.read_text(encoding="utf-8"))
        texts.asked = [(row["disfluent"], row["original"]) for row in rows.values()]
    else:
        texts.absent.append(
            f"Disfl-QA, its dev part (https://github.com/google-research-datasets/disfl-qa): {questions}"
        )
    texts.stay = read_stay(data)[::2]
    if not texts.stay:
        texts.absent.append(f"sentences in which every word is meant: {data / 'polish/traps/words-stay.tsv'}")
    return texts


def read_stay(data: Path) -> list[str]:
    """Return the sentences in which every word is meant, of which every other one is learned from."""
    return _column(data / "polish/traps/words-stay.tsv", "sentence")


def read_commands(data: Path) -> list[tuple[str, str]]:
    """Return what was said and what was meant in DISCO, to measure only."""
    path = data / "polish/disco-en.tsv"
    said, meant = (_column(path, name, csv.QUOTE_MINIMAL) for name in ("disfluent", "fluent"))
    return list(zip(said, meant, strict=True))


def write_sentences(kind: str, count: int, seed: int) -> Iterator[str]:
    """Yield `count` sentences from frames, the same for a seed; some of two frames, some in small letters.

    `kind` is "commands", as one dictates or says to an assistant, or "meant", in which every word is meant though it
    looks taken back. `{noun}` in a frame is one of the nouns, `{=noun}` the last one again.
    """
    table = tomllib.loads(Path(__file__).with_name(f"{kind}.toml").read_text(encoding="utf-8"))
    rng = random.Random(seed)

    def fill(frame: str) -> str:
        last: dict[str, str] = {}

        def choose(match: re.Match[str]) -> str:
            if not match[1]:
                last[match[2]] = rng.choice(table["slots"][match[2]])
            return last[match[2]]

        return _SLOT.sub(choose, frame)

    for _ in range(count):
        sentence = fill(rng.choice(table["frames"]))
        if rng.random() < 0.15:
            sentence += f" {rng.choice(['and', 'and then', 'but', 'because'])} {fill(rng.choice(table['frames']))}"
        sentence = sentence[0].upper() + sentence[1:] + rng.choice([".", "", "."])
        yield sentence.lower() if rng.random() < 0.2 else sentence


def _read_packages(root: Path, texts: TrainingTexts) -> dict[str, list[str]]:
    found = {}
    missing: list[str] = []
    for source in load_sources().values():
        if source.use != "train":
            continue
        if any(not any(path.is_file() for path in root.glob(pattern)) for pattern in source.files):
            missing += source.package.split()
        found[source.name] = list(sentences(source.name, root))
        texts.by_source[source.name] = len(found[source.name])
    if missing:
        texts.absent.append(f"Debian packages: apt-get install --no-install-recommends {' '.join(missing)}")
    return found


def _read_prose(data: Path, texts: TrainingTexts) -> dict[str, list[str]]:
    found = {}
    comments = data / "emotion/text-en/train.tsv"
    if comments.is_file():
        lines = comments.read_text(encoding="utf-8").splitlines()
        plain = (line.split("\t")[0].replace("[NAME]", "Sam").replace("[RELIGION]", "religion") for line in lines)
        found["comments"] = [text.strip() for text in dict.fromkeys(plain) if len(text.split()) >= 4]
    else:
        texts.absent.append(f"GoEmotions (https://github.com/google-research/google-research): {comments}")
    for name in NOVELS:
        path = data / f"polish/traps/prose-{name}.txt"
        if path.is_file():
            lines = path.read_text(encoding="utf-8").splitlines()
            found[name] = [line for line in lines if line.strip()]
        else:
            texts.absent.append(f"a novel, a sentence a line (https://www.gutenberg.org): {path}")
    texts.by_source |= {name: len(rows) for name, rows in found.items()}
    return found


def _column(path: Path, name: str, quoting: Literal[0, 3] = csv.QUOTE_NONE) -> list[str]:
    """Return one column of a table; nothing if there is no such file."""
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=quoting)
        return [row[name] for row in rows if row[name]]
