"""Measure how many times faster than speech a model decodes on this machine.

Two sources. Each history row has the seconds spoken and the seconds decoded, including what was decoded while speaking,
so this estimate errs on the slow side. A model without history is measured on the newest recording, in its own process
as in a dictation; synthetic sound would not do, because decoding time depends on the number of words. Measured values
are saved by device and take precedence over the history's.
"""

from __future__ import annotations

import json
import logging
import math
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from anyio import to_thread

from desktop.audio.file import iterate_frames, read_audio
from desktop.core.engine_names import LOCAL_ENGINES
from desktop.core.errors import UserError
from desktop.core.files import write_file
from desktop.core.interfaces import Recognizer
from desktop.core.paths import make_private_dir
from desktop.core.types import RATE_HZ, Audio
from desktop.history.rows import HistoryRow
from desktop.stt.local.client import WhisperClient
from desktop.stt.local.model_choice import LocalModel

logger = logging.getLogger(__name__)

SAMPLE_S = 10
"""Seconds of a recording that are decoded."""

MIN_RECORDING_S = 3.0
"""Minimum seconds of a recording: a shorter one measures the start of a decode more than its pace."""

MIN_HISTORY_SPEECH_S = 20.0
"""Minimum seconds of speech in the history for an estimate."""

type Speeds = dict[str, dict[str, float]]
"""Speed factors by device (`cpu`, `cuda`), then by model."""


def load_speeds(file: Path) -> Speeds:
    """Return the saved speeds; empty if the file is missing or invalid."""
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        return {
            device: {name: float(speed) for name, speed in models.items() if 0 < float(speed) < math.inf}
            for device, models in stored.items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError, OverflowError, RecursionError):
        logger.warning("%s cannot be read: models can be measured anew", file.name)
        return {}


def save_speed(file: Path, device: str, name: str, speed: float) -> None:
    """Save the model's speed on the device. Raises `OSError`."""
    speeds = load_speeds(file)
    speeds.setdefault(device, {})[name] = round(speed, 2)
    make_private_dir(file.parent)
    write_file(file, json.dumps(speeds, indent=1))


def estimate_speeds(rows: Iterable[HistoryRow], device: str) -> dict[str, float]:
    """Estimate the models' speeds on the device from dictations in the history."""
    spoken: dict[str, float] = defaultdict(float)
    decoded: dict[str, float] = defaultdict(float)
    for row in rows:
        if row.engine not in LOCAL_ENGINES or row.device != device:
            continue
        if row.duration_s >= MIN_RECORDING_S and row.decode_s > 0:
            spoken[row.model] += row.duration_s
            decoded[row.model] += row.decode_s
    return {name: spoken[name] / decoded[name] for name in spoken if spoken[name] >= MIN_HISTORY_SPEECH_S}


def load_sample(rows: Iterable[HistoryRow]) -> Audio:
    """Return the beginning of the newest recording that is long enough. Raises `UserError` if there is none."""
    for row in rows:
        if row.audio_path is not None and row.audio_path.is_file() and row.duration_s >= MIN_RECORDING_S:
            return read_audio(row.audio_path)[: SAMPLE_S * RATE_HZ]
    raise UserError("speed-recording-missing")


async def measure_speed(model: LocalModel, audio: Audio, device: str) -> float:
    """Return how many times faster than speech the model decodes `audio` on the device (`auto`, `cpu`). Raises
    `UserError`."""

    async def get_model() -> LocalModel:
        return model

    whisper = WhisperClient(get_model, device=device)
    try:
        await whisper.load()
        return await time_decoding(whisper, audio)
    finally:
        await whisper.close()


async def time_decoding(recognizer: Recognizer, audio: Audio) -> float:
    """Return how many times faster than speech `recognizer` decodes `audio`. Raises `UserError`."""
    started_at = time.monotonic()
    try:
        await recognizer.transcribe(iterate_frames(audio), lambda partial: None)
    except UserError as problem:
        raise problem.outside_dictation() from problem
    return len(audio) / RATE_HZ / (time.monotonic() - started_at)


async def require_memory(name: str, needed_mb: int) -> None:
    """Raise `UserError` where the system reports too little free memory for a process of `needed_mb`."""
    free_mb = await to_thread.run_sync(_available_mb)
    if free_mb is not None and free_mb < needed_mb:
        raise UserError("model-memory-short", name=name, needed=f"{needed_mb:,}", free=f"{free_mb:,}")


def _available_mb() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    available_kib = next((line.split()[1] for line in lines if line.startswith("MemAvailable:")), None)
    return None if available_kib is None else int(available_kib) * 1024 // 1_000_000
