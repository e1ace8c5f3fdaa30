"""What an answer's headers say of queues, limits and clocks (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from desktop.doctor.network.measured import Told
from desktop.network.faults import waits_s
from desktop.visible import visible

PROCESSING = "openai-processing-ms"
"""How long OpenAI worked on a request, its queue included, in milliseconds."""

REMAINING = "x-ratelimit-remaining-"
"""What follows is the kind of limit: requests, tokens."""

TELLING = (PROCESSING, "x-ratelimit-", "retry-after", "dg-", "server", "via", "cf-ray")
"""The beginnings of the headers that are shown."""


def told(headers: Mapping[str, str], now: datetime) -> Told:
    """What `headers`, with their names in small letters, say at `now`, the moment when they came."""
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
    """`Date` has whole seconds, cut off: half of one is added."""
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
