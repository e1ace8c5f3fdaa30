"""Text actions for the windows over real files that answer at once, without threads. `asked` records what a language
model was asked, and `answer` is its reply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.polish.polisher import PolishTrial
from desktop.settings.live import LiveSettings
from desktop.ui.controllers.text import TextActions, build_text_actions


@dataclass
class Worded:
    """`here` are the files, `reloads` how often the app was told to read them again."""

    here: Paths
    asked: list[str] = field(default_factory=list)
    answer: PolishTrial | UserError = field(default_factory=lambda: PolishTrial("By the model."))
    reloads: int = 0
    waiting: list[Callable[[], Any]] = field(default_factory=list)
    holds: bool = False

    def wording(self) -> TextActions:
        """What a window asks."""
        return build_text_actions(self.here, LiveSettings(self.here.settings), self._post, self._call, Now)

    def release(self, place: int = 0) -> None:
        """Give the answer that waits at this place of the line."""
        self.waiting.pop(place)()

    def _call(self, then: Callable[[], Any]) -> None:
        if self.holds:
            self.waiting.append(then)
        else:
            then()

    def _post(self, work: Callable[[Any], Any]) -> None:
        work(self)

    def reload(self) -> None:
        """As the engine has it."""
        self.reloads += 1

    def try_polish(self, text: str, style: str, then: Callable[[Any], None]) -> None:
        """As the engine has it."""
        self.asked.append(f"{style}: {text}")
        then(self.answer)


class Now:
    """An executor whose only thread is this one."""

    def __init__(self, *_: object, **__: object) -> None:
        """Takes what a pool of threads does."""

    def submit(self, work: Callable[[], Any]) -> None:
        """Do it."""
        work()


def files(folder: Path) -> Paths:
    """The app's files below `folder`."""
    return Paths(config=folder, data=folder, state=folder, runtime=folder)
