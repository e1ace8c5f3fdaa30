"""One's own words with the real model: what is added changes the next take, and is not heard where nobody speaks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from desktop.core.types import RATE_HZ
from tests.conftest import Clip
from tests.speech.conftest import MODELS
from tests.support.lent_files import lend


@pytest.fixture
def home(tmp_path: Path) -> Path:
    lend(MODELS, tmp_path / "models")
    return tmp_path


def intone(home: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "desktop", *arguments],
        env={**os.environ, "INTONE_HOME": str(home), "XDG_RUNTIME_DIR": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


def heard(home: Path, file: Path) -> tuple[str, str]:
    """What is recognized, and what is written."""
    answer = json.loads(intone(home, "transcribe", "--json", "--polish", str(file)))
    return answer["text"], answer["polished"]


def test_added_term_applies_to_the_next_dictation(home: Path, clips: list[Clip]) -> None:
    raw, written = heard(home, clips[0].path)
    assert "John Dashwood had" in raw
    assert "John Dashwood had" in written
    intone(home, "vocabulary", "add", "--word", "John Dashwoode")
    raw, written = heard(home, clips[0].path)
    assert "John Dashwoode had" in raw
    assert "John Dashwoode had" in written
    intone(home, "vocabulary", "add", "John Dashwoode", "Jack Dashwood")
    raw, written = heard(home, clips[0].path)
    assert "John Dashwoode had" in raw
    assert "Jack Dashwood had" in written


def test_none_of_it_is_heard_in_silence(home: Path, tmp_path: Path) -> None:
    intone(home, "vocabulary", "add", "--word", "Kubernetes", "John Dashwoode")
    intone(home, "vocabulary", "add", "get hub", "GitHub")
    intone(home, "vocabulary", "add", "--snippet", "my address", "12 High Street")
    noise = np.random.default_rng(3).normal(0, 0.01, 3 * RATE_HZ).astype(np.float32)
    soundfile.write(tmp_path / "noise.wav", noise, RATE_HZ)
    assert heard(home, tmp_path / "noise.wav") == ("", "")
