"""What the libraries would tell about themselves, if they were let."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HEARS = """
import faster_whisper
import numpy as np
from desktop.core.types import FRAME_SAMPLES
from desktop.audio.vad import VoiceActivity
VoiceActivity()(np.zeros(FRAME_SAMPLES, np.float32))
"""


def test_onnxruntime_prepares_no_report_of_its_use(tmp_path: Path) -> None:
    """It would keep a device's id and a queue of reports in the home, and send them."""
    first = "import desktop\n"
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "ORT_"))}
    subprocess.run([sys.executable, "-c", first + HEARS], env={**environ, "HOME": str(tmp_path)}, check=True)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_child_process_is_told_as_well() -> None:
    shown = "import os; print(*(f'{name}={value}' for name, value in os.environ.items()), sep='\\n')"
    told = f"import subprocess, sys, desktop; sys.exit(subprocess.call([sys.executable, '-c', {shown!r}]))"
    environ = {key: value for key, value in os.environ.items() if not key.startswith("ORT_")}
    done = subprocess.run([sys.executable, "-c", told], env=environ, check=True, capture_output=True, text=True)
    assert "ORT_DISABLE_TELEMETRY=1" in done.stdout.splitlines()
