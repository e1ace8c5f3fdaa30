"""Measure HTTP exchanges: the phases of each, from httpcore2's trace events, and the upload speed to each host.

The speed is measured by what is sent anyway: nothing is sent for the sake of a measurement.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

CONNECT_TIMEOUT_S = 5.0
"""Seconds before a handshake is given up."""

REUSED_WRITE_TIMEOUT_S = 10.0
"""Seconds before a reused connection is given up because the network accepts no data: it may be half-open, and the
exchange is made once more on a new one."""

WRITE_TIMEOUT_S = 35.0
"""The same for a new connection, for requests other than uploads: those give up before, after 30 s
(`desktop.stt.cloud.upload.ANSWER_TIMEOUT_S`)."""

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


@dataclass(frozen=True, slots=True)
class ExchangeTiming:
    """The phases of one exchange in seconds, None for those that did not happen.

    On a reused connection these are `connect_s` (name and TCP) and `tls_s`. `send_s` is from the request's first byte
    to its last, which for a body that is still being spoken says nothing about the network; `wait_s` from there to the
    answer's first byte, `read_s` to its last. `http` is the agreed version, such as "HTTP/2".
    """

    connect_s: float | None = None
    tls_s: float | None = None
    send_s: float | None = None
    wait_s: float | None = None
    read_s: float | None = None
    total_s: float = 0.0
    http: str = ""


class ExchangeWatch:
    """Records the times of one exchange; `trace` and `timeout` are httpcore2's extensions of these names.

    `is_retry`: this is the second and last attempt. `on_connection` is called with the stream of a new connection;
    `stream_id` is the exchange's number among those of an HTTP/2 connection.
    """

    def __init__(self, is_retry: bool = False, on_connection: Callable[[Any], None] = lambda stream: None) -> None:
        self.stream_id: int | None = None
        self._on_connection = on_connection
        self.timeout: dict[str, float | None] = {
            "connect": CONNECT_TIMEOUT_S,
            "read": None,
            "write": WRITE_TIMEOUT_S if is_retry else REUSED_WRITE_TIMEOUT_S,
            "pool": None,
        }
        self._started_at = time.monotonic()
        self._times: dict[str, float] = {}
        self._is_http2 = False

    async def trace(self, event: str, info: dict[str, Any]) -> None:
        """Record that a step started, completed or failed. Called by httpcore2."""
        layer, _, step = event.partition(".")
        self._times[step] = time.monotonic()
        self._is_http2 = self._is_http2 or layer == "http2"
        if step == "connect_tcp.started":  # the library reads the write timeout at each write
            self.timeout["write"] = WRITE_TIMEOUT_S
        if step == "start_tls.complete":
            self._on_connection(info["return_value"])
        if step == "send_request_headers.started":
            self.stream_id = info.get("stream_id")
        if step == "connect_tcp.complete":
            limit_unsent(info["return_value"].get_extra_info("socket"))

    @property
    def is_reused(self) -> bool:
        """Return whether the connection existed before."""
        return "connect_tcp.started" not in self._times

    @property
    def is_http2(self) -> bool:
        """Return whether the connection was seen to use HTTP/2."""
        return self._is_http2

    @property
    def has_started(self) -> bool:
        """Return whether sending the request has started."""
        return "send_request_headers.started" in self._times

    @property
    def is_closed(self) -> bool:
        """Return whether the library has closed the exchange."""
        return "response_closed.started" in self._times

    def is_abandoned(self, now: float, server_work_s: float) -> bool:
        """Return whether the library has closed an HTTP/2 exchange that the server still has open at `now`.

        The library sends no reset. The server closes a request that was sent whole when it has answered, assumed to
        take `server_work_s`; one that was not sent whole stays open as long as the connection.
        """
        if (
            not self._is_http2
            or not self.has_started
            or not self.is_closed
            or "receive_response_body.complete" in self._times
        ):
            return False
        is_sent = "send_request_body.complete" in self._times
        return not is_sent or now - self._times["response_closed.started"] < server_work_s

    def time_of(self, step: str) -> float | None:
        """Return the time of an event (`send_request_body.complete`), by `time.monotonic()`; None where it did not
        happen."""
        return self._times.get(step)

    def timing(self, http: str) -> ExchangeTiming:
        """Return the phases so far; `read_s` counts until now."""
        now = time.monotonic()
        answered = self._times.get("receive_response_headers.complete")
        return ExchangeTiming(
            self._duration("connect_tcp"),
            self._duration("start_tls"),
            self._between("send_request_headers.started", "send_request_body.complete"),
            self._between("send_request_body.complete", "receive_response_headers.complete"),
            None if answered is None else now - answered,
            now - self._started_at,
            http,
        )

    def _duration(self, step: str) -> float | None:
        return self._between(f"{step}.started", f"{step}.complete")

    def _between(self, first: str, last: str) -> float | None:
        return self._times[last] - self._times[first] if first in self._times and last in self._times else None


class UplinkSpeeds:
    """The measured upload speed of each host.

    Speech takes 140 kbit/s, which says nothing about a network that could carry more, and data handed to the system
    counts as sent while it waits in a buffer. So only two things are measurements: a burst (`measure_burst`), and an
    answer that the network delayed (`measure_delayed`). A network of medium speed is not measured, and need not be: it
    keeps up with the voice.
    """

    def __init__(self) -> None:
        self._known: dict[str, float] = {}

    def add(self, host: str, bit_s: float | None) -> None:
        """Add a measurement, which weighs as much as all before it; None is ignored."""
        if bit_s is not None:
            self._known[host] = (bit_s + self._known.get(host, bit_s)) / 2

    def speed_bit_s(self, host: str) -> float | None:
        """Return the speed in bit/s, None where unknown."""
        return self._known.get(host)


@dataclass(slots=True)
class UploadBurst:
    """Bytes that were ready without a pause from `started_at` on; `accepted_bytes` of them have been accepted."""

    started_at: float
    accepted_bytes: int = 0

    def speed_bit_s(self, now: float) -> float | None:
        """Return the speed in bit/s at `now`; see `measure_burst`."""
        return measure_burst(self.accepted_bytes, now - self.started_at)


def measure_burst(size: int, seconds: float) -> float | None:
    """Return the speed in bit/s of `size` bytes that were ready at once and accepted in `seconds`; None for too few.

    Such a burst is a file, a recording sent again, or what was spoken during a long handshake or piled up behind a slow
    network: beyond what the buffers hold, its bytes are accepted no faster than the network sends them. This errs
    upwards, as the system's buffer may be larger.
    """
    return 8 * (size - BUFFERED_BYTES) / seconds if size >= MIN_BURST_BYTES and seconds > 0 else None


def measure_delayed(size: int, seconds: float, waited_s: float, worked_s: float | None) -> float | None:
    """Return the speed in bit/s of `size` bytes in a request whose answer the network delayed.

    An answer that arrives much later than the service says it worked on it: the network was behind all the time, and
    has needed the whole time for the whole recording.

    The request took `seconds` in all, the last `waited_s` after the last byte was handed over. `worked_s` is the time
    that the service reports for its work. None where the network was not the cause, or that is unknown.
    """
    if worked_s is None or waited_s - worked_s < MIN_DELAY_S:
        return None
    return 8 * size / (seconds - worked_s)


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
