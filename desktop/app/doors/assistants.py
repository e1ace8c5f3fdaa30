"""Serve programs that speak for the user, such as assistants: an answer by voice, and dictations of the history.

The app asks the user each time, in a window of its own, so that no program answers for the user. No answer is a no. One
question is asked at a time, and after a no there is a pause, so that a program cannot ask until it gets a yes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import anyio
from anyio import to_thread

from desktop.app.ipc_links import Link
from desktop.app.status import AssistantQuestion, Frontend
from desktop.core.errors import UserError
from desktop.core.text import make_printable
from desktop.dictation.controller import DictationController
from desktop.history.rows import HistoryRow
from desktop.history.store import HistoryStore

ANSWER_TIMEOUT_S = 300.0
"""Seconds for an answer by voice, from the question to the end of the answer."""

CONSENT_TIMEOUT_S = 60.0
"""Seconds for the user to allow that dictations are handed over."""

DECLINE_PAUSE_S = 30.0
"""Seconds after a no in which nothing is asked."""

MAX_CLIENT_CHARS, MAX_QUESTION_CHARS = 60, 500
MAX_DICTATIONS = 20
"""The most dictations that are handed over at once."""


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
        with self._asking():
            await link.accept()
            answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()

            def give(text: str | None) -> bool:
                if answer.done():
                    return False
                answer.set_result(text)
                return True

            async def work() -> None:
                with self._controller.answer_next(question.client, give):
                    await self._answer(link, question, answer, give)

            await link.run_while_open(work)

    async def _answer(
        self,
        link: Link,
        question: AssistantQuestion,
        answer: asyncio.Future[str | None],
        give: Callable[[str | None], bool],
    ) -> None:
        async def show() -> None:
            await self._frontend.ask(question)  # returns where the user declines
            give(None)

        text = None
        with anyio.move_on_after(ANSWER_TIMEOUT_S):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(show)
                text = await answer
                tasks.cancel_scope.cancel()
        if text is None:
            raise self._decline()
        await link.send({"text": text})

    async def search(self, link: Link) -> None:
        """Hand dictations over to the client, if the user allows it. Raises `UserError`."""
        query = _read_line(link, "query", MAX_QUESTION_CHARS)
        count = max(1, link.number("limit", 5, MAX_DICTATIONS))
        if self._is_private():
            raise UserError("search-in-private-mode")
        with self._asking():
            await link.accept()

            async def work() -> None:
                is_allowed = False
                with anyio.move_on_after(CONSENT_TIMEOUT_S):
                    is_allowed = await self._frontend.ask(AssistantQuestion(_read_client(link), query, count))
                if not is_allowed:
                    raise self._decline()
                rows = await to_thread.run_sync(self._find, query, count)
                await link.send({"dictations": [_describe(row) for row in rows]})

            await link.run_while_open(work)

    def _find(self, query: str, count: int) -> list[HistoryRow]:
        return self._history.search(query, count) if query else self._history.rows(count)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        if self._is_asking:
            raise UserError("app-busy")
        if self._now() - self._declined_at < DECLINE_PAUSE_S:
            raise UserError("user-has-declined")
        self._is_asking = True
        try:
            yield
        finally:
            self._is_asking = False

    def _decline(self) -> UserError:
        self._declined_at = self._now()
        return UserError("user-declined")


def _read_client(link: Link) -> str:
    return _read_line(link, "client", MAX_CLIENT_CHARS) or "?"


def _read_line(link: Link, name: str, max_chars: int) -> str:
    """Return a text of the request in one line without control characters, as it is shown."""
    return " ".join(make_printable(link.text(name, max_chars)).split())


def _describe(row: HistoryRow) -> dict[str, Any]:
    """Return what is handed over of a row, as the question says."""
    text = row.edited if row.edited is not None else row.text or row.raw_text
    return {"started_at": row.started_at.isoformat(timespec="seconds"), "app": row.app, "text": text}
