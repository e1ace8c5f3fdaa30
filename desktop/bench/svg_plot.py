"""Plot what `intone bench engines` measured, as SVG of our own: key-up and error rate over the recording's length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from desktop.core.engine_names import model_title
from desktop.core.errors import UserError

COLORS = ("#C44A33", "#5E6168", "#2E7D5B", "#9A6A00", "#5B4AA0", "#2B7A9B")
"""A color for each model, the app's accent first."""

TEXT_COLOR, GRID_COLOR = "#1E1F22", "#E6E2DC"
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM, _RIGHT = 720, 300, 64, 34, 46, 150
_TICKS = 5


def require_svg(path: Path) -> None:
    """Raise `UserError` unless `path` can become an SVG file."""
    if path.suffix.lower() != ".svg" or not path.parent.is_dir():
        raise UserError("svg-path-invalid", path=str(path))


def draw_engines(report: dict[str, Any], path: Path) -> None:
    """Draw both panels of the report into the SVG file `path`. Raises `UserError`."""
    try:
        path.write_text(render_engines(report), encoding="utf-8")
    except OSError as error:
        raise UserError("plot-unwritable", path=str(path), reason=str(error.strerror)) from error


def render_engines(report: dict[str, Any]) -> str:
    """Return the plot as SVG."""
    panels = [
        _render_panel(report, "release_p50_ms", "release_to_text_ms", "key-up to text, ms", 0),
        _render_panel(report, "wer_percent", None, "word error rate, %", _HEIGHT),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{2 * _HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {2 * _HEIGHT}" font-family="sans-serif" font-size="12" fill="{TEXT_COLOR}">\n'
        f'<rect width="100%" height="100%" fill="#FFFFFF"/>\n' + "\n".join(panels) + "\n</svg>\n"
    )


def _render_panel(report: dict[str, Any], key: str, point_key: str | None, title: str, top: int) -> str:
    """Return a panel: a line of the values by length for each model, and a point for each take."""
    lines = {
        row["model"]: [(at["length_s"], at[key]) for at in row["lengths"] if at[key] is not None]
        for row in report["engines"]
    }
    points = {
        name: [
            (take["duration_s"], take[point_key])
            for take in report["takes"]
            if point_key and take["model"] == name and take[point_key] is not None
        ]
        for name in lines
    }
    everything = [point for group in (*lines.values(), *points.values()) for point in group]
    most_x = max((x for x, _ in everything), default=1.0) or 1.0
    most_y = max((y for _, y in everything), default=1.0) or 1.0
    inner_width, inner_height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def place_x(value: float) -> float:
        return round(_LEFT + inner_width * value / most_x, 1)

    def place_y(value: float) -> float:
        return round(top + _TOP + inner_height * (1 - value / most_y), 1)

    found = [f'<text x="{_LEFT}" y="{top + 20}" font-weight="bold">{escape(title)}</text>']
    found += _render_grid(most_x, most_y, place_x, place_y, top)
    for number, (name, line) in enumerate(lines.items()):
        color = COLORS[number % len(COLORS)]
        found += [
            f'<circle cx="{place_x(x)}" cy="{place_y(y)}" r="2.5" fill="{color}" fill-opacity="0.45"/>'
            for x, y in points[name]
        ]
        joined = " ".join(f"{place_x(x)},{place_y(y)}" for x, y in sorted(line))
        found.append(f'<polyline points="{joined}" fill="none" stroke="{color}" stroke-width="2"/>')
        label_y = top + _TOP + 16 * number + 10
        found.append(
            f'<text x="{_WIDTH - _RIGHT + 12}" y="{label_y}" fill="{color}">{escape(model_title(name))}</text>'
        )
    return "\n".join(found)


def _render_grid(
    most_x: float, most_y: float, place_x: Callable[[float], float], place_y: Callable[[float], float], top: int
) -> Sequence[str]:
    found = []
    right, bottom = _WIDTH - _RIGHT, top + _HEIGHT - _BOTTOM
    for step in range(_TICKS + 1):
        x, y = most_x * step / _TICKS, most_y * step / _TICKS
        found.append(f'<line x1="{_LEFT}" x2="{right}" y1="{place_y(y)}" y2="{place_y(y)}" stroke="{GRID_COLOR}"/>')
        found.append(f'<text x="{_LEFT - 8}" y="{place_y(y) + 4}" text-anchor="end">{y:.3g}</text>')
        found.append(f'<text x="{place_x(x)}" y="{bottom + 18}" text-anchor="middle">{x:.3g}</text>')
    found.append(f'<text x="{(_LEFT + right) / 2:g}" y="{bottom + 36}" text-anchor="middle">spoken, seconds</text>')
    return found
