"""The eyes and hands of a desk that is seen on Xvfb: pictures of its screen, and keys of its keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtGui import QImage
from Xlib import X
from Xlib.ext import xtest

WIDTH, HEIGHT = 1280, 800


class XvfbDesk:
    """What a desk of `_screen`, a connection to Xvfb, can do there."""

    _screen: Any

    def picture(self, file: Path) -> None:
        seen = self._screen.screen().root.get_image(0, 0, WIDTH, HEIGHT, X.ZPixmap, 0xFFFFFFFF)
        assert QImage(seen.data, WIDTH, HEIGHT, QImage.Format.Format_RGB32).save(str(file))

    def press(self, keycode: int) -> None:
        """Hold a key down."""
        self._fake(X.KeyPress, keycode)

    def release(self, keycode: int) -> None:
        """Let a key go."""
        self._fake(X.KeyRelease, keycode)

    def tap(self, *keycodes: int) -> None:
        """Press the keys in order and let them go in reverse."""
        for keycode in keycodes:
            self.press(keycode)
        for keycode in reversed(keycodes):
            self.release(keycode)

    def _fake(self, event: int, keycode: int) -> None:
        xtest.fake_input(self._screen, event, keycode)
        self._screen.sync()
