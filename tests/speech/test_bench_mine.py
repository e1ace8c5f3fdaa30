"""`intone bench mine` with real models and a real history, as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from desktop.app.bench_service import MODULE
from desktop.history.bench_results import load_results
from tests.conftest import Clip
from tests.support.bench_history import Dictated, fill


def run_mine(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "desktop", "bench", "mine", *words]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=240)


def test_models_are_compared_on_corrected_recordings_and_results_stay(
    environ: dict[str, str], clips: list[Clip], tmp_path: Path
) -> None:
    (tmp_path / "settings.toml").write_text('[recognizer]\nmodel = "tiny.en"\nlanguage = ["en"]\n')
    fill(tmp_path, [Dictated(clip.path, 5.0, clip.text, clip.text) for clip in clips[:2]])
    results = tmp_path / "bench.json"
    words = ("--models", "tiny.en", "--json")
    run = run_mine(environ, *words, "--limit", "1")
    assert (run.returncode, run.stderr) == (0, "")
    report: dict[str, Any] = json.loads(run.stdout)
    (tiny,) = report["models"]
    assert (report["in_use"], report["checked"], report["results"], tiny["verdict"]) == ("tiny.en", 1, 1, "in-use")
    assert tiny["words_right_percent"] >= 60
    assert tiny["release_p50_ms"] > 0
    assert {service["verdict"] for service in report["services"]} == {"not-run"}
    ((known,),) = (one.values() for one in load_results(results).values())
    run = run_mine(environ, *words, "--minutes", "0")
    assert json.loads(run.stdout)["results"] == 1
    assert json.loads(run.stdout)["results_wanted"] == 2
    assert [[*one.values()] for one in load_results(results).values()] == [[known]]
    stored = results.read_text()
    assert not any(word in stored.lower() for word in clips[0].text.lower().split() if len(word) > 3)


def test_process_of_the_app_ends_by_itself_while_the_app_runs(
    environ: dict[str, str], clips: list[Clip], tmp_path: Path
) -> None:
    (tmp_path / "settings.toml").write_text('[recognizer]\nmodel = "tiny.en"\nlanguage = ["en"]\n')
    fill(tmp_path, [Dictated(clips[0].path, 5.0, clips[0].text, clips[0].text)])
    command, pipe = [sys.executable, "-P", "-m", MODULE], subprocess.PIPE
    with subprocess.Popen(command, env=environ, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        lines = [json.loads(line) for line in process.stdout]  # the end of standard input would end it too
        status = process.wait(timeout=60)
        assert process.stderr is not None
        assert (status, process.stderr.read()) == (0, "")
    assert lines
    assert all(line["model"] for line in lines)
    assert lines[-1]["done"] == lines[-1]["total"] > 0


def test_without_a_model_it_says_what_to_do(tmp_path: Path, environ: dict[str, str]) -> None:
    run = run_mine({**environ, "INTONE_HOME": str(tmp_path / "empty")})
    assert run.returncode == 1
    assert "intone models pull base" in run.stderr
