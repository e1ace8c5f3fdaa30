"""Ask whether a field is for a password, of programs that may hang: in threads, with what was last known. Pure.

A hung program keeps the thread that asks it for as long as it hangs, so another thread asks the next program. An answer
never serves a query that comes after it has begun: the focus may have moved to a password field of the same control.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
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
        self._threads: list[_QueryThread] = []
        self._password_controls: set[int] = set()

    def ask(self, control: int) -> Future[bool | None]:
        """Ask it of a `control`, which has the focus. Returns the future of a query that has not begun yet, also if an
        earlier call has made it. The answer is None where none is known, and cancelled at once while too many programs
        have not answered."""
        thread = self._find_thread(control)
        if thread is None:
            unavailable: Future[bool | None] = Future()
            unavailable.cancel()
            return unavailable
        return thread.ask(control)

    def judge(self, control: int, answer: Future[bool | None]) -> bool | None:
        """Return whether the field counts as one for passwords, after as long a wait for `answer` as there may be.

        None where its program did not answer. An answer that says nothing counts as no; but a control that last had a
        password field still has one until its program says no.
        """
        is_answered = answer.done() and not answer.cancelled()
        is_password = answer.result() if is_answered else None
        if is_password is None and control in self._password_controls:
            return True
        return bool(is_password) if is_answered else None

    def _find_thread(self, control: int) -> _QueryThread | None:
        """Return the thread that asks this control or, if none does, one that is free; None if there are too many."""
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        free = [thread for thread in self._threads if not thread.is_asking()]
        for thread in self._threads:
            if thread.is_asking() and thread.control == control:
                return thread
        if free:
            for thread in free[1:]:  # those that were stuck
                thread.end()
                self._threads.remove(thread)
            return free[0]
        if len(self._threads) >= MAX_STUCK_THREADS:
            return None
        self._threads.append(_QueryThread(self._open_check, self._note_answer))
        return self._threads[-1]

    def _note_answer(self, control: int, is_password: bool | None) -> None:
        """Remember an answer, a late one too; called in the thread that has asked."""
        if is_password:
            self._password_controls.add(control)
        elif is_password is not None:
            self._password_controls.discard(control)


class _QueryThread:
    """A thread that asks, of one control at a time. `on_answer(control, is_password)` is called in it."""

    def __init__(self, open_check: Callable[[], PasswordCheck], on_answer: Callable[[int, bool | None], None]) -> None:
        self._open_check = open_check
        self._on_answer = on_answer
        self._queries: SimpleQueue[tuple[int, Future[bool | None]] | None] = SimpleQueue()
        self._last_answer: Future[bool | None] = Future()
        self._last_answer.set_result(None)
        self.control = 0
        self._thread = Thread(target=self._run, name="accessibility", daemon=True)
        self._thread.start()

    def is_alive(self) -> bool:
        """Return whether it can still answer."""
        return self._thread.is_alive()

    def is_asking(self) -> bool:
        """Return whether a query about `control` has no answer yet."""
        return not self._last_answer.done()

    def ask(self, control: int) -> Future[bool | None]:
        """Return the future answer to a query that has not begun: the one that waits, or another."""
        if self._last_answer.done() or self._last_answer.running():
            self.control, self._last_answer = control, Future()
            self._queries.put((control, self._last_answer))
        return self._last_answer

    def end(self) -> None:
        """End the thread after its last answer."""
        self._queries.put(None)

    def _run(self) -> None:
        check: PasswordCheck | None = None
        while (query := self._queries.get()) is not None:
            control, answer = query
            answer.set_running_or_notify_cancel()
            is_password = None
            try:
                check = check or self._open_check()
                is_password = check(control)
            except OSError:
                logger.warning("accessibility failed", exc_info=True)
            except Exception:
                logger.exception("the check for a password field failed")
            self._on_answer(control, is_password)
            answer.set_result(is_password)
