"""What stands between the start and the tray."""

from __future__ import annotations

import os
import subprocess
import sys


def test_the_tray_waits_for_nothing_that_only_a_dictation_needs() -> None:
    late = ("numpy", "httpx2", "onnxruntime", "opencc", "sounddevice", "desktop.engine", "desktop.ui.pill")
    script = f"import sys, desktop.app; print([name for name in {late} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
