"""Two engines in turns over the same sounds: Moonshine base, or `--model`, and Whisper base beside it.

Everything goes through the app's streaming at the pace of speech (`desktop.bench`'s clock skips the waits), clip by
clip, and who comes first changes with each: what a busy machine does to one it does to the other. In parts, each of
which is held by its lines, goes on after a kill, and is heard alone with `--part`:

- `clips`: the sets `en` and `long` as they are, 3 to 60 s.
- `joined`: the same clips as dictations of 30 to 90 s, those of one speaker following one another.
- `mixed`: the same with other speakers in one dictation, which no microphone hears; reported without a bar.
- `around`: silence of a room before, after and within clips, which makes some engines deaf.
- `nothing`: the clips of the proof `nothing`, in which nobody speaks.

A tail is lost where one engine lacks one of the last words and the other has them all; a loop is kept where the text
repeats itself and the reference does not. The delay is from the end of the sound to the text, on the loop's clock:
what this machine computes in that time, without what else an app does at the release.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import anyio
import jiwer
import numpy as np

from desktop.audio.file import iterate_frames
from desktop.bench.clock import SkippingClock
from desktop.bench.metrics import has_lost_tail, percentile, theil_sen
from desktop.core.types import RATE_HZ, Audio
from desktop.stt.guards import is_repetitive
from desktop.stt.local.client import WhisperClient
from tests.prove import nothing
from tests.prove.corpus import joined, planned
from tests.prove.heard import at_pace, ignore, normal, rate, recogniser, words_in
from tests.prove.noise import floor_of
from tests.prove.record import Line, Run, tell
from tests.prove.recordings import Clip, clips, recorded, sound

FIRST, BESIDE = "moonshine-base", "base"
SETS = ("en", "long")
CLIP_S = (3.0, 60.0)
LONGEST_S = 90.0

AROUND_CLIPS = 14
AROUND = {
    "bare": (0.0, 0.0, 0.0),
    "before_0.3": (0.3, 0.0, 0.0),
    "before_0.64": (0.64, 0.0, 0.0),
    "before_1": (1.0, 0.0, 0.0),
    "before_2": (2.0, 0.0, 0.0),
    "before_3": (3.0, 0.0, 0.0),
    "after_0.64": (0.0, 0.64, 0.0),
    "after_1": (0.0, 1.0, 0.0),
    "after_3": (0.0, 3.0, 0.0),
    "within_3": (0.0, 0.0, 3.0),
}
"""Seconds of the clip's own noise floor before it, after it, and in its longest pause."""

DELAY_P95_S, SLOPE_MS_PER_S, DELAY_BEYOND_S = 0.5, 1.0, 0.05
EN_POINTS, AROUND_POINTS, AROUND_WORDS = 1.5, 1.0, 0.9
"""The bars of issue 24: of the delay, of the error rate on `en`, and of silence around a clip."""

WITH_WORDS, TIMED = ("clips", "joined", "mixed"), ("clips", "joined")
"""The parts in which words are counted, and those whose delays are."""

type EngineLines = dict[str, dict[str, list[Line]]]
"""The results by part and engine."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound of one part: its key in the results, what is said in it, and its samples."""

    key: str
    text: str
    audio: Audio

    @property
    def seconds(self) -> float:
        """How long it is."""
        return round(len(self.audio) / RATE_HZ, 2)


def quieted(clip: Clip, before_s: float, after_s: float, within_s: float, rng: np.random.Generator) -> Audio:
    """The clip with its own noise floor around it, and in the quietest 200 ms of its middle half."""
    audio = sound(clip)
    before, after, within = (floor_of(audio, round(s * RATE_HZ), rng) for s in (before_s, after_s, within_s))
    length = RATE_HZ // 5
    starts = range(len(audio) // 4, 3 * len(audio) // 4, length // 4)
    cut = min(starts, key=lambda at: float((audio[at : at + length].astype(np.float64) ** 2).sum())) + length // 2
    return recorded(np.concatenate([before, audio[:cut], within, audio[cut:], after]))


def sounds(run: Run) -> dict[str, list[Sound]]:
    """What is heard in each part with words; `run.limit` is how many of each set. Raises `Absent`."""
    given = clips(SETS)
    short = [clip for clip in given if CLIP_S[0] <= clip.seconds <= CLIP_S[1]]
    parts: dict[str, list[Sound]] = {"clips": [Sound(f"{c.kind}/{c.path.stem}", c.text, sound(c)) for c in short]}
    for part, mixed in (("joined", False), ("mixed", True)):
        plans = planned(given, run.seed, LONGEST_S, mixed=mixed)
        parts[part] = [
            Sound(f"{plan.clips[0].kind}/{plan.index:02}", plan.text, recorded(joined(plan))) for plan in plans
        ]
    chosen = [clip for clip in short if clip.kind == "en"][: run.upto(AROUND_CLIPS)]
    parts["around"] = [
        Sound(f"{name}/{clip.path.stem}", clip.text, quieted(clip, *seconds, np.random.default_rng([run.seed, number])))
        for name, seconds in AROUND.items()
        for number, clip in enumerate(chosen)
    ]
    return {
        part: of if part == "around" else [one for kind in SETS for one in _of(of, kind)[: run.upto(len(of))]]
        for part, of in parts.items()
    }


def _of(given: Iterable[Sound], kind: str) -> list[Sound]:
    return [one for one in given if one.key.startswith(f"{kind}/")]


async def heard(client: WhisperClient, clock: SkippingClock, one: Sound) -> Line:
    """What an engine makes of a sound: counts of words, its delay, the windows that make up the text."""
    ended_at = 0.0

    async def frames() -> Any:
        nonlocal ended_at
        async for frame in iterate_frames(one.audio, realtime=True):
            yield frame
        ended_at = anyio.current_time()

    client.last_language = ""
    with clock.skipping(lambda: client.is_busy):
        said = await client.transcribe(frames(), ignore)
        delay_s = anyio.current_time() - ended_at
    reference, text = normal(one.text), normal(said.text)
    edits = jiwer.process_words(reference, text) if reference else None
    return {
        "seconds": one.seconds,
        "delay_ms": round(1000 * delay_s, 1),
        "decode_s": said.decode_s,
        "words": len(reference.split()),
        "heard": words_in(said.text),
        "marks": len(said.text.strip()),
        "edits": edits.substitutions + edits.deletions + edits.insertions if edits else words_in(said.text),
        "deletions": edits.deletions if edits else 0,
        "insertions": edits.insertions if edits else 0,
        "looped": is_repetitive(said.text) and not is_repetitive(one.text),
        "windows_s": [round(window.end_s - window.start_s, 2) for window in said.segments],
        "guards": list(said.guards),
        "text": text,
    }


def prove(run: Run) -> dict[str, Any]:
    """Hear everything with both engines in turns."""
    return at_pace(_prove, run)


async def _prove(run: Run, clock: SkippingClock) -> dict[str, Any]:
    names = (FIRST if run.model == BESIDE else run.model, BESIDE)
    async with loaded(names) as engines:
        given = {**sounds(run), "nothing": silences(run)}
        wanted = {part: of for part, of in given.items() if run.part in ("", part)}
        lines = await hear(run, clock, engines, wanted)
    return {"engines": names, **summed(lines, names, run.seed)}


def silences(run: Run) -> list[Sound]:
    """Sounds without speech: those of the proof `nothing`."""
    kinds = nothing.kinds()[: run.upto(100)]
    return [Sound(f"{kind}/{number:03}", "", nothing.clip(run.seed, number)) for number, kind in enumerate(kinds)]


@asynccontextmanager
async def loaded(names: Sequence[str]) -> AsyncIterator[dict[str, WhisperClient]]:
    """The engines by name, which expect English."""
    async with AsyncExitStack() as stack:
        engines = {name: await stack.enter_async_context(recogniser(name)) for name in names}
        for engine in engines.values():
            engine.languages = ("en",)
        yield engines


async def hear(
    run: Run, clock: SkippingClock, engines: Mapping[str, WhisperClient], given: Mapping[str, Sequence[Sound]]
) -> EngineLines:
    """Hear every sound with two engines in turns; return the lines of each part by engine.

    Results are known by the first engine too: the other is heard beside it, and again beside another one.
    """
    names = tuple(engines)
    lines: EngineLines = {part: {name: [] for name in names} for part in given}
    for part, of in given.items():
        for number, one in enumerate(of):
            keys = {name: f"{part} {one.key} {name} {names[0]}" for name in names}
            for name in names if number % 2 else reversed(names):
                if keys[name] not in run.lines:
                    run.lines.add(keys[name], await heard(engines[name], clock, one))
            tell(f"{run.name}: {names[0]}, {part} {number + 1}/{len(of)}", "\r")
            found = [run.lines[keys[name]] for name in names]
            for name, line, other in zip(names, found, reversed(found), strict=True):
                lost = has_lost_tail(normal(one.text).split(), other["text"].split(), line["text"].split())
                lines[part][name].append({**line, "lost_tail": lost})
    return lines


def summed(lines: EngineLines, names: Sequence[str], seed: int) -> dict[str, Any]:
    """All figures by part, set and engine; of all parts together also the bars, and whether they are met."""
    found: dict[str, Any] = {}
    for part in filter(lines.__contains__, WITH_WORDS):
        found[part] = {
            kind: {name: figures([line for line in lines[part][name] if _kind(line) == kind]) for name in names}
            for kind in SETS
        }
    timed = {name: [line for part in filter(lines.__contains__, TIMED) for line in lines[part][name]] for name in names}
    found["delay"] = {name: _delay(timed[name], seed) for name in names}
    found["by_window"] = {name: _by_window(timed[name]) for name in names}
    for part, sum_up in (("around", around), ("nothing", without_speech)):
        if part in lines:
            found[part] = {name: sum_up(lines[part][name]) for name in names}
    is_whole = lines.keys() >= {*WITH_WORDS, "around", "nothing"}
    return {**found, **(_bars(found, names) if is_whole else {})}


def _kind(line: Line) -> str:
    return str(line["key"].split(" ")[1].split("/")[0])


def figures(lines: Sequence[Line]) -> Line:
    """Sums of these lines, their error rate, and how many times faster than speech they were decoded."""
    sums = {name: sum(line[name] for line in lines) for name in ("words", "edits", "deletions", "insertions")}
    return {
        "dictations": len(lines),
        **sums,
        "wer": rate(lines),
        "speed": round(sum(line["seconds"] for line in lines) / max(1e-9, sum(line["decode_s"] for line in lines)), 1),
        "empty": sum(not line["heard"] for line in lines),
        "loops": sum(line["looped"] for line in lines),
        "lost_tails": sum(line["lost_tail"] for line in lines),
        "guards": sum(len(line["guards"]) for line in lines),
    }


def _delay(lines: Sequence[Line], seed: int) -> Line:
    delays = [line["delay_ms"] for line in lines]
    slope = theil_sen([line["seconds"] for line in lines], delays, seed) if lines else None
    return {
        "p50_ms": percentile(delays, 50),
        "p95_ms": percentile(delays, 95),
        "slope_ms_per_s": None if slope is None else round(slope.value, 2),
    }


def _by_window(lines: Sequence[Line]) -> dict[str, Line]:
    """Error rate and delay by the mean length of the windows that make up a text."""
    found = {}
    for low, high in ((0, 4), (4, 8), (8, 12), (12, 20), (20, 30)):
        of = [line for line in lines if line["windows_s"] and low <= np.mean(line["windows_s"]) < high]
        if of:
            found[f"{low}-{high}"] = {
                "dictations": len(of),
                "wer": rate(of),
                "p50_ms": percentile([line["delay_ms"] for line in of], 50),
            }
    return found


def around(lines: Sequence[Line]) -> dict[str, Line]:
    """Error rate, and words beside the bare clip's, for each silence around or within a clip."""
    bare = {line["key"].split("/")[1]: line["heard"] for line in lines if _kind(line) == "bare"}
    found = {}
    for name in AROUND:
        of = [line for line in lines if _kind(line) == name]
        found[name] = {
            "wer": rate(of),
            "words_of_bare": round(
                sum(line["heard"] for line in of) / max(1, sum(bare[line["key"].split("/")[1]] for line in of)), 3
            ),
            "empty": sum(not line["heard"] for line in of),
        }
    return found


def without_speech(lines: Sequence[Line]) -> Line:
    """What is heard where there is no speech."""
    return {
        "clips": len(lines),
        "words": sum(line["heard"] for line in lines),
        "clips_with_text": sum(line["marks"] > 0 for line in lines),
    }


def _bars(found: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Each bar of issue 24 that these figures can show, met or not."""
    first, beside = names
    en, long = found["joined"]["en"], found["joined"]["long"]
    delay, other = found["delay"][first], found["delay"][beside]
    variants = [(rows, rows["bare"]) for rows in found["around"].values()]
    met = {
        "en_wer": en[first]["wer"] <= en[beside]["wer"] - EN_POINTS,
        "long_wer": long[first]["wer"] <= long[beside]["wer"],
        "lost_tails": not any(found["joined"][kind][first]["lost_tails"] for kind in SETS),
        "loops": not any(found[part][kind][first]["loops"] for part in ("clips", "joined", "mixed") for kind in SETS),
        "deletions": sum(found["joined"][kind][first]["deletions"] for kind in SETS)
        <= sum(found["joined"][kind][beside]["deletions"] for kind in SETS),
        "delay_p50": delay["p50_ms"] <= other["p50_ms"] + 1000 * DELAY_BEYOND_S,
        "delay_p95": delay["p95_ms"] <= 1000 * DELAY_P95_S,
        "delay_slope": delay["slope_ms_per_s"] < SLOPE_MS_PER_S,
        "around": all(
            row["words_of_bare"] >= AROUND_WORDS and row["wer"] <= bare["wer"] + AROUND_POINTS and not row["empty"]
            for rows, bare in variants
            for row in rows.values()
        ),
        "nothing": not any(row["clips_with_text"] for row in found["nothing"].values()),
    }
    return {"bars": met, "ok": all(met.values())}
