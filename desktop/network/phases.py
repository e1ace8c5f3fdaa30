"""How long each part of one exchange took, from the events that httpcore2 tells as they happen."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from desktop.network.uplink import limit_unsent

CONNECT_S = 5.0
"""When a handshake is given up."""

KEPT_WRITE_S = 10.0
"""When a connection that was kept is given up because the network takes nothing: it may be half-open, and the exchange
is made once more on a new one."""

WRITE_S = 35.0
"""The same of every other. An upload gives up before (`upload.ANSWER_S` is 30 s); this is for other requests."""


@dataclass(frozen=True, slots=True)
class Phases:
    """One exchange. Seconds; None for what did not happen: on a connection that was there, `connect_s` (name and TCP)
    and `tls_s`. `send_s` is from the request's first byte to its last, which for a body that is still being spoken says
    nothing of the network; `wait_s` from there to the answer's first, `read_s` to its last. `http` is what was agreed
    on, such as "HTTP/2"."""

    connect_s: float | None = None
    tls_s: float | None = None
    send_s: float | None = None
    wait_s: float | None = None
    read_s: float | None = None
    total_s: float = 0.0
    http: str = ""


class Watch:
    """Notes the moments of one exchange; `trace` and `timeout` are httpcore2's extensions of these names. `again`: this
    is the second time that it is made, and the last."""

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
        """Be told that something began, was complete or failed."""
        layer, _, moment = event.partition(".")
        self._at[moment] = time.monotonic()
        self._http2 = self._http2 or layer == "http2"
        if moment == "connect_tcp.started":  # the library looks at each write how long it may take
            self.timeout["write"] = WRITE_S
        if moment == "connect_tcp.complete":
            limit_unsent(info["return_value"].get_extra_info("socket"))

    @property
    def reuses(self) -> bool:
        """Whether the connection was there already."""
        return "connect_tcp.started" not in self._at

    @property
    def http2(self) -> bool:
        """Whether the connection was seen to speak HTTP/2."""
        return self._http2

    @property
    def begun(self) -> bool:
        """Whether the request was on its way."""
        return "send_request_headers.started" in self._at

    @property
    def closed(self) -> bool:
        """Whether the library has let go of it."""
        return "response_closed.started" in self._at

    def abandoned(self, now: float, linger_s: float) -> bool:
        """Whether an HTTP/2 server still has it open at `now`, although the library has let go of it: the library sends
        no reset. A request that was sent whole is open until it is answered, which is taken to last `linger_s`; one
        that was not stays open as long as the connection."""
        if not self._http2 or not self.begun or not self.closed or "receive_response_body.complete" in self._at:
            return False
        whole = "send_request_body.complete" in self._at
        return not whole or now - self._at["response_closed.started"] < linger_s

    def at(self, moment: str) -> float | None:
        """When something happened (`send_request_body.complete`), by `time.monotonic()`; None where it did not."""
        return self._at.get(moment)

    def phases(self, http: str) -> Phases:
        """What is known now; `read_s` counts until now."""
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
