"""Press keys after a text has arrived: Return, or the arrows that move the cursor to its place in the text.

The talk key may be down again by then. Ctrl+V is not affected by a Control held as the talk key; Return and the arrows
are, so both wait for the end of the next dictation, and a failure is noted. Requests of that dictation are answered
meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from Xlib import XK

from desktop.paste.request import RETURN_NOT_PRESSED, USER_LEFT
from desktop.paste.x11.cursor import CURSOR_NOT_MOVED, CursorMover, can_move_cursor
from desktop.paste.x11.keyboard import XTestKeyboard
from desktop.paste.x11.obstacles import COPY_CHORD, Obstacles
from desktop.paste.x11.paste_state import PendingPaste


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

    def press_enter(self, paste: PendingPaste) -> str:
        """Press Return. Returns a note if that was not possible."""
        if not paste.is_proven:
            return RETURN_NOT_PRESSED
        since = paste.progress.sent_at
        why = (
            self._obstacles.wait_for_keys(COPY_CHORD, self._while_waiting)
            or self._obstacles.make_untouched_check(paste.target, since)()
        )
        why = why or (USER_LEFT if self._obstacles.has_user_left(since) else "")
        if why:
            return f"{why} {RETURN_NOT_PRESSED}"
        enter = self._keyboard.find_keycode(XK.XK_Return)
        self._expect_own_keys((enter,))
        self._keyboard.press_keys((enter,))
        return ""

    def place_cursor(self, paste: PendingPaste) -> str:
        """Move the cursor before the text's `text_after_cursor`. Returns a note if that was not possible."""
        if (
            not paste.is_proven
            or not can_move_cursor(paste.rule, paste.chord, paste.text_after_cursor)
            or self._obstacles.wait_for_keys(COPY_CHORD, self._while_waiting)
        ):
            return CURSOR_NOT_MOVED
        obstacle = self._obstacles.make_untouched_check(paste.target, paste.progress.sent_at)
        return CURSOR_NOT_MOVED if self._cursor.move_to_start(paste.text_after_cursor, obstacle) else ""
