"""Detect emotions on this machine: from the words, if there is a head for the language, and from the voice, if there is
one for the recognizer's model. With neither, only the arousal is detected.

It runs in a worker thread after the words are known, beside the paste, and uses what recognition has computed already:
the mean state of Whisper's encoder costs nothing here.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from anyio import to_thread

import models.emotion.labels
from desktop.core.errors import LockedProblem, Problem
from desktop.core.text import language_of
from desktop.core.types import LABELS, RATE_HZ, Audio, Context, Emotion, Felt, Transcript
from desktop.emotion import facts
from desktop.emotion.calibration import Correction, offsets
from desktop.emotion.fusion import KNOWN, arousal, judged, rounded, valence, weighted
from desktop.emotion.voices import NOBODY, Usual, Voices
from models.emotion.labels import Floats
from models.emotion.text_classifier import TextHead
from models.emotion.voice_classifier import NAMES, measured
from models.emotion.voice_head import VoiceHead, softmax

logger = logging.getLogger(__name__)

HEADS = Path(models.emotion.labels.__file__).parent / "heads"

LEAST_S = 1.0
"""Seconds below which a recording says nothing of a voice, and is not learned from."""

MOST_S = 30.0
"""Seconds of a recording that are analysed."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Parts that can be left out to measure their effect: the words, the neutral prior, or the voice baseline (and with
    it the prior)."""

    words: bool = True
    prior: bool = True
    baseline: bool = True


class Local:
    """`EmotionDetector` without a service. Suits any thread.

    `corrections` returns the user's corrections, in a worker thread; it is called until it succeeds, and again after
    `reload_corrections`.
    """

    def __init__(
        self, voices: Voices, ways: Ways | None = None, corrections: Callable[[], Sequence[Correction]] = tuple
    ) -> None:
        self._voices = voices
        self._ways = ways or Ways()
        self._corrections = corrections
        self._offsets: Floats | None = None
        self._learning = threading.Lock()

    def warm(self) -> None:
        """Load what the first dictation would have to wait for. Blocks."""
        text_head("en")
        for path in HEADS.glob("voice-*.npz"):
            voice_head(path.name.split("-")[1])
        self._own()

    def relearn(self) -> None:
        """Read the corrections again: the user has changed them."""
        self._offsets = None

    async def feel(self, transcript: Transcript, audio: Audio, context: Context) -> Felt:
        """Return the emotion of words and voice."""
        return Felt(await to_thread.run_sync(self.judge, transcript, audio, context.microphone))

    def judge(self, transcript: Transcript, audio: Audio, microphone: str = "") -> Emotion:
        """Return the emotion. Blocks: a text takes a millisecond or two, a voice some twenty, and 100 for half a
        minute."""
        return self.look(transcript, audio, microphone)[0]

    def look(self, transcript: Transcript, audio: Audio, microphone: str = "") -> tuple[Emotion, str]:
        """Return the emotion, and a line on how the voice differs from its usual, empty while that is unknown.
        Blocks."""
        ways = self._ways
        language = transcript.language or language_of(transcript.text)
        said = transcript.text.strip()
        head = text_head(language) if ways.words and said else None
        foreign = bool(ways.words and said) and head is None
        logits = text = dictated = None
        if head is not None:
            logits, moves = head.scores(transcript.text)
            text = head.distribution(logits)
            dictated = head.dictated(text, moves)
        heard = self._hear(transcript, audio, microphone) if len(audio) >= LEAST_S * RATE_HZ else None
        shares = heard.shares if heard is not None and not foreign else None  # the voice head knows English only
        found = judged(
            text,
            words_in(transcript.text),
            shares,
            heard.takes if heard is not None else 0,
            len(audio) / RATE_HZ,
            with_prior=ways.prior and ways.baseline,
            offsets=self._own(),
            dictated=dictated,
        )
        excited = weighted(heard.arousal, found) if heard is not None else 0.0
        line = heard.line if heard is not None else ""
        if found is None:
            note = f"Nothing here knows emotions in {language or 'this language'} or with this model."
            if not said:
                note = "Nothing was said that could express anything."
            return Emotion("neutral", 0.0, 0.0, round(excited, 4), abstained=True, engine="local", note=note), line
        if head is not None and logits is not None and heard is None:
            rank = head.rank(logits)  # by the thresholds that were tuned for it
        else:
            rank = int(found.scores.argmax())
        emotion = Emotion(
            found.label,
            round(found.confidence, 4),
            round(weighted(valence(text, shares), found), 4),
            round(excited, 4),
            found.abstained,
            "local",
            rounded(found.scores),
            LABELS[rank],
            heard is not None and heard.takes < KNOWN,
            found.mixed,
        )
        return emotion, line

    def _own(self) -> Floats:
        """Return what the user's corrections add to the prior."""
        if (found := self._offsets) is None:
            try:
                found = offsets(self._corrections())
            except LockedProblem:  # they can be read later
                return offsets(())
            except Problem as problem:
                logger.warning("corrected emotions could not be read: %s", problem)
                found = offsets(())
            self._offsets = found
        return found

    def _usual(self, microphone: str, model: str, measures: Floats) -> Usual:
        """Return the voice baseline after learning this recording. Two dictations may be analysed at once."""
        with self._learning:
            try:
                known = self._voices.usual(microphone, model).after(measures)
                self._voices.learn(microphone, model, known)
            except Problem as problem:
                logger.warning("what is usual for a voice is not known: %s", problem)
                return NOBODY.after(measures)
            return known

    def _hear(self, transcript: Transcript, audio: Audio, microphone: str) -> Heard:
        """Return what the voice expresses compared with its baseline, which learns this recording."""
        of = transcript.voice_model or transcript.model
        head = voice_head(of) if transcript.voice is not None else None
        measures = measures_of(transcript, audio)
        prosody = measures[-len(NAMES) :]
        if head is None:
            measures = prosody
        model = of if head is not None else ""
        known = self._usual(microphone, model, measures)
        if not self._ways.baseline:
            known = Usual(0, head.typical if head is not None else measures)
        shares = softmax(head.scores(measures, known.mean, known.takes)) if head is not None else None
        usual = known.mean[-len(NAMES) :]
        line = facts.told(prosody, usual) if known.takes >= KNOWN else ""
        return Heard(shares, known.takes, arousal(prosody, usual, NAMES), line)


def words_in(text: str) -> int:
    """Count the words of `text`; a contraction is two."""
    return sum(2 if "'" in word or "’" in word else 1 for word in text.split())


def measures_of(transcript: Transcript, audio: Audio) -> Floats:
    """Return what voice heads are trained on: the mean state of the recognizer's encoder, if there is one, and then the
    prosody, shape (n,)."""
    prosody = measured(audio[: int(MOST_S * RATE_HZ)])
    state = transcript.voice if transcript.voice is not None else np.zeros(0, np.float32)
    return np.concatenate([state, prosody]).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Heard:
    """The evidence of a voice: a distribution over `LABELS`, None without a head; the number of its known recordings;
    the arousal; and a description in words."""

    shares: Floats | None
    takes: int
    arousal: float
    line: str


@cache
def text_head(language: str) -> TextHead | None:
    """Return the head for the words of a language, None if there is none."""
    found = sorted(HEADS.glob(f"text-{language}-*.npz")) if language.isalpha() else []
    return TextHead.load(found[-1]) if found else None


@cache
def voice_head(model: str) -> VoiceHead | None:
    """Return the head for voices as that model's encoder hears them, None if there is none."""
    found = sorted(HEADS.glob(f"voice-{model}-*.npz")) if model.isalnum() else []
    return VoiceHead.load(found[-1]) if found else None
