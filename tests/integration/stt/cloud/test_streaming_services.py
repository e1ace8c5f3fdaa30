"""The streaming engines against servers that speak the real protocols, over TLS: the words, and what is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator

import anyio
import numpy as np
import pytest

from desktop.core.errors import ServiceError
from desktop.core.types import RATE_HZ, Audio, Frame, Transcript
from desktop.network.client import ServiceClient
from desktop.settings.schema import EnginesSettings, OpenAILiveSettings, Settings
from desktop.stt.cloud.factory import create_recognizer
from desktop.stt.cloud.openai import OPENAI_LIMIT_S
from tests.support.cloud.faults import At, refused
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.streaming_stand import KEY, Begin, deepgram, flux, ignore, openai, spoken, transcribed
from tests.support.cloud.tls_server import serve, trusting
from tests.support.cloud.words import Said, whisper
from tests.support.words import error_rate


@pytest.mark.anyio
@pytest.mark.parametrize("begin", [openai, deepgram, flux])
async def test_real_model_words_arrive_live_and_correct(begin: Begin, passage: tuple[Audio, str]) -> None:
    audio, text = passage
    shown: list[Transcript] = []
    gate = anyio.Event()

    def show(transcript: Transcript) -> None:
        shown.append(transcript)
        gate.set()

    async with begin(whisper()) as stand:
        with anyio.fail_after(60):
            found = await stand.engine.transcribe(spoken(audio, gate), show)
        assert shown, "words came before the release"
        assert error_rate(text, found.text) < 0.15
        assert found.stable_length == len(found.text)
        (sent,) = found.sent
        seconds = len(audio) / RATE_HZ
        assert sent.audio_bytes == round(seconds * stand.rate_hz) * 2
        assert sent.cost_usd == pytest.approx(stand.usd_per_minute * seconds / 60)
        assert len(stand.server.sessions) == 1
        assert len(found.text.split()) > 20


@pytest.mark.anyio
async def test_openai_is_asked_as_its_model_likes_it(short: Audio) -> None:
    async with openai(Said("hello")) as stand:
        await transcribed(stand.engine, short)
        (session,) = stand.server.sessions
        assert session.query == {"intent": "transcription"}
        asked = {"model": "gpt-live-transcribe", "languages": ["en"], "keywords": ["Intone"]}
        assert session.updates[0]["audio"]["input"]["transcription"] == asked
    async with openai(Said("hello"), model="gpt-realtime-whisper") as stand:
        await transcribed(stand.engine, short)
        asked = {"model": "gpt-realtime-whisper", "language": "en"}
        assert stand.server.sessions[0].updates[0]["audio"]["input"]["transcription"] == asked


@pytest.mark.anyio
async def test_no_model_is_asked_whose_end_has_come(short: Audio) -> None:
    async with openai(Said("hello")) as stand:
        assert isinstance(stand.server, OpenAI)
        stand.server.shutdowns["gpt-live-transcribe"] = "2026-01-01"
        assert (await transcribed(stand.engine, short)).model == "gpt-transcribe"
        await transcribed(stand.engine, short)
        assert stand.server.paths() == ["/v1/models"], "asked once"


@pytest.mark.anyio
async def test_a_query_of_the_users_own_is_kept(short: Audio) -> None:
    async with openai(Said("hello"), query="?model=whisper-1") as stand:
        with pytest.raises(ServiceError, match=r"^OpenAI refused the request \(A realtime session takes no"):
            await transcribed(stand.engine, short)
        assert stand.server.sessions[0].query == {"model": "whisper-1"}


@pytest.mark.anyio
async def test_long_dictation_commits_at_pauses_and_joins() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 31 * RATE_HZ).astype(np.float32)
    pause = np.zeros(RATE_HZ, np.float32)
    async with openai(Said("one", "two", "three")) as stand:
        found = await transcribed(stand.engine, np.concatenate([noise, pause, noise, pause, noise[:RATE_HZ]]))
        assert found.text == "one two three"
        assert len(stand.server.sessions[0].items) == 3


@pytest.mark.anyio
@pytest.mark.parametrize("begin", [openai, deepgram, flux])
async def test_half_hour_uses_one_socket_in_order(begin: Begin) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 19 * RATE_HZ).astype(np.float32)
    part = np.concatenate([noise, np.zeros(RATE_HZ, np.float32)])

    async def speech() -> AsyncIterator[Frame]:
        for _ in range(90):
            async for frame in spoken(part):
                yield frame

    said = [f"word{number}" for number in range(400)]
    async with begin(Said(*said, phrase_s=10.0)) as stand:
        with anyio.fail_after(60):
            found = await stand.engine.transcribe(speech(), ignore)
        words = found.text.split()
        assert words == said[: len(words)]
        assert len(words) >= 180, "one in 10 s"
        (session,) = stand.server.sessions
        assert session.audio_s == pytest.approx(found.duration_s) == 1800


@pytest.mark.anyio
async def test_long_live_recording_is_split_for_batch_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    client, server = (
        ServiceClient(ssl_context=trusting()),
        OpenAI(Said("hello there"), key=KEY, faults=[refused(At.HANDSHAKE, 403)]),
    )
    with serve(server) as served:
        there = EnginesSettings(openai_live=OpenAILiveSettings(url=served.sockets))
        engine = create_recognizer("openai-live", Settings(engines=there), client)
        found = await engine.transcribe(spoken(np.zeros(round(1.1 * OPENAI_LIMIT_S) * RATE_HZ, np.float32)), ignore)
        await client.aclose()
    assert server.paths().count("/v1/audio/transcriptions") == 2
    assert found.text == "hello there hello there"


@pytest.mark.anyio
@pytest.mark.parametrize("begin", [openai, deepgram])
async def test_live_reports_bytes_sent_of_resent_recording(begin: Begin) -> None:
    shown: list[Transcript] = []
    async with begin(Said("Words.")) as stand:
        await stand.engine.transcribe(spoken(np.zeros(5 * RATE_HZ, np.float32)), shown.append)
    told = {sum(sent.audio_bytes for sent in partial.sent) for partial in shown if not partial.text}
    assert len(told) >= 5, "each second, before there are words"
