"""The pill stands on the screen of the window in front: two screens of different scale, as Windows places them.

Qt reads its screens at its start, so each case is a process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]

SCREENS = [
    {"name": "left", "x": 0, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 96},
    {"name": "right", "x": 1920, "y": 0, "width": 3840, "height": 2160, "logicalDpi": 96},
]

CODE = """
import json, sys
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QWidget
from desktop.core.types import Target
from desktop.ui.pill import placement
from desktop.ui.window_system import UnknownWindowSystem

class Windows(UnknownWindowSystem):
    def find_rect(self, handle):
        return QRect(*json.loads(sys.argv[1])) if handle == 7 else None

app, system = QApplication(["intone"]), Windows()
placement.window_system = lambda: system
pill = placement.PillPlacement(QWidget(), placement.PillPositions(None, lambda work: None))
pill.set_target(Target(handle=7))
body = pill.body_rect(400, 44).toRect()
screen = placement.find_screen(7)
print(json.dumps([screen.name(), screen.devicePixelRatio(), *body.getRect()]))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "screens.json").write_text(json.dumps({"screens": SCREENS}))
    return tmp_path


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ((100, 100, 800, 600), ["left", 1, 760, 1012, 400, 44]),
        ((2000, 200, 1600, 1200), ["right", 2, 2680, 1012, 400, 44]),
        ((5000, 1500, 700, 600), ["right", 2, 2680, 1012, 400, 44]),
        ((-8, -8, 1936, 1096), ["left", 1, 760, 1012, 400, 44]),
        ((1700, 100, 800, 600), ["right", 2, 2680, 1012, 400, 44]),
    ],
    ids=["at 100 %", "at 200 %", "in the corner at 200 %", "maximized", "mostly on the right"],
)
def test_pill_is_at_foot_of_the_windows_screen(
    folder: Path, window: tuple[int, int, int, int], expected: list[str | int]
) -> None:
    """The window's place is in native pixels, the pill's in Qt's: its screen keeps its corner and has half the size."""
    qt = {"QT_QPA_PLATFORM": "offscreen:configfile=screens.json", "QT_SCREEN_SCALE_FACTORS": "left=1;right=2"}
    child = subprocess.run(
        [sys.executable, "-c", CODE, json.dumps(window)],
        cwd=folder,  # the name of a drive has a colon, which parts Qt's arguments
        env=os.environ | qt | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert child.returncode == 0, child.stderr
    assert json.loads(child.stdout) == expected
