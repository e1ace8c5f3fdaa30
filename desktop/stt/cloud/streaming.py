"""Transcribe one dictation over a WebSocket: send audio during it, receive text, and lose nothing when a socket breaks.

The audio is kept until there is text. A connection that breaks is replaced by another, which is sent the audio that the
text does not cover yet; during the dictation as often as needed, after the release once. A service that refuses is not
tried again. An optional batch engine gets the same audio if the stream failed, or has not answered
`StreamingTimeouts.final_s` seconds after the release; the first answer wins.

The caller limits the total time by cancelling. This module limits each wait: `StreamingTimeouts.answer_s` after the
release, or after the last sign of life since.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import AsyncIterable, Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

import anyio
from anyio import current_time
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosedOK, InvalidStatus, WebSocketException

from desktop.core.errors import RecognizerError, ServiceError, UserError
from desktop.core.interfaces import Recognizer
from desktop.core.messages import Message
from desktop.core.tasks import Notifier
from desktop.core.text import join_texts
from desktop.core.types import FRAME_SAMPLES, Frame, Segment, SentData, Transcript
from desktop.network.endpoint import Service
from desktop.network.errors import invalid_answer_error, refusal_error, service_error
from desktop.network.websockets import WebSockets
from desktop.stt.cloud.pcm_buffer import MIN_AUDIO_S, SAMPLE_BYTES, PcmBuffer, bytes_to_seconds, seconds_to_bytes
from desktop.stt.cloud.streaming_protocol import StreamedText, StreamingProtocol, StreamingServiceError

logger = logging.getLogger(__name__)

CHUNK_BYTES, MAX_CHUNK_BYTES = FRAME_SAMPLES * SAMPLE_BYTES, seconds_to_bytes(1.0)
"""Bytes of a message: one frame, and a second of audio when it is sent again.

Waiting for more frames would delay the end at the release, 8 ms a frame on a slow line, and a message's overhead is a
twentieth of its audio.
"""

MAX_CHARACTERS = 2**20
"""Maximum characters from one connection: two hours of speech have an eighth of that."""

MIN_RECONNECT_S, MAX_RECONNECT_S = 0.25, 4.0
"""Seconds between two connections, first and longest; doubled each time."""

CONNECTION_ERRORS = (WebSocketException, OSError, EOFError, StreamingServiceError)
"""Errors that end a connection or prevent it."""


@dataclass(frozen=True, slots=True)
class StreamingTimeouts:
    """Timeouts in seconds.

    - `hold_s`: nothing is sent before that, since a press may still become a shortcut.
    - `answer_s`: the longest wait for an answer after the release, or after the last sign of life since.
    - `final_s`: servers answer a commit in 0.2 to 0.4 s; a second is enough for any that answers at all, and leaves
      half a second of the usual deadline to the batch engine.
    - `keep_alive_s`: silence before a keep-alive; Deepgram closes a stream after 10 s without audio.
    """

    hold_s: float = 0.2
    answer_s: float = 30.0
    final_s: float = 1.0
    keep_alive_s: float = 4.0


DEFAULT_TIMEOUTS = StreamingTimeouts()


@dataclass(frozen=True, slots=True)
class StreamingEndpoint:
    """The service of a dictation: `create_protocol` creates a connection's protocol; `estimate_cost` returns the cost
    of so many seconds in USD; `engine` and `model` name the source of the transcript."""

    sockets: WebSockets
    service: Service
    create_protocol: Callable[[], StreamingProtocol]
    engine: str
    model: str
    language: str = ""
    estimate_cost: Callable[[float], float | None] = lambda duration_s: None


class CloudStream:
    """One dictation; `on_partial` is called with partial transcripts, as in `desktop.core.interfaces.Recognizer`."""

    def __init__(
        self, endpoint: StreamingEndpoint, on_partial: Callable[[Transcript], None], timeouts: StreamingTimeouts
    ) -> None:
        self.audio = PcmBuffer()
        self._endpoint = endpoint
        self._on_partial = on_partial
        self._timeouts = timeouts
        self._settled_texts: list[str] = []
        self._start_byte = 0
        self._result = StreamedText()
        self._protocols: list[StreamingProtocol] = []
        self._sent_s = 0.0
        self._batch_sent: tuple[SentData, ...] = ()
        self._deadline_scope = anyio.CancelScope()
        self._changed = Notifier()

    @property
    def service(self) -> Service:
        """The service in use."""
        return self._endpoint.service

    @property
    def sent(self) -> tuple[SentData, ...]:
        """What has left the machine."""
        audio_bytes = sum(protocol.audio_bytes for protocol in self._protocols)
        if not audio_bytes:
            return self._batch_sent
        return (
            SentData(
                self._endpoint.service.host,
                "speech",
                audio_bytes,
                cost_usd=self._endpoint.estimate_cost(self._sent_s),
            ),
            *self._batch_sent,
        )

    def add_batch_sent(self, transcript: Transcript) -> None:
        """Add what the batch engine sent of the same audio."""
        self._batch_sent = transcript.sent
        self._on_partial(self.build_transcript())

    def build_transcript(self, is_final: bool = False) -> Transcript:
        """Return the current transcript."""
        text, settled = (
            join_texts([*self._settled_texts, words]) for words in (self._result.text, self._result.settled)
        )
        duration_s = round(self.audio.duration_s, 3)
        return Transcript(
            text=text,
            stable_length=len(text) if is_final else len(settled) if text.startswith(settled) else 0,
            language=self._result.language or self._endpoint.language,
            segments=(Segment(0.0, duration_s, text),) if is_final and text else (),
            duration_s=duration_s,
            engine=self._endpoint.engine,
            model=self._endpoint.model,
            sent=self.sent,
        )

    def extend_deadline(self) -> None:
        """Extend the deadline for the text after a sign of life, once the speech has ended."""
        if self.audio.ended.is_set():
            self._deadline_scope.deadline = current_time() + self._timeouts.answer_s

    async def run(self) -> Transcript:
        """Return the transcript of the audio after its end. Raises `ServiceError`."""
        with anyio.move_on_after(self._timeouts.hold_s):
            await self.audio.ended.wait()
        with self._deadline_scope as scope:
            self.extend_deadline()
            try:
                await self._run_connections()
            finally:
                self._on_partial(self.build_transcript())  # whatever the result, it has left the machine
        if scope.cancelled_caught:
            raise service_error(self._endpoint.service, TimeoutError())
        return self.build_transcript(is_final=True)

    async def _run_connections(self) -> None:
        pause_s, is_last = MIN_RECONNECT_S, False
        while not (self.audio.ended.is_set() and self.audio.duration_s < MIN_AUDIO_S):
            protocol = self._endpoint.create_protocol()
            self._protocols.append(protocol)
            try:
                await self._run_connection(protocol)
                return
            except CONNECTION_ERRORS as error:
                if is_last or is_permanent(error):
                    raise self._convert_error(error) from error
                logger.info("a connection to a service broke (%s); the sound goes to a new one", type(error).__name__)
            is_last = self.audio.ended.is_set()
            self._settled_texts.append(self._result.settled)
            self._start_byte = min(self._start_byte + seconds_to_bytes(self._result.settled_s), len(self.audio))
            self._result = StreamedText(language=self._result.language)
            with anyio.move_on_after(pause_s):
                await self.audio.ended.wait()
            pause_s = min(2 * pause_s, MAX_RECONNECT_S)

    async def _run_connection(self, protocol: StreamingProtocol) -> None:
        socket = await self._endpoint.sockets.open(self._endpoint.service, protocol.url)
        broken: Exception | None = None
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._receive_messages, socket, protocol)
                await self._send_audio(socket, protocol)
                tasks.cancel_scope.cancel()
        except* (*CONNECTION_ERRORS, ServiceError) as errors:
            broken = errors.exceptions[0]
        finally:
            self._endpoint.sockets.close_later(socket)
        if broken is not None:  # raised above it would lose its context
            raise broken

    async def _send_audio(self, socket: ClientConnection, protocol: StreamingProtocol) -> None:
        """Send the audio as it comes, then the end, until the text is complete."""
        for message in protocol.opening_messages():
            await socket.send(message)
        position = self._start_byte
        while True:
            with anyio.move_on_after(self._timeouts.keep_alive_s) as idle:
                pcm = await self.audio.read_from(position, CHUNK_BYTES, MAX_CHUNK_BYTES)
            if idle.cancelled_caught:
                if protocol.keep_alive:
                    await socket.send(protocol.keep_alive)
                continue
            if not pcm:
                break
            for audio_message in protocol.audio_messages(pcm):
                await socket.send(audio_message)
            position += len(pcm)
            self._sent_s += bytes_to_seconds(len(pcm))
            self.extend_deadline()
            if self.audio.ended.is_set() and len(pcm) == MAX_CHUNK_BYTES:  # a recording that is sent again
                self._on_partial(self.build_transcript())
        if self.audio.duration_s < MIN_AUDIO_S:
            return
        for ending_message, wait_s in protocol.ending_messages():
            if protocol.is_done:
                return
            await socket.send(ending_message)
            with anyio.move_on_after(wait_s):
                while not (protocol.is_done or protocol.is_stuck):
                    await self._changed.wait()
        while not protocol.is_done:
            await self._changed.wait()

    async def _receive_messages(self, socket: ClientConnection, protocol: StreamingProtocol) -> None:
        while not protocol.is_done:
            try:
                protocol.handle_message(await socket.recv(decode=True))
            except ValueError as error:
                raise invalid_answer_error(self._endpoint.service) from error
            except ConnectionClosedOK:
                if not protocol.handle_close():
                    raise
            result = protocol.result
            if len(result.text) > MAX_CHARACTERS:
                raise invalid_answer_error(self._endpoint.service)
            if result != self._result:
                self._result = result
                self.extend_deadline()
                self._on_partial(self.build_transcript())
            self._changed.notify()

    def _convert_error(self, error: Exception) -> ServiceError:
        if isinstance(error, StreamingServiceError):
            return refusal_error(self._endpoint.service, error.status, {}, error.body)
        return service_error(self._endpoint.service, error)


def is_permanent(error: Exception) -> bool:
    """Whether trying again would fail the same way: the service refuses, or its certificate is invalid."""
    match error:
        case InvalidStatus():
            return error.response.status_code < 500
        case StreamingServiceError():
            return error.status < 500
        case _:
            return isinstance(error, ssl.SSLCertVerificationError)


async def transcribe_stream(
    stream: CloudStream, speech: AsyncIterable[Frame], timeouts: StreamingTimeouts, batch: Recognizer | None
) -> Transcript:
    """Return the transcript of `speech` by `stream`, or by `batch` if that is quicker; `Transcript.notes` say which.

    Raises `ServiceError` if neither succeeds.
    """
    winner: Transcript | None = None
    problems: list[UserError] = []
    is_batch_due = anyio.Event()

    async def watch_end() -> None:
        await stream.audio.ended.wait()
        stream.extend_deadline()
        await anyio.sleep(timeouts.final_s)
        is_batch_due.set()

    async def run_batch(batch: Recognizer) -> Transcript:
        await is_batch_due.wait()
        reason = (
            Message("problem-title", problem=problems[0].message)
            if problems
            else Message("service-late", service=stream.service.name, seconds=f"{timeouts.final_s:g}")
        )
        logger.info("the sound of a take goes to the batch engine, %.1f s so far", stream.audio.duration_s)
        transcript = await batch.transcribe(stream.audio.frames(), stream.add_batch_sent)
        stream.add_batch_sent(transcript)
        notes = (reason, Message("whole-recording-sent"), *transcript.notes)
        return replace(transcript, notes=notes, sent=stream.sent)

    async def run_contender(run: Callable[[], Awaitable[Transcript]]) -> None:
        nonlocal winner
        try:
            winner = await run()
        except (ServiceError, RecognizerError) as problem:
            problems.append(problem)
            is_batch_due.set()
            if len(problems) < len(contenders):
                return
        tasks.cancel_scope.cancel()

    contenders: list[Callable[[], Awaitable[Transcript]]] = [stream.run]
    if batch is not None:
        contenders.append(partial(run_batch, batch))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(stream.audio.fill, speech)
        tasks.start_soon(watch_end)
        for run in contenders:
            tasks.start_soon(run_contender, run)
    if winner is None:
        raise problems[0]
    return winner
