"""Format the measurements as JSON and as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from desktop.core.table import format_table
from desktop.doctor.network.measurement import ServiceMeasurement
from desktop.doctor.network.upload import NOISE_SECONDS
from desktop.doctor.network.verdict import NetworkVerdict
from desktop.network.timing import ExchangeTiming

TABLE_HEADER = ("ms", "DNS", "TCP", "TLS", "HTTP", "upgrade", "first byte", "total")


def build_report(
    measured: Sequence[ServiceMeasurement], tokens: Mapping[str, int], verdict: NetworkVerdict
) -> dict[str, Any]:
    """Return one JSON object; times in milliseconds."""
    return {
        "endpoints": [_endpoint_json(one) for one in measured],
        "prompt_tokens": dict(tokens),
        "whose": verdict.whose,
        "usable": verdict.usable,
        "verdict": verdict.sentence,
    }


def _endpoint_json(one: ServiceMeasurement) -> dict[str, Any]:
    way, told, opened = one.way, one.told, one.opened
    return {
        "name": one.name,
        "host": one.host,
        "key": one.key,
        "proxy": way.proxy,
        "dns_ms": _ms(way.dns_s),
        "tcp_ms": _ms(way.tcp_s),
        "tls_ms": _ms(way.tls_s),
        "dead_addresses": way.dead,
        "tls": way.encryption,
        "alpn": way.agreed,
        "issuer": way.issuer,
        "http": one.http,
        "cold": _phases_json(one.cold),
        "kept": _phases_json(one.warm),
        "upgrade_ms": _ms(opened.upgrade_s) if opened else None,
        "open_ms": _ms(opened.total_s) if opened else None,
        "ping_ms": _ms(opened.pong_s) if opened else None,
        "upload_mbit_s": round(one.upload.bit_s / 1e6, 3) if one.upload else None,
        "upload_at_least": one.upload.at_least if one.upload else None,
        "processing_ms": _ms(told.processing_s),
        "retry_after_s": told.retry_after_s,
        "clock_ahead_s": None if told.skew_s is None else round(told.skew_s, 1),
        "told": told.headers,
        "status_page": {"indicator": one.page.indicator, "says": one.page.description} if one.page else None,
        "problem": f"{one.trouble.title} {one.trouble.remedy}".rstrip() if one.trouble else None,
    }


def format_report(measured: Sequence[ServiceMeasurement], tokens: Mapping[str, int], verdict: NetworkVerdict) -> str:
    """Return the report as text: the table, further facts on each service, and the verdict."""
    rows = [row for one in measured for row in _table_rows(one)]
    parts = [format_table(TABLE_HEADER, rows), *("\n".join(_fact_lines(one)) for one in measured)]
    if tokens:
        parts.append("Prompts: " + ", ".join(f"{name} {count} tokens" for name, count in tokens.items()) + ".")
    return "\n\n".join([*parts, verdict.sentence])


def _table_rows(one: ServiceMeasurement) -> list[list[object]]:
    way, cold, warm, opened = one.way, one.cold, one.warm, one.opened
    first = [one.name, _whole_ms(way.dns_s), _whole_ms(way.tcp_s), _whole_ms(way.tls_s), one.http or None]
    if opened:
        ping = _whole_ms(opened.pong_s)
        return [
            [*first, _whole_ms(opened.upgrade_s), None, _whole_ms(opened.total_s)],
            ["  kept, a ping", None, None, None, None, None, ping, ping],
        ]
    rows: list[list[object]] = [
        [*first, None, *((_whole_ms(cold.wait_s), _whole_ms(cold.total_s)) if cold else (None, None))]
    ]
    if warm:
        rows.append(["  kept", None, None, None, warm.http, None, _whole_ms(warm.wait_s), _whole_ms(warm.total_s)])
    return rows


def _fact_lines(one: ServiceMeasurement) -> list[str]:
    way, told = one.way, one.told
    by = f", certificate by {way.issuer}" if way.issuer else ""
    encrypted = f", {way.encryption}{by}" if way.encryption else ""
    through = f", through the proxy {way.proxy}" if way.proxy else ""
    lines = [f"{one.name}: {one.host}{encrypted}{through}; the key is {f'in {one.key}' if one.key else 'not set'}."]
    if one.page:
        lines.append(f"  status page: {one.page.description}")
    if one.upload:
        least = "at least " if one.upload.at_least else ""
        lines.append(f"  upload: {least}{one.upload.bit_s / 1e6:.1f} Mbit/s, by {NOISE_SECONDS} s of noise")
    elif not one.opened and not one.trouble and one.name != "polish":
        lines.append(f"  upload: not measured; --upload sends {NOISE_SECONDS} s of noise, which costs what speech does")
    if told.headers:
        lines.append("  it says: " + ", ".join(f"{name} {value}" for name, value in sorted(told.headers.items())))
    if told.skew_s is not None and abs(told.skew_s) >= 1:
        lines.append(f"  this computer's clock is {abs(told.skew_s):.0f} s {'ahead' if told.skew_s > 0 else 'behind'}")
    if one.trouble:
        lines.append(f"  {one.trouble.title} {one.trouble.remedy}".rstrip())
    return lines


def _phases_json(phases: ExchangeTiming | None) -> dict[str, float | None] | None:
    if phases is None:
        return None
    return {
        "connect_ms": _ms(phases.connect_s),
        "tls_ms": _ms(phases.tls_s),
        "send_ms": _ms(phases.send_s),
        "first_byte_ms": _ms(phases.wait_s),
        "read_ms": _ms(phases.read_s),
        "total_ms": _ms(phases.total_s),
    }


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(1000 * seconds, 1)


def _whole_ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(1000 * seconds)
