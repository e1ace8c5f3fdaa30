"""Ask whether a field is for a password, of programs that may hang: in threads, with what was last known. Pure.

A hung program keeps the thread that asks it for as long as it hangs, so that one is left behind and another asks the
next program.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from threading import Thread

logger = logging.getLogger(__name__)

MAX_STUCK_THREADS = 16
"""How many threads may wait for hung programs; no program is asked while they do."""

type PasswordCheck = Callable[[int], bool | None]
"""Returns whether the focused field in a control is for a password, None if unknown. Raises `OSError`."""


class PasswordQuery:
    """Asks in a thread that is started by the first query. `open_check` is called in it, and what it returns asks."""

    def __init__(self, open_check: Callable[[], PasswordCheck]) -> None:
        self._open_check = open_check
        self._thread: _QueryThread | None = None
        self._stuck: list[_QueryThread] = []
        self._password_controls: set[int] = set()

    def ask(self, control: int) -> Future[bool | None]:
        """Ask it of a `control`, which has the focus. The answer is None where none is known, and cancelled at once
        while too many programs have not answered."""
        self._stuck = [thread for thread in self._stuck if not thread.last.done()]
        if self._thread is not None and not self._thread.last.done() and self._thread.control != control:
            if len(self._stuck) + 1 >= MAX_STUCK_THREADS:
                refused: Future[bool | None] = Future()
                refused.cancel()
                return refused
            self._stuck.append(self._thread)
            self._thread.leave()
            self._thread = None
        if self._thread is None:
            self._thread = _QueryThread(self._open_check)
        answer = self._thread.ask(control)
        answer.add_done_callback(partial(self._note_answer, control))
        return answer

    def judge(self, control: int, answer: Future[bool | None]) -> bool | None:
        """Return whether the field counts as one for passwords, after as long a wait for `answer` as there may be; None
        where its program did not answer. One that was for passwords and of which nothing is known now still is."""
        is_answered = answer.done() and not answer.cancelled()
        known = answer.result() if is_answered else None
        if known is None and control in self._password_controls:
            return True
        return bool(known) if is_answered else None

    def _note_answer(self, control: int, answer: Future[bool | None]) -> None:
        """Remember an answer, a late one too; called in the thread that has asked."""
        match answer.result():
            case True:
                self._password_controls.add(control)
            case False:
                self._password_controls.discard(control)


class _QueryThread:
    """A thread that asks. `last`: the answer to the last query, which was about `control`."""

    def __init__(self, open_check: Callable[[], PasswordCheck]) -> None:
        self._open_check = open_check
        self._queries: SimpleQueue[tuple[int, Future[bool | None]] | None] = SimpleQueue()
        self.last: Future[bool | None] = Future()
        self.control = 0
        Thread(target=self._run, name="accessibility", daemon=True).start()

    def ask(self, control: int) -> Future[bool | None]:
        """Return the future answer."""
        self.control, self.last = control, Future()
        self._queries.put((control, self.last))
        return self.last

    def leave(self) -> None:
        """End the thread after its last answer."""
        self._queries.put(None)

    def _run(self) -> None:
        check = self._open_check()
        while (query := self._queries.get()) is not None:
            control, answer = query
            try:
                is_password = check(control)
            except OSError:
                logger.warning("accessibility failed", exc_info=True)
                is_password = None
            answer.set_result(is_password)
