"""Colours of the themes: light and dark, each also in high contrast, and of the emotions.

A colour is one line, so that its values in all themes are side by side.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme, as `#rrggbb`."""

    surface: str
    raised: str
    line: str
    edge: str
    """Outline of controls: `line`, but stronger in high contrast."""
    text: str
    quiet: str
    faint: str
    accent: str
    on_accent: str
    good: str
    warn: str
    bad: str
    shadow: int = field(kw_only=True)
    """Alpha of the pill's shadow at its darkest, 0 to 255."""
    hues: dict[str, str] = field(kw_only=True)
    """Colour of each emotion label and of `unsure`."""


_COLOURS = (  # light, dark, and both with high contrast; in the order of `Palette`
    ("#FBFAF8", "#17181B", "#FFFFFF", "#000000"),
    ("#FFFFFF", "#212327", "#FFFFFF", "#000000"),
    ("#E6E2DC", "#33363C", "#DEDEDE", "#333338"),
    ("#E6E2DC", "#33363C", "#5A5A5A", "#A6A6AB"),
    ("#1E1F22", "#F1F0EE", "#000000", "#FFFFFF"),
    ("#5E6168", "#B4B7BD", "#2B2B2E", "#E4E4E6"),
    ("#70737A", "#8C9097", "#454549", "#C2C2C6"),
    ("#C44A33", "#F07A63", "#8E2A17", "#FFA38F"),
    ("#FFFFFF", "#17181B", "#FFFFFF", "#000000"),
    ("#2E7D5B", "#62BF94", "#145A3E", "#7FE0B0"),
    ("#9A6A00", "#E0B252", "#664600", "#F2CB6B"),
    ("#B3352B", "#F0857B", "#8B1A12", "#FFA69E"),
)
_HUES = {
    "neutral": ("#7D8085", "#A8ABB0", "#505357", "#C1C4CA"),
    "joy": ("#AD720D", "#DB9D48", "#724900", "#F1B86F"),
    "sadness": ("#4383C8", "#6EAFF7", "#0C5394", "#99C8FE"),
    "anger": ("#D04F47", "#FF7C70", "#991618", "#FEABA2"),
    "fear": ("#0F9293", "#50BFBE", "#055F60", "#78D7D7"),
    "surprise": ("#9565C7", "#C190F6", "#663593", "#D5B2FE"),
    "disgust": ("#7A8930", "#A4B55D", "#4E5902", "#BECE7F"),
}
"""Colours of the emotions, all of one lightness, so that none stands out.

OKLCH .60 in light, .74 in dark, .44 and .82 with high contrast: at least 3.6:1 on `surface` and `raised`, and with high
contrast 7:1 there and 4.5:1 on `line`. `unsure` is grey and drawn hollow.
"""


def _create_palette(column: int, shadow: int) -> Palette:
    hues = {kind: row[column] for kind, row in _HUES.items()}
    hues["unsure"] = hues["neutral"]
    return Palette(*(row[column] for row in _COLOURS), shadow=shadow, hues=hues)


LIGHT, DARK = _create_palette(0, 44), _create_palette(1, 110)
HIGH_LIGHT, HIGH_DARK = _create_palette(2, 0), _create_palette(3, 0)
