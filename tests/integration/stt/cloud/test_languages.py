"""The languages of one dictation reach each service in place of those of the settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from desktop.core.types import RATE_HZ
from desktop.network.client import ServiceClient
from desktop.settings.schema import EnginesSettings, RecognizerSettings, Settings
from desktop.stt.cloud.factory import create_recognizer
from tests.support.cloud.deepgram import Deepgram
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.speech_source import dictate
from tests.support.cloud.tls_server import serve, trusting
from tests.support.cloud.words import Said

KEY = "a-key"

QUIET = np.random.default_rng(5).normal(0, 0.01, RATE_HZ).astype(np.float32)


def languages_in(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what a form or a query says of languages."""
    return [pair for pair in pairs if "language" in pair[0]]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("engine", "languages", "wanted"),
    [
        ("openai", ("cs",), [("languages[]", "cs")]),
        ("openai", ("de", "fr"), [("languages[]", "de"), ("languages[]", "fr")]),
        ("openai", (), []),
        ("openai", None, [("languages[]", "fi")]),
        ("compatible", ("cs",), [("language", "cs")]),
        ("compatible", ("de", "fr"), []),
        ("compatible", None, [("language", "fi")]),
        ("openai-live", ("cs",), [("languages", ["cs"])]),
        ("openai-live", ("de", "fr"), [("languages", ["de", "fr"])]),
        ("openai-live", (), []),
        ("deepgram", ("cs",), [("language", "cs")]),
        ("deepgram", ("de", "fr"), [("language", "multi")]),
        ("deepgram", None, [("language", "fi")]),
        ("deepgram-live", ("cs",), [("language", "cs")]),
        ("deepgram-live", ("de", "fr"), [("language", "multi")]),
        ("deepgram-live", None, [("language", "fi")]),
    ],
)
async def test_service_is_asked_for_the_languages_of_the_dictation(
    monkeypatch: pytest.MonkeyPatch, engine: str, languages: tuple[str, ...] | None, wanted: list[tuple[str, Any]]
) -> None:
    for name in ("OPENAI_API_KEY", "DEEPGRAM_API_KEY", "INTONE_COMPATIBLE_KEY"):
        monkeypatch.setenv(name, KEY)
    server: Any = (
        Deepgram(Said("hello"), key=KEY)
        if engine.startswith("deepgram")
        else OpenAI(Said("hello"), key=KEY, compatible=engine == "compatible")
    )
    client = ServiceClient(ssl_context=trusting())
    with serve(server) as served:
        url = {"openai": f"{served.url}/v1", "compatible": f"{served.url}/v1", "deepgram": served.url}
        chosen = {engine.replace("-", "_"): {"url": url.get(engine, served.sockets)}}
        settings = Settings(
            recognizer=RecognizerSettings(engine=engine, language=("layout", "fi")),
            engines=EnginesSettings.model_validate(chosen),
        )
        recognizer = create_recognizer(engine, settings, client, languages)
        assert (await dictate(recognizer, QUIET)).text == "hello"
        await client.aclose()
    match engine:
        case "openai-live":
            asked = server.sessions[-1].updates[0]["audio"]["input"]["transcription"]
            found = [(name, value) for name, value in asked.items() if "language" in name]
        case "deepgram-live":
            found = languages_in(list(dict(server.sessions[-1].query).items()))
        case _:
            found = languages_in(server.asked[-1].fields)
    assert found == wanted
