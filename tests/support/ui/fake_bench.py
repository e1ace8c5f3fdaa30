"""The comparison of models for the windows: a report in memory, and a record of the requests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, override

from desktop.app.bench_service import BenchProgress
from desktop.core.errors import UserError
from desktop.history.rows import HistoryRow
from desktop.ui.controllers.bench import BenchController


def compared(name: str, verdict: str, *, right: float = 90.0, **more: Any) -> dict[str, Any]:
    """What the report has of a model."""
    row = {"model": name, "title": f"Whisper {name}", "verdict": verdict, "checked": 32, "words": 412}
    row |= {"words_right_percent": right, "wrong_percent": 100 - right, "names": 9, "names_right": 6}
    row |= {"release_p50_ms": 182.0, "release_p95_ms": 431.0, "usd_per_hour": 0.0, "bytes": 78_000_000}
    row |= {"difference_percent": None, "gain_percent": None}
    return row | more


def make_report(**more: Any) -> dict[str, Any]:
    """A report of three models, one of which is worth it."""
    better = {"difference_percent": {"value": -4.1, "low": -6.4, "high": -1.8}, "gain_percent": 3.6}
    alike = {"difference_percent": {"value": -0.4, "low": -2.4, "high": 1.6}, "gain_percent": 0.2}
    report: dict[str, Any] = {
        "checked": 36,
        "unchecked": 12,
        "sampled": 32,
        "to_check": [],
        "service_in_use": "",
        "min_recordings": 30,
        "results": 108,
        "results_wanted": 108,
        "models": [
            compared("base", "worth-it", right=95.6, names_right=8, bytes=145_000_000, **better),
            compared("tiny", "in-use", right=91.5),
            compared("tiny.en", "unclear", right=91.9, **alike),
        ],
        "services": [
            {"engine": "openai", "model": "gpt-transcribe", "usd_per_hour": 0.27, "verdict": "not-run"},
            {"engine": "deepgram", "model": "nova-3", "usd_per_hour": 0.258, "verdict": "not-run"},
        ],
    }
    return report | more


@dataclass
class FakeBench(BenchController):
    """`report` is what is known, `asked` what was asked of it; `move` tells how far the comparison is."""

    report: dict[str, Any] | UserError = field(default_factory=make_report)
    asked: list[str] = field(default_factory=list)
    watching: list[Callable[[BenchProgress], None]] = field(default_factory=list)

    def move(self, progress: BenchProgress) -> None:
        """Tell how far it is."""
        for on_change in tuple(self.watching):
            on_change(progress)

    @override
    def load_report(self, on_result: Callable[[Any], None]) -> None:
        self.asked.append("load")
        on_result(self.report)

    @override
    def watch(self, on_change: Callable[[BenchProgress], None]) -> Callable[[], None]:
        self.watching.append(on_change)
        on_change(BenchProgress())
        return lambda: self.watching.remove(on_change)

    @override
    def open_dictation(self, row: HistoryRow) -> None:
        self.asked.append(f"open {row.id}")

    @override
    def start(self) -> None:
        self.asked.append("start")

    @override
    def stop(self) -> None:
        self.asked.append("stop")
