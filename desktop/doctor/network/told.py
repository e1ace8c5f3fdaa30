"""Read queues, limits and clocks from response headers (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from desktop.core.visible import make_printable
from desktop.doctor.network.measurement import ResponseFacts
from desktop.network.errors import parse_retry_after_s

PROCESSING_HEADER = "openai-processing-ms"
"""Header with OpenAI's processing time of a request, including its queue, in milliseconds."""

REMAINING_PREFIX = "x-ratelimit-remaining-"
"""Prefix of headers with what is left of a limit; the rest names the limit: requests, tokens."""

SHOWN_PREFIXES = (PROCESSING_HEADER, "x-ratelimit-", "retry-after", "dg-", "server", "via", "cf-ray")
"""Prefixes of the headers that the report shows."""


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
