"""Every way in which a streaming service can fail at every point of its protocol: no word is lost, or it is said."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import anyio
import numpy as np
import pytest
from anyio import to_thread

from desktop.core.errors import ServiceError
from desktop.core.messages import render
from desktop.core.types import RATE_HZ, Audio, Frame, Transcript
from tests.support.cloud.faults import At, Close, Fault, Say, Silence, Skip, refused
from tests.support.cloud.openai_realtime import completed, error
from tests.support.cloud.openai_rules import Wrong
from tests.support.cloud.streaming_stand import SOON, Begin, deepgram, flux, ignore, openai, spoken, transcribed
from tests.support.cloud.words import Said

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
