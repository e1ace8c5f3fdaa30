"""The colours themselves: light and dark, each also for who needs contrast; and those of the emotions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme's colours, as `#rrggbb`."""

    surface: str
    raised: str
    line: str
    edge: str
    """What is about a control: `line`, but where contrast is to be high."""
    text: str
    quiet: str
    faint: str
    accent: str
    on_accent: str
    good: str
    warn: str
    bad: str
    shadow: int
    """How dark the pill's shadow is at its darkest, of 255."""


LIGHT = Palette(
    surface="#FBFAF8",
    raised="#FFFFFF",
    line="#E6E2DC",
    edge="#E6E2DC",
    text="#1E1F22",
    quiet="#5E6168",
    faint="#70737A",
    accent="#C44A33",
    on_accent="#FFFFFF",
    good="#2E7D5B",
    warn="#9A6A00",
    bad="#B3352B",
    shadow=44,
)
DARK = Palette(
    surface="#17181B",
    raised="#212327",
    line="#33363C",
    edge="#33363C",
    text="#F1F0EE",
    quiet="#B4B7BD",
    faint="#8C9097",
    accent="#F07A63",
    on_accent="#17181B",
    good="#62BF94",
    warn="#E0B252",
    bad="#F0857B",
    shadow=110,
)

HIGH_LIGHT = Palette(
    surface="#FFFFFF",
    raised="#FFFFFF",
    line="#DEDEDE",
    edge="#5A5A5A",
    text="#000000",
    quiet="#2B2B2E",
    faint="#454549",
    accent="#8E2A17",
    on_accent="#FFFFFF",
    good="#145A3E",
    warn="#664600",
    bad="#8B1A12",
    shadow=0,
)
HIGH_DARK = Palette(
    surface="#000000",
    raised="#000000",
    line="#333338",
    edge="#A6A6AB",
    text="#FFFFFF",
    quiet="#E4E4E6",
    faint="#C2C2C6",
    accent="#FFA38F",
    on_accent="#000000",
    good="#7FE0B0",
    warn="#F2CB6B",
    bad="#FFA69E",
    shadow=0,
)

HUES_LIGHT = {
    "neutral": "#7D8085",
    "joy": "#AD720D",
    "sadness": "#4383C8",
    "anger": "#D04F47",
    "fear": "#0F9293",
    "surprise": "#9565C7",
    "disgust": "#7A8930",
    "unsure": "#7D8085",
}
HUES_DARK = {
    "neutral": "#A8ABB0",
    "joy": "#DB9D48",
    "sadness": "#6EAFF7",
    "anger": "#FF7C70",
    "fear": "#50BFBE",
    "surprise": "#C190F6",
    "disgust": "#A4B55D",
    "unsure": "#A8ABB0",
}
"""One lightness for all emotions (OKLCH .60 in light, .74 in dark), at least 3.6:1 on `surface` and `raised`: none is
louder than another. What nobody could tell is grey, and drawn hollow."""
