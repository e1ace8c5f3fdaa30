"""Store where the user has dragged the pill to, on each screen.

A position is stored as shares of the screen's available area, so that it holds at another resolution, and by the
screen's name, so that a reconnected screen has it again. The file is read once; `run_in_background` writes it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path

from desktop.core.paths import private

logger = logging.getLogger(__name__)

type Place = tuple[float, float]
"""The pill's center as shares of the available width and height, each in [0, 1]."""


class Places:
    """The positions by screen name, stored in `file`."""

    def __init__(self, file: Path, keep: Callable[[Callable[[], None]], None]) -> None:
        """`run_in_background` runs its argument where writing blocks nothing."""
        self._file = file
        self._keep = keep
        self._places = _read(file)

    def get(self, screen: str) -> Place | None:
        """Return the position on `screen`; None where it was never dragged there."""
        return self._places.get(screen)

    def move(self, screen: str, place: Place | None) -> None:
        """Set the position on `screen`, or remove it with None."""
        self._places.pop(screen, None)
        if place is not None:
            self._places[screen] = place

    def save(self) -> None:
        """Save the positions for the next start."""
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
    """Load the stored positions; empty if the file is invalid."""
    try:
        found = json.loads(file.read_text())
        return {str(name): (_share(x), _share(y)) for name, (x, y) in found.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _share(value: object) -> float:
    return min(1.0, max(0.0, float(str(value))))
