"""Serve programs that speak for the user, such as assistants: an answer by voice, and dictations of the history.

The app asks the user each time, in a window of its own, so that no program answers for the user. No answer is a no. One
question is asked at a time, and after a no there is a pause, so that a program cannot ask until it gets a yes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import anyio
from anyio import to_thread

from desktop.app.ipc_links import CLIENT_GONE, Link
from desktop.app.status import AssistantQuestion, Frontend
from desktop.core.errors import UserError
from desktop.core.text import make_printable
from desktop.core.types import Outcome
from desktop.dictation.controller import DictationController
from desktop.history.rows import HistoryRow
from desktop.history.store import HistoryStore

ANSWER_TIMEOUT_S = 300.0
"""Seconds for an answer by voice, from the question to the end of the answer."""

ANSWER_DELAY_S = 1.0
"""Seconds after a question is shown from which the talk key answers it: sooner it was pressed for a window."""

SEND_TIMEOUT_S = 5.0
"""Seconds in which a program has to take the answer that it waits for."""

CLOSE_TIMEOUT_S = 1.0
"""Seconds in which a program that has its answer closes its end by itself."""

CONSENT_TIMEOUT_S = 60.0
"""Seconds for the user to allow that dictations are handed over."""

DECLINE_PAUSE_S = 30.0
"""Seconds after a no in which nothing is asked."""

MAX_CLIENT_CHARS, MAX_QUESTION_CHARS = 60, 500
MAX_DICTATIONS = 20
"""The most dictations that are handed over at once."""


class AwaitedAnswer:
    """The answer that a program waits for (`OpenQuestion`). `ended` is set once there is one, or the user declines."""

    def __init__(
        self, program: str, link: Link, is_private: Callable[[], bool], now: Callable[[], float] = time.monotonic
    ) -> None:
        self.program = program
        self.is_private = is_private
        self.ended = anyio.Event()
        self._link = link
        self._now = now
        self._shown_at: float | None = None
        self.is_given = False
        self._is_open = True

    def on_shown(self) -> None:
        """Note that the user sees the question from now on. Call from any thread."""
        self._shown_at = self._now()

    def is_answered_by(self, pressed_at: float) -> bool:
        """See `OpenQuestion`. A press that comes sooner was meant for a window."""
        return self._is_open and self._shown_at is not None and pressed_at >= self._shown_at + ANSWER_DELAY_S

    async def give(self, text: str) -> bool:
        """See `OpenQuestion`."""
        if not self._is_open:
            return False
        self._is_open = False
        try:
            with anyio.move_on_after(SEND_TIMEOUT_S):
                await self._link.send({"text": text})
                self.is_given = True
        except CLIENT_GONE:
            pass
        self.ended.set()
        return self.is_given

    def decline(self) -> None:
        """Take nothing more, unless an answer is being given."""
        if self._is_open:
            self._is_open = False
            self.ended.set()


class AssistantService:
    """Serves the links `dictate` and `search`. `is_private` returns whether the app is in private mode."""

    def __init__(
        self,
        frontend: Frontend,
        history: HistoryStore,
        controller: DictationController,
        is_private: Callable[[], bool],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._frontend = frontend
        self._history = history
        self._controller = controller
        self._is_private = is_private
        self._now = now
        self._is_asking = False
        self._declined_at = -DECLINE_PAUSE_S

    async def dictate(self, link: Link) -> None:
        """Ask the user for an answer by voice, and give it to the client. Raises `UserError`."""
        question = AssistantQuestion(_read_client(link), _read_line(link, "prompt", MAX_QUESTION_CHARS))
        if not question.text:
            raise UserError("question-empty")
        if self._is_private():
            raise UserError("not-in-private-mode")
        with self._asking() as allow:
            await link.accept()
            awaited = AwaitedAnswer(question.client, link, self._is_private, self._now)

            async def work() -> None:
                if not await self._answer(question, awaited):
                    raise UserError("user-declined")
                await anyio.sleep(CLOSE_TIMEOUT_S)  # cancelled by the client's close

            try:
                await link.run_while_open(work)
            finally:
                awaited.decline()
                if awaited.is_given:
                    allow()

    async def _answer(self, question: AssistantQuestion, awaited: AwaitedAnswer) -> bool:
        """Ask the user; return whether the program has an answer."""

        async def show() -> None:
            await self._frontend.ask(question, awaited.on_shown)  # returns where the user declines
            awaited.decline()

        with self._controller.answer_next(awaited):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(show)
                with anyio.move_on_after(ANSWER_TIMEOUT_S):
                    await awaited.ended.wait()
                awaited.decline()
                await awaited.ended.wait()  # one that is being given
                tasks.cancel_scope.cancel()
        return awaited.is_given

    async def search(self, link: Link) -> None:
        """Hand dictations over to the client, if the user allows it. Raises `UserError`."""
        query = _read_line(link, "query", MAX_QUESTION_CHARS)
        count = max(1, link.number("limit", 5, MAX_DICTATIONS))
        question = AssistantQuestion(_read_client(link), query, count)
        if self._is_private():
            raise UserError("not-in-private-mode")
        with self._asking() as allow:
            await link.accept()

            async def work() -> None:
                is_allowed = False
                with anyio.move_on_after(CONSENT_TIMEOUT_S):
                    is_allowed = await self._frontend.ask(question, lambda: None)
                if not is_allowed:
                    raise UserError("user-declined")
                allow()
                rows = await to_thread.run_sync(self._find, query, count)
                with anyio.move_on_after(SEND_TIMEOUT_S):
                    await link.send({"dictations": [_describe(row) for row in rows]})

            await link.run_while_open(work)

    def _find(self, query: str, count: int) -> list[HistoryRow]:
        """Return the newest rows, without those that the user has cancelled, and commands."""
        found, before = list[HistoryRow](), None
        while len(found) < count:
            rows = self._history.search(query, count, before_id=before)
            found += (row for row in rows if row.delivery not in (Outcome.CANCELLED, Outcome.SILENT))
            if len(rows) < count:
                break
            before = rows[-1].id
        return found[:count]

    @contextmanager
    def _asking(self) -> Iterator[Callable[[], None]]:
        """Ask inside this context. It counts as a no unless what this yields is called: also where the client goes."""
        if self._is_asking:
            raise UserError("app-busy")
        if self._now() - self._declined_at < DECLINE_PAUSE_S:
            raise UserError("user-has-declined")
        is_allowed = False

        def allow() -> None:
            nonlocal is_allowed
            is_allowed = True

        self._is_asking = True
        try:
            yield allow
        finally:
            self._is_asking = False
            if not is_allowed:
                self._declined_at = self._now()


def _read_client(link: Link) -> str:
    return _read_line(link, "client", MAX_CLIENT_CHARS) or "?"


def _read_line(link: Link, name: str, max_chars: int) -> str:
    """Return a text of the request in one line without control characters, as it is shown."""
    return " ".join(make_printable(link.text(name, max_chars)).split())


def _describe(row: HistoryRow) -> dict[str, Any]:
    """Return what is handed over of a row, as the question says."""
    text = row.edited if row.edited is not None else row.text or row.raw_text
    return {"started_at": row.started_at.isoformat(timespec="seconds"), "app": row.app, "text": text}
