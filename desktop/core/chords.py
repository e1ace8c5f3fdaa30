"""The key combinations that paste, the keys for them on a layout, and the text that may go into a shell. Pure.

Which combination an application needs is in `desktop.paste.apps`. Shift+Insert needs no letter, so it also works on
layouts without a Latin v (Russian, Thai, Arabic).
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from enum import Enum

_BREAKS = "\t\n\v\f\r\x85\u2028\u2029"
_BREAK = re.compile(rf"(?<! ) *[{_BREAKS}][ {_BREAKS}]*")
"""Begins at the first space of a run only: beginning at each, a clipboard of 30,000 spaces would take seconds."""
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")

_LATIN_V = 0x76
_LEVELS = 2


class PasteShortcut(Enum):
    """The key combinations for pasting, by their printed names."""

    CTRL_V = "Ctrl+V"
    CTRL_SHIFT_V = "Ctrl+Shift+V"
    SHIFT_INSERT = "Shift+Insert"


@dataclass(frozen=True, slots=True)
class PasteChord:
    """The keys to press on this keyboard with its present layout: keycodes, modifiers first."""

    shortcut: PasteShortcut
    keycodes: tuple[int, ...]

    @property
    def selections(self) -> tuple[str, ...]:
        """The selections that the application may read for this chord."""
        return ("CLIPBOARD", "PRIMARY") if self.shortcut is PasteShortcut.SHIFT_INSERT else ("CLIPBOARD",)


def remove_controls(text: str) -> str:
    """Return `text` without control characters other than line ends and tabs.

    An editor may have a terminal in it, where an escape sequence could end a bracketed paste.
    """
    return _CONTROL_CHARACTERS.sub("", text)


def flatten_for_shell(text: str) -> str:
    """Return `text` as one line for a shell, so that nothing runs before the user presses Return.

    Newlines and tabs, with the spaces around them, become one space; none is left at either end; other control
    characters (an escape sequence could end a bracketed paste) are removed.
    """
    return remove_controls(_BREAK.sub(" ", text.strip(_BREAKS)))


def clean_for_terminal(text: str) -> str:
    """Return `text` for a terminal with bracketed paste: without control characters that could end the bracket, and
    without a newline at the end that would run the last line."""
    return remove_controls(text.strip(_BREAKS))


def find_latin_v(keysyms: Sequence[Sequence[int]], first: int, group: int) -> int | None:
    """Return the keycode that types a plain v in `group`, or None.

    `keysyms` are the rows of the core keyboard mapping, of keycodes from `first` on. The core mapping has room for two
    groups of two levels each; a third or fourth layout is not seen there, so it has no v here.
    """
    for keycode, row in enumerate(keysyms, first):
        if group < _LEVELS and len(row) > group * _LEVELS and row[group * _LEVELS] == _LATIN_V:
            return keycode
    return None


def can_press(shortcut: PasteShortcut, held: Set[int], controls: Set[int], *, talk_held: bool) -> bool:
    """Return whether the chord keeps its meaning while the modifiers `held` (keycodes) are down.

    A held modifier would make it another shortcut, so all must be up. One exception: a Control (one of `controls`) that
    is held only as the talk key does not change Ctrl+V. So an earlier dictation need not wait for the end of the next,
    nor the longest one for a key that is stuck.
    """
    return not held or (talk_held and shortcut is PasteShortcut.CTRL_V and held <= controls)
