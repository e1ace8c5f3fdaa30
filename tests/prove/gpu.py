"""What an NVIDIA card brings, gathered in one command: key-up to text, words right against the CPU, memory, step-down.

Base and whatever larger Whisper is installed, each on the card and on the CPU in turns. Bars: on the card no more than
half a point more mistakes than on the CPU, no key-up slower, and where the card is taken away, the words all the same
and a sentence that says so. Without a card it is skipped. For a machine that reaches nothing, `python -m
tests.prove.pieces` cuts this checkout, its environment and its models into pieces that can be carried there.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import anyio
import numpy as np

from desktop.bench.harness import run_dictation
from desktop.bench.metrics import percentile
from desktop.bench.passages import LEAD_S, Passage, find_speech
from desktop.core.types import RATE_HZ
from desktop.stt.local.client import WhisperClient
from desktop.stt.local.cuda import has_cuda
from desktop.stt.local.model_choice import LocalModel
from models.store import ModelStore
from tests.prove.heard import counts
from tests.prove.record import MODELS, Line, Run, tell
from tests.prove.recordings import Clip, clips, sound

ORDER = ("base", "small", "medium", "large-v3-turbo", "large-v3")
DEVICES = ("cuda", "cpu")
CLIPS, STEP_DOWNS = 30, 5
LATE_S = 0.3
MOST_POINTS = 0.5
"""Points of WER that the card's other arithmetic may cost."""


def prove(run: Run) -> dict[str, Any]:
    """Measure what is installed, on the card and on the CPU."""
    if not has_cuda():
        return {"skipped": "no NVIDIA card with its driver and libraries is here (`make cuda`)"}
    installed = [name for name in ORDER if name in set(ModelStore(MODELS).list_installed())]
    found = [anyio.run(_measure, run, name) for name in installed]
    return {"card": _describe_card(), "models": found, "ok": bool(found) and all(row["ok"] for row in found)}


def _describe_card() -> str:
    query = ["nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"]
    done = subprocess.run(query, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


@asynccontextmanager
async def _loaded(name: str, device: str) -> AsyncIterator[WhisperClient]:
    async def find() -> LocalModel:
        return LocalModel.from_catalog(name, MODELS / name)

    client = WhisperClient(find, ("en",), device)
    await client.load()
    try:
        yield client
    finally:
        await client.close()


async def _measure(run: Run, name: str) -> Line:
    english = clips(("en",))
    order = np.random.default_rng(run.seed).permutation(len(english))
    chosen = [english[index] for index in order[: run.upto(CLIPS)]]
    async with AsyncExitStack() as stack:
        engines = {device: await stack.enter_async_context(_loaded(name, device)) for device in DEVICES}
        for number, clip in enumerate(chosen):
            for device in DEVICES if number % 2 else DEVICES[::-1]:
                await run.lines.once(f"{name}:{device}:{number}", _take(engines[device], clip))
            tell(f"gpu: {name} {number + 1}/{len(chosen)}", "\r")
        memory = await run.lines.once(f"{name}:memory", _card_memory)
        on_card = engines["cuda"].device
    steps = [
        await run.lines.once(f"{name}:step-down:{number}", _step_down(name, clip))
        for number, clip in enumerate(chosen[:STEP_DOWNS])
    ]
    figures = {device: _figures(run, name, device, len(chosen)) for device in DEVICES}
    is_right = figures["cuda"]["wer"] <= figures["cpu"]["wer"] + MOST_POINTS
    is_quick = (figures["cuda"]["p50_ms"] or 0.0) <= (figures["cpu"]["p50_ms"] or 0.0)
    kept = sum(1 for step in steps if step["kept"])
    return {
        "name": name,
        "device": on_card,
        **figures,
        **{key: value for key, value in memory.items() if key != "key"},
        "step_downs": len(steps),
        "kept": kept,
        "ok": on_card == "cuda" and is_right and is_quick and kept == len(steps),
    }


def _take(engine: WhisperClient, clip: Clip) -> Any:
    async def measure() -> Line:
        audio = sound(clip)
        first, last = find_speech(audio)
        lead = np.zeros(round(LEAD_S * RATE_HZ), np.float32)
        speech = np.concatenate([lead, audio[first:last]])
        dictation = await run_dictation(engine, Passage(speech, LEAD_S, len(speech) / RATE_HZ), LATE_S)
        text = dictation.entry.raw_text if dictation.entry else ""
        return {**counts(clip.text, text), "release_ms": dictation.release_to_text_ms}

    return measure


async def _card_memory() -> Line:
    query = ["nvidia-smi", "--query-compute-apps=pid,used_memory", "--format=csv,noheader,nounits"]
    done = await anyio.run_process(query, check=False)
    rows = [line.split(",")[-1].strip() for line in done.stdout.decode().splitlines()]
    used = [int(row) for row in rows if row.isdigit()]
    return {"card_mb": max(used, default=None)}


def _step_down(name: str, clip: Clip) -> Any:
    """The card is taken away before the model is loaded: CTranslate2 finds none though the driver runs."""

    async def measure() -> Line:
        hidden = os.environ.get("CUDA_VISIBLE_DEVICES")
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
        try:
            async with _loaded(name, "cuda") as engine:
                take = await _take(engine, clip)()
                kept = take["release_ms"] is not None and engine.device == "cpu" and engine.note is not None
                return {"kept": kept, "note": str(engine.note or "")}
        finally:
            del os.environ["CUDA_VISIBLE_DEVICES"]
            if hidden is not None:
                os.environ["CUDA_VISIBLE_DEVICES"] = hidden

    return measure


def _figures(run: Run, name: str, device: str, number: int) -> dict[str, Any]:
    lines = [run.lines[f"{name}:{device}:{at}"] for at in range(number)]
    release = [line["release_ms"] for line in lines if line["release_ms"] is not None]
    return {
        "wer": round(100 * sum(line["edits"] for line in lines) / max(1, sum(line["words"] for line in lines)), 2),
        "p50_ms": percentile(release, 50),
        "p95_ms": percentile(release, 95),
        "empty": len(lines) - len(release),
    }
