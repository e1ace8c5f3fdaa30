"""OpenAI's transcription request as the server reads it, and its answers and errors: no model, no Ray."""

import itertools
from io import BytesIO
from typing import Any, Literal

import av
import numpy as np
from pydantic import BaseModel, Field, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.responses import JSONResponse, PlainTextResponse, Response

MAX_BYTES, MAX_S, RATE_HZ = 25_000_000, 1800, 16_000
"""Of a file, of its sound, and Whisper's samples a second."""


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


async def read_form(form: FormData) -> tuple[Transcription, bytes]:
    """Return what a form asks for, and its file. Raises `RefusedError` for what the server does not do."""
    file = (fields := dict(form)).pop("file", None)
    if not isinstance(file, UploadFile) or not file.size:
        raise RefusedError(400, "The form has no file, or an empty one.", "missing_required_parameter", "file")
    if file.size > MAX_BYTES:
        raise RefusedError(413, f"The file is larger than {MAX_BYTES // 10**6} MB.", "file_too_large", "file")
    try:
        return Transcription.model_validate(fields), await file.read()
    except ValidationError as error:
        (param, *_), message = (first := error.errors(include_input=False)[0])["loc"], first["msg"]
        raise RefusedError(400, f"{message}.", "invalid_value", str(param)) from None


def decode(file: bytes) -> Any:
    """Return the samples of a file, mono at `RATE_HZ`. Raises `RefusedError`, before all of a long one is decoded."""
    parts, size, resampler = [np.zeros(0, np.int16)], 0, av.AudioResampler("s16", "mono", RATE_HZ)
    try:
        with av.open(BytesIO(file), "r") as container:
            for frame in itertools.chain(container.decode(audio=0), [None]):  # None: what the resampler still holds
                for part in resampler.resample(frame):
                    parts.append(part.to_ndarray()[0])
                    size += part.samples
                if size > MAX_S * RATE_HZ:
                    raise RefusedError(413, f"The sound is longer than {MAX_S // 60} minutes.", "file_too_long", "file")
    except (av.FFmpegError, LookupError, ValueError) as error:
        raise RefusedError(400, "The file holds no sound that can be read.", "invalid_value", "file") from error
    return np.concatenate(parts).astype(np.float32) / 32768
