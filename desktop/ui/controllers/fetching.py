"""What a window may request about models, as callables given at construction like those of `WindowActions`.

All return at once; results, or the `UserError` that prevented them, arrive through a callback on the main thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.ui.controllers.rows import OnResult

if TYPE_CHECKING:  # the tray, which starts the application, needs no catalogue
    from desktop.app.fetches import ModelDownload
    from desktop.app.model_cards import ModelCard, ModelFolder


@dataclass(frozen=True, slots=True)
class ModelActions:
    """Access to the models, by name.

    `load_cards` returns every model of speech and language; `find_recommended` the speech model to advise on this
    machine for some languages (codes; none for any, None for those of the settings), None when none fits;
    `load_storage` where models are stored and the free space there. `watch` calls back on the main thread with all
    downloads that run, are paused or failed, now and at each change, until the returned function is called.

    `download` starts or resumes a download and repairs a damaged model; `pause` keeps the received part, `cancel`
    deletes it. `verify` reads every byte again. `remove` fails for a model in use. `measure_speed` returns how many
    times faster than speech a speech model runs here. `check_folder` returns the path when a user's folder contains a
    speech model.
    """

    load_cards: Callable[[OnResult[Sequence[ModelCard]]], None]
    find_recommended: Callable[[Sequence[str] | None, OnResult[ModelCard | None]], None]
    load_storage: Callable[[OnResult[ModelFolder]], None]
    watch: Callable[[Callable[[Sequence[ModelDownload]], None]], Callable[[], None]]
    download: Callable[[str], None]
    pause: Callable[[str], None]
    cancel: Callable[[str], None]
    verify: Callable[[str, OnResult[None]], None]
    remove: Callable[[str, OnResult[None]], None]
    measure_speed: Callable[[str, OnResult[float]], None]
    check_folder: Callable[[Path, OnResult[Path]], None]
