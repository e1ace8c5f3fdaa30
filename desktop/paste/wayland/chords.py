"""The chords by which text is pasted, in the form that each tool needs. Pure.

By keysym where possible, so that the layout does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.chords import PasteShortcut, flatten_for_shell
from desktop.core.types import Target

KEYSYMS = {"ctrl": 0xFFE3, "shift": 0xFFE1, "v": 0x76, "Insert": 0xFF63, "Return": 0xFF0D}
"""Keysyms for the portal (X's keysymdef.h): Control_L, Shift_L, and the keys."""

KEY_CODES = {"shift": 42, "v": 47, "Insert": 110, "Return": 28}
"""Codes of the keys by their places on a US keyboard (the kernel's input-event-codes.h)."""


@dataclass(frozen=True, slots=True)
class NamedChord:
    """A key by the name of its keysym, with the modifiers that are held meanwhile."""

    modifiers: tuple[str, ...]
    key: str

    @property
    def selections(self) -> tuple[str, ...]:
        """The selections that an application may read for it."""
        return ("CLIPBOARD", "PRIMARY") if self.key == "Insert" else ("CLIPBOARD",)


PASTE_CHORDS = {
    PasteShortcut.CTRL_V: NamedChord(("ctrl",), "v"),
    PasteShortcut.CTRL_SHIFT_V: NamedChord(("ctrl", "shift"), "v"),
    PasteShortcut.SHIFT_INSERT: NamedChord(("shift",), "Insert"),
}
ENTER_CHORD = NamedChord((), "Return")


def choose_shortcut(rule_shortcut: PasteShortcut | None, target: Target, text: str) -> PasteShortcut:
    """Return the shortcut that pastes `text` into `target`, whose application's rule has `rule_shortcut`.

    An unknown window, even of a known program, may be a terminal, where only Shift+Insert pastes, as it does nearly
    everywhere. More than one line takes Ctrl+V there, by which no terminal pastes: no shell may run a line before the
    user presses Return.
    """
    if rule_shortcut is not None:
        return rule_shortcut
    return PasteShortcut.SHIFT_INSERT if target.handle < 0 and flatten_for_shell(text) == text else PasteShortcut.CTRL_V


def build_hyprctl_commands(chord: NamedChord, target: Target) -> list[list[str]]:
    """Return Hyprland's commands, which name the window, so that no other gets the keys.

    Its dispatcher changed its language with 0.55, and answers what it does not understand with words and exit status 0:
    try each command until the answer is "ok".
    """
    modifiers = " ".join(chord.modifiers).upper()
    window = "activewindow" if target.handle < 0 else f"address:{target.handle:#x}"
    lua = f'hl.dsp.send_shortcut({{ mods = "{modifiers}", key = "{chord.key}", window = "{window}" }})'
    return [
        ["hyprctl", "dispatch", "sendshortcut", f"{modifiers}, {chord.key}, {window}"],
        ["hyprctl", "dispatch", lua],
    ]


def build_ydotool_command(chord: NamedChord, target: Target) -> list[str]:
    """Return ydotool's command (1.0 and later); empty if the chord must be Ctrl+V.

    It presses keys by their place on a US keyboard, where v may be anything on other layouts, so it gets Shift+Insert.
    """
    if chord.key == "v":
        if target.handle < 0:
            return []
        chord = PASTE_CHORDS[PasteShortcut.SHIFT_INSERT]
    codes = [KEY_CODES[name] for name in (*chord.modifiers, chord.key)]
    return ["ydotool", "key", *(f"{code}:1" for code in codes), *(f"{code}:0" for code in reversed(codes))]
