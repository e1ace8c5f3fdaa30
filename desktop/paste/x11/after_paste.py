"""Press keys after a text has arrived: Return, or the arrows that move the cursor to its place in the text.

The talk key may be down again by then. Ctrl+V is not affected by a Control held as the talk key; Return and the arrows
are, so both wait for the end of the next dictation, and a failure is noted. Requests of that dictation are answered
meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from Xlib import XK

from desktop.core.chords import PasteChord, PasteShortcut
from desktop.core.messages import Message, Notes
from desktop.core.types import Target
from desktop.paste.apps import PasteRule
from desktop.paste.request import RETURN_NOT_PRESSED, USER_LEFT
from desktop.paste.selection import CURSOR_NOT_MOVED
from desktop.paste.undo import MAX_STEPS, count_steps
from desktop.paste.x11.keyboard import XTestKeyboard
from desktop.paste.x11.obstacles import COPY_CHORD, Obstacles
from desktop.paste.x11.paste_state import PendingPaste
from desktop.paste.x11.undo import STEP_BATCH, find_arrow_keys


class AfterPaste:
    """Presses keys after a paste, in the paste thread, if the user is still in the window and did nothing since.

    `expect_own_keys(keycodes)` is called before keys are pressed.
    """

    def __init__(
        self,
        keyboard: XTestKeyboard,
        cursor: CursorMover,
        obstacles: Obstacles,
        expect_own_keys: Callable[[Iterable[int]], None],
        while_waiting: Callable[[], None],
    ) -> None:
        """`while_waiting` is called repeatedly during a wait."""
        self._keyboard = keyboard
        self._cursor = cursor
        self._obstacles = obstacles
        self._expect_own_keys = expect_own_keys
        self._while_waiting = while_waiting

    def press_enter(self, paste: PendingPaste) -> Notes:
        """Press Return. Returns notes if that was not possible."""
        if not paste.is_proven:
            return (RETURN_NOT_PRESSED,)
        since = paste.progress.sent_at
        reason = (
            self._obstacles.wait_for_keys(COPY_CHORD, self._while_waiting)
            or self._obstacles.make_untouched_check(paste.target, since)()
        )
        reason = reason or (USER_LEFT if self._obstacles.has_user_left(since) else None)
        if reason:
            return reason, RETURN_NOT_PRESSED
        self._press_enter()
        return ()

    def press_enter_at_once(self, target: Target, since: float) -> bool:
        """Press Return in `target`, unless a key is held or anything was touched `since` (monotonic); return whether it
        was pressed."""
        is_untouched = self._obstacles.make_untouched_check(target, since)() is None
        if not is_untouched or self._keyboard.read_modifiers().held or self._obstacles.has_user_left(since):
            return False
        self._press_enter()
        return True

    def _press_enter(self) -> None:
        enter = self._keyboard.find_keycode(XK.XK_Return)
        self._expect_own_keys((enter,))
        self._keyboard.press_keys((enter,))

    def place_cursor(self, paste: PendingPaste) -> Notes:
        """Move the cursor before the text's `text_after_cursor`. Returns notes if that was not possible."""
        if (
            not paste.is_proven
            or not can_move_cursor(paste.rule, paste.chord, paste.text_after_cursor)
            or self._obstacles.wait_for_keys(COPY_CHORD, self._while_waiting)
        ):
            return (CURSOR_NOT_MOVED,)
        obstacle = self._obstacles.make_untouched_check(paste.target, paste.progress.sent_at)
        return (CURSOR_NOT_MOVED,) if self._cursor.move_to_start(paste.text_after_cursor, obstacle) else ()


class CursorMover:
    """Moves the cursor within the text just inserted, and back to its end, by arrow keys; in the paste thread.

    No window reports its cursor, so it moves as many steps as the text has; `desktop.paste.x11.undo` says how long a
    step is. Use only where a text has arrived for certain, nothing was touched since, and an arrow moves a cursor
    (`can_move_cursor`): in a terminal it would move through the shell's history.

    `expect_own_keys(keycodes)` is called before keys are pressed; a `find_obstacle()` returns why none may be pressed
    now.
    """

    def __init__(self, keyboard: XTestKeyboard, expect_own_keys: Callable[[Iterable[int]], None]) -> None:
        self._keyboard = keyboard
        self._expect_own_keys = expect_own_keys

    def move_to_start(self, text: str, find_obstacle: Callable[[], Message | None]) -> Message | None:
        """Move from the end of `text` to its beginning. Returns why that stopped early; None if it did not."""
        return self._move(find_arrow_keys(text)[0][0], count_steps(text), find_obstacle)

    def run_at_end(
        self,
        text_after_cursor: str,
        find_obstacle: Callable[[], Message | None],
        action: Callable[[], Message | None],
    ) -> Message | None:
        """Move from the beginning of `text_after_cursor` to its end and run `action` there.

        Returns why a key could not be pressed or what `action` returns; then the cursor is moved back. None on
        success.
        """
        back_arrow, forth_arrow = find_arrow_keys(text_after_cursor)[0] if text_after_cursor else (0, 0)
        if reason := self._move(forth_arrow, count_steps(text_after_cursor), find_obstacle):
            return reason
        if reason := action():
            self._move(back_arrow, count_steps(text_after_cursor), lambda: None)
        return reason

    def _move(self, arrow: int, count: int, find_obstacle: Callable[[], Message | None]) -> Message | None:
        for moved in range(0, count, STEP_BATCH):
            if reason := find_obstacle():
                return reason
            keycode, batch = self._keyboard.find_keycode(arrow), min(STEP_BATCH, count - moved)
            self._expect_own_keys([keycode] * batch)
            self._keyboard.press_repeatedly((), keycode, batch)
        return None


def can_move_cursor(rule: PasteRule, chord: PasteChord, text_after_cursor: str) -> bool:
    """Return whether the arrows may be pressed as often as `text_after_cursor` has steps, in an application that is
    pasted into by `rule` and `chord`."""
    return (
        rule.is_exact
        and chord.shortcut is not PasteShortcut.SHIFT_INSERT
        and count_steps(text_after_cursor) <= MAX_STEPS
    )
