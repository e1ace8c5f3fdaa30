"""A model over TLS, and a stage whose paster has a selection for it to edit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import anyio
import pytest

from desktop.dictation.voice_edit import VoiceEdit
from desktop.llm.client import LLMClient
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from tests.support.cloud.chat import ChatServer, Says
from tests.support.cloud.tls_server import Served, serve, trusting
from tests.support.stage import Stage
from tests.support.voice_editing import EDITED, EditingPaster


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[ChatServer, Served]]:
    server = ChatServer()
    with serve(server.app) as running:
        yield server, running


@pytest.fixture
def server(served: tuple[ChatServer, Served]) -> ChatServer:
    server = served[0]
    server.edit, server.calls = Says((EDITED,)), []
    return server


@pytest.fixture
async def chat(served: tuple[ChatServer, Served]) -> AsyncIterator[LLMClient]:
    client = ServiceClient(ssl_context=trusting())
    secret = ServiceKey("polish", lambda name: "sk-test")
    made = LLMClient(client, Service("Example", f"{served[1].url}/v1", secret), "mine", openai=False)
    await made.openai_client.load()  # as the app does when it starts
    yield made
    with anyio.fail_after(10):
        while made.is_warming:  # a connection that is being made is made
            await anyio.lowlevel.checkpoint()
    await client.aclose()


@pytest.fixture
def paster() -> EditingPaster:
    return EditingPaster()


@pytest.fixture
def stage(tmp_path: Path, chat: LLMClient, paster: EditingPaster) -> Stage:
    stage = Stage(tmp_path)
    stage.paster = paster
    stage.dictation.dependencies = replace(stage.parts(), start_edit=partial(VoiceEdit, paster, chat))
    return stage
