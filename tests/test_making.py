"""Parts as the settings want them: whom polish and emotion ask, and with which key."""

from __future__ import annotations

import pytest

from desktop import making
from desktop.emotion import llm as emotion
from desktop.network import Client
from desktop.polish import llm as polish
from desktop.polish.rules import Rules, Verbatim
from desktop.settings_tree import Mood, Polish, Settings


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
@pytest.mark.parametrize("url", ["https://api.openai.com/v1", "https://eu.api.openai.com/v1/"])
async def test_openai_is_asked_with_openais_key(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai")
    monkeypatch.setenv("INTONE_POLISH_KEY", "sk-polish")
    chat = making.chat(Settings(polish=Polish(url=url)), Client())
    assert chat.openai
    assert chat.service.name == "OpenAI"
    assert chat.service.url == url.rstrip("/")
    assert await chat.service.headers() == {"Authorization": "Bearer sk-openai"}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://localhost:11434/v1", "localhost:11434"),
        ("https://llm.example/v1/chat/completions", "llm.example"),
        ("https://api.openai.com.evil.example/v1", "api.openai.com.evil.example"),
    ],
)
async def test_another_server_has_the_polish_key_and_never_openais(
    url: str, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai")
    monkeypatch.setenv("INTONE_POLISH_KEY", "sk-polish")
    chat = making.chat(Settings(polish=Polish(url=url)), Client())
    assert not chat.openai
    assert chat.service.name == chat.service.host == host
    assert chat.service.url.endswith("/v1")
    assert chat.service.optional
    assert await chat.service.headers() == {"Authorization": "Bearer sk-polish"}


def test_nothing_is_asked_of_a_model_unless_it_is_chosen() -> None:
    chat = making.chat(Settings(), Client())
    assert isinstance(making.polisher(Polish(), chat), Rules)
    assert isinstance(making.polisher(Polish(mode="off"), chat), Verbatim)
    assert isinstance(making.polisher(Polish(mode="llm"), chat), polish.LLM)
    assert making.feeler(Mood(), chat) is None
    assert making.feeler(Mood(engine="off"), chat) is None
    assert isinstance(making.feeler(Mood(engine="llm"), chat), emotion.LLM)
