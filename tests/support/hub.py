"""A hub of models: a real HTTP server on loopback that can be told to misbehave, and a small model that it has."""

from __future__ import annotations

import hashlib
import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from models.catalog import CatalogModel, HubSource, ModelFile

REVISION = "0" * 40
CONTENT = {
    "config.json": b'{"is": "a model"}',
    "tokenizer.json": b"{}",
    "vocabulary.txt": b"a\nb\n",
    "model.bin": random.Random(1).randbytes(5_000_000),
}
HALF = len(CONTENT["model.bin"]) // 2


def model(name: str = "tiny", content: dict[str, bytes] = CONTENT) -> CatalogModel:
    files = tuple(ModelFile(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in content.items())
    return CatalogModel(name, (), "MIT", 300, HubSource("somebody/whisper-tiny", REVISION, files))


def listing(content: dict[str, bytes]) -> list[dict[str, object]]:
    """What a hub lists of these files, all in its storage for large ones, beside a folder."""
    files: list[dict[str, object]] = [
        {"type": "file", "path": name, "size": len(data), "lfs": {"oid": hashlib.sha256(data).hexdigest()}}
        for name, data in content.items()
    ]
    return [{"type": "directory", "path": "onnx", "size": 0}, *files]


class FakeHub(ThreadingHTTPServer):
    """Serves the files with ranges. The switches below spoil `model.bin` alone."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.content = dict(CONTENT)
        self.ranges = True
        self.cuts = 0
        self.hold: threading.Event | None = None
        self.moved = False
        self.leads_to = ""
        self.too_much = b""
        self.asked: list[tuple[str, str | None]] = []
        self.listed: list[dict[str, object]] | str | None = listing(CONTENT)
        self.listings = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def starts(self) -> list[str | None]:
        """The ranges in which the model was asked for."""
        return [start for name, start in self.asked if name == "model.bin"]


class _Answer(BaseHTTPRequestHandler):
    server: FakeHub
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        *_, revision, name = self.path.split("/")
        hub = self.server
        if self.path == f"/api/models/somebody/whisper-tiny/tree/{REVISION}":
            self._answer_listing()
            return
        if hub.moved and revision == REVISION:
            self.send_response(307)
            self.send_header("Location", f"/elsewhere/{name}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if hub.leads_to:
            hub.asked.append((name, None))
            self.send_response(302)
            self.send_header("Location", hub.leads_to)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        wanted = self.headers.get("Range")
        hub.asked.append((name, wanted))
        data = hub.content.get(name)
        if data is None:
            self.send_error(404)
            return
        data += hub.too_much if name == "model.bin" else b""
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and hub.ranges else 0
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        body = data[start:]
        if name == "model.bin" and hub.hold:
            self.wfile.write(body[:HALF])
            hub.hold.wait(30)
            self.close_connection = True
        elif name == "model.bin" and hub.cuts:
            hub.cuts -= 1
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        else:
            self.wfile.write(body)

    def _answer_listing(self) -> None:
        self.server.listings += 1
        if self.server.listed is None:
            self.send_error(503)
            return
        body = json.dumps(self.server.listed).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[FakeHub]:
    """A hub that answers until it is left."""
    with FakeHub() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
