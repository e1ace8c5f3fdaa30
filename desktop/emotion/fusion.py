"""From what the words say and what the voice says to one emotion, or to none: pure.

Most of what people dictate expresses nothing, and a wrong emotion is worse than none. So neutral is expected, and words
and voice have to speak against it: the voice little until its speaker is known, a short text half. What is not likelier
than everything else together is called neutral and marked as abstained.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.emotion import LABELS, Floats
from models.emotion.voice_head import NEUTRAL, prior, softmax

KNOWN = 10
"""A voice is known after so many takes (`emotion-voice` heads are trained beside a speaker's mean)."""

FEW_WORDS = 4
"""A text of fewer words says little: half of it counts."""

LONG_S = 2.0
"""A take of so many seconds says all that a voice can."""

LIKELY = 0.5
"""A label is given where it is likelier than all others together."""

FLAT = 1e-6
"""No probability is taken for less."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found: `label` and how sure it is, `scores` over `LABELS` before prior and abstention, and whether the
    two channels, each by itself, name different emotions (`mixed`)."""

    label: str
    confidence: float
    scores: Floats
    abstained: bool
    mixed: bool = False


def judged(
    text: Floats | None,
    words: int,
    voice: Floats | None,
    takes: int = KNOWN,
    seconds: float = LONG_S,
    *,
    with_prior: bool = True,
    offsets: Floats | None = None,
    dictated: Floats | None = None,
) -> Judged | None:
    """The emotion of a text and a voice, each a distribution over `LABELS` or None where nobody can tell; None where
    both are. `words` are in the text, `takes` were heard of the voice, and this one lasts `seconds`.

    `dictated` (7,) is the text's distribution if it is a dictated one, of which most are neutral: with the prior it
    stands for `text`, which knows nothing of that. `offsets` (7,) are what the person's corrections add to the prior.
    Without the prior neither counts and nothing is held back: the likeliest label is given.
    """
    by_text = 0.0 if text is None else (1.0 if words >= FEW_WORDS else 0.5)
    by_voice = 0.0 if voice is None else min(1.0, takes / KNOWN) * min(1.0, seconds / LONG_S)
    if text is None and voice is not None and not with_prior:
        by_voice = 1.0
    total = by_text + by_voice
    if not total:
        return None
    flat = np.full(len(LABELS), 1 / len(LABELS), np.float32)
    said = np.log(np.maximum(flat if text is None else text, FLAT))
    heard = np.log(np.maximum(flat if voice is None else voice, FLAT))
    scores = softmax((by_text * said + by_voice * heard) / max(1.0, total))
    held = scores
    if with_prior:
        expected = prior(NEUTRAL)
        meant = text if dictated is None else dictated
        words_say = 0 if meant is None else np.log(np.maximum(meant, FLAT)) - expected
        own = 0 if offsets is None else offsets
        held = softmax(expected + (by_text * words_say + by_voice * heard) / max(1.0, total) + own)
    at = int(held.argmax())
    sure = float(held[at])
    abstained = with_prior and at != 0 and sure < LIKELY
    mixed = text is not None and voice is not None and takes >= KNOWN and int(text.argmax()) != int(voice.argmax())
    return Judged(
        LABELS[0] if abstained else LABELS[at], sure if not abstained else float(held[0]), scores, abstained, mixed
    )


def valence(text: Floats | None, voice: Floats | None) -> float:
    """How pleasant it is, in [-1, 1]: mostly from the words, in which valence lies (arXiv 2203.07378)."""
    weights = np.array([0.0, 1.0, -1.0, -1.0, -1.0, 0.3, -1.0], np.float32)
    of_text = None if text is None else float(text @ weights)
    of_voice = None if voice is None else float(voice @ weights)
    if of_text is None:
        return of_voice or 0.0
    return of_text if of_voice is None else 0.7 * of_text + 0.3 * of_voice


SPREADS = {"loud": 4.0, "pitch": 2.5, "pace": 1.0}
"""How much takes of one speaker differ: dB, semitones, syllables a second (RAVDESS, within speakers)."""

SHARES = {"loud": 0.5, "pitch": 0.3, "pace": 0.2}
"""What each counts for arousal: the three that carry it in most corpora, loudness first."""


def arousal(prosody: Floats, usual: Floats, names: tuple[str, ...]) -> float:
    """How excited it sounds beside what is usual for the speaker, in [-1, 1]."""
    beyond = sum(
        share * float(prosody[names.index(name)] - usual[names.index(name)]) / SPREADS[name]
        for name, share in SHARES.items()
    )
    return float(np.tanh(beyond))


DIGITS = 6
"""So many digits of a probability are told."""


def rounded(scores: Floats) -> tuple[float, ...]:
    """Probabilities in few digits that add up to 1 as the floats they are printed as: the largest bears what rounding
    leaves."""
    found = [round(float(score), DIGITS) for score in scores]
    at = int(np.argmax(scores))
    found[at] = round(1 - sum(found[:at] + found[at + 1 :]), DIGITS)
    return tuple(found)
