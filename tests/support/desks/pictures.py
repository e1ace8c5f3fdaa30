"""Pictures for a desktop's clipboard."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage

SIDE = 256
"""Of a picture of noise, in pixels."""

NOISE_BYTES = SIDE * SIDE * 3


def png_of_noise(noise: bytes) -> bytes:
    """A picture whose pixels are `noise`, of `NOISE_BYTES`: a PNG that no compression makes smaller."""
    written = QByteArray()
    buffer = QBuffer(written)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImage(noise, SIDE, SIDE, SIDE * 3, QImage.Format.Format_RGB888).save(buffer, "PNG")  # type: ignore[call-overload]
    return written.data()
