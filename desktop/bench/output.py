"""Plot what `intone bench release` measured: latency over the length of the dictation.

Log scale, since batch grows tenfold.

Import the libraries that only the benchmark needs, before anything is measured.

Their lack must not surface after an hour of measuring.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from desktop.core.errors import UserError


def require_module(module: str) -> ModuleType:
    """Import `module` of the extra `bench`. Raises `UserError` where it is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # whisper_normalizer's docstrings
            return import_module(module)
    except ModuleNotFoundError as error:
        raise UserError(
            f"This measurement needs {module.partition('.')[0]}, which is not installed.",
            "Install the extra: pip install 'intone[bench]', or in a checkout: make dev.",
        ) from error


STREAMING_COLOR, BATCH_COLOR, TITLE_COLOR, GRID_COLOR = "#C44A33", "#5E6168", "#70737A", "#E6E2DC"
"""Colors: the app's accent and greys."""


def require_plotting(path: Path) -> None:
    """Raise `UserError` unless a plot can be drawn and written to `path`."""
    require_module("matplotlib.figure")
    if path.suffix.lower() != ".png" or not path.parent.is_dir():
        raise UserError(
            f"No picture can be written to {path}.", "Give a name that ends in .png, in a folder that exists."
        )


def draw_plot(report: dict[str, Any], path: Path) -> None:
    """Draw the report's takes as points and its medians by length as lines, into the PNG file `path`."""
    figure = require_module("matplotlib.figure").Figure(figsize=(8, 4.8), layout="constrained")
    axes = figure.add_subplot()
    for key, name, colour in (
        ("streaming", "streaming", STREAMING_COLOR),
        ("batch", "decoded at release", BATCH_COLOR),
    ):
        takes = [take for take in report["takes"] if take[f"{key}_ms"] is not None]
        axes.scatter(
            [take["length_s"] for take in takes], [take[f"{key}_ms"] for take in takes], s=18, color=colour, alpha=0.5
        )
        medians = [row for row in report["lengths"] if row[f"{key}_p50_ms"] is not None]
        axes.plot(
            [row["length_s"] for row in medians], [row[f"{key}_p50_ms"] for row in medians], color=colour, label=name
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
        raise UserError(f"{path} cannot be written: {error.strerror}.", "Give another --plot.") from error
