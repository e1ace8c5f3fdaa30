"""What an NVIDIA card brings, gathered in one command: words right against the CPU, key-up to text, memory, step-down.

Base and whatever larger Whisper is installed, each on the card and on the CPU in turns: the words of `CLIPS` clips with
the waits skipped, the delay of `RELEASES` dictations at the pace of speech, and `STEP_DOWNS` dictations where the card
is taken away. That is about three minutes for base and six for a larger model. Bars: on the card no more than half a
point more mistakes than on the CPU, no key-up slower, and without the card the words all the same and a sentence that
says so. Without a card it is skipped; `--part cpu` rehearses on the CPU alone what needs none.

For a machine that reaches nothing, `python -m tests.prove.pieces` cuts this checkout, its Python and its models into
pieces that can be carried there.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

import anyio
import numpy as np

from desktop.bench.clock import SkippingClock
from desktop.bench.harness import run_dictation
from desktop.bench.metrics import percentile
from desktop.bench.passages import LEAD_S, Passage, find_speech
from desktop.core.types import RATE_HZ
from desktop.stt.local.client import WhisperClient
from desktop.stt.local.cuda import has_cuda
from models.store import ModelStore
from tests.prove.heard import at_pace, counts, dictated, installed_model, rate
from tests.prove.record import MODELS, Line, Run, tell
from tests.prove.recordings import Clip, clips, sound

ORDER = ("base", "small", "medium", "large-v3-turbo", "large-v3")
DEVICES = ("cuda", "cpu")
CLIPS, RELEASES, STEP_DOWNS = 30, 10, 3
LATE_S = 0.3
MOST_POINTS = 0.5
"""Points of WER that the card's other arithmetic may cost."""

REHEARSAL = "cpu"
"""The part that needs no card."""


def prove(run: Run) -> dict[str, Any]:
    """Measure what is installed, on the card and on the CPU."""
    is_rehearsal = run.part == REHEARSAL
    if not is_rehearsal and not has_cuda():
        return {"skipped": "no NVIDIA card with its driver and libraries is here (`make cuda`; --part cpu rehearses)"}
    installed = [name for name in ORDER if name in set(ModelStore(MODELS).list_installed())]
    devices = ("cpu",) if is_rehearsal else DEVICES
    found = [_measure(run, name, devices) for name in installed]
    card = "" if is_rehearsal else _ask_card("--query-gpu=name,memory.total,driver_version", "--format=csv,noheader")
    return {"card": card, "models": found, "ok": bool(found) and all(row["ok"] for row in found)}


def _ask_card(*query: str) -> str:
    return subprocess.run(["nvidia-smi", *query], stdout=subprocess.PIPE, text=True).stdout.strip()


@asynccontextmanager
async def _loaded(name: str, device: str) -> AsyncIterator[WhisperClient]:
    client = WhisperClient(partial(installed_model, name), ("en",), device)
    await client.load()
    try:
        yield client
    finally:
        await client.close()


@asynccontextmanager
async def _engines(name: str, devices: Sequence[str]) -> AsyncIterator[dict[str, WhisperClient]]:
    async with AsyncExitStack() as stack:
        yield {device: await stack.enter_async_context(_loaded(name, device)) for device in devices}


def _measure(run: Run, name: str, devices: Sequence[str]) -> Line:
    english = clips(("en",))
    order = np.random.default_rng(run.seed).permutation(len(english))
    chosen = [english[index] for index in order[: run.upto(CLIPS)]]
    at_pace(lambda run, clock: _measure_words(run, clock, name, devices, chosen), run)
    anyio.run(_measure_releases, run, name, devices, chosen[:RELEASES])
    rows = {device: _figures(run, name, device, len(chosen)) for device in devices}
    steps = [run.lines[f"{name}:step_down:{number}"] for number in range(min(STEP_DOWNS, len(chosen)))]
    return {"name": name, **rows, "step_downs": len(steps), **judged(rows, steps)}


async def _measure_words(
    run: Run, clock: SkippingClock, name: str, devices: Sequence[str], chosen: Sequence[Clip]
) -> Line:
    """The words of each clip, and where and in how much memory the model computes."""
    async with _engines(name, devices) as engines:
        for number, clip in enumerate(chosen):
            for device in _turn(devices, number):
                await run.lines.once(f"{name}:words:{device}:{number}", _words(engines[device], clock, clip))
            tell(f"gpu: {name}, words {number + 1}/{len(chosen)}", "\r")
        for device, engine in engines.items():
            await run.lines.once(f"{name}:device:{device}", _describe(engine, device))
    return {}


async def _measure_releases(run: Run, name: str, devices: Sequence[str], chosen: Sequence[Clip]) -> None:
    """The delay of each dictation, and what is left where the card is taken away."""
    async with _engines(name, devices) as engines:
        for number, clip in enumerate(chosen):
            for device in _turn(devices, number):
                await run.lines.once(f"{name}:release:{device}:{number}", _take(engines[device], clip))
            tell(f"gpu: {name}, key-up {number + 1}/{len(chosen)}", "\r")
    for number, clip in enumerate(chosen[:STEP_DOWNS]):
        await run.lines.once(f"{name}:step_down:{number}", _step_down(name, clip))


def _turn(devices: Sequence[str], number: int) -> Sequence[str]:
    return devices if number % 2 else devices[::-1]


def _words(engine: WhisperClient, clock: SkippingClock, clip: Clip) -> Any:
    async def measure() -> Line:
        return counts(clip.text, (await dictated(engine, clock, sound(clip))).text)

    return measure


def _describe(engine: WhisperClient, device: str) -> Any:
    async def measure() -> Line:
        return {"computes_on": engine.device, "card_mb": _card_memory() if device == "cuda" else None}

    return measure


def _card_memory() -> int | None:
    """Megabytes of the process that uses most of the card; where a container hides processes, of all together."""
    for query in ("--query-compute-apps=used_memory", "--query-gpu=memory.used"):
        rows = _ask_card(query, "--format=csv,noheader,nounits").splitlines()
        if used := [int(row) for row in rows if row.strip().isdigit()]:
            return max(used)
    return None


def _take(engine: WhisperClient, clip: Clip) -> Any:
    async def measure() -> Line:
        audio = sound(clip)
        first, last = find_speech(audio)
        lead = np.zeros(round(LEAD_S * RATE_HZ), np.float32)
        speech = np.concatenate([lead, audio[first:last]])
        dictation = await run_dictation(engine, Passage(speech, LEAD_S, len(speech) / RATE_HZ), LATE_S)
        return {"release_ms": dictation.release_to_text_ms}

    return measure


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


def _figures(run: Run, name: str, device: str, number: int) -> Line:
    words = [run.lines[f"{name}:words:{device}:{at}"] for at in range(number)]
    takes = [run.lines[f"{name}:release:{device}:{at}"] for at in range(min(RELEASES, number))]
    release = [take["release_ms"] for take in takes if take["release_ms"] is not None]
    described = run.lines[f"{name}:device:{device}"]
    return {
        "computes_on": described["computes_on"],
        "card_mb": described["card_mb"],
        "clips": len(words),
        "wer": rate(words),
        "releases": len(takes),
        "p50_ms": percentile(release, 50),
        "p95_ms": percentile(release, 95),
        "empty": sum(not line["heard"] for line in words) + len(takes) - len(release),
    }


def judged(rows: dict[str, Line], steps: Sequence[Line]) -> Line:
    """Whether these figures meet the bars; those of the card only where it was measured."""
    cpu = rows["cpu"]
    met = {
        "step_down": bool(steps) and all(step["kept"] for step in steps),
        "nothing_empty": not any(row["empty"] for row in rows.values()),
    }
    if card := rows.get("cuda"):
        met |= {
            "on_the_card": card["computes_on"] == "cuda",
            "words": card["wer"] <= cpu["wer"] + MOST_POINTS,
            "key_up": (card["p50_ms"] or 0.0) <= (cpu["p50_ms"] or 0.0),
        }
    return {"bars": met, "ok": all(met.values())}
