"""A dictation over real sockets whose other end follows a script: which sound goes where, and what becomes of it when a
connection ends, stalls or refuses. The protocol is Nova's; `test_streaming_services` has the others."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

import anyio
import numpy as np
import pytest
from websockets.asyncio.server import Request, Response, ServerConnection, serve

from desktop.core.errors import ServiceError
from desktop.core.messages import render
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Frame, Transcript
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.network.websockets import WebSockets
from desktop.stt.cloud.deepgram_nova import NovaProtocol
from desktop.stt.cloud.pcm_buffer import seconds_to_bytes
from desktop.stt.cloud.streaming import (
    MAX_CHARACTERS,
    CloudStream,
    StreamingEndpoint,
    StreamingTimeouts,
    transcribe_stream,
)

PROMPT = StreamingTimeouts(hold_s=0.0, final_s=5.0, answer_s=5.0)

type Script = Callable[[Heard], Awaitable[None]]


@dataclass
class Heard:
    """A connection as the server has it."""

    socket: ServerConnection
    sound: bytearray = field(default_factory=bytearray)
    said: list[str] = field(default_factory=list)
    gone: anyio.Event = field(default_factory=anyio.Event)

    async def until(self, kind: str = "", seconds: float = 0.0) -> None:
        """Hear until a message of that kind, or so much sound, has come; of what is being spoken less than a frame
        waits for more."""
        while (kind and kind not in self.said) or len(self.sound) < seconds_to_bytes(seconds):
            message = await self.socket.recv()
            if isinstance(message, bytes):
                self.sound += message
            else:
                self.said.append(json.loads(message)["type"])

    async def final(self, start: float, duration: float, text: str, **flags: bool) -> None:
        """Send a final result."""
        channel = {"alternatives": [{"transcript": text}]}
        told = {"type": "Results", "start": start, "duration": duration, "is_final": True, "channel": channel}
        await self.socket.send(json.dumps(told | flags))


@dataclass
class Server:
    """Follows one script a connection; `status` refuses the handshake."""

    scripts: list[Script]
    status: HTTPStatus | None = None
    asked: int = 0
    heard: list[Heard] = field(default_factory=list)
    port: int = 0

    async def talk(self, socket: ServerConnection) -> None:
        heard = Heard(socket)
        self.heard.append(heard)
        try:
            await self.scripts[len(self.heard) - 1](heard)
            await socket.wait_closed()
        finally:
            heard.gone.set()

    def answer(self, socket: ServerConnection, request: Request) -> Response | None:
        self.asked += 1
        return None if self.status is None else socket.respond(self.status, '{"err_msg": "No."}')


@asynccontextmanager
async def server(
    *scripts: Script, status: HTTPStatus | None = None, ping_s: float = 4.0
) -> AsyncIterator[tuple[Server, StreamingEndpoint]]:
    """A server, and the line to it; at the end both sides of every socket are closed."""
    made = Server(list(scripts), status)
    async with serve(made.talk, "127.0.0.1", 0, process_request=made.answer, compression=None) as running:
        made.port = next(iter(running.sockets)).getsockname()[1]
        service = Service(
            "Example", f"ws://127.0.0.1:{made.port}/v1/listen", ServiceKey("deepgram", lambda name: "key")
        )
        client = ServiceClient()
        sockets = WebSockets(client.ssl_context, ping_s, ping_s)
        yield (
            made,
            StreamingEndpoint(sockets, service, lambda: NovaProtocol(service.url), "deepgram-live", "nova-3", "en"),
        )
        await sockets.aclose()
        await client.aclose()
        with anyio.fail_after(5):
            for heard in made.heard:
                await heard.gone.wait()


class Voice:
    """Speech that is spoken as a test wants it: every sample tells its place."""

    def __init__(self) -> None:
        self._frames: asyncio.Queue[Frame | None] = asyncio.Queue()
        self._samples = 0

    def say(self, duration_s: float) -> Voice:
        """Speak so long."""
        until = self._samples + round(duration_s * RATE_HZ)
        while self._samples < until:
            count = min(FRAME_SAMPLES, until - self._samples)
            place = np.arange(self._samples, self._samples + count, dtype=np.float32)
            self._frames.put_nowait(place % 30_000 / np.float32(32767))
            self._samples += count
        return self

    def end(self) -> Voice:
        """Let go."""
        self._frames.put_nowait(None)
        return self

    async def __aiter__(self) -> AsyncIterator[Frame]:
        while (frame := await self._frames.get()) is not None:
            yield frame


def place(sound: bytes) -> int:
    """At which sample of the speech `sound` begins."""
    return int(np.frombuffer(sound[:2], "<i2")[0])


class Batch:
    """An engine that is asked for the whole; `words` None: it fails; it answers when it is `allowed`."""

    def __init__(self, words: str | None, *, allowed: bool = True) -> None:
        self.samples = 0
        self.asked = anyio.Event()
        self._words = words
        self._allowed = anyio.Event()
        if allowed:
            self._allowed.set()

    async def transcribe(self, speech: AsyncIterator[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        self.asked.set()
        async for frame in speech:
            self.samples += len(frame)
        await self._allowed.wait()
        if self._words is None:
            raise ServiceError("host-unreachable", host="Batch")
        return Transcript(self._words, engine="batch")


async def transcribed(
    line: StreamingEndpoint,
    voice: Voice,
    batch: Batch | None = None,
    waits: StreamingTimeouts = PROMPT,
    shown: list[Transcript] | None = None,
) -> Transcript:
    with anyio.fail_after(10):
        show = shown.append if shown is not None else lambda _: None
        return await transcribe_stream(CloudStream(line, show, waits), voice, waits, batch)


async def dies(heard: Heard) -> None:
    heard.socket.transport.abort()


async def silent(heard: Heard) -> None:
    await heard.until("a message that never comes")


async def answers(heard: Heard) -> None:
    await heard.until("Finalize")
    await heard.final(0.0, len(heard.sound) / seconds_to_bytes(1.0), "three four", from_finalize=True)


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
            "Example does not accept the key. Set it again in a terminal: intone key set deepgram",
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


@pytest.mark.anyio
async def test_words_without_end_make_no_sense() -> None:
    async def script(heard: Heard) -> None:
        await heard.until("Finalize")
        for second in range(4):
            await heard.final(second / 4, 0.25, "word " * (MAX_CHARACTERS // 15), from_finalize=second == 3)

    async with server(script) as (_, line):
        with pytest.raises(ServiceError, match="makes no sense"):
            await transcribed(line, Voice().say(1.0).end())
