"""Store where the user has dragged the pill to, on each screen.

A position is stored as shares of the screen's available area, so that it holds at another resolution, and by the
screen's name, so that a reconnected screen has it again. The file is read once; `run_in_background` writes it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path

from desktop.core.paths import make_private_dir

logger = logging.getLogger(__name__)

type PillPosition = tuple[float, float]
"""The pill's center as shares of the available width and height, each in [0, 1]."""


class PillPositions:
    """The positions by screen name, stored in `file`."""

    def __init__(self, file: Path, run_in_background: Callable[[Callable[[], None]], None]) -> None:
        """`run_in_background` runs its argument where writing blocks nothing."""
        self._file = file
        self._run_in_background = run_in_background
        self._positions = _read_positions(file)

    def get_position(self, screen: str) -> PillPosition | None:
        """Return the position on `screen`; None where it was never dragged there."""
        return self._positions.get(screen)

    def set_position(self, screen: str, position: PillPosition | None) -> None:
        """Set the position on `screen`, or remove it with None."""
        self._positions.pop(screen, None)
        if position is not None:
            self._positions[screen] = position

    def save(self) -> None:
        """Save the positions for the next start."""
        written = json.dumps(self._positions)
        self._run_in_background(lambda: _write_positions(self._file, written))


def _write_positions(file: Path, written: str) -> None:
    try:
        part_file = make_private_dir(file.parent) / f"{file.name}.part"
        part_file.write_text(written)
        part_file.replace(file)
    except OSError as error:
        logger.warning("the place of the overlay is not kept: %s", error.strerror)


def _read_positions(file: Path) -> dict[str, PillPosition]:
    """Load the stored positions; empty if the file is invalid."""
    try:
        found = json.loads(file.read_text())
        return {str(name): (_clamp_share(x), _clamp_share(y)) for name, (x, y) in found.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _clamp_share(value: object) -> float:
    return min(1.0, max(0.0, float(str(value))))
