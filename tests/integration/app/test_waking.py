"""The machine has slept, the network's settings are others, recognition begins again: the language model, which goes by
the same client, is asked as before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from desktop.app.chatting import Chats
from desktop.llm.messages import Question
from desktop.settings.schema import Compatible, Engines, Network, Polish, Recognizer, Settings
from desktop.stt.recognition import Recognition
from models.store import Store
from tests.support.cloud.raw import END, HEAD, Step, chunk, event, page, raw

ANSWER: list[Step] = [HEAD, chunk(event("One two.", "stop")), chunk(b"data: [DONE]\n\n"), END]
SCRIPTS = {"/v1/models": [page("200 OK", b'{"data": [{"id": "m"}]}')], "/v1/chat/completions": ANSWER}

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the environment, so that no keyring is asked."""
    for name in ("INTONE_POLISH_KEY", "INTONE_COMPATIBLE_KEY"):
        monkeypatch.setenv(name, "a-key")


def settings(url: str, **network: str) -> Settings:
    return Settings(
        polish=Polish(mode="llm", url=url),
        recognizer=Recognizer(engine="compatible"),
        engines=Engines(compatible=Compatible(url=url)),
        network=Network.model_validate(network),
    )


@asynccontextmanager
async def running(recognition: Recognition, chats: Chats, chosen: Settings) -> AsyncIterator[None]:
    """Recognition goes on, and the chat is the one that it had before, if any."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(recognition.run)
        await anyio.wait_all_tasks_blocked()
        if chats.now is None:
            chats.prepare(chosen, recognition.client, tasks.start_soon)
        yield
        tasks.cancel_scope.cancel()


async def asked(chats: Chats) -> str:
    """What the language model says, by whoever holds it."""
    await anyio.wait_all_tasks_blocked()
    assert chats.now is not None
    with anyio.fail_after(10):
        return await chats.now.exchange(Question("Do.", "one two", 100)).run(lambda draft: None)


async def test_model_answers_after_sleep_and_network_change(tmp_path: Path) -> None:
    async with raw(SCRIPTS) as url:
        recognition, chats = Recognition(Store(tmp_path), settings(url), lambda condition: None), Chats()
        async with running(recognition, chats, settings(url)):
            assert await asked(chats) == "One two."
            recognition.renew()
            assert await asked(chats) == "One two."
            recognition.choose(settings(url, http="1.1"))
            assert await asked(chats) == "One two."


async def test_model_answers_after_recognition_restarts(tmp_path: Path) -> None:
    async with raw(SCRIPTS) as url:
        recognition, chats = Recognition(Store(tmp_path), settings(url), lambda condition: None), Chats()
        for _ in range(2):
            async with running(recognition, chats, settings(url)):
                assert await asked(chats) == "One two."
