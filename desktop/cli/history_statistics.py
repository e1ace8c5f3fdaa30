"""`intone history stats`: print statistics of the history, as the statistics window draws them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from desktop.core.paths import find_paths
from desktop.core.text import make_printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.history.statistics import HistoryStatistics, Tally

MAX_APPS = 10
"""Maximum number of applications printed; JSON has all."""


def register_stats(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], parse_moment: Callable[[str, datetime], datetime]
) -> None:
    """Add the action to `intone history`; `parse_moment` parses a moment."""
    summary = "add up words, time, emotions and waits"
    parser = actions.add_parser(
        "stats",
        help=summary,
        description=f"{summary.capitalize()}.",
        epilog="Example: intone history stats --since 30d",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--since",
        metavar="T",
        type=lambda text: parse_moment(text, datetime.now().astimezone()),
        help="only what was begun then or later, as for `list`",
    )
    parser.set_defaults(run=_run_stats)


def _run_stats(args: argparse.Namespace) -> int:
    from desktop.history.statistics import compute_statistics

    stats = compute_statistics(find_paths().history, datetime.now().astimezone().date(), args.since)
    print(json.dumps(stats.to_json(), ensure_ascii=False) if args.json else "\n".join(_stats_lines(stats)))
    return 0


def _stats_lines(stats: HistoryStatistics) -> Iterator[str]:
    from desktop.history.statistics import TYPING_WPM

    total = stats.total
    if not total.dictations:
        yield "Nothing was dictated."
        return
    pace = f", {total.words_per_minute:.0f} words a minute" if total.words_per_minute else ""
    yield f"{_count_noun(total.dictations, 'dictation')}, {_count_noun(total.words, 'word')}{pace}"
    yield f"{_format_duration(stats.saved_s)} saved against typing {TYPING_WPM} words a minute"
    yield f"{_count_noun(stats.streak_days, 'day')} in a row, {stats.longest_streak_days} at most"
    if total.emotion_count:
        yield ""
        yield f"How {_count_noun(total.emotion_count, 'dictation')} sounded (an expression heard, not a feeling known):"
        yield from (f"  {line}" for line in _emotion_lines(total))
        if stats.corrected_count:
            yield f"  {stats.corrected_count} of them corrected by you"
        if stats.is_calibrating:
            yield "  The voice is still calibrating: until it is known, the words decide."
    yield ""
    yield "Applications:"
    for app in stats.apps[:MAX_APPS]:
        yield f"  {app.dictations:>6}  {make_printable(app.key) or '(unknown)'}"
    if stats.latencies:
        yield ""
        yield "Milliseconds        half within   95 % within"
        for latency in stats.latencies:
            yield f"  {latency.stage.replace('_', ' '):<16}  {latency.p50_ms:>11}  {latency.p95_ms:>12}"


def _emotion_lines(total: Tally) -> Iterator[str]:
    from desktop.history.statistics import EMOTION_KINDS

    for kind, count in zip(EMOTION_KINDS, total.emotion_counts, strict=True):
        if count:
            yield f"{kind:<10} {count:>6}  {count / total.emotion_count:>4.0%}"


def _count_noun(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _format_duration(seconds: float) -> str:
    hours, minutes = divmod(round(abs(seconds) / 60), 60)
    sign = "-" if seconds < 0 and (hours or minutes) else ""
    return f"{sign}{hours} h {minutes} min" if hours else f"{sign}{minutes} min"
