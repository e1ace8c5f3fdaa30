"""The client of a remote language model, and one exchange with it: request, streamed answer, receipt.

A cancelled exchange has sent its text all the same, so what left the machine is known at any time. Over HTTP/1.1 a
server notices that the answer is no longer read; over HTTP/2 it does not (httpcore2 2.16 resets no stream) and finishes
its answer, which `max_tokens` keeps short, and which is therefore counted in full.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from datetime import date
from typing import cast

import anyio
import httpx2

from desktop.core.errors import Problem
from desktop.core.types import Sent
from desktop.llm.messages import Question, Usage, body, cleaned, part, tokens
from desktop.llm.models import Model, known, recommended
from desktop.network.client import Client, bounded
from desktop.network.endpoint import Service
from desktop.network.errors import problems, senseless
from desktop.network.provider_models import TRANSCRIBES, Listing, listing
from desktop.network.timing import CONNECT_S

logger = logging.getLogger(__name__)

AUTO = "auto"

LONGEST_TOKEN = 20
"""Longest answer in characters per token of its limit: four are usual, and a server that exceeds this ignores the
limit."""

DRAIN_S = 0.05
"""Seconds to wait for the end of a complete answer: a connection that was read to its end can be reused."""


class Chat:
    """A client of the model called `model` at `service`, `auto` for the recommended one.

    For OpenAI that is the first of our list, for another server the first of its own that does not transcribe.
    """

    shaped = False
    """Whether the server can constrain an answer to a schema, though it is not OpenAI's."""

    def __init__(self, client: Client, service: Service, model: str = AUTO, *, openai: bool) -> None:
        self.client = client
        self.service = service
        self.openai = openai
        self._model = model
        self._listed: Listing | None = None
        self._listing = anyio.Lock()
        self._warming: set[asyncio.Task[None]] = set()

    async def warm(self) -> None:
        """Open a connection and list the models, so that a request is then one round trip."""
        try:
            async with self._listing:
                answer = await self.client.warm(self.service)
                if answer is not None:
                    self._listed = listing(answer.content)
            if self._model == AUTO:
                with anyio.move_on_after(CONNECT_S):
                    await self._list()
        except Problem as error:  # the next request reports it
            logger.info("%s is not ready to be asked: %s", self.service.host, type(error).__name__)

    async def aclose(self) -> None:
        """Do nothing: the HTTP client belongs to the app."""

    def prepare(self) -> None:
        """Run `warm` in the background, one at a time. It is never cancelled and ends by itself.

        A handshake that is cancelled half-way leaves its socket to the garbage collector, and the next request can use
        the connection.
        """
        if self._warming:
            return
        warming = asyncio.create_task(self.warm())
        self._warming.add(warming)
        warming.add_done_callback(self._warming.discard)

    @property
    def preparing(self) -> bool:
        """Return whether `warm` is still running in the background."""
        return bool(self._warming)

    async def model(self) -> Model:
        """Return the model to ask. Raises `ServiceError` where a server has none, or does not list them."""
        if self.openai:
            auto = self._model == AUTO
            return known(recommended(self._listed or Listing(), date.today()) if auto else self._model)
        if self._model != AUTO:
            return Model(self._model)
        names = (await self._list()).names
        if not names:
            raise senseless(self.service)
        return Model(next((name for name in names if not TRANSCRIBES.search(name)), names[0]))

    def exchange(self, question: Question) -> Exchange:
        """Return an exchange for `request`; nothing is sent before `LLMExchange.run`."""
        return Exchange(self, question)

    async def _list(self) -> Listing:
        if self._listed is not None:
            return self._listed
        async with self._listing:
            if self._listed is None:
                self._listed = listing((await self.client.ask(self.service, "GET", "/models")).content)
        return self._listed


class Exchange:
    """One request and its answer so far; `answer` grows. `is_truncated`: the answer reached its limit."""

    def __init__(self, chat: Chat, question: Question) -> None:
        self.question = question
        self.answer = ""
        self.cut = False
        self._chat = chat
        self._model = Model("")
        self._usage: Usage | None = None
        self._left = False

    async def run(self, heard: Callable[[str], None]) -> str:
        """Return the answer, cleaned; `on_text` is called with it as it grows. Raises `ServiceError`."""
        chat = self._chat
        self._model = await chat.model()
        asked = body(self.question, self._model, openai=chat.openai, shaped=chat.shaped)

        async def send() -> AsyncIterator[bytes]:
            self._left = True
            yield asked

        # With Content-Length, since not every small server accepts a chunked body.
        headers = {"Content-Type": "application/json", "Content-Length": str(len(asked))}
        path = "/chat/completions"
        async with chat.client.streamed(chat.service, "POST", path, headers=headers, body=send) as response:
            finish = await self._read(response, heard)
        if not finish:
            raise senseless(chat.service)
        self.cut = finish == "length"
        return self.answer

    def sent(self, purpose: str) -> Sent | None:
        """Return the receipt: the dictated characters that left the machine, and their cost as far as known.

        None where nothing left. Where the service did not report its token counts, they are estimated.
        """
        if not self._left:
            return None
        question = self.question
        asked = sum(tokens(message["content"]) for message in question.messages)
        given = min(question.most, max(tokens(self.answer), tokens(question.text)))
        usage = self._usage or Usage(prompt_tokens=asked, completion_tokens=given)
        cost = self._model.cost_usd(usage.prompt_tokens, usage.completion_tokens)
        return Sent(self._chat.service.host, purpose, characters=question.characters, cost_usd=cost)

    async def _read(self, response: httpx2.Response, heard: Callable[[str], None]) -> str:
        """Return why the answer ended; empty where it did not."""
        service, told, finish = self._chat.service, "", ""
        if "event-stream" not in response.headers.get("content-type", ""):
            raise senseless(service)
        events = cast(AsyncGenerator[httpx2.ServerSentEvent], aiter(httpx2.EventSource(bounded(response, service))))
        with problems(service), anyio.CancelScope() as rest:
            async with aclosing(events):
                async for event in events:
                    if event.data == "[DONE]":
                        rest.deadline = anyio.current_time() + DRAIN_S
                        continue
                    try:
                        news = part(event.data)
                    except ValueError as error:
                        raise senseless(service) from error
                    self._usage = news.usage or self._usage
                    finish = news.finish or finish
                    if news.text:
                        told += news.text
                        if len(told) > LONGEST_TOKEN * self.question.most:
                            raise senseless(service)
                        self.answer = cleaned(told)
                        heard(self.answer)
        return finish
