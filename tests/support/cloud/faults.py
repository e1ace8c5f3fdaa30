"""What goes wrong at a server of the tests, by script: each fault once, at a named point, in the order given.

    server.faults += [refused(At.TRANSCRIPTION, 429, {"Retry-After": "7"}), Stall(At.TRANSCRIPTION, share=0.5)]

is a refusal of the first transcription and an answer to the second that stops in its middle. At the points of a socket
(`line`) all faults up to the first one that ends it happen together: `[Say(At.COMMITTED, an_event),
Silence(At.COMMITTED)]`. What breaks the way there is elsewhere: resets and half-open connections in `relay`, bad
certificates in `tls_server`.

A request is always read whole before it is refused, as Hypercorn breaks HTTP/2 connections otherwise.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import anyio
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

AUDIO_S = 0.3
"""At.AUDIO is when a socket has had so much audio."""


class At(StrEnum):
    """Where something may go wrong."""

    MODELS = "models"  # requests
    TRANSCRIPTION = "transcription"
    CHAT = "chat"
    HANDSHAKE = "handshake"  # before a socket is one
    ACCEPTED = "accepted"  # it is one, and nothing was said
    CREATED = "created"  # OpenAI: after session.created
    UPDATED = "updated"  # OpenAI: after session.updated
    AUDIO = "audio"  # in the middle of audio
    ENDING = "ending"  # after commit, Finalize or ForceEndTurn, and before their answer
    COMMITTED = "committed"  # OpenAI: after committed, and before the words
    CLOSING = "closing"  # Deepgram: after CloseStream, and before its answer


@dataclass(frozen=True, slots=True)
class Refuse:
    """An HTTP answer instead of the right one."""

    at: At
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Stall:
    """The right answer, but it stops after that `share` of its body; 0: not even its headers come."""

    at: At
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Truncate:
    """The first half of the right answer, as if it were whole."""

    at: At


@dataclass(frozen=True, slots=True)
class Slow:
    """The right thing, but so many seconds later."""

    at: At
    seconds: float


@dataclass(frozen=True, slots=True)
class Close:
    """The socket is closed."""

    at: At
    code: int = 1011
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing is ever said again on this socket, which stays open."""

    at: At


@dataclass(frozen=True, slots=True)
class Skip:
    """The answer that is due here never comes; everything else does."""

    at: At


@dataclass(frozen=True, slots=True)
class Say:
    """An event that does not belong here, before the right one."""

    at: At
    event: Mapping[str, Any]


type Fault = Refuse | Stall | Truncate | Slow | Close | Silence | Skip | Say


class Faults:
    """The script of a server. Faults may be added from any thread; `met` has those that happened."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._left = deque(faults)
        self.met: list[Fault] = []

    def __iadd__(self, faults: Iterable[Fault]) -> Faults:
        self._left.extend(faults)
        return self

    def take(self, at: At) -> Fault | None:
        """The next fault at a point; it does not come again."""
        fault = next((fault for fault in list(self._left) if fault.at == at), None)
        if fault:
            self._left.remove(fault)
            self.met.append(fault)
        return fault

    async def answer(self, at: At, request: Request, right: Response) -> Response:
        """What a request is answered in place of `right`, whose body must be there whole."""
        fault = self.take(at)
        if isinstance(fault, Slow):
            await anyio.sleep(fault.seconds)
        if isinstance(fault, Refuse):
            return Response(fault.body, fault.status, dict(fault.headers))
        if isinstance(fault, Truncate):
            return Response(bytes(right.body)[: len(right.body) // 2], right.status_code, _without_length(right))
        if isinstance(fault, Stall):
            if not fault.share:
                await _gone(request)
                return _Nothing()
            part = bytes(right.body)[: int(fault.share * len(right.body))]
            return StreamingResponse(_stalling(part), right.status_code, _without_length(right))
        return right


def refused(at: At, status: int, headers: Mapping[str, str] | None = None, **body: Any) -> Refuse:
    """A refusal with `body` as JSON."""
    return Refuse(at, status, {"content-type": "application/json", **(headers or {})}, json.dumps(body).encode())


def _without_length(response: Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name != "content-length"}


class _Nothing(Response):
    """No answer at all: Hypercorn would wait for ever for one to leave on a connection that is gone."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Send nothing."""


async def _gone(request: Request) -> None:
    """Wait until the client has given up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _stalling(part: bytes) -> AsyncIterator[bytes]:
    yield part
    await anyio.sleep_forever()
