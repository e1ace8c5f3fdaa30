"""Measure the time from key release to text by length of dictation: streaming against decoding at release, in one run.

Trials of all lengths alternate, each followed by batch on the recording of that trial, so that other load on the
machine affects all of them. The claim is in the slope: text decoded during speech is ready equally soon after two
minutes as after three seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from anyio import to_thread

from desktop.bench.decoders import BatchDecoder, BenchEngine, load_batch, load_streaming
from desktop.bench.harness import run_dictation
from desktop.bench.metrics import percentile, theil_sen
from desktop.bench.passages import PassageGenerator, load_speech
from desktop.core.table import ProgressBar, format_table

FIRST_PARTIAL_MEANING = "from the first frame that the voice detector hears to the first words shown"


@dataclass(frozen=True, slots=True)
class ReleaseMeasurement:
    """One trial. `duration_s`: first to last word. `history_ms`: the app's own figure, as the history stores it."""

    length_s: float
    duration_s: float
    streaming_ms: float | None
    batch_ms: float
    first_partial_ms: float | None
    history_ms: float | None
    guards: int


async def measure_release(
    files: Sequence[Path], lengths_s: Sequence[float], trials: int, late_s: float, seed: int, model: str
) -> dict[str, Any]:
    """Measure and return the report, see `build_release_report`. Raises `UserError`."""
    speech = await to_thread.run_sync(load_speech, files)
    passages = PassageGenerator(speech, seed)
    measured: list[ReleaseMeasurement] = []
    bar = ProgressBar(trials * sum(lengths_s))
    async with load_streaming(model) as engine:
        batch_decoder = await load_batch(engine)
        try:
            for number in range(trials):
                for length_s in lengths_s:
                    bar.update(sum(trial.length_s for trial in measured), f"take {number + 1} of {length_s:g} s")
                    measured.append(await _measure_trial(engine, batch_decoder, passages, length_s, late_s))
        finally:
            bar.clear()
        return build_release_report(measured, late_s, seed, engine.describe())


async def _measure_trial(
    engine: BenchEngine, batch_decoder: BatchDecoder, passages: PassageGenerator, length_s: float, late_s: float
) -> ReleaseMeasurement:
    passage = passages.create_passage(length_s)
    dictation = await run_dictation(engine.whisper, passage, late_s)
    _, batch_s = await to_thread.run_sync(
        batch_decoder.decode, dictation.audio if len(dictation.audio) else passage.audio
    )
    entry = dictation.entry
    history_ms = entry.release_to_text_ms if entry else None
    return ReleaseMeasurement(
        length_s,
        round(passage.end_s - passage.onset_s, 2),
        dictation.release_to_text_ms,
        round(batch_s * 1000, 1),
        dictation.first_partial_ms,
        None if history_ms is None else round(history_ms, 1),
        len(entry.guards) if entry else 0,
    )


def build_release_report(
    measured: Sequence[ReleaseMeasurement], late_s: float, seed: int, conditions: dict[str, Any]
) -> dict[str, Any]:
    """Build all figures of the run, by length and overall, and its trials.

    A trial in which no word was recognized counts as `silent` and in no percentile. The slope is over the requested
    lengths: trials of one length differ by half a second, which would give a steep slope without meaning.
    """
    successful = [trial for trial in measured if trial.streaming_ms is not None]
    slope = theil_sen(
        [trial.length_s for trial in successful], [trial.streaming_ms or 0.0 for trial in successful], seed
    )
    lengths = sorted({trial.length_s for trial in measured})
    return {
        **conditions,
        "late_ms": round(late_s * 1000),
        "seed": seed,
        "lengths": [
            {"length_s": length, **_summarize([trial for trial in measured if trial.length_s == length])}
            for length in lengths
        ],
        "overall": _summarize(measured),
        "slope_ms_per_s": asdict(slope) if slope else None,
        "first_partial": FIRST_PARTIAL_MEANING,
        "takes": [asdict(trial) for trial in measured],
    }


def _summarize(trials: Sequence[ReleaseMeasurement]) -> dict[str, Any]:
    streaming_ms = [trial.streaming_ms for trial in trials if trial.streaming_ms is not None]
    batch_ms = [trial.batch_ms for trial in trials]
    first_partial_ms = [trial.first_partial_ms for trial in trials if trial.first_partial_ms is not None]
    p50, batch_p50 = percentile(streaming_ms, 50), percentile(batch_ms, 50)
    return {
        "takes": len(trials),
        "silent": len(trials) - len(streaming_ms),
        "streaming_p50_ms": p50,
        "streaming_p95_ms": percentile(streaming_ms, 95),
        "batch_p50_ms": batch_p50,
        "batch_p95_ms": percentile(batch_ms, 95),
        "batch_over_streaming": round(batch_p50 / p50, 2) if p50 and batch_p50 else None,
        "first_partial_p50_ms": percentile(first_partial_ms, 50),
    }


def format_release(report: dict[str, Any]) -> str:
    """Format the report as text."""
    keys = ("takes", "streaming_p50_ms", "streaming_p95_ms", "batch_p50_ms", "batch_p95_ms", "batch_over_streaming")
    rows = [
        [name, *(row[key] for key in keys), row["first_partial_p50_ms"]]
        for name, row in [*((f"{row['length_s']:g} s", row) for row in report["lengths"]), ("all", report["overall"])]
    ]
    header = ("spoken", "takes", "p50 ms", "p95 ms", "batch p50", "batch p95", "batch/ours", "first words ms")
    slope = report["slope_ms_per_s"]
    silent = report["overall"]["silent"]
    return "\n".join(
        [
            f"{report['model']} on {report['device']}, {report['cpus']} processors; "
            f"the key comes up {report['late_ms']} ms after the last word.",
            "",
            format_table(header, rows),
            "",
            "p50, p95: from the key-up to the text. Batch: the same model decoding all of it after the end.",
            f"First words: {FIRST_PARTIAL_MEANING}.",
            "Slope: one length alone has none."
            if slope is None
            else f"Slope: {slope['value']:.2f} ms more for each second spoken "
            f"(95 % interval {slope['low']:.2f} to {slope['high']:.2f}).",
            *([f"In {silent} takes no word was recognized; they are in no figure."] if silent else []),
        ]
    )
