"""One recording on its way to a service, from its first frame: encoded as it is heard and sent as it is encoded.

What is encoded is kept until there is an answer, so that the body can begin anew on another connection and catch up.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from secrets import token_hex

import anyio

from desktop.network import uplink
from desktop.ports import RATE_HZ, Frame
from desktop.recognizers.encoding import Encoding

SOON_S = 0.2
"""Nothing leaves before this: the key may turn out to be part of a shortcut."""

SHORTEST_S = 0.1
"""OpenAI takes nothing shorter, and there is no word in it."""


class Outgoing:
    """See the module. `over` is set when all was heard; `bit_s` is the speed of the network where a body met it; `sent`
    is how many bytes of the recording went out, those that went twice counted twice."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self.over = anyio.Event()
        self.bit_s: float | None = None
        self.sent = 0
        self._parts: list[bytes] = []
        self._samples = 0
        self._more = anyio.Event()

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

    async def body(self, before: bytes = b"", after: bytes = b"") -> AsyncIterator[bytes]:
        """The recording from its beginning and on until its end, between `before` and `after`."""
        at, frame = 0, before
        while True:
            sound = b"".join(self._parts[at:])
            at, over = len(self._parts), self.over.is_set()
            ready = frame + sound + (after if over else b"")
            frame = b""
            if ready:
                began = time.monotonic()
                self.sent += len(sound)
                yield ready
                self.bit_s = uplink.burst(len(ready), time.monotonic() - began) or self.bit_s
            if over:
                return
            if at == len(self._parts) and not self.over.is_set():
                await self._more.wait()

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
