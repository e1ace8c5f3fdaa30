"""OpenAI's transcriptions, and those of other people's servers, against servers that take no field too many."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from desktop import audio_file
from desktop.network import Client, Secret, Service
from desktop.ports import RATE_HZ, Audio, Transcript
from desktop.problems import ServiceProblem
from desktop.recognizers.asked import Asked
from desktop.recognizers.encoding import Encoding, Flac, Opus
from desktop.recognizers.openai import OpenAI
from tests.cloud import openai
from tests.cloud.faults import At, refused
from tests.cloud.server import TEXT
from tests.cloud.serving import Served, serve, trusting
from tests.cloud.speaking import Speaking
from tests.cloud.words import Said, whisper
from tests.conftest import Clip
from tests.words import error_rate

KEY = "sk-test"
SECOND = np.random.default_rng(1).normal(0, 0.01, RATE_HZ).astype(np.float32)
"""Something that is no speech."""


BOTH = [("languages[]", "en"), ("languages[]", "zh")]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    client = Client(context=trusting())
    yield client
    await client.aclose()


@pytest.fixture
def server() -> Iterator[tuple[openai.OpenAI, Served]]:
    server = openai.OpenAI(key=KEY)
    with serve(server) as served:
        yield server, served


def service(served: Served, key: str = KEY) -> Service:
    return Service("OpenAI", f"{served.url}/v1", Secret("openai", lambda name: key), optional=not key)


async def dictate(recognizer: OpenAI, audio: Audio = SECOND) -> Transcript:
    speech = Speaking()
    speech.say(audio)
    speech.end()
    return await recognizer.transcribe(speech, lambda transcript: None)


@pytest.mark.anyio
async def test_real_words_come_back_with_what_they_cost(client: Client, clips: list[Clip]) -> None:
    server = openai.OpenAI(whisper(), key=KEY)
    sound = audio_file.read(clips[0].path)
    with serve(server) as served:
        recognizer = OpenAI(client, service(served), Asked("auto", ("en",)), encoding=Flac)
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
    server: tuple[openai.OpenAI, Served],
    client: Client,
    model: str,
    languages: tuple[str, ...],
    words: tuple[str, ...],
    fields: list[tuple[str, str]],
) -> None:
    apis, served = server
    said = await dictate(OpenAI(client, service(served), Asked(model, languages, words)))
    assert said.text == TEXT
    assert list(apis.asked[-1].fields) == [("model", model), ("response_format", "json"), *fields]


@pytest.mark.anyio
@pytest.mark.parametrize(("http", "spoken"), [("2", "2"), ("1.1", "1.1")])
@pytest.mark.parametrize(("kind", "name"), [(Flac, "speech.flac"), (Opus, "speech.ogg"), (None, "speech.wav")])
async def test_every_encoding_goes_over_every_http(
    server: tuple[openai.OpenAI, Served], http: str, spoken: str, kind: type[Encoding] | None, name: str
) -> None:
    apis, served = server
    client = Client(http, trusting())
    said = await dictate(OpenAI(client, service(served), Asked("whisper-1"), encoding=kind))
    assert said.text == TEXT
    assert (apis.asked[-1].http, apis.asked[-1].name) == (spoken, name)
    await client.aclose()


@pytest.mark.anyio
async def test_a_model_that_the_service_says_has_ended_is_not_asked(
    server: tuple[openai.OpenAI, Served], client: Client
) -> None:
    apis, served = server
    apis.shutdowns["gpt-transcribe"] = date.today().isoformat()
    recognizer = OpenAI(client, service(served), Asked("auto"))
    for _ in range(2):
        assert (await dictate(recognizer)).model == "gpt-4o-transcribe"
    assert apis.paths().count("/v1/models") == 1, "it was remembered"


@pytest.mark.anyio
async def test_a_list_that_may_not_be_read_is_done_without(
    server: tuple[openai.OpenAI, Served], client: Client
) -> None:
    apis, served = server
    apis.faults += [refused(At.MODELS, 403, error={"message": "Missing scopes: api.model.read"})]
    assert (await dictate(OpenAI(client, service(served), Asked("auto")))).model == "gpt-transcribe"


@pytest.mark.anyio
async def test_too_little_for_a_word_is_not_asked_about(server: tuple[openai.OpenAI, Served], client: Client) -> None:
    apis, served = server
    said = await dictate(OpenAI(client, service(served), Asked("auto")), SECOND[: RATE_HZ // 10 - 1])
    assert (said.text, said.sent) == ("", ())
    assert "/v1/audio/transcriptions" not in apis.paths()


@pytest.mark.anyio
async def test_an_echo_of_the_words_over_silence_is_no_text(client: Client, clips: list[Clip]) -> None:
    with serve(openai.OpenAI(Said("Kubernetes."), key=KEY)) as served:
        recognizer = OpenAI(client, service(served), Asked("whisper-1", ("en",), ("Intone", "Kubernetes")))
        assert (await dictate(recognizer)).text == ""
        assert (await dictate(recognizer, audio_file.read(clips[0].path))).text == "Kubernetes."


@pytest.mark.anyio
async def test_anybodys_server_is_asked_for_nothing_special_and_needs_neither_key_nor_tls() -> None:
    server = openai.OpenAI(compatible=True)
    client = Client()
    with serve(server, tls=False) as served:
        asked = Asked("auto", ("en",), ("Intone",))
        said = await dictate(OpenAI(client, service(served, ""), asked, compatible=True))
    await client.aclose()
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
        ([], ""),
    ],
)
async def test_anybodys_server_is_asked_with_the_first_model_that_transcribes(
    client: Client, names: list[str], model: str
) -> None:
    async def models(request: Request) -> Response:
        return JSONResponse({"data": [{"id": name} for name in names]})

    async def transcribe(request: Request) -> Response:
        async with request.form() as form:
            return JSONResponse({"text": f" {form['model']} "})

    routes: list[Any] = [Route("/v1/models", models), Route("/v1/audio/transcriptions", transcribe, methods=["POST"])]
    with serve(Starlette(routes=routes)) as served:
        recognizer = OpenAI(client, service(served), Asked("auto"), compatible=True)
        if names:
            said = await dictate(recognizer)
            assert (said.text, said.model) == (model, model)
        else:
            with pytest.raises(ServiceProblem, match=r"names no model\. .* engines\.compatible\.model NAME"):
                await dictate(recognizer)
