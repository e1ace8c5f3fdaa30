"""`intone bench`: measure Intone on this machine, in figures that users can reproduce.

Needs no running app, display or microphone, and writes no history.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.core.errors import UserError

LENGTHS_S = (3.0, 11.0, 30.0, 60.0, 120.0)


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its measurements."""
    command = subparsers.add_parser(
        "bench",
        help="measure latency, accuracy and memory on this machine",
        description="Measure what Intone does on this machine, with the chosen model and your own recordings.",
        epilog="Example: intone bench release --plot latency.png *.flac",
    )
    measurements = command.add_subparsers(metavar="MEASUREMENT", required=True)

    def add(name: str, run: Callable[[argparse.Namespace], int], summary: str, example: str) -> argparse.ArgumentParser:
        parser = measurements.add_parser(
            name, help=summary, description=f"{summary.capitalize()}.", epilog=f"Example: intone bench {example}"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--seed", metavar="S", type=int, default=0, help="of all that is drawn (default: 0)")
        if name not in ("engines", "mine"):
            parser.add_argument("--model", metavar="NAME", default="", help="a model other than the settings' one")
        parser.set_defaults(run=run)
        return parser

    release = add(
        "release",
        _run_release,
        "time from the key-up to the text by length of dictation, streaming against batch",
        "release --lengths 3,30 --takes 5 *.flac",
    )
    accuracy = add("accuracy", _run_accuracy, "compare the error rates of streaming and batch", "accuracy recordings/")
    memory = add("memory", _run_memory, "see whether memory grows over a long dictation", "memory --minutes 5 *.flac")
    cloud = add(
        "cloud",
        _run_cloud,
        "compare the services that have a key, and the local engine, on the same recordings",
        "cloud --engines openai,deepgram recordings/",
    )
    engines = add(
        "engines",
        _run_engines,
        "compare local models on the same recordings, in turns",
        "engines --models base,moonshine-base --plot engines.svg recordings/",
    )
    mine = add(
        "mine",
        _run_mine,
        "compare the installed models on your own recordings and corrected texts; nothing leaves the machine",
        "mine --models tiny,base --minutes 10",
    )
    mine.add_argument(
        "--models",
        metavar="A,B",
        type=_parse_models,
        default=(),
        help="these and the one in use (default: all installed)",
    )
    mine.add_argument(
        "--limit",
        metavar="N",
        type=_parse_count,
        default=60,
        help="so many recordings, drawn by the seed (default: 60)",
    )
    mine.add_argument(
        "--minutes", metavar="M", type=_create_number_parser(0), help="end after so long; the next run goes on"
    )
    engines.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        type=Path,
        help="recordings of speech, or a folder with a manifest.tsv, by which errors are counted too",
    )
    engines.add_argument(
        "--models", metavar="A,B", type=_parse_models, required=True, help="names that `intone models list` prints"
    )
    engines.add_argument("--limit", metavar="N", type=_parse_count, help="so many recordings, drawn by the seed")
    engines.add_argument(
        "--out", metavar="FILE", type=Path, help="add a JSON line a recording and model, and skip those that have one"
    )
    engines.add_argument("--plot", metavar="SVG", type=Path, help="draw latency and errors over length into this file")
    for parser in (release, memory):
        parser.add_argument("files", nargs="*", metavar="FILE", type=Path, help="recordings of speech, any format")
    release.add_argument(
        "--lengths", metavar="S,S", type=_parse_lengths, default=LENGTHS_S, help="seconds (default: 3,11,30,60,120)"
    )
    release.add_argument("--takes", metavar="N", type=_parse_count, default=3, help="takes of each length (default: 3)")
    release.add_argument(
        "--late-ms",
        metavar="MS",
        type=_create_number_parser(0),
        default=300.0,
        help="from the last word to the key-up (default: 300)",
    )
    release.add_argument("--plot", metavar="PNG", type=Path, help="draw latency over length into this file")
    accuracy.add_argument("folder", metavar="DIR", type=Path, help="audio files and a manifest.tsv with path and text")
    accuracy.add_argument("--limit", metavar="N", type=_parse_count, help="so many recordings, drawn by the seed")
    accuracy.add_argument(
        "--out", metavar="FILE", type=Path, help="add a JSON line a recording, and skip those that have one"
    )
    cloud.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        type=Path,
        help="recordings of speech, or a folder with a manifest.tsv, by which errors are counted too",
    )
    cloud.add_argument(
        "--engines", metavar="A,B", type=_parse_engines, default=(), help="these alone (default: all that can be asked)"
    )
    cloud.add_argument("--limit", metavar="N", type=_parse_count, help="so many recordings, drawn by the seed")
    memory.add_argument(
        "--minutes", metavar="M", type=_create_number_parser(0.1), default=2.0, help="of dictation (default: 2)"
    )


def _run_release(arguments: argparse.Namespace) -> int:
    import anyio

    from desktop.bench import plot, release

    if arguments.plot is not None:
        plot.require_plotting(arguments.plot)
    report = anyio.run(
        release.measure_release,
        arguments.files,
        arguments.lengths,
        arguments.takes,
        arguments.late_ms / 1000,
        arguments.seed,
        arguments.model,
    )
    _print_report(report, release.format_release, arguments.json)
    if arguments.plot is not None:
        plot.draw_plot(report, arguments.plot)
    return 0


def _run_accuracy(arguments: argparse.Namespace) -> int:
    from desktop.bench import accuracy

    report = _run_with_skipping_clock(
        accuracy.measure_accuracy, arguments.folder, arguments.limit, arguments.seed, arguments.model, arguments.out
    )
    _print_report(report, accuracy.format_accuracy, arguments.json)
    return 1 if report["failed"] else 0


def _run_memory(arguments: argparse.Namespace) -> int:
    from desktop.bench import memory

    report = _run_with_skipping_clock(
        memory.measure_memory, arguments.files, arguments.minutes, arguments.seed, arguments.model
    )
    _print_report(report, memory.format_memory, arguments.json)
    return 0


def _run_cloud(arguments: argparse.Namespace) -> int:
    import anyio

    from desktop.bench import cloud
    from desktop.stt.cloud.factory import create_recognizer

    report = anyio.run(
        cloud.measure_cloud,
        arguments.files,
        arguments.engines,
        arguments.limit,
        arguments.seed,
        arguments.model,
        create_recognizer,
    )
    _print_report(report, cloud.format_cloud, arguments.json)
    return 1 if any(row["failed"] for row in report["engines"]) else 0


def _run_engines(arguments: argparse.Namespace) -> int:
    import anyio

    from desktop.bench import engines, svg_plot

    if arguments.plot is not None:
        svg_plot.require_svg(arguments.plot)
    models = arguments.models
    report = anyio.run(engines.measure_engines, arguments.files, models, arguments.limit, arguments.seed, arguments.out)
    _print_report(report, engines.format_engines, arguments.json)
    if arguments.plot is not None:
        svg_plot.draw_engines(report, arguments.plot)
    return 0


def _run_mine(arguments: argparse.Namespace) -> int:
    import anyio

    from desktop.bench import mine, mine_report
    from desktop.bench.clock import SkippingClock
    from desktop.core.paths import find_paths
    from desktop.core.table import ProgressBar
    from desktop.core.text import make_printable

    paths = find_paths()
    setup = mine.load_setup(paths, arguments.models, arguments.limit, arguments.seed)
    clock = SkippingClock()
    max_s = None if arguments.minutes is None else 60 * arguments.minutes
    bar = ProgressBar(len(setup.models) * len(setup.drawn))
    left_out: list[str] = []

    def on_progress(progress: mine.Progress) -> None:
        bar.update(progress.done, progress.model)

    def on_left_out(name: str, problem: UserError) -> None:
        left_out.append(f"Left out: {name}. {problem}")

    try:
        work = partial(mine.measure, clock, setup, paths.bench_results, on_progress, on_left_out, max_s)
        anyio.run(work, backend_options={"loop_factory": clock.create_loop})
    finally:
        bar.clear()
    for line in left_out:
        print(make_printable(line), file=sys.stderr)
    _print_report(mine_report.load_report(setup, paths.bench_results), mine_report.format_mine, arguments.json)
    return 0


def _run_with_skipping_clock(measure: Callable[..., Any], *arguments: object) -> dict[str, Any]:
    import anyio

    from desktop.bench.clock import SkippingClock

    clock = SkippingClock()
    report: dict[str, Any] = anyio.run(measure, clock, *arguments, backend_options={"loop_factory": clock.create_loop})
    return report


def _print_report(report: dict[str, Any], text: Callable[[dict[str, Any]], str], as_json: bool) -> None:
    print(json.dumps(report, ensure_ascii=False) if as_json else text(report), flush=True)


def _parse_count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("give a whole number from 1")
    return number


def _parse_engines(text: str) -> tuple[str, ...]:
    known = ("openai", "openai-live", "deepgram", "deepgram-live", "compatible", "whisper")
    chosen = tuple(part.strip() for part in text.split(",") if part.strip())
    if unknown := [name for name in chosen if name not in known]:
        raise argparse.ArgumentTypeError(f"{unknown[0]} is none of {', '.join(known)}")
    return chosen


def _parse_models(text: str) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not chosen:
        raise argparse.ArgumentTypeError("name at least one model")
    return chosen


def _create_number_parser(minimum: float) -> Callable[[str], float]:
    def parse_number(text: str) -> float:
        value = float(text)
        if not minimum <= value < math.inf:
            raise argparse.ArgumentTypeError(f"give a number from {minimum:g}")
        return value

    return parse_number


def _parse_lengths(text: str) -> tuple[float, ...]:
    return tuple(_create_number_parser(1)(part) for part in text.split(","))
