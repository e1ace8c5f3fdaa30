"""Compare local models side by side: each recording is dictated to every model, in turns, in one run.

The order changes from recording to recording, so that other load on the machine affects all of them. A recording with a
text in the manifest counts for the error rate as well; each model gets the language that the manifest names, if any.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from anyio import to_thread

from desktop.audio.file import read_audio
from desktop.bench import metrics
from desktop.bench.dataset import DatasetItem, read_manifest, sample_items
from desktop.bench.decoders import BenchEngine, load_streaming
from desktop.bench.harness import run_dictation
from desktop.bench.metrics import percentile, theil_sen
from desktop.bench.passages import LEAD_S, Passage, find_speech
from desktop.core.errors import UserError
from desktop.core.table import ProgressBar, format_table
from desktop.core.types import RATE_HZ, model_title

LATE_S = 0.3
"""Seconds from the last word to the key-up."""

LENGTH_STEPS_S = (5.0, 10.0, 20.0, 30.0, 60.0)
"""Lengths in seconds up to which recordings are taken together in the plot."""


@dataclass(frozen=True, slots=True)
class EngineTake:
    """One recording dictated to one model. `edits` of `words` reference words, both 0 without a text."""

    path: str
    model: str
    seed: int
    duration_s: float
    release_to_text_ms: float | None
    first_partial_ms: float | None
    text: str
    edits: int = 0
    words: int = 0


async def measure_engines(
    files: Sequence[Path], models: Sequence[str], limit: int | None, seed: int, out: Path | None
) -> dict[str, Any]:
    """Measure the models on these recordings, or on those of a folder's manifest. Raises `UserError`.

    With `out` a run that was interrupted is resumed.
    """
    folder, items = await to_thread.run_sync(_list_items, files, limit, seed)
    if any(item.text for item in items):
        metrics.require_scoring()
    takes = _read_takes(out, seed)
    bar = ProgressBar(len(items) * len(models))
    async with AsyncExitStack() as stack:
        engines = {name: await stack.enter_async_context(load_streaming(name)) for name in models}
        conditions = {name: engine.describe() for name, engine in engines.items()}
        try:
            for number, item in enumerate(items):
                for name in _turn(models, number):
                    if (item.path, name) not in takes:
                        bar.update(len(takes), f"{item.path} by {name}")
                        take = await _measure_take(engines[name], folder, item, name, seed)
                        takes[item.path, name] = take
                        _add_take(out, take)
            memory = {
                name: await to_thread.run_sync(_private_mb, engine.whisper.pid) for name, engine in engines.items()
            }
        finally:
            bar.clear()
    wanted = {(item.path, name) for item in items for name in models}
    return build_engines_report(
        [take for key, take in takes.items() if key in wanted], models, seed, conditions, memory
    )


def _turn(models: Sequence[str], number: int) -> list[str]:
    """Return the models, another one first each time."""
    start = number % len(models)
    return [*models[start:], *models[:start]]


def _list_items(files: Sequence[Path], limit: int | None, seed: int) -> tuple[Path, list[DatasetItem]]:
    if not files:
        raise UserError("bench-release-speech-missing")
    if len(files) == 1 and files[0].is_dir():
        return files[0], sample_items(read_manifest(files[0]), limit, seed)
    return Path(), sample_items([DatasetItem(str(file), "", lang="") for file in files], limit, seed)


async def _measure_take(engine: BenchEngine, folder: Path, item: DatasetItem, name: str, seed: int) -> EngineTake:
    audio = await to_thread.run_sync(read_audio, folder / item.path)
    first, last = find_speech(audio)
    if first == last:
        raise UserError("bench-file-without-speech", path=item.path)
    lead = np.zeros(round(LEAD_S * RATE_HZ), np.float32)
    passage = Passage(np.concatenate([lead, audio[first:last]]), LEAD_S, LEAD_S + (last - first) / RATE_HZ)
    engine.whisper.languages = (item.lang,) if item.lang else engine.languages
    dictation = await run_dictation(engine.whisper, passage, LATE_S)
    text = dictation.entry.raw_text if dictation.entry else ""
    reference = metrics.tokenize(item.text, item.lang or "en") if item.text else []
    edits = metrics.count_edits(reference, metrics.tokenize(text, item.lang or "en")) if reference else 0
    return EngineTake(
        item.path,
        name,
        seed,
        round((last - first) / RATE_HZ, 2),
        dictation.release_to_text_ms,
        dictation.first_partial_ms,
        text,
        edits,
        len(reference),
    )


def _read_takes(out: Path | None, seed: int) -> dict[tuple[str, str], EngineTake]:
    """Return the takes with this seed that `out` has; a truncated line is skipped."""
    found: dict[tuple[str, str], EngineTake] = {}
    if out is None or not out.exists():
        return found
    for line in out.read_text(encoding="utf-8").splitlines():
        try:
            take = EngineTake(**json.loads(line))
        except (ValueError, TypeError):
            continue
        if take.seed == seed:
            found[take.path, take.model] = take
    return found


def _add_take(out: Path | None, take: EngineTake) -> None:
    if out is None:
        return
    try:
        with out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(take), ensure_ascii=False) + "\n")
    except OSError as error:
        raise UserError("bench-output-unwritable", path=str(out), reason=str(error.strerror)) from error


def _private_mb(pid: int | None) -> float | None:
    """Return the private megabytes of the model's process; None where the system does not report them."""
    if pid is None or sys.platform != "linux":
        return None
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    kilobytes = sum(int(amount) for amount in re.findall(r"^Private_\w+:\s+(\d+) kB", text, re.MULTILINE))
    return round(kilobytes * 1024 / 1e6, 1)


def build_engines_report(
    takes: Sequence[EngineTake],
    models: Sequence[str],
    seed: int,
    conditions: dict[str, dict[str, Any]],
    memory_mb: dict[str, float | None],
) -> dict[str, Any]:
    """Build all figures by model, and the takes."""
    return {
        "seed": seed,
        "cpus": os.cpu_count(),
        "engines": [
            {
                "model": name,
                "device": conditions.get(name, {}).get("device", ""),
                "private_mb": memory_mb.get(name),
                **_summarize([take for take in takes if take.model == name], seed),
            }
            for name in models
        ],
        "takes": [asdict(take) for take in takes],
    }


def _summarize(takes: Sequence[EngineTake], seed: int) -> dict[str, Any]:
    timed = [take for take in takes if take.release_to_text_ms is not None]
    release = [take.release_to_text_ms or 0.0 for take in timed]
    first_words = [take.first_partial_ms for take in takes if take.first_partial_ms is not None]
    words = sum(take.words for take in takes)
    slope = theil_sen([take.duration_s for take in timed], release, seed)
    return {
        "takes": len(takes),
        "empty": len(takes) - len(timed),
        "words": words,
        "wer_percent": round(100 * sum(take.edits for take in takes) / words, 2) if words else None,
        "release_p50_ms": percentile(release, 50),
        "release_p95_ms": percentile(release, 95),
        "first_partial_p50_ms": percentile(first_words, 50),
        "slope_ms_per_s": asdict(slope) if slope else None,
        "lengths": _by_length(takes),
    }


def _by_length(takes: Sequence[EngineTake]) -> list[dict[str, Any]]:
    """Return the error rate and the median latency of the recordings up to each length."""
    rows, shortest = [], 0.0
    for longest in (*LENGTH_STEPS_S, float("inf")):
        group = [take for take in takes if shortest < take.duration_s <= longest]
        shortest = longest
        words = sum(take.words for take in group)
        if group:
            release = [take.release_to_text_ms for take in group if take.release_to_text_ms is not None]
            rows.append(
                {
                    "length_s": round(sum(take.duration_s for take in group) / len(group), 2),
                    "takes": len(group),
                    "wer_percent": round(100 * sum(take.edits for take in group) / words, 2) if words else None,
                    "release_p50_ms": percentile(release, 50),
                }
            )
    return rows


def format_engines(report: dict[str, Any]) -> str:
    """Format the report as text."""
    keys = ("takes", "empty", "wer_percent", "release_p50_ms", "release_p95_ms", "first_partial_p50_ms", "private_mb")
    rows = [[model_title(row["model"]), row["device"], *(row[key] for key in keys)] for row in report["engines"]]
    header = ("model", "on", "takes", "empty", "WER %", "p50 ms", "p95 ms", "first words ms", "private MB")
    return "\n".join(
        [
            f"{report['cpus']} processors; the key comes up {LATE_S * 1000:.0f} ms after the last word.",
            "",
            format_table(header, rows),
            "",
            "p50, p95: from the key-up to the text. Each recording was dictated to every model in turns.",
        ]
    )
