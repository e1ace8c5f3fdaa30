"""Run trials from a window with the dependencies of a dictation: engine, language model, a recording again.

Each calls `on_result` with its result or a `UserError`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from desktop.app import trying
from desktop.app.callbacks import answered_later
from desktop.app.rehearing import hear_again
from desktop.core.errors import Problem
from desktop.core.interfaces import Recognizer
from desktop.dictation.dependencies import Parts
from desktop.history.history import History
from desktop.history.row import Row
from desktop.polish.tried import Tried, by, named

type Spawn = Callable[[Callable[[], Coroutine[Any, Any, object]]], None]


class Trials:
    """Runs trials with the current `dependencies`. `chosen_recognizer` is the chosen engine without the local
    fallback."""

    def __init__(
        self, spawn: Spawn, parts: Callable[[], Parts], alone: Callable[[], Recognizer], history: History
    ) -> None:
        self._spawn = spawn
        self._parts = parts
        self._alone = alone
        self._history = history

    def hear_again(self, row: Row, then: Callable[[Row | Problem | None], None]) -> None:
        """Transcribe and polish the recording of `row` again with the current engine."""
        parts = self._parts()
        self._answer(lambda: hear_again(row, parts.recognizer, parts.polisher, self._history), then)

    def engine(
        self, spoken: bool, talking: bool, heard: Callable[[], None], then: Callable[[trying.Trial | Problem], None]
    ) -> None:
        """Try the chosen engine, unless the user is dictating (`is_dictating`); see `try_recognizer`."""

        async def run() -> trying.Trial | Problem:
            if talking:
                raise Problem("You are dictating just now.", "Try it when that has ended.")
            return await trying.trial(spoken, self._alone(), self._parts().microphone, self._history, heard)

        self._answer(run, then)

    def polish(self, text: str, style: str, chosen: bool, then: Callable[[Tried | Problem], None]) -> None:
        """Have the configured language model, if `available`, rewrite `text` in the given style, within its time
        budget."""
        parts = self._parts()

        async def run() -> Tried:
            if not chosen:
                raise Problem("No language model is chosen.", "Choose one for polish.")
            return await by(parts.polisher, text, named(parts.styles, style))

        self._answer(run, then)

    def _answer[T](self, work: Callable[[], Awaitable[T]], then: Callable[[T | Problem], None]) -> None:
        async def run() -> None:
            then(await answered_later(work))

        self._spawn(run)
