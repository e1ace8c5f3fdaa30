"""Detect emotions on this machine: from the words, if there is a head for the language, and from the voice, if the user
has one for the recognizer's model (`voice_heads`). Prosody alone gives the arousal, also where there is neither.

It runs in a worker thread after the words are known, beside the paste, and uses what recognition has computed already:
the mean state of Whisper's encoder costs nothing here.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from anyio import to_thread

from desktop.core.errors import LockedError, UserError
from desktop.core.messages import Message, render
from desktop.core.text import guess_language
from desktop.core.types import EMOTION_LABELS, RATE_HZ, Audio, DictationContext, Emotion, EmotionResult, Transcript
from desktop.emotion.baseline import UNKNOWN_VOICE, VoiceBaseline, VoiceBaselines, describe_voice
from desktop.emotion.calibration import EmotionCorrection, fit_offsets
from desktop.emotion.fusion import (
    KNOWN_VOICE_RECORDINGS,
    compute_arousal,
    compute_valence,
    judge_emotion,
    round_scores,
    weight_by_emotion,
)
from desktop.emotion.voice_heads import HEADS_FOLDER, VoiceHeads
from models.emotion.labels import Floats
from models.emotion.text_classifier import TextClassifier
from models.emotion.voice_classifier import MEASURE_NAMES, measure_prosody, softmax

logger = logging.getLogger(__name__)

MIN_VOICE_S = 1.0
"""Seconds below which a recording says nothing of a voice, and is not learned from."""

MAX_VOICE_S = 30.0
"""Seconds of a recording that are analysed."""


@dataclass(frozen=True, slots=True)
class DetectorInputs:
    """Parts that can be left out to measure their effect: the words, the neutral prior, or the voice baseline (and with
    it the prior)."""

    words: bool = True
    prior: bool = True
    baseline: bool = True


class LocalEmotionDetector:
    """`EmotionDetector` without a service. Suits any thread.

    Without `voice_heads` labels are of the words alone. `corrections` returns the user's corrections, in a worker
    thread; it is called until it succeeds, and again after `reload_corrections`.
    """

    def __init__(
        self,
        baselines: VoiceBaselines,
        inputs: DetectorInputs | None = None,
        corrections: Callable[[], Sequence[EmotionCorrection]] = tuple,
        voice_heads: VoiceHeads | None = None,
    ) -> None:
        self._baselines = baselines
        self._inputs = inputs or DetectorInputs()
        self._corrections = corrections
        self._voice_heads = voice_heads
        self._offsets: Floats | None = None
        self._baseline_lock = threading.Lock()

    def preload(self) -> None:
        """Load what the first dictation would have to wait for. Blocks."""
        load_text_head("en")
        if self._voice_heads is not None:
            for model in self._voice_heads.list_models():
                self._voice_heads.load(model)
        self._load_offsets()

    def reload_corrections(self) -> None:
        """Read the corrections again: the user has changed them."""
        self._offsets = None

    async def detect(self, transcript: Transcript, audio: Audio, context: DictationContext) -> EmotionResult:
        """Return the emotion of words and voice."""
        return EmotionResult(await to_thread.run_sync(self.detect_blocking, transcript, audio, context.microphone))

    def detect_blocking(self, transcript: Transcript, audio: Audio, microphone: str = "") -> Emotion:
        """Return the emotion. Blocks: a text takes a millisecond or two, a voice some twenty, and 100 for half a
        minute."""
        return self.detect_with_description(transcript, audio, microphone)[0]

    def detect_with_description(
        self, transcript: Transcript, audio: Audio, microphone: str = ""
    ) -> tuple[Emotion, str]:
        """Return the emotion, and a line on how the voice differs from its usual, empty while that is unknown.
        Blocks."""
        inputs = self._inputs
        language = transcript.language or guess_language(transcript.text)
        plain_text = transcript.text.strip()
        head = load_text_head(language) if inputs.words and plain_text else None
        is_language_unknown = bool(inputs.words and plain_text) and head is None
        logits = text = dictated = None
        if head is not None:
            logits, moves = head.scores(transcript.text)
            text = head.distribution(logits)
            dictated = head.adjust_for_dictation(text, moves)
        voice = self._measure_evidence(transcript, audio, microphone) if len(audio) >= MIN_VOICE_S * RATE_HZ else None
        # The voice head knows English only.
        voice_distribution = voice.distribution if voice is not None and not is_language_unknown else None
        judgement = judge_emotion(
            text,
            count_words(transcript.text),
            voice_distribution,
            voice.recordings if voice is not None else 0,
            len(audio) / RATE_HZ,
            with_prior=inputs.prior and inputs.baseline,
            offsets=self._load_offsets(),
            dictated=dictated,
        )
        weighted_arousal = weight_by_emotion(voice.arousal, judgement) if voice is not None else 0.0
        description = voice.description if voice is not None else ""
        if judgement is None:
            note = (
                Message("emotion-language-unknown", language=language or Message("unnamed-language"))
                if plain_text
                else Message("emotion-without-words")
            )
            return Emotion(
                "neutral", 0.0, 0.0, round(weighted_arousal, 4), abstained=True, engine="local", note=render(note)
            ), description
        if head is not None and logits is not None and voice_distribution is None:
            rank = int(head.best_labels(logits))
        else:
            rank = int(judgement.scores.argmax())
        emotion = Emotion(
            judgement.label,
            round(judgement.confidence, 4),
            round(weight_by_emotion(compute_valence(text, voice_distribution), judgement), 4),
            round(weighted_arousal, 4),
            judgement.abstained,
            "local",
            round_scores(judgement.scores),
            EMOTION_LABELS[rank],
            voice is not None and voice.distribution is not None and voice.recordings < KNOWN_VOICE_RECORDINGS,
            judgement.mixed,
        )
        return emotion, description

    def _load_offsets(self) -> Floats:
        """Return what the user's corrections add to the prior."""
        if (offsets := self._offsets) is None:
            try:
                offsets = fit_offsets(self._corrections())
            except LockedError:  # they can be read later
                return fit_offsets(())
            except UserError as problem:
                logger.warning("corrected emotions could not be read: %s", problem)
                offsets = fit_offsets(())
            self._offsets = offsets
        return offsets

    def _update_baseline(self, microphone: str, model: str, measures: Floats) -> VoiceBaseline:
        """Return the voice baseline after learning this recording. Two dictations may be analysed at once."""
        with self._baseline_lock:
            try:
                baseline = self._baselines.load_baseline(microphone, model).updated_with(measures)
                self._baselines.save_baseline(microphone, model, baseline)
            except UserError as problem:
                logger.warning("a voice baseline could not be read or saved: %s", problem)
                return UNKNOWN_VOICE.updated_with(measures)
            return baseline

    def _measure_evidence(self, transcript: Transcript, audio: Audio, microphone: str) -> VoiceEvidence:
        """Return what the voice expresses compared with its baseline, which learns this recording."""
        encoder_model = transcript.voice_model or transcript.model
        measures = measure_voice(transcript, audio)
        prosody = measures[-len(MEASURE_NAMES) :]
        head = None
        if self._voice_heads is not None and transcript.voice is not None:
            head = self._voice_heads.load(encoder_model)
        if head is not None and head.spread.shape != measures.shape:  # of another model with the same name
            head = None
        if head is None:
            measures = prosody
        model = encoder_model if head is not None else ""
        baseline = self._update_baseline(microphone, model, measures)
        if not self._inputs.baseline:
            baseline = VoiceBaseline(0, head.typical if head is not None else measures)
        distribution = softmax(head.scores(measures, baseline.mean, baseline.recordings)) if head is not None else None
        usual_prosody = baseline.mean[-len(MEASURE_NAMES) :]
        description = describe_voice(prosody, usual_prosody) if baseline.recordings >= KNOWN_VOICE_RECORDINGS else ""
        return VoiceEvidence(
            distribution, baseline.recordings, compute_arousal(prosody, usual_prosody, MEASURE_NAMES), description
        )


def count_words(text: str) -> int:
    """Count the words of `text`; a contraction is two."""
    return sum(2 if "'" in word or "’" in word else 1 for word in text.split())


def measure_voice(transcript: Transcript, audio: Audio) -> Floats:
    """Return what voice heads are trained on: the mean state of the recognizer's encoder, if there is one, and then the
    prosody, shape (n,)."""
    prosody = measure_prosody(audio[: int(MAX_VOICE_S * RATE_HZ)])
    state = transcript.voice if transcript.voice is not None else np.zeros(0, np.float32)
    return np.concatenate([state, prosody]).astype(np.float32)


@dataclass(frozen=True, slots=True)
class VoiceEvidence:
    """The evidence of a voice: a distribution over `LABELS`, None without a head; the number of its known recordings;
    the arousal; and a description in words."""

    distribution: Floats | None
    recordings: int
    arousal: float
    description: str


@cache
def load_text_head(language: str) -> TextClassifier | None:
    """Return the head for the words of a language, None if there is none."""
    paths = sorted(HEADS_FOLDER.glob(f"text-{language}-*.npz")) if language.isalpha() else []
    return TextClassifier.load(paths[-1]) if paths else None
