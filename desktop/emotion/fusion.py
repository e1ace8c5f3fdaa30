"""Combine the evidence of the words and of the voice into one emotion, or none; pure.

Most dictations express nothing, and a wrong emotion is worse than none. So neutral is expected until the words or the
voice are evidence against it. Evidence of either for another label counts; that one of them is neutral counts little
against the other: people are angry in polite words, and sad in a plain voice. Two sources err twice as often as one, so
together they need stronger evidence. The voice counts little until its speaker is known, and a short text less than a
long one. A label that is not likelier than all others together becomes neutral, marked as abstained.

Valence and arousal are weighted by 1 - P(neutral) of the same judgement: if "thanks" is neutral, so is its valence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from desktop.core.types import NEAR_NEUTRAL
from models.emotion.labels import LABELS, Floats
from models.emotion.voice_head import NEUTRAL, prior, softmax

KNOWN = 10
"""Recordings after which a voice is known (`emotion-voice` heads are trained beside a speaker's mean)."""

FEW_WORDS = 4
"""Words from which a text has full weight; a shorter one counts in proportion, and half at least."""

LONG_S = 2.0
"""Seconds from which a voice has full weight."""

LIKELY = 0.55
"""Probability from which a label is given: more than all others together."""

IN_TEXTS = 0.325
"""Share of neutral in the texts that the text head was trained on: 1,766 of the 5,426 of GoEmotions' dev part."""

OF_ACTORS = 0.65
"""Weight of the voice's evidence: the head was trained on actors, who express more clearly than other people. This,
`MIN_PROBABILITY` and the next two are measured by `tests.prove emotion` on readers of a corpus that the head had not
heard."""

PLAIN_VOICE = 0.7
"""Weight of a neutral voice against the words at most, in nats; neutral words have none against the voice."""

TWO_ERR = 1.0
"""Nats added to neutral if both are heard: each by itself may be wrong."""

ALONE = 0.65
"""Confidence of a voice at most if the words do not agree: from one corpus of actors to another, four of ten are
right."""

FLAT = 1e-6
"""Lower bound of a probability."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement: `label` and its probability, `scores` over `LABELS` before prior and abstention, whether the two
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
    """Return the emotion of a text and a voice, each a distribution over `LABELS` or None if unknown; None if both are.
    `word_count` counts the text's words, `recordings` the known recordings of the voice, and this one lasts `seconds`.

    `dictated` (7,) is the text's distribution if it is a dictated one, of which most are neutral: with the prior it
    replaces `text`, which does not know that. `offsets` (7,) are what the user's corrections add to the prior. Without
    the prior neither counts, nothing is held back, also not for a voice that is not known yet, and the likeliest label
    is given.
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
    """Return the evidence with neutral limited to `max_nats` nats over any other label."""
    found: Floats = np.maximum(says, says[0] - np.float32(most))
    return found


IN_WORDS = 0.7
"""Weight of the words in the valence if a voice is heard too (arXiv 2203.07378: valence lies mostly in words)."""

PLEASANT = np.array([0.0, 1.0, -1.0, -1.0, -1.0, 0.3, -1.0], np.float32)
"""The valence of each of `LABELS`."""


def valence(text: Floats | None, voice: Floats | None) -> float:
    """Return how pleasant the emotion is, if there is one, in [-1, 1]: the mean of `LABEL_VALENCE` over what is not
    neutral in the distributions of text and voice; 0 if all is neutral."""
    shares = [(IN_WORDS, text), (1 - IN_WORDS, voice)]
    known = [(share, found) for share, found in shares if found is not None]
    moved = sum(share * (1 - float(found[0])) for share, found in known)
    if moved <= FLAT:
        return 0.0
    pleasant = sum(share * float(found @ PLEASANT) for share, found in known) / moved
    return min(1.0, max(-1.0, pleasant))


def weighted(value: float, found: Judged | None) -> float:
    """Return a valence or an arousal times 1 - P(neutral) of the judgement, within `NEAR_NEUTRAL` for the label
    neutral. Without a judgement (None), the prior is used."""
    moved = value * (1 - (NEUTRAL if found is None else found.neutral))
    return near_neutral(moved) if found is None or found.label == LABELS[0] else moved


def near_neutral(value: float) -> float:
    """Return `value` within `NEAR_NEUTRAL` of 0."""
    return min(NEAR_NEUTRAL, max(-NEAR_NEUTRAL, value))


SPREADS = {"loud": 4.0, "pitch": 2.5, "pace": 1.0}
"""Spread of one speaker's recordings: dB, semitones, syllables a second (RAVDESS, within speakers)."""

SHARES = {"loud": 0.5, "pitch": 0.3, "pace": 0.2}
"""Weight of each measure in the arousal: the three that carry it in most corpora, loudness first."""


def arousal(prosody: Floats, usual: Floats, names: tuple[str, ...]) -> float:
    """Return how excited the voice sounds compared with the speaker's usual, in [-1, 1]."""
    beyond = sum(
        share * float(prosody[names.index(name)] - usual[names.index(name)]) / SPREADS[name]
        for name, share in SHARES.items()
    )
    return float(np.tanh(beyond))


DIGITS = 6
"""Decimal digits of a stored probability."""


def rounded(scores: Floats) -> tuple[float, ...]:
    """Return rounded probabilities that add up to 1 as printed floats: the largest takes the rounding error."""
    found = [round(float(score), DIGITS) for score in scores]
    at = int(np.argmax(scores))
    found[at] = round(1 - sum(found[:at] + found[at + 1 :]), DIGITS)
    return tuple(found)
