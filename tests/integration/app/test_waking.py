"""The machine has slept, the network's settings are others, recognition begins again: the language model, which goes by
the same client, is asked as before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from desktop.app.llm_service import LLMService
from desktop.llm.chat_completions import LLMRequest
from desktop.settings.schema import (
    CompatibleSettings,
    EnginesSettings,
    NetworkSettings,
    PolishSettings,
    RecognizerSettings,
    Settings,
)
from desktop.stt.recognition import ConfiguredRecognizer
from models.store import ModelStore
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
        polish=PolishSettings(mode="llm", url=url),
        recognizer=RecognizerSettings(engine="compatible"),
        engines=EnginesSettings(compatible=CompatibleSettings(url=url)),
        network=NetworkSettings.model_validate(network),
    )


@asynccontextmanager
async def running(recognition: ConfiguredRecognizer, chats: LLMService, chosen: Settings) -> AsyncIterator[None]:
    """Recognition goes on, and the chat is the one that it had before, if any."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(recognition.run)
        await anyio.wait_all_tasks_blocked()
        if chats.client is None:
            chats.update(chosen, recognition.get_client, tasks.start_soon)
        yield
        tasks.cancel_scope.cancel()


async def asked(chats: LLMService) -> str:
    """What the language model says, by whoever holds it."""
    await anyio.wait_all_tasks_blocked()
    assert chats.client is not None
    with anyio.fail_after(10):
        return await chats.client.create_completion(LLMRequest("Do.", "one two", 100)).run(lambda draft: None)


async def test_model_answers_after_sleep_and_network_change(tmp_path: Path) -> None:
    async with raw(SCRIPTS) as url:
        recognition, chats = (
            ConfiguredRecognizer(ModelStore(tmp_path), settings(url), lambda condition: None),
            LLMService(),
        )
        async with running(recognition, chats, settings(url)):
            assert await asked(chats) == "One two."
            recognition.reconnect()
            assert await asked(chats) == "One two."
            recognition.apply_settings(settings(url, http="1.1"))
            assert await asked(chats) == "One two."


async def test_model_answers_after_recognition_restarts(tmp_path: Path) -> None:
    async with raw(SCRIPTS) as url:
        recognition, chats = (
            ConfiguredRecognizer(ModelStore(tmp_path), settings(url), lambda condition: None),
            LLMService(),
        )
        for _ in range(2):
            async with running(recognition, chats, settings(url)):
                assert await asked(chats) == "One two."
