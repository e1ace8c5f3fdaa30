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

from desktop.core.types import LABEL_VALENCE, NEAR_NEUTRAL
from models.emotion.labels import LABELS, Floats
from models.emotion.voice_classifier import NEUTRAL_SHARE, log_prior, softmax

KNOWN_VOICE_RECORDINGS = 10
"""Recordings after which a voice is known (`emotion-voice` heads are trained beside a speaker's mean)."""

FULL_WEIGHT_WORDS = 4
"""Words from which a text has full weight; a shorter one counts in proportion, and half at least."""

FULL_WEIGHT_S = 2.0
"""Seconds from which a voice has full weight."""

MIN_PROBABILITY = 0.55
"""Probability from which a label is given: more than all others together."""

NEUTRAL_IN_TRAINING_TEXTS = 0.325
"""Share of neutral in the texts that the text head was trained on: 1,766 of the 5,426 of GoEmotions' dev part."""

VOICE_WEIGHT = 0.65
"""Weight of the voice's evidence: the head was trained on actors, who express more clearly than other people. This,
`MIN_PROBABILITY` and the next two are measured by `tests.prove emotion` on readers of a corpus that the head had not
heard."""

MAX_NEUTRAL_VOICE_NATS = 0.7
"""Weight of a neutral voice against the words at most, in nats; neutral words have none against the voice."""

TWO_SOURCES_NEUTRAL_NATS = 1.0
"""Nats added to neutral if both are heard: each by itself may be wrong."""

MAX_VOICE_ONLY_CONFIDENCE = 0.65
"""Confidence of a voice at most if the words do not agree: from one corpus of actors to another, four of ten are
right."""

PROBABILITY_FLOOR = 1e-6
"""Lower bound of a probability."""


@dataclass(frozen=True, slots=True)
class EmotionJudgement:
    """A judgement: `label` and its probability, `scores` over `LABELS` before prior and abstention, whether the two
    channels, each by itself, name different emotions (`mixed`), and the probability of `neutral` that decided."""

    label: str
    confidence: float
    scores: Floats
    abstained: bool
    mixed: bool = False
    neutral: float = NEUTRAL_SHARE


def judge_emotion(
    text: Floats | None,
    word_count: int,
    voice: Floats | None,
    recordings: int = KNOWN_VOICE_RECORDINGS,
    seconds: float = FULL_WEIGHT_S,
    *,
    with_prior: bool = True,
    offsets: Floats | None = None,
    dictated: Floats | None = None,
) -> EmotionJudgement | None:
    """Return the emotion of a text and a voice, each a distribution over `LABELS` or None if unknown; None if both are.
    `word_count` counts the text's words, `recordings` the known recordings of the voice, and this one lasts `seconds`.

    `dictated` (7,) is the text's distribution if it is a dictated one, of which most are neutral: with the prior it
    replaces `text`, which does not know that. `offsets` (7,) are what the user's corrections add to the prior. Without
    the prior neither counts, nothing is held back, also not for a voice that is not known yet, and the likeliest label
    is given.
    """
    text_weight = 0.0 if text is None else min(1.0, max(0.5, word_count / FULL_WEIGHT_WORDS))
    voice_weight = (
        0.0 if voice is None else min(1.0, recordings / KNOWN_VOICE_RECORDINGS) * min(1.0, seconds / FULL_WEIGHT_S)
    )
    if voice is not None and not with_prior:
        voice_weight = 1.0
    if not text_weight + voice_weight:
        return None
    flat = np.full(len(LABELS), 1 / len(LABELS), np.float32)
    text_logs = np.log(np.maximum(flat if text is None else text, PROBABILITY_FLOOR))
    voice_logs = np.log(np.maximum(flat if voice is None else voice, PROBABILITY_FLOOR))
    extra_text = (
        text_weight * _cap_neutral(text_logs - log_prior(NEUTRAL_IN_TRAINING_TEXTS), 0) if text is not None else 0
    )
    scores = softmax((1 - voice_weight) * text_weight * text_logs + voice_weight * (extra_text + voice_logs))
    posterior = scores
    text_evidence = text if dictated is None else dictated
    if with_prior:
        expected = log_prior(NEUTRAL_SHARE)
        user_offsets = 0 if offsets is None else offsets
        if text_evidence is None:
            posterior = softmax(expected + voice_weight * VOICE_WEIGHT * voice_logs + user_offsets)
        else:
            words = text_weight * (np.log(np.maximum(text_evidence, PROBABILITY_FLOOR)) - expected)
            words_beside_voice = (1 - voice_weight) * words + voice_weight * _cap_neutral(words, 0)
            two_sources = np.array([TWO_SOURCES_NEUTRAL_NATS * text_weight * voice_weight, *[0.0] * 6], np.float32)
            voice_evidence = voice_weight * _cap_neutral(VOICE_WEIGHT * voice_logs, MAX_NEUTRAL_VOICE_NATS)
            posterior = softmax(expected + words_beside_voice + voice_evidence + two_sources + user_offsets)
    best = int(posterior.argmax())
    confidence = float(posterior[best])
    abstained = with_prior and best != 0 and confidence < MIN_PROBABILITY
    if abstained:
        best, confidence = 0, float(posterior[0])
    elif with_prior and best != 0 and (text_evidence is None or int(text_evidence.argmax()) != best):
        confidence = min(confidence, MAX_VOICE_ONLY_CONFIDENCE)
    mixed = (
        text is not None
        and voice is not None
        and recordings >= KNOWN_VOICE_RECORDINGS
        and int(text.argmax()) != int(voice.argmax())
    )
    return EmotionJudgement(LABELS[best], confidence, scores, abstained, mixed, float(posterior[0]))


def _cap_neutral(evidence: Floats, max_nats: float) -> Floats:
    """Return the evidence with neutral limited to `max_nats` nats over any other label."""
    capped: Floats = np.maximum(evidence, evidence[0] - np.float32(max_nats))
    return capped


TEXT_VALENCE_WEIGHT = 0.7
"""Weight of the words in the valence if a voice is heard too (arXiv 2203.07378: valence lies mostly in words)."""

_VALENCES = np.array([*LABEL_VALENCE.values()], np.float32)


def compute_valence(text: Floats | None, voice: Floats | None) -> float:
    """Return how pleasant the emotion is, if there is one, in [-1, 1]: the mean of `LABEL_VALENCE` over what is not
    neutral in the distributions of text and voice; 0 if all is neutral."""
    shares = [(TEXT_VALENCE_WEIGHT, text), (1 - TEXT_VALENCE_WEIGHT, voice)]
    evidence = [(share, distribution) for share, distribution in shares if distribution is not None]
    not_neutral = sum(share * (1 - float(distribution[0])) for share, distribution in evidence)
    if not_neutral <= PROBABILITY_FLOOR:
        return 0.0
    valence = sum(share * float(distribution @ _VALENCES) for share, distribution in evidence) / not_neutral
    return min(1.0, max(-1.0, valence))


def weight_by_emotion(value: float, judgement: EmotionJudgement | None) -> float:
    """Return a valence or an arousal times 1 - P(neutral) of the judgement, within `NEAR_NEUTRAL` for the label
    neutral. Without a judgement (None), the prior is used."""
    weighted = value * (1 - (NEUTRAL_SHARE if judgement is None else judgement.neutral))
    return clamp_near_neutral(weighted) if judgement is None or judgement.label == LABELS[0] else weighted


def clamp_near_neutral(value: float) -> float:
    """Return `value` within `NEAR_NEUTRAL` of 0."""
    return min(NEAR_NEUTRAL, max(-NEAR_NEUTRAL, value))


SPEAKER_SPREADS = {"loud": 4.0, "pitch": 2.5, "pace": 1.0}
"""Spread of one speaker's recordings: dB, semitones, syllables a second (RAVDESS, within speakers)."""

AROUSAL_WEIGHTS = {"loud": 0.5, "pitch": 0.3, "pace": 0.2}
"""Weight of each measure in the arousal: the three that carry it in most corpora, loudness first."""


def compute_arousal(prosody: Floats, baseline: Floats, names: tuple[str, ...]) -> float:
    """Return how excited the voice sounds compared with the speaker's usual, in [-1, 1]."""
    deviation = sum(
        share * float(prosody[names.index(name)] - baseline[names.index(name)]) / SPEAKER_SPREADS[name]
        for name, share in AROUSAL_WEIGHTS.items()
    )
    return float(np.tanh(deviation))


SCORE_DIGITS = 6
"""Decimal digits of a stored probability."""


def round_scores(scores: Floats) -> tuple[float, ...]:
    """Return rounded probabilities that add up to 1 as printed floats: the largest takes the rounding error."""
    rounded = [round(float(score), SCORE_DIGITS) for score in scores]
    largest = int(np.argmax(scores))
    rounded[largest] = round(1 - sum(rounded[:largest] + rounded[largest + 1 :]), SCORE_DIGITS)
    return tuple(rounded)
