"""The pill stands on the screen of the window in front: two screens of different scale, as Windows places them.

Qt reads its screens at its start, so each case is a process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[4]

LEFT = {"name": "left", "x": 0, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 96}

RIGHT_SIZE = (3840, 2160)

TASKBAR = 48
"""The height of Windows' taskbar at 100 %."""

MARGIN = 1.0
"""Native pixels of the work area at its edges, where Qt rounds, that the pill leaves free at least."""

CODE = """
import json, sys
from PySide6.QtCore import QPointF, QRect, QRectF
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
screen = placement.find_screen(7)
bodies = [pill.body_rect(400, 44)]
pill.edge = "top"
bodies.append(pill.body_rect(400, 44))
for corner in (QPointF(-1e4, -1e4), QPointF(1e5, -1e4), QPointF(-1e4, 1e5), QPointF(1e5, 1e5)):
    pill.drag_to(QRectF(corner.x(), corner.y(), 400, 44), QPointF(screen.geometry().center()))
    bodies.append(pill.body_rect(400, 44))
rects = [body.toRect().getRect() for body in bodies]
print(json.dumps({"screen": screen.name(), "scale": screen.devicePixelRatio(), "rects": rects}))
"""


def place(folder: Path, window: tuple[int, int, int, int], scale: float, right_size: tuple[int, int]) -> dict[str, Any]:
    """Place the pill for a window in native pixels, beside a right screen of this size: at the foot, at the top, and
    dragged to each corner."""
    right = {**LEFT, "name": "right", "x": 1920, "width": right_size[0], "height": right_size[1]}
    (folder / "screens.json").write_text(json.dumps({"screens": [LEFT, right]}))
    qt = {"QT_QPA_PLATFORM": "offscreen:configfile=screens.json", "QT_SCREEN_SCALE_FACTORS": f"left=1;right={scale}"}
    child = subprocess.run(
        [sys.executable, "-c", CODE, json.dumps(window)],
        cwd=folder,  # the name of a drive has a colon, which parts Qt's arguments
        env=os.environ | qt | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert child.returncode == 0, child.stderr
    placed: dict[str, Any] = json.loads(child.stdout)
    return placed


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
    tmp_path: Path, window: tuple[int, int, int, int], expected: list[str | int]
) -> None:
    """The window's place is in native pixels, the pill's in Qt's: its screen keeps its corner and has half the size."""
    placed = place(tmp_path, window, 2, RIGHT_SIZE)
    assert [placed["screen"], placed["scale"], *placed["rects"][0]] == expected


@pytest.mark.parametrize("right_size", [RIGHT_SIZE, (1366, 768)], ids=str)
@pytest.mark.parametrize("scale", [1.25, 1.5, 1.75])
def test_pill_is_in_the_work_area_at_every_scale(tmp_path: Path, scale: float, right_size: tuple[int, int]) -> None:
    """Qt rounds the size of the work area, which is the whole of a screen here; the pill stays within its pixels, and
    is in its middle but for that rounding."""
    width, height = right_size[0], right_size[1] - round(TASKBAR * scale)
    placed = place(tmp_path, (1920 + width - 300, height - 200, 300, 200), scale, (width, height))
    assert (placed["screen"], placed["scale"]) == ("right", scale)
    for x, y, body_width, body_height in placed["rects"]:
        left, top = (x - 1920) * scale, y * scale
        assert MARGIN <= left <= width - MARGIN - body_width * scale
        assert MARGIN <= top <= height - MARGIN - body_height * scale
    for x, _, body_width, _ in placed["rects"][:2]:
        assert abs((x - 1920 + body_width / 2) * scale - width / 2) <= scale
