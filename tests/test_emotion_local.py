"""The emotion of words, without anybody else's help."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from desktop.emotion.local import HEADS, Local, Ways, text_head
from desktop.emotion.voices import Passing
from desktop.ports import Transcript

SILENCE = np.zeros(0, np.float32)


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
    found = Local(Passing()).judge(Transcript(said, language="en"), SILENCE)
    assert (found.label, found.rank) == (label, label)
    assert sum(found.scores) == pytest.approx(1, abs=1e-4)
    assert not found.abstained


@pytest.mark.parametrize(
    "said",
    [
        "we need to order more paper for the printer",
        "please forward this to the whole team",
        "we are waiting for the approval from legal",
        "can someone help me with the projector",
        "i would suggest that we start with the smaller task",
    ],
)
def test_what_one_dictates_at_work_is_neutral_though_others_score_higher_without_the_prior(said: str) -> None:
    words = Transcript(said, language="en")
    assert Local(Passing()).judge(words, SILENCE).label == "neutral"
    assert Local(Passing(), Ways(prior=False)).judge(words, SILENCE).label != "neutral"


def test_what_nobody_knows_is_said_and_called_neutral() -> None:
    found = Local(Passing()).judge(Transcript("今天天气很好", language="zh"), SILENCE)
    assert (found.label, found.abstained, found.scores) == ("neutral", True, ())
    assert found.note


def test_the_words_can_be_left_out() -> None:
    found = Local(Passing(), Ways(words=False)).judge(Transcript("i am so angry", language="en"), SILENCE)
    assert found.label == "neutral"


def test_the_head_for_words_is_small_and_its_figures_lie_beside_it() -> None:
    head, figures = HEADS / "text-en-1.npz", json.loads((HEADS / "text-en-1.json").read_text())
    assert head.stat().st_size < 1_500_000
    assert figures["macro_f1"] >= 0.57
    assert figures["ece"] <= 0.06
    assert text_head("en") is not None
    assert text_head("de") is None


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
