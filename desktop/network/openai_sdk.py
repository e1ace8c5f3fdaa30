"""Ask services with OpenAI's interface by OpenAI's own client, over the app's connections.

The client makes the requests and reads the answers; `ServiceClient` is its transport, so that connections, the second
attempt, timeouts, limits and errors are the same as for every other service (docs/adr/0014). It knows neither address
nor key, and its headers are not sent: they name the machine, or hold what the environment says (`OPENAI_ORG_ID`,
`OPENAI_CUSTOM_HEADERS`), and would go to whatever server is asked.

The client is imported at the first use, in a worker thread: that takes 0.6 s of the processor.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import anyio
import httpx2
from anyio import to_thread

from desktop.core.errors import ServiceError
from desktop.network.client import RequestBody, ServiceAnswer, ServiceClient, iterate_body
from desktop.network.endpoint import Service
from desktop.network.errors import invalid_answer_error, service_error, service_errors
from desktop.network.provider_models import ModelListing, parse_listing
from desktop.network.timing import ExchangeTiming

if TYPE_CHECKING:
    from openai import AsyncOpenAI, Omit
    from openai._streaming import ServerSentEvent
    from openai.types.chat import ChatCompletionChunk
    from openai.types.chat.completion_create_params import (
        CompletionCreateParamsNonStreaming,
        CompletionCreateParamsStreaming,
    )

logger = logging.getLogger(__name__)

PLACEHOLDER_URL, PLACEHOLDER_KEY = "https://service.invalid", "placeholder"
"""What the client has for an address and a key; nothing is sent there, and it is sent nowhere."""

PACKING_HEADERS = ("content-encoding", "content-length", "transfer-encoding")
"""The headers of an answer that do not hold for its unpacked body."""

END_TIMEOUT_S = 0.05
"""Seconds to wait for a server to end an answer that is complete."""


@dataclass(slots=True)
class _Call:
    """What a request needs beside the client's parameters, and its `timing` afterwards.

    `content_type` is that of a body which the client has not made: it would refuse to send one as multipart. `on_send`
    is called when the body begins; `is_streamed`: the answer is read as it comes.
    """

    content_type: str = ""
    on_send: Callable[[], None] = lambda: None
    is_streamed: bool = False
    timing: ExchangeTiming = ExchangeTiming()


_current: ContextVar[_Call] = ContextVar("_current")


@contextmanager
def _start_call(call: _Call) -> Iterator[_Call]:
    """Have requests in this context be those of `call`."""
    token = _current.set(call)
    try:
        yield call
    finally:
        _current.reset(token)


class OpenAIClient:
    """OpenAI's client for `service`, which may be replaced."""

    def __init__(self, http_client: ServiceClient, service: Service) -> None:
        self.http_client = http_client
        self.service = service
        self._sdk: AsyncOpenAI | None = None

    async def load(self) -> AsyncOpenAI:
        """Return the client, imported in a worker thread at the first call. Raises `ServiceError`."""
        if self._sdk is None:
            await load_openai()
            self._sdk = _create_sdk(_ServiceTransport(self), _import_sdk())
        return self._sdk

    async def warm(self) -> ModelListing | None:
        """List the models by `ServiceClient.ensure_connection`. Raises `ServiceError`."""
        await self.load()
        return await self.http_client.ensure_connection(self.service, self.list_models)

    async def list_models(self) -> ModelListing:
        """Return the service's models. Raises `ServiceError`."""
        sdk = await self.load()
        with _start_call(_Call()):
            answer = await sdk.models.with_raw_response.list()
        return parse_listing(answer.content)

    async def upload(self, path: str, content_type: str, body: RequestBody) -> ServiceAnswer:
        """Return the answer to a body that is sent as it is produced. Raises `ServiceError`."""
        sdk = await self.load()
        with _start_call(_Call(content_type)) as call:
            response = await sdk.post(path, cast_to=httpx2.Response, content=_RestartableBody(body))
        return ServiceAnswer(response.status_code, response.headers, response.content, call.timing)

    async def complete(self, parameters: CompletionCreateParamsNonStreaming) -> None:
        """Have a completion made, and drop its answer. Raises `ServiceError`."""
        sdk = await self.load()
        with _start_call(_Call()):
            await sdk.chat.completions.with_raw_response.create(**parameters)

    async def stream_completion(
        self, parameters: CompletionCreateParamsStreaming, on_send: Callable[[], None]
    ) -> AsyncGenerator[ChatCompletionChunk]:
        """Yield the chunks of an answer, whose fields are not validated; `on_send` is called when the request is sent.

        Raises `ServiceError`.
        """
        sdk, service = await self.load(), self.service
        from openai import APIConnectionError, OpenAIError

        with _start_call(_Call(on_send=on_send, is_streamed=True)):
            stream = await sdk.chat.completions.create(**parameters)
        async with stream:
            if "event-stream" not in stream.response.headers.get("content-type", ""):
                raise invalid_answer_error(service)
            with service_errors(service):
                try:
                    async for chunk in stream:
                        yield chunk
                except APIConnectionError as error:
                    raise service_error(service, error) from error
                except (OpenAIError, ValueError, TypeError, AttributeError, RecursionError) as error:
                    raise invalid_answer_error(service) from error


async def load_openai() -> None:
    """Import OpenAI's client in a worker thread, before it is needed. Raises `ServiceError`."""
    if _import_sdk.cache_info().currsize:  # creating a client then takes less than a change of threads
        return
    try:
        await to_thread.run_sync(_import_sdk, abandon_on_cancel=True)
    except (ImportError, OSError, RuntimeError) as error:
        logger.exception("OpenAI's client cannot be loaded")
        raise ServiceError("openai-client-unusable") from error


@cache
def _import_sdk() -> type[AsyncOpenAI]:
    from openai import AsyncOpenAI
    from openai._streaming import SSEDecoder
    from openai.types.chat import ChatCompletionChunk

    class DataDecoder(SSEDecoder):
        """Drops what has no data (`id`, `retry`, a ping): the client would read it as an invalid chunk."""

        def decode(self, line: str) -> ServerSentEvent | None:
            event = super().decode(line)
            return event if event is not None and event.data else None

    class Client(AsyncOpenAI):
        """Makes no headers of the machine or the environment, which may have values that cannot be sent."""

        @property
        def default_headers(self) -> dict[str, str | Omit]:
            return {"Content-Type": "application/json"}  # another would change the body

        def _make_sse_decoder(self) -> SSEDecoder:
            return DataDecoder()

    # What is imported and built at the first use is to be used here first.
    sdk = _create_sdk(httpx2.AsyncBaseTransport(), Client)
    _ = sdk.models.with_raw_response, sdk.chat.completions.with_raw_response
    ChatCompletionChunk.construct(choices=[{"delta": {}, "logprobs": {}}], usage={})
    return Client


def _create_sdk(transport: httpx2.AsyncBaseTransport, client_class: type[AsyncOpenAI]) -> AsyncOpenAI:
    return client_class(
        api_key=PLACEHOLDER_KEY,
        base_url=PLACEHOLDER_URL,
        max_retries=0,
        http_client=httpx2.AsyncClient(transport=transport, trust_env=False),
    )


class _RestartableBody:
    """A body that starts anew each time it is read: once for every attempt."""

    def __init__(self, start: RequestBody) -> None:
        self._start = start

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._start())


class _ServiceTransport(httpx2.AsyncBaseTransport):
    """Sends what OpenAI's client requests by `ServiceClient`, whose errors pass through the client."""

    def __init__(self, client: OpenAIClient) -> None:
        self._client = client

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """See `httpx2.AsyncBaseTransport`."""
        call, http_client, service = _current.get(), self._client.http_client, self._client.service
        headers = {}
        if call.content_type:
            headers = {"Content-Type": call.content_type}
        elif request.method == "POST":  # with a length, since not every small server accepts a chunked body
            headers = {"Content-Type": "application/json", "Content-Length": str(len(request.content))}

        async def send() -> AsyncIterator[bytes]:
            call.on_send()
            assert isinstance(request.stream, httpx2.AsyncByteStream)
            async for piece in request.stream:
                yield piece

        path, body = request.url.raw_path.decode(), None if request.method == "GET" else send
        if not call.is_streamed:
            answer = await http_client.request(service, request.method, path, headers=headers, body=body)
            call.timing = answer.timing
            unpacked = {name: value for name, value in answer.headers.items() if name not in PACKING_HEADERS}
            return httpx2.Response(answer.status, headers=_encode_headers(unpacked), content=answer.content)
        async with AsyncExitStack() as exchange:
            response = await exchange.enter_async_context(
                http_client.stream(service, request.method, path, headers=headers, body=body)
            )
            kept = _encode_headers({"Content-Type": response.headers.get("content-type", "")})
            rest = _StreamedAnswer(iterate_body(response, service), exchange.pop_all())
            return httpx2.Response(response.status_code, headers=kept, stream=rest)


def _encode_headers(headers: Mapping[str, str]) -> httpx2.Headers:
    """Return headers whose values need not be ASCII."""
    return httpx2.Headers(headers, encoding="utf-8")


class _StreamedAnswer(httpx2.AsyncByteStream):
    """The rest of an answer, which can be read on to its end where reading stopped.

    The client reads on after `[DONE]`, for `ServiceClient` to use the connection again: over HTTP/1.1 alone, which is
    what a response without a version has. A server that does not end its answer is waited for `END_TIMEOUT_S`.
    """

    def __init__(self, chunks: AsyncGenerator[bytes], exchange: AsyncExitStack) -> None:
        self._chunks = chunks
        self._exchange = exchange
        self._is_begun = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._is_begun:
            with anyio.move_on_after(END_TIMEOUT_S):
                async for _ in self._chunks:
                    pass
            return
        self._is_begun = True
        async for chunk in self._chunks:
            yield chunk

    async def aclose(self) -> None:
        """End the exchange."""
        await self._exchange.aclose()
