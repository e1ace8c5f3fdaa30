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


NAMED_SHARE = 0.4
"""Share of the expressive sentences that name the emotion."""

_SLOT = re.compile(r"\{(\w+)\}")


def generate_sentences(frames: str, count: int, seed: int) -> list[str]:
    """Return `count` sentences of the frames of that name ("plain", "mixed"), each frame equally often;
    deterministic for a seed.
    """
    rng = random.Random(seed)
    lines = PARTS[frames]
    return [_make_sentence(lines[number % len(lines)], rng) for number in range(count)]


def generate_expressive(count: int, seed: int) -> list[tuple[str, str]]:
    """Return `count` sentences that express an emotion, each with its label, all labels equally often."""
    rng = random.Random(seed)
    labels = list(PARTS["felt"])
    sentences = []
    for number in range(count):
        label = labels[number % len(labels)]
        frames = PARTS["expressive"]["any"] if rng.random() < NAMED_SHARE else PARTS["expressive"][label]
        sentences.append((_make_sentence(rng.choice(frames), rng, label), label))
    return sentences


def _make_sentence(frame: str, rng: random.Random, label: str = "") -> str:
    text = _fill_frame(frame, rng, label)
    return text[0].upper() + text[1:]


def _fill_frame(frame: str, rng: random.Random, label: str = "") -> str:
    def fill_slot(slot: re.Match[str]) -> str:
        match slot[1]:
            case "doing":
                return _gerund(_fill_frame(rng.choice(PARTS["do"]), rng))
            case "did":
                return _past_tense(_fill_frame(rng.choice(PARTS["do"]), rng))
            case "sense":
                return str(rng.choice(PARTS["felt"][rng.choice(list(PARTS["felt"]))]))
            case "felt":
                return str(rng.choice(PARTS["felt"][label]))
            case name:
                return _fill_frame(rng.choice(PARTS[name]), rng)

    return _SLOT.sub(fill_slot, frame)


def _past_tense(verb: str) -> str:
    """Return the past tense, wrong for some verbs, which does not matter."""
    first, _, rest = verb.partition(" ")
    return f"{first.removesuffix('e')}ed {rest}".strip()


def _gerund(verb: str) -> str:
    first, _, rest = verb.partition(" ")
    return f"{first if first in ('be', 'see') else first.removesuffix('e')}ing {rest}".strip()
