"""A dictation whose live text is missing or late comes from the engine that is sent the whole recording."""

from __future__ import annotations

from http import HTTPStatus

import anyio
import pytest

from desktop.core.errors import ServiceError
from desktop.core.messages import render
from desktop.core.types import RATE_HZ
from desktop.stt.cloud.pcm_buffer import seconds_to_bytes
from desktop.stt.cloud.streaming import StreamingTimeouts
from tests.support.cloud.scripted_stream import Batch, Heard, Script, Voice, answers, dies, server, silent, transcribed


@pytest.mark.anyio
async def test_missing_live_text_comes_from_batch_engine() -> None:
    batch = Batch("the whole")
    async with server(silent) as (_, line):
        found = await transcribed(line, Voice().say(1.0).end(), batch, StreamingTimeouts(hold_s=0.0, final_s=0.1))
    assert (found.text, found.engine, batch.samples) == ("the whole", "batch", RATE_HZ)
    assert render(found.notes) == "Example did not answer in 0.1 s. Sent the whole recording instead."
    assert found.sent[0].audio_bytes == seconds_to_bytes(1.0), "it went to the live engine too"


@pytest.mark.anyio
async def test_refused_socket_leaves_sound_to_batch_engine() -> None:
    batch, voice = Batch("the whole"), Voice().say(1.0)
    async with server(status=HTTPStatus.FORBIDDEN) as (_, line), anyio.create_task_group() as tasks:

        async def speak() -> None:
            await batch.asked.wait()
            voice.say(1.0).end()

        tasks.start_soon(speak)
        found = await transcribed(line, voice, batch)
    assert (found.text, batch.samples) == ("the whole", 2 * RATE_HZ)
    assert render(found.notes) == "Example does not allow this (No). Sent the whole recording instead."
    assert found.sent == ()


@pytest.mark.anyio
async def test_late_live_text_wins_over_unfinished_batch() -> None:
    batch = Batch("the whole", allowed=False)

    async def script(heard: Heard) -> None:
        await batch.asked.wait()
        await answers(heard)

    async with server(script) as (_, line):
        found = await transcribed(line, Voice().say(1.0).end(), batch, StreamingTimeouts(hold_s=0.0, final_s=0.05))
    assert (found.text, found.notes) == ("three four", ())


@pytest.mark.anyio
@pytest.mark.parametrize("script", [dies, silent])
async def test_where_both_fail_the_first_problem_is_told(script: Script) -> None:
    async with server(script, script) as (_, line):
        with pytest.raises(ServiceError) as raised:
            await transcribed(
                line, Voice().say(1.0).end(), Batch(None), StreamingTimeouts(hold_s=0.0, final_s=0.05, answer_s=0.5)
            )
    assert raised.value.title in ("Batch cannot be reached.", "Example ended the connection (without a word).")
