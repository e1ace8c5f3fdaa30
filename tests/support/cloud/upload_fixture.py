"""A server of one kind for uploaded recordings, the relay to it, and its client."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import anyio.to_thread
import trustme

from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.stt.cloud.deepgram import DeepgramRecognizer
from desktop.stt.cloud.encoding import AudioEncoder, FlacEncoder
from desktop.stt.cloud.openai import OpenAIRecognizer
from desktop.stt.cloud.request import CloudRequest
from desktop.stt.cloud.upload import ANSWER_TIMEOUT_S
from tests.support.cloud import deepgram, openai
from tests.support.cloud.relay import Relay, relayed
from tests.support.cloud.server import Server
from tests.support.cloud.tls_server import serve, trusting


class Stand:
    """A server of one kind, the way there, and a client; `received` counts the bytes of bodies as they arrive."""

    def __init__(self, engine: str, http: str = "2") -> None:
        self.engine = engine
        self.server: Server = openai.OpenAI() if engine == "openai" else deepgram.Deepgram()
        self.received = 0
        self.client = ServiceClient(http, trusting())
        self._opened = ExitStack()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def counted() -> Any:
            message = await receive()
            self.received += len(message.get("body", b""))
            self.server.tell()
            return message

        async def told(message: Any) -> None:
            await send(message)
            self.server.tell()

        await self.server(scope, counted, told)

    def open(
        self,
        certificate: trustme.LeafCert | None = None,
        up_bit_s: float | None = None,
        queue: int | None = None,
    ) -> Relay:
        """Let it be reached, without delay."""
        served = self._opened.enter_context(serve(self, certificate=certificate))
        return self._opened.enter_context(relayed(served, 0.0, up_bit_s, queue))

    def recognizer(
        self, url: str, answer_s: float = ANSWER_TIMEOUT_S, encoding: type[AudioEncoder] | None = FlacEncoder
    ) -> OpenAIRecognizer | DeepgramRecognizer:
        """What asks it at `url`."""
        service = Service("Example", f"{url}/v1", ServiceKey(self.engine, lambda name: "a key"))
        kind = OpenAIRecognizer if self.engine == "openai" else DeepgramRecognizer
        model = "gpt-transcribe" if self.engine == "openai" else "nova-3"
        return kind(self.client, service, CloudRequest(model), encoding=encoding, answer_timeout_s=answer_s)

    async def when(self, what: Any) -> None:
        """Wait until the server says that it happened."""
        await anyio.to_thread.run_sync(self.server.when, what)

    def posts(self) -> int:
        """How many recordings have arrived whole."""
        return sum(asked.method == "POST" for asked in self.server.asked)

    async def close(self) -> None:
        """The client first, for whose goodbye the server waits."""
        await self.client.aclose()
        self._opened.close()
