"""What the history window may request, as callables given at construction like those of `WindowActions`.

All return at once and call back on the main thread with the result or the `UserError` that prevented it. Every request
is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.errors import UserError
from desktop.history.list_index import FilterChoices, HistoryListIndex, HistoryQuery
from desktop.history.row import HistoryRow

if TYPE_CHECKING:  # the tray, which starts the application, needs neither numpy nor the vocabulary
    from desktop.audio.waveform import Waveform
    from desktop.vocabulary.learning import Suggestion

type OnResult[T] = Callable[[T | UserError], None]


@dataclass(frozen=True, slots=True)
class HistoryActions:
    """Access to the history's rows. A field that is None is unavailable and its control is not shown.

    `find_rows` returns the newest rows, at most the given number; `load_index` the ids and days of all; `load_rows` the
    rows of certain ids, fewer when some were deleted. `correct_text` stores what a row should have read and returns
    what that teaches; `learn_replacement` adds it to the vocabulary. `restore_row` writes a row as it was.
    `correct_emotion` stores the user's label, None for the detected one. `transcribe_again` uses the engine of the
    settings. `paste_row` waits until another application's window has the focus; True pastes the raw text. `play`
    starts at a second, calls back when playback began, and once more with None or the error when it ended.
    """

    find_rows: Callable[[HistoryQuery, int, OnResult[Sequence[HistoryRow]]], None]
    load_index: Callable[[HistoryQuery, OnResult[HistoryListIndex]], None]
    load_rows: Callable[[Sequence[int], OnResult[Sequence[HistoryRow]]], None]
    load_filter_values: Callable[[OnResult[FilterChoices]], None]
    correct_text: Callable[[int, str, OnResult[Sequence[Suggestion]]], None]
    learn_replacement: Callable[[Suggestion, OnResult[None]], None]
    restore_row: Callable[[HistoryRow, OnResult[HistoryRow | None]], None]
    transcribe_again: Callable[[HistoryRow, OnResult[HistoryRow | None]], None]
    delete_rows: Callable[[Sequence[int], OnResult[None]], None]
    paste_row: Callable[[int, bool], None]
    load_waveform: Callable[[Path, OnResult[Waveform]], None]
    play: Callable[[Waveform, float, Callable[[], None], OnResult[None]], None]
    stop_playback: Callable[[], None]
    correct_emotion: Callable[[int, str | None, OnResult[HistoryRow | None]], None] | None = None
