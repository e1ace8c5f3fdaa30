"""`intone transcribe` with a service that fails, and no local model to answer instead."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import soundfile

from desktop.core.types import RATE_HZ
from tests.support.cloud.faults import At, refused
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.tls_server import serve

ROOT = Path(__file__).parents[3]


def test_failed_file_does_not_speak_of_a_dictation(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    soundfile.write(file, np.random.default_rng(0).normal(0, 0.05, RATE_HZ).astype(np.float32), RATE_HZ)
    with serve(OpenAI(faults=[refused(At.TRANSCRIPTION, 503) for _ in range(2)])) as served:
        (tmp_path / "settings.toml").write_text(
            f'[recognizer]\nengine = "openai"\n[engines.openai]\nurl = "{served.url}/v1"\n'
        )
        environ = {**os.environ, **served.environ, "INTONE_HOME": str(tmp_path), "OPENAI_API_KEY": "sk-test"}
        done = subprocess.run(
            [sys.executable, "-m", "desktop", "transcribe", "--json", str(file)],
            env={**environ, "XDG_RUNTIME_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=60,
        )
    problem = "OpenAI has a problem of its own (status 503). Try again in a moment."
    assert (done.returncode, json.loads(done.stdout)) == (1, {"file": str(file), "error": problem})
