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

from desktop.core.errors import Problem, RecognizerProblem, ServiceProblem
from desktop.core.interfaces import Recognizer
from desktop.core.text import join
from desktop.core.types import FRAME, Frame, Segment, Sent, Transcript
from desktop.network.endpoint import Service
from desktop.network.errors import explained, refused, senseless
from desktop.network.websockets import Sockets
from desktop.stt.cloud.sound import SAMPLE_BYTES, SHORTEST_S, Sound, seconds, size
from desktop.stt.cloud.talk import Talk, TroubleError, Words

logger = logging.getLogger(__name__)

CHUNK, LARGEST_CHUNK = FRAME * SAMPLE_BYTES, size(1.0)
"""Bytes of a message: one frame, and a second of audio when it is sent again.

Waiting for more frames would delay the end at the release, 8 ms a frame on a slow line, and a message's overhead is a
twentieth of its audio.
"""

MOST_CHARACTERS = 2**20
"""Maximum characters from one connection: two hours of speech have an eighth of that."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 4.0
"""Seconds between two connections, first and longest; doubled each time."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Timeouts in seconds.

    - `hold_s`: nothing is sent before that, since a press may still become a shortcut.
    - `answer_s`: see the module.
    - `final_s`: servers answer a commit in 0.2 to 0.4 s; a second is enough for any that answers at all, and leaves
      half a second of the usual deadline to the batch engine.
    - `keep_alive_s`: silence before a keep-alive; Deepgram closes a stream after 10 s without audio.
    """

    hold: float = 0.2
    answer: float = 30.0
    final: float = 1.0
    still: float = 4.0


WAITS = Waits()


@dataclass(frozen=True, slots=True)
class Line:
    """The service of a dictation: `create_protocol` creates a connection's protocol; `estimate_cost` returns the cost
    of so many seconds in USD; `engine` and `model` name the source of the transcript."""

    sockets: Sockets
    service: Service
    talk: Callable[[], Talk]
    engine: str
    model: str
    language: str = ""
    price: Callable[[float], float | None] = lambda duration_s: None


class Take:
    """One dictation; `on_partial` is called with partial transcripts, as in `core.interfaces.Recognizer`."""

    def __init__(self, line: Line, show: Callable[[Transcript], None], waits: Waits) -> None:
        self.sound = Sound()
        self._line = line
        self._show = show
        self._waits = waits
        self._before: list[str] = []
        self._begun_at = 0
        self._words = Words()
        self._talks: list[Talk] = []
        self._sent_s = 0.0
        self._beside: tuple[Sent, ...] = ()
        self._patience = anyio.CancelScope()
        self._news = anyio.Event()

    @property
    def service(self) -> Service:
        """The service in use."""
        return self._line.service

    @property
    def sent(self) -> tuple[Sent, ...]:
        """What has left the machine."""
        audio = sum(talk.audio_bytes for talk in self._talks)
        if not audio:
            return self._beside
        return (Sent(self._line.service.host, "speech", audio, cost_usd=self._line.price(self._sent_s)), *self._beside)

    def beside(self, given: Transcript) -> None:
        """Add what the batch engine sent of the same audio."""
        self._beside = given.sent
        self._show(self.transcript())

    def transcript(self, final: bool = False) -> Transcript:
        """Return the current transcript."""
        text, settled = (join([*self._before, words]) for words in (self._words.text, self._words.settled))
        duration_s = round(self.sound.duration_s, 3)
        return Transcript(
            text=text,
            settled=len(text) if final else len(settled) if text.startswith(settled) else 0,
            language=self._words.language or self._line.language,
            segments=(Segment(0.0, duration_s, text),) if final and text else (),
            duration_s=duration_s,
            engine=self._line.engine,
            model=self._line.model,
            sent=self.sent,
        )

    def alive(self) -> None:
        """Extend the deadline for the text after a sign of life, once the speech has ended."""
        if self.sound.over.is_set():
            self._patience.deadline = current_time() + self._waits.answer

    async def run(self) -> Transcript:
        """Return the transcript of the audio after its end. Raises `ServiceError`."""
        with anyio.move_on_after(self._waits.hold):
            await self.sound.over.wait()
        with self._patience as patience:
            self.alive()
            try:
                await self._connections()
            finally:
                self._show(self.transcript())  # whatever the result, it has left the machine
        if patience.cancelled_caught:
            raise explained(self._line.service, TimeoutError())
        return self.transcript(final=True)

    async def _connections(self) -> None:
        pause_s, last = FIRST_PAUSE_S, False
        while not (self.sound.over.is_set() and self.sound.duration_s < SHORTEST_S):
            talk = self._line.talk()
            self._talks.append(talk)
            try:
                await self._connection(talk)
                return
            except BROKEN as error:
                if last or lasting(error):
                    raise self._problem(error) from error
                logger.info("a connection to a service broke (%s); the sound goes to a new one", type(error).__name__)
            last = self.sound.over.is_set()
            self._before.append(self._words.settled)
            self._begun_at = min(self._begun_at + size(self._words.settled_s), len(self.sound))
            self._words = Words(language=self._words.language)
            with anyio.move_on_after(pause_s):
                await self.sound.over.wait()
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _connection(self, talk: Talk) -> None:
        socket = await self._line.sockets.open(self._line.service, talk.url)
        broken: Exception | None = None
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._listen, socket, talk)
                await self._speak(socket, talk)
                tasks.cancel_scope.cancel()
        except* (*BROKEN, ServiceProblem) as errors:
            broken = errors.exceptions[0]
        finally:
            self._line.sockets.leave(socket)
        if broken is not None:  # raised above it would lose its context
            raise broken

    async def _speak(self, socket: ClientConnection, talk: Talk) -> None:
        """Send the audio as it comes, then the end, until the text is complete."""
        for message in talk.opening():
            await socket.send(message)
        at = self._begun_at
        while True:
            with anyio.move_on_after(self._waits.still) as still:
                pcm = await self.sound.after(at, CHUNK, LARGEST_CHUNK)
            if still.cancelled_caught:
                if talk.still:
                    await socket.send(talk.still)
                continue
            if not pcm:
                break
            for piece in talk.sound(pcm):
                await socket.send(piece)
            at += len(pcm)
            self._sent_s += seconds(len(pcm))
            self.alive()
            if self.sound.over.is_set() and len(pcm) == LARGEST_CHUNK:  # a recording that is sent again
                self._show(self.transcript())
        if self.sound.duration_s < SHORTEST_S:
            return
        for message, wait_s in talk.ending():
            if talk.done:
                return
            await socket.send(message)
            with anyio.move_on_after(wait_s):
                while not (talk.done or talk.stuck):
                    await self._news.wait()
        while not talk.done:
            await self._news.wait()

    async def _listen(self, socket: ClientConnection, talk: Talk) -> None:
        while not talk.done:
            try:
                talk.told(await socket.recv(decode=True))
            except ValueError as error:
                raise senseless(self._line.service) from error
            except ConnectionClosedOK:
                if not talk.hung_up():
                    raise
            words = talk.words
            if len(words.text) > MOST_CHARACTERS:
                raise senseless(self._line.service)
            if words != self._words:
                self._words = words
                self.alive()
                self._show(self.transcript())
            self._news.set()
            self._news = anyio.Event()

    def _problem(self, error: Exception) -> ServiceProblem:
        if isinstance(error, TroubleError):
            return refused(self._line.service, error.status, {}, error.body)
        return explained(self._line.service, error)


BROKEN = (WebSocketException, OSError, EOFError, TroubleError)
"""Errors that end a connection or prevent it."""


def lasting(error: Exception) -> bool:
    """Whether trying again would fail the same way: the service refuses, or its certificate is invalid."""
    match error:
        case InvalidStatus():
            return error.response.status_code < 500
        case TroubleError():
            return error.status < 500
        case _:
            return isinstance(error, ssl.SSLCertVerificationError)


async def answer(take: Take, speech: AsyncIterable[Frame], waits: Waits, batch: Recognizer | None) -> Transcript:
    """Return the transcript of `speech` by `stream`, or by `batch` if that is quicker; `Transcript.note` says which.

    Raises `ServiceError` if neither succeeds.
    """
    found: Transcript | None = None
    problems: list[Problem] = []
    due = anyio.Event()

    async def end() -> None:
        await take.sound.over.wait()
        take.alive()
        await anyio.sleep(waits.final)
        due.set()

    async def late(other: Recognizer) -> Transcript:
        await due.wait()
        why = problems[0].title if problems else f"{take.service.name} did not answer in {waits.final:g} s."
        logger.info("the sound of a take goes to the batch engine, %.1f s so far", take.sound.duration_s)
        given = await other.transcribe(take.sound.frames(), take.beside)
        take.beside(given)
        note = f"{why} Sent the whole recording instead. {given.note}".rstrip()
        return replace(given, note=note, sent=take.sent)

    async def contend(run: Callable[[], Awaitable[Transcript]]) -> None:
        nonlocal found
        try:
            found = await run()
        except (ServiceProblem, RecognizerProblem) as problem:
            problems.append(problem)
            due.set()
            if len(problems) < len(contenders):
                return
        tasks.cancel_scope.cancel()

    contenders: list[Callable[[], Awaitable[Transcript]]] = [take.run]
    if batch is not None:
        contenders.append(partial(late, batch))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(take.sound.hear, speech)
        tasks.start_soon(end)
        for run in contenders:
            tasks.start_soon(contend, run)
    if found is None:
        raise problems[0]
    return found
