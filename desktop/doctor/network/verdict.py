"""Judge the measurements: one sentence that says where the fault is and what to change (pure).

The first fault in the order of the connection is named, since it slows everything after it: no answer at all, then the
clock, DNS, the round trip, intermediaries, the account, the service, the upload. Without a fault, the rest of the wait
is this app's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from desktop.core.messages import render
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
    sentence: str
    usable: bool = True


OPENINGS: dict[FaultOwner, str] = {
    "network": "It is your network",
    "service": "It is their service",
    "account": "It is your account",
    "settings": "It is the settings",
    "app": "The rest is this app",
}


def judge_all(measured: Sequence[ServiceMeasurement], tokens: Mapping[str, int] | None = None) -> NetworkVerdict:
    """Judge all services: return the worst verdict, the first of equally bad ones."""
    verdicts = [judge(measurement) for measurement in measured]
    worst = next((verdict for verdict in verdicts if not verdict.usable), None) or next(
        (verdict for verdict in verdicts if verdict.owner != "app"), None
    )
    if worst:
        return worst
    if (total := sum((tokens or {}).values())) > MAX_PROMPT_TOKENS:
        return _create_verdict(
            "app", f"the prompts have {total} tokens, which are read at every dictation. Shorten them."
        )
    return verdicts[0]


def judge(measurement: ServiceMeasurement) -> NetworkVerdict:
    """Judge one service."""
    return next(_find_faults(measurement), None) or _no_fault_verdict(measurement)


def _find_faults(measurement: ServiceMeasurement) -> Iterator[NetworkVerdict]:
    """Yield every fault, in the order of the connection."""
    connection, facts = measurement.connection, measurement.facts
    if measurement.failure:
        yield _failure_verdict(measurement.failure)
    if facts.skew_s is not None and abs(facts.skew_s) > MAX_SKEW_S:
        side = "ahead" if facts.skew_s > 0 else "behind"
        yield _create_verdict(
            "network", f"this computer's clock is {abs(facts.skew_s):.0f} s {side}. Have it set by the network."
        )
    host = connection.proxy or measurement.host
    if connection.dns_s is not None and connection.dns_s > SLOW_DNS_S:
        yield _create_verdict(
            "network", f"looking {host} up took {_ms(connection.dns_s)}. Use another DNS server, or one that remembers."
        )
    if connection.unanswered_addresses:
        yield _create_verdict(
            "network",
            f"{connection.unanswered_addresses} of the addresses of {host} did not answer before one did. "
            "Mostly that is IPv6: have it mended, or turn it off.",
        )
    if connection.tcp_s is not None and connection.tcp_s > SLOW_ROUND_TRIP_S:
        yield _create_verdict(
            "network",
            f"a round trip to {host} takes {_ms(connection.tcp_s)}. It is far, or the network is poor: "
            "try a cable, no VPN, or a server that is nearer.",
        )
    if connection.tls_s is not None and connection.tls_s > SLOW_TLS_S:
        yield _create_verdict(
            "network",
            f"agreeing on the encryption with {measurement.host} took {_ms(connection.tls_s)}. It is far, or a proxy, "
            "a VPN or a virus scanner is in between: try without.",
        )
    if measurement.usual_http == "HTTP/2" and measurement.offered_http == "2" and measurement.http == "HTTP/1.1":
        issuer = f", with a certificate of {connection.issuer}" if connection.issuer else ""
        yield _create_verdict(
            "network",
            f"something in between speaks HTTP/1.1 in place of {measurement.host}{issuer}. Have the proxy or virus "
            "scanner let this host through.",
        )
    yield from _find_provider_faults(measurement)
    if measurement.upload and measurement.upload.bit_s < MIN_UPLOAD_BIT_S and not measurement.upload.at_least:
        yield _create_verdict(
            "network",
            f"the upload runs at {measurement.upload.bit_s / 1000:.0f} kbit/s, too slow to keep up with speech. "
            "Use the local engine here.",
        )


def _find_provider_faults(measurement: ServiceMeasurement) -> Iterator[NetworkVerdict]:
    """Yield the faults on the provider's side."""
    facts, page = measurement.facts, measurement.status_page
    if facts.exhausted_limits:
        kinds = " and ".join(facts.exhausted_limits)
        yield _create_verdict(
            "account", f"of its limit on {kinds} nothing is left. Wait, or have {measurement.service_name} raise it."
        )
    down = (
        f" {measurement.service_name} says of itself: {page.description}."
        if page and page.indicator not in ("", "none")
        else ""
    )
    if page and page.indicator in ("major", "critical"):
        yield _create_verdict(
            "service", f"{measurement.service_name} is in trouble.{down} Use another engine until it is over."
        )
    wait_s, round_trip_s = get_wait_s(measurement), measurement.connection.tcp_s
    if wait_s is None or round_trip_s is None or wait_s - round_trip_s <= MAX_QUEUE_S:
        return
    waits = (
        f"{measurement.host} took {_ms(wait_s)} to answer what needs no work, "
        f"and the way there and back {_ms(round_trip_s)}"
    )
    if facts.processing_s is not None and facts.processing_s < (wait_s - round_trip_s) / 2:
        yield _create_verdict(
            "network",
            f"{waits}, but it says that it worked for {_ms(facts.processing_s)}. Something in between holds answers "
            "back: a proxy, a VPN or a virus scanner.",
        )
    else:
        yield _create_verdict("service", f"{waits}.{down} Wait, or use another engine or model.")


def _failure_verdict(failure: NetworkFailure) -> NetworkVerdict:
    words = render(failure.message)
    match failure:
        case NetworkFailure(stage=Stage.KEY) | NetworkFailure(status=401 | 402 | 403 | 429):
            return NetworkVerdict("account", f"{OPENINGS['account']}: {words}", usable=False)
        case NetworkFailure(status=404):
            return NetworkVerdict("settings", f"{OPENINGS['settings']}: {words}", usable=False)
        case NetworkFailure(stage=Stage.REQUEST) | NetworkFailure(refused=True):
            return NetworkVerdict("service", f"{OPENINGS['service']}: {words}", usable=False)
        case _:
            return NetworkVerdict("network", f"{OPENINGS['network']}: {words}", usable=False)


def _no_fault_verdict(measurement: ServiceMeasurement) -> NetworkVerdict:
    wait_s = get_wait_s(measurement)
    answers = (
        f"{measurement.host} answers"
        if wait_s is None
        else f"{measurement.host} answers in {_ms(wait_s)} on a kept connection"
    )
    return NetworkVerdict(
        "app", f"{OPENINGS['app']}: {answers}. `intone bench cloud` shows what is waited for beyond that."
    )


def get_wait_s(measurement: ServiceMeasurement) -> float | None:
    """Return the seconds from a request on a kept connection to its answer's first byte."""
    if measurement.websocket:
        return measurement.websocket.pong_s
    return measurement.warm.wait_s if measurement.warm else None


def _create_verdict(owner: FaultOwner, text: str) -> NetworkVerdict:
    return NetworkVerdict(owner, f"{OPENINGS[owner]}: {text}")


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"
