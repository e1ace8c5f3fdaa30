"""Numbers, dates, times, amounts and addresses as they are typed."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.rules.edit import Edit, Manner


def numbers(text: str, manner: Manner) -> Iterator[Edit]:
    """Numbers, dates, times, amounts and addresses as they are typed."""
    yield from ()
