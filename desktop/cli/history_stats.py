"""`intone history stats`: print statistics of the history, as the statistics window draws them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from desktop.core.paths import paths
from desktop.core.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.history.statistics import Insights, Tally

APPS = 10
"""Maximum number of applications printed; JSON has all."""


def register(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], since: Callable[[str, datetime], datetime]
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
        type=lambda text: since(text, datetime.now().astimezone()),
        help="only what was begun then or later, as for `list`",
    )
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from desktop.history.asking import insights

    found = insights(paths().history, datetime.now().astimezone().date(), args.since)
    print(json.dumps(found.json(), ensure_ascii=False) if args.json else "\n".join(_lines(found)))
    return 0


def _lines(found: Insights) -> Iterator[str]:
    from desktop.history.statistics import TYPING_WPM

    total = found.total
    if not total.dictations:
        yield "Nothing was dictated."
        return
    pace = f", {total.words_per_minute:.0f} words a minute" if total.words_per_minute else ""
    yield f"{_counted(total.dictations, 'dictation')}, {_counted(total.said, 'word')}{pace}"
    yield f"{_duration(found.saved_s)} saved against typing {TYPING_WPM} words a minute"
    yield f"{_counted(found.streak_days, 'day')} in a row, {found.longest_streak_days} at most"
    if total.judged:
        yield ""
        yield f"How {_counted(total.judged, 'dictation')} sounded (an expression heard, not a feeling known):"
        yield from (f"  {line}" for line in _kinds(total))
        if found.corrected:
            yield f"  {found.corrected} of them corrected by you"
        if found.calibrating:
            yield "  The voice is still calibrating: until it is known, the words decide."
    yield ""
    yield "Applications:"
    for app in found.apps[:APPS]:
        yield f"  {app.dictations:>6}  {visible(app.key) or '(unknown)'}"
    if found.waits:
        yield ""
        yield "Milliseconds        half within   95 % within"
        for wait in found.waits:
            yield f"  {wait.stage.replace('_', ' '):<16}  {wait.p50_ms:>11}  {wait.p95_ms:>12}"


def _kinds(total: Tally) -> Iterator[str]:
    from desktop.history.statistics import KINDS

    for kind, count in zip(KINDS, total.kinds, strict=True):
        if count:
            yield f"{kind:<10} {count:>6}  {count / total.judged:>4.0%}"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _duration(seconds: float) -> str:
    hours, minutes = divmod(round(abs(seconds) / 60), 60)
    sign = "-" if seconds < 0 and (hours or minutes) else ""
    return f"{sign}{hours} h {minutes} min" if hours else f"{sign}{minutes} min"
