"""Show a measurement in a terminal: a table of aligned columns, and a progress bar on standard error meanwhile."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from unicodedata import east_asian_width

from desktop.core.process import rewrite_line

BAR_WIDTH = 24
"""Width of the bar in characters."""


def format_table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Format the rows under their header, the first column left-aligned, the others right-aligned; None becomes a
    dash."""
    cells = [list(header), *([_format_cell(value) for value in row] for row in rows)]
    widths = [max(map(_count_cells, column)) for column in zip(*cells, strict=True)]
    lines = []
    for first, *others in cells:
        aligned = [first + " " * (widths[0] - _count_cells(first))]
        aligned += [" " * (w - _count_cells(cell)) + cell for cell, w in zip(others, widths[1:], strict=True)]
        lines.append("  ".join(aligned))
    return "\n".join(lines)


def _count_cells(text: str) -> int:
    """Return the width of `text` in a fixed-width font, in which a Chinese character takes two cells."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _format_cell(value: object) -> str:
    match value:
        case None:
            return "-"
        case float() if abs(value) >= 100:
            return f"{value:.0f}"
        case float():
            return f"{value:.2f}"
        case _:
            return str(value)


class ProgressBar:
    """The progress of a measurement of `total` parts, drawn only on terminals."""

    def __init__(self, total: float) -> None:
        self._total = max(total, 1e-9)
        self._started_at = time.monotonic()

    def update(self, done: float, step: str) -> None:
        """Draw `done` parts of the total and the current step."""
        if not sys.stderr.isatty():
            return
        share = min(1.0, done / self._total)
        left_s = (time.monotonic() - self._started_at) * (1 - share) / share if share else 0.0
        left = f", {left_s / 60:.0f} min left" if left_s >= 60 else f", {left_s:.0f} s left" if share else ""
        bar = ("█" * round(share * BAR_WIDTH)).ljust(BAR_WIDTH, "░")
        rewrite_line(f"{bar} {share:4.0%}{left}  {step}", erases=True)

    def clear(self) -> None:
        """Remove the bar."""
        if sys.stderr.isatty():
            rewrite_line("", erases=True)
