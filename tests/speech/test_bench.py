"""`intone bench` with a real model, as a person runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.conftest import Clip
from tests.support.lent_files import lend
from tests.support.other_systems import SYSTEM, only_on_linux


def bench(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "desktop", "bench", *words, "--model", "tiny.en"]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=240)


def report(run: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert (run.returncode, run.stderr) == (0, "")
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_release_times_flow_and_batch_and_plots_them(
    environ: dict[str, str], clips: list[Clip], tmp_path: Path
) -> None:
    plot = tmp_path / "latency.png"
    files = [str(clip.path) for clip in clips]
    found = report(bench(environ, "release", *files, "--lengths", "2,5", "--takes", "1", "--json", "--plot", str(plot)))
    assert (found["model"], found["late_ms"], len(found["takes"])) == ("tiny.en", 300, 2)
    for take in found["takes"]:
        # From the physical key-up: the app's own figure begins at the event, which an app that lags hears later.
        assert take["streaming_ms"] >= take["history_ms"] - 1
        assert take["streaming_ms"] >= 50  # the key's grace
        assert take["batch_ms"] > 0
    assert found["slope_ms_per_s"]["low"] <= found["slope_ms_per_s"]["high"]
    assert plot.read_bytes().startswith(b"\x89PNG")
    assert not (tmp_path / "history.db").exists()


def test_accuracy_compares_both_and_resumes(environ: dict[str, str], clips: list[Clip], tmp_path: Path) -> None:
    rows = [f"{clip.path.name}\t{clip.text}" for clip in clips[:2]]
    for clip in clips[:2]:
        lend(clip.path, tmp_path / clip.path.name)
    (tmp_path / "manifest.tsv").write_text("\n".join(["path\ttext", *rows, ""]))
    out = tmp_path / "out.jsonl"
    found = report(bench(environ, "accuracy", str(tmp_path), "--json", "--limit", "1", "--out", str(out)))
    assert found["files"] == 1
    first = out.read_text()
    run = bench(environ, "accuracy", str(tmp_path), "--out", str(out))
    assert run.returncode == 0
    assert "en WER" in run.stdout
    assert out.read_text().startswith(first)
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert {line["path"] for line in lines} == {clip.path.name for clip in clips[:2]}
    found = report(bench(environ, "accuracy", str(tmp_path), "--json", "--out", str(out)))
    (english,) = found["languages"]
    assert english["files"] == 2
    assert english["streaming_percent"] <= 30
    assert english["batch_percent"] <= 30


def test_engines_resume_by_the_recordings_bytes(environ: dict[str, str], clips: list[Clip], tmp_path: Path) -> None:
    spoken, silent, out = tmp_path / "1.wav", tmp_path / "silent.wav", tmp_path / "out.jsonl"
    spoken.write_bytes(clips[0].path.read_bytes())
    soundfile.write(silent, np.zeros(16_000, np.float32), 16_000)
    command = [sys.executable, "-m", "desktop", "bench", "engines", "--models", "tiny.en", "--json", "--out", str(out)]

    def measure() -> dict[str, Any]:
        files = [str(silent), str(spoken)]
        return report(subprocess.run([*command, *files], env=environ, capture_output=True, text=True, timeout=240))

    found = measure()
    (take,) = found["takes"]
    assert (found["without_speech"], take["path"], bool(take["text"])) == (1, str(spoken), True)
    assert len(out.read_text().splitlines()) == 1
    assert measure()["takes"] == [take]
    assert len(out.read_text().splitlines()) == 1
    spoken.write_bytes(clips[1].path.read_bytes())
    (other,) = measure()["takes"]
    assert other["text"] not in ("", take["text"])
    assert len(out.read_text().splitlines()) == 2


def test_memory_is_sampled_on_both_sides(environ: dict[str, str], clips: list[Clip]) -> None:
    files = [str(clip.path) for clip in clips]
    found = report(bench(environ, "memory", *files, "--minutes", "0.4", "--json"))
    assert [round(sample["at_s"], -1) for sample in found["samples"]] == [0, 10, 20]
    assert all(sample["app_mb"] > 20 and sample["model_mb"] > 50 for sample in found["samples"])
    assert found["flat"] is None


@pytest.mark.parametrize("what", ["release", "memory"])
def test_without_speech_it_says_what_to_give(environ: dict[str, str], what: str) -> None:
    if what == "memory":
        only_on_linux(SYSTEM)
    run = bench(environ, what)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.strip().endswith("Give recordings of speech, for example: intone bench release *.flac")
