"""OpenAI's transcriptions by faster-whisper on Ray Serve; README.md says how it is run.

`Speech` takes dictations while they are spoken, many at once; a replica of `Whisper` decodes one after the other. One
that dies costs no request: `Speech` has what arrived, and asks another. Nothing said or sent is logged or written.
"""

import asyncio
from typing import Any

from ray import exceptions, serve
from ray.serve.handle import DeploymentHandle
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from transcription import RefusedError, Transcription, Whisper, read_form


@serve.deployment
class Speech:
    """The HTTP interface, with places for dictations that are spoken or wait; `args` are those of `build`."""

    def __init__(self, whisper: DeploymentHandle, args: dict[str, Any]) -> None:
        self._whisper, self._names, self._max_pause_s = whisper, args["names"], args["max_pause_s"]
        self._room = asyncio.Semaphore(args["max_dictations"])
        self._busy = 503, "The server is busy.", "server_busy", None, args["retry_after_s"]

    async def __call__(self, request: Request) -> Response:
        """Answer a request."""
        try:
            match request.method, request.url.path:
                case "GET", "/v1/models":
                    kind = {"object": "model", "created": 0, "owned_by": "team"}
                    return JSONResponse({"object": "list", "data": [{"id": name, **kind} for name in self._names]})
                case "POST", "/v1/audio/transcriptions":
                    return await self._transcribe(request)
            raise RefusedError(404, "Here are GET /v1/models and POST /v1/audio/transcriptions.", "unknown_url")
        except RefusedError as refused:
            return JSONResponse(refused.body, refused.status, refused.headers)

    async def _transcribe(self, request: Request) -> Response:
        if self._room.locked():
            raise RefusedError(*self._busy)
        async with self._room:
            asked, file = await read_form(request, self._max_pause_s)
            if asked.model not in self._names:
                raise RefusedError(404, "This server has another model: see /v1/models.", "model_not_found", "model")
            return asked.response(await self._ask(file, asked))

    async def _ask(self, file: bytes, asked: Transcription) -> dict[str, Any]:
        for _ in range(2):
            try:
                heard: dict[str, Any] | RefusedError = await self._whisper.transcribe.remote(file, asked.options())
            except (serve.exceptions.BackPressureError, serve.exceptions.DeploymentUnavailableError):
                raise RefusedError(*self._busy) from None
            except exceptions.RayActorError:  # the replica died, of this recording or beside it
                continue
            if isinstance(heard, RefusedError):
                raise heard
            return heard
        raise RefusedError(500, "The model ended twice over this recording.", "model_ended")


def build(args: dict[str, Any]) -> serve.Application:
    """Return the application; `args` are those in speech.yaml."""
    return Speech.bind(serve.deployment(Whisper).bind(args["model"], args["decoding"]), args)
