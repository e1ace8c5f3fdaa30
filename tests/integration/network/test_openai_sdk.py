"""OpenAI's client over the app's own connections: what is sent and when, and what never leaves."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator

import anyio
import anyio.to_thread
import pytest
from starlette.responses import Response

from desktop.network.client import MAX_ABANDONED_AT_WARM, ServiceAnswer, ServiceClient
from desktop.network.openai_sdk import OpenAIClient
from tests.support.cloud.openai_recorder import (
    EACH,
    FORM,
    UPLOAD_PATH,
    Ask,
    complete,
    connected,
    list_models,
    one_piece,
    recording,
    service,
    upload,
)
from tests.support.cloud.relay import relayed
from tests.support.cloud.tls_server import trusting

pytestmark = pytest.mark.anyio

OPENAI_VARIABLES = {
    "OPENAI_ORG_ID": "org-of-mine",
    "OPENAI_PROJECT_ID": "proj-of-mine",
    "OPENAI_CUSTOM_HEADERS": "X-Team: mine\nAuthorization: Bearer mine\nUser-Agent: mine\n"
    "Content-Type: multipart/form-data; boundary=mine",
    "OPENAI_BASE_URL": "https://mine.invalid/v1",
    "OPENAI_API_KEY": "mine",
    "OPENAI_ADMIN_KEY": "mine",
    "OPENAI_WEBHOOK_SECRET": "mine",
}


@pytest.mark.parametrize("http", ["2", "1.1"])
async def test_upload_arrives_before_its_end_is_there(http: str) -> None:
    with recording() as (recorder, served):

        async def body() -> AsyncIterator[bytes]:
            yield b"first frame, "
            await anyio.to_thread.run_sync(recorder.arrived.wait)
            yield b"last frame"

        async with connected(service(served.url), http) as client:
            answer = await client.upload(UPLOAD_PATH, FORM, body)
    assert (answer.status, recorder.bodies) == (200, [b"first frame, last frame"])
    assert recorder.headers[0][1]["content-type"] == FORM


async def test_warm_upload_and_completion_share_one_connection() -> None:
    with recording() as (recorder, served), relayed(served, 0.0, None) as relay:
        async with connected(service(relay.url)) as client:
            listing = await client.warm()
            assert listing is not None
            assert listing.names == ("m",)
            assert await client.warm() is None, "it was used just now"
            answer = await client.upload(UPLOAD_PATH, FORM, one_piece)
            await complete(client)
        assert (answer.timing.http, answer.timing.connect_s, answer.timing.tls_s) == ("HTTP/2", None, None)
        assert (relay.connections, len(recorder.headers)) == (1, 3)


async def test_completions_leave_nothing_open_at_the_server() -> None:
    with recording() as (recorder, served), relayed(served, 0.0, None) as relay:
        async with connected(service(relay.url)) as client:
            for _ in range(MAX_ABANDONED_AT_WARM + 1):
                await complete(client)
            await client.warm()
            await complete(client)
        assert len(recorder.headers) == MAX_ABANDONED_AT_WARM + 2
        assert relay.connections == 1, "streams that are left open have a connection given up"


@EACH
async def test_a_body_is_sent_again_on_a_new_connection(ask: Ask) -> None:
    with recording() as (recorder, served), relayed(served, 0.0, None) as relay:
        async with connected(service(relay.url)) as client:
            await ask(client)
            relay.freeze()
            relay.reset()
            await ask(client)
        assert relay.connections == 2
        assert recorder.bodies[0] == recorder.bodies[1]


@EACH
@pytest.mark.parametrize("key", ["sk-test", ""])
async def test_only_our_headers_are_sent(monkeypatch: pytest.MonkeyPatch, ask: Ask, key: str) -> None:
    for name, value in OPENAI_VARIABLES.items():
        monkeypatch.setenv(name, value)
    with recording() as (recorder, served):
        async with connected(service(served.url, key, optional=True)) as client:
            await ask(client)
    ((path, headers),) = recorder.headers
    kind = {UPLOAD_PATH: FORM, "/chat/completions": "application/json", "/models": None}[path]
    expected = {"accept": "*/*", "accept-encoding": headers["accept-encoding"], "user-agent": "Intone"}
    expected |= {"authorization": f"Bearer {key}"} if key else {}
    expected |= {"content-type": kind} if kind else {}
    expected |= {"content-length": str(len(recorder.bodies[0]))} if path == "/chat/completions" else {}
    assert {name: value for name, value in headers.items() if name != "host"} == expected
    assert "mine" not in recorder.bodies[0].decode()


async def test_each_host_gets_its_own_key_alone() -> None:
    with recording() as (one, served), recording() as (other, elsewhere):
        http_client = ServiceClient(ssl_context=trusting())
        for _ in range(2):
            for there in (service(served.url, "sk-one"), service(elsewhere.url, "sk-other")):
                client = OpenAIClient(http_client, there)
                for ask in (upload, list_models, complete):
                    await ask(client)
        await http_client.aclose()
    assert {headers["authorization"] for _, headers in one.headers} == {"Bearer sk-one"}
    assert {headers["authorization"] for _, headers in other.headers} == {"Bearer sk-other"}


async def test_cancelled_upload_ends_its_body_and_costs_nothing() -> None:
    with recording() as (recorder, served), relayed(served, 0.0, None) as relay:
        closed: list[bool] = []

        async def endless() -> AsyncIterator[bytes]:
            try:
                yield b"spoken"
                await anyio.sleep_forever()
            finally:
                closed.append(True)

        async with connected(service(relay.url)) as client:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(client.upload, UPLOAD_PATH, FORM, endless)
                await anyio.to_thread.run_sync(recorder.arrived.wait)
                tasks.cancel_scope.cancel()
            assert closed == [True]
            assert (await client.upload(UPLOAD_PATH, FORM, one_piece)).status == 200
        assert relay.connections == 1


async def test_timing_and_headers_of_an_upload_are_returned() -> None:
    answer = Response(b"{}", headers={"OpenAI-Processing-MS": "120"}, media_type="application/json")
    with recording(lambda request: answer) as (_, served):
        answers: list[ServiceAnswer] = []
        async with connected(service(served.url)) as client, anyio.create_task_group() as tasks:
            for _ in range(2):  # each has its own, also at once

                async def ask() -> None:
                    answers.append(await client.upload(UPLOAD_PATH, FORM, one_piece))

                tasks.start_soon(ask)
    assert [one.headers["openai-processing-ms"] for one in answers] == ["120", "120"]
    assert all(one.timing.wait_s is not None and one.timing.total_s > 0 for one in answers)


IMPORTS = """
import sys, threading
import anyio
from desktop.llm.client import LLMClient
from desktop.llm.chat_completions import LLMRequest
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.network.openai_sdk import OpenAIClient

assert not {"openai", "jiter"} & set(sys.modules), "they are for those who use them"
looked_for = {}

class Watching:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("openai", "jiter"):
            looked_for.setdefault(threading.current_thread() is threading.main_thread(), []).append(name)

async def body():
    yield b"spoken"

async def main():
    there = Service("Example", sys.argv[1] + "/v1", ServiceKey("openai", lambda name: "sk-test"))
    http_client = ServiceClient()
    client = OpenAIClient(http_client, there)
    await client.warm()
    await client.upload("/audio/transcriptions", "multipart/form-data; boundary=a", body)
    llm = LLMClient(http_client, there, "m", openai=False)
    await llm.create_completion(LLMRequest("Do.", "hello", 100)).run(lambda text: None)
    await http_client.aclose()

sys.meta_path.insert(0, Watching())
anyio.run(main)
print(looked_for.get(True, []), "openai" in looked_for[False])
"""


async def test_the_client_is_imported_in_a_worker_thread_alone() -> None:
    with recording() as (_, served):
        environ = {**os.environ, **served.environ}
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", IMPORTS, served.url],
            env=environ,
            capture_output=True,
            text=True,
            check=True,
        )
    assert done.stdout.strip() == "[] True"
