"""What corrections teach: a little, and only where there are enough of them."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.core.errors import HistoryError
from desktop.core.types import Transcript
from desktop.emotion.baseline import TransientVoiceBaselines
from desktop.emotion.calibration import MIN_CORRECTIONS, fit_offsets
from desktop.emotion.detector import LocalEmotionDetector
from desktop.emotion.fusion import judge_emotion
from models.emotion.labels import LABELS, Floats

NEUTRAL, JOY, ANGER = (LABELS.index(label) for label in ("neutral", "joy", "anger"))
SILENCE = np.zeros(0, np.float32)


def sure_of(label: str, share: float) -> Floats:
    found = np.full(7, (1 - share) / 6, np.float32)
    found[LABELS.index(label)] = share
    return found


SHARP = (tuple(sure_of("anger", 0.6)), "neutral")


def test_too_few_corrections_teach_nothing() -> None:
    assert not fit_offsets([SHARP] * (MIN_CORRECTIONS - 1)).any()
    assert fit_offsets([SHARP] * MIN_CORRECTIONS).any()


def test_what_does_not_say_enough_is_not_counted() -> None:
    unusable = [((), "joy"), (tuple(sure_of("joy", 0.6)), "boredom")]
    assert not fit_offsets([SHARP] * (MIN_CORRECTIONS - 1) + unusable * 5).any()


def test_user_never_angry_lowers_anger() -> None:
    found = fit_offsets([SHARP] * 20)
    assert found[ANGER] < 0 < found[NEUTRAL]
    assert found.sum() == pytest.approx(0, abs=1e-4), "what one label loses the others win"
    before, after = (judge_emotion(sure_of("anger", 0.6), 10, None, offsets=own) for own in (None, found))
    assert before is not None
    assert after is not None
    assert (before.label, after.label) == ("anger", "neutral")
    assert (before.scores == after.scores).all(), "what was found stays what it is"


def test_corrections_cannot_unlearn_clear_emotion() -> None:
    found = judge_emotion(sure_of("joy", 0.98), 10, None, offsets=fit_offsets([SHARP] * 500))
    assert found is not None
    assert found.label == "joy"


def test_agreeing_corrections_teach_almost_nothing() -> None:
    share = (0.6, 0.1, 0.06, 0.06, 0.06, 0.06, 0.06)
    agreeing = [
        (share, label) for label, count in zip(LABELS, (60, 10, 6, 6, 6, 6, 6), strict=True) for _ in range(count)
    ]
    assert np.abs(fit_offsets(agreeing)).max() < 0.01


def test_without_the_prior_corrections_do_not_count() -> None:
    found = judge_emotion(sure_of("anger", 0.6), 10, None, with_prior=False, offsets=fit_offsets([SHARP] * 20))
    assert found is not None
    assert found.label == "anger"


def test_corrections_count_after_relearning() -> None:
    corrected: list[tuple[tuple[float, ...], str]] = []
    local, said = (
        LocalEmotionDetector(TransientVoiceBaselines(), corrections=lambda: corrected),
        Transcript("that made me rather angry", language="en"),
    )
    before = local.detect_blocking(said, SILENCE)
    assert before.label == "anger"
    corrected += [(before.scores, "neutral")] * 60
    assert local.detect_blocking(said, SILENCE) == before
    local.reload_corrections()
    assert (
        local.detect_blocking(said, SILENCE).confidence < before.confidence
        or local.detect_blocking(said, SILENCE).label == "neutral"
    )


def test_unreadable_history_still_judges_emotion() -> None:
    def broken() -> list[tuple[tuple[float, ...], str]]:
        raise HistoryError("reported-message", title="The disk is gone.", advice="")

    assert (
        LocalEmotionDetector(TransientVoiceBaselines(), corrections=broken)
        .detect_blocking(Transcript("i am so angry", language="en"), SILENCE)
        .label
        == "anger"
    )
