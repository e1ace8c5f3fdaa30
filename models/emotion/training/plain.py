"""Generate plain sentences of the kind that users dictate, and expressive ones on the same topics, which GoEmotions
lacks.

Its raters label "thanks" as joy, "sorry" as sadness and most questions as surprise, since on Reddit these are
reactions. In a letter they are politeness; and in a book the emotions are those of others. No list of real letters may
be used for training and shipped, so these are generated from frames and words. Expressive sentences on the same topics
are generated too, or a classifier would learn that offices are always neutral.
"""

from __future__ import annotations

import random
import re
import tomllib
from pathlib import Path
from typing import Any

PARTS: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
"""Parts of the sentences: frames, and words for their slots."""


FELT = 0.4
"""Share of the expressive sentences that name the emotion."""

_SLOT = re.compile(r"\{(\w+)\}")


def made(frames: str, count: int, seed: int) -> list[str]:
    """Return `count` sentences of the frames of that name ("plain", "told" or "named"), each frame equally often;
    deterministic for a seed.
    """
    chance = random.Random(seed)
    lines = PARTS[frames]
    return [_sentence(lines[at % len(lines)], chance) for at in range(count)]


def expressed(count: int, seed: int) -> list[tuple[str, str]]:
    """Return `count` sentences that express an emotion, each with its label, all labels equally often."""
    chance = random.Random(seed)
    labels = list(PARTS["felt"])
    found = []
    for at in range(count):
        label = labels[at % len(labels)]
        frames = PARTS["expressive"]["any"] if chance.random() < FELT else PARTS["expressive"][label]
        found.append((_sentence(chance.choice(frames), chance, label), label))
    return found


def _sentence(frame: str, chance: random.Random, label: str = "") -> str:
    text = _filled(frame, chance, label)
    return text[0].upper() + text[1:]


def _filled(frame: str, chance: random.Random, label: str = "") -> str:
    def of(slot: re.Match[str]) -> str:
        match slot[1]:
            case "doing":
                return _doing(_filled(chance.choice(PARTS["do"]), chance))
            case "did":
                return _past(_filled(chance.choice(PARTS["do"]), chance))
            case "sense":
                return str(chance.choice(PARTS["felt"][chance.choice(list(PARTS["felt"]))]))
            case "felt":
                return str(chance.choice(PARTS["felt"][label]))
            case name:
                return _filled(chance.choice(PARTS[name]), chance)

    return _SLOT.sub(of, frame)


def _past(verb: str) -> str:
    """Return the past tense, wrong for some verbs, which does not matter."""
    first, _, rest = verb.partition(" ")
    return f"{first.removesuffix('e')}ed {rest}".strip()


def _doing(verb: str) -> str:
    first, _, rest = verb.partition(" ")
    return f"{first if first in ('be', 'see') else first.removesuffix('e')}ing {rest}".strip()
