"""Deepgram's API on loopback, as far as the app uses it: files (here), streams and turns over a WebSocket
(`deepgram_listen`, `deepgram_flux`).

    server = Deepgram(whisper(), key="dg-test")
    with serve(server) as served:
        ...                                   # f"{served.url}/v1/listen", f"{served.sockets}/v1/listen", .../v2/listen
        server.asked[-1].fields               # the query of a file, its `audio`, and `took_s`: how long the words took
        server.sessions[-1].took_s            # the same of a socket: from Finalize or ForceEndTurn to the last words
        server.idle_s = 0.5                   # a socket without audio or KeepAlive for so long is closed (NET-0001)
        server.faults += [Close(At.AUDIO, 1011)]

Only what has a container is taken as a file, and only 16-bit PCM over a socket.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

import anyio
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from desktop.core.errors import UserError
from desktop.core.types import RATE_HZ
from tests.support.cloud.deepgram_flux import Flux
from tests.support.cloud.deepgram_listen import Listen
from tests.support.cloud.deepgram_rules import FILE, NOVA, STREAM, TURNS, Wrong, plain, words, wrong_query
from tests.support.cloud.deepgram_socket import Session
from tests.support.cloud.faults import At, Fault
from tests.support.cloud.server import Asked, Server
from tests.support.cloud.words import Words, decoded

MODEL = {"name": "general-nova-3", "version": "2026-01-01.0", "arch": "nova-3"}
UUID = "00000000-0000-4000-8000-000000000003"

IDLE_S = 10.0


class Deepgram(Server):
    """See the module."""

    def __init__(self, words: Words | None = None, *, key: str = "", faults: Iterable[Fault] = ()) -> None:
        super().__init__(words, key=key, faults=faults)
        self.idle_s = IDLE_S
        self.sessions: list[Session] = []
        self.app = Starlette(
            routes=[
                Route("/v1/models", self._endpoint(At.MODELS, self._models)),
                Route("/v1/projects", self._endpoint(At.MODELS, self._projects)),
                Route("/v1/listen", self._endpoint(At.TRANSCRIPTION, self._file), methods=["POST"]),
                WebSocketRoute("/v1/listen", self._socket(Listen, STREAM)),
                WebSocketRoute("/v2/listen", self._socket(Flux, TURNS)),
            ]
        )

    def _endpoint(self, at: At, answer: Callable[[Request], Awaitable[Response]]) -> Any:
        async def endpoint(request: Request) -> Response:
            body = await request.body()
            began = time.perf_counter()
            response = self._stranger(request.headers) or await answer(request)
            asked = Asked(
                request.method,
                request.url.path,
                dict(request.headers),
                request.scope["http_version"],
                tuple(request.query_params.multi_items()),
                body,
                status=response.status_code,
                took_s=time.perf_counter() - began,
            )
            self.asked.append(asked)
            self.tell()
            response.headers.setdefault("dg-request-id", token_hex(16))
            return await self.faults.answer(at, request, response)

        return endpoint

    def _stranger(self, headers: Headers) -> Response | None:
        """The refusal of a client without the key."""
        if not self.key or headers.get("authorization") == f"Token {self.key}":
            return None
        return Wrong("Invalid credentials.", "INVALID_AUTH", 401).answer()

    async def _models(self, request: Request) -> Response:
        models = [{"name": name, "canonical_name": name, "batch": True, "streaming": True} for name in sorted(NOVA)]
        return JSONResponse({"stt": models, "tts": []})

    async def _projects(self, request: Request) -> Response:
        return JSONResponse({"projects": [{"project_id": UUID, "name": "a project"}]})

    async def _file(self, request: Request) -> Response:
        if wrong := wrong_query(request.query_params.multi_items(), FILE):
            return wrong.answer()
        body = await request.body()
        try:
            sound = await anyio.to_thread.run_sync(decoded, body)
        except UserError:
            return Wrong("Failed to process audio: corrupt or unsupported data.", "Bad Request").answer()
        duration_s = len(sound) / RATE_HZ
        asked = request.query_params
        formatted = "true" in (asked.get("punctuate"), asked.get("smart_format"))
        heard = await self.words.hear(sound)
        text = plain(heard, formatted)
        best = {"transcript": text, "confidence": 0.98 if text else 0.0, "words": words(heard, 0.0, duration_s)}
        detected = {"detected_language": "en"} if asked.get("detect_language") == "true" else {}
        metadata = {
            "transaction_key": "deprecated",
            "request_id": token_hex(16),
            "sha256": hashlib.sha256(body).hexdigest(),
            "created": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "duration": duration_s,
            "channels": 1,
            "models": [UUID],
            "model_info": {UUID: MODEL},
        }
        results = {"channels": [{"alternatives": [best], **detected}]}
        return JSONResponse({"metadata": metadata, "results": results})

    def _socket(self, kind: type[Session], names: set[str]) -> Callable[[WebSocket], Awaitable[None]]:
        async def endpoint(socket: WebSocket) -> None:
            session = kind(self, socket)
            self.sessions.append(session)
            wrong = wrong_query(socket.query_params.multi_items(), names)
            await session.run(self._stranger(socket.headers) or (wrong.answer() if wrong else None))

        return endpoint
