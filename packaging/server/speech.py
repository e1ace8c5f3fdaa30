"""OpenAI's transcriptions by faster-whisper on Ray Serve; README.md says how it is run.

`Speech` takes dictations while they are spoken, many at once; a replica of `Whisper` decodes one after the other. One
that dies costs no request: `Speech` has what arrived, and asks another. Nothing said or sent is logged or written.
"""

import asyncio
import threading
import time
from typing import Any

import numpy as np
from faster_whisper import WhisperModel
from ray import serve
from ray.exceptions import RayActorError
from ray.serve.exceptions import BackPressureError, DeploymentUnavailableError
from ray.serve.handle import DeploymentHandle
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from transcription import MAX_BYTES, RATE_HZ, RefusedError, Transcription, decode, read_form

PROBE_S, STUCK_S = 60.0, 600.0  # of rest before the model is asked something; of a decoding without a segment
MultiPartParser.spool_max_size = MAX_BYTES + 1  # above 1 MB it would write a file to the disk


@serve.deployment
class Whisper:
    """A model, which decodes one recording after the other."""

    def __init__(self, model: dict[str, Any], options: dict[str, Any]) -> None:
        self._model, self._options = WhisperModel(**model), options
        self._lock, self._answered_at = threading.Lock(), -PROBE_S

    async def transcribe(self, file: bytes, asked: dict[str, Any]) -> dict[str, Any] | RefusedError:
        """Return the fields of `verbose_json`. Where the client goes away, the decoding ends with its window."""
        is_gone = threading.Event()
        try:
            if asked.get("language", "en") not in self._model.supported_languages:
                raise RefusedError(400, "The model does not know this language.", "invalid_value", "language")
            audio = await asyncio.to_thread(decode, file)
            return await asyncio.to_thread(self._decode, audio, self._options | asked, is_gone)
        except RefusedError as refused:  # raised, it would be one of Ray's
            return refused
        finally:
            is_gone.set()

    async def check_health(self) -> None:
        """Raise where the model does not answer: Ray Serve replaces the replica."""
        rest_s, is_busy = time.monotonic() - self._answered_at, self._lock.locked()
        if is_busy and rest_s > STUCK_S:
            raise RuntimeError("the model does not answer")
        if not is_busy and rest_s > PROBE_S:
            await asyncio.to_thread(self._decode, np.zeros(RATE_HZ, np.float32), {"temperature": 0}, threading.Event())

    def _decode(self, audio: Any, options: dict[str, Any], is_gone: threading.Event) -> dict[str, Any]:
        segments = []
        with self._lock:
            self._answered_at = time.monotonic()
            found, info = self._model.transcribe(audio, **options)
            for segment in found:
                self._answered_at = time.monotonic()
                if is_gone.is_set():
                    break
                segments.append({name: value for name, value in vars(segment).items() if name != "words"})
        text = "".join(segment["text"] for segment in segments).strip()
        return {"language": info.language, "duration": info.duration, "text": text, "segments": segments}


@serve.deployment
class Speech:
    """The HTTP interface, which lets `limit` dictations be spoken or wait at once."""

    def __init__(self, whisper: DeploymentHandle, names: list[str], limit: int, retry_after_s: int) -> None:
        self._whisper, self._names, self._limit, self._count = whisper, names, limit, 0
        self._busy = 503, "The server is busy.", "server_busy", None, retry_after_s

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
        if self._count >= self._limit:
            raise RefusedError(*self._busy)
        self._count += 1
        try:
            async with request.form(max_files=1, max_fields=20) as form:
                asked, file = await read_form(form)
            if asked.model not in self._names:
                raise RefusedError(404, "This server has another model: see /v1/models.", "model_not_found", "model")
            return asked.response(await self._ask(file, asked))
        except MultiPartException as error:
            raise RefusedError(400, error.message, "invalid_form") from None
        finally:
            self._count -= 1

    async def _ask(self, file: bytes, asked: Transcription) -> dict[str, Any]:
        for _ in range(2):
            try:
                heard: dict[str, Any] | RefusedError = await self._whisper.transcribe.remote(file, asked.options())
            except (BackPressureError, DeploymentUnavailableError):
                raise RefusedError(*self._busy) from None
            except RayActorError:  # the replica died, of this recording or beside it
                continue
            if isinstance(heard, RefusedError):
                raise heard
            return heard
        raise RefusedError(500, "The model ended twice over this recording.", "model_ended")


def build(args: dict[str, Any]) -> serve.Application:
    """Return the application; `args` are those in speech.yaml."""
    whisper = Whisper.bind(args["model"], args["decoding"])
    return Speech.bind(whisper, args["names"], args["max_dictations"], args["retry_after_s"])
