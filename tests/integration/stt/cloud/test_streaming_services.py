"""The streaming engines against servers that speak the real protocols, over TLS: the real model's words, and every way
in which a service can fail at every point of its protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

import anyio
import numpy as np
import pytest
from anyio import to_thread

from desktop.audio.file import read_audio
from desktop.core.errors import ServiceError
from desktop.core.messages import render
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Frame, Transcript
from desktop.network import endpoint
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.settings.schema import EnginesSettings, OpenAILiveSettings, Settings
from desktop.stt.cloud.deepgram_streaming import DeepgramStreamingRecognizer
from desktop.stt.cloud.factory import create_recognizer
from desktop.stt.cloud.openai import OPENAI_LIMIT_S
from desktop.stt.cloud.openai_realtime import OpenAIRealtimeRecognizer
from desktop.stt.cloud.request import CloudRequest
from desktop.stt.cloud.streaming import StreamingTimeouts
from tests.conftest import sentences
from tests.support.cloud.deepgram import Deepgram
from tests.support.cloud.faults import At, Close, Fault, Say, Silence, Skip, refused
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.openai_realtime import completed, error
from tests.support.cloud.openai_rules import Wrong
from tests.support.cloud.relay import Relay, relayed
from tests.support.cloud.tls_server import serve, trusting
from tests.support.cloud.words import Said, Words, whisper
from tests.support.words import error_rate

KEY = "secret"

PROMPT, SOON = StreamingTimeouts(hold_s=0.0), StreamingTimeouts(hold_s=0.0, answer_s=0.5)
"""The second for what never answers."""


@dataclass
class Stand:
    """A server, the relay before it where one was asked for, and an engine that speaks to it."""

    server: OpenAI | Deepgram
    engine: OpenAIRealtimeRecognizer | DeepgramStreamingRecognizer
    relay: Relay | None
    rate_hz: int
    usd_per_minute: float


type Begin = Callable[..., AbstractAsyncContextManager[Stand]]


@asynccontextmanager
async def openai(
    words: Words | None = None, *faults: Fault, model: str = "auto", query: str = "", **given: Any
) -> AsyncIterator[Stand]:
    """OpenAI, and its live engine."""

    def engine(client: ServiceClient, root: str, key: str, **more: Any) -> OpenAIRealtimeRecognizer:
        service = Service("OpenAI", endpoint.openai_realtime_url(root + query), ServiceKey("openai", lambda name: key))
        return OpenAIRealtimeRecognizer(client, service, CloudRequest(model, ("en",), ("Intone",)), **more)

    async with standing(OpenAI(words, key=KEY, faults=faults), engine, 24_000, 0.017, **given) as stand:
        yield stand


@asynccontextmanager
async def deepgram(
    words: Words | None = None, *faults: Fault, model: str = "nova-3", **given: Any
) -> AsyncIterator[Stand]:
    """Deepgram, and its live engine."""

    def engine(client: ServiceClient, root: str, key: str, **more: Any) -> DeepgramStreamingRecognizer:
        url = endpoint.deepgram_stream_url(root, model)
        service = Service("Deepgram", url, ServiceKey("deepgram", lambda name: key), auth_scheme="Token")
        return DeepgramStreamingRecognizer(client, service, CloudRequest(model, ("en",), ("Intone",)), **more)

    price = 0.0065 if model.startswith("flux") else 0.0048
    async with standing(Deepgram(words, key=KEY, faults=faults), engine, 16_000, price, **given) as stand:
        yield stand


@asynccontextmanager
async def standing(
    server: OpenAI | Deepgram,
    make: Callable[..., OpenAIRealtimeRecognizer | DeepgramStreamingRecognizer],
    rate_hz: int,
    usd_per_minute: float,
    *,
    key: str = KEY,
    far: bool = False,
    waits: StreamingTimeouts = PROMPT,
    **more: Any,
) -> AsyncIterator[Stand]:
    """The server runs, `far` behind a relay; at the end every socket is closed on both sides."""
    client = ServiceClient(ssl_context=trusting())
    with serve(server) as served:
        with relayed(served) if far else nullcontext() as relay:
            engine = make(client, (relay or served).sockets, key, timeouts=waits, **more)
            try:
                yield Stand(server, engine, relay, rate_hz, usd_per_minute)
            finally:
                await engine.aclose()
                await client.aclose()
        await to_thread.run_sync(server.when, lambda: all(session.over for session in server.sessions))


def flux(*args: Any, **given: Any) -> AbstractAsyncContextManager[Stand]:
    """Deepgram's Flux."""
    return deepgram(*args, model="flux-general-en", **given)


async def spoken(audio: Audio, gate: anyio.Event | None = None) -> AsyncIterator[Frame]:
    """All of `audio` at once; its last second when `gate` opens."""
    held = len(audio) - RATE_HZ
    for start in range(0, len(audio), FRAME_SAMPLES):
        if gate is not None and start >= held:
            await gate.wait()
        yield audio[start : start + FRAME_SAMPLES]


def ignore(transcript: Transcript) -> None:
    """Look at nothing."""


async def transcribed(engine: OpenAIRealtimeRecognizer | DeepgramStreamingRecognizer, audio: Audio) -> Transcript:
    with anyio.fail_after(20):
        return await engine.transcribe(spoken(audio), ignore)


@pytest.fixture(scope="module")
def passage() -> tuple[Audio, str]:
    """Three sentences one after the other, and their words."""
    some = sentences()[:3]
    return np.concatenate([read_audio(clip.path) for clip in some]), " ".join(clip.text for clip in some)


@pytest.fixture(scope="module")
def short(passage: tuple[Audio, str]) -> Audio:
    """A second of speech."""
    return passage[0][:RATE_HZ]


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


POINTS = [
    *((openai, at) for at in (At.ACCEPTED, At.CREATED, At.UPDATED, At.AUDIO, At.ENDING, At.COMMITTED)),
    *((begin, at) for begin in (deepgram, flux) for at in (At.ACCEPTED, At.AUDIO, At.ENDING)),
]
"""Every point of each protocol."""


@pytest.mark.anyio
@pytest.mark.parametrize(("begin", "at"), POINTS)
async def test_closed_socket_is_replaced_and_keeps_words(begin: Begin, at: At, short: Audio) -> None:
    async with begin(Said("hello there"), Close(at)) as stand:
        assert (await transcribed(stand.engine, short)).text == "hello there"
        assert len(stand.server.sessions) == 2


@pytest.mark.anyio
@pytest.mark.parametrize(("begin", "at"), [(openai, At.HANDSHAKE), *POINTS])
async def test_silent_service_is_given_up(begin: Begin, at: At, short: Audio) -> None:
    async with begin(Said("hello there"), Silence(at), waits=SOON) as stand:
        with pytest.raises(ServiceError, match=r"^\w+ did not answer in time\. What you said is kept\."):
            await transcribed(stand.engine, short)


@pytest.mark.anyio
@pytest.mark.parametrize("begin", [openai, deepgram, flux])
async def test_two_sockets_that_are_closed_are_a_problem(begin: Begin, short: Audio) -> None:
    faults = [Close(At.ENDING, 1011, "internal error")] * 2
    async with begin(Said("hello there"), *faults) as stand:
        with pytest.raises(ServiceError, match=r"^\w+ ended the connection \(internal error\)\."):
            await transcribed(stand.engine, short)


@pytest.mark.anyio
@pytest.mark.parametrize("begin", [deepgram, flux])
async def test_unfinished_stream_is_closed_and_loses_nothing(begin: Begin, short: Audio) -> None:
    async with begin(Said("hello there"), Skip(At.ENDING)) as stand:
        assert (await transcribed(stand.engine, short)).text == "hello there"
        assert len(stand.server.sessions) == 1


@pytest.mark.anyio
@pytest.mark.parametrize("begin", [deepgram, flux])
async def test_stream_dying_while_closing_is_replaced(begin: Begin, short: Audio) -> None:
    async with begin(Said("hello there"), Skip(At.ENDING), Close(At.CLOSING)) as stand:
        assert (await transcribed(stand.engine, short)).text == "hello there"
        assert len(stand.server.sessions) == 2


class Whole:
    """A batch engine."""

    async def transcribe(self, speech: AsyncIterator[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        samples = [len(frame) async for frame in speech]
        return Transcript(f"{sum(samples)} samples", engine="openai")


@pytest.mark.anyio
@pytest.mark.parametrize("missing", [At.ENDING, At.COMMITTED])
async def test_a_final_that_never_comes_is_the_batch_engines(missing: At, short: Audio) -> None:
    waits = replace(SOON, final_s=0.1)
    async with openai(Said("hello there"), Skip(missing), batch=Whole(), waits=waits) as stand:
        found = await transcribed(stand.engine, short)
    assert (found.text, found.engine) == (f"{RATE_HZ} samples", "openai")
    assert render(found.notes) == "OpenAI did not answer in 0.1 s. Sent the whole recording instead."


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
async def test_the_words_of_another_item_are_not_ours(short: Audio) -> None:
    faults = [Say(At.COMMITTED, completed("item_other", "nonsense")), Skip(At.COMMITTED)]
    async with openai(Said("hello there"), *faults, waits=SOON) as stand:
        with pytest.raises(ServiceError, match=r"^OpenAI did not answer in time\."):
            await transcribed(stand.engine, short)


@pytest.mark.anyio
async def test_an_error_is_said_in_words(short: Audio) -> None:
    quota = error(Wrong("You exceeded your quota.", None, "insufficient_quota", 429))
    async with openai(Said("hello there"), Say(At.AUDIO, quota)) as stand:
        with pytest.raises(ServiceError, match=r"^The account at OpenAI is out of credit\."):
            await transcribed(stand.engine, short)


REFUSALS: list[tuple[Fault, str]] = [
    (refused(At.HANDSHAKE, 403), "{} does not allow this. May this key use this model"),
    (
        refused(At.HANDSHAKE, 429, {"Retry-After": "7"}),
        "{} has had too many requests from this account. It asks to wait 7 s.",
    ),
    (refused(At.HANDSHAKE, 402), "The account at {} is out of credit."),
]


@pytest.mark.anyio
@pytest.mark.parametrize(("begin", "name"), [(openai, "OpenAI"), (deepgram, "Deepgram"), (flux, "Deepgram")])
@pytest.mark.parametrize(("refusal", "said"), REFUSALS)
async def test_a_refused_handshake_is_said_with_its_reason(
    begin: Begin, name: str, refusal: Fault, said: str, short: Audio
) -> None:
    async with begin(Said("hello there"), refusal) as stand:
        with pytest.raises(ServiceError) as raised:
            await transcribed(stand.engine, short)
        assert str(raised.value).startswith(said.format(name))


@pytest.mark.anyio
@pytest.mark.parametrize(("begin", "name"), [(openai, "OpenAI"), (deepgram, "Deepgram"), (flux, "Deepgram")])
async def test_a_wrong_key_is_said(begin: Begin, name: str, short: Audio) -> None:
    async with begin(Said("hello there"), key="wrong") as stand:
        with pytest.raises(ServiceError, match=f"^{name} does not accept the key"):
            await transcribed(stand.engine, short)


@pytest.mark.anyio
async def test_service_with_own_problem_is_asked_once_more(short: Audio) -> None:
    async with deepgram(Said("hello there"), refused(At.HANDSHAKE, 503)) as stand:
        assert (await transcribed(stand.engine, short)).text == "hello there"


@pytest.mark.anyio
@pytest.mark.parametrize("begin", [openai, deepgram, flux])
async def test_half_open_connection_times_out(begin: Begin, short: Audio) -> None:
    gate = anyio.Event()
    async with begin(Said("hello there"), far=True, waits=SOON) as stand, anyio.create_task_group() as tasks:

        async def freeze() -> None:
            await to_thread.run_sync(
                stand.server.when, lambda: stand.server.sessions and stand.server.sessions[0].audio_s > 0.5
            )
            assert stand.relay is not None
            stand.relay.freeze()
            gate.set()

        tasks.start_soon(freeze)
        with pytest.raises(ServiceError, match=r"^\w+ did not answer in time\."):
            await stand.engine.transcribe(spoken(np.tile(short, 2), gate), ignore)


@pytest.mark.anyio
@pytest.mark.parametrize("begin", [openai, deepgram])
async def test_live_reports_bytes_sent_of_resent_recording(begin: Begin) -> None:
    shown: list[Transcript] = []
    async with begin(Said("Words.")) as stand:
        await stand.engine.transcribe(spoken(np.zeros(5 * RATE_HZ, np.float32)), shown.append)
    told = {sum(sent.audio_bytes for sent in partial.sent) for partial in shown if not partial.text}
    assert len(told) >= 5, "each second, before there are words"
