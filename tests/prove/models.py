"""What this project has not run yet: each unproved model, where the hub can be reached, beside Whisper base.

Clip by clip in turns with base: words right, speed, sounds without speech, joined dictations (long windows), memory.
At the end the lines for the model's card, with the languages that were measured; `proved = true` among them where it
makes no more mistakes than base, says nothing to silence, leaves no clip empty, and is offered for no other language
than those. `--part NAME` is one model alone, which may be a proved one; what is
installed already needs no hub.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

import anyio
import numpy as np

from desktop.bench.clock import SkippingClock
from desktop.core.errors import UserError
from desktop.core.types import RATE_HZ, Audio
from desktop.stt.local.client import WhisperClient
from models.catalog import CatalogModel, ModelError, load_catalog
from models.download import download_model, list_downloadable
from models.store import ModelStore
from tests.prove import nothing
from tests.prove.corpus import joined, planned
from tests.prove.heard import at_pace, counts, dictated, recogniser, words_in
from tests.prove.record import MODELS, Line, Run, tell
from tests.prove.recordings import Clip, clips, sound

BASE = "base"
CLIPS, SILENCES, JOINED = 50, 100, 12

MEASURED = ("en",)
"""The languages of the recordings."""


def prove(run: Run) -> dict[str, Any]:
    """Pull and measure each model that can be had; the others are named with the reason."""
    store = ModelStore(MODELS)
    wanted = [run.part] if run.part else [name for name, model in store.models.items() if not model.is_proved]
    skipped: dict[str, str] = {}
    for name in wanted:
        if reason := anyio.run(_pull, store, name):
            skipped[name] = reason
            tell(f"models: SKIPPED {name}: {reason}")
    ready = [name for name in wanted if name not in skipped]
    found: dict[str, Any] = {"skipped_models": skipped, "models": []}
    if not ready:
        return {"skipped": "no unproved model could be had", **found}
    for name in ready:
        report = at_pace(lambda run, clock, name=name: _measure(run, clock, name), run)
        found["models"].append(report)
        tell(report["card"])
    return found


async def _pull(store: ModelStore, name: str) -> str:
    """Install the model; return why it cannot be had, empty where it is here."""
    if store.installed_source(name) is not None:
        return ""
    if name not in await list_downloadable(store.models):
        return "the model hub could not be reached"
    try:
        await download_model(name, store)
    except ModelError as error:
        return str(UserError.from_coded(error))
    return ""


async def _measure(run: Run, clock: SkippingClock, name: str) -> Line:
    """Measure one model in turns with base."""
    rng = np.random.default_rng(run.seed)
    english = clips(MEASURED)
    chosen = [english[index] for index in rng.permutation(len(english))[: run.upto(CLIPS)]]
    plans = [plan for plan in planned(clips(), run.seed) if plan.clips[0].kind in ("en", "long")]
    async with recogniser(BASE) as base, recogniser(name) as other:
        engines = {BASE: base, name: other}
        for number, clip in enumerate(chosen):
            for engine in _turn(engines, number):
                await run.lines.once(f"{name}:clip:{engine}:{number}", _clip(engines[engine], clock, clip))
            tell(f"models: {name}, clip {number + 1}/{len(chosen)}", "\r")
        for number, plan in enumerate(plans[: run.upto(JOINED)]):
            audio = joined(plan).astype(np.float32)
            for engine in _turn(engines, number):
                await run.lines.once(f"{name}:long:{engine}:{number}", _said(engines[engine], clock, audio, plan.text))
            tell(f"models: {name}, joined {number + 1}", "\r")
        for number in range(run.upto(SILENCES)):
            audio = nothing.clip(run.seed, number)
            await run.lines.once(f"{name}:silence:{name}:{number}", _said(other, clock, audio, ""))
        memory = await run.lines.once(f"{name}:memory", _memory(other))
    return _report(run, name, len(chosen), min(len(plans), run.upto(JOINED)), memory["private_mb"])


def _turn(engines: dict[str, WhisperClient], number: int) -> list[str]:
    names = list(engines)
    return names if number % 2 else names[::-1]


def _clip(engine: WhisperClient, clock: SkippingClock, clip: Clip) -> Any:
    return _said(engine, clock, sound(clip), clip.text)


def _said(engine: WhisperClient, clock: SkippingClock, audio: Audio, reference: str) -> Any:
    async def measure() -> Line:
        found = await dictated(engine, clock, audio)
        right = counts(reference, found.text) if reference else {"words": words_in(found.text)}
        seconds = round(len(audio) / RATE_HZ, 2)
        return {**right, "seconds": seconds, "decode_s": found.decode_s, "empty": not found.text}

    return measure


def _memory(engine: WhisperClient) -> Any:
    async def measure() -> Line:
        if sys.platform != "linux" or engine.pid is None:
            return {"private_mb": None}
        text = Path(f"/proc/{engine.pid}/smaps_rollup").read_text()
        kilobytes = sum(int(amount) for amount in re.findall(r"^(?:Private_\w+|Shared_Clean):\s+(\d+) kB", text, re.M))
        return {"private_mb": round(kilobytes * 1024 / 1e6)}

    return measure


def _report(run: Run, name: str, chosen: int, long: int, memory_mb: int | None) -> Line:
    """The figures of one model beside base's, and the lines for its card."""

    def total(stage: str, engine: str, number: int, key: str) -> float:
        return sum(float(run.lines[f"{name}:{stage}:{engine}:{at}"][key]) for at in range(number))

    def rate(stage: str, engine: str, number: int) -> float | None:
        words = total(stage, engine, number, "words")
        return round(100 * total(stage, engine, number, "edits") / words, 2) if words else None

    def speed(engine: str) -> float:
        return round(total("clip", engine, chosen, "seconds") / max(1e-9, total("clip", engine, chosen, "decode_s")), 1)

    figures = {
        engine: {
            "wer": rate("clip", engine, chosen),
            "wer_joined": rate("long", engine, long),
            "empty": int(total("clip", engine, chosen, "empty")),
            "speed": speed(engine),
        }
        for engine in (name, BASE)
    }
    silences = run.upto(SILENCES)
    spoken = int(total("silence", name, silences, "words"))
    mine, base = figures[name], figures[BASE]
    model = load_catalog()[name]
    proved = run.limit is None and is_proved(model, mine, base, spoken)
    card = "\n".join(
        [
            f'["{name}"]',
            f"memory_mb = {memory_mb or model.memory_mb}",
            f"proved = {str(proved).lower()}",
            f"# {describe_languages(model)}",
            f"# WER {mine['wer']} (base {base['wer']}), joined {mine['wer_joined']} (base {base['wer_joined']}), "
            f"{mine['speed']} times speech (base {base['speed']}), {spoken} words in {silences} sounds without speech",
        ]
    )
    return {
        "name": name,
        "languages_measured": list(MEASURED),
        "languages_offered": list(model.languages) or "any",
        "figures": figures,
        "words_in_silence": spoken,
        "memory_mb": memory_mb,
        "card": card,
    }


def is_proved(model: CatalogModel, mine: Line, base: Line, spoken: int, measured: Collection[str] = MEASURED) -> bool:
    """Whether these figures prove the model for all that it is offered for. `spoken` are words in silence."""
    is_whole = bool(model.languages) and set(model.languages) <= set(measured)
    is_no_worse = all(mine[key] is not None and mine[key] <= base[key] for key in ("wer", "wer_joined"))
    return is_whole and is_no_worse and spoken == 0 and mine["empty"] == 0


def describe_languages(model: CatalogModel) -> str:
    """Say in which of its languages the model was measured."""
    rest = [code for code in model.languages if code not in MEASURED]
    said = "measured in " + ", ".join(MEASURED)
    if not model.languages:
        return f"{said}, not in its other languages"
    return f"{said}, not in {', '.join(rest)}" if rest else said
