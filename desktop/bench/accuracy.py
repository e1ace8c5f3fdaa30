"""Measure what streaming costs in accuracy: each recording is streamed at the pace of speech and decoded whole, by the
same model.

The difference counts, with its interval over files: error rates depend on the recordings, and both share them.
Streaming runs on a clock that skips waits (`bench.clock`), so that hours of recordings take only their decoding time. A
recording ends with its file, as if the key were released there.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from anyio import to_thread

from desktop.audio import file as audio_file
from desktop.bench import metrics as score
from desktop.bench.clock import SkippingClock
from desktop.bench.dataset import Heard, Item, Results, drawn, known, read
from desktop.bench.engines import Batch, Engine, batch, streaming
from desktop.bench.estimate import Estimate, difference
from desktop.core.errors import Problem
from desktop.core.table import Bar, table
from desktop.core.types import RATE_HZ


async def measure(
    clock: SkippingClock, folder: Path, limit: int | None, seed: int, model: str, out: Path | None
) -> dict[str, Any]:
    """Measure the recordings in `folder` and return the report, see `build_accuracy_report`.

    An unreadable recording is named on standard error and counted as failed. Raises `UserError`.
    """
    score.ready()
    items = drawn(read(folder), limit, seed)
    results = Results(out)
    failed = 0
    async with streaming(model) as engine:
        before = known(results.lines, engine.model.name, seed)
        done = [_again(before[item.path], item) for item in items if item.path in before]
        missing = [item for item in items if item.path not in before]
        rival = await batch(engine) if missing else None
        bar = Bar(len(missing))
        try:
            for number, item in enumerate(missing):
                bar.to(number, item.path)
                try:
                    assert rival is not None
                    heard = await _hear(clock, engine, rival, folder, item, seed)
                except Problem as problem:
                    failed += 1
                    bar.clear()
                    sys.stderr.write(f"{problem}\n")
                    continue
                results.add(heard)
                done.append(heard)
        finally:
            bar.clear()
        return await to_thread.run_sync(report, done, failed, seed, engine.described())


def _again(heard: Heard, item: Item) -> Heard:
    """Return an earlier run's result with the references that the manifest has now."""
    return replace(heard, reference=item.text, cased=item.cased, lang=item.lang)


async def _hear(clock: SkippingClock, engine: Engine, rival: Batch, folder: Path, item: Item, seed: int) -> Heard:
    audio = await to_thread.run_sync(audio_file.read, folder / item.path)
    if not len(audio):
        raise Problem(f"{item.path} holds no sound.", "Take it out of the manifest.")
    with clock.skipping(engine.busy):
        said = await engine.whisper.transcribe(audio_file.frames(audio, pace=True), lambda partial: None)
    at_once, _ = await to_thread.run_sync(rival.decode, audio)
    return Heard(
        path=item.path,
        model=engine.model.name,
        seed=seed,
        lang=item.lang,
        reference=item.text,
        cased=item.cased,
        streaming=said.text,
        batch=at_once,
        duration_s=round(len(audio) / RATE_HZ, 2),
        language=said.language,
    )


def report(heard: Sequence[Heard], failed: int, seed: int, described: dict[str, Any]) -> dict[str, Any]:
    """Build all figures, by language, in percent; `flagged` names the recordings whose end was lost or words
    doubled."""
    languages = sorted({one.lang for one in heard})
    rows = [_language(language, [one for one in heard if one.lang == language], seed) for language in languages]
    return {
        **described,
        "seed": seed,
        "files": len(heard),
        "failed": failed,
        "duration_s": round(sum(one.duration_s for one in heard), 1),
        "languages": [row for row, _ in rows],
        "flagged": [flag for _, flags in rows for flag in flags],
    }


def _language(language: str, heard: Sequence[Heard], seed: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    texts = [[score.tokens(t, language) for t in (one.reference, one.streaming, one.batch)] for one in heard]
    cased = [
        [score.cased_tokens(t, language) for t in (one.cased, one.streaming, one.batch)] for one in heard if one.cased
    ]
    shortest = score.DOUBLED_CHARACTERS if score.by_character(language) else score.DOUBLED_WORDS
    flags = []
    for one, (reference, ours, rivals) in zip(heard, texts, strict=True):
        lost = score.lost_tail(reference, rivals, ours)
        twice = score.doubled(reference, rivals, ours, shortest)
        if lost or twice:
            flags.append({"path": one.path, "lost_tail": lost, "doubled": [" ".join(run) for run in twice]})
    row = {
        "lang": language,
        "metric": "cer" if score.by_character(language) else "wer",
        "files": len(heard),
        **_rates(texts, seed),
        "cased": {"files": len(cased), **_rates(cased, seed)} if cased else None,
        "exact_streaming_percent": _percent(sum(t[1] == t[0] for t in texts) / len(texts)),
        "exact_batch_percent": _percent(sum(t[2] == t[0] for t in texts) / len(texts)),
        "lost_tail": sum(1 for flag in flags if flag["lost_tail"]),
        "doubled": sum(1 for flag in flags if flag["doubled"]),
    }
    return row, flags


def _rates(texts: Sequence[Sequence[list[str]]], seed: int) -> dict[str, Any]:
    """Compute the error rates of [reference, streaming, batch] per file and their difference, in percent."""
    counted = [t for t in texts if t[0]]  # a rate needs a reference, and every resample at least one word
    words = [len(reference) for reference, _, _ in counted]
    ours = [score.edits(reference, text) for reference, text, _ in counted]
    rivals = [score.edits(reference, text) for reference, _, text in counted]
    if not counted:
        return {"reference_words": 0, "streaming_percent": None, "batch_percent": None, "difference_percent": None}
    return {
        "reference_words": sum(words),
        "streaming_percent": _percent(sum(ours) / sum(words)),
        "batch_percent": _percent(sum(rivals) / sum(words)),
        "difference_percent": _points(difference(ours, rivals, words, seed)),
    }


def _points(found: Estimate) -> dict[str, float]:
    return {key: _percent(value) for key, value in asdict(found).items()}


def _percent(fraction: float) -> float:
    return round(100 * fraction, 3)


def text(report: dict[str, Any]) -> str:
    """Format the report as text."""
    rows = []
    for row in report["languages"]:
        marks = (row["exact_streaming_percent"], row["exact_batch_percent"], row["lost_tail"], row["doubled"])
        rows.append([f"{row['lang']} {row['metric'].upper()}", row["files"], *_columns(row), *marks])
        if row["cased"]:
            rows.append([f"{row['lang']} as written", row["cased"]["files"], *_columns(row["cased"]), *[None] * 4])
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
            table((*header, *marks), rows),
            *(["", "Ends lost and words doubled, where batch has neither:", *flagged] if flagged else []),
            *([f"{report['failed']} files could not be measured."] if report["failed"] else []),
        ]
    )


def _columns(rates: dict[str, Any]) -> list[object]:
    apart = rates["difference_percent"]
    between = f"{apart['low']:+.2f} to {apart['high']:+.2f}" if apart else None
    return [
        rates["reference_words"],
        rates["streaming_percent"],
        rates["batch_percent"],
        f"{apart['value']:+.2f}" if apart else None,
        between,
    ]
