"""The client of the language model on this machine: a process of ours that implements OpenAI's chat completions.

Nothing leaves the machine, so there is never a receipt. The process is started when the model is chosen, since loading
takes seconds; it ends after a while without requests, and is back before the user has finished speaking, since a
dictation warms the model when it begins. If it dies, the running request fails with a sentence, and the next one starts
a new process.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from anyio import to_thread

from desktop.core.errors import Problem, ServiceProblem
from desktop.core.types import Sent
from desktop.llm.client import AUTO, Chat, Exchange
from desktop.llm.local_model import find, require_library
from desktop.llm.local_server import LocalServer
from desktop.llm.messages import Question
from desktop.llm.models import Model
from desktop.network.client import Client
from desktop.network.endpoint import Secret, Service
from models.store import Store

logger = logging.getLogger(__name__)

NAME = "The local model"
"""The model's name in sentences."""

NOWHERE = "http://127.0.0.1:9/v1"
"""Placeholder address before the first process runs; nothing is sent there."""


class LocalChat(Chat):
    """A client of the model `model_name` of `store`, or of the file of that name.

    It is unloaded after `unload_after_s` seconds without a request, 0 for never. `warmup_requests` are coming requests
    without their text: the model reads them when it is loaded.
    """

    shaped = True

    def __init__(
        self, store: Store, wanted: str = AUTO, unload_after_s: float = 0.0, asked: tuple[Question, ...] = ()
    ) -> None:
        # Over HTTP/1.1 the server notices that an answer is no longer read.
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
        """Return the id of the process that holds the model, None where none runs."""
        return self._server.pid if self._server is not None and self._server.alive else None

    async def warm(self) -> None:
        """Load the model into memory and have it read the prompts."""
        with self.used():
            try:
                await self._ready()
            except Problem as problem:  # the next request reports it
                logger.warning("no language model: %s", problem)

    async def model(self) -> Model:
        """Return the model to ask, once it is loaded. Raises `UserError`."""
        await self._ready()
        return Model(self.wanted)

    def exchange(self, question: Question) -> Exchange:
        """Return an exchange for `request`; nothing is loaded before `LLMExchange.run`."""
        return _Exchange(self, question)

    async def aclose(self) -> None:
        """End the process and free its memory before returning. No requests are possible from now on."""
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
        """End the process; the next request starts another."""
        server, self._server = self._server, None
        if server is not None:
            ending = asyncio.create_task(server.stop())
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)

    @contextmanager
    def used(self) -> Iterator[None]:
        """Keep the model loaded inside this context."""
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
        """Ensure that a process can be asked. Raises `UserError`."""
        if self._closed:
            raise Problem(f"{NAME} is not in use any more.")
        if self._server is not None and self._server.alive:
            return
        if self._starting is None or self._starting.done():
            self._starting = asyncio.create_task(self._start())
            self._starting.add_done_callback(lambda done: done.cancelled() or done.exception())  # may have no caller
        starting = self._starting
        await asyncio.wait([starting])
        if starting.cancelled():
            raise Problem(f"{NAME} is not in use any more.")
        starting.result()

    async def _start(self) -> None:
        require_library()
        server = await LocalServer.start(await to_thread.run_sync(find, self._store, self.wanted))
        try:
            await self.client.aclose()  # connections to the previous process, which had another port
            self.service = _service(server.url, server.key)
            for question in self._asked:
                await self._read(question)
        except BaseException:
            await server.stop()
            raise
        self._server = server

    async def _read(self, question: Question) -> None:
        """Have the model read the common beginning of requests, so that only the dictated words are left to be read
        later."""
        asked = {"messages": question.messages, "max_tokens": 1, "temperature": 0}
        headers = {"Content-Type": "application/json"}
        body = json.dumps(asked).encode()
        await self.client.ask(self.service, "POST", "/chat/completions", headers=headers, body=body)


class _Exchange(Exchange):
    """An exchange with the local model."""

    def __init__(self, chat: LocalChat, question: Question) -> None:
        super().__init__(chat, question)
        self._local = chat

    async def run(self, heard: Callable[[str], None]) -> str:
        """Return the answer as `LLMExchange.run` does. Raises `UserError`."""
        with self._local.used():
            try:
                return await super().run(heard)
            except ServiceProblem as problem:
                if problem.status != 0:
                    raise
                self._local.let_go()  # a connection within this machine breaks only when the process is gone
                raise ServiceProblem(f"{NAME} stopped.", "The next dictation starts it again.") from problem

    def sent(self, purpose: str) -> Sent | None:
        """Return None: nothing left the machine."""
        return None


def _service(url: str, key: str) -> Service:
    return Service(NAME, url, Secret("local", lambda name: key))
