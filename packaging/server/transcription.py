"""OpenAI's transcription request as the server reads it, the model that does it, its answers and errors: no Ray."""

import asyncio
import itertools
import threading
import time
from io import BytesIO
from typing import Any, Literal

import av
import numpy as np
from faster_whisper import WhisperModel
from pydantic import BaseModel, Field, ValidationError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

MAX_BYTES, MAX_S, RATE_HZ = 25_000_000, 1800, 16_000  # of a request; of its file's sound; Whisper's samples a second
PROBE_S, STUCK_S = 60.0, 600.0  # of rest before the model is asked something, and to answer it; of a window's decoding
KINDS = {"format_whitelist": "wav,flac,ogg,matroska,mov,mp3", "protocol_whitelist": ""}  # none opens a file or a port
MultiPartParser.spool_max_size = MAX_BYTES  # above 1 MB it would write a file to the disk


class RefusedError(Exception):
    """A request that is not done: a status and a sentence, OpenAI's code, and the field that is meant."""

    def __init__(self, status: int, message: str, code: str, param: str | None = None, retry_after_s: int = 0) -> None:
        super().__init__(status, message, code, param, retry_after_s)  # all of it, so that it can be pickled
        kind = "server_error" if status >= 500 else "invalid_request_error"
        self.body = {"error": {"message": message, "type": kind, "param": param, "code": code}}
        self.status, self.headers = status, {"Retry-After": str(retry_after_s)} if retry_after_s else {}


class Transcription(BaseModel, extra="forbid"):
    """What the fields of a form ask for: `language` empty for any, `temperature` 0 for Whisper's own steps."""

    model: str
    language: str = ""
    prompt: str = ""
    response_format: Literal["json", "text", "verbose_json"] = "json"
    temperature: float = Field(0.0, ge=0, le=1)
    granularity: Literal["segment"] = Field("segment", alias="timestamp_granularities[]")

    def options(self) -> dict[str, Any]:
        """Return it as faster-whisper's options."""
        language = self.language.lower().replace("jv", "jw")  # Whisper's code of Javanese is the old one
        asked = {"language": language, "initial_prompt": self.prompt, "temperature": self.temperature}
        return {name: value for name, value in asked.items() if value}

    def response(self, heard: dict[str, Any]) -> Response:
        """Return the answer to it; `heard` has the fields of `verbose_json`."""
        forms = {"json": JSONResponse({"text": heard["text"]}), "text": PlainTextResponse(f"{heard['text']}\n")}
        return forms.get(self.response_format) or JSONResponse(heard)


async def read_form(request: Request, max_pause_s: float) -> tuple[Transcription, bytes]:
    """Return what a form asks for, and its file. Raises `RefusedError`, also where nothing comes for `max_pause_s`."""
    left = MAX_BYTES if int(request.headers.get("content-length", 0)) <= MAX_BYTES else -1

    async def receive() -> Any:
        nonlocal left
        left -= len((message := await asyncio.wait_for(request.receive(), max_pause_s)).get("body", b""))
        if left < 0:
            raise MultiPartException(f"The request is larger than {MAX_BYTES // 10**6} MB.")  # so that it is closed
        return message

    try:
        async with Request(request.scope, receive).form(max_files=1, max_fields=20) as form:
            file = (fields := dict(form)).pop("file", None)
            if not isinstance(file, UploadFile) or not file.size:
                raise RefusedError(400, "The form has no file, or an empty one.", "missing_required_parameter", "file")
            return Transcription.model_validate(fields), await file.read()
    except MultiPartException as error:
        raise RefusedError(413 if left < 0 else 400, error.message, "invalid_form", "file") from None
    except (TimeoutError, ClientDisconnect):
        raise RefusedError(408, f"The form did not arrive: nothing for {max_pause_s} s.", "request_timeout") from None
    except ValidationError as error:
        (param, *_), message = (first := error.errors(include_input=False)[0])["loc"], first["msg"]
        raise RefusedError(400, f"{message}.", "invalid_value", str(param)) from None


def decode(file: bytes) -> Any:
    """Return the samples of a file, mono at `RATE_HZ`. Raises `RefusedError`, before all of a long one is decoded."""
    parts, size, resampler = [np.zeros(0, np.int16)], 0, av.AudioResampler("s16", "mono", RATE_HZ)
    try:
        with av.open(BytesIO(file), "r", container_options=KINDS) as container:
            for frame in itertools.chain(container.decode(audio=0), [None]):  # None: what the resampler still holds
                parts += (new := [part.to_ndarray()[0] for part in resampler.resample(frame)])
                if (size := size + sum(map(len, new))) > MAX_S * RATE_HZ:
                    raise RefusedError(413, f"The sound is longer than {MAX_S // 60} minutes.", "file_too_long", "file")
    except (av.FFmpegError, LookupError, ValueError) as error:
        raise RefusedError(400, "The file holds no sound that can be read.", "invalid_value", "file") from error
    return np.concatenate(parts).astype(np.float32) / 32768


class Whisper:
    """The model, of which Ray Serve has replicas."""

    def __init__(self, model: dict[str, Any], options: dict[str, Any]) -> None:
        self.model, self._options, self._lock = WhisperModel(**model), options, threading.Lock()
        self._answered_at, self._patience_s = -PROBE_S, STUCK_S

    async def transcribe(self, file: bytes, asked: dict[str, Any]) -> dict[str, Any] | RefusedError:
        """Return the fields of `verbose_json`. Where the client goes away, the decoding ends with its window."""
        is_gone = threading.Event()
        try:
            if asked.get("language", "en") not in self.model.supported_languages:
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
        if is_busy and rest_s > self._patience_s:
            raise RuntimeError("the model does not answer")
        if not is_busy and rest_s > PROBE_S:
            await asyncio.to_thread(self._decode, np.zeros(RATE_HZ, np.float32), {"temperature": 0})

    def _decode(self, audio: Any, options: dict[str, Any], is_gone: threading.Event | None = None) -> dict[str, Any]:
        segments = []
        with self._lock:
            self._answered_at, self._patience_s = time.monotonic(), STUCK_S if is_gone else PROBE_S
            found, info = self.model.transcribe(audio, **options)
            for segment in found:
                self._answered_at = time.monotonic()
                if is_gone and is_gone.is_set():
                    break
                segments.append({name: value for name, value in vars(segment).items() if name != "words"})
        text = "".join(segment["text"] for segment in segments).strip()
        return {"language": info.language, "duration": info.duration, "text": text, "segments": segments}
