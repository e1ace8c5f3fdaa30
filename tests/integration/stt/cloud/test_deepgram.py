"""Deepgram's recorded audio, against a server that takes no parameter too many."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.audio import file as audio_file
from desktop.core.types import RATE_HZ
from desktop.network.endpoint import Service, ServiceKey
from desktop.stt.cloud.deepgram import DeepgramRecognizer
from desktop.stt.cloud.encoding import FlacEncoder
from desktop.stt.cloud.request import CloudRequest
from tests.conftest import Clip
from tests.support.cloud import deepgram
from tests.support.cloud.server import TEXT
from tests.support.cloud.speech_source import dictate, standing
from tests.support.cloud.tls_server import Served
from tests.support.cloud.words import whisper
from tests.support.words import error_rate

KEY = "dg-test"
SECOND = np.random.default_rng(1).normal(0, 0.01, RATE_HZ).astype(np.float32)


TERMS = [("keyterm", "Intone"), ("keyterm", "New York")]


def service(served: Served) -> Service:
    return Service("Deepgram", f"{served.url}/v1", ServiceKey("deepgram", lambda name: KEY), "Token")


@pytest.mark.anyio
async def test_real_words_come_back_with_what_they_cost(clips: list[Clip]) -> None:
    server = deepgram.Deepgram(whisper(), key=KEY)
    sound = audio_file.read_audio(clips[0].path)
    async with standing(server) as (client, served):
        said = await dictate(
            DeepgramRecognizer(client, service(served), CloudRequest("nova-3", ("en",)), encoding=FlacEncoder), sound
        )
        assert error_rate(clips[0].text, said.text) < 0.2
        assert (said.engine, said.model, said.language) == ("deepgram", "nova-3", "en")
        (sent,) = said.sent
        assert (sent.host, sent.audio_bytes) == (f"localhost:{served.port}", len(server.asked[-1].audio))
        assert sent.cost_usd == pytest.approx(0.0043 * len(sound) / RATE_HZ / 60, rel=0.01)
        assert server.asked[-1].headers["content-type"] == "audio/flac"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("asked", "query", "language"),
    [
        (CloudRequest("nova-3", ("en",), ("Intone", "New York")), [("language", "en"), *TERMS], "en"),
        (CloudRequest("nova-3", ("en", "de")), [("language", "multi")], ""),
        (CloudRequest("nova-3", ("en", "zh")), [("detect_language", "true")], "en"),
        (CloudRequest("auto"), [("detect_language", "true")], "en"),
        (CloudRequest("nova-2", ("zh",), ("Intone",)), [("language", "zh")], "zh"),
    ],
)  # fmt: skip
async def test_the_settings_stand_in_the_address(
    asked: CloudRequest, query: list[tuple[str, str]], language: str
) -> None:
    server = deepgram.Deepgram(key=KEY)
    async with standing(server) as (client, served):
        said = await dictate(DeepgramRecognizer(client, service(served), asked), SECOND)
    assert (said.text, said.language) == (TEXT, language)
    always = [("smart_format", "true"), ("punctuate", "true"), ("mip_opt_out", "true")]
    model = "nova-3" if asked.model == "auto" else asked.model
    assert sorted(server.asked[-1].fields) == sorted([("model", model), *always, *query])
