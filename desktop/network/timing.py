"""Measure the phases of an HTTP exchange from httpcore2's trace events."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from desktop.network.uplink import limit_unsent

CONNECT_TIMEOUT_S = 5.0
"""Seconds before a handshake is given up."""

REUSED_WRITE_TIMEOUT_S = 10.0
"""Seconds before a reused connection is given up because the network accepts no data: it may be half-open, and the
exchange is made once more on a new one."""

WRITE_TIMEOUT_S = 35.0
"""The same for a new connection. An upload gives up before (`upload.ANSWER_S` is 30 s); this is for other requests."""


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

    `is_retry`: this is the second and last attempt.
    """

    def __init__(self, is_retry: bool = False) -> None:
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
        """Return whether an HTTP/2 server still has the exchange open at `now`, although the library has closed it.

        The library sends no reset. A request that was sent whole is open until it is answered, assumed to take
        `server_work_s`; one that was not stays open as long as the connection.
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
        """Return the time of an event (`send_request_body.is_complete`), by `time.monotonic()`; None where it did not
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
