"""Plot what `intone bench release` measured: latency over the length of the dictation.

The scale is logarithmic, since batch grows tenfold.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desktop.bench.metrics import require_module
from desktop.core.errors import UserError

STREAMING_COLOR, BATCH_COLOR, TITLE_COLOR, GRID_COLOR = "#C44A33", "#5E6168", "#70737A", "#E6E2DC"
"""Colors: the app's accent and greys."""


def require_plotting(path: Path) -> None:
    """Raise `UserError` unless a plot can be drawn and written to `path`."""
    require_module("matplotlib.figure")
    if path.suffix.lower() != ".png" or not path.parent.is_dir():
        raise UserError("plot-path-invalid", path=str(path))


def draw_plot(report: dict[str, Any], path: Path) -> None:
    """Draw the report's trials as points and its medians by length as lines, into the PNG file `path`."""
    figure = require_module("matplotlib.figure").Figure(figsize=(8, 4.8), layout="constrained")
    axes = figure.add_subplot()
    for key, label, color in (
        ("streaming", "streaming", STREAMING_COLOR),
        ("batch", "decoded at release", BATCH_COLOR),
    ):
        trials = [trial for trial in report["takes"] if trial[f"{key}_ms"] is not None]
        axes.scatter(
            [trial["length_s"] for trial in trials],
            [trial[f"{key}_ms"] for trial in trials],
            s=18,
            color=color,
            alpha=0.5,
        )
        medians = [row for row in report["lengths"] if row[f"{key}_p50_ms"] is not None]
        axes.plot(
            [row["length_s"] for row in medians], [row[f"{key}_p50_ms"] for row in medians], color=color, label=label
        )
    axes.set_yscale("log")
    axes.set_xlim(left=0)
    axes.set_xlabel("spoken, seconds")
    axes.set_ylabel("key-up to text, milliseconds")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_axisbelow(True)
    axes.grid(which="major", color=GRID_COLOR)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    axes.set_title(
        f"{report['model']} on {report['device']}, {report['cpus']} processors; "
        f"key-up {report['late_ms']} ms after the last word",
        loc="left",
        fontsize=10,
        color=TITLE_COLOR,
    )
    try:
        figure.savefig(path, dpi=150)
    except OSError as error:
        raise UserError("plot-unwritable", path=str(path), reason=str(error.strerror)) from error
