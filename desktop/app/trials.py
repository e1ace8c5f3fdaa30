"""Run trials from a window with the dependencies of a dictation: engine, language model, a recording again.

Each calls `on_result` with its result or a `UserError`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from desktop.app import trying
from desktop.app.callbacks import run_safely_async
from desktop.app.rehearing import transcribe_again
from desktop.core.errors import UserError
from desktop.core.interfaces import Recognizer
from desktop.dictation.dependencies import SessionDependencies
from desktop.history.history import HistoryStore
from desktop.history.row import HistoryRow
from desktop.polish.tried import PolishTrial, style_named, try_polisher

type SpawnTask = Callable[[Callable[[], Coroutine[Any, Any, object]]], None]


class TrialService:
    """Runs trials with the current `dependencies`. `chosen_recognizer` is the chosen engine without the local
    fallback."""

    def __init__(
        self,
        spawn: SpawnTask,
        dependencies: Callable[[], SessionDependencies],
        chosen_recognizer: Callable[[], Recognizer],
        history: HistoryStore,
    ) -> None:
        self._spawn = spawn
        self._dependencies = dependencies
        self._chosen_recognizer = chosen_recognizer
        self._history = history

    def retranscribe(self, row: HistoryRow, on_result: Callable[[HistoryRow | UserError | None], None]) -> None:
        """Transcribe and polish the recording of `row` again with the current engine."""
        dependencies = self._dependencies()
        self._run_and_report(
            lambda: transcribe_again(row, dependencies.recognizer, dependencies.polisher, self._history), on_result
        )

    def try_engine(
        self,
        live: bool,
        is_dictating: bool,
        on_listening: Callable[[], None],
        on_result: Callable[[trying.EngineTrial | UserError], None],
    ) -> None:
        """Try the chosen engine, unless the user is dictating (`is_dictating`); see `try_recognizer`."""

        async def run() -> trying.EngineTrial | UserError:
            if is_dictating:
                raise UserError("You are dictating just now.", "Try it when that has ended.")
            return await trying.try_recognizer(
                live, self._chosen_recognizer(), self._dependencies().microphone, self._history, on_listening
            )

        self._run_and_report(run, on_result)

    def try_polish(
        self, text: str, style: str, available: bool, on_result: Callable[[PolishTrial | UserError], None]
    ) -> None:
        """Have the configured language model, if `available`, rewrite `text` in the given style, within its time
        budget."""
        dependencies = self._dependencies()

        async def run() -> PolishTrial:
            if not available:
                raise UserError("No language model is chosen.", "Choose one for polish.")
            return await try_polisher(dependencies.polisher, text, style_named(dependencies.styles, style))

        self._run_and_report(run, on_result)

    def _run_and_report[T](self, work: Callable[[], Awaitable[T]], on_result: Callable[[T | UserError], None]) -> None:
        async def run() -> None:
            on_result(await run_safely_async(work))

        self._spawn(run)
