"""What the history window may request, as callables given at construction like those of `WindowActions`.

All return at once and call back on the main thread with the result or the `UserError` that prevented it. Every request
is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.errors import Problem
from desktop.history.list_index import Offers, Places, Wanted
from desktop.history.row import Row

if TYPE_CHECKING:  # the tray, which starts the application, needs neither numpy nor the vocabulary
    from desktop.audio.waveform import Sound
    from desktop.vocabulary.learning import Suggestion

type Then[T] = Callable[[T | Problem], None]


@dataclass(frozen=True, slots=True)
class Rows:
    """Access to the history's rows. A field that is None is unavailable and its control is not shown.

    `find_rows` returns the newest rows, at most the given number; `load_index` the ids and days of all; `load_rows` the
    rows of certain ids, fewer when some were deleted. `correct_text` stores what a row should have read and returns
    what that teaches; `learn_replacement` adds it to the vocabulary. `restore_row` writes a row as it was.
    `correct_emotion` stores the user's label, None for the detected one. `transcribe_again` uses the engine of the
    settings. `paste_row` waits until another application's window has the focus; True pastes the raw text. `play`
    starts at a second, calls back when playback began, and once more with None or the error when it ended.
    """

    find: Callable[[Wanted, int, Then[Sequence[Row]]], None]
    places: Callable[[Wanted, Then[Places]], None]
    some: Callable[[Sequence[int], Then[Sequence[Row]]], None]
    offers: Callable[[Then[Offers]], None]
    correct: Callable[[int, str, Then[Sequence[Suggestion]]], None]
    learn: Callable[[Suggestion, Then[None]], None]
    restore: Callable[[Row, Then[Row | None]], None]
    hear_again: Callable[[Row, Then[Row | None]], None]
    delete: Callable[[Sequence[int], Then[None]], None]
    paste: Callable[[int, bool], None]
    sound: Callable[[Path, Then[Sound]], None]
    play: Callable[[Sound, float, Callable[[], None], Then[None]], None]
    silence: Callable[[], None]
    feel: Callable[[int, str | None, Then[Row | None]], None] | None = None
