"""Read queues, limits and clocks from response headers (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from desktop.core.visible import visible
from desktop.doctor.network.measurement import Told
from desktop.network.errors import waits_s

PROCESSING = "openai-processing-ms"
"""Header with OpenAI's processing time of a request, including its queue, in milliseconds."""

REMAINING = "x-ratelimit-remaining-"
"""Prefix of headers with what is left of a limit; the rest names the limit: requests, tokens."""

TELLING = (PROCESSING, "x-ratelimit-", "retry-after", "dg-", "server", "via", "cf-ray")
"""Prefixes of the headers that the report shows."""


def told(headers: Mapping[str, str], now: datetime) -> Told:
    """Return the facts in `headers` (lower-case names), received at `now`."""
    shown = {name: visible(value) for name, value in headers.items() if name.startswith(TELLING)}
    left = {name.removeprefix(REMAINING): value for name, value in shown.items() if name.startswith(REMAINING)}
    processing = _number(headers.get(PROCESSING, ""))
    return Told(
        shown,
        None if processing is None else processing / 1000,
        waits_s(headers),
        tuple(kind for kind, value in left.items() if _number(value) == 0),
        _skew_s(headers.get("date", ""), now),
    )


def _skew_s(date: str, now: datetime) -> float | None:
    """Return how far our clock is ahead. `Date` has whole seconds, truncated: half a second is added."""
    try:
        theirs = datetime.strptime(date, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    except ValueError:
        return None
    return (now - theirs).total_seconds() - 0.5


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
