"""A long recording that is sent again over an ordinary uplink comes to its end in text, however long that takes, and a
network that takes nothing any more is given up; over HTTP/2 and HTTP/1.1, both with a queue that is full."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import anyio
import anyio.to_thread
import numpy as np
import pytest

from desktop.core.errors import ServiceError
from desktop.core.interfaces import Recognizer
from desktop.core.types import RATE_HZ, Transcript
from desktop.network import timing
from desktop.network.endpoint import Service, ServiceKey
from desktop.network.openai_sdk import load_openai
from desktop.network.timing import MIN_BURST_BYTES
from desktop.stt.cloud.chunking import ChunkingRecognizer
from desktop.stt.cloud.encoding import SLOW_BIT_S, OpusEncoder, WavEncoder, choose_encoder
from desktop.stt.cloud.upload import ANSWER_TIMEOUT_S
from desktop.stt.fallback import SERVICE_ALONE_S, FallbackRecognizer, FallbackRules
from tests.support.cloud.faults import At, Slow
from tests.support.cloud.relay import Relay
from tests.support.cloud.server import TEXT
from tests.support.cloud.speech_source import Speaking, dictate
from tests.support.cloud.upload_fixture import Stand
from tests.support.other_systems import UNSENT, only_on_linux

BOTH = pytest.mark.parametrize("engine", ["openai", "deepgram"])
VERSIONS = pytest.mark.parametrize("http", ["2", "1.1"])

LONG_S = 40
LONG = np.zeros(LONG_S * RATE_HZ, np.float32)
"""1.3 MB of WAV, which costs no time to encode."""

UP_BIT_S = 4e6
QUEUE = 65_536
PATIENCE_S = 1.0
"""Less than half of what the recording takes on its way, and eight times what the queue does."""


@pytest.fixture
async def stand(engine: str, http: str) -> Any:
    if http == "1.1":
        only_on_linux(UNSENT)
    await load_openai()  # as `load_client` does before a first request: a second of a slow processor
    stand = Stand(engine, http)
    yield stand
    await stand.close()


def slow(stand: Stand) -> Relay:
    return stand.open(up_bit_s=UP_BIT_S, queue=QUEUE)


@pytest.mark.anyio
@VERSIONS
@BOTH
async def test_slow_upload_steadily_accepted_ends_in_text(stand: Stand) -> None:
    said = await dictate(stand.recognizer(slow(stand).url, PATIENCE_S, WavEncoder), LONG)
    assert said.text == TEXT
    assert said.sent[0].audio_bytes == len(stand.server.asked[-1].audio)
    assert 0 < (stand.client.uplinks.speed_bit_s(said.sent[0].host) or 0.0) < SLOW_BIT_S


@pytest.mark.anyio
@VERSIONS
@BOTH
async def test_stalled_upload_fails_and_notes_the_speed(stand: Stand) -> None:
    relay, shown = slow(stand), list[Transcript]()
    recognizer, speech = stand.recognizer(relay.url, PATIENCE_S, WavEncoder), Speaking()
    speech.say(LONG)
    speech.end()

    async def stall() -> None:
        await stand.when(lambda: stand.received > MIN_BURST_BYTES)
        await anyio.to_thread.run_sync(relay.freeze, True)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(stall)
        with pytest.raises(ServiceError, match=r"^Example did not answer in time\."):
            await recognizer.transcribe(speech, shown.append)
    host, sent = shown[-1].sent[0].host, shown[-1].sent[0].audio_bytes
    assert stand.received - 1000 < sent < 2 * len(LONG), "what was handed over, and no more"
    bit_s = stand.client.uplinks.speed_bit_s(host)
    assert bit_s is not None
    assert choose_encoder("api.example.com", bit_s) is OpusEncoder


@pytest.mark.anyio
@pytest.mark.parametrize(("engine", "http"), [("openai", "2")])
async def test_long_recording_has_longer_to_be_answered(stand: Stand) -> None:
    stand.server.faults += [Slow(At.TRANSCRIPTION, 1.0)]
    assert (await dictate(stand.recognizer(stand.open().url, 0.5, WavEncoder), LONG)).text == TEXT


def alone(recognizer: Recognizer) -> FallbackRecognizer:
    """A service that is waited for 0.5 s after the last sign of life, besides the quarter of the length."""
    return FallbackRecognizer(
        recognizer, None, FallbackRules("fallback", PATIENCE_S - SERVICE_ALONE_S - LONG_S / 4, "Example")
    )


@pytest.mark.anyio
@VERSIONS
@pytest.mark.parametrize("engine", ["openai"])
async def test_choice_waits_while_bytes_are_accepted(stand: Stand) -> None:
    choice = alone(ChunkingRecognizer(stand.recognizer(slow(stand).url, encoding=WavEncoder)))
    assert (await dictate(choice, LONG)).text == TEXT


STALL_S = 1.2
SHORT_S = 0.3
"""A stall is longer than a kept connection is written to, and shorter than anything else waits."""


def hurried(monkeypatch: pytest.MonkeyPatch, kept_s: float = SHORT_S, other_s: float = 5.0) -> None:
    monkeypatch.setattr(timing, "REUSED_WRITE_TIMEOUT_S", kept_s)
    monkeypatch.setattr(timing, "WRITE_TIMEOUT_S", other_s)


async def stalled(stand: Stand, relay: Relay) -> None:
    """Let the way carry nothing for a while, after some of a recording."""
    await stand.when(lambda: stand.received > MIN_BURST_BYTES)
    await anyio.to_thread.run_sync(relay.stall, STALL_S)


@pytest.mark.anyio
@VERSIONS
@BOTH
async def test_kept_connection_that_stalls_ends_in_text(
    stand: Stand, http: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried(monkeypatch)
    relay = slow(stand)
    recognizer = stand.recognizer(relay.url, 4.0, WavEncoder)
    await dictate(recognizer, LONG[:RATE_HZ])
    stand.received, connections = 0, relay.connections
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(stalled, stand, relay)
        said = await dictate(recognizer, LONG)
    assert said.text == TEXT
    resent = http == "1.1"  # over HTTP/2 it is the window that fills first, for which the library waits
    assert relay.connections == connections + resent
    assert (said.sent[0].audio_bytes > len(stand.server.asked[-1].audio)) is resent


@pytest.mark.anyio
@VERSIONS
@pytest.mark.parametrize("engine", ["openai"])
async def test_new_connection_that_stalls_goes_on(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    hurried(monkeypatch)
    relay, begun = slow(stand), 0
    service = Service("Example", f"{relay.url}/v1", ServiceKey("openai", lambda name: "a key"))

    async def body() -> AsyncIterator[bytes]:
        nonlocal begun
        begun += 1
        for _ in range(60):
            yield bytes(16 * 1024)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(stalled, stand, relay)
        await stand.client.request(service, "POST", "/audio/transcriptions", body=body, allow_error_status=True)
    assert (begun, relay.connections, stand.received) == (1, 1, 60 * 16 * 1024)


def test_answer_timeout_lies_between_write_timeouts() -> None:
    assert timing.REUSED_WRITE_TIMEOUT_S < ANSWER_TIMEOUT_S < timing.WRITE_TIMEOUT_S
