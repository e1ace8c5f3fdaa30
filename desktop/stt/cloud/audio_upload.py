"""Encode one recording as it is spoken, and send it as it is encoded.

Encoded audio is kept until there is an answer, so that the body can restart on another connection.

A body is sent in pieces of `PIECE_BYTES` bytes, each when the transport has accepted the one before, so that a slow
network can be told from a dead one. "Accepted" means: over HTTP/2 the server has allowed these bytes (the library waits
for its flow-control window); over both versions the system has them in its send buffer, which
`desktop.network.timing.limit_unsent` keeps small. Neither means that the server has read them:
`desktop.network.timing.BUFFERED_BYTES` bytes, and what a proxy holds, may still be in transit.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable
from secrets import token_hex

import anyio

from desktop.core.tasks import Notifier
from desktop.core.types import RATE_HZ, Frame
from desktop.network import timing
from desktop.stt.cloud.encoding import AudioEncoder

SEND_DELAY_S = 0.2
"""Seconds before anything is sent: the key may turn out to be part of a shortcut."""

MIN_AUDIO_S = 0.1
"""Seconds of the shortest audio that OpenAI accepts; it cannot contain a word."""

PIECE_BYTES = 16 * 1024
"""Bytes of a piece: the usual frame of HTTP/2, and two seconds at 64 kbit/s."""


class EncodedRecording:
    """The encoded audio of one recording so far, and the body that sends it. `ended` is set at the end of speech.

    `sent_bytes` counts the bytes of the recording that were sent, resent ones twice; `is_body_complete` is whether the
    last body was accepted to its end.
    """

    def __init__(self, encoding: AudioEncoder) -> None:
        self.encoding = encoding
        self.ended = anyio.Event()
        self.sent_bytes = 0
        self.is_body_complete = False
        self._bit_s: float | None = None
        self._burst = timing.UploadBurst(0.0)
        self._parts: list[bytes] = []
        self._samples = 0
        self._data_added = Notifier()
        self._accepted = Notifier()

    @property
    def size(self) -> int:
        """Encoded bytes so far."""
        return sum(map(len, self._parts))

    @property
    def duration_s(self) -> float:
        """Seconds of audio so far."""
        return self._samples / RATE_HZ

    async def encode(self, speech: AsyncIterable[Frame]) -> None:
        """Encode all of `speech`."""
        async for frame in speech:
            self._samples += len(frame)
            self._append(self.encoding.encode(frame))
        self._append(self.encoding.finish())
        self.ended.set()
        self._data_added.notify()

    async def wait_until_due(self) -> bool:
        """Wait until it is time to send; return whether there is enough audio."""
        with anyio.move_on_after(SEND_DELAY_S):
            await self.ended.wait()
        while self.duration_s < MIN_AUDIO_S and not self.ended.is_set():
            await self._data_added.wait()
        return self.duration_s >= MIN_AUDIO_S

    async def wait_for_progress(self) -> None:
        """Wait until a body begins, or more of one was accepted, or all."""
        await self._accepted.wait()

    async def stream_body(self, before: bytes = b"", after: bytes = b"") -> AsyncGenerator[bytes]:
        """Yield the recording from its beginning to its end, between `before` and `after`."""
        self.is_body_complete = False
        self._begin_burst()
        self._accepted.notify()
        try:
            async for piece in self._cut_pieces(before, after):
                yield piece
                self._burst.accepted_bytes += len(piece)
                self._accepted.notify()
            self.is_body_complete = True
            self._accepted.notify()
        finally:  # also when it breaks off: the time after that is not the network's
            self._begin_burst()

    async def _cut_pieces(self, before: bytes, after: bytes) -> AsyncIterator[bytes]:
        read_parts, head = 0, before
        while True:
            audio = b"".join(self._parts[read_parts:])
            read_parts, is_over = len(self._parts), self.ended.is_set()
            ready = head + audio + (after if is_over else b"")
            first, last = len(head), len(head) + len(audio)
            if len(ready) < PIECE_BYTES:  # at speech rate: nothing is waiting for the network
                self._begin_burst()
            for start in range(0, len(ready), PIECE_BYTES):
                piece = ready[start : start + PIECE_BYTES]
                self.sent_bytes += max(0, min(start + len(piece), last) - max(start, first))
                yield piece
            head = b""
            if is_over:
                return
            if read_parts == len(self._parts) and not self.ended.is_set():
                self._begin_burst()
                await self._data_added.wait()
                self._begin_burst()

    def measure_bit_s(self, now: float) -> float | None:
        """Return the network's bits per second as measured by a body until `now` (`time.monotonic()`); None if
        unknown."""
        return self._burst.speed_bit_s(now) or self._bit_s

    def _begin_burst(self) -> None:
        now = time.monotonic()
        self._bit_s, self._burst = self.measure_bit_s(now), timing.UploadBurst(now)

    def _append(self, data: bytes) -> None:
        if data:
            self._parts.append(data)
            self._data_added.notify()


class MultipartForm:
    """The parts of a multipart form around a file in its last field: servers may process the other fields first."""

    def __init__(self, fields: Iterable[tuple[str, str]], encoding: AudioEncoder) -> None:
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
