"""Measure whether memory grows during one long dictation, of the app's side and of the model's process.

Read from /proc. The app's side is this process: the recognizer with all it keeps of a recording, but no windows. Each
frame is a fresh array, as the microphone's are, so that kept frames are counted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from anyio import to_thread

from desktop.audio.file import iterate_frames
from desktop.bench.clock import SkippingClock
from desktop.bench.decoders import load_streaming
from desktop.bench.metrics import theil_sen
from desktop.bench.passages import PassageGenerator, load_speech
from desktop.core.errors import UserError
from desktop.core.table import ProgressBar, format_table
from desktop.core.types import RATE_HZ, Frame

SAMPLE_INTERVAL_S = 10.0
WARM_UP_S = 60.0
"""Seconds of warm-up: until then buffers grow to their size."""

MAX_FLAT_MB_PER_MIN = 1.0
"""Maximum slope that counts as flat: a quarter of what keeping all sound would add (3.8 MB a minute)."""


@dataclass(frozen=True, slots=True)
class MemorySample:
    """Resident megabytes (10^6 bytes) after `at_s` seconds of sound."""

    at_s: float
    app_mb: float
    model_mb: float


async def measure_memory(
    clock: SkippingClock, files: Sequence[Path], minutes: float, seed: int, model: str
) -> dict[str, Any]:
    """Measure and return the report, see `build_memory_report`. Raises `UserError`."""
    if sys.platform != "linux":
        raise UserError("bench-memory-linux-only")
    speech = await to_thread.run_sync(load_speech, files)
    audio = PassageGenerator(speech, seed).create_passage(minutes * 60).audio
    bar = ProgressBar(len(audio))
    samples: list[MemorySample] = []
    async with load_streaming(model) as engine:

        async def stream_speech() -> AsyncIterator[Frame]:
            done = 0
            async for frame in iterate_frames(audio, realtime=True):
                if done >= len(samples) * SAMPLE_INTERVAL_S * RATE_HZ:
                    samples.append(_take_sample(done / RATE_HZ, engine.whisper.pid))
                    bar.update(done, f"{done / RATE_HZ:.0f} s of speech")
                yield frame.copy()
                done += len(frame)
            if done / RATE_HZ - samples[-1].at_s >= SAMPLE_INTERVAL_S / 2:
                samples.append(_take_sample(done / RATE_HZ, engine.whisper.pid))

        try:
            with clock.skipping(engine.is_busy):
                await engine.whisper.transcribe(stream_speech(), lambda partial: None)
        finally:
            bar.clear()
        return build_memory_report(samples, seed, engine.describe())


def _take_sample(at_s: float, pid: int | None) -> MemorySample:
    return MemorySample(round(at_s, 1), _resident_mb(os.getpid()), _resident_mb(pid) if pid is not None else 0.0)


def _resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def build_memory_report(samples: Sequence[MemorySample], seed: int, conditions: dict[str, Any]) -> dict[str, Any]:
    """Build the report: samples and, for both sides, the peak and the slope after the first minute; `flat` is None if
    too short."""
    late = [sample for sample in samples if sample.at_s >= WARM_UP_S]
    minutes = [sample.at_s / 60 for sample in late]
    slopes = {
        "app": theil_sen(minutes, [sample.app_mb for sample in late], seed),
        "model": theil_sen(minutes, [sample.model_mb for sample in late], seed),
    }
    known = [slope for slope in slopes.values() if slope is not None]
    return {
        **conditions,
        "duration_s": samples[-1].at_s,
        "app_peak_mb": max(sample.app_mb for sample in samples),
        "model_peak_mb": max(sample.model_mb for sample in samples),
        "slope_mb_per_min": {side: asdict(slope) if slope else None for side, slope in slopes.items()},
        "flat": all(slope.value < MAX_FLAT_MB_PER_MIN for slope in known) if known else None,
        "samples": [asdict(sample) for sample in samples],
    }


def format_memory(report: dict[str, Any]) -> str:
    """Format the report as text."""
    rows = [[f"{row['at_s']:.0f} s", row["app_mb"], row["model_mb"]] for row in report["samples"]]
    slopes = report["slope_mb_per_min"]
    verdict = {
        True: "Flat after the first minute",
        False: "It grows after the first minute",
        None: "Too short to say whether it is flat: two minutes and more are not",
    }[report["flat"]]
    slope_texts = ", ".join(f"{side} {slope['value']:+.2f} MB a minute" for side, slope in slopes.items() if slope)
    return "\n".join(
        [
            f"{report['model']} on {report['device']}; resident memory in MB.",
            "",
            format_table(("spoken", "app", "model"), rows),
            "",
            f"{verdict}{': ' + slope_texts if slope_texts else ''}.",
        ]
    )
