"""Dictations that were said, and how they are found."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any, Never

from desktop.core.types import Outcome
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore

NOON = datetime(2026, 3, 14, 12, 0, 0, 250_000, tzinfo=timezone(timedelta(hours=1)))


class WindowsTime(datetime):
    """A time before 1970 as Windows has it: without a local one."""

    def astimezone(self, tz: tzinfo | None = None) -> Never:
        raise OSError(22, "Invalid argument")


def said(text: str, **known: Any) -> HistoryEntry:
    fields: dict[str, Any] = {"started_at": NOON, "text": text, "raw_text": text, "delivery": Outcome.INSERTED} | known
    return HistoryEntry(**fields)


def found(history: HistoryStore, query: str) -> list[str]:
    return [row.text for row in history.search(query)]
