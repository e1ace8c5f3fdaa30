"""What a window may ask about models, each a callable given at construction, as `bridge.Actions` are.

All return at once. What answers does so through `then` on the main thread: with what was asked for, or with the
`Problem` that kept it from being so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.ui.rows import Then

if TYPE_CHECKING:  # the tray, which begins the app, needs no catalogue
    from desktop.asked.model_cards import ModelCard, Place
    from desktop.fetches import Fetch


@dataclass(frozen=True, slots=True)
class Fetching:
    """The models, and what can be done with one, by its name.

    `cards` gives what is known of every model, of speech and of language; `recommended` the one of speech to advise
    on this machine for those languages (codes, none for any; None: those of the settings), None where none fits;
    `place` where models lie and what is free there. `watch` has its callback called on the main thread with all that is
    on its way, stands still or has failed, now and at each change, until what it returned is called.

    `fetch` begins a download or goes on with it, and mends a damaged model; `pause` keeps what has come, `cancel`
    deletes it. `verify` reads every byte again. `remove` refuses with the model in use. `measure` finds how many times
    faster than speech a model of speech is here. `check` looks whether a folder of the person's own holds a model of
    speech, and gives it.
    """

    cards: Callable[[Then[Sequence[ModelCard]]], None]
    recommended: Callable[[Sequence[str] | None, Then[ModelCard | None]], None]
    place: Callable[[Then[Place]], None]
    watch: Callable[[Callable[[Sequence[Fetch]], None]], Callable[[], None]]
    fetch: Callable[[str], None]
    pause: Callable[[str], None]
    cancel: Callable[[str], None]
    verify: Callable[[str, Then[None]], None]
    remove: Callable[[str, Then[None]], None]
    measure: Callable[[str, Then[float]], None]
    check: Callable[[Path, Then[Path]], None]
