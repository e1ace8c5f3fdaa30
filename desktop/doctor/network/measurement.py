"""The values measured of one service, and those that its response headers report; pure.

They are None or empty where not measured or not applicable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from desktop.core.messages import Message
from desktop.core.text import make_printable
from desktop.network.errors import parse_retry_after_s
from desktop.network.timing import ExchangeTiming

PROCESSING_HEADER = "openai-processing-ms"
"""Header with OpenAI's processing time of a request, including its queue, in milliseconds."""

REMAINING_PREFIX = "x-ratelimit-remaining-"
"""Prefix of headers with what is left of a limit; the rest names the limit: requests, tokens."""

SHOWN_PREFIXES = (PROCESSING_HEADER, "x-ratelimit-", "retry-after", "dg-", "server", "via", "cf-ray")
"""Prefixes of the headers that the report shows."""


class Stage(StrEnum):
    """The stage at which a measurement failed."""

    KEY = "key"
    NAME = "name"
    CONNECT = "connect"
    ENCRYPT = "encrypt"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class NetworkFailure:
    """A failure. `status` is the HTTP status, if there was an answer. `refused`: the host is reachable, but no server
    listens there."""

    stage: Stage
    message: Message
    status: int | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class ConnectionTimes:
    """The times of connecting to a host, each part in seconds.

    `proxy` replaces the host, if set; `unanswered_addresses` counts the host's addresses that did not answer before one
    did; `alpn` is the protocol that TLS agreed on ("h2").
    """

    proxy: str = ""
    dns_s: float | None = None
    tcp_s: float | None = None
    tls_s: float | None = None
    unanswered_addresses: int = 0
    tls_version: str = ""
    alpn: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class WebSocketTimes:
    """A WebSocket: seconds from the end of the TLS handshake to the upgrade, in total, and for a ping's answer."""

    upgrade_s: float | None = None
    total_s: float | None = None
    pong_s: float | None = None


@dataclass(frozen=True, slots=True)
class ResponseFacts:
    """What the responses' headers report.

    `headers` are those on limits, queues and intermediaries; `processing_s` is how long the service says it worked on
    the request; `exhausted_limits` names limits of which nothing is left; `skew_s` is how far this computer's clock is
    ahead of the service's.
    """

    headers: dict[str, str] = field(default_factory=dict)
    processing_s: float | None = None
    retry_after_s: float | None = None
    exhausted_limits: tuple[str, ...] = ()
    skew_s: float | None = None


@dataclass(frozen=True, slots=True)
class UploadRate:
    """Bytes sent, and the rate in bit/s; `at_least` where the service's own work could not be subtracted."""

    size: int
    bit_s: float
    at_least: bool


@dataclass(frozen=True, slots=True)
class StatusPage:
    """The provider's status page: Statuspage's indicator (none, minor, major, critical) and its description; both empty
    where it could not be read, and `failure` says why."""

    indicator: str
    description: str
    failure: Message | None = None


@dataclass(frozen=True, slots=True)
class ServiceMeasurement:
    """The measurements of one service.

    `http` is the negotiated version, `offered_http` the one the settings offer ("2", "1.1") and `usual_http` the one
    that this host normally speaks. `key_location` is where the key is stored, or why that is unknown; `cold` is a
    request on a new connection, `warm` the median of those on a kept one.
    """

    name: str
    host: str
    service_name: str
    connection: ConnectionTimes = ConnectionTimes()
    offered_http: str = "2"
    usual_http: str = ""
    http: str = ""
    key_location: Message | None = None
    cold: ExchangeTiming | None = None
    warm: ExchangeTiming | None = None
    websocket: WebSocketTimes | None = None
    upload: UploadRate | None = None
    facts: ResponseFacts = ResponseFacts()
    status_page: StatusPage | None = None
    failure: NetworkFailure | None = None


def parse_headers(headers: Mapping[str, str], now: datetime) -> ResponseFacts:
    """Return the facts in `headers` (lower-case names), received at `now`."""
    shown = {name: make_printable(value) for name, value in headers.items() if name.startswith(SHOWN_PREFIXES)}
    remaining = {
        name.removeprefix(REMAINING_PREFIX): value for name, value in shown.items() if name.startswith(REMAINING_PREFIX)
    }
    processing = _parse_number(headers.get(PROCESSING_HEADER, ""))
    return ResponseFacts(
        shown,
        None if processing is None else processing / 1000,
        parse_retry_after_s(headers),
        tuple(kind for kind, value in remaining.items() if _parse_number(value) == 0),
        _skew_s(headers.get("date", ""), now),
    )


def _skew_s(date: str, now: datetime) -> float | None:
    """Return how far our clock is ahead. `Date` has whole seconds, truncated: half a second is added."""
    try:
        server_time = datetime.strptime(date, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    except ValueError:
        return None
    return (now - server_time).total_seconds() - 0.5


def _parse_number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
