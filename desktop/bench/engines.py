"""Compare local models side by side: each recording is dictated to every model, in turns, in one run.

The order changes from recording to recording, so that other load on the machine affects all of them. A recording with a
text in the manifest counts for the error rate as well; each model gets the language that the manifest names, if any.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from anyio import to_thread

from desktop.audio.file import read_audio
from desktop.bench import metrics
from desktop.bench.dataset import DatasetItem, read_manifest, sample_items
from desktop.bench.decoders import BenchEngine, load_streaming
from desktop.bench.harness import run_dictation
from desktop.bench.metrics import percentile, theil_sen
from desktop.bench.passages import LEAD_S, Passage, find_speech
from desktop.core.engine_names import model_title
from desktop.core.errors import UserError
from desktop.core.table import ProgressBar, format_table
from desktop.core.types import RATE_HZ
from desktop.stt.local.gguf_decoder import find_gguf
from desktop.stt.local.model_choice import LocalModel

LATE_S = 0.3
"""Seconds from the last word to the key-up."""

LENGTH_STEPS_S = (5.0, 10.0, 20.0, 30.0, 60.0)
"""Lengths in seconds up to which recordings are taken together in the plot."""


@dataclass(frozen=True, slots=True)
class EngineTake:
    """One recording dictated to one model. `edits` of `words` reference words, both 0 without a text.

    `sha256` is that of the recording's file, `model_sha256` that of the model's weights.
    """

    path: str
    model: str
    seed: int
    duration_s: float
    release_to_text_ms: float | None
    first_partial_ms: float | None
    text: str
    edits: int = 0
    words: int = 0
    sha256: str = ""
    device: str = ""
    model_sha256: str = ""

    @property
    def key(self) -> TakeKey:
        """What makes it the same take in a run that is resumed."""
        return TakeKey(self.sha256, self.model, self.device, self.model_sha256)


class TakeKey(NamedTuple):
    """A recording's bytes, dictated to a model's bytes on a device."""

    sha256: str
    model: str
    device: str
    model_sha256: str


async def measure_engines(
    files: Sequence[Path], models: Sequence[str], limit: int | None, seed: int, out: Path | None
) -> dict[str, Any]:
    """Measure the models on these recordings, or on those of a folder's manifest. Raises `UserError`.

    With `out` a run that was interrupted is resumed. A recording without speech is counted alone.
    """
    folder, items = await to_thread.run_sync(_list_items, files, limit, seed)
    if any(item.text for item in items):
        metrics.require_scoring()
    takes = _read_takes(out, seed)
    bar = ProgressBar(len(items) * len(models))
    async with AsyncExitStack() as stack:
        engines = {name: await stack.enter_async_context(load_streaming(name)) for name in models}
        conditions = {name: engine.describe() for name, engine in engines.items()}
        weights = {name: await to_thread.run_sync(_hash_weights, engine.model) for name, engine in engines.items()}
        measured: list[EngineTake] = []
        silent_count = 0
        try:
            for number, item in enumerate(items):
                sha256 = await to_thread.run_sync(_hash_file, folder / item.path)
                keys = {name: TakeKey(sha256, name, engines[name].whisper.device, weights[name]) for name in models}
                missing = [name for name in _turn(models, number) if keys[name] not in takes]
                passage = await to_thread.run_sync(_load_passage, folder / item.path) if missing else None
                if missing and passage is None:
                    silent_count += 1
                    continue
                for name in missing:
                    assert passage is not None
                    bar.update(number * len(models), f"{item.path} by {name}")
                    take = await _measure_take(engines[name], item, passage, keys[name], seed)
                    takes[take.key] = take
                    _add_take(out, take)
                measured += [_count_edits(takes[key], item) for key in keys.values()]
            memory = {
                name: await to_thread.run_sync(_private_mb, engine.whisper.pid) for name, engine in engines.items()
            }
        finally:
            bar.clear()
    return build_engines_report(measured, models, seed, conditions, memory, silent_count)


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


def _hash_file(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""  # reading it says what is wrong


def _hash_weights(model: LocalModel) -> str:
    return _hash_file(find_gguf(model.folder) if model.format == "gguf" else model.folder / "model.bin")


def _load_passage(file: Path) -> Passage | None:
    """Return the recording's speech after a lead of silence, None if it has none. Raises `UserError`."""
    audio = read_audio(file)
    first, last = find_speech(audio)
    if first == last:
        return None
    lead = np.zeros(round(LEAD_S * RATE_HZ), np.float32)
    return Passage(np.concatenate([lead, audio[first:last]]), LEAD_S, LEAD_S + (last - first) / RATE_HZ)


async def _measure_take(
    engine: BenchEngine, item: DatasetItem, passage: Passage, key: TakeKey, seed: int
) -> EngineTake:
    engine.whisper.languages = (item.lang,) if item.lang else engine.languages
    dictation = await run_dictation(engine.whisper, passage, LATE_S)
    take = EngineTake(
        item.path,
        key.model,
        seed,
        round(passage.end_s - passage.onset_s, 2),
        dictation.release_to_text_ms,
        dictation.first_partial_ms,
        dictation.entry.raw_text if dictation.entry else "",
        sha256=key.sha256,
        device=key.device,
        model_sha256=key.model_sha256,
    )
    return _count_edits(take, item)


def _count_edits(take: EngineTake, item: DatasetItem) -> EngineTake:
    """Return the take under the item's path, counted by its text: a resumed one may come from another manifest."""
    reference = metrics.tokenize(item.text, item.lang or "en") if item.text else []
    edits = metrics.count_edits(reference, metrics.tokenize(take.text, item.lang or "en")) if reference else 0
    return replace(take, path=item.path, edits=edits, words=len(reference))


def _read_takes(out: Path | None, seed: int) -> dict[TakeKey, EngineTake]:
    """Return the takes with this seed that `out` has; a truncated line, or one without hashes, is skipped."""
    found: dict[TakeKey, EngineTake] = {}
    if out is None or not out.exists():
        return found
    for line in out.read_text(encoding="utf-8").splitlines():
        try:
            take = EngineTake(**json.loads(line))
        except (ValueError, TypeError):
            continue
        if take.seed == seed and take.sha256 and take.model_sha256:
            found[take.key] = take
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
    silent_count: int = 0,
) -> dict[str, Any]:
    """Build all figures by model, and the takes. `silent_count` recordings held no speech."""
    return {
        "seed": seed,
        "cpus": os.cpu_count(),
        "without_speech": silent_count,
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
    silent = report["without_speech"]
    return "\n".join(
        [
            f"{report['cpus']} processors; the key comes up {LATE_S * 1000:.0f} ms after the last word.",
            "",
            format_table(header, rows),
            "",
            "p50, p95: from the key-up to the text. Each recording was dictated to every model in turns.",
            *([f"Left out, since they hold no speech: {silent}."] if silent else []),
        ]
    )
