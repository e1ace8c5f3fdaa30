"""Answer requests about a window before an edit: whether its selection may be read, and what is selected.

Part of the paste thread, since a look takes the clipboard too and must be in order with the pastes.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable

from desktop.core.types import Selection, Target
from desktop.paste.apps import Rule
from desktop.paste.request import Look, Reading, Request
from desktop.paste.x11.clipboard import Clipboard
from desktop.paste.x11.connection import Connection
from desktop.paste.x11.obstacles import COPY, Obstacles
from desktop.paste.x11.selection import BLIND, CHANGED, OURS, Selecting
from desktop.paste.x11.undo import Reversal
from desktop.platforms.linux import x11_focus as context

SECRET_TEXT = "A password field has the focus."


class Looking:
    """Reads selections.

    `find_rule` returns the paste rule of a window; `requests` are the paste thread's open requests.
    """

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
        """Answer this request."""
        if isinstance(question, Reading):
            question.answer(self._clipboard.text("CLIPBOARD"))
        else:
            question.answer(self._selected(question))

    def glance(self) -> None:
        """Answer and remove the requests that press no key and take nothing.

        The dictation that the current request waits for sends them. The clipboard must not be taken.
        """
        for request in tuple(self._requests):
            if isinstance(request, Reading) or (isinstance(request, Look) and request.target is None):
                self.tell(request)
                self._requests.remove(request)

    @property
    def late(self) -> bool:
        """Whether `do_idle_work` would restore the clipboard, which comes before any request: that may be about the
        clipboard."""
        return self._selecting.late

    @property
    def wanted(self) -> bool:
        """Whether there is something for `do_idle_work`."""
        return self.late or self._clipboard.ahead.wanted

    def meanwhile(self, hurried: Callable[[], bool]) -> None:
        """Between two requests: restore what a window replaced by copying too late, or copy the clipboard early until
        the next request makes it `is_hurried`."""
        if self.late:
            self._selecting.mend()
        else:
            self._clipboard.ahead.make(hurried)

    def forget(self) -> None:
        """Drop the late copy, since the clipboard will be replaced: nothing that was there before is restored."""
        self._selecting.forget()

    def _selected(self, look: Look) -> Selection:
        """Return what is selected, as `look` requests it."""
        target = look.target
        if target is None:
            return self._selecting.marked(context.active(self._x.display).handle)
        if why := self._obstacle(target):
            return Selection(target.handle, why=why)
        return self._selecting.selected(look.marked, target.handle)

    def changed(self, over: Selection) -> str:
        """Return why a text must not replace the selection `over`; empty if that is still selected."""
        now = self._selecting.selected(self._selecting.marked(over.handle), over.handle)
        return "" if now.text == over.text else CHANGED

    def _obstacle(self, target: Target) -> str:
        """Return why the selection must not be read; empty if it may."""
        if target.pid == os.getpid():
            return OURS
        if not self._rule(target).exact:
            return BLIND
        place, keys = self._obstacles.place, self._obstacles.keys
        if why := place(target) or keys(COPY, self.glance) or place(target):
            return why
        return SECRET_TEXT if self._obstacles.secret(target) else ""
