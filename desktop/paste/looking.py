"""What somebody wants to know of a window before it is edited: whether one may look there, and what is selected.

Beside the transaction and in its thread, since a look lends the clipboard too, and must be in order with the pastes.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable

from desktop import context
from desktop.paste.applications import Rule
from desktop.paste.clipboard import Clipboard
from desktop.paste.connection import Connection
from desktop.paste.obstacles import COPY, Obstacles
from desktop.paste.request import Look, Reading, Request
from desktop.paste.selection import BLIND, CHANGED, OURS, Selecting
from desktop.paste.takeback import Reversal
from desktop.ports import Selection, Target

SECRET_TEXT = "A password field has the focus."


class Looking:
    """Looks. `rule` says how one pastes into a window; `requests` is what the paste thread has still to do."""

    def __init__(
        self,
        connection: Connection,
        clipboard: Clipboard,
        selecting: Selecting,
        obstacles: Obstacles,
        rule: Callable[[Target], Rule],
        requests: deque[Request | Reversal | Reading | Look],
    ) -> None:
        self._x = connection
        self._clipboard = clipboard
        self._selecting = selecting
        self._obstacles = obstacles
        self._rule = rule
        self._requests = requests

    def tell(self, question: Reading | Look) -> None:
        """Answer it."""
        if isinstance(question, Reading):
            question.answer(self._clipboard.text("CLIPBOARD"))
        else:
            question.answer(self._selected(question))

    def glance(self) -> None:
        """Answer those of the requests that press no key and take nothing, and take them out: the dictation that the
        one in hand waits for asks them. Nothing may be lent."""
        for request in tuple(self._requests):
            if isinstance(request, Reading) or (isinstance(request, Look) and request.target is None):
                self.tell(request)
                self._requests.remove(request)

    @property
    def late(self) -> bool:
        """Whether `meanwhile` gives something back, which comes before any request: that may be about the clipboard."""
        return self._selecting.late

    @property
    def wanted(self) -> bool:
        """Whether there is something for `meanwhile`."""
        return self.late or self._clipboard.ahead.wanted

    def meanwhile(self, hurried: Callable[[], bool]) -> None:
        """Between two requests: give back what a window took that copied too late, or copy the clipboard ahead until
        the next one is `hurried`."""
        if self.late:
            self._selecting.mend()
        else:
            self._clipboard.ahead.make(hurried)

    def forget(self) -> None:
        """The clipboard is to be another one from now on: nothing that was there before is given back."""
        self._selecting.forget()

    def _selected(self, look: Look) -> Selection:
        """What is selected, as `look` wants to know it."""
        target = look.target
        if target is None:
            return self._selecting.marked(context.active(self._x.display).handle)
        if why := self._obstacle(target):
            return Selection(target.handle, why=why)
        return self._selecting.selected(look.marked, target.handle)

    def changed(self, over: Selection) -> str:
        """Why a text must not go where `over` was selected; empty where it still is."""
        now = self._selecting.selected(self._selecting.marked(over.handle), over.handle)
        return "" if now.text == over.text else CHANGED

    def _obstacle(self, target: Target) -> str:
        """Why one must not look; empty where one may."""
        if target.pid == os.getpid():
            return OURS
        if not self._rule(target).exact:
            return BLIND
        place, keys = self._obstacles.place, self._obstacles.keys
        if why := place(target) or keys(COPY, self.glance) or place(target):
            return why
        return SECRET_TEXT if self._obstacles.secret(target) else ""
