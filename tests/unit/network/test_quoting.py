"""A service that quotes what it was sent, the words and the key, is quoted in the windows and never in the log."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from desktop.core.errors import UserError
from desktop.core.messages import Foreign
from tests.support.cloud.tls_server import Served, serve

KEY, WORDS = "sk-planted-0123456789", "the marmalade submarine"

PROGRAM = f"""
import asyncio, gc, logging, sys
from pathlib import Path

import anyio
import numpy as np

from desktop.core import log
from desktop.llm.client import LLMClient
from desktop.emotion.llm_detector import LLMEmotionDetector
from desktop.emotion.detector import LocalEmotionDetector
from desktop.emotion.baseline import TransientVoiceBaselines
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.network.errors import service_errors
from desktop.network.websockets import WebSockets
from desktop.core.paths import Paths
from desktop.core.types import DictationContext, Transcript
from desktop.core.tasks import EngineTasks

home, url, live = Path(sys.argv[1]), *sys.argv[2:]
log.setup_logging(Paths(config=home, data=home, state=home, runtime=home))
client = ServiceClient()
service = Service("Example", f"{{url}}/v1", ServiceKey("polish", lambda name: {KEY!r}))

async def ask():
    await client.request(service, "POST", "/chat/completions", body=b"{WORDS}")

async def listen():
    socket = await WebSockets(client.ssl_context).open(service, f"{{live}}/live")
    with service_errors(service):
        await socket.send({WORDS!r})
        await socket.recv()

async def main():
    llm, local = LLMClient(client, service, "m", openai=False), LocalEmotionDetector(TransientVoiceBaselines())
    detector = LLMEmotionDetector(llm, local, 20)
    found = await detector.detect(Transcript({WORDS!r}), np.zeros(0, np.float32), DictationContext())
    print(found.emotion.note)
    work = EngineTasks()
    async with anyio.create_task_group() as work.tasks:
        work.spawn(ask)
        work.spawn(listen)
    forgotten = asyncio.create_task(ask())
    await asyncio.wait([forgotten])
    del forgotten
    gc.collect()
    try:
        await listen()
    except Exception as problem:
        print(problem)
        logging.getLogger("desktop").error("failed: %(why)s", {{"why": problem}}, exc_info=problem)
        logging.getLogger("desktop").error(problem)
    await client.aclose()

asyncio.run(main())
"""


async def refuses(request: Request) -> Response:
    told = f"{request.headers['authorization']}: {(await request.body()).decode()[-60:]} {WORDS}"
    return JSONResponse({"error": {"message": told}}, 400)


async def closes(line: WebSocket) -> None:
    await line.accept()
    said = await line.receive_text()
    await line.close(4000, f"{line.headers['authorization']}: {said}")


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    routes = [Route("/v1/chat/completions", refuses, methods=["POST"]), WebSocketRoute("/live", closes)]
    with serve(Starlette(routes=routes)) as running:
        yield running


def test_what_a_service_quotes_is_shown_and_not_logged(served: Served, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), served.url, served.sockets]
    environ = {**os.environ, **served.environ}
    ran = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=100)
    assert ran.returncode == 0, ran.stderr
    noted, closed = ran.stdout.splitlines()
    assert noted.startswith(f"Example refused the request (Bearer {KEY}: ")
    assert closed.startswith(f"Example ended the connection (Bearer {KEY}: {WORDS}).")
    log = (tmp_path / "logs" / "intone.log").read_text(encoding="utf-8")
    assert [secret for secret in (KEY, "Bearer", *WORDS.split()[1:]) if secret in log] == []
    assert log.count("Example refused the request (…).") == 3, "the emotion, the work, and the task that was forgotten"
    assert log.count("Example ended the connection (…).") == 3
    assert "never retrieved" in log


@pytest.mark.parametrize("said", ["aa", "refused the request", "{service}", "Example"])
def test_only_the_quotation_is_left_out_of_the_log(said: str) -> None:
    problem = UserError("service-refusal-reason", service="Example", reason=Foreign(said))
    assert str(problem) == f"Example refused the request ({said}). What you said is kept."
    assert problem.log_text == "Example refused the request (…)."
