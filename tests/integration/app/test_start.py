"""What stands between the start and the tray."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.core.process import TRY_START

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


def test_app_keeps_no_source_of_its_modules() -> None:
    """PySide reads, and keeps, that of each module which is imported after it."""
    kept = "import linecache; print([file for file in linecache.cache if 'desktop' in file])"
    for start in ("import PySide6.QtCore, desktop.ui.main", "from desktop.__main__ import _import_app; _import_app()"):
        done = subprocess.run([sys.executable, "-c", f"{start}; {kept}"], capture_output=True, text=True, check=True)
        assert (done.stdout.strip() == "[]") == ("_import_app" in start), done.stdout


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


def test_try_start_where_a_library_is_missing_fails(tmp_path: Path) -> None:
    (tmp_path / "PySide6.py").write_text("raise ImportError('libEGL.so.1: cannot open shared object file')\n")
    done = _run_try_start({**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"})
    assert (done.returncode, done.stdout) == (1, "")
    assert "libEGL.so.1" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_try_start_without_a_display_fails() -> None:
    done = _run_try_start({name: value for name, value in os.environ.items() if "DISPLAY" not in name})
    assert (done.returncode, done.stdout) == (1, "")
    assert "no display" in done.stderr


def _run_try_start(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "desktop", TRY_START]
    return subprocess.run(command, env=environ, capture_output=True, text=True)
