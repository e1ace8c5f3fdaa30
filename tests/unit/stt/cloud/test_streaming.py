"""A dictation over real sockets whose other end follows a script: which sound goes where, and what becomes of it when a
connection ends, stalls or refuses. The protocol is Nova's; `test_streaming_services` has the others."""

from __future__ import annotations

from http import HTTPStatus

import anyio
import pytest

from desktop.core.errors import ServiceError
from desktop.core.types import RATE_HZ, Transcript
from desktop.stt.cloud.pcm_buffer import seconds_to_bytes
from desktop.stt.cloud.streaming import MAX_CHARACTERS, StreamingTimeouts
from tests.support.cloud.scripted_stream import Heard, Voice, answers, dies, place, server, silent, transcribed


@pytest.mark.anyio
async def test_words_arrive_live_and_are_whole_at_the_end() -> None:
    voice, settled = Voice(), anyio.Event()
    shown: list[Transcript] = []

    async def script(heard: Heard) -> None:
        await heard.until(seconds=0.9)
        await heard.final(0.0, 0.9, "one two")
        settled.set()
        await heard.until("Finalize")
        await heard.final(0.9, 1.1, "three four", from_finalize=True)

    async with server(script) as (made, line), anyio.create_task_group() as tasks:

        async def speak() -> None:
            voice.say(1.0)
            await settled.wait()
            voice.say(1.0).end()

        tasks.start_soon(speak)
        found = await transcribed(line, voice, shown=shown)
    assert found.text == "one two three four"
    assert found.stable_length == len(found.text)
    assert (found.engine, found.model, found.language, found.duration_s) == ("deepgram-live", "nova-3", "en", 2.0)
    assert (shown[0].text, shown[0].stable_length) == ("one two", len("one two"))
    (sent,) = found.sent
    assert (sent.host, sent.purpose) == (f"127.0.0.1:{made.port}", "speech")
    assert sent.audio_bytes == len(made.heard[0].sound) == seconds_to_bytes(2.0)


@pytest.mark.anyio
async def test_socket_dying_while_speaking_resends_only_rest() -> None:
    voice, dead = Voice(), anyio.Event()

    async def script(heard: Heard) -> None:
        await heard.until(seconds=1.9)
        await heard.final(0.0, 1.0, "one two")
        await heard.socket.close(1011)
        dead.set()

    async with server(script, answers) as (made, line), anyio.create_task_group() as tasks:

        async def speak() -> None:
            voice.say(2.0)
            await dead.wait()
            voice.say(1.0).end()

        tasks.start_soon(speak)
        found = await transcribed(line, voice)
    assert found.text == "one two three four"
    again = made.heard[1].sound
    assert (place(bytes(again)), len(again)) == (RATE_HZ, seconds_to_bytes(2.0))
    assert found.sent[0].audio_bytes >= seconds_to_bytes(1.9 + 2.0), "what went out twice counts twice"


@pytest.mark.anyio
async def test_socket_dying_after_release_is_replaced_once() -> None:
    voice = Voice().say(1.0).end()

    async def script(heard: Heard) -> None:
        await heard.until("Finalize")
        await dies(heard)

    async with server(script, answers) as (made, line):
        assert (await transcribed(line, voice)).text == "three four"
        assert len(made.heard[1].sound) == seconds_to_bytes(1.0)


@pytest.mark.anyio
async def test_half_open_socket_is_detected_while_speaking() -> None:
    voice = Voice().say(1.0)

    async def script(heard: Heard) -> None:
        await heard.until(seconds=0.5)
        heard.socket.transport.pause_reading()

    async def again(heard: Heard) -> None:
        voice.end()
        await answers(heard)

    async with server(script, again, ping_s=0.1) as (made, line):
        assert (await transcribed(line, voice)).text == "three four"
        assert len(made.heard[1].sound) == seconds_to_bytes(1.0)
        made.heard[0].socket.transport.abort()


@pytest.mark.anyio
async def test_two_sockets_dying_after_release_raise() -> None:
    async with server(dies, dies, dies) as (made, line):
        with pytest.raises(ServiceError, match=r"^Example ended the connection .* What you said is kept\."):
            await transcribed(line, Voice().say(1.0).end())
    assert made.asked <= 2


@pytest.mark.anyio
async def test_service_trouble_does_not_end_the_dictation() -> None:
    async def script(heard: Heard) -> None:
        await heard.socket.send('{"type": "Error", "variant": "INTERNAL", "description": "Out of order."}')

    voice = Voice().say(1.0)
    async with server(script, answers) as (made, line), anyio.create_task_group() as tasks:

        async def speak() -> None:
            while not made.heard:
                await anyio.wait_all_tasks_blocked()
            await made.heard[0].gone.wait()
            voice.end()

        tasks.start_soon(speak)
        assert (await transcribed(line, voice)).text == "three four"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("status", "said"),
    [
        (
            HTTPStatus.UNAUTHORIZED,
            "Example does not accept the key. Enter it again in the settings (Speech or Network), or in a terminal: "
            "intone key set deepgram",
        ),
        (HTTPStatus.PAYMENT_REQUIRED, "The account at Example is out of credit."),
        (HTTPStatus.FORBIDDEN, "Example does not allow this (No)."),
        (HTTPStatus.TOO_MANY_REQUESTS, "Example has had too many requests from this account."),
    ],
)
async def test_who_refuses_the_handshake_is_not_asked_again(status: HTTPStatus, said: str) -> None:
    async with server(status=status) as (made, line):
        with pytest.raises(ServiceError) as raised:
            await transcribed(line, Voice().say(1.0))
    assert str(raised.value).startswith(said)
    assert made.asked == 1


@pytest.mark.anyio
async def test_silent_service_times_out() -> None:
    async with server(silent) as (_, line):
        with pytest.raises(ServiceError, match=r"^Example did not answer in time\."):
            await transcribed(line, Voice().say(1.0).end(), waits=StreamingTimeouts(hold_s=0.0, answer_s=0.2))


@pytest.mark.anyio
async def test_what_makes_no_sense_is_a_problem() -> None:
    async def script(heard: Heard) -> None:
        await heard.socket.send('{"type": "Results", "is_final": "perhaps"}')

    async with server(script) as (_, line):
        with pytest.raises(ServiceError, match=r"^Example gave an answer that makes no sense\."):
            await transcribed(line, Voice().say(1.0))


@pytest.mark.anyio
async def test_where_no_sound_comes_the_stream_is_kept_alive() -> None:
    voice, kept = Voice().say(1.0), anyio.Event()

    async def script(heard: Heard) -> None:
        await heard.until("KeepAlive")
        kept.set()
        await answers(heard)

    async with server(script) as (_, line), anyio.create_task_group() as tasks:

        async def speak() -> None:
            await kept.wait()
            voice.end()

        tasks.start_soon(speak)
        found = await transcribed(line, voice, waits=StreamingTimeouts(hold_s=0.0, keep_alive_s=0.05))
    assert found.text == "three four"


@pytest.mark.anyio
async def test_what_is_shorter_than_a_word_goes_nowhere() -> None:
    async with server() as (made, line):
        assert await transcribed(line, Voice().say(0.09).end()) == Transcript(
            duration_s=0.09, language="en", engine="deepgram-live", model="nova-3"
        )
    assert made.asked == 0


@pytest.mark.anyio
async def test_possible_shortcut_sends_nothing_until_release() -> None:
    long = StreamingTimeouts(hold_s=1000.0)
    async with server(answers) as (made, line):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(transcribed, line, Voice().say(1.0), None, long)
            await anyio.wait_all_tasks_blocked()
            tasks.cancel_scope.cancel()
        assert made.asked == 0
        assert (await transcribed(line, Voice().say(1.0).end(), waits=long)).text == "three four"


@pytest.mark.anyio
async def test_a_cancelled_dictation_closes_its_socket() -> None:
    heard_it = anyio.Event()

    async def script(heard: Heard) -> None:
        await heard.until(seconds=0.5)
        heard_it.set()
        await silent(heard)

    async with server(script) as (_, line), anyio.create_task_group() as tasks:
        tasks.start_soon(transcribed, line, Voice().say(1.0))
        await heard_it.wait()
        tasks.cancel_scope.cancel()


@pytest.mark.anyio
async def test_words_without_end_make_no_sense() -> None:
    async def script(heard: Heard) -> None:
        await heard.until("Finalize")
        for second in range(4):
            await heard.final(second / 4, 0.25, "word " * (MAX_CHARACTERS // 15), from_finalize=second == 3)

    async with server(script) as (_, line):
        with pytest.raises(ServiceError, match="makes no sense"):
            await transcribed(line, Voice().say(1.0).end())
