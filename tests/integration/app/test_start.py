"""What stands between the start and the tray."""

from __future__ import annotations

import os
import subprocess
import sys

TO_THE_TRAY = """
import sys
import desktop.ui.main as app
qt = app.QApplication([])
bridge = app.Bridge()
app.tokens.apply_style(qt)
paths = app.find_paths()
live_settings = app.LiveSettings(paths)
context = app.ControllerContext(paths, live_settings, print, bridge.call)
tray = app.TrayIcon(app.AppController(context, print, print))
"""
"""What the app does before it waits for anything."""


def test_tray_loads_nothing_only_dictation_needs() -> None:
    late = (
        "numpy",
        "httpx2",
        "openai",
        "onnxruntime",
        "opencc",
        "sounddevice",
        "desktop.app.engine",
        "desktop.ui.pill.window",
    )
    script = f"{TO_THE_TRAY}print([name for name in {late} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_engine_loads_nothing_only_a_correction_or_a_free_hand_needs() -> None:
    late = (
        "desktop.dictation.again",
        "desktop.dictation.again_learning",
        "desktop.dictation.again_match",
        "desktop.vocabulary.likeness",
        "desktop.dictation.hands_free",
        "desktop.dictation.paragraphs",
        "desktop.dictation.pauses",
        "desktop.dictation.spoken_commands",
    )
    script = f"import sys, desktop.app.engine; print([name for name in {late} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
