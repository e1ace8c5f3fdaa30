"""From what the words say and what the voice says to one emotion, or to none: pure.

Most of what people dictate expresses nothing, and a wrong emotion is worse than none. So neutral is expected until the
words or the voice speak against it. What either says for another label counts. That one of them is neutral counts
little against the other: people are angry in polite words, and sad in a plain voice. Two sources err twice as often
as one, so together they need stronger evidence. The voice counts little until its speaker is known, and a short text
less than a long one. A label that is not likelier than all others together becomes neutral, marked as abstained.

Valence and arousal are weighted by 1 - P(neutral) of the same judgement: where "thanks" is neutral, so is its valence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from desktop.ports import NEAR_NEUTRAL
from models.emotion import LABELS, Floats
from models.emotion.voice_head import NEUTRAL, prior, softmax

KNOWN = 10
"""A voice is known after so many takes (`emotion-voice` heads are trained beside a speaker's mean)."""

FEW_WORDS = 4
"""A text of fewer words says less: it counts in proportion, and half at least."""

LONG_S = 2.0
"""A take of so many seconds says all that a voice can."""

LIKELY = 0.55
"""A label is given where it is so likely: more than all others together."""

IN_TEXTS = 0.325
"""How much is neutral of the texts that the head for words learnt from: 1,766 of the 5,426 of GoEmotions' dev part."""

OF_ACTORS = 0.65
"""So much of what a voice says counts: the head has learnt from actors, who say it clearer than anybody else. This,
`LIKELY` and the next two are from readers of whose corpus the head had heard nothing (`tests.prove emotion`)."""

PLAIN_VOICE = 0.7
"""A voice that sounds neutral counts so much at most against the words, in nats; neutral words count nothing against
the voice."""

TWO_ERR = 1.0
"""What is added to neutral where both are heard, in nats: each by itself may be wrong."""

ALONE = 0.65
"""A voice is never surer than this where the words do not say the same: from one corpus of actors to another, four of
ten are right."""

FLAT = 1e-6
"""No probability is taken for less."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found: `label` and how sure it is, `scores` over `LABELS` before prior and abstention, whether the two
    channels, each by itself, name different emotions (`mixed`), and the probability of `neutral` that decided."""

    label: str
    confidence: float
    scores: Floats
    abstained: bool
    mixed: bool = False
    neutral: float = NEUTRAL


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
    Without the prior neither counts and nothing is held back, a voice that is not known yet neither: the likeliest
    label is given.
    """
    by_text = 0.0 if text is None else min(1.0, max(0.5, words / FEW_WORDS))
    by_voice = 0.0 if voice is None else min(1.0, takes / KNOWN) * min(1.0, seconds / LONG_S)
    if voice is not None and not with_prior:
        by_voice = 1.0
    if not by_text + by_voice:
        return None
    flat = np.full(len(LABELS), 1 / len(LABELS), np.float32)
    said = np.log(np.maximum(flat if text is None else text, FLAT))
    heard = np.log(np.maximum(flat if voice is None else voice, FLAT))
    beside = by_text * _floored(said - prior(IN_TEXTS), 0) if text is not None else 0
    scores = softmax((1 - by_voice) * by_text * said + by_voice * (beside + heard))
    held = scores
    meant = text if dictated is None else dictated
    if with_prior:
        expected = prior(NEUTRAL)
        own = 0 if offsets is None else offsets
        if meant is None:
            held = softmax(expected + by_voice * OF_ACTORS * heard + own)
        else:
            words_say = by_text * (np.log(np.maximum(meant, FLAT)) - expected)
            words_beside = (1 - by_voice) * words_say + by_voice * _floored(words_say, 0)
            held_back = np.array([TWO_ERR * by_text * by_voice, *[0.0] * 6], np.float32)
            of_voice = by_voice * _floored(OF_ACTORS * heard, PLAIN_VOICE)
            held = softmax(expected + words_beside + of_voice + held_back + own)
    at = int(held.argmax())
    sure = float(held[at])
    abstained = with_prior and at != 0 and sure < LIKELY
    if abstained:
        at, sure = 0, float(held[0])
    elif with_prior and at != 0 and (meant is None or int(meant.argmax()) != at):
        sure = min(sure, ALONE)
    mixed = text is not None and voice is not None and takes >= KNOWN and int(text.argmax()) != int(voice.argmax())
    return Judged(LABELS[at], sure, scores, abstained, mixed, float(held[0]))


def _floored(says: Floats, most: float) -> Floats:
    """What is said, of which neutral gets `most` nats at most over any other label."""
    found: Floats = np.maximum(says, says[0] - np.float32(most))
    return found


IN_WORDS = 0.7
"""How much of valence the words say where a voice is heard too (arXiv 2203.07378: it lies mostly in words)."""

PLEASANT = np.array([0.0, 1.0, -1.0, -1.0, -1.0, 0.3, -1.0], np.float32)
"""The valence of each of `LABELS`."""


def valence(text: Floats | None, voice: Floats | None) -> float:
    """Return how pleasant the emotion is, if there is one, in [-1, 1]: the mean of `PLEASANT` over what is not neutral
    in the distributions of text and voice; 0 where nothing is."""
    shares = [(IN_WORDS, text), (1 - IN_WORDS, voice)]
    known = [(share, found) for share, found in shares if found is not None]
    moved = sum(share * (1 - float(found[0])) for share, found in known)
    if moved <= FLAT:
        return 0.0
    pleasant = sum(share * float(found @ PLEASANT) for share, found in known) / moved
    return min(1.0, max(-1.0, pleasant))


def weighted(value: float, found: Judged | None) -> float:
    """Return a valence or an arousal times 1 - P(neutral) of what was judged, within `NEAR_NEUTRAL` for the label
    neutral. Where nothing could be judged (None), the prior stands for it."""
    moved = value * (1 - (NEUTRAL if found is None else found.neutral))
    return near_neutral(moved) if found is None or found.label == LABELS[0] else moved


def near_neutral(value: float) -> float:
    """Return `value` within `NEAR_NEUTRAL` of 0."""
    return min(NEAR_NEUTRAL, max(-NEAR_NEUTRAL, value))


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
