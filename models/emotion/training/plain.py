"""Plain sentences of the kind that people dictate, and the same matters with an expression: what GoEmotions has not.

Its raters call "thanks" joy, "sorry" sadness and most questions surprise, since on Reddit these are reactions. In a
letter they are manners; and in a book the feelings are those of others. No list of real letters may be learnt from and
shipped, so these are made: a frame, and what it is about. What is expressed about the same matters is made too, or a
head would learn that an office has no moods.
"""

from __future__ import annotations

import random
import re
import tomllib
from pathlib import Path
from typing import Any

PARTS: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
"""What the sentences are made of: frames, and words for their slots."""


FELT = 0.4
"""How many of what is expressed name the feeling."""

_SLOT = re.compile(r"\{(\w+)\}")


def made(frames: str, count: int, seed: int) -> list[str]:
    """So many sentences of the frames of that name, "plain", "told" or "named", each frame as often; of one seed always
    the same."""
    chance = random.Random(seed)
    lines = PARTS[frames]
    return [_sentence(lines[at % len(lines)], chance) for at in range(count)]


def expressed(count: int, seed: int) -> list[tuple[str, str]]:
    """So many sentences that express something, each with its label, of which each is as frequent."""
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
    """Not right for all verbs, and it need not be."""
    first, _, rest = verb.partition(" ")
    return f"{first.removesuffix('e')}ed {rest}".strip()


def _doing(verb: str) -> str:
    first, _, rest = verb.partition(" ")
    return f"{first if first in ('be', 'see') else first.removesuffix('e')}ing {rest}".strip()
