"""Which language is spoken: decided once for a dictation, on enough speech, or chosen by a key: pure.

Three seconds of an accent are often taken for the speaker's other language (base: 15 of 145 English utterances on the
full window, 30 on a cropped one), and everything decoded with the wrong language is lost. So what the model hears is
weighed with what was spoken last, and the less certain it is the more it has to hear.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LOOKS_S = (3.0, 6.0, 10.0)
"""Seconds of voice at which the model is asked (three is the field's usual bound); the last answer decides."""

CERTAIN = 0.95
"""A probability that decides at once against the language spoken last."""

HABIT = 0.5
"""What the language spoken last is worth, as a probability."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the model heard in so many seconds of voice: a probability for each language."""

    voiced_s: float
    odds: Mapping[str, float]


def due(voiced_s: float, looks: Sequence[Look]) -> bool:
    """Whether it is time for another look."""
    return len(looks) < len(LOOKS_S) and voiced_s >= LOOKS_S[len(looks)]


def decide(looks: Sequence[Look], last: str) -> str:
    """The language of the dictation, or an empty string while it is not certain. `last`: what was spoken before."""
    if not looks:
        return ""
    mean = average(looks)
    likely = max(mean, key=lambda code: mean[code] + HABIT * (code == last))
    certain = likely == last or mean[likely] >= CERTAIN or len(looks) == len(LOOKS_S)
    return likely if certain else ""


def average(looks: Sequence[Look]) -> dict[str, float]:
    """The probabilities of all looks together, each weighted with what it heard."""
    codes = {code for look in looks for code in look.odds}
    total_s = sum(look.voiced_s for look in looks)
    return {code: sum(look.odds.get(code, 0.0) * look.voiced_s for look in looks) / total_s for code in codes}


def following(expected: tuple[str, ...], chosen: tuple[str, ...]) -> tuple[str, ...]:
    """What to expect after `expected` of the languages that are `chosen`: all of them, then each alone, then all."""
    rounds = [chosen, *((code,) for code in chosen)] if len(chosen) > 1 else [chosen]
    place = rounds.index(expected) if expected in rounds else 0
    return rounds[(place + 1) % len(rounds)]
