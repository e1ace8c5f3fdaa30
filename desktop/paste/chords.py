"""Which keys make an application paste: a thin table by name, and the arithmetic of layouts. Pure.

Ctrl+V means paste nearly everywhere but in terminals, where it types ^V. Ctrl+Shift+V is no way out: GTK programs
ignore it or open something else. Shift+Insert is the terminals' own, but most of them read PRIMARY for it and some
CLIPBOARD, so both are lent. It needs no letter either, so it also serves the layouts that have no Latin v (Russian,
Thai, Arabic).

Names are compared whole: looking for "st" inside names would find half of all programs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from enum import Enum

COMM = 15
"""The kernel keeps this many bytes of a program's name."""

TERMINALS = frozenset(
    """
    alacritty aterm blackbox com.mitchellh.ghostty com.raggesilver.blackbox com.system76.cosmicterm contour
    cool-retro-term cosmic-term deepin-terminal dev.warp.warp eterm foot footclient ghostty gnome-terminal
    gnome-terminal-server guake hyper io.elementary.terminal kgx kitty koi8rxvt konsole lxterminal mate-terminal
    mlterm org.gnome.console org.gnome.ptyxis org.gnome.terminal org.kde.konsole org.wezfurlong.wezterm ptyxis
    qterminal rio roxterm rxvt sakura st st-256color tabby terminator terminology termit termite tilda tilix
    urxvt urxvtd uxterm wezterm wezterm-gui x-terminal-emulator xfce4-terminal xterm yakuake
    """.split()  # noqa: SIM905 -- a table, not a column of 60 lines
)
"""WM_CLASS names and program names, in lower case."""

_TERMINAL_COMMS = frozenset(name[:COMM] for name in TERMINALS)

_BREAKS = "\t\n\v\f\r\x85\u2028\u2029"
_BREAK = re.compile(rf" *[{_BREAKS}][ {_BREAKS}]*")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")

_LATIN_V = 0x76
_LEVELS = 2


class Paste(Enum):
    """The two ways to say paste, by the name a person knows them under."""

    CTRL_V = "Ctrl+V"
    SHIFT_INSERT = "Shift+Insert"


@dataclass(frozen=True, slots=True)
class Chord:
    """The keys to press on this keyboard as it is set now: keycodes, the modifier first."""

    paste: Paste
    modifier: int
    key: int

    @property
    def keycodes(self) -> tuple[int, int]:
        """Both keys."""
        return self.modifier, self.key

    @property
    def selections(self) -> tuple[str, ...]:
        """What the application may read for this chord."""
        return ("CLIPBOARD",) if self.paste is Paste.CTRL_V else ("CLIPBOARD", "PRIMARY")


def is_terminal(app: str, comm: str) -> bool:
    """Whether a window of class `app`, of a program the kernel calls `comm`, is a terminal."""
    return app.lower() in TERMINALS or comm.lower() in _TERMINAL_COMMS


def flatten(text: str) -> str:
    """`text` as it may be pasted into a shell: one line, so that nothing runs before the person says so.

    Newlines and tabs, with the spaces around them, become one space; none is left at either end; other control
    characters (an escape sequence could end a bracketed paste) go.
    """
    return _CONTROL.sub("", _BREAK.sub(" ", text.strip(_BREAKS)))


def latin_v(keysyms: Sequence[Sequence[int]], first: int, group: int) -> int | None:
    """The keycode that types a plain v in `group`, or None.

    `keysyms` are the rows of the core keyboard mapping, of keycodes from `first` on. The core mapping has room for two
    groups of two levels each; a third or fourth layout is not seen there, so it has no v here.
    """
    for keycode, row in enumerate(keysyms, first):
        if group < _LEVELS and len(row) > group * _LEVELS and row[group * _LEVELS] == _LATIN_V:
            return keycode
    return None


def may_press(paste: Paste, down: Set[int], controls: Set[int], *, talking: bool) -> bool:
    """Whether the chord means what it should while the modifiers `down` (keycodes) are held.

    A held modifier would turn it into another shortcut, so all must be up. One exception: a Control that is held only
    to talk leaves Ctrl+V what it is, and the earlier dictation need not wait for the end of the next.
    """
    return not down or (talking and paste is Paste.CTRL_V and down <= controls)
