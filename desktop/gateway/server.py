"""The endpoint: `POST /v1/audio/transcriptions` and `GET /v1/models`, answered by the running app.

A request has its place in a short queue before its body is read, so that no more than `MAX_PLACES` files are in memory;
none is on the disk. A client that goes away gives its place back, and the app stops its transcript.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import anyio
from anyio import to_thread
from python_multipart.multipart import parse_options_header
from starlette.applications import Starlette
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.core.types import Audio
from desktop.gateway.formats import RESPONSE_FORMATS, write_transcript
from desktop.gateway.guard import Receive, RequestGuard, Scope, Send
from desktop.gateway.link import AppRefusedError, open_link
from desktop.gateway.refusal import (
    MAX_BODY_BYTES,
    MAX_FILE_BYTES,
    TOO_LARGE,
    RequestRefusedError,
    check_length,
    describe_refusal,
)
from desktop.gateway.sound import decode_audio

MAX_PLACES = 4
"""Requests that are served or wait; 0.1 GB of files. The app transcribes one at a time."""

RETRY_AFTER_S = 5
"""Seconds after which a client is asked to try again where all places are taken, or the app does not run."""

BODY_SILENCE_S, BODY_TIMEOUT_S = 30.0, 300.0
"""Seconds in which nothing of a request comes, and for all of it, after which its place is given back."""

MAX_FIELDS = 20

FORM_UNREADABLE = "The form cannot be read. It has one file at most."

ALIAS = "whisper-1"
"""OpenAI's name for its model, which many programs send: it stands for the app's."""

SEND_BYTES = 1 << 18
"""Bytes of audio that are given to the app at once: it takes them at the pace of the model."""


class _MemoryParser(MultiPartParser):
    """Keeps files in memory: what is on the disk has to be removed."""

    spool_max_size = MAX_BODY_BYTES


class TranscriptionEndpoint:
    """Answers requests by the app of `paths`."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self._taken_places = 0
        self._decoding = anyio.Lock()

    async def list_models(self, request: Request) -> Response:
        """Answer with the app's model."""
        with _app_errors():
            async with open_link(self._paths, {"command": "transcribe", "samples": 0}) as link:
                name = str(link.reply["model"])
        models = [{"id": id, "object": "model", "created": 0, "owned_by": "intone"} for id in (name, ALIAS)]
        return JSONResponse({"object": "list", "data": models})

    async def transcribe(self, request: Request) -> Response:
        """Answer with the transcript of a file."""
        check_length(request.headers, MAX_BODY_BYTES)
        with self._place():
            form = await read_form(request)
            file, options = read_options(form)
            content = await file.read()
            await form.close()
            if len(content) > MAX_FILE_BYTES:
                raise RequestRefusedError(413, "file_too_large", TOO_LARGE)
            return await run_unless_gone(request, lambda: self._answer(content, options))

    async def _answer(self, content: bytes, options: Mapping[str, str]) -> Response:
        async with self._decoding:
            audio = await to_thread.run_sync(decode_audio, content)
        with _app_errors():
            transcript = await self._ask_app(audio, options)
        body, media_type = write_transcript(transcript, options["response_format"])
        return Response(body, media_type=media_type)

    async def _ask_app(self, audio: Audio, options: Mapping[str, str]) -> Mapping[str, Any]:
        request = {"command": "transcribe", "samples": len(audio), "language": options["language"][:20]}
        async with open_link(self._paths, request) as link:
            model = str(link.reply["model"])
            if options["model"] not in (model, ALIAS):
                sentence = (
                    f"The model that is served is {model}, also by the name {ALIAS}. Intone's settings choose it."
                )
                raise RequestRefusedError(404, "model_not_found", sentence)
            data = memoryview(audio).cast("B")
            for start in range(0, len(data), SEND_BYTES):
                await link.send(data[start : start + SEND_BYTES])
            return await link.read_line()

    @contextmanager
    def _place(self) -> Iterator[None]:
        if self._taken_places >= MAX_PLACES:
            raise RequestRefusedError(429, "busy", "Other files are being transcribed. Try again soon.", RETRY_AFTER_S)
        self._taken_places += 1
        try:
            yield
        finally:
            self._taken_places -= 1


async def read_form(request: Request) -> FormData:
    """Return the form of a request, with its file in memory. Raises `RequestRefusedError` once it is too large."""
    kind, parameters = parse_options_header(request.headers.get("content-type", ""))
    if kind.lower() != b"multipart/form-data":
        raise RequestRefusedError(400, "invalid_form", "Send a form (multipart/form-data) with the file.")
    if parameters.get(b"charset", b"utf-8").lower() != b"utf-8":  # some take minutes, or give what no text can be
        raise RequestRefusedError(400, "invalid_form", FORM_UNREADABLE)

    async def parts() -> AsyncGenerator[bytes]:
        received, stream, ends_at = 0, aiter(request.stream()), anyio.current_time() + BODY_TIMEOUT_S
        while True:
            with anyio.fail_after(min(BODY_SILENCE_S, max(0.0, ends_at - anyio.current_time()))):
                part = await anext(stream, None)
            if part is None:
                return
            received += len(part)
            if received > MAX_BODY_BYTES:
                raise RequestRefusedError(413, "file_too_large", TOO_LARGE)
            yield part

    try:
        return await _MemoryParser(request.headers, parts(), max_files=1, max_fields=MAX_FIELDS).parse()
    except TimeoutError as error:
        raise RequestRefusedError(408, "too_slow", "The request came too slowly.") from error
    except (MultiPartException, ValueError, LookupError) as error:
        raise RequestRefusedError(400, "invalid_form", FORM_UNREADABLE) from error


def read_options(form: FormData) -> tuple[UploadFile, Mapping[str, str]]:
    """Return the file and the options of a form. Raises `RequestRefusedError`."""
    options = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise RequestRefusedError(400, "missing_file", "There is no `file` in the form.")
    chosen = {"model": ALIAS, "language": "", "response_format": "json"} | options
    if chosen["response_format"] not in RESPONSE_FORMATS:
        known = ", ".join(RESPONSE_FORMATS)
        raise RequestRefusedError(400, "invalid_response_format", f"The response_format is one of {known}.")
    if options.get("stream", "false").lower() not in ("false", "0", ""):
        raise RequestRefusedError(400, "no_streaming", "Answers come whole here: leave `stream` out.")
    granularities = set(form.getlist("timestamp_granularities[]")) | set(form.getlist("timestamp_granularities"))
    if granularities - {"segment"}:
        raise RequestRefusedError(400, "no_word_times", "Only segments have times here.")
    return file, chosen


async def run_unless_gone(request: Request, work: Callable[[], Awaitable[Response]]) -> Response:
    """Return what `work` returns; it is cancelled when the client goes away, whose answer reaches no program."""
    answer, problem = Response(status_code=499), None
    async with anyio.create_task_group() as tasks:

        async def watch() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            tasks.cancel_scope.cancel()

        tasks.start_soon(watch)
        try:
            answer = await work()
        except Exception as error:
            problem = error
        tasks.cancel_scope.cancel()
    if problem is not None:
        raise problem
    return answer


@contextmanager
def _app_errors() -> Iterator[None]:
    """Translate what keeps the app from answering."""
    try:
        yield
    except AppRefusedError as error:
        if error.code == "language-not-known":
            raise RequestRefusedError(400, "invalid_language", str(error)) from error
        raise RequestRefusedError(503, error.code, str(error), RETRY_AFTER_S) from error
    except UserError as problem:
        raise RequestRefusedError(503, "app_unavailable", str(problem), RETRY_AFTER_S) from problem


async def send_refusal(refusal: RequestRefusedError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request with a refusal."""
    await JSONResponse(describe_refusal(refusal), refusal.status, refusal.headers)(scope, receive, send)


def create_app(
    paths: Paths, key: str, read_uid: Callable[[tuple[str, int], tuple[str, int]], int | None] | None = None
) -> RequestGuard:
    """Return the endpoint as an ASGI application, for clients with `key`; `read_uid` as `RequestGuard` has it."""
    endpoint = TranscriptionEndpoint(paths)

    async def refuse(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestRefusedError)
        return JSONResponse(describe_refusal(error), error.status, error.headers)

    async def refuse_address(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        refusal = RequestRefusedError(error.status_code, "not_found", "There is no such address here.")
        return JSONResponse(describe_refusal(refusal), error.status_code, error.headers)

    async def fail(request: Request, error: Exception) -> Response:
        refusal = RequestRefusedError(500, "internal_error", "Something went wrong in Intone.")
        return JSONResponse(describe_refusal(refusal), 500)

    app = Starlette(
        routes=[
            Route("/v1/audio/transcriptions", endpoint.transcribe, methods=["POST"]),
            Route("/v1/models", endpoint.list_models, methods=["GET"]),
        ],
        exception_handlers={RequestRefusedError: refuse, HTTPException: refuse_address, Exception: fail},
    )
    return RequestGuard(app, key, send_refusal, read_uid)
