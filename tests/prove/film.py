"""Pictures of a desk, about one a second, and what its window's log says that they show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from shutil import rmtree
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from tests.prove.record import ROOT
from tests.support.desk import until
from tests.support.desks.session import DesktopSession

FOLDER = ROOT / ".cache/prove/input-method-frames"

FRAME_S = 1.0

WIDTH = 800
"""Of a kept picture, in pixels; desks have 1280."""

FIELD = (0.06, 0.55)
"""From where to where of the height the window is: panels are above, the pill below."""

CARET_PIXELS = 150
"""So many pixels of a kept picture a blinking cursor changes at most; two words change more."""

CHANGE = 48
"""The difference of a grey level, of 255, from which a pixel has changed."""


class Film:
    """The frames of one dictation, in a folder of their own."""

    def __init__(self, desk: DesktopSession, name: str) -> None:
        self._desk = desk
        self._folder = FOLDER / name
        rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        self.times: list[float] = []

    def look(self) -> None:
        """Take a picture, if the last one is old."""
        if not self.times or monotonic() >= self.times[-1] + FRAME_S:
            self.take()

    def take(self, name: str = "") -> None:
        """Take a picture now; `name` says of what."""
        self.times.append(monotonic())
        file = self._folder / f"{len(self.times):02}{name and '-'}{name}.png"
        self._desk.picture(file)
        assert QImage(str(file)).scaledToWidth(WIDTH, Qt.TransformationMode.SmoothTransformation).save(str(file))

    def until(self, met: Callable[[], object], what: str, timeout_s: float) -> None:
        """Look until `met`, which is `what` in words; fail after `timeout_s`."""

        def look() -> object:
            self.look()
            return met()

        until(look, what, timeout_s)

    def changed(self, count: int) -> int:
        """How many of the first `count` pictures show something else in the window than the first, but for the
        cursor."""
        first, *others = (field_of(file) for file in sorted(self._folder.iterdir())[:count])
        return sum(is_other(first, other) for other in others)


def field_of(file: Path) -> NDArray[np.uint8]:
    """The grey levels of the part of a picture in which windows have their fields."""
    picture = QImage(str(file)).convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.bytesPerLine())
    top, bottom = (round(part * picture.height()) for part in FIELD)
    return rows[top:bottom, : picture.width()].copy()


def is_other(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    """Whether more than the cursor differs."""
    difference = np.abs(one.astype(np.int16) - other.astype(np.int16))
    return int(np.count_nonzero(difference > CHANGE)) > CARET_PIXELS


def composed_frames(times: Sequence[float], events: Sequence[Mapping[str, Any]]) -> int:
    """How many of the frames taken at `times` show a composition, by the log of their window."""
    return sum(bool(composition_at(at, events)) for at in times)


def composition_at(at: float, events: Sequence[Mapping[str, Any]]) -> str:
    """What a window shows as composition at a time, by its log."""
    shown = (str(one["text"]) for one in reversed(events) if one["event"] == "composition" and one["at"] <= at)
    return next(shown, "")
