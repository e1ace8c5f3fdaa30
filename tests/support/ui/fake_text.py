"""Text for the windows over real files, answered at once, without threads. `asked` records what a language
model was asked, and `answer` is its reply."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.polish.polisher import PolishTrial
from desktop.settings.live import LiveSettings
from desktop.ui.controllers.text import TextController
from tests.support.ui.controllers import Now


class Worded(TextController):
    """`here` are the files, `reloads` how often the app was told to read them again."""

    def __init__(self, here: Paths) -> None:
        super().__init__(here, LiveSettings(here), lambda work: work(self), self._answer, Now(), Now())
        self.here = here
        self.asked: list[str] = []
        self.answer: PolishTrial | UserError = PolishTrial("By the model.")
        self.reloads = 0
        self.waiting: list[Callable[[], Any]] = []
        self.holds = False

    def release(self, place: int = 0) -> None:
        """Give the answer that waits at this place of the line."""
        self.waiting.pop(place)()

    def _answer(self, then: Callable[[], Any]) -> None:
        if self.holds:
            self.waiting.append(then)
        else:
            then()

    def reload(self) -> None:
        """As the engine has it."""
        self.reloads += 1

    def try_polish(self, text: str, style: str, then: Callable[[Any], None]) -> None:
        """As the engine has it."""
        self.asked.append(f"{style}: {text}")
        then(self.answer)


def files(folder: Path) -> Paths:
    """The app's files below `folder`."""
    return Paths(config=folder, data=folder, state=folder, runtime=folder)
