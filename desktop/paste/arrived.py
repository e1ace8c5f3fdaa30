"""What is pressed once a text has arrived: Return, or the arrows that bring the cursor to its place in it.

The talk key may be down again by then. Ctrl+V does not mind a Control that is; Return and the arrows mean something
else with it, so both wait for the end of the next dictation, and what could not be pressed is said. What
that dictation asks for meanwhile is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from Xlib import XK

from desktop.paste.cursor import UNMOVED, Cursor, may_move
from desktop.paste.keys import Keyboard
from desktop.paste.loan import Loan
from desktop.paste.obstacles import COPY, Obstacles
from desktop.paste.request import LEFT, UNSENT


class Arrived:
    """Presses it, in the paste thread, if the person is still where the text is and did nothing since. `expect` is told
    the keycodes that are about to be pressed."""

    def __init__(
        self,
        keyboard: Keyboard,
        cursor: Cursor,
        obstacles: Obstacles,
        expect: Callable[[Iterable[int]], None],
        meanwhile: Callable[[], None],
    ) -> None:
        """`meanwhile` is called again and again while it waits."""
        self._keyboard = keyboard
        self._cursor = cursor
        self._obstacles = obstacles
        self._expect = expect
        self._meanwhile = meanwhile

    def press_enter(self, loan: Loan) -> str:
        """Send what was inserted. A note where that could not be."""
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
        """Leave the cursor where the text wants it. A note where that could not be."""
        if (
            not loan.sure
            or not may_move(loan.rule, loan.chord, loan.after)
            or self._obstacles.keys(COPY, self._meanwhile)
        ):
            return UNMOVED
        obstacle = self._obstacles.untouched(loan.target, loan.lent.sent_at)
        return UNMOVED if self._cursor.back(loan.after, obstacle) else ""
