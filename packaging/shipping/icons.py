"""Draw the icon from its SVG, with a full PySide6.

`python icons.py SVG FOLDER` writes every size that a Linux desktop needs; `python icons.py SVG FILE.ico` or `FILE.icns`
writes one file for Windows or macOS.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path

SIZES_PX = (16, 22, 24, 32, 48, 64, 128, 256, 512)

ICO_SIZES_PX = (16, 20, 24, 32, 40, 48, 64, 256)
"""Those of Windows' title bars, menus and taskbar at 100 to 200 %, and of its folders."""


def main() -> None:
    """Write FOLDER/SIZExSIZE/apps/intone.png for every size, or the single file."""
    source, target = sys.argv[1], Path(sys.argv[2])
    if target.suffix == ".ico":
        target.write_bytes(build_ico({size: draw(source, size, "PNG") for size in ICO_SIZES_PX}))
    elif target.suffix == ".icns":
        target.write_bytes(draw(source, 256, "ICNS"))
    else:
        for size in SIZES_PX:
            path = target / f"{size}x{size}" / "apps" / "intone.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(draw(source, size, "PNG"))


def draw(source: str, size: int, form: str) -> bytes:
    """Return the picture of `size` pixels in a format of Qt's."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
    from PySide6.QtGui import QImage, QImageWriter, QPainter
    from PySide6.QtSvg import QSvgRenderer

    drawing = QSvgRenderer(source)
    assert drawing.isValid(), source
    picture = QImage(size, size, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    drawing.render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, QByteArray(form.encode())).write(picture), form
    return bytes(buffer.data().data())


def build_ico(pictures: dict[int, bytes]) -> bytes:
    """Return the file of Windows with these PNGs by their size; a size of 256 is written as 0 there."""
    start = 6 + 16 * len(pictures)
    head, body = struct.pack("<3H", 0, 1, len(pictures)), b""
    for size, picture in pictures.items():
        head += struct.pack("<4B2H2I", size % 256, size % 256, 0, 0, 1, 32, len(picture), start + len(body))
        body += picture
    return head + body


if __name__ == "__main__":
    main()
