"""What the history window may ask of the rows, each a callable given at construction, as `bridge.Actions` are.

All return at once, and answer through `then` on the main thread: with what was asked for, or with the `Problem` that
kept it from being found. A window that waits for an answer always gets one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.history import Offers, Places, Row, Wanted
from desktop.problems import Problem

if TYPE_CHECKING:  # the tray, which begins the app, needs neither numpy nor the vocabulary
    from desktop.ui.sound import Sound
    from desktop.vocabulary.learn import Suggestion

type Then[T] = Callable[[T | Problem], None]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows, and what can be done with one. What is None cannot be done, and is offered nowhere.

    `find` gives the newest rows, at most so many; `places` where all of them stand; `some` those with certain ids, of
    which some may be gone. `correct` says what the row should have read, and what that teaches; `learn` teaches it.
    `restore` makes a row what it was. `feel` says how it sounded to the person, None for what was first heard.
    `hear_again` transcribes the recording anew with the engine of the settings. `paste` waits until another window than
    ours has the focus; with True it pastes the words as heard. `play` plays the sound from a second on, says when
    that began, and how it ended: None, or the problem.
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
