"""Ten minutes in one dictation, at the pace of speech: is the text still there at once, is it right, does memory grow?

Frames are fresh arrays, as a microphone's are, so that what is kept of them shows. The app's side is this process: the
recogniser and all that it keeps of a take, without windows. Batch decodes the same sound whole, afterwards and in
another process.
"""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import soundfile

from desktop.audio.file import iterate_frames
from desktop.bench.metrics import theil_sen
from desktop.core.types import RATE_HZ, Audio, Frame
from desktop.stt.local.client import WhisperClient
from tests.prove.batch import batch
from tests.prove.corpus import GAP_S, Dictation, joined, planned
from tests.prove.heard import counts, ignore, rate, recogniser
from tests.prove.proc import resident_mb
from tests.prove.record import Line, Run, tell
from tests.prove.recordings import Clip, clips, recorded

LENGTH_S = 600
EVERY_S, SETTLED_S = 10.0, 60.0
"""How often memory is looked at; until `SETTLED_S` buffers grow to their size."""

FLAT_MB_PER_MIN = 1.0
"""A quarter of what the sound alone would add if all of it were kept (3.8 MB a minute)."""


def plan(seed: int, seconds: float) -> Dictation:
    """The clips of a corpus one after the other, as many as `seconds` takes; in another order again where they end."""
    row: list[Clip] = []
    for way in count(seed):
        row += [clip for dictation in planned(clips(), way) for clip in dictation.clips]
        if sum(clip.seconds for clip in row) >= seconds:
            break
    gaps = [float(gap) for gap in np.random.default_rng([seed, 8]).uniform(*GAP_S, len(row) - 1)]
    lasting = np.cumsum([clip.seconds + gap for clip, gap in zip(row, [0.0, *gaps], strict=True)])
    many = min(len(row), int(np.searchsorted(lasting, seconds)) + 1)
    return Dictation(seed, 99, tuple(row[:many]), tuple(gaps[: many - 1]))


def slope(points: list[tuple[float, float]], seed: int) -> float | None:
    """MB a minute through (second, MB) after `SETTLED_S` by Theil and Sen, since a look may fall into a decode, which
    takes some 50 MB for a moment; None with too few points."""
    late = [(at, mb) for at, mb in points if at >= SETTLED_S]
    found = theil_sen([at for at, _ in late], [mb for _, mb in late], seed)
    return round(found.value * 60, 3) if found else None


def prove(run: Run) -> dict[str, Any]:
    """Dictate it; `run.limit` is in seconds. A run that was killed begins anew: a dictation is one."""
    said = plan(run.seed, run.limit or LENGTH_S)
    key = f"{run.limit or LENGTH_S} s"
    if key not in run.lines:
        run.lines.add(key, anyio.run(_dictate, run, said))
    found = run.lines[key]
    points = found["memory"]
    app, model = (slope([(at, mb[which]) for at, *mb in points], run.seed) for which in (0, 1))
    slopes = [found for found in (app, model) if found is not None]
    return {
        "seconds": round(said.seconds, 1),
        "release_to_text_ms": found["release_to_text_ms"],
        "reference_words": found["streaming"]["words"],
        "wer": rate([found["streaming"]]),
        "wer_batch": rate([found["batch"]]),
        "wer_against_batch": rate([found["against_batch"]]),
        "app_mb_per_min": app,
        "model_mb_per_min": model,
        "memory_mb": points,
        **({"ok": all(slope <= FLAT_MB_PER_MIN for slope in slopes)} if slopes else {}),
    }


async def _dictate(run: Run, dictation: Dictation) -> Line:
    audio = recorded(joined(dictation))
    async with recogniser(run.model) as whisper:
        text, after_ms, memory = await _streamed(whisper, audio)
    file = run.out / f"long-{run.seed}.flac"
    soundfile.write(file, audio, RATE_HZ)
    (whole,) = batch(run.model, [Path(file)])
    return {
        "release_to_text_ms": after_ms,
        "streaming": counts(dictation.text, text),
        "batch": counts(dictation.text, whole),
        "against_batch": counts(whole, text),
        "memory": memory,
    }


async def _streamed(whisper: WhisperClient, audio: Audio) -> tuple[str, float, list[tuple[float, float, float]]]:
    """The text, the milliseconds it took after the last frame, and (second, app's MB, model's MB) on the way."""
    memory: list[tuple[float, float, float]] = []
    ended = 0.0

    async def speech() -> AsyncIterator[Frame]:
        nonlocal ended
        heard_s = 0.0
        async for frame in iterate_frames(audio, realtime=True):
            yield frame.copy()
            before_s, heard_s = heard_s, heard_s + len(frame) / RATE_HZ
            if heard_s // EVERY_S > before_s // EVERY_S:
                at_s = round(heard_s)
                memory.append((at_s, resident_mb(os.getpid()), resident_mb(whisper.pid) if whisper.pid else 0.0))
                tell(f"long: {at_s} s", "\r")
        ended = time.monotonic()

    said = await whisper.transcribe(speech(), ignore)
    return said.text, round((time.monotonic() - ended) * 1000, 1), memory
