"""Measure the upload speed to a host from what is sent there anyway.

Speech takes 140 kbit/s, which says nothing about a network that could carry more, and data handed to the system counts
as sent while it waits in a buffer. So only two things are measurements:

- a burst (a file, a recording sent again, what was spoken during a long handshake or piled up behind a slow network):
  beyond what the buffers hold, its bytes are accepted no faster than the network sends them. This errs upwards, as the
  system's buffer may be larger.
- an answer that arrives much later than the service says it worked on it: the network was behind all the time, and has
  needed the whole time for the whole recording.

A network of medium speed is not measured, and need not be: it keeps up with the voice.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

MAX_UNSENT_BYTES = 64 * 1024
"""Bytes that the system may hold unsent for a connection: half a second at 1 Mbit/s. On loopback 13 MB still take 0.2
s."""

BUFFERED_BYTES = 128 * 1024
"""Bytes that are accepted before any is sent: `MAX_UNSENT_BYTES` by the system, and about as many in flight at first.
"""

MIN_BURST_BYTES = 2 * BUFFERED_BYTES
"""Fewest bytes that count as a burst."""

MIN_DELAY_S = 1.0
"""Seconds by which an answer exceeds the service's own time before the network counts as the cause."""


class SocketOptions(Protocol):
    """A socket, or asyncio's view of one."""

    def setsockopt(self, level: int, name: int, value: int, /) -> None:
        """See `socket.socket`."""
        ...


def limit_unsent(connection: SocketOptions | None) -> None:
    """Limit the data that the system buffers unsent for `connection`, if any, to `MAX_UNSENT_BYTES`.

    Linux otherwise buffers up to 4 MB (`tcp_wmem`), half a minute at 1 Mbit/s during which no progress is visible.
    Windows has no such option; its buffer has 64 KiB at first.
    """
    option: int | None = getattr(socket, "TCP_NOTSENT_LOWAT", None)
    if connection is not None and option is not None:
        with suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, option, MAX_UNSENT_BYTES)


def measure_burst(size: int, seconds: float) -> float | None:
    """Return the speed in bit/s of `size` bytes that were ready at once and accepted within `seconds`; None for too
    few."""
    return 8 * (size - BUFFERED_BYTES) / seconds if size >= MIN_BURST_BYTES and seconds > 0 else None


@dataclass(slots=True)
class UploadBurst:
    """Bytes that were ready without a pause from `started_at` on; `accepted_bytes` of them have been accepted."""

    started_at: float
    accepted_bytes: int = 0

    def speed_bit_s(self, now: float) -> float | None:
        """Return the speed in bit/s at `now`; see `measure_burst`."""
        return measure_burst(self.accepted_bytes, now - self.started_at)


def measure_delayed(size: int, seconds: float, waited_s: float, worked_s: float | None) -> float | None:
    """Return the speed in bit/s of `size` bytes in a request whose answer the network delayed.

    The request took `seconds` in all, the last `waited_s` after the last byte was handed over. `worked_s` is the time
    that the service reports for its work. None where the network was not the cause, or that is unknown.
    """
    if worked_s is None or waited_s - worked_s < MIN_DELAY_S:
        return None
    return 8 * size / (seconds - worked_s)


class UplinkSpeeds:
    """The measured upload speed of each host."""

    def __init__(self) -> None:
        self._known: dict[str, float] = {}

    def add(self, host: str, bit_s: float | None) -> None:
        """Add a measurement, which weighs as much as all before it; None is ignored."""
        if bit_s is not None:
            self._known[host] = (bit_s + self._known.get(host, bit_s)) / 2

    def speed_bit_s(self, host: str) -> float | None:
        """Return the speed in bit/s, None where unknown."""
        return self._known.get(host)
