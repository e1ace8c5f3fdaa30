"""Offer to the vocabulary what was said again twice: the same words were misheard, and written in the same way.

The rows of the history say so, as the texts that were corrected; there is no other record, so that a deleted dictation
leaves none, and one of which nothing is kept never counts.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence

from anyio import to_thread

from desktop.core.text import is_unspaced
from desktop.core.types import Target
from desktop.dictation.again import Correction
from desktop.history.recorder import NO_ROW
from desktop.history.rows import HistoryRow
from desktop.history.store import HistoryStore
from desktop.vocabulary.learning import Suggestion, find_replaced_runs, spoils_texts

MIN_TIMES = 2
"""How many times a correction is made before it is offered."""

MAX_ROWS = 200
"""How many of the newest rows with the written words are looked at."""


def count_corrections(rows: Iterable[HistoryRow], suggestion: Suggestion) -> int:
    """Return how many times the user has written `suggestion` in `rows`, in any case."""
    return sum(
        max(
            0,
            min(
                _count_phrase(row.text, suggestion.heard) - _count_phrase(row.edited, suggestion.heard),
                _count_phrase(row.edited, suggestion.written) - _count_phrase(row.text, suggestion.written),
            ),
        )
        for row in rows
        if row.edited is not None
    )


def _count_phrase(text: str, phrase: str) -> int:
    """Return how many times `phrase` stands in `text`, as whole words where its script has spaces."""
    pattern = re.escape(phrase)
    pattern = pattern if is_unspaced(phrase[0]) else rf"(?<!\w){pattern}(?!\w)"
    return len(re.findall(pattern, text, re.IGNORECASE))


def find_suggestion(correction: Correction) -> Suggestion | None:
    """Return what a correction teaches, without the words at its ends that were right; None for common words and for
    one Chinese character, which are right elsewhere."""
    old, new = correction.old, correction.new
    if is_unspaced(old[0]) or is_unspaced(new[0]):
        taught = Suggestion(old, new) if min(len(old), len(new)) > 1 else None
    else:
        runs = find_replaced_runs(old, new)
        taught = Suggestion(old[runs[0].start : runs[0].end], runs[0].written) if len(runs) == 1 else None
    return None if taught is None or spoils_texts(*taught) else taught


async def offer_repeated(
    correction: Correction,
    history: HistoryStore,
    propose: Callable[[Sequence[Suggestion], Target], Awaitable[None]],
) -> None:
    """Call `propose` with what `correction` teaches, if it was made before. Raises `HistoryError`, `SettingsError`."""
    row, suggestion = correction.current.row, find_suggestion(correction)
    if row.id == NO_ROW or suggestion is None:
        return
    rows = await to_thread.run_sync(history.search, suggestion.written, MAX_ROWS)
    if count_corrections(rows, suggestion) >= MIN_TIMES:
        await propose((suggestion,), Target(app=row.app, title=row.window))
