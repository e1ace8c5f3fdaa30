"""`intone transcribe`, as a script runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Clip
from tests.support.cloud.faults import At, refused
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.tls_server import serve
from tests.support.cloud.words import Said
from tests.support.words import error_rate

KEYS = ["file", "text", "language", "duration_s", "segments", "decode_s", "release_to_text_ms"]
KEYS += ["engine", "model", "note", "sent"]


def transcribe(environ: dict[str, str], *words: str) -> tuple[int, list[dict[str, Any]], str]:
    """The exit status, the objects printed, and what went to standard error."""
    run = subprocess.run(
        [sys.executable, "-m", "desktop", "transcribe", *words],
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return run.returncode, [json.loads(line) for line in run.stdout.splitlines()], run.stderr


def test_bad_file_is_reported_in_order_and_fails_last(
    environ: dict[str, str], clips: list[Clip], tmp_path: Path
) -> None:
    bad = tmp_path / "not audio.txt"
    bad.write_text("these are no samples")
    files = [str(bad), str(clips[1].path), str(tmp_path / "missing.wav"), str(clips[4].path)]
    status, answers, errors = transcribe(environ, "--json", *files)
    assert status == 1
    assert [answer["file"] for answer in answers] == files
    assert [list(answer) for answer in answers] == [["file", "error"], KEYS, ["file", "error"], KEYS]
    assert error_rate(clips[4].text, answers[3]["text"]) <= 0.3
    assert answers[1]["release_to_text_ms"] is None
    assert answers[1]["duration_s"] == pytest.approx(2.99, abs=0.05)
    assert errors == ""
    assert not (tmp_path / "history.db").exists()


def test_realtime_reports_release_to_text_time(environ: dict[str, str], clips: list[Clip]) -> None:
    status, (answer,), _ = transcribe(environ, "--json", "--realtime", "--polish", str(clips[1].path))
    assert status == 0
    assert list(answer) == [*KEYS, "polished"]
    assert answer["release_to_text_ms"] >= 0
    assert answer["polished"][-1] in ".?!"


def test_without_json_it_prints_the_text_alone(environ: dict[str, str], clips: list[Clip]) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "desktop", "transcribe", str(clips[1].path)],
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0
    assert error_rate(clips[1].text, run.stdout) <= 0.3
    assert run.stdout.count("\n") == 1


def test_chosen_service_answers_with_local_fallback(environ: dict[str, str], clips: list[Clip], tmp_path: Path) -> None:
    server = OpenAI(Said("From very far away"), key="sk-test")
    writer = OpenAI(compatible=True, chat=lambda messages: "From very far away!")
    with serve(server) as served, serve(writer) as polishing:
        settings = subprocess.run(
            [sys.executable, "-m", "desktop", "settings", "path"],
            env=environ,
            capture_output=True,
            text=True,
            check=True,
        )
        Path(settings.stdout.strip()).parent.mkdir(parents=True, exist_ok=True)
        Path(settings.stdout.strip()).write_text(
            '[recognizer]\nengine = "openai"\nlanguage = ["en"]\n'
            f'[engines.openai]\nurl = "{served.url}"\n'
            f'[polish]\nmode = "llm"\nurl = "{polishing.url}/v1"\nbudget_ms = 3000\n'
        )
        known = {**environ, **served.environ, "OPENAI_API_KEY": "sk-test", "INTONE_POLISH_KEY": "sk-test"}
        _, (far,), _ = transcribe(known, "--json", "--polish", str(clips[1].path))
        server.faults += [refused(At.TRANSCRIPTION, 401)]
        status, (near,), _ = transcribe(known, "--json", str(clips[1].path))
    assert (far["text"], far["engine"], far["note"]) == ("From very far away", "openai", "")
    assert far["polished"] == "From very far away!"
    assert [sent["purpose"] for sent in far["sent"]] == ["speech", "polish"]
    assert status == 0
    assert near["engine"] == "whisper"
    assert near["note"] == "OpenAI does not accept the key. Used the local text."
    assert error_rate(clips[1].text, near["text"]) <= 0.3
