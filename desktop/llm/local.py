"""The client of the language model on this machine: a process of ours that implements OpenAI's chat completions.

Nothing leaves the machine, so there is never a receipt. The process is started when the model is chosen, since loading
takes seconds; it ends after a while without requests, and is back before the user has finished speaking, since a
dictation warms the model when it begins. If it dies, the running request fails with a sentence, and the next one starts
a new process.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from anyio import to_thread

from desktop.core.errors import ServiceError, UserError
from desktop.core.types import SentData
from desktop.llm.chat_completions import LLMRequest
from desktop.llm.client import LLMClient, LLMCompletion
from desktop.llm.local_model import find_local_model, require_llama_cpp
from desktop.llm.local_server import LocalLLMServer
from desktop.llm.models import LLMModel
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.settings.schema import AUTO
from models.store import ModelStore

logger = logging.getLogger(__name__)

DISPLAY_NAME = "The local model"
"""The model's name in sentences."""

PLACEHOLDER_URL = "http://127.0.0.1:9/v1"
"""Placeholder address before the first process runs; nothing is sent there."""


class LocalLLMClient(LLMClient):
    """A client of the model `model_name` of `store`, or of the file of that name.

    It is unloaded after `unload_after_s` seconds without a request, 0 for never. `warmup_requests` are coming requests
    without their text: the model reads them when it is loaded.
    """

    supports_schema = True

    def __init__(
        self,
        store: ModelStore,
        model_name: str = AUTO,
        unload_after_s: float = 0.0,
        warmup_requests: tuple[LLMRequest, ...] = (),
    ) -> None:
        # Over HTTP/1.1 the server notices that an answer is no longer read.
        super().__init__(ServiceClient("1.1"), _build_service(PLACEHOLDER_URL, ""), model_name, openai=False)
        self.model_name = model_name
        self.unload_after_s = unload_after_s
        self._store = store
        self._warmup_requests = warmup_requests
        self._server: LocalLLMServer | None = None
        self._starting: asyncio.Task[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._users = 0
        self._unload_timer: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """Return the id of the process that holds the model, None where none runs."""
        return self._server.pid if self._server is not None and self._server.is_alive else None

    async def warm(self) -> None:
        """Load the model into memory and have it read the prompts."""
        with self.keep_loaded():
            try:
                await self._ensure_server()
            except UserError as problem:  # the next request reports it
                logger.warning("no language model: %s", problem)

    async def choose_model(self) -> LLMModel:
        """Return the model to use, once it is loaded. Raises `UserError`."""
        await self._ensure_server()
        return LLMModel(self.model_name)

    def create_completion(self, request: LLMRequest) -> LLMCompletion:
        """Return a completion for `request`; nothing is loaded before `LLMCompletion.run`."""
        return _LocalCompletion(self, request)

    async def aclose(self) -> None:
        """End the process and free its memory before returning. No requests are possible from now on."""
        self._closed = True
        if self._unload_timer is not None:
            self._unload_timer.cancel()
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.wait([self._starting])
        self.unload()
        if self._ending:
            await asyncio.wait(self._ending)
        await self.http_client.aclose()

    def unload(self) -> None:
        """End the process; the next request starts another."""
        server, self._server = self._server, None
        if server is not None:
            ending = asyncio.create_task(server.stop())
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)

    @contextmanager
    def keep_loaded(self) -> Iterator[None]:
        """Keep the model loaded inside this context."""
        self._users += 1
        if self._unload_timer is not None:
            self._unload_timer.cancel()
        try:
            yield
        finally:
            self._users -= 1
            if not self._users and self.unload_after_s and not self._closed:
                self._unload_timer = asyncio.get_running_loop().call_later(self.unload_after_s, self._unload_when_idle)

    def _unload_when_idle(self) -> None:
        if self._server is not None:
            logger.info("no language model was asked for a while: it is unloaded")
            self.unload()

    async def _ensure_server(self) -> None:
        """Ensure that a process is running. Raises `UserError`."""
        if self._closed:
            raise UserError("language-model-closed")
        if self._server is not None and self._server.is_alive:
            return
        if self._starting is None or self._starting.done():
            self._starting = asyncio.create_task(self._start_server())
            self._starting.add_done_callback(lambda done: done.cancelled() or done.exception())  # may have no caller
        starting = self._starting
        await asyncio.wait([starting])
        if starting.cancelled():
            raise UserError("language-model-closed")
        starting.result()

    async def _start_server(self) -> None:
        require_llama_cpp()
        server = await LocalLLMServer.start(await to_thread.run_sync(find_local_model, self._store, self.model_name))
        try:
            await self.http_client.aclose()  # connections to the previous process, which had another port
            self.openai_client.service = _build_service(server.url, server.key)
            for request in self._warmup_requests:
                await self._read_prompt(request)
        except BaseException:
            await server.stop()
            raise
        self._server = server

    async def _read_prompt(self, request: LLMRequest) -> None:
        """Have the model read the common beginning of requests, so that only the dictated words are left to be read
        later."""
        await self.openai_client.complete(
            {"model": self.model_name, "messages": request.messages, "max_tokens": 1, "temperature": 0}
        )


class _LocalCompletion(LLMCompletion):
    """A completion by the local model."""

    def __init__(self, llm: LocalLLMClient, request: LLMRequest) -> None:
        super().__init__(llm, request)
        self._local = llm

    async def run(self, on_text: Callable[[str], None]) -> str:
        """Return the answer as `LLMCompletion.run` does. Raises `UserError`."""
        with self._local.keep_loaded():
            try:
                return await super().run(on_text)
            except ServiceError as problem:
                if problem.status != 0:
                    raise
                self._local.unload()  # a connection within this machine breaks only when the process is gone
                raise ServiceError("language-model-stopped") from problem

    def receipt(self, purpose: str) -> SentData | None:
        """Return None: nothing left the machine."""
        return None


def _build_service(url: str, key: str) -> Service:
    return Service(DISPLAY_NAME, url, ServiceKey("local", lambda name: key))
