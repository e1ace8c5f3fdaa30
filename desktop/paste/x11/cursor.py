"""Move the cursor within the text just inserted, and back to its end, by arrow keys.

No window reports its cursor, so it moves as many steps as the text has; `paste.x11.undo` says how long a step is. Only
done where a text has arrived for certain, nothing was touched since, and an arrow moves a cursor: in a terminal it
would move through the shell's history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from desktop.core.chords import Chord, Paste
from desktop.paste.apps import Rule
from desktop.paste.x11.keyboard import Keyboard
from desktop.paste.x11.undo import BATCH, MOST_STEPS, directions, steps

UNMOVED = "The cursor could not be moved to its place in the text."


def may_move(rule: Rule, chord: Chord, after: str) -> bool:
    """Return whether the arrows may be pressed as often as `after` has steps, in an application pasted into by `rule`
    and `chord`."""
    return rule.exact and chord.paste is not Paste.SHIFT_INSERT and steps(after) <= MOST_STEPS


class Cursor:
    """Moves the cursor, in the paste thread.

    `expect_own_keys(keycodes)` is called before keys are pressed; a `find_obstacle()` returns why none may be pressed
    now.
    """

    def __init__(self, keyboard: Keyboard, expect: Callable[[Iterable[int]], None]) -> None:
        self._keyboard = keyboard
        self._expect = expect

    def back(self, text: str, obstacle: Callable[[], str]) -> str:
        """Move from the end of `text` to its beginning. Returns why that stopped early; empty if it did not."""
        return self._go(directions(text)[0][0], steps(text), obstacle)

    def at_end(self, after: str, obstacle: Callable[[], str], work: Callable[[], str]) -> str:
        """Move from the beginning of `after` to its end and run `action` there.

        Returns why a key could not be pressed or what `action` returns; then the cursor is moved back. Empty on
        success.
        """
        behind, ahead = directions(after)[0] if after else (0, 0)
        if why := self._go(ahead, steps(after), obstacle):
            return why
        if why := work():
            self._go(behind, steps(after), lambda: "")
        return why

    def _go(self, arrow: int, count: int, obstacle: Callable[[], str]) -> str:
        for made in range(0, count, BATCH):
            if why := obstacle():
                return why
            keycode, now = self._keyboard.key(arrow), min(BATCH, count - made)
            self._expect([keycode] * now)
            self._keyboard.repeat((), keycode, now)
        return ""
