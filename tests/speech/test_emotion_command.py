"""`intone emotion` of recordings, as a script runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from desktop.core.types import RATE_HZ
from models.emotion.training.voice import build_head
from tests.conftest import Clip
from tests.support.voice_head import write_measures


def emotion(environ: dict[str, str], *words: str) -> tuple[int, list[dict[str, Any]]]:
    """The exit status and the objects printed."""
    run = subprocess.run(
        [sys.executable, "-m", "desktop", "emotion", "--json", *words], env=environ, capture_output=True, timeout=120
    )
    return run.returncode, [json.loads(line) for line in run.stdout.splitlines()]


def test_files_of_one_speaker_continue_past_a_bad_one(
    environ: dict[str, str], clips: list[Clip], tmp_path: Path
) -> None:
    bad, silent = tmp_path / "not audio.txt", tmp_path / "silent.wav"
    bad.write_text("these are no samples")
    soundfile.write(silent, np.zeros(2 * RATE_HZ, np.float32), RATE_HZ)
    measures = tmp_path / "measures.npz"
    files = [str(clips[0].path), str(bad), str(silent), str(tmp_path / "missing.wav"), str(clips[1].path)]
    status, found = emotion(environ, "--lang", "en", "--measures", str(measures), *files)
    assert status == 1
    assert [one["file"] for one in found] == files
    first, unreadable, nothing, missing, second = found
    assert "cannot be read" in unreadable["error"]
    assert "There is no file" in missing["error"]
    assert (nothing["label"], nothing["abstained"]) == ("neutral", True)
    assert "Nothing was said" in nothing["note"]
    assert first["label"] == second["label"] == "neutral"
    assert first["arousal"] == 0  # nobody is louder than usual in the first take
    assert second["arousal"] != 0
    assert sum(second["scores"].values()) == pytest.approx(1, abs=1e-9)
    with np.load(measures) as held:
        assert [Path(name).stem for name in held["files"]] == [clips[0].path.stem, clips[1].path.stem]
        assert all(str(text).strip() for text in held["texts"])
        assert set(held["models"]) == {"base"}
        assert held["measures"].shape == (2, 535)
        assert held["seconds"].min() > 1


def test_no_baseline_scores_equal_files_equally(environ: dict[str, str], clips: list[Clip], tmp_path: Path) -> None:
    heads = tmp_path / "emotion"
    heads.mkdir()
    build_head([write_measures(tmp_path / "measures.npz")], "base", heads)
    files = [str(clips[at].path) for at in (0, 1, 0)]
    status, found = emotion(environ, "--lang", "en", "--voice-only", "--no-baseline", *files)
    assert status == 0
    assert found[0] == found[2]
    assert found[0]["scores"] != found[1]["scores"]
    for one in found:
        assert one["label"] == one["rank"] == max(one["scores"], key=one["scores"].get)
        assert not one["abstained"]


def test_voice_only_without_head_has_no_label(environ: dict[str, str], clips: list[Clip]) -> None:
    status, (found,) = emotion(environ, "--lang", "en", "--voice-only", str(clips[0].path))
    assert status == 0
    assert (found["label"], found["abstained"], found["scores"]) == ("neutral", True, {})


def test_language_without_head_reports_only_arousal(environ: dict[str, str], clips: list[Clip]) -> None:
    status, found = emotion(environ, "--lang", "de", *(str(clip.path) for clip in clips[:2]))
    assert status == 0
    for one in found:
        assert (one["label"], one["abstained"], one["valence"]) == ("neutral", True, 0)
        assert not one["scores"]
        assert "in de" in one["note"]
    assert found[1]["arousal"] != 0
