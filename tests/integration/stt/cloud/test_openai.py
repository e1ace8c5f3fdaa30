"""OpenAI's transcriptions, and those of other people's servers, against servers that take no field too many."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from desktop.audio import file as audio_file
from desktop.core.types import RATE_HZ
from desktop.network.endpoint import Service, ServiceKey
from desktop.stt.cloud.encoding import FlacEncoder, OpusEncoder
from desktop.stt.cloud.openai import OpenAIRecognizer
from desktop.stt.cloud.request import CloudRequest
from tests.conftest import Clip
from tests.support.cloud import openai
from tests.support.cloud.faults import At, refused
from tests.support.cloud.server import TEXT
from tests.support.cloud.speech_source import dictate, standing
from tests.support.cloud.tls_server import Served
from tests.support.cloud.words import Said, whisper
from tests.support.words import error_rate

KEY = "sk-test"
SECOND = np.random.default_rng(1).normal(0, 0.01, RATE_HZ).astype(np.float32)
"""Something that is no speech."""


BOTH = [("languages[]", "en"), ("languages[]", "zh")]


def service(served: Served, key: str = KEY) -> Service:
    return Service("OpenAI", f"{served.url}/v1", ServiceKey("openai", lambda name: key), is_key_optional=not key)


@pytest.mark.anyio
async def test_real_words_come_back_with_what_they_cost(clips: list[Clip]) -> None:
    server = openai.OpenAI(whisper(), key=KEY)
    sound = audio_file.read_audio(clips[0].path)
    async with standing(server) as (client, served):
        recognizer = OpenAIRecognizer(client, service(served), CloudRequest("auto", ("en",)), encoding=FlacEncoder)
        said = await dictate(recognizer, sound)
        assert error_rate(clips[0].text, said.text) < 0.2
        assert (said.engine, said.model, said.language, said.device) == ("openai", "gpt-transcribe", "en", "")
        (sent,) = said.sent
        assert (sent.host, sent.purpose) == (f"localhost:{served.port}", "speech")
        assert sent.audio_bytes == len(server.asked[-1].audio)
        assert sent.cost_usd == pytest.approx(0.0045 * len(sound) / RATE_HZ / 60, rel=0.01)
        assert recognizer.phases is not None
        assert recognizer.phases.http == "HTTP/2"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("model", "languages", "words", "fields"),
    [
        ("gpt-transcribe", ("en", "yue"), ("Intone", "a<b"), [*BOTH, ("keywords[]", "Intone")]),
        ("gpt-transcribe", (), (), []),
        ("gpt-4o-transcribe", ("jw",), ("Intone", "New York"), [("language", "jv"), ("prompt", "Intone, New York")]),
        ("gpt-4o-mini-transcribe-2025-12-15", ("en", "de"), (), []),
        ("gpt-4o-transcribe-diarize", ("en",), ("Intone",), [("language", "en")]),
        ("whisper-1", ("haw",), ("Intone",), [("prompt", "Intone")]),
    ],
)  # fmt: skip
async def test_each_model_is_sent_what_it_takes(
    model: str, languages: tuple[str, ...], words: tuple[str, ...], fields: list[tuple[str, str]]
) -> None:
    server = openai.OpenAI(key=KEY)
    async with standing(server) as (client, served):
        said = await dictate(OpenAIRecognizer(client, service(served), CloudRequest(model, languages, words)), SECOND)
    assert said.text == TEXT
    assert list(server.asked[-1].fields) == [("model", model), ("response_format", "json"), *fields]


@pytest.mark.anyio
@pytest.mark.parametrize("http", ["2", "1.1"])
async def test_every_encoding_goes_over_every_http(http: str) -> None:
    server = openai.OpenAI(key=KEY)
    async with standing(server, http) as (client, served):
        for kind, name in ((FlacEncoder, "speech.flac"), (OpusEncoder, "speech.ogg"), (None, "speech.wav")):
            said = await dictate(
                OpenAIRecognizer(client, service(served), CloudRequest("whisper-1"), encoding=kind), SECOND
            )
            assert said.text == TEXT
            assert (server.asked[-1].http, server.asked[-1].name) == (http, name)


@pytest.mark.anyio
async def test_model_past_its_shutdown_is_not_asked() -> None:
    server = openai.OpenAI(key=KEY)
    server.shutdowns["gpt-transcribe"] = date.today().isoformat()
    async with standing(server) as (client, served):
        recognizer = OpenAIRecognizer(client, service(served), CloudRequest("auto"))
        for _ in range(2):
            assert (await dictate(recognizer, SECOND)).model == "gpt-4o-transcribe"
    assert server.paths().count("/v1/models") == 1, "it was remembered"


@pytest.mark.anyio
async def test_a_list_that_may_not_be_read_is_done_without() -> None:
    server = openai.OpenAI(key=KEY, faults=[refused(At.MODELS, 403, error={"message": "Missing scopes."})])
    async with standing(server) as (client, served):
        said = await dictate(OpenAIRecognizer(client, service(served), CloudRequest("auto")), SECOND)
    assert said.model == "gpt-transcribe"


@pytest.mark.anyio
async def test_too_little_for_a_word_is_not_asked_about() -> None:
    server = openai.OpenAI(key=KEY)
    async with standing(server) as (client, served):
        said = await dictate(
            OpenAIRecognizer(client, service(served), CloudRequest("auto")), SECOND[: RATE_HZ // 10 - 1]
        )
    assert (said.text, said.sent) == ("", ())
    assert set(server.paths()) <= {"/v1/models"}


@pytest.mark.anyio
async def test_an_echo_of_the_words_over_silence_is_no_text(clips: list[Clip]) -> None:
    async with standing(openai.OpenAI(Said("Kubernetes."), key=KEY)) as (client, served):
        recognizer = OpenAIRecognizer(
            client, service(served), CloudRequest("whisper-1", ("en",), ("Intone", "Kubernetes"))
        )
        assert (await dictate(recognizer, SECOND)).text == ""
        assert (await dictate(recognizer, audio_file.read_audio(clips[0].path))).text == "Kubernetes."


@pytest.mark.anyio
async def test_compatible_server_needs_neither_key_nor_tls() -> None:
    server = openai.OpenAI(compatible=True)
    async with standing(server, tls=False) as (client, served):
        asked = CloudRequest("auto", ("en",), ("Intone",))
        said = await dictate(OpenAIRecognizer(client, service(served, ""), asked, is_compatible=True), SECOND)
    assert (said.text, said.engine) == (TEXT, "compatible")
    assert said.sent[0].cost_usd is None
    sent = [("model", said.model), ("response_format", "json"), ("language", "en"), ("prompt", "Intone")]
    assert list(server.asked[-1].fields) == sent
    assert "authorization" not in server.asked[-1].headers


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("names", "model"),
    [
        (["llama-4-8b", "Systran/faster-whisper-small", "whisper-large-v3"], "Systran/faster-whisper-small"),
        (["mistralai/Voxtral-Mini-3B"], "mistralai/Voxtral-Mini-3B"),
        (["speech"], "speech"),
        ([], "whisper-1"),
        (None, "whisper-1"),
    ],
)
async def test_compatible_server_gets_first_speech_model(names: list[str] | None, model: str) -> None:
    async def models(request: Request) -> Response:
        if names is None:
            return JSONResponse({"detail": "Not Found"}, 404)
        return JSONResponse({"data": [{"id": name} for name in names]})

    async def transcribe(request: Request) -> Response:
        async with request.form() as form:
            return JSONResponse({"text": f" {form['model']} "})

    routes: list[Any] = [Route("/v1/models", models), Route("/v1/audio/transcriptions", transcribe, methods=["POST"])]
    async with standing(Starlette(routes=routes)) as (client, served):
        recognizer = OpenAIRecognizer(client, service(served), CloudRequest("auto"), is_compatible=True)
        said = await dictate(recognizer, SECOND)
    assert (said.text, said.model) == (model, model)
