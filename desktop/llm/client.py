"""The client of a remote language model, and one completion by it: request, streamed answer, receipt.

A cancelled completion has sent its text all the same, so what left the machine is known at any time. Over HTTP/1.1 a
server notices that the answer is no longer read; over HTTP/2 it does not (httpcore2 2.16 resets no stream) and finishes
its answer, which `max_tokens` keeps short, and which is therefore counted in full.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing
from datetime import date
from typing import TYPE_CHECKING

import anyio

from desktop.core.errors import UserError
from desktop.core.types import SentData
from desktop.llm.chat_completions import (
    LLMRequest,
    TokenUsage,
    build_parameters,
    clean_answer,
    estimate_tokens,
    parse_chunk,
)
from desktop.llm.models import LLMModel, find_model, recommend_model
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service
from desktop.network.errors import invalid_answer_error
from desktop.network.openai_sdk import OpenAIClient
from desktop.network.provider_models import TRANSCRIPTION_NAMES, ModelListing
from desktop.network.timing import CONNECT_TIMEOUT_S
from desktop.settings.schema import AUTO

if TYPE_CHECKING:
    from openai.types.chat.completion_create_params import CompletionCreateParamsStreaming

logger = logging.getLogger(__name__)

MAX_CHARACTERS_PER_TOKEN = 20
"""Longest answer in characters per token of its limit: four are usual, and a server that exceeds this ignores the
limit."""


class LLMClient:
    """A client of the model called `model` at `service`, `auto` for the recommended one.

    For OpenAI that is the first of our list, for another server the first of its own that does not transcribe.
    """

    supports_schema = False
    """Whether the server can constrain an answer to a schema, though it is not OpenAI's."""

    def __init__(self, http_client: ServiceClient, service: Service, model: str = AUTO, *, openai: bool) -> None:
        self.http_client = http_client
        self.openai_client = OpenAIClient(http_client, service)
        self.openai = openai
        self._model = model
        self._models: ModelListing | None = None
        self._models_lock = anyio.Lock()
        self._warming: set[asyncio.Task[None]] = set()

    @property
    def service(self) -> Service:
        """The service that is asked."""
        return self.openai_client.service

    async def warm(self) -> None:
        """Open a connection and list the models, so that a request is then one round trip."""
        try:
            async with self._models_lock:
                self._models = await self.openai_client.warm() or self._models
            if self._model == AUTO:
                with anyio.move_on_after(CONNECT_TIMEOUT_S):
                    await self._list_models()
        except UserError as error:  # the next request reports it
            logger.info("%s is not ready to be asked: %s", self.service.host, type(error).__name__)

    async def aclose(self) -> None:
        """Do nothing: the HTTP client belongs to the app."""

    def start_warming(self) -> None:
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
    def is_warming(self) -> bool:
        """Return whether `warm` is still running in the background."""
        return bool(self._warming)

    async def choose_model(self) -> LLMModel:
        """Return the model to use. Raises `ServiceError` where a server has none, or does not list them."""
        if self.openai:
            auto = self._model == AUTO
            return find_model(recommend_model(self._models or ModelListing(), date.today()) if auto else self._model)
        if self._model != AUTO:
            return LLMModel(self._model)
        names = (await self._list_models()).names
        if not names:
            raise invalid_answer_error(self.service)
        return LLMModel(next((name for name in names if not TRANSCRIPTION_NAMES.search(name)), names[0]))

    def create_completion(self, request: LLMRequest) -> LLMCompletion:
        """Return a completion for `request`; nothing is sent before `LLMCompletion.run`."""
        return LLMCompletion(self, request)

    async def _list_models(self) -> ModelListing:
        if self._models is not None:
            return self._models
        async with self._models_lock:
            if self._models is None:
                self._models = await self.openai_client.list_models()
        return self._models


class LLMCompletion:
    """One request and its answer so far; `answer` grows. `is_truncated`: the answer reached its limit."""

    def __init__(self, llm: LLMClient, request: LLMRequest) -> None:
        self.request = request
        self.answer = ""
        self.is_truncated = False
        self._llm = llm
        self._model = LLMModel("")
        self._usage: TokenUsage | None = None
        self._was_sent = False

    async def run(self, on_text: Callable[[str], None]) -> str:
        """Return the answer, cleaned; `on_text` is called with it as it grows. Raises `ServiceError`."""
        llm = self._llm
        self._model = await llm.choose_model()
        finish = await self._read(
            build_parameters(self.request, self._model, openai=llm.openai, with_schema=llm.supports_schema), on_text
        )
        if not finish:
            raise invalid_answer_error(llm.service)
        self.is_truncated = finish == "length"
        return self.answer

    def receipt(self, purpose: str) -> SentData | None:
        """Return the receipt: the dictated characters that left the machine, and their cost as far as known.

        None where nothing left. Where the service did not report its token counts, they are estimated.
        """
        if not self._was_sent:
            return None
        request = self.request
        prompt_tokens = sum(estimate_tokens(str(message.get("content"))) for message in request.messages)
        completion_tokens = min(request.max_tokens, max(estimate_tokens(self.answer), estimate_tokens(request.text)))
        usage = self._usage or TokenUsage(prompt_tokens=prompt_tokens, completion_tokens=completion_tokens)
        cost = self._model.cost_usd(usage.prompt_tokens, usage.completion_tokens)
        return SentData(self._llm.service.host, purpose, characters=request.character_count, cost_usd=cost)

    async def _read(self, request: CompletionCreateParamsStreaming, on_text: Callable[[str], None]) -> str:
        """Return why the answer ended; empty where it did not."""
        service, raw, finish = self._llm.service, "", ""
        async with aclosing(self._llm.openai_client.stream_completion(request, self._note_sent)) as chunks:
            async for chunk in chunks:
                try:
                    parsed = parse_chunk(chunk)
                except ValueError as error:
                    raise invalid_answer_error(service) from error
                self._usage = parsed.usage or self._usage
                finish = parsed.finish or finish
                if parsed.text:
                    raw += parsed.text
                    if len(raw) > MAX_CHARACTERS_PER_TOKEN * self.request.max_tokens:
                        raise invalid_answer_error(service)
                    self.answer = clean_answer(raw)
                    on_text(self.answer)
        return finish

    def _note_sent(self) -> None:
        self._was_sent = True
