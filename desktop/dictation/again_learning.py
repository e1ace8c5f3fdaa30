"""Offer to the vocabulary what was said again twice: the same words were misheard, and written in the same way.

The rows of the history say so, as the texts that were corrected; there is no other record, so that a deleted dictation
leaves none, and one of which nothing is kept never counts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence

from anyio import to_thread

from desktop.core.types import Target
from desktop.dictation.again import Correction
from desktop.history.recorder import NO_ROW
from desktop.history.rows import HistoryRow
from desktop.history.store import HistoryStore
from desktop.vocabulary.learning import Suggestion, common_words, find_replaced_runs
from desktop.vocabulary.vocabulary import fold_phrase

MIN_TIMES = 2
"""How many times a correction is made before it is offered."""

MAX_ROWS = 200
"""How many of the newest rows with the written words are looked at."""


def count_corrections(rows: Iterable[HistoryRow], suggestion: Suggestion) -> int:
    """Return how many times the user has written `suggestion` in `rows`, in any case."""
    wanted = fold_phrase(suggestion.heard), suggestion.written.casefold()
    return sum(
        (fold_phrase(row.text[run.start : run.end]), run.written.casefold()) == wanted
        for row in rows
        if row.edited is not None
        for run in find_replaced_runs(row.text, row.edited)
    )


def find_suggestion(correction: Correction) -> Suggestion | None:
    """Return what a correction teaches, without the words at its ends that were right; None for one frequent word,
    which is right elsewhere."""
    runs = find_replaced_runs(correction.old, correction.new)
    if len(runs) != 1:
        return None
    heard = correction.old[runs[0].start : runs[0].end]
    return None if heard.casefold() in common_words()["words"] else Suggestion(heard, runs[0].written)


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
