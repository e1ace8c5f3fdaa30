"""Report what the user's own recordings say of the installed models, for scripts, terminals and the window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from desktop.bench.comparison import (
    MAX_RELEASE_MS,
    MIN_GAIN,
    MIN_RECORDINGS,
    ModelComparison,
    WordCounts,
    compare_models,
)
from desktop.bench.metrics import RESAMPLES
from desktop.bench.mine import MineSetup, current_counts, list_compared
from desktop.bench.said import list_to_check
from desktop.core.engine_names import ENGINE_NAMES, model_title
from desktop.core.errors import UserError
from desktop.core.table import format_table
from desktop.history.bench_results import load_results
from desktop.network.provider_models import find_provider_model, recommend_model
from desktop.settings.schema import AUTO, Settings

PRICED_ENGINES = ("openai", "openai-live", "deepgram", "deepgram-live")
"""The services whose price is known."""

VERDICTS = {
    "in-use": "in use",
    "worth-it": "worth it",
    "small": "better, perhaps by too little to be worth it",
    "slow": "better, and too slow at release",
    "unclear": "no difference that can be seen",
    "worse": "worse",
    "too-few": "too few corrected recordings",
}


def load_report(setup: MineSetup, file: Path) -> dict[str, Any]:
    """Build the report from the results stored in `file`. Blocks."""
    return build_mine_report(setup, current_counts(setup, load_results(file)), date.today())


def build_mine_report(setup: MineSetup, counts: Mapping[tuple[str, str], WordCounts], today: date) -> dict[str, Any]:
    """Build all figures from the results that there are. Shares are in percent, differences in percent of the words."""
    compared = compare_models(
        list_compared(setup, counts), list(setup.models), setup.in_use, setup.unchecked_totals(), setup.seed
    )
    checked = [one for one in setup.drawn if one.is_checked]
    everything = setup.all_said.recordings
    engine = setup.settings.recognizer.engine
    return {
        "seed": setup.seed,
        "resamples": RESAMPLES,
        "in_use": setup.in_use,
        "service_in_use": engine if engine in ENGINE_NAMES and engine != "whisper" else "",
        "checked": len(checked),
        "unchecked": len(setup.drawn) - len(checked),
        "checked_in_all": sum(one.is_checked for one in everything),
        "unchecked_in_all": sum(not one.is_checked for one in everything),
        "sampled": count_sampled(compared),
        "to_check": [one.row.id for one in list_to_check(setup.draw, everything)],
        "rewritten": setup.all_said.rewritten,
        "duration_s": round(sum(one.row.duration_s for one in setup.drawn), 1),
        "results": len(counts),
        "results_wanted": len(setup.models) * len(setup.drawn),
        "min_recordings": MIN_RECORDINGS,
        "min_gain_percent": 100 * MIN_GAIN,
        "max_release_ms": MAX_RELEASE_MS,
        "models": [_describe_model(setup, one) for one in compared],
        "services": list_services(setup.settings, today),
    }


def count_sampled(compared: Sequence[ModelComparison]) -> int:
    """Return how many recordings of the sample all models that were measured have a result of; 0 where what is said of
    one of them is of others too."""
    measured = [one for one in compared if one.checked]
    return min((one.checked for one in measured), default=0) if all(one.is_sampled for one in measured) else 0


def _describe_model(setup: MineSetup, compared: ModelComparison) -> dict[str, Any]:
    counts, difference = compared.counts, compared.difference
    folder = setup.models[compared.model].folder
    return {
        "model": compared.model,
        "title": model_title(compared.model) if compared.model in setup.store.models else compared.model,
        "verdict": compared.verdict,
        "checked": compared.checked,
        "words": counts.words,
        "words_right_percent": _percent(max(0, counts.words - counts.errors), counts.words),
        "wrong_percent": _percent(counts.errors, counts.words),
        "names": counts.names,
        "names_right": counts.names_right,
        "release_p50_ms": compared.release_p50_ms,
        "release_p95_ms": compared.release_p95_ms,
        "usd_per_hour": 0.0,
        "bytes": sum(file.stat().st_size for file in folder.glob("*") if file.is_file()),
        "difference_percent": None
        if difference is None
        else {key: round(100 * value, 2) for key, value in asdict(difference).items()},
        "gain_percent": None if difference is None else round(100 * compared.gain, 2),
    }


def list_services(settings: Settings, today: date) -> list[dict[str, Any]]:
    """Return the services with their price in US dollars for an hour of speech; they are not run."""
    services = []
    for engine in PRICED_ENGINES:
        model = getattr(settings.engines, engine.replace("-", "_")).model
        try:
            model = recommend_model(engine, {}, today) if model == AUTO else model
        except UserError:
            continue
        price = find_provider_model(engine, model).usd_per_min
        usd_per_hour = None if price is None else round(60 * price, 4)
        services.append({"engine": engine, "model": model, "usd_per_hour": usd_per_hour, "verdict": "not-run"})
    return services


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 2) if whole else None


def format_mine(report: dict[str, Any]) -> str:
    """Format the report as text."""
    header = (
        "model",
        "words right %",
        "names",
        "recordings",
        "p50 ms",
        "p95 ms",
        "US$/h",
        "MB",
        "wrong % - in use's",
        "95 % interval",
    )
    rows = [_format_row(row) for row in report["models"]]
    rows += [
        [f"{ENGINE_NAMES[row['engine']]} {row['model']}", *[None] * 5, row["usd_per_hour"], *[None] * 3]
        for row in report["services"]
    ]
    return "\n".join(
        [
            f"{report['checked']} recordings whose text you corrected and {report['unchecked']} others "
            f"({report['duration_s'] / 60:.1f} min), seed {report['seed']}.",
            "",
            format_table(header, rows),
            "",
            *[f"{row['title']}: {describe_verdict(row, report)}" for row in report["models"]],
            "",
            *_format_notes(report),
        ]
    )


def _format_row(row: Mapping[str, Any]) -> list[object]:
    difference = row["difference_percent"]
    return [
        row["title"],
        row["words_right_percent"],
        f"{row['names_right']}/{row['names']}" if row["names"] else None,
        row["checked"],
        row["release_p50_ms"],
        row["release_p95_ms"],
        row["usd_per_hour"],
        round(row["bytes"] / 1e6),
        f"{difference['value']:+.2f}" if difference else None,
        f"{difference['low']:+.2f} to {difference['high']:+.2f}" if difference else None,
    ]


def _format_basis(report: Mapping[str, Any]) -> str:
    if report["sampled"] >= report["min_recordings"]:
        return (
            f"All is of the {report['sampled']} recordings that were drawn by chance and checked: they stand for all."
        )
    ids = " ".join(map(str, report["to_check"][:10]))
    return (
        "Words and names are those of the corrected recordings. Texts are corrected because they are wrong, and others "
        "have the mistakes of the model that wrote them: the interval counts both against each claim, and is wide."
        + (
            f"\nCheck these, drawn by chance, for a narrower one (`intone history edit ID`, also if right): {ids}"
            if ids
            else ""
        )
    )


def describe_verdict(row: Mapping[str, Any], report: Mapping[str, Any]) -> str:
    """Return in a sentence what can be said of the model."""
    difference, verdict = row["difference_percent"], VERDICTS[row["verdict"]]
    if row["verdict"] in ("worth-it", "small", "slow"):
        return f"{verdict}: {-difference['high']:.1f} to {-difference['low']:.1f} fewer wrong words in a hundred."
    if row["verdict"] == "worse":
        return f"{verdict}: {difference['low']:.1f} to {difference['high']:.1f} more wrong words in a hundred."
    if row["verdict"] == "unclear":
        return f"{verdict} on {row['checked']} recordings."
    if row["verdict"] == "too-few":
        return f"{verdict}: {row['checked']} of the {report['min_recordings']} that a comparison needs."
    return f"{verdict}."


def _format_notes(report: Mapping[str, Any]) -> Sequence[str]:
    rest = report["results_wanted"] - report["results"]
    service = report["service_in_use"]
    return [
        _format_basis(report),
        "Time from the end of the recording to its text, measured by streaming it at the pace of speech, without "
        "polish and paste.",
        "Services were not run: they would be sent your recordings. Nothing has left this machine.",
        *(
            [f"You use {ENGINE_NAMES[service]}; compared is the local model that answers in its place."]
            if service
            else []
        ),
        *([f"Left out, since their text was rewritten: {report['rewritten']}."] if report["rewritten"] else []),
        *([f"Not measured yet: {rest} of {report['results_wanted']}. The next run goes on."] if rest else []),
    ]
