"""Press keys after a text has arrived: Return, or the arrows that move the cursor to its place in the text.

The talk key may be down again by then. Ctrl+V is not affected by a Control held as the talk key; Return and the arrows
are, so both wait for the end of the next dictation, and a failure is noted. Requests of that dictation are answered
meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from Xlib import XK

from desktop.paste.request import LEFT, UNSENT
from desktop.paste.x11.cursor import UNMOVED, Cursor, may_move
from desktop.paste.x11.keyboard import Keyboard
from desktop.paste.x11.obstacles import COPY, Obstacles
from desktop.paste.x11.paste_state import Loan


class Arrived:
    """Presses keys after a paste, in the paste thread, if the user is still in the window and did nothing since.

    `expect_own_keys(keycodes)` is called before keys are pressed.
    """

    def __init__(
        self,
        keyboard: Keyboard,
        cursor: Cursor,
        obstacles: Obstacles,
        expect: Callable[[Iterable[int]], None],
        meanwhile: Callable[[], None],
    ) -> None:
        """`while_waiting` is called repeatedly during a wait."""
        self._keyboard = keyboard
        self._cursor = cursor
        self._obstacles = obstacles
        self._expect = expect
        self._meanwhile = meanwhile

    def press_enter(self, loan: Loan) -> str:
        """Press Return. Returns a note if that was not possible."""
        if not loan.sure:
            return UNSENT
        since = loan.lent.sent_at
        why = self._obstacles.keys(COPY, self._meanwhile) or self._obstacles.untouched(loan.target, since)()
        why = why or (LEFT if self._obstacles.left(since) else "")
        if why:
            return f"{why} {UNSENT}"
        enter = self._keyboard.key(XK.XK_Return)
        self._expect((enter,))
        self._keyboard.press((enter,))
        return ""

    def put_cursor(self, loan: Loan) -> str:
        """Move the cursor before the text's `text_after_cursor`. Returns a note if that was not possible."""
        if (
            not loan.sure
            or not may_move(loan.rule, loan.chord, loan.after)
            or self._obstacles.keys(COPY, self._meanwhile)
        ):
            return UNMOVED
        obstacle = self._obstacles.untouched(loan.target, loan.lent.sent_at)
        return UNMOVED if self._cursor.back(loan.after, obstacle) else ""
