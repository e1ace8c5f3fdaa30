"""`make pictures`: draw every surface for the documents and for review.

Nothing is captured from a screen: the app's own windows are drawn off-screen over made-up dictations
(`picture_data`), by the rows, models and words of the tests' windows. Each process draws one language in one theme at
one scale, since Qt reads the scale only at its start. The clock stands still, and nothing is animated. Kept beside this
file are the pictures of `README.md` and `docs/user-guide.md`, and a sheet of all surfaces for each language, theme and
scale; `--all DIR` also writes every single picture there.

Needs the fonts Noto Sans CJK and Noto Color Emoji (`fonts-noto-cjk`, `fonts-noto-color-emoji`); run by hand when the
windows' look changes.
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
PICTURES = Path(__file__).parent / "pictures"
LANGUAGES, THEMES, SCALES = ("en", "zh_CN"), ("light", "dark"), (1, 2)
DOCUMENT_PICTURES = {
    "pill": ("en-light", "en-dark"),
    "history": ("en-light", "en-dark"),
    "mood-1": ("en-light", "en-dark"),
    "settings-models": ("en-light",),
    "settings-text": ("en-dark",),
    "settings-speech": ("zh_CN-light",),
    "first-run-1": ("zh_CN-dark",),
}
"""The pictures shown in the README and the user guide, drawn at 200 %."""

_IGNORED_MESSAGE = "This plugin does not support"
"""Qt's message about raising or sizing windows off-screen, which is ignored."""

FONT = "Noto Sans CJK SC"
QUALITY, SMALL_QUALITY = 80, 70
TILE_WIDTH, MAX_TILE_HEIGHT, GAP, COLUMNS = 440, 390, 20, 5
"""A sheet's tile width and maximum height and the gap between tiles in pixels, and the number of columns."""


def main() -> int:
    """Draw all pictures, or as a child process those of one language, theme and scale."""
    parser = argparse.ArgumentParser(description="Draw every surface.")
    parser.add_argument("--all", type=Path, help="write every picture there, too")
    parser.add_argument("--one", nargs=3, metavar=("LANGUAGE", "THEME", "SCALE"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        language, theme, scale = args.one
        with tempfile.TemporaryDirectory() as folder:
            draw_pictures(Path(folder), language, theme, int(scale), args.all)
        os._exit(0)  # an ordinary exit lets Qt destroy windows twice where they outlive their use
    for language, theme, scale in product(LANGUAGES, THEMES, SCALES):
        screen = Path(tempfile.gettempdir()) / f"intone-screen-{os.getpid()}.json"
        wide, high = 1280 * scale, 800 * scale
        screen.write_text(
            f'{{"screens": [{{"name": "one", "x": 0, "y": 0, "width": {wide}, "height": {high}, "logicalDpi": 96}}]}}'
        )
        overrides = {"QT_QPA_PLATFORM": f"offscreen:configfile={screen}", "QT_SCALE_FACTOR": str(scale)}
        overrides |= {"TZ": "UTC", "LC_ALL": "C.UTF-8", "HOME": "/home/lin"}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "INTONE_"))}
        command = [sys.executable, __file__, "--one", language, theme, str(scale)]
        try:
            subprocess.run(
                command + (["--all", str(args.all)] if args.all else []), env=inherited | overrides, check=True
            )
        finally:
            screen.unlink()
    return 0


def draw_pictures(folder: Path, language: str, theme: str, scale: int, all_folder: Path | None) -> None:
    """Draw all surfaces with the data in `folder`."""
    sys.path.insert(0, str(ROOT))  # this checkout's windows, not an installed version's
    from PySide6.QtCore import QLocale, qInstallMessageHandler
    from PySide6.QtGui import QFont
    from PySide6.QtWidgets import QApplication
    from surfaces import draw_surfaces

    from desktop.settings.schema import LookSettings
    from desktop.ui.i18n import install_language
    from desktop.ui.style import tokens

    qInstallMessageHandler(
        lambda kind, context, text: None if _IGNORED_MESSAGE in text else sys.stderr.write(f"{text}\n")
    )
    app = QApplication(["intone"])
    app.setCursorFlashTime(0)
    QLocale.setDefault(QLocale(language if language != "en" else "en_GB"))
    app.setFont(QFont(FONT))
    install_language(app, language)
    tokens.apply_look(LookSettings(theme=theme, motion="off"))  # type: ignore[arg-type]
    tokens.apply_style(app)
    freeze_clock()
    variant = f"{language}-{theme}"
    images = {}
    for name, image in draw_surfaces(folder, language):
        images[name] = image
        if all_folder is not None:
            all_folder.mkdir(parents=True, exist_ok=True)
            image.save(str(all_folder / f"{name}-{variant}-{scale}.png"))
        if scale == 2 and variant in DOCUMENT_PICTURES.get(name, ()):
            image.save(str(PICTURES / f"{name}-{variant}.webp"), "WEBP", QUALITY)
    draw_sheet(images).save(str(PICTURES / f"sheet-{variant}-{scale}00.webp"), "WEBP", SMALL_QUALITY)


def freeze_clock() -> None:
    """Make the windows see `picture_data.NOW` as the time."""
    from picture_data import NOW

    from desktop.ui.history import list_view
    from desktop.ui.settings import engine_cards
    from desktop.ui.statistics import window as statistics_window

    class Moment(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return NOW

    class Day(date):
        @classmethod
        def today(cls) -> date:  # type: ignore[override]
            return NOW.date()

    list_view.datetime = statistics_window.datetime = Moment  # type: ignore[misc, attr-defined]
    engine_cards.date = Day  # type: ignore[misc, attr-defined]


def draw_sheet(images: dict[str, Any]) -> Any:
    """Draw all of `images` small, with their names."""
    from PySide6.QtCore import QPointF, QRectF, Qt
    from PySide6.QtGui import QColor, QImage, QPainter

    from desktop.ui.style import tokens

    rows = [list(images.items())[at : at + COLUMNS] for at in range(0, len(images), COLUMNS)]
    small = {
        name: image.scaled(
            TILE_WIDTH, MAX_TILE_HEIGHT, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        for name, image in images.items()
    }
    heights = [max(small[name].height() for name, _ in row) for row in rows]
    sheet_image = QImage(
        COLUMNS * (TILE_WIDTH + GAP) + GAP, sum(heights) + len(rows) * 2 * GAP + GAP, QImage.Format.Format_RGB32
    )
    sheet_image.fill(QColor(tokens.current_palette().surface).darker(115 if tokens.is_dark() else 104))
    painter = QPainter(sheet_image)
    painter.setPen(QColor(tokens.current_palette().quiet))
    top = GAP
    for row, height in zip(rows, heights, strict=True):
        for place, (name, _) in enumerate(row):
            tile = small[name]
            tile.setDevicePixelRatio(1)
            left = GAP + place * (TILE_WIDTH + GAP)
            painter.drawImage(QPointF(left, top), tile)
            painter.setFont(tokens.font(tokens.SMALL_PX))
            painter.drawText(QRectF(left, top + tile.height(), TILE_WIDTH, GAP), Qt.AlignmentFlag.AlignLeft, name)
        top += height + 2 * GAP
    painter.end()
    return sheet_image


if __name__ == "__main__":
    sys.exit(main())
