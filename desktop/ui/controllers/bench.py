"""Answer the page that compares models on the user's own recordings: what is known, and the comparison that runs."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING, Any

from desktop.core.errors import UserError
from desktop.ui.controllers.controller import Controller, OnResult

if TYPE_CHECKING:
    from desktop.app.bench_service import BenchProgress
    from desktop.history.rows import HistoryRow

SEED = 0
"""What is drawn by it is the same at each look."""


class BenchController(Controller):
    """Requests about the comparison of models."""

    unexpected_error = UserError("bench-mine-failed")

    def load_report(self, on_result: OnResult[dict[str, Any]]) -> None:
        """Load the report of `desktop.bench.mine_report` from what was measured so far."""

        def load() -> dict[str, Any]:
            from desktop.bench import mine, mine_report

            setup = mine.load_setup(self._paths, (), mine.DEFAULT_LIMIT, SEED)
            return mine_report.load_report(setup, self._paths.bench_results)

        self._run_with_engine(lambda engine: load(), on_result)

    def watch(self, on_change: Callable[[BenchProgress], None]) -> Callable[[], None]:
        """Watch the comparison that runs, until the returned function is called; `on_change` is called now and at each
        change."""
        stopped = Event()
        notify = self._on_main(on_change, stopped)

        def stop() -> None:
            stopped.set()
            self._post(lambda engine: engine.trials.bench.unwatch(notify))

        self._post(lambda engine: engine.trials.bench.watch(notify))
        return stop

    def open_dictation(self, row: HistoryRow) -> None:
        """Open the dictation in the history, to hear and correct it."""
        self._post(lambda engine: engine.quotations.show(row))

    def start(self) -> None:
        """Compare now."""
        self._post(lambda engine: engine.trials.bench.start())

    def stop(self) -> None:
        """End the comparison; what it has measured stays."""
        self._post(lambda engine: engine.trials.bench.stop())
