"""OpenAI's API on loopback, as far as the app uses it: models, transcriptions, chat completions, and Realtime
transcription over a WebSocket (`openai_realtime`).

    server = OpenAI(whisper(), key="sk-test")
    with serve(server) as served:
        ...                                   # base URL: f"{served.url}/v1", sockets: f"{served.sockets}/v1/realtime"
        server.asked[-1].fields               # what came, and `took_s`: how long the words took
        server.sessions[-1].took_s            # the same of a socket: from commit to completed, for each item
        server.faults += [refused(At.TRANSCRIPTION, 503)]
        server.shutdowns["gpt-transcribe"] = "2026-01-01"
        server.chat = lambda messages: "Polished."

`compatible=True` is a user's own server that speaks the same: any model, and only the fields that all servers accept.
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Iterable
from secrets import token_hex
from typing import Any

import anyio
from starlette.applications import Starlette
from starlette.datastructures import Headers, UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from desktop.core.errors import UserError
from desktop.core.types import RATE_HZ
from tests.support.cloud import openai_chat
from tests.support.cloud.faults import At, Fault
from tests.support.cloud.openai_realtime import Session
from tests.support.cloud.openai_rules import BATCH, LIVE, Wrong, wrong_form
from tests.support.cloud.server import Asked, Server
from tests.support.cloud.words import Words, decoded

CREATED = 1_780_000_000
"""When the models were, as it happens."""

SHUTDOWNS = {name: "2027-02-26" for name in BATCH if name != "gpt-transcribe"}
"""Announced for all but the recommended one."""


class OpenAI(Server):
    """See the module. `shutdowns` has the dates that the models endpoint tells, `chat` makes a completion's text of its
    messages, and `pace_s` is how long each token of it takes."""

    def __init__(
        self,
        words: Words | None = None,
        *,
        key: str = "",
        faults: Iterable[Fault] = (),
        compatible: bool = False,
        chat: Callable[[list[dict[str, Any]]], str] = openai_chat.echo,
    ) -> None:
        super().__init__(words, key=key, faults=faults)
        self.compatible = compatible
        self.shutdowns = dict(SHUTDOWNS)
        self.chat = chat
        self.pace_s = 0.0
        self.sessions: list[Session] = []
        self.app = Starlette(
            routes=[
                Route("/v1/models", self._endpoint(At.MODELS, self._models)),
                Route(
                    "/v1/audio/transcriptions",
                    self._endpoint(At.TRANSCRIPTION, self._transcription),
                    methods=["POST"],
                ),
                Route("/v1/chat/completions", self._endpoint(At.CHAT, self._completion), methods=["POST"]),
                WebSocketRoute("/v1/realtime", self._realtime),
            ]
        )

    def _endpoint(self, at: At, answer: Callable[[Request], Awaitable[tuple[Response, dict[str, Any]]]]) -> Any:
        async def endpoint(request: Request) -> Response:
            await request.body()
            began = time.perf_counter()
            refusal = self._stranger(request.headers)
            response, read = (refusal, {}) if refusal else await answer(request)
            took_s = time.perf_counter() - began
            response.headers.update(_told(took_s))
            asked = Asked(
                request.method,
                request.url.path,
                dict(request.headers),
                request.scope["http_version"],
                status=response.status_code,
                took_s=took_s,
                **read,
            )
            self.asked.append(asked)
            self.tell()
            chosen = await self.faults.answer(at, request, response)
            paced = chosen is response and response.media_type == "text/event-stream"
            return _events(response, self.pace_s if at == At.CHAT else 0.0) if paced else chosen

        return endpoint

    def _stranger(self, headers: Headers) -> Response | None:
        """The refusal of a client without the key."""
        if not self.key or headers.get("authorization") == f"Bearer {self.key}":
            return None
        return refusal(Wrong("Incorrect API key provided.", None, "invalid_api_key", 401))

    async def _models(self, request: Request) -> tuple[Response, dict[str, Any]]:
        names = list(dict.fromkeys([*BATCH, *LIVE, *openai_chat.MODELS]))
        models = [
            {"id": name, "object": "model", "created": CREATED, "owned_by": "system"}
            | ({"shutdown_date": self.shutdowns[name]} if name in self.shutdowns else {})
            for name in names
        ]
        return JSONResponse({"object": "list", "data": models}), {}

    async def _completion(self, request: Request) -> tuple[Response, dict[str, Any]]:
        try:
            asked = json.loads(await request.body())
        except ValueError:
            return refusal(Wrong("The body is no JSON.")), {}
        return openai_chat.completion(asked, self.chat, self.compatible), {"json": asked}

    async def _transcription(self, request: Request) -> tuple[Response, dict[str, Any]]:
        async with request.form() as form:
            file = form.get("file")
            name, audio = (file.filename or "", await file.read()) if isinstance(file, UploadFile) else ("", b"")
            fields = tuple((key, value) for key, value in form.multi_items() if isinstance(value, str))
        read: dict[str, Any] = {"fields": fields, "audio": audio, "name": name}
        if wrong := wrong_form(fields, name, len(audio), self.compatible):
            return refusal(wrong), read
        try:
            sound = await anyio.to_thread.run_sync(decoded, audio)
        except UserError:
            return refusal(Wrong("The audio file could not be decoded or its format is not supported.", "file")), read
        duration_s = len(sound) / RATE_HZ
        if duration_s < 0.1:
            return refusal(Wrong("Audio file is too short. It has to be 0.1 seconds.", "file", "audio_too_short")), read
        return _transcript(dict(fields), await self.words.hear(sound), duration_s, self.compatible), read

    async def _realtime(self, socket: WebSocket) -> None:
        session = Session(self, socket)
        self.sessions.append(session)
        await session.run(self._stranger(socket.headers))


def refusal(wrong: Wrong) -> Response:
    """What is wrong, as an answer."""
    return JSONResponse({"error": wrong.event()}, wrong.status)


def _told(took_s: float) -> dict[str, str]:
    """The headers that every answer has."""
    return {
        "openai-processing-ms": str(round(1000 * took_s)),
        "openai-version": "2020-10-01",
        "x-request-id": f"req_{token_hex(16)}",
        "x-ratelimit-limit-requests": "500",
        "x-ratelimit-remaining-requests": "499",
        "x-ratelimit-reset-requests": "120ms",
    }


def _transcript(fields: dict[str, str], text: str, duration_s: float, compatible: bool) -> Response:
    """The answer in the format that was asked for."""
    model, form = fields["model"], fields.get("response_format", "json")
    if form == "text":
        return PlainTextResponse(f"{text}\n")
    usage = {"type": "duration", "seconds": round(duration_s, 2)}
    segment = {
        "id": 0, "seek": 0, "start": 0.0, "end": duration_s, "text": text, "tokens": [], "temperature": 0.0,
        "avg_logprob": -0.3, "compression_ratio": 1.2, "no_speech_prob": 0.01,
    }  # fmt: skip
    detailed = {"task": "transcribe", "language": "english", "duration": duration_s, "segments": [segment]}
    languages = {"languages": [{"code": "en"}] if text else []} if model == "gpt-transcribe" else {}
    if fields.get("stream") == "true" and not compatible and BATCH[model].streams:
        pieces = text.split(" ")
        deltas = [piece if at == 0 else f" {piece}" for at, piece in enumerate(pieces)]
        events = [{"type": "transcript.text.delta", "delta": delta} for delta in deltas if delta]
        return openai_chat.stream([*events, {"type": "transcript.text.done", "text": text, **languages}], named=True)
    if form == "verbose_json":
        return JSONResponse({"text": text, **detailed, "usage": usage})
    return JSONResponse({"text": text, **({} if compatible else {"usage": usage}), **languages})


def _events(whole: Response, pace_s: float) -> StreamingResponse:
    """`whole`, event by event."""

    async def paced() -> Any:
        for event in bytes(whole.body).split(b"\n\n")[:-1]:
            yield event + b"\n\n"
            await anyio.sleep(pace_s)

    headers = {name: value for name, value in whole.headers.items() if name != "content-length"}
    return StreamingResponse(paced(), whole.status_code, headers)
