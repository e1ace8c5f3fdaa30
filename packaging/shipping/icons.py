"""Draw the icon from its SVG, with a full PySide6.

`python icons.py SVG FOLDER` writes every size that a Linux desktop needs; `python icons.py SVG FILE.ico` or `FILE.icns`
writes one file for Windows or macOS.
"""

from __future__ import annotations

import sys
from pathlib import Path

SIZES_PX = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def main() -> None:
    """Write FOLDER/SIZExSIZE/apps/intone.png for every size, or the single file."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    source, target = sys.argv[1], Path(sys.argv[2])
    single = target.suffix in (".ico", ".icns")
    drawing = QSvgRenderer(source)
    assert drawing.isValid(), source
    for size in (256,) if single else SIZES_PX:
        picture = QImage(size, size, QImage.Format.Format_ARGB32)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        drawing.render(painter)
        painter.end()
        path = target if single else target / f"{size}x{size}" / "apps" / "intone.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        assert picture.save(str(path)), path


if __name__ == "__main__":
    main()
