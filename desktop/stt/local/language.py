"""Decide the spoken language once per dictation, from enough speech or by a key. Pure functions.

Three seconds of accented speech are often taken for the speaker's other language (base: 15 of 145 English utterances on
the full window, 30 on a cropped one), and everything decoded in the wrong language is lost. So the model's
probabilities are weighed with the language spoken last, and the less certain they are the more speech is needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop.settings.schema import LAYOUT
from desktop.stt.traits import EngineTraits

SAMPLES_AT_S = (3.0, 6.0, 10.0)
"""Seconds of voice at which the model is queried (three is the usual bound in the field); the last answer decides."""

CERTAIN_PROBABILITY = 0.95
"""Probability that decides at once against the language spoken last."""

LAST_LANGUAGE_BONUS = 0.5
"""Bonus for the language spoken last, as a probability."""


@dataclass(frozen=True, slots=True)
class LanguageSample:
    """The model's language probabilities for `voiced_s` seconds of voice."""

    voiced_s: float
    probabilities: Mapping[str, float]


def known_language(traits: EngineTraits, allowed: Sequence[str], last: str) -> str:
    """Return the language of a dictation that is known before it; empty if the engine is to detect it.

    `allowed` are the user's languages, none for any; `last` is the language of the dictation before.
    """
    if traits.only_language:
        return traits.only_language
    if len(allowed) == 1:
        return allowed[0]
    if traits.can_detect_language:
        return ""
    return last if last and (not allowed or last in allowed) else next(iter(allowed), "en")


def is_sample_due(voiced_s: float, samples: Sequence[LanguageSample]) -> bool:
    """Whether the model should be queried again."""
    return len(samples) < len(SAMPLES_AT_S) and voiced_s >= SAMPLES_AT_S[len(samples)]


def decide_language(samples: Sequence[LanguageSample], last: str) -> str:
    """Return the language of the dictation, empty while undecided. `last` is the language of the dictation before."""
    if not samples:
        return ""
    mean = average_probabilities(samples)
    likely = max(mean, key=lambda code: mean[code] + LAST_LANGUAGE_BONUS * (code == last))
    certain = likely == last or mean[likely] >= CERTAIN_PROBABILITY or len(samples) == len(SAMPLES_AT_S)
    return likely if certain else ""


def average_probabilities(samples: Sequence[LanguageSample]) -> dict[str, float]:
    """Return the probabilities of all `samples`, weighted by their seconds of voice."""
    codes = {code for sample in samples for code in sample.probabilities}
    total_s = sum(sample.voiced_s for sample in samples)
    return {
        code: sum(sample.probabilities.get(code, 0.0) * sample.voiced_s for sample in samples) / total_s
        for code in codes
    }


def likely_language(samples: Sequence[LanguageSample]) -> str:
    """Return the language that `samples` show, empty if there are none."""
    mean = average_probabilities(samples)
    return max(mean, key=mean.__getitem__, default="")


def next_expected(expected: tuple[str, ...], chosen: tuple[str, ...]) -> tuple[str, ...]:
    """Return the languages to expect after `expected`: all of `chosen`, then each alone, then all again.

    With the keyboard's layout (`LAYOUT`) among them it alone takes the place of all.
    """
    everything = (LAYOUT,) if LAYOUT in chosen else chosen
    rounds = [everything, *((code,) for code in chosen if code != LAYOUT)] if len(chosen) > 1 else [everything]
    index = rounds.index(expected) if expected in rounds else 0
    return rounds[(index + 1) % len(rounds)]
