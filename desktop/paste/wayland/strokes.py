"""Our chords in the form that each tool needs. Pure.

By keysym where possible, so that the layout does not matter. Hyprland's dispatcher changed its language with 0.55, and
answers what it does not understand with words and exit status 0, so each form is tried until the answer is "ok".
ydotool presses keys by their place on a US keyboard, where v may be anything on other layouts: it gets Shift+Insert.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.chords import Paste, flatten
from desktop.core.types import Target
from desktop.paste.wayland.focus import UNKNOWN


@dataclass(frozen=True, slots=True)
class Stroke:
    """A key by the name of its keysym, with the modifiers that are held meanwhile."""

    modifiers: tuple[str, ...]
    key: str

    @property
    def selections(self) -> tuple[str, ...]:
        """The selections that an application may read for it."""
        return ("CLIPBOARD", "PRIMARY") if self.key == "Insert" else ("CLIPBOARD",)


PASTES = {
    Paste.CTRL_V: Stroke(("ctrl",), "v"),
    Paste.CTRL_SHIFT_V: Stroke(("ctrl", "shift"), "v"),
    Paste.SHIFT_INSERT: Stroke(("shift",), "Insert"),
}
ENTER = Stroke((), "Return")

KEYSYMS = {"ctrl": 0xFFE3, "shift": 0xFFE1, "v": 0x76, "Insert": 0xFF63, "Return": 0xFF0D}
"""Keysyms for the portal (X's keysymdef.h): Control_L, Shift_L, and the keys."""

PLACES = {"shift": 42, "v": 47, "Insert": 110, "Return": 28}
"""The keys' places on a US keyboard (the kernel's input-event-codes.h)."""


def chord(wanted: Paste | None, target: Target, text: str) -> Paste:
    """Return the shortcut that pastes `text` into `target`, whose application's rule has `wanted`.

    An unknown window may be a terminal, where only Shift+Insert pastes, as it does nearly everywhere. More than one
    line takes Ctrl+V there, by which no terminal pastes: no shell may run a line before the user presses Return.
    """
    if wanted is not None:
        return wanted
    return Paste.SHIFT_INSERT if target == UNKNOWN and flatten(text) == text else Paste.CTRL_V


def hyprctl(stroke: Stroke, target: Target) -> list[list[str]]:
    """Return Hyprland's commands, one for each language; the window is named, so that no other gets the keys."""
    held = " ".join(stroke.modifiers).upper()
    window = "activewindow" if target == UNKNOWN else f"address:{target.handle:#x}"
    lua = f'hl.dsp.send_shortcut({{ mods = "{held}", key = "{stroke.key}", window = "{window}" }})'
    return [
        ["hyprctl", "dispatch", "sendshortcut", f"{held}, {stroke.key}, {window}"],
        ["hyprctl", "dispatch", lua],
    ]


def ydotool(stroke: Stroke, target: Target) -> list[str]:
    """Return ydotool's command (1.0 and later); empty if the chord must be Ctrl+V."""
    if stroke.key == "v":
        if target == UNKNOWN:
            return []
        stroke = PASTES[Paste.SHIFT_INSERT]
    places = [PLACES[name] for name in (*stroke.modifiers, stroke.key)]
    return ["ydotool", "key", *(f"{place}:1" for place in places), *(f"{place}:0" for place in reversed(places))]
