"""Where a person has dragged the pill to, on each of their screens.

A place is kept as shares of the screen's room, so that it holds at another resolution, and by the screen's name, so
that a screen which comes back has it again. It is read once; writing is left to whoever `keep` gives it to.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path

from desktop.paths import private

logger = logging.getLogger(__name__)

type Place = tuple[float, float]
"""The middle of the pill, as shares of the room from its left and from its top, each in [0, 1]."""


class Places:
    """The places by the names of their screens, kept in `file`."""

    def __init__(self, file: Path, keep: Callable[[Callable[[], None]], None]) -> None:
        """`keep` does what it is given where writing holds up nobody."""
        self._file = file
        self._keep = keep
        self._places = _read(file)

    def get(self, screen: str) -> Place | None:
        """Where it is to be on `screen`; None where it was never dragged there."""
        return self._places.get(screen)

    def move(self, screen: str, place: Place | None) -> None:
        """Have it at `place` from now on, or at no place of its own."""
        self._places.pop(screen, None)
        if place is not None:
            self._places[screen] = place

    def save(self) -> None:
        """Keep the places for the next start."""
        written = json.dumps(self._places)
        self._keep(lambda: _write(self._file, written))


def _write(file: Path, written: str) -> None:
    try:
        part = private(file.parent) / f"{file.name}.part"
        part.write_text(written)
        part.replace(file)
    except OSError as error:
        logger.warning("the place of the overlay is not kept: %s", error.strerror)


def _read(file: Path) -> dict[str, Place]:
    """What was kept; nothing of what is not ours."""
    try:
        found = json.loads(file.read_text())
        return {str(name): (_share(x), _share(y)) for name, (x, y) in found.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _share(value: object) -> float:
    return min(1.0, max(0.0, float(str(value))))
