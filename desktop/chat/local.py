"""The language model on this machine, asked as any other: a process of ours that speaks OpenAI's chat completions.

Nothing that is said to it leaves the machine, so there is never a receipt. The process is started when the model is
chosen, for loading takes seconds; it ends when nobody has asked for a while, and is back before one has finished
speaking, since a dictation warms the model when it begins. Its death is an event and no fault of the next question:
what was being asked fails in a sentence, and whoever asks next has a new process.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from anyio import to_thread

from desktop.chat.exchange import AUTO, Chat, Exchange
from desktop.chat.local_file import find, require_library
from desktop.chat.local_server import LocalServer
from desktop.chat.models import Model
from desktop.chat.request import Question
from desktop.network import Client, Secret, Service
from desktop.ports import Sent
from desktop.problems import Problem, ServiceProblem
from models.store import Store

logger = logging.getLogger(__name__)

NAME = "The local model"
"""What it is called in a sentence."""

NOWHERE = "http://127.0.0.1:9/v1"
"""Where it is said to be before its first process runs; nobody is asked there."""


class LocalChat(Chat):
    """The model called `wanted` among those of `store`, or the file of that name. It is let go after `unload_after_s`
    seconds without a question, 0 for never. `asked` is what it will be asked, without a text: it is read as the model
    is loaded."""

    shaped = True

    def __init__(
        self, store: Store, wanted: str = AUTO, unload_after_s: float = 0.0, asked: tuple[Question, ...] = ()
    ) -> None:
        # HTTP/1.1, where the server sees that an answer is not wanted any more.
        super().__init__(Client("1.1"), _service(NOWHERE, ""), wanted, openai=False)
        self.wanted = wanted
        self.unload_after_s = unload_after_s
        self._store = store
        self._asked = asked
        self._server: LocalServer | None = None
        self._starting: asyncio.Task[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._users = 0
        self._rest: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process that holds the model, where one runs."""
        return self._server.pid if self._server is not None and self._server.alive else None

    async def warm(self) -> None:
        """Have the model in memory, and the prompts read."""
        with self.used():
            try:
                await self._ready()
            except Problem as problem:  # whoever asks next is told
                logger.warning("no language model: %s", problem)

    async def model(self) -> Model:
        """Whom to ask, once it can be asked. Raises `Problem`."""
        await self._ready()
        return Model(self.wanted)

    def exchange(self, question: Question) -> Exchange:
        """Ask `question`: nothing is needed before `Exchange.run`."""
        return _Exchange(self, question)

    async def aclose(self) -> None:
        """End the process, whose memory is free when this returns. Nothing can be asked from now on."""
        self._closed = True
        if self._rest is not None:
            self._rest.cancel()
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.wait([self._starting])
        self.let_go()
        if self._ending:
            await asyncio.wait(self._ending)
        await self.client.aclose()

    def let_go(self) -> None:
        """Have the process end; the next question starts another."""
        server, self._server = self._server, None
        if server is not None:
            ending = asyncio.create_task(server.stop())
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)

    @contextmanager
    def used(self) -> Iterator[None]:
        """While somebody uses the model it is not let go."""
        self._users += 1
        if self._rest is not None:
            self._rest.cancel()
        try:
            yield
        finally:
            self._users -= 1
            if not self._users and self.unload_after_s and not self._closed:
                self._rest = asyncio.get_running_loop().call_later(self.unload_after_s, self._unload)

    def _unload(self) -> None:
        if self._server is not None:
            logger.info("no language model was asked for a while: it is unloaded")
            self.let_go()

    async def _ready(self) -> None:
        """Have a process that can be asked. Raises `Problem`."""
        if self._closed:
            raise Problem(f"{NAME} is not in use any more.")
        if self._server is not None and self._server.alive:
            return
        if self._starting is None or self._starting.done():
            self._starting = asyncio.create_task(self._start())
            self._starting.add_done_callback(lambda done: done.cancelled() or done.exception())  # who asked may be gone
        starting = self._starting
        await asyncio.wait([starting])
        if starting.cancelled():
            raise Problem(f"{NAME} is not in use any more.")
        starting.result()

    async def _start(self) -> None:
        require_library()
        server = await LocalServer.start(await to_thread.run_sync(find, self._store, self.wanted))
        try:
            await self.client.aclose()  # what went to the process before, which was another host
            self.service = _service(server.url, server.key)
            for question in self._asked:
                await self._read(question)
        except BaseException:
            await server.stop()
            raise
        self._server = server

    async def _read(self, question: Question) -> None:
        """Have the model read what questions begin with, so that only the words are left to be read then."""
        asked = {"messages": question.messages, "max_tokens": 1, "temperature": 0}
        headers = {"Content-Type": "application/json"}
        body = json.dumps(asked).encode()
        await self.client.ask(self.service, "POST", "/chat/completions", headers=headers, body=body)


class _Exchange(Exchange):
    """One question to the model here."""

    def __init__(self, chat: LocalChat, question: Question) -> None:
        super().__init__(chat, question)
        self._local = chat

    async def run(self, heard: Callable[[str], None]) -> str:
        """See `Exchange.run`. Raises `Problem`."""
        with self._local.used():
            try:
                return await super().run(heard)
            except ServiceProblem as problem:
                if problem.status != 0:
                    raise
                self._local.let_go()  # a connection within this machine breaks only where its other end has gone
                raise ServiceProblem(f"{NAME} stopped.", "The next dictation starts it again.") from problem

    def sent(self, purpose: str) -> Sent | None:
        """Nothing left the machine."""
        return None


def _service(url: str, key: str) -> Service:
    return Service(NAME, url, Secret("local", lambda name: key))
