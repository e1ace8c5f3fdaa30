"""A real `intone serve`, and an app at whose socket a stand-in for the model answers."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast

import anyio
import numpy as np
import soundfile
from anyio.from_thread import start_blocking_portal

from desktop.app.doors.transcripts import TranscriptService
from desktop.app.ipc import serve_commands
from desktop.core.ipc_client import Reply
from desktop.core.paths import Paths
from desktop.core.types import RATE_HZ, Frame, Segment, Transcript
from desktop.stt.local.client import IS_LOW_PRIORITY
from desktop.stt.local.engine_status import EngineStatus

KEY = "intone-0123456789abcdef0123456789abcdef"


def wav(seconds: float = 1.0, rate_hz: int = RATE_HZ) -> bytes:
    """A file with noise."""
    file = io.BytesIO()
    noise = np.random.default_rng(7).normal(0, 0.05, round(seconds * rate_hz)).astype(np.float32)
    soundfile.write(file, noise, rate_hz, format="WAV")
    return file.getvalue()


class FakeModel:
    """Stands for the app's recognition: notes what it is given, and waits while a test holds it."""

    has_local_model = True

    def __init__(self) -> None:
        self.local_status = EngineStatus(loaded=True, model="tiny.en")
        self.heard: list[tuple[float, tuple[str, ...] | None]] = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.waiting = self.cancelled = self.idle_awaited = 0
        self.is_dictating = False
        self.text = "Hello there. General."

    async def transcribe_locally(self, speech: AsyncIterable[Frame], languages: tuple[str, ...] | None) -> Transcript:
        assert IS_LOW_PRIORITY.get()
        samples = 0
        async for frame in speech:
            samples += len(frame)
        self.heard.append((samples / RATE_HZ, languages))
        self.waiting += 1
        try:
            while not self.may_answer.is_set():
                await anyio.lowlevel.checkpoint()
        except BaseException:
            self.cancelled += 1
            raise
        finally:
            self.waiting -= 1
        segments = (Segment(0.0, 1.5, "Hello there."), Segment(1.5, 3.25, "General."))
        language = languages[0] if languages else "en"
        return Transcript(
            self.text, language=language, segments=segments, duration_s=samples / RATE_HZ, model="tiny.en"
        )


@contextmanager
def app_with(paths: Paths, model: FakeModel) -> Iterator[None]:
    """An app at the socket of `paths` whose model is `model`."""

    async def refuse(command: str) -> Reply:
        raise AssertionError(command)

    async def idle() -> None:
        while model.is_dictating:
            model.idle_awaited += 1
            await anyio.lowlevel.checkpoint()

    with start_blocking_portal() as portal:
        service = TranscriptService(cast(Any, model), idle)
        with portal.wrap_async_context_manager(serve_commands(paths, refuse, links=service.serve)):
            yield


class Served(NamedTuple):
    """An endpoint that runs."""

    port: int
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def memory_mb(self) -> float:
        """The most memory that it has ever had."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1000


@contextmanager
def serving(home: Path, *arguments: str, **environ: str) -> Iterator[Served]:
    """Start `intone serve` for the app in `home`, on a free port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "desktop", "serve", *(arguments or ("--port", "0"))],
        env={
            **os.environ,
            "INTONE_HOME": str(home),
            "XDG_RUNTIME_DIR": str(home),
            "INTONE_SERVE_KEY": KEY,
            "PYTHONUNBUFFERED": "1",
            **environ,
        },
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stderr is not None
            said = process.stderr.readline()
            yield Served(int(said.split("127.0.0.1:")[1].split("/")[0]), process)
        finally:
            process.terminate()


class Answer(NamedTuple):
    """What came back, byte for byte."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def error(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)["error"]
        return found


def read_answer(line: socket.socket) -> Answer:
    """Read one answer from a connection."""
    with line.makefile("rb") as received:
        status = int(received.readline().split()[1])
        headers = {}
        while (header := received.readline().strip()) != b"":
            name, _, value = header.partition(b":")
            headers[name.decode().lower()] = value.strip().decode()
        return Answer(status, headers, received.read(int(headers.get("content-length", 0))))


def form(*parts: tuple[str, bytes, str | None]) -> tuple[bytes, str]:
    """A form of parts (name, content, file name), and its type."""
    boundary = "intone-boundary"
    body = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'.encode()
        + (f'; filename="{file}"\r\nContent-Type: audio/wav' if file else "").encode()
        + b"\r\n\r\n"
        + content
        + b"\r\n"
        for name, content, file in parts
    )
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def ask(
    port: int,
    method: str = "POST",
    path: str = "/v1/audio/transcriptions",
    body: bytes = b"",
    address: str = "127.0.0.1",
    **headers: str | None,
) -> Answer:
    """Send one request as it is, with the key and the right host unless others are given, None for none."""
    sent = {
        "Host": f"127.0.0.1:{port}",
        "Authorization": f"Bearer {KEY}",
        "Content-Length": str(len(body)) if body else None,
        "Connection": "close",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in sent.items() if value)
    with socket.create_connection((address, port), 30) as line:
        line.sendall(head.encode("latin-1") + b"\r\n" + body)
        return read_answer(line)


def ask_for_text(port: int, content: bytes, *fields: tuple[str, str]) -> Answer:
    """Have a file transcribed."""
    body, kind = form(("file", content, "a.wav"), *((name, value.encode(), None) for name, value in fields))
    return ask(port, body=body, Content_Type=kind)
