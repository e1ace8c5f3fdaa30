"""The recognizer's process killed, or stopped as if it hung, at a random moment of a dictation.

The whole flow, with the app's own microphone, model and spool: only hand, sound card and window stand in (see
`desktop.bench.harness`). A moment is drawn from the press to just after the release. What is asked for is that
every word is there, that the loop never stalls, and when the text comes: late by the time until the death is noticed,
a model's load, and one decode.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from time import monotonic
from typing import Any

import anyio
import numpy as np

from desktop.bench.harness import run_dictation
from desktop.bench.metrics import percentile
from desktop.bench.passages import LEAD_S, Passage, load_speech
from desktop.core.errors import UserError
from desktop.core.types import RATE_HZ
from desktop.stt.local.client import WhisperClient
from desktop.stt.local.model_choice import LocalModel
from desktop.stt.local.process import HEARTBEAT_INTERVAL_S, MAX_MISSED_HEARTBEATS
from tests.conftest import Clip, sentences
from tests.prove.record import MODELS, Line, Run, tell
from tests.support.words import error_rate

KILLS = 100

WAYS = {"killed": signal.SIGKILL, "stopped": signal.SIGSTOP}

LATE_S = 0.1
"""From the last word to the release."""

AFTER_S = 0.5
"""The latest moment after the release: decoding is what is to be hit."""

WORSE = 0.25
"""Word errors beyond those of the same sentence undisturbed: other windows are decoded, by a small model."""

STALL_S = 0.5
"""A person sees a pill that stands still for so long. A busy machine holds up everybody for a part of it."""

TICK_S = 0.005


def prove(run: Run) -> dict[str, Any]:
    """`run.limit` kills."""
    return anyio.run(_prove, run)


async def _prove(run: Run) -> dict[str, Any]:
    keys = [f"kill {at}" for at in range(run.upto(KILLS))]
    if any(key not in run.lines for key in [*keys, "undisturbed"]):
        async with victims(run.model) as scene:
            await run.lines.once("undisturbed", scene.undisturbed)
            for at, key in enumerate(keys):
                await run.lines.once(key, partial(scene.kill, run.seed, at))
                tell(f"child-kills: {at + 1}/{len(keys)}", "\r")
    return summary(run.lines["undisturbed"], [run.lines[key] for key in keys])


def summary(undisturbed: Line, lines: list[Line]) -> dict[str, Any]:
    """The counts, and `ok`."""
    known = undisturbed["errors"]
    wrong = [
        f"{line['key']} ({line['way']}): {line['problem'] or 'words are lost'}"
        for line in lines
        if line["problem"] or line["errors"] > known[line["clip"]] + WORSE
    ]
    noticed_s = {"killed": 0.0, "stopped": (MAX_MISSED_HEARTBEATS + 1) * HEARTBEAT_INTERVAL_S}
    found: dict[str, Any] = {
        "kills": len(lines),
        "ways": Counter(line["way"] for line in lines),
        "replaced": sum(line["replaced"] for line in lines),
        "load_s": undisturbed["load_s"],
        "undisturbed_ms": percentile(undisturbed["late_ms"], 95),
        "lag_ms": {f"p{of}": percentile([line["lag_ms"] for line in lines], of) for of in (50, 95, 100)},
        "wrong": wrong,
    }
    for way, extra_s in noticed_s.items():
        late = [line["late_ms"] for line in lines if line["way"] == way and line["late_ms"] is not None]
        found[f"{way}_ms"] = {f"p{of}": percentile(late, of) for of in (50, 95, 100)}
        found[f"{way}_bar_ms"] = round(1000 * (extra_s + 3 * undisturbed["load_s"] + 3 * undisturbed["decode_s"]))
    late = [f"{way} late" for way in noticed_s if (found[f"{way}_ms"]["p100"] or 0) > found[f"{way}_bar_ms"]]
    stalled = [f"{line['key']}: the loop stalled" for line in lines if line["lag_ms"] > 1000 * STALL_S]
    return {**found, "late": late, "stalled": stalled, "ok": not (wrong or late or stalled)}


class Scene:
    """Whisper, and sentences to be said."""

    def __init__(self, whisper: WhisperClient, load_s: float) -> None:
        self._whisper = whisper
        self._load_s = load_s
        self._clips = sentences()
        self._passages = [_passage(clip) for clip in self._clips]

    async def undisturbed(self) -> dict[str, Any]:
        """Every sentence once: its errors, when its text came, and what decoding took."""
        said = [await run_dictation(self._whisper, passage, LATE_S) for passage in self._passages]
        texts = [one.entry.raw_text if one.entry else "" for one in said]
        return {
            "errors": [error_rate(clip.text, text) for clip, text in zip(self._clips, texts, strict=True)],
            "late_ms": [one.release_to_text_ms for one in said],
            "decode_s": max(one.entry.decode_s for one in said if one.entry),
            "load_s": round(self._load_s, 2),
        }

    async def kill(self, seed: int, at: int) -> dict[str, Any]:
        """Say a sentence, and do it to the process meanwhile."""
        rng = np.random.default_rng([seed, at])
        number, way = at % len(self._clips), list(WAYS)[at % 2]
        passage = self._passages[number]
        after_s = float(rng.uniform(0, passage.end_s + LATE_S + AFTER_S))
        victim, lag = [self._whisper.pid], [0.0]

        async def strike() -> None:
            await anyio.sleep(after_s)
            victim[0] = self._whisper.pid or victim[0]
            with suppress(ProcessLookupError):
                os.kill(victim[0] or 0, WAYS[way])

        text, late_ms, problem = "", None, ""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_watch, lag)
            tasks.start_soon(strike)
            try:
                said = await run_dictation(self._whisper, passage, LATE_S)
                text, late_ms = said.entry.raw_text if said.entry else "", said.release_to_text_ms
            except UserError as error:
                problem = str(error)
            tasks.cancel_scope.cancel()
        await self._whole()
        return {
            "clip": number,
            "way": way,
            "after_s": round(after_s, 3),
            "errors": error_rate(self._clips[number].text, text),
            "late_ms": late_ms,
            "lag_ms": round(1000 * lag[0], 1),
            "replaced": self._whisper.pid != victim[0],
            "problem": problem,
        }

    async def _whole(self) -> None:
        """What was stopped and not noticed, because nothing was asked of it any more, goes on."""
        if (pid := self._whisper.pid) is not None:
            os.kill(pid, signal.SIGCONT)
        await self._whisper.load()


@asynccontextmanager
async def victims(model: str) -> AsyncIterator[Scene]:
    """A scene with this model loaded."""

    async def found() -> LocalModel:
        return LocalModel.from_catalog(model, MODELS / model)

    whisper, began = WhisperClient(found, ("en",), device="cpu"), monotonic()
    await whisper.load()
    try:
        yield Scene(whisper, monotonic() - began)
    finally:
        await whisper.close()


async def _watch(lag: list[float]) -> None:
    """Note by how much the loop was late at worst."""
    while True:
        due = monotonic() + TICK_S
        await anyio.sleep(TICK_S)
        lag[0] = max(lag[0], monotonic() - due)


def _passage(clip: Clip) -> Passage:
    (speech,) = load_speech([clip.path])
    lead = np.zeros(round(LEAD_S * RATE_HZ), np.float32)
    return Passage(np.concatenate([lead, speech]), LEAD_S, LEAD_S + len(speech) / RATE_HZ)
