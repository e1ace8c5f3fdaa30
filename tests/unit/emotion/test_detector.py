"""The emotion of words, without anybody else's help."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from desktop.core.types import EMOTION_LABELS, NEAR_NEUTRAL, RATE_HZ, Audio, Emotion, Transcript
from desktop.emotion.baseline import TransientVoiceBaselines
from desktop.emotion.detector import DetectorInputs, LocalEmotionDetector, load_text_head, measure_voice
from desktop.emotion.voice_heads import HEADS_FOLDER, VoiceHeads
from tests.prove.emotion import of_nearby, of_unfelt

SILENCE = np.zeros(0, np.float32)
PROVE = Path(__file__).parents[2] / "prove"
NO_BASELINE = DetectorInputs(baseline=False)
PLAIN = [("the meeting is at three in the small room", "en"), ("会议三点在小房间", "zh"), ("", "en")]
HUM: Audio = np.sin(np.arange(3 * RATE_HZ) / 20).astype(np.float32)


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("thank you so much this is wonderful", "joy"),
        ("i am so angry with them", "anger"),
        ("i feel so sad and lonely today", "sadness"),
        ("i am afraid of the dark", "fear"),
        ("that is disgusting", "disgust"),
        ("the meeting is on the second floor at three", "neutral"),
    ],
)
def test_words_tell_what_they_express(said: str, label: str) -> None:
    found = LocalEmotionDetector(TransientVoiceBaselines()).detect_blocking(Transcript(said, language="en"), SILENCE)
    assert (found.label, found.rank) == (label, label)
    assert sum(found.scores) == pytest.approx(1, abs=1e-4)
    assert not found.abstained


@pytest.mark.parametrize(
    "said",
    [
        "we need to order more paper for the printer",
        "i hope the new dates work for you",
        "sorry for the late reply",
        "thanks for sending the agenda for tomorrow",
        "unfortunately the train is late",
    ],
)
def test_work_dictation_neutral_only_with_prior(said: str) -> None:
    words = Transcript(said, language="en")
    assert LocalEmotionDetector(TransientVoiceBaselines()).detect_blocking(words, SILENCE).label == "neutral"
    assert (
        LocalEmotionDetector(TransientVoiceBaselines(), DetectorInputs(prior=False))
        .detect_blocking(words, SILENCE)
        .label
        != "neutral"
    )


def of_lines(texts: list[str]) -> list[Emotion]:
    local = LocalEmotionDetector(TransientVoiceBaselines())
    return [local.detect_blocking(Transcript(text, language="en"), SILENCE) for text in texts]


def test_plain_text_neutral_and_expressive_text_not() -> None:
    own = tomllib.loads((PROVE / "emotion_texts.toml").read_text(encoding="utf-8"))
    prose = (PROVE / "prose.txt").read_text(encoding="utf-8").splitlines()
    for plain in (own["plain"], prose):
        moved = [one for one in of_lines(plain) if one.label != "neutral"]
        assert len(moved) <= 0.07 * len(plain)
        assert len([one for one in moved if one.confidence >= 0.7]) <= 0.03 * len(plain)
    expressed = of_lines([one["text"] for one in own["expressive"]])
    assert len([one for one in expressed if one.label != "neutral"]) >= 0.8 * len(expressed)


@pytest.mark.parametrize(
    "said",
    [
        "I'm not happy about this.",
        "I'm not angry at you.",
        "I don't hate it.",
        "Not bad.",
        "Grace and Hope are coming at eight.",
        "The amazing race starts at six.",
        "Disgust is one of seven labels.",
        "Sadly is an adverb.",
        "The sad face icon is missing.",
        "The surprise party is on Friday.",
        "Wow is an acronym.",
        "The terrible twos is a phase.",
        "Thanks.",
        "Sorry for the late reply.",
        "The great wall is long.",
    ],
)
def test_judge_denied_or_named_word_is_near_neutral(said: str) -> None:
    (found,) = of_lines([said])
    assert found.label == "neutral"
    assert abs(found.valence) <= NEAR_NEUTRAL


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("I'm furious.", "anger"),
        ("I'm heartbroken.", "sadness"),
        ("I've never been so happy.", "joy"),
        ("I don't care, I hate it.", "anger"),
        ("I'm not angry, I'm absolutely furious.", "anger"),
        ("I don't hate it, I love it!", "joy"),
    ],
)
def test_judge_expressed_emotion_is_heard(said: str, label: str) -> None:
    (found,) = of_lines([said])
    assert found.label == label
    assert abs(found.valence) > NEAR_NEUTRAL


def test_judge_words_beside_their_denial() -> None:
    bars = {"named": 0.05, "denied": 0.05, "denied_zh": 0.0, "expressed": 0.2}
    found = of_nearby()
    assert found.keys() == bars.keys()
    for kind, halves in found.items():
        for half in halves.values():
            assert half["wrong"] <= bars[kind] * half["texts"], (kind, half)


def test_judge_emotion_that_words_do_not_carry_is_rarely_shown() -> None:
    bars = {"office": 0.01, "mixed": 0.05, "self_blame": 0.05, "taken_back": 0.05, "carried": 0.5}
    found = of_unfelt()
    assert found.keys() == bars.keys()
    for kind, halves in found.items():
        kept = halves["kept"]
        assert kept["wrong"] <= bars[kind] * kept["texts"], (kind, kept)


@pytest.mark.parametrize(
    "said",
    [
        "what a spiteful thing i am",
        "I love coding and I loathe meetings.",
        "It would have been a wonderful evening if anyone had come.",
    ],
)
def test_judge_contradicted_praise_shows_no_joy(said: str) -> None:
    assert of_lines([said])[0].label != "joy"


@pytest.fixture
def heads(heads_folder: Path) -> VoiceHeads:
    return VoiceHeads(heads_folder, ())


def test_judge_plain_voice_any_language_near_neutral(heads: VoiceHeads) -> None:
    loud = (3 * HUM).astype(np.float32)
    for voice_heads in (heads, None):
        for text, language in PLAIN:
            one = after_many(voice_heads).detect_blocking(heard(heads, "neutral", 0, text, language), loud)
            assert one.label == "neutral"
            assert 0 < one.arousal <= NEAR_NEUTRAL
            assert abs(one.valence) <= NEAR_NEUTRAL


def test_what_nobody_knows_is_said_and_called_neutral() -> None:
    found = LocalEmotionDetector(TransientVoiceBaselines()).detect_blocking(
        Transcript("今天天气很好", language="zh"), SILENCE
    )
    assert (found.label, found.abstained, found.scores) == ("neutral", True, ())
    assert found.note


def test_the_words_can_be_left_out() -> None:
    found = LocalEmotionDetector(TransientVoiceBaselines(), DetectorInputs(words=False)).detect_blocking(
        Transcript("i am so angry", language="en"), SILENCE
    )
    assert found.label == "neutral"


def heard(heads: VoiceHeads, label: str, by: float, text: str = "", language: str = "en") -> Transcript:
    """A take of which the voice speaks for `label`, `by` so much of the head's own weights for it."""
    head = heads.load("base")
    assert head is not None
    toward = (head.spread * head.weights[:, EMOTION_LABELS.index(label)])[:512]
    state = head.typical[:512] + np.float32(by) * toward / np.linalg.norm(head.weights[:, EMOTION_LABELS.index(label)])
    return Transcript(text, language=language, voice=state.astype(np.float32), voice_model="base")


def after_many(heads: VoiceHeads | None, ways: DetectorInputs | None = None) -> LocalEmotionDetector:
    """A speaker of whom twenty plain takes are known."""
    local = LocalEmotionDetector(TransientVoiceBaselines(), ways, voice_heads=heads)
    plain = Transcript(voice=np.zeros(512, np.float32), voice_model="base")
    for _ in range(20):
        local.detect_blocking(heard(heads, "neutral", 0) if heads is not None else plain, HUM)
    return local


def test_unusual_voice_judged_usual_voice_neutral(heads: VoiceHeads) -> None:
    assert after_many(heads).detect_blocking(heard(heads, "anger", 0), HUM).label == "neutral"
    assert after_many(heads).detect_blocking(heard(heads, "anger", 15), HUM).label == "anger"
    new = LocalEmotionDetector(TransientVoiceBaselines(), voice_heads=heads)
    assert new.detect_blocking(heard(heads, "anger", 15), HUM).calibrating


def test_voice_without_head_gives_arousal_alone(heads: VoiceHeads) -> None:
    angry = heard(heads, "anger", 15, "we meet at three")
    with_head, words = after_many(heads), after_many(None)
    assert with_head.detect_blocking(angry, HUM).label == "anger"
    found = words.detect_blocking(angry, (3 * HUM).astype(np.float32))
    text_alone = LocalEmotionDetector(TransientVoiceBaselines()).detect_blocking(angry, SILENCE)
    assert (found.label, found.scores, found.rank) == ("neutral", text_alone.scores, text_alone.rank)
    assert found.arousal > 0
    assert not found.calibrating


def test_prior_and_baseline_can_be_turned_off(heads: VoiceHeads) -> None:
    slight = heard(heads, "anger", 3)
    assert after_many(heads).detect_blocking(slight, HUM).label == "neutral"
    free = after_many(heads, DetectorInputs(prior=False)).detect_blocking(slight, HUM)
    assert free.label == free.rank == "anger"
    known, unknown = (
        where.detect_blocking(slight, HUM)
        for where in (
            after_many(heads, NO_BASELINE),
            LocalEmotionDetector(TransientVoiceBaselines(), NO_BASELINE, voice_heads=heads),
        )
    )
    assert known.scores == unknown.scores != free.scores


def test_language_without_text_head_has_arousal_only(heads: VoiceHeads) -> None:
    angry = heard(heads, "anger", 15, "ich bin so zornig", "de")
    found = after_many(heads).detect_blocking(angry, HUM)
    assert (found.label, found.valence, found.scores) == ("neutral", 0, ())
    assert "in de" in found.note
    assert after_many(heads, DetectorInputs(words=False)).detect_blocking(angry, HUM).label == "anger"


def test_the_measures_are_the_state_and_the_prosody(heads: VoiceHeads) -> None:
    assert measure_voice(heard(heads, "joy", 1), HUM).shape == (535,)


def test_head_of_another_width_is_not_used(heads: VoiceHeads) -> None:
    narrow = Transcript("we meet at three", language="en", voice=np.ones(384, np.float32), voice_model="base")
    local = LocalEmotionDetector(TransientVoiceBaselines(), voice_heads=heads)
    words = LocalEmotionDetector(TransientVoiceBaselines())
    assert local.detect_blocking(narrow, HUM) == words.detect_blocking(narrow, HUM)


def test_text_head_is_small_with_figures_beside_it() -> None:
    head, figures = HEADS_FOLDER / "text-en-1.npz", json.loads((HEADS_FOLDER / "text-en-1.json").read_text())
    assert head.stat().st_size < 400_000
    assert figures["macro_f1"] >= 0.6
    assert figures["balanced_accuracy"] >= 0.64
    assert figures["ece"] <= 0.06
    assert load_text_head("en") is not None
    assert load_text_head("de") is None


def test_the_command_judges_lines(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "desktop", "emotion", "--text", "--json"],
        env={**os.environ, "INTONE_HOME": str(tmp_path)},
        input="I am so angry with them\n\n今天天气很好\n".encode(),
        capture_output=True,
        timeout=60,
        check=True,
    )
    angry, nothing, chinese = (json.loads(line) for line in done.stdout.splitlines())
    assert (angry["label"], angry["rank"], angry["engine"]) == ("anger", "anger", "local")
    assert set(angry["scores"]) == {"neutral", "joy", "sadness", "anger", "fear", "surprise", "disgust"}
    assert (nothing["label"], nothing["abstained"]) == ("neutral", True)
    assert (chinese["label"], chinese["abstained"]) == ("neutral", True)
    assert "Nothing was said" in nothing["note"]
    assert "in zh" in chinese["note"]
