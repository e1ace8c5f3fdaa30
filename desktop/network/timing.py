"""Measure the phases of an HTTP exchange from httpcore2's trace events."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from desktop.network.uplink import limit_unsent

CONNECT_S = 5.0
"""Seconds before a handshake is given up."""

KEPT_WRITE_S = 10.0
"""Seconds before a reused connection is given up because the network accepts no data: it may be half-open, and the
exchange is made once more on a new one."""

WRITE_S = 35.0
"""The same for a new connection. An upload gives up before (`upload.ANSWER_S` is 30 s); this is for other requests."""


@dataclass(frozen=True, slots=True)
class Phases:
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


class Watch:
    """Records the times of one exchange; `trace` and `timeout` are httpcore2's extensions of these names.

    `is_retry`: this is the second and last attempt.
    """

    def __init__(self, again: bool = False) -> None:
        self.timeout: dict[str, float | None] = {
            "connect": CONNECT_S,
            "read": None,
            "write": WRITE_S if again else KEPT_WRITE_S,
            "pool": None,
        }
        self._began = time.monotonic()
        self._at: dict[str, float] = {}
        self._http2 = False

    async def trace(self, event: str, info: dict[str, Any]) -> None:
        """Record that a step started, completed or failed. Called by httpcore2."""
        layer, _, moment = event.partition(".")
        self._at[moment] = time.monotonic()
        self._http2 = self._http2 or layer == "http2"
        if moment == "connect_tcp.started":  # the library reads the write timeout at each write
            self.timeout["write"] = WRITE_S
        if moment == "connect_tcp.complete":
            limit_unsent(info["return_value"].get_extra_info("socket"))

    @property
    def reuses(self) -> bool:
        """Return whether the connection existed before."""
        return "connect_tcp.started" not in self._at

    @property
    def http2(self) -> bool:
        """Return whether the connection was seen to use HTTP/2."""
        return self._http2

    @property
    def begun(self) -> bool:
        """Return whether sending the request has started."""
        return "send_request_headers.started" in self._at

    @property
    def closed(self) -> bool:
        """Return whether the library has closed the exchange."""
        return "response_closed.started" in self._at

    def abandoned(self, now: float, linger_s: float) -> bool:
        """Return whether an HTTP/2 server still has the exchange open at `now`, although the library has closed it.

        The library sends no reset. A request that was sent whole is open until it is answered, assumed to take
        `server_work_s`; one that was not stays open as long as the connection.
        """
        if not self._http2 or not self.begun or not self.closed or "receive_response_body.complete" in self._at:
            return False
        whole = "send_request_body.complete" in self._at
        return not whole or now - self._at["response_closed.started"] < linger_s

    def at(self, moment: str) -> float | None:
        """Return the time of an event (`send_request_body.complete`), by `time.monotonic()`; None where it did not
        happen."""
        return self._at.get(moment)

    def phases(self, http: str) -> Phases:
        """Return the phases so far; `read_s` counts until now."""
        now = time.monotonic()
        answered = self._at.get("receive_response_headers.complete")
        return Phases(
            self._lasted("connect_tcp"),
            self._lasted("start_tls"),
            self._between("send_request_headers.started", "send_request_body.complete"),
            self._between("send_request_body.complete", "receive_response_headers.complete"),
            None if answered is None else now - answered,
            now - self._began,
            http,
        )

    def _lasted(self, step: str) -> float | None:
        return self._between(f"{step}.started", f"{step}.complete")

    def _between(self, first: str, last: str) -> float | None:
        return self._at[last] - self._at[first] if first in self._at and last in self._at else None
