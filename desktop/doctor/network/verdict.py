"""Judge the measurements: one message that says where the fault is and what to change (pure).

The first fault in the order of the connection is named, since it slows everything after it: no answer at all, then the
clock, DNS, the round trip, intermediaries, the account, the service, the upload. Without a fault, the rest of the wait
is this app's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from desktop.core.messages import Foreign, Message, Param, RemedyOf
from desktop.doctor.network.measurement import NetworkFailure, ServiceMeasurement, Stage

SLOW_DNS_S = 0.1
"""Seconds of DNS from which it is slow: a nearby resolver answers in a few ms, a recursive one in some tens."""

SLOW_ROUND_TRIP_S = 0.15
"""Seconds of round trip from which it is slow: across an ocean it takes 80 to 120 ms by fibre; longer is a detour or a
poor network."""

SLOW_TLS_S = 2 * SLOW_ROUND_TRIP_S
"""Seconds of TLS handshake from which it is slow: it takes one round trip, two in older versions, and a few ms of
computing. Where it takes longer than the first round trip suggests, a nearer intermediary answered that one."""

MAX_SKEW_S = 60.0
"""Seconds of clock skew from which new tokens and certificates are not valid yet."""

MAX_QUEUE_S = 0.5
"""Seconds that a request without work may take beyond its round trip."""

MIN_UPLOAD_BIT_S = 500_000
"""Minimum upload rate in bit/s: three times that of speech in FLAC (136 kbit/s); below it the upload falls behind the
speech."""

MAX_PROMPT_TOKENS = 1000
"""Number of prompt tokens from which they are too many; they are read anew at each dictation."""

type FaultOwner = Literal["network", "service", "account", "settings", "app"]


@dataclass(frozen=True, slots=True)
class NetworkVerdict:
    """Whose fault it is (`owner`), and what to change there; `usable`: dictation works all the same."""

    owner: FaultOwner
    message: Message
    usable: bool = True


def judge_all(measured: Sequence[ServiceMeasurement], tokens: Mapping[str, int] | None = None) -> NetworkVerdict:
    """Judge all services: return the worst verdict, the first of equally bad ones."""
    verdicts = [judge(measurement) for measurement in measured]
    worst = next((verdict for verdict in verdicts if not verdict.usable), None) or next(
        (verdict for verdict in verdicts if verdict.owner != "app"), None
    )
    if worst:
        return worst
    if (total := sum((tokens or {}).values())) > MAX_PROMPT_TOKENS:
        return NetworkVerdict("app", Message("verdict-prompts-long", count=total))
    return verdicts[0]


def judge(measurement: ServiceMeasurement) -> NetworkVerdict:
    """Judge one service."""
    return next(_find_faults(measurement), None) or _no_fault_verdict(measurement)


def _find_faults(measurement: ServiceMeasurement) -> Iterator[NetworkVerdict]:
    """Yield every fault, in the order of the connection."""
    connection, facts, upload = measurement.connection, measurement.facts, measurement.upload
    if measurement.failure:
        yield _failure_verdict(measurement.failure)
    if facts.skew_s is not None and abs(facts.skew_s) > MAX_SKEW_S:
        seconds = f"{abs(facts.skew_s):.0f}"
        yield NetworkVerdict(
            "network",
            Message("verdict-clock-ahead" if facts.skew_s > 0 else "verdict-clock-behind", seconds=seconds),
        )
    host = connection.proxy or measurement.host
    if connection.dns_s is not None and connection.dns_s > SLOW_DNS_S:
        yield NetworkVerdict("network", Message("verdict-dns-slow", host=host, time=_ms(connection.dns_s)))
    if count := connection.unanswered_addresses:
        yield NetworkVerdict("network", Message("verdict-addresses-unanswered", count=count, host=host))
    if connection.tcp_s is not None and connection.tcp_s > SLOW_ROUND_TRIP_S:
        yield NetworkVerdict("network", Message("verdict-round-trip-slow", host=host, time=_ms(connection.tcp_s)))
    if connection.tls_s is not None and connection.tls_s > SLOW_TLS_S:
        yield NetworkVerdict("network", Message("verdict-tls-slow", host=measurement.host, time=_ms(connection.tls_s)))
    if measurement.usual_http == "HTTP/2" and measurement.offered_http == "2" and measurement.http == "HTTP/1.1":
        yield NetworkVerdict(
            "network",
            Message("verdict-intermediary-certified", host=measurement.host, issuer=connection.issuer)
            if connection.issuer
            else Message("verdict-intermediary", host=measurement.host),
        )
    yield from _find_provider_faults(measurement)
    if upload and upload.bit_s < MIN_UPLOAD_BIT_S and not upload.at_least:
        yield NetworkVerdict("network", Message("verdict-upload-slow", rate=f"{upload.bit_s / 1000:.0f}"))


def _find_provider_faults(measurement: ServiceMeasurement) -> Iterator[NetworkVerdict]:
    """Yield the faults on the provider's side."""
    facts, page, service = measurement.facts, measurement.status_page, measurement.service_name
    if facts.exhausted_limits:
        yield NetworkVerdict(
            "account", Message("verdict-limit-exhausted", limits=_join_limits(facts.exhausted_limits), service=service)
        )
    description = Foreign(page.description) if page and page.indicator not in ("", "none") else None
    if description is not None and page and page.indicator in ("major", "critical"):
        yield NetworkVerdict("service", Message("verdict-service-in-trouble", service=service, description=description))
    wait_s, round_trip_s = get_wait_s(measurement), measurement.connection.tcp_s
    if wait_s is None or round_trip_s is None or wait_s - round_trip_s <= MAX_QUEUE_S:
        return
    host, time, round_trip = measurement.host, _ms(wait_s), _ms(round_trip_s)
    if facts.processing_s is not None and facts.processing_s < (wait_s - round_trip_s) / 2:
        processing = _ms(facts.processing_s)
        yield NetworkVerdict(
            "network",
            Message("verdict-answers-held-back", host=host, time=time, round_trip=round_trip, processing=processing),
        )
    elif description is not None:
        yield NetworkVerdict(
            "service",
            Message(
                "verdict-service-slow-page",
                host=host,
                time=time,
                round_trip=round_trip,
                service=service,
                description=description,
            ),
        )
    else:
        yield NetworkVerdict("service", Message("verdict-service-slow", host=host, time=time, round_trip=round_trip))


def _failure_verdict(failure: NetworkFailure) -> NetworkVerdict:
    problem, remedy = failure.message, RemedyOf(failure.message)
    match failure:
        case NetworkFailure(stage=Stage.KEY) | NetworkFailure(status=401 | 402 | 403 | 429):
            message = Message("verdict-account-failure", problem=problem, remedy=remedy)
            return NetworkVerdict("account", message, usable=False)
        case NetworkFailure(status=404):
            message = Message("verdict-settings-failure", problem=problem, remedy=remedy)
            return NetworkVerdict("settings", message, usable=False)
        case NetworkFailure(stage=Stage.REQUEST) | NetworkFailure(refused=True):
            message = Message("verdict-service-failure", problem=problem, remedy=remedy)
            return NetworkVerdict("service", message, usable=False)
        case _:
            message = Message("verdict-network-failure", problem=problem, remedy=remedy)
            return NetworkVerdict("network", message, usable=False)


def _no_fault_verdict(measurement: ServiceMeasurement) -> NetworkVerdict:
    wait_s = get_wait_s(measurement)
    return NetworkVerdict(
        "app",
        Message("verdict-no-fault", host=measurement.host)
        if wait_s is None
        else Message("verdict-no-fault-wait", host=measurement.host, time=_ms(wait_s)),
    )


def get_wait_s(measurement: ServiceMeasurement) -> float | None:
    """Return the seconds from a request on a kept connection to its answer's first byte."""
    if measurement.websocket:
        return measurement.websocket.pong_s
    return measurement.warm.wait_s if measurement.warm else None


def _join_limits(names: Sequence[str]) -> Param:
    joined: Param = names[0]
    for name in names[1:]:
        joined = Message("limit-pair", first=joined, second=name)
    return joined


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f}"
