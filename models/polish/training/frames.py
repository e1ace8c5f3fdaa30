"""Write sentences from frames of our own; deterministic by seed.

`commands.toml` has what is dictated or said to an assistant; `meant.toml` has sentences in which every word is meant,
though it looks taken back.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

_SLOT = re.compile(r"\{(\w+)\}")


def write_sentences(kind: str, count: int, seed: int) -> Iterator[str]:
    """Yield `count` sentences of `kind`, "commands" or "meant"; some of two frames, some in small letters."""
    table = tomllib.loads(Path(__file__).with_name(f"{kind}.toml").read_text(encoding="utf-8"))
    rng = random.Random(seed)

    def fill(frame: str) -> str:
        return _SLOT.sub(lambda match: rng.choice(table["slots"][match[1]]), frame)

    for _ in range(count):
        sentence = fill(rng.choice(table["frames"]))
        if rng.random() < 0.15:
            sentence += f" {rng.choice(['and', 'and then', 'but', 'because'])} {fill(rng.choice(table['frames']))}"
        sentence = sentence[0].upper() + sentence[1:] + rng.choice([".", "", "."])
        yield sentence.lower() if rng.random() < 0.2 else sentence
