"""Measure what streaming costs in accuracy: each recording is streamed at the pace of speech and decoded whole, by the
same model.

The difference counts, with its interval over files: error rates depend on the recordings, and both share them.
Streaming runs on a clock that skips waits (`desktop.bench.clock`), so that hours of recordings take only their decoding
time. A recording ends with its file, as if the key were released there.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from anyio import to_thread

from desktop.audio import file as audio_file
from desktop.bench import metrics
from desktop.bench.clock import SkippingClock
from desktop.bench.dataset import DatasetItem, ItemResult, ResultFile, load_results, read_manifest, sample_items
from desktop.bench.decoders import BatchDecoder, BenchEngine, load_batch, load_streaming
from desktop.bench.metrics import Estimate, estimate_difference
from desktop.core.errors import UserError
from desktop.core.table import ProgressBar, format_table
from desktop.core.types import RATE_HZ


async def measure_accuracy(
    clock: SkippingClock, folder: Path, limit: int | None, seed: int, model: str, out: Path | None
) -> dict[str, Any]:
    """Measure the recordings in `folder` and return the report, see `build_accuracy_report`.

    An unreadable recording is named on standard error and counted as failed. Raises `UserError`.
    """
    metrics.require_scoring()
    items = sample_items(read_manifest(folder), limit, seed)
    results = ResultFile(out)
    failed = 0
    async with load_streaming(model) as engine:
        known_results = load_results(results.lines, engine.model.name, seed)
        done = [_with_current_reference(known_results[item.path], item) for item in items if item.path in known_results]
        missing = [item for item in items if item.path not in known_results]
        batch_decoder = await load_batch(engine) if missing else None
        bar = ProgressBar(len(missing))
        try:
            for number, item in enumerate(missing):
                bar.update(number, item.path)
                try:
                    assert batch_decoder is not None
                    result = await _measure_item(clock, engine, batch_decoder, folder, item, seed)
                except UserError as problem:
                    failed += 1
                    bar.clear()
                    sys.stderr.write(f"{problem.outside_dictation()}\n")
                    continue
                results.add(result)
                done.append(result)
        finally:
            bar.clear()
        return await to_thread.run_sync(build_accuracy_report, done, failed, seed, engine.describe())


def _with_current_reference(result: ItemResult, item: DatasetItem) -> ItemResult:
    """Return an earlier run's result with the references that the manifest has now."""
    return replace(result, reference=item.text, cased=item.cased, lang=item.lang)


async def _measure_item(
    clock: SkippingClock, engine: BenchEngine, batch_decoder: BatchDecoder, folder: Path, item: DatasetItem, seed: int
) -> ItemResult:
    audio = await to_thread.run_sync(audio_file.read_audio, folder / item.path)
    if not len(audio):
        raise UserError("manifest-file-silent", path=str(item.path))
    with clock.skipping(engine.is_busy):
        frames = audio_file.iterate_frames(audio, realtime=True)
        transcript = await engine.whisper.transcribe(frames, lambda partial: None)
    batch_text, _ = await to_thread.run_sync(batch_decoder.decode, audio)
    return ItemResult(
        path=item.path,
        model=engine.model.name,
        seed=seed,
        lang=item.lang,
        reference=item.text,
        cased=item.cased,
        streaming=transcript.text,
        batch=batch_text,
        duration_s=round(len(audio) / RATE_HZ, 2),
        language=transcript.language,
    )


def build_accuracy_report(
    results: Sequence[ItemResult], failed: int, seed: int, conditions: dict[str, Any]
) -> dict[str, Any]:
    """Build all figures, by language, in percent; `flagged` names the recordings whose end was lost or words
    doubled."""
    languages = sorted({result.lang for result in results})
    by_language = {language: [result for result in results if result.lang == language] for language in languages}
    rows = [_language_row(language, group, seed) for language, group in by_language.items()]
    return {
        **conditions,
        "seed": seed,
        "files": len(results),
        "failed": failed,
        "duration_s": round(sum(result.duration_s for result in results), 1),
        "languages": [row for row, _ in rows],
        "flagged": [flag for _, flags in rows for flag in flags],
    }


def _language_row(
    language: str, results: Sequence[ItemResult], seed: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    texts = [
        [metrics.tokenize(text, language) for text in (result.reference, result.streaming, result.batch)]
        for result in results
    ]
    cased = [
        [metrics.tokenize_cased(text, language) for text in (result.cased, result.streaming, result.batch)]
        for result in results
        if result.cased
    ]
    shortest = metrics.MIN_DOUBLED_CHARACTERS if metrics.is_scored_by_character(language) else metrics.MIN_DOUBLED_WORDS
    flags = []
    for result, (reference, streaming, batch) in zip(results, texts, strict=True):
        lost_tail = metrics.has_lost_tail(reference, batch, streaming)
        doubled = metrics.find_doubled(reference, batch, streaming, shortest)
        if lost_tail or doubled:
            flags.append({"path": result.path, "lost_tail": lost_tail, "doubled": [" ".join(run) for run in doubled]})
    row = {
        "lang": language,
        "metric": "cer" if metrics.is_scored_by_character(language) else "wer",
        "files": len(results),
        **_error_rates(texts, seed),
        "cased": {"files": len(cased), **_error_rates(cased, seed)} if cased else None,
        "exact_streaming_percent": _percent(sum(t[1] == t[0] for t in texts) / len(texts)),
        "exact_batch_percent": _percent(sum(t[2] == t[0] for t in texts) / len(texts)),
        "lost_tail": sum(1 for flag in flags if flag["lost_tail"]),
        "doubled": sum(1 for flag in flags if flag["doubled"]),
    }
    return row, flags


def _error_rates(texts: Sequence[Sequence[list[str]]], seed: int) -> dict[str, Any]:
    """Compute the error rates of [reference, streaming, batch] per file and their difference, in percent."""
    counted = [t for t in texts if t[0]]  # a rate needs a reference, and every resample at least one word
    words = [len(reference) for reference, _, _ in counted]
    streaming_edits = [metrics.count_edits(reference, text) for reference, text, _ in counted]
    batch_edits = [metrics.count_edits(reference, text) for reference, _, text in counted]
    if not counted:
        return {"reference_words": 0, "streaming_percent": None, "batch_percent": None, "difference_percent": None}
    return {
        "reference_words": sum(words),
        "streaming_percent": _percent(sum(streaming_edits) / sum(words)),
        "batch_percent": _percent(sum(batch_edits) / sum(words)),
        "difference_percent": _to_percent(estimate_difference(streaming_edits, batch_edits, words, seed)),
    }


def _to_percent(estimate: Estimate) -> dict[str, float]:
    return {key: _percent(value) for key, value in asdict(estimate).items()}


def _percent(fraction: float) -> float:
    return round(100 * fraction, 3)


def format_accuracy(report: dict[str, Any]) -> str:
    """Format the report as text."""
    rows = []
    for row in report["languages"]:
        marks = (row["exact_streaming_percent"], row["exact_batch_percent"], row["lost_tail"], row["doubled"])
        rows.append([f"{row['lang']} {row['metric'].upper()}", row["files"], *_rate_columns(row), *marks])
        if row["cased"]:
            rows.append([f"{row['lang']} as written", row["cased"]["files"], *_rate_columns(row["cased"]), *[None] * 4])
    header = ("", "files", "words", "ours %", "batch %", "ours - batch", "95 % interval")
    marks = ("exact %", "batch exact %", "lost end", "doubled")
    flagged = [
        f"{flag['path']}: {', '.join([*(['its end is lost'] if flag['lost_tail'] else []), *flag['doubled']])}"
        for flag in report["flagged"]
    ]
    return "\n".join(
        [
            f"{report['model']} on {report['device']}: {report['files']} files, {report['duration_s'] / 60:.1f} min.",
            "",
            format_table((*header, *marks), rows),
            *(["", "Ends lost and words doubled, where batch has neither:", *flagged] if flagged else []),
            *([f"{report['failed']} files could not be measured."] if report["failed"] else []),
        ]
    )


def _rate_columns(rates: dict[str, Any]) -> list[object]:
    difference = rates["difference_percent"]
    interval = f"{difference['low']:+.2f} to {difference['high']:+.2f}" if difference else None
    return [
        rates["reference_words"],
        rates["streaming_percent"],
        rates["batch_percent"],
        f"{difference['value']:+.2f}" if difference else None,
        interval,
    ]
