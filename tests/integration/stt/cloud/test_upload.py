"""A recording on its way to a service that fails, or that cannot be reached: the words arrive all the same, or the
right sentence does. For both protocols, over TLS and HTTP/2."""

from __future__ import annotations

import socket
from typing import Any

import anyio
import anyio.lowlevel
import numpy as np
import pytest

from desktop.audio import file as audio_file
from desktop.core.errors import ServiceError
from desktop.core.interfaces import Recognizer
from desktop.core.types import RATE_HZ, Audio
from desktop.stt.cloud.audio_upload import SEND_DELAY_S
from desktop.stt.cloud.encoding import FlacEncoder
from desktop.stt.cloud.upload import ANSWER_TIMEOUT_S, parse_processing_s
from tests.conftest import Clip
from tests.support.cloud import tls_server
from tests.support.cloud.faults import At, Fault, Refuse, Stall, Truncate, refused
from tests.support.cloud.server import TEXT
from tests.support.cloud.speech_source import Speaking, dictate
from tests.support.cloud.upload_fixture import Stand
from tests.support.cloud.words import decoded

SECOND = np.random.default_rng(1).normal(0, 0.01, RATE_HZ).astype(np.float32)
SOON = 0.3
"""Seconds: the patience of the tests that wait for its end."""

BOTH = pytest.mark.parametrize("engine", ["openai", "deepgram"])
BUSY = refused(At.TRANSCRIPTION, 503)
FULL = refused(At.TRANSCRIPTION, 503, {"Retry-After": "5"}, error={"message": "Busy.", "code": "server_busy"})


@pytest.fixture
async def stand(engine: str) -> Any:
    stand = Stand(engine)
    yield stand
    await stand.close()


@pytest.fixture
def said(clips: list[Clip]) -> Audio:
    return audio_file.read_audio(clips[0].path)


async def spoken(stand: Stand, recognizer: Recognizer, sound: Audio, meanwhile: Any) -> Any:
    """What becomes of `sound` when `meanwhile` happens while somebody still speaks."""
    speech, found = Speaking(), []

    async def transcribe() -> None:
        found.append(await recognizer.transcribe(speech, lambda transcript: None))

    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(transcribe)
            speech.say(sound)
            await meanwhile()
            speech.end()
    except* ServiceError as problems:
        raise problems.exceptions[0] from None
    return found[0]


@pytest.mark.anyio
@BOTH
async def test_at_the_release_nearly_all_has_been_sent(stand: Stand, said: Audio) -> None:
    recognizer, before = stand.recognizer(stand.open().url), 0

    async def meanwhile() -> None:
        nonlocal before
        coder = FlacEncoder()
        least = len(coder.encode(said)) - 4000  # the encoder was given it in frames, and may be a block behind
        await stand.when(lambda: stand.received >= least)
        before = stand.received

    found = await spoken(stand, recognizer, said, meanwhile)
    assert found.text == TEXT
    assert stand.received - before < 0.2 * 32_000, "less than 0.2 s of sound that does not shrink at all"
    assert found.sent[0].audio_bytes == len(stand.server.asked[-1].audio)


@pytest.mark.anyio
@BOTH
async def test_press_becoming_a_shortcut_sends_no_sound(stand: Stand) -> None:
    recognizer, speech = stand.recognizer(stand.open().url), Speaking()
    speech.say(SECOND)
    with anyio.move_on_after(SEND_DELAY_S / 2):
        await recognizer.transcribe(speech, lambda transcript: None)
    assert stand.received == 0


@pytest.mark.anyio
@BOTH
async def test_a_reset_while_speaking_costs_no_sound(stand: Stand, said: Audio) -> None:
    relay = stand.open()

    async def meanwhile() -> None:
        await stand.when(lambda: stand.received > 8000)
        relay.reset()

    found = await spoken(stand, stand.recognizer(relay.url), said, meanwhile)
    assert found.text == TEXT
    whole = len(stand.server.asked[-1].audio)
    assert (stand.posts(), len(decoded(stand.server.asked[-1].audio)) / RATE_HZ) == (
        1,
        pytest.approx(len(said) / RATE_HZ),
    )
    assert whole < found.sent[0].audio_bytes <= 2 * whole, "what went twice is counted twice"


@pytest.mark.anyio
@BOTH
async def test_reset_during_answer_is_asked_again(stand: Stand) -> None:
    relay = stand.open()
    stand.server.faults += [Stall(At.TRANSCRIPTION, 0.5)]

    async def breaking() -> None:
        await stand.when(lambda: stand.server.faults.met)
        relay.reset()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(breaking)
        assert (await dictate(stand.recognizer(relay.url), SECOND)).text == TEXT
    assert stand.posts() == 2


@pytest.mark.anyio
@BOTH
async def test_network_back_while_speaking_is_in_time(stand: Stand) -> None:
    relay = stand.open()
    relay.refuse()

    async def meanwhile() -> None:
        await anyio.lowlevel.checkpoint()
        relay.thaw()

    assert (await spoken(stand, stand.recognizer(relay.url), SECOND, meanwhile)).text == TEXT


@pytest.mark.anyio
@BOTH
async def test_a_wrong_key_is_known_while_speaking(stand: Stand) -> None:
    stand.server.key = "another key"
    speech = Speaking()
    speech.say(SECOND)
    with pytest.raises(ServiceError, match="does not accept the key"), anyio.fail_after(20):
        await stand.recognizer(stand.open().url).transcribe(speech, lambda transcript: None)
    assert stand.posts() == 0


@pytest.mark.anyio
@BOTH
@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_service_failure_is_asked_again(stand: Stand, status: int) -> None:
    stand.server.faults += [refused(At.TRANSCRIPTION, status)]
    assert (await dictate(stand.recognizer(stand.open().url), SECOND)).text == TEXT
    assert stand.posts() == 2


@pytest.mark.anyio
@BOTH
@pytest.mark.parametrize(
    ("faults", "sentence", "posts"),
    [
        ([refused(At.TRANSCRIPTION, 400, error={"message": "No."})], r"^Example refused the request \(No\)\.", 1),
        ([refused(At.TRANSCRIPTION, 401)], r"^Example does not accept the key\. .* intone key set", 1),
        ([refused(At.TRANSCRIPTION, 403)], r"^Example does not allow this\.", 1),
        ([refused(At.TRANSCRIPTION, 404)], r"^Example does not know this model or address\.", 1),
        ([refused(At.TRANSCRIPTION, 413)], r"^The recording is too long for Example\.", 1),
        ([refused(At.TRANSCRIPTION, 429, {"Retry-After": "7"})], r"too many requests .* asks to wait 7 s\.", 1),
        ([refused(At.TRANSCRIPTION, 429, error={"code": "insufficient_quota"})], r"is out of credit\.", 1),
        ([refused(At.TRANSCRIPTION, 402, err_code="ASR_PAYMENT_REQUIRED")], r"is out of credit\.", 1),
        ([refused(At.TRANSCRIPTION, 500)] * 2, r"^Example has a problem of its own \(status 500\)\.", 2),
        ([BUSY, refused(At.TRANSCRIPTION, 503, {"Retry-After": "20"})], r"^Example has a problem of its own", 2),
        ([FULL], r"^Example is busy\. It asks to wait 5 s\.", 1),
        ([Truncate(At.TRANSCRIPTION)], r"^Example gave an answer that makes no sense\.", 1),
        ([Refuse(At.TRANSCRIPTION, 200, body=b'{"words": 1}')], r"^Example gave an answer that makes no sense\.", 1),
        ([Refuse(At.TRANSCRIPTION, 200, body=b"<html>")], r"^Example gave an answer that makes no sense\.", 1),
        ([Stall(At.TRANSCRIPTION)], r"^Example did not answer in time\.", 1),
        ([Stall(At.TRANSCRIPTION, 0.5)], r"^Example did not answer in time\.", 1),
    ],
)
async def test_what_the_service_does_wrong_is_said(
    stand: Stand, faults: list[Fault], sentence: str, posts: int
) -> None:
    stand.server.faults += faults
    patience = SOON if isinstance(faults[0], Stall) else ANSWER_TIMEOUT_S
    with pytest.raises(ServiceError, match=sentence):
        await dictate(stand.recognizer(stand.open().url, patience), SECOND)
    assert stand.posts() == posts


@pytest.mark.anyio
@BOTH
@pytest.mark.parametrize(
    ("certificate", "sentence"),
    [
        ("expired", r"does not hold at this computer's time.* Is the clock right\?"),
        ("not_yet", r"does not hold at this computer's time.* Is the clock right\?"),
        ("stranger", r"is not trusted .* SSL_CERT_FILE"),
        ("elsewhere", r"is not trusted"),
    ],
)
async def test_a_certificate_that_does_not_hold_is_said(stand: Stand, certificate: str, sentence: str) -> None:
    relay = stand.open(getattr(tls_server, certificate)())
    with pytest.raises(ServiceError, match=sentence):
        await dictate(stand.recognizer(relay.url), SECOND)


@pytest.mark.anyio
@BOTH
async def test_who_cannot_be_reached_is_said(stand: Stand) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(ServiceError, match=rf"^Nothing answers at localhost:{port}\."):
        await dictate(stand.recognizer(f"https://localhost:{port}"), SECOND)
    with pytest.raises(ServiceError, match=r"^nowhere\.invalid was not found\. .* DNS"):
        await dictate(stand.recognizer("https://nowhere.invalid"), SECOND)


@pytest.mark.anyio
@BOTH
async def test_a_way_that_is_half_open_is_given_up(stand: Stand, said: Audio) -> None:
    relay = stand.open()

    async def meanwhile() -> None:
        await stand.when(lambda: stand.received > 8000)
        relay.freeze(new=True)

    with pytest.raises(ServiceError, match=r"did not answer in time\."):
        await spoken(stand, stand.recognizer(relay.url, SOON), said, meanwhile)


@pytest.mark.parametrize(
    ("told", "seconds"), [("120", 0.12), ("²", None), ("٣", None), ("-1", None), ("", None), ("9" * 5000, None)]
)
def test_service_timing_is_a_number_or_none(told: str, seconds: float | None) -> None:
    assert parse_processing_s({"openai-processing-ms": told}) == seconds
    assert parse_processing_s({}) is None
