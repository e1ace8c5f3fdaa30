"""`make pictures`: draw every surface for the README and for review.

Nothing is captured from a screen: the app's own windows are drawn off-screen over made-up dictations (`pictured`), by
the rows, models and words of the tests' windows. Each process draws one language in one theme at one scale, since Qt
reads the scale only at its start. The clock stands still, and nothing is animated. Kept beside this file are the
pictures of `README.md`, and a sheet of all surfaces for each language, theme and scale; `--all DIR` also writes every
single picture there.

Needs the font Noto Sans CJK (`fonts-noto-cjk`); run by hand when the windows' look changes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from datetime import date, datetime, tzinfo
from itertools import product
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
KEPT = Path(__file__).parent / "pictures"
LANGUAGES, THEMES, SCALES = ("en", "zh_CN"), ("light", "dark"), (1, 2)
IN_README = {
    "pill": ("en-light", "en-dark"),
    "history": ("en-light", "en-dark"),
    "mood-1": ("en-light", "en-dark"),
    "settings-models": ("en-light",),
    "settings-text": ("en-dark",),
    "settings-speech": ("zh_CN-light",),
    "first-run-1": ("zh_CN-dark",),
}
"""The pictures shown in the README, drawn at 200 %."""

_UNRAISED = "This plugin does not support"
"""Qt's message about raising or sizing windows off-screen, which is ignored."""

FONT = "Noto Sans CJK SC"
QUALITY, SMALL_QUALITY = 80, 70
TILE, HIGHEST, GAP, ACROSS = 440, 390, 20, 5
"""A sheet's tile width and maximum height and the gap between tiles in pixels, and the number of columns."""


def main() -> int:
    """Draw all pictures, or as a child process those of one language, theme and scale."""
    parser = argparse.ArgumentParser(description="Draw every surface.")
    parser.add_argument("--all", type=Path, help="write every picture there, too")
    parser.add_argument("--one", nargs=3, metavar=("LANGUAGE", "THEME", "SCALE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        language, theme, scale = given.one
        with tempfile.TemporaryDirectory() as folder:
            draw(Path(folder), language, theme, int(scale), given.all)
        os._exit(0)  # an ordinary exit lets Qt destroy windows twice where they outlive their use
    for language, theme, scale in product(LANGUAGES, THEMES, SCALES):
        screen = Path(tempfile.gettempdir()) / f"intone-screen-{os.getpid()}.json"
        wide, high = 1280 * scale, 800 * scale
        screen.write_text(
            f'{{"screens": [{{"name": "one", "x": 0, "y": 0, "width": {wide}, "height": {high}, "logicalDpi": 96}}]}}'
        )
        around = {"QT_QPA_PLATFORM": f"offscreen:configfile={screen}", "QT_SCALE_FACTOR": str(scale)}
        around |= {"TZ": "UTC", "LC_ALL": "C.UTF-8", "HOME": "/home/lin"}
        usual = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "INTONE_"))}
        whole = [sys.executable, __file__, "--one", language, theme, str(scale)]
        try:
            subprocess.run(whole + (["--all", str(given.all)] if given.all else []), env=usual | around, check=True)
        finally:
            screen.unlink()
    return 0


def draw(folder: Path, language: str, theme: str, scale: int, every: Path | None) -> None:
    """Draw all surfaces with the data in `folder`."""
    sys.path.insert(0, str(ROOT))  # this checkout's windows, not an installed version's
    from PySide6.QtCore import QLocale, qInstallMessageHandler
    from PySide6.QtGui import QFont
    from PySide6.QtWidgets import QApplication
    from surfaces import surfaces

    from desktop.settings.schema import Look
    from desktop.ui.i18n import speak
    from desktop.ui.style import tokens

    qInstallMessageHandler(lambda kind, context, said: None if _UNRAISED in said else sys.stderr.write(f"{said}\n"))
    app = QApplication(["intone"])
    app.setCursorFlashTime(0)
    QLocale.setDefault(QLocale(language if language != "en" else "en_GB"))
    app.setFont(QFont(FONT))
    speak(app, language)
    tokens.choose(Look(theme=theme, motion="off"))  # type: ignore[arg-type]
    tokens.apply(app)
    stop_the_clock()
    called = f"{language}-{theme}"
    found = {}
    for name, image in surfaces(folder, language):
        found[name] = image
        if every is not None:
            every.mkdir(parents=True, exist_ok=True)
            image.save(str(every / f"{name}-{called}-{scale}.png"))
        if scale == 2 and called in IN_README.get(name, ()):
            image.save(str(KEPT / f"{name}-{called}.webp"), "WEBP", QUALITY)
    sheet(found).save(str(KEPT / f"sheet-{called}-{scale}00.webp"), "WEBP", SMALL_QUALITY)


def stop_the_clock() -> None:
    """Make the windows see `pictured.NOW` as the time."""
    from pictured import NOW

    from desktop.ui.history import list_view as day_list
    from desktop.ui.settings import engine_cards as engine_choice
    from desktop.ui.statistics import window as mood_window

    class Moment(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return NOW

    class Day(date):
        @classmethod
        def today(cls) -> date:  # type: ignore[override]
            return NOW.date()

    day_list.datetime = mood_window.datetime = Moment  # type: ignore[misc, attr-defined]
    engine_choice.date = Day  # type: ignore[misc, attr-defined]


def sheet(found: dict[str, Any]) -> Any:
    """Draw all of `images` small, with their names."""
    from PySide6.QtCore import QPointF, QRectF, Qt
    from PySide6.QtGui import QColor, QImage, QPainter

    from desktop.ui.style import tokens

    rows = [list(found.items())[at : at + ACROSS] for at in range(0, len(found), ACROSS)]
    small = {
        name: one.scaled(TILE, HIGHEST, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        for name, one in found.items()
    }
    heights = [max(small[name].height() for name, _ in row) for row in rows]
    made = QImage(ACROSS * (TILE + GAP) + GAP, sum(heights) + len(rows) * 2 * GAP + GAP, QImage.Format.Format_RGB32)
    made.fill(QColor(tokens.palette().surface).darker(115 if tokens.dark() else 104))
    painter = QPainter(made)
    painter.setPen(QColor(tokens.palette().quiet))
    top = GAP
    for row, height in zip(rows, heights, strict=True):
        for place, (name, _) in enumerate(row):
            one = small[name]
            one.setDevicePixelRatio(1)
            left = GAP + place * (TILE + GAP)
            painter.drawImage(QPointF(left, top), one)
            painter.setFont(tokens.font(tokens.SMALL_PX))
            painter.drawText(QRectF(left, top + one.height(), TILE, GAP), Qt.AlignmentFlag.AlignLeft, name)
        top += height + 2 * GAP
    painter.end()
    return made


if __name__ == "__main__":
    sys.exit(main())
