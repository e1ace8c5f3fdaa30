"""Format the measurements as JSON and as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from desktop.core.messages import Foreign, Message, PartList
from desktop.core.table import format_table
from desktop.doctor.network.measurement import ServiceMeasurement
from desktop.doctor.network.upload import NOISE_SECONDS
from desktop.doctor.network.verdict import NetworkVerdict
from desktop.network.timing import ExchangeTiming

TABLE_HEADER = (
    *("ms", "DNS", "TCP", "TLS", "HTTP"),
    *(Message("column-upgrade"), Message("column-first-byte"), Message("column-total")),
)
KEPT_ROW, PING_ROW = Message("row-kept"), Message("row-kept-ping")

type Say = Callable[[Message], str]
"""Returns the words of a message: English, or the windows' language."""


def build_report(
    measured: Sequence[ServiceMeasurement], tokens: Mapping[str, int], verdict: NetworkVerdict
) -> dict[str, Any]:
    """Return one JSON object; times in milliseconds."""
    return {
        "endpoints": [_endpoint_json(measurement) for measurement in measured],
        "prompt_tokens": dict(tokens),
        "whose": verdict.owner,
        "usable": verdict.usable,
        "verdict": str(verdict.message),
    }


def _endpoint_json(measurement: ServiceMeasurement) -> dict[str, Any]:
    connection, facts, websocket = measurement.connection, measurement.facts, measurement.websocket
    page, failure, place = measurement.status_page, measurement.failure, measurement.key_location
    return {
        "name": measurement.name,
        "host": measurement.host,
        "key": place.title if place is not None else "",
        "proxy": connection.proxy,
        "dns_ms": _ms(connection.dns_s),
        "tcp_ms": _ms(connection.tcp_s),
        "tls_ms": _ms(connection.tls_s),
        "dead_addresses": connection.unanswered_addresses,
        "tls": connection.tls_version,
        "alpn": connection.alpn,
        "issuer": connection.issuer,
        "http": measurement.http,
        "cold": _phases_json(measurement.cold),
        "kept": _phases_json(measurement.warm),
        "upgrade_ms": _ms(websocket.upgrade_s) if websocket else None,
        "open_ms": _ms(websocket.total_s) if websocket else None,
        "ping_ms": _ms(websocket.pong_s) if websocket else None,
        "upload_mbit_s": round(measurement.upload.bit_s / 1e6, 3) if measurement.upload else None,
        "upload_at_least": measurement.upload.at_least if measurement.upload else None,
        "processing_ms": _ms(facts.processing_s),
        "retry_after_s": facts.retry_after_s,
        "clock_ahead_s": None if facts.skew_s is None else round(facts.skew_s, 1),
        "told": facts.headers,
        "status_page": {"indicator": page.indicator, "says": str(page.failure or page.description)} if page else None,
        "problem": str(failure.message) if failure else None,
    }


def format_report(
    measured: Sequence[ServiceMeasurement], tokens: Mapping[str, int], verdict: NetworkVerdict, say: Say = str
) -> str:
    """Return the report as text: the table, further facts on each service, and the verdict."""
    rows = [row for measurement in measured for row in _table_rows(measurement, say)]
    header = [say(name) if isinstance(name, Message) else name for name in TABLE_HEADER]
    parts = [format_table(header, rows), *("\n".join(_fact_lines(measurement, say)) for measurement in measured)]
    if tokens:
        counts = PartList(
            tuple(Message("prompt-token-count", name=name, count=count) for name, count in tokens.items())
        )
        parts.append(say(Message("prompt-token-counts", counts=counts)))
    return "\n\n".join([*parts, say(verdict.message)])


def _table_rows(measurement: ServiceMeasurement, say: Say) -> list[list[object]]:
    connection, websocket = measurement.connection, measurement.websocket
    cold, warm = measurement.cold, measurement.warm
    first = [
        measurement.name,
        _whole_ms(connection.dns_s),
        _whole_ms(connection.tcp_s),
        _whole_ms(connection.tls_s),
        measurement.http or None,
    ]
    if websocket:
        ping = _whole_ms(websocket.pong_s)
        return [
            [*first, _whole_ms(websocket.upgrade_s), None, _whole_ms(websocket.total_s)],
            [f"  {say(PING_ROW)}", None, None, None, None, None, ping, ping],
        ]
    rows: list[list[object]] = [
        [*first, None, *((_whole_ms(cold.wait_s), _whole_ms(cold.total_s)) if cold else (None, None))]
    ]
    if warm:
        rows.append(
            [f"  {say(KEPT_ROW)}", None, None, None, warm.http, None, _whole_ms(warm.wait_s), _whole_ms(warm.total_s)]
        )
    return rows


def _fact_lines(measurement: ServiceMeasurement, say: Say) -> list[str]:
    return [say(_describe_connection(measurement)), *(f"  {say(fact)}" for fact in _list_facts(measurement))]


def _describe_connection(measurement: ServiceMeasurement) -> Message:
    connection = measurement.connection
    way: Message | str = measurement.host
    if connection.tls_version and connection.issuer:
        way = Message("way-certified", host=way, version=connection.tls_version, issuer=connection.issuer)
    elif connection.tls_version:
        way = Message("way-encrypted", host=way, version=connection.tls_version)
    if connection.proxy:
        way = Message("way-proxied", way=way, proxy=connection.proxy)
    if measurement.key_location:
        return Message("service-way", name=measurement.name, way=way, place=measurement.key_location)
    return Message("service-way-keyless", name=measurement.name, way=way)


def _list_facts(measurement: ServiceMeasurement) -> Iterator[Message]:
    facts, page, upload = measurement.facts, measurement.status_page, measurement.upload
    if page:
        yield Message("status-page", description=(page.failure,) if page.failure else Foreign(page.description))
    if upload:
        rate = f"{upload.bit_s / 1e6:.1f}"
        yield Message("upload-rate-minimum" if upload.at_least else "upload-rate", rate=rate, seconds=NOISE_SECONDS)
    elif not measurement.websocket and not measurement.failure and measurement.name != "polish":
        yield Message("upload-unmeasured", seconds=NOISE_SECONDS)
    if facts.headers:
        headers = PartList(tuple(Foreign(f"{name} {value}") for name, value in sorted(facts.headers.items())))
        yield Message("response-headers", headers=headers)
    if facts.skew_s is not None and abs(facts.skew_s) >= 1:
        yield Message("clock-ahead" if facts.skew_s > 0 else "clock-behind", seconds=f"{abs(facts.skew_s):.0f}")
    if measurement.failure:
        yield measurement.failure.message


def _phases_json(timing: ExchangeTiming | None) -> dict[str, float | None] | None:
    if timing is None:
        return None
    return {
        "connect_ms": _ms(timing.connect_s),
        "tls_ms": _ms(timing.tls_s),
        "send_ms": _ms(timing.send_s),
        "first_byte_ms": _ms(timing.wait_s),
        "read_ms": _ms(timing.read_s),
        "total_ms": _ms(timing.total_s),
    }


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(1000 * seconds, 1)


def _whole_ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(1000 * seconds)
