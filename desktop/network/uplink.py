"""How fast the way to a host is, from what is sent there anyway.

Somebody speaking makes 140 kbit/s, which says nothing of a network that could carry more, and what is handed to the
system counts as sent while it waits in a buffer. So only two things are measurements:

- a burst (a file, a recording sent once more, what was spoken during a long handshake or piled up behind a slow
  network): beyond what the buffers hold, its bytes cannot be taken sooner than the network sends them. This errs
  upwards, as the system's buffer may be larger.
- an answer that comes much later than the service says it worked on it: the network was behind all the time, and has
  needed the whole time for the whole recording.

A network in between is not measured, and need not be: it keeps up with the voice.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

UNSENT = 64 * 1024
"""Bytes that the system may hold unsent for a connection: half a second at 1 Mbit/s. On
loopback 13 MB still take 0.2 s."""

BUFFERED = 128 * 1024
"""Bytes that are taken before any is sent: `UNSENT` by the system, and what is under way, about as much at first."""

BURST = 2 * BUFFERED
"""Bytes that are a burst."""

BEHIND_S = 1.0
"""How much later than the service's own time an answer is the network's fault."""


class Options(Protocol):
    """A socket, or asyncio's view of one."""

    def setsockopt(self, level: int, name: int, value: int, /) -> None:
        """See `socket.socket`."""
        ...


def limit_unsent(connection: Options | None) -> None:
    """Have the system take no more than `UNSENT` bytes of `connection`, if it is there, that it has not sent yet.

    Linux otherwise takes up to 4 MB (`tcp_wmem`), half a minute at 1 Mbit/s in which nothing more is seen to be
    accepted. Windows has no such option; its buffer is of 64 KiB at first.
    """
    option: int | None = getattr(socket, "TCP_NOTSENT_LOWAT", None)
    if connection is not None and option is not None:
        with suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, option, UNSENT)


def burst(size: int, seconds: float) -> float | None:
    """Bits a second, of `size` bytes that were there at once and were taken within `seconds`; None for too few."""
    return 8 * (size - BUFFERED) / seconds if size >= BURST and seconds > 0 else None


@dataclass(slots=True)
class Burst:
    """Bytes that were there one after the other, from `began_at` on: `taken` of them were."""

    began_at: float
    taken: int = 0

    def bit_s(self, now: float) -> float | None:
        """See `burst`."""
        return burst(self.taken, now - self.began_at)


def behind(size: int, seconds: float, waited_s: float, worked_s: float | None) -> float | None:
    """Bits a second, of `size` bytes sent in a request that took `seconds` in all, of which the last `waited_s` went by
    after the last byte was handed over. `worked_s` is what the service says it needed. None where it was not the
    network that was waited for, or where nobody can tell."""
    if worked_s is None or waited_s - worked_s < BEHIND_S:
        return None
    return 8 * size / (seconds - worked_s)


class Uplinks:
    """What is known of each host."""

    def __init__(self) -> None:
        self._known: dict[str, float] = {}

    def note(self, host: str, bit_s: float | None) -> None:
        """Keep a measurement, which counts as much as all before it; None is none."""
        if bit_s is not None:
            self._known[host] = (bit_s + self._known.get(host, bit_s)) / 2

    def bit_s(self, host: str) -> float | None:
        """Bits a second, as far as they are known."""
        return self._known.get(host)
