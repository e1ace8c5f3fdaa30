"""One recording on its way to a service, from its first frame: encoded as it is heard and sent as it is encoded.

What is encoded is kept until there is an answer, so that the body can begin anew on another connection and catch up.

A body is handed over in pieces of `PIECE` bytes, each when the transport has taken the one before, so that a slow
network can be told from one that is dead. What "taken" means: over HTTP/2 the server has allowed these bytes (the
library waits for its flow-control window); over both versions the system has them in its send buffer, which
`uplink.limit_unsent` keeps small. Neither says that the server has read them: `uplink.BUFFERED` bytes, and what a proxy
holds, may still be under way.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable
from secrets import token_hex

import anyio

from desktop.network import uplink
from desktop.ports import RATE_HZ, Frame
from desktop.recognizers.encoding import Encoding

SOON_S = 0.2
"""Nothing leaves before this: the key may turn out to be part of a shortcut."""

SHORTEST_S = 0.1
"""OpenAI takes nothing shorter, and there is no word in it."""

PIECE = 16 * 1024
"""Bytes: the usual frame of HTTP/2, and two seconds at 64 kbit/s."""


class Outgoing:
    """See the module. `over` is set when all was heard; `sent` is how many bytes of the recording were handed over,
    those that went twice counted twice; `whole` says whether the last body was taken to its end."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self.over = anyio.Event()
        self.sent = 0
        self.whole = False
        self._bit_s: float | None = None
        self._burst = uplink.Burst(0.0)
        self._parts: list[bytes] = []
        self._samples = 0
        self._more = anyio.Event()
        self._taken = anyio.Event()

    @property
    def size(self) -> int:
        """Bytes of the recording so far, as it is sent."""
        return sum(map(len, self._parts))

    @property
    def duration_s(self) -> float:
        """Seconds heard so far."""
        return self._samples / RATE_HZ

    async def hear(self, speech: AsyncIterable[Frame]) -> None:
        """Take all of `speech`."""
        async for frame in speech:
            self._samples += len(frame)
            self._keep(self.encoding.encode(frame))
        self._keep(self.encoding.finish())
        self.over.set()
        self._more.set()

    async def due(self) -> bool:
        """Return when it is time to send; whether there is anything to ask about."""
        with anyio.move_on_after(SOON_S):
            await self.over.wait()
        while self.duration_s < SHORTEST_S and not self.over.is_set():
            await self._more.wait()
        return self.duration_s >= SHORTEST_S

    async def progress(self) -> None:
        """Return when a body begins, or when more of one was taken, or all."""
        await self._taken.wait()

    async def body(self, before: bytes = b"", after: bytes = b"") -> AsyncGenerator[bytes]:
        """The recording from its beginning and on until its end, between `before` and `after`."""
        self.whole = False
        self._begin_burst()
        self._progressed()
        try:
            async for piece in self._pieces(before, after):
                yield piece
                self._burst.taken += len(piece)
                self._progressed()
            self.whole = True
            self._progressed()
        finally:  # also where it breaks off: what comes after that is no time of the network
            self._begin_burst()

    async def _pieces(self, before: bytes, after: bytes) -> AsyncIterator[bytes]:
        at, head = 0, before
        while True:
            sound = b"".join(self._parts[at:])
            at, over = len(self._parts), self.over.is_set()
            ready = head + sound + (after if over else b"")
            first, last = len(head), len(head) + len(sound)
            if len(ready) < PIECE:  # as it is spoken: nothing has piled up behind the network
                self._begin_burst()
            for start in range(0, len(ready), PIECE):
                piece = ready[start : start + PIECE]
                self.sent += max(0, min(start + len(piece), last) - max(start, first))
                yield piece
            head = b""
            if over:
                return
            if at == len(self._parts) and not self.over.is_set():
                self._begin_burst()
                await self._more.wait()
                self._begin_burst()

    def bit_s(self, now: float) -> float | None:
        """Bits a second of the network, as far as a body has met it until `now`, by `time.monotonic()`; None where none
        has."""
        return self._burst.bit_s(now) or self._bit_s

    def _begin_burst(self) -> None:
        now = time.monotonic()
        self._bit_s, self._burst = self.bit_s(now), uplink.Burst(now)

    def _progressed(self) -> None:
        taken, self._taken = self._taken, anyio.Event()
        taken.set()

    def _keep(self, data: bytes) -> None:
        if data:
            self._parts.append(data)
            self._more.set()
            self._more = anyio.Event()


class Form:
    """The frame of a multipart form around a file that is sent as its last field: servers may begin with the rest."""

    def __init__(self, fields: Iterable[tuple[str, str]], encoding: Encoding) -> None:
        border = f"intone-{token_hex(16)}"
        head = "".join(
            f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields
        )
        self.content_type = f"multipart/form-data; boundary={border}"
        self.before = (
            f'{head}--{border}\r\nContent-Disposition: form-data; name="file"; filename="speech{encoding.suffix}"\r\n'
            f"Content-Type: {encoding.media_type}\r\n\r\n"
        ).encode()
        self.after = f"\r\n--{border}--\r\n".encode()
