"""Move the cursor within the text just inserted, and back to its end, by arrow keys.

No window reports its cursor, so it moves as many steps as the text has; `paste.x11.undo` says how long a step is. Only
done where a text has arrived for certain, nothing was touched since, and an arrow moves a cursor: in a terminal it
would move through the shell's history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from desktop.core.chords import PasteChord, PasteShortcut
from desktop.paste.apps import PasteRule
from desktop.paste.x11.keyboard import XTestKeyboard
from desktop.paste.x11.undo import MAX_STEPS, STEP_BATCH, count_steps, find_arrow_keys

CURSOR_NOT_MOVED = "The cursor could not be moved to its place in the text."


def can_move_cursor(rule: PasteRule, chord: PasteChord, after: str) -> bool:
    """Return whether the arrows may be pressed as often as `after` has steps, in an application pasted into by `rule`
    and `chord`."""
    return rule.is_exact and chord.shortcut is not PasteShortcut.SHIFT_INSERT and count_steps(after) <= MAX_STEPS


class CursorMover:
    """Moves the cursor, in the paste thread.

    `expect_own_keys(keycodes)` is called before keys are pressed; a `find_obstacle()` returns why none may be pressed
    now.
    """

    def __init__(self, keyboard: XTestKeyboard, expect_own_keys: Callable[[Iterable[int]], None]) -> None:
        self._keyboard = keyboard
        self._expect_own_keys = expect_own_keys

    def move_to_start(self, text: str, find_obstacle: Callable[[], str]) -> str:
        """Move from the end of `text` to its beginning. Returns why that stopped early; empty if it did not."""
        return self._move(find_arrow_keys(text)[0][0], count_steps(text), find_obstacle)

    def run_at_end(self, text_after_cursor: str, find_obstacle: Callable[[], str], action: Callable[[], str]) -> str:
        """Move from the beginning of `after` to its end and run `action` there.

        Returns why a key could not be pressed or what `action` returns; then the cursor is moved back. Empty on
        success.
        """
        behind, ahead = find_arrow_keys(text_after_cursor)[0] if text_after_cursor else (0, 0)
        if why := self._move(ahead, count_steps(text_after_cursor), find_obstacle):
            return why
        if why := action():
            self._move(behind, count_steps(text_after_cursor), lambda: "")
        return why

    def _move(self, arrow: int, count: int, find_obstacle: Callable[[], str]) -> str:
        for made in range(0, count, STEP_BATCH):
            if why := find_obstacle():
                return why
            keycode, now = self._keyboard.find_keycode(arrow), min(STEP_BATCH, count - made)
            self._expect_own_keys([keycode] * now)
            self._keyboard.press_repeatedly((), keycode, now)
        return ""
