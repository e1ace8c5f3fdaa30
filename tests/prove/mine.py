"""My bench: what it says of samples of recordings is what a run over all of them says, and it ends at a press.

Every clip is streamed once to each installed model, and its text kept. From these texts histories are drawn as users
have them: sixty dictations by the first model, of which some are corrected, at random or where they are wrong. What
`intone bench mine` says of each is compared with all clips and their true texts: the difference must lie in the
interval, no claim may be against it, and of two models that are equally good none may be claimed better.
"""

from __future__ import annotations

import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import numpy as np

from desktop.app.bench_service import BenchProgress, BenchService
from desktop.audio.file import read_audio
from desktop.bench import mine
from desktop.bench.clock import SkippingClock
from desktop.bench.comparison import ComparedRecording, ModelComparison, WordCounts, compare_models
from desktop.bench.harness import run_dictation
from desktop.bench.metrics import percentile
from desktop.bench.passages import LEAD_S, Passage, find_speech
from desktop.bench.said import place_corrections
from desktop.bench.word_counts import count_errors, split_said
from desktop.core.paths import Paths
from desktop.core.types import RATE_HZ
from tests.prove.record import MODELS, Run, tell
from tests.prove.recordings import Clip, clips
from tests.support.bench_history import Dictated, fill
from tests.support.lent_files import lend

IN_USE = "tiny.en"

SETS = ("en", "en-l2")

HISTORIES, DICTATIONS = 400, 60
"""Histories drawn for each kind of user, and the dictations in each."""

BAR_HELD, BAR_FALSE, BAR_ORDER = 0.95, 0.05, 0.95
"""Least share of intervals that hold the difference over all clips; most claims where there is no difference; least
share of histories in which the models are in the order of all clips."""

PRESSES, BAR_PRESS_S = 20, 1.0

CLAIMS = {"worth-it": -1, "small": -1, "slow": -1, "worse": 1}
"""What verdicts say of the difference's sign."""

USERS = {
    "a drawn sample of 10, half of the other mistakes": (10, 0.5, 0.0),
    "a drawn sample of 20, half of the other mistakes": (20, 0.5, 0.0),
    "a drawn sample of 40, half of the other mistakes": (40, 0.5, 0.0),
    "at random": (0, 0.6, 0.6),
    "nine of ten mistakes": (0, 0.9, 0.0),
    "half of the mistakes": (0, 0.5, 0.0),
}
"""Kinds of users: how many recordings they check because they were drawn; how likely another wrong text is corrected,
and how likely another right one is accepted by an edit."""


@dataclass(frozen=True, slots=True)
class HeardClip:
    """A clip: the words of it that each model heard, and those that were said (under the name `said`)."""

    words: Mapping[str, tuple[str, ...]]
    release_ms: Mapping[str, float]

    def is_placeable(self, model: str) -> bool:
        """Whether the model's text is corrected, and not written anew."""
        heard, said = self.words[model], self.words["said"]
        return place_corrections(heard, heard, said) is not None

    def count(self, model: str, reference: str) -> WordCounts:
        """Return what the model got wrong, by what was said or what another model heard."""
        words = self.words[reference]
        return WordCounts(len(words), count_errors(words, self.words[model]), 0, 0, self.release_ms[model])


def prove(run: Run) -> dict[str, Any]:
    """All clips of sentences, or `run.limit`; `run.part` is one of `words` and `presses`."""
    chosen = [clip for clip in clips() if clip.kind in SETS]
    random.Random(run.seed).shuffle(chosen)
    chosen = chosen[: run.upto(len(chosen))]
    home = make_home(run.out / f"mine-{run.seed}", chosen)
    found: dict[str, Any] = {"bars": {}}
    if run.part in ("", "words"):
        clock = SkippingClock()
        anyio.run(hear_all, run, clock, home, backend_options={"loop_factory": clock.create_loop})
        found |= judge([read_clip(run, clip) for clip in chosen], run.seed)
    if run.part in ("", "presses"):
        found["presses"] = anyio.run(press_often, home, run.seed)
        found["bars"]["presses"] = found["presses"]["max_s"] < BAR_PRESS_S
    return {**found, "ok": all(found["bars"].values())}


def make_home(home: Path, chosen: Sequence[Clip]) -> Paths:
    """Return a home with the models and a history of these clips, all of whose texts are known."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    lend(MODELS, home / "models")
    (home / "settings.toml").write_text(f'[recognizer]\nmodel = "{IN_USE}"\nlanguage = ["en"]\n')
    fill(home, [Dictated(clip.path, clip.seconds, clip.text, clip.text) for clip in chosen])
    return Paths(home, home, home, home)


async def hear_all(run: Run, clock: SkippingClock, paths: Paths) -> None:
    """Stream each clip to each model, and keep the texts."""
    os.environ["INTONE_HOME"] = str(paths.data)
    setup = mine.load_setup(paths, (), None, run.seed)
    for name, model in setup.models.items():
        missing = [one for one in setup.drawn if f"{name} {source(one.row.audio_path)}" not in run.lines]
        if not missing:
            continue
        client = mine.create_client(setup, model)
        try:
            await client.load()
            for number, recording in enumerate(missing):
                text, release_ms = await mine.stream_recording(clock, client, recording, setup)
                line = {"model": name, "text": text, "release_ms": release_ms}
                run.lines.add(f"{name} {source(recording.row.audio_path)}", line)
                if number % 20 == 0:
                    tell(f"{name}: {number} of {len(missing)}")
        finally:
            await client.close()


def source(recording: Path | None) -> str:
    """Return the name of the clip that a recording of the history is."""
    assert recording is not None
    return recording.resolve().name


def read_clip(run: Run, clip: Clip) -> HeardClip:
    """Return what was heard in the clip."""
    names = [path.name for path in MODELS.iterdir() if f"{path.name} {clip.path.resolve().name}" in run.lines]
    lines = {name: run.lines[f"{name} {clip.path.resolve().name}"] for name in names}
    words = {name: split_said(line["text"], "en") for name, line in lines.items()}
    return HeardClip(
        {**words, "said": split_said(clip.text, "en")}, {name: line["release_ms"] for name, line in lines.items()}
    )


def judge(heard: Sequence[HeardClip], seed: int, histories: int = HISTORIES) -> dict[str, Any]:
    """Compare what is said of so many histories of each kind of user with all clips."""
    models = sorted(heard[0].release_ms, key=lambda name: name != IN_USE)
    full = {name: error_rate(heard, name) for name in models}
    draw = random.Random(seed)
    users = {
        user: judge_user([draw_history(heard, models, odds, draw) for _ in range(histories)], models, full, seed)
        for user, odds in USERS.items()
    }
    alike = judge_alike(heard, models, draw, seed, histories)
    placeable = sum(clip.is_placeable(IN_USE) for clip in heard)
    return {
        "clips": len(heard),
        "not_placeable": len(heard) - placeable,
        "wrong_percent": {name: round(100 * rate, 2) for name, rate in full.items()},
        "release_p50_ms": {name: percentile([clip.release_ms[name] for clip in heard], 50) for name in models},
        "users": users,
        "equal_models": alike,
        "bars": {
            "held": all(of["held"] >= BAR_HELD for user in users.values() for of in user.values()),
            "no_claim_against": not any(of["against"] for user in users.values() for of in user.values()),
            "same_order": all(of["same_order"] >= BAR_ORDER for user in users.values() for of in user.values()),
            "equal": all(share <= BAR_FALSE for share in alike.values()),
        },
    }


def error_rate(heard: Sequence[HeardClip], model: str) -> float:
    """Return the share of wrong words over all clips."""
    counts = [clip.count(model, "said") for clip in heard]
    return sum(one.errors for one in counts) / sum(one.words for one in counts)


def draw_history(
    heard: Sequence[HeardClip], models: Sequence[str], odds: tuple[int, float, float], draw: random.Random
) -> list[ComparedRecording]:
    """Return what is compared of a history by the first of `models`: texts that are written anew are left out."""
    writer, recordings = models[0], []
    sampled, wrong_odds, right_odds = odds
    for number, clip in enumerate(draw.sample(heard, min(DICTATIONS, len(heard)))):
        is_wrong = clip.words[writer] != clip.words["said"]
        is_sampled = number < sampled
        is_checked = is_sampled or draw.random() < (wrong_odds if is_wrong else right_odds)
        if is_checked and not clip.is_placeable(writer):
            continue
        reference = "said" if is_checked else writer
        counts = {name: clip.count(name, reference) for name in models}
        recordings.append(ComparedRecording(is_checked, writer, counts, is_sampled))
    return recordings


def judge_user(
    histories: Sequence[list[ComparedRecording]], models: Sequence[str], full: Mapping[str, float], seed: int
) -> dict[str, Any]:
    """Return for each model but the first how often the interval holds the full difference, and what was claimed."""
    said = [compare_models(history, models, models[0], {}, seed) for history in histories]
    found = {}
    for name in models[1:]:
        difference = full[name] - full[models[0]]
        ones = [next(one for one in of if one.model == name) for of in said]
        estimates = [one.difference for one in ones if one.difference is not None]
        verdicts = Counter(one.verdict for one in ones)
        against = sum(CLAIMS.get(one.verdict, 0) * difference < 0 for one in ones)
        found[name] = {
            "difference_percent": round(100 * difference, 2),
            "held": round(sum(one.low <= difference <= one.high for one in estimates) / len(estimates), 4),
            "value_percent": round(100 * float(np.mean([one.value for one in estimates])), 2),
            "width_percent": round(100 * float(np.mean([one.high - one.low for one in estimates])), 2),
            "same_order": round(sum(is_first(of, name) == (difference < 0) for of in said) / len(said), 4),
            "against": against,
            "verdicts": dict(verdicts),
        }
    return found


def is_first(compared: Sequence[ModelComparison], name: str) -> bool:
    """Return whether the model is ranked before the one in use."""
    names = [one.model for one in compared]
    in_use = next(one.model for one in compared if one.verdict == "in-use")
    return names.index(name) < names.index(in_use)


def judge_alike(
    heard: Sequence[HeardClip], models: Sequence[str], draw: random.Random, seed: int, histories: int
) -> dict[str, float]:
    """Return how often one of two equally good models is claimed better, for each kind of user.

    They are two real ones of which each clip has them the other way round by chance.
    """
    shares = {}
    for user, odds in USERS.items():
        claims = 0
        for number in range(histories):
            shuffled = [swap(clip, models[:2]) if draw.random() < 0.5 else clip for clip in heard]
            history = draw_history(shuffled, models[:2], odds, draw)
            of = compare_models(history, models[:2], models[0], {}, seed + number)
            claims += any(one.verdict in ("worth-it", "small", "slow") for one in of)
        shares[user] = round(claims / histories, 4)
    return shares


def swap(clip: HeardClip, pair: Sequence[str]) -> HeardClip:
    """Return the clip as if each of the two models had heard what the other did."""
    one, other = pair
    words = {**clip.words, one: clip.words[other], other: clip.words[one]}
    return HeardClip(words, {**clip.release_ms, one: clip.release_ms[other], other: clip.release_ms[one]})


async def press_often(paths: Paths, seed: int) -> dict[str, Any]:
    """Press the key during comparisons; return how soon all their processes are gone, and how soon a text is there
    after one, beside the same without."""
    draw = random.Random(seed)
    gone_s: list[float] = []
    pressed_ms: list[float] = []
    computed: list[float] = []
    texts_ms: dict[str, list[float]] = {"beside": [], "alone": []}
    os.environ["INTONE_HOME"] = str(paths.data)
    setup = mine.load_setup(paths, (IN_USE,), 20, seed)
    client = mine.create_client(setup, setup.models[IN_USE])
    await client.load()
    try:
        for number in range(PRESSES):
            passage = load_passage(setup.drawn[number % len(setup.drawn)].row.audio_path)
            kinds = ("beside", "alone") if number % 2 else ("alone", "beside")
            for kind in kinds:
                if kind == "beside":
                    press_s, took_s, computed_s = await press_once(paths, draw.uniform(0.0, 2.0))
                    pressed_ms.append(1000 * press_s)
                    gone_s.append(took_s)
                    computed.append(computed_s)
                dictation = await run_dictation(client, passage, 0.3)
                if dictation.release_to_text_ms is not None:
                    texts_ms[kind].append(dictation.release_to_text_ms)
            tell(f"press {number + 1}: gone after {gone_s[-1]:.3f} s")
    finally:
        await client.close()
    return {
        "presses": len(gone_s),
        "max_s": round(max(gone_s), 3),
        "p50_s": round(float(np.median(gone_s)), 3),
        "computed_after_max_s": round(max(computed), 3),
        "load": [round(one, 1) for one in os.getloadavg()],
        "press_p50_ms": round(float(np.median(pressed_ms)), 2),
        "press_max_ms": round(max(pressed_ms), 2),
        "text_p50_ms": {kind: percentile(values, 50) for kind, values in texts_ms.items()},
        "text_p95_ms": {kind: percentile(values, 95) for kind, values in texts_ms.items()},
    }


async def press_once(paths: Paths, after_s: float) -> tuple[float, float, float]:
    """Start a comparison, press the key while it decodes; return the seconds that the press took, until no process of
    it was left, and that it has computed after the press."""
    paths.bench_results.unlink(missing_ok=True)
    measured = anyio.Event()

    def on_change(progress: BenchProgress) -> None:
        if progress.done:
            measured.set()

    async with anyio.create_task_group() as tasks:
        service = BenchService(tasks.start_soon, anyio.lowlevel.checkpoint)
        service.watch(on_change)
        service.start()
        with anyio.fail_after(120):
            await measured.wait()
        await anyio.sleep(after_s)
        group = service.pid
        assert group is not None
        assert len(find_group(group)) >= 2, "the comparison and its model's process"
        computed_s = last_s = count_user_s(group)
        began = time.monotonic()
        service.on_press()
        pressed_s = time.monotonic() - began
        service.stop()  # it would go on afterwards
        while find_group(group):
            last_s = max(last_s, count_user_s(group))
            await anyio.lowlevel.checkpoint()
        gone_s = time.monotonic() - began
    return pressed_s, gone_s, last_s - computed_s


def count_user_s(group: int) -> float:
    """Return the seconds that the processes of a group have computed, but for what the system does for them."""
    total = 0
    for process in find_group(group):
        with suppress(OSError):
            total += int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11])
    return total / os.sysconf("SC_CLK_TCK")


def find_group(group: int) -> list[int]:
    """Return the processes of a group that have not ended."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with suppress(OSError):
                state, _, its_group = (process / "stat").read_text().rpartition(")")[2].split()[:3]
                if int(its_group) == group and state not in "ZX":
                    found.append(int(process.name))
    return found


def load_passage(recording: Path | None) -> Passage:
    """Return the recording's speech after a lead of silence."""
    assert recording is not None
    audio = read_audio(recording)
    first, last = find_speech(audio)
    lead = np.zeros(round(LEAD_S * RATE_HZ), np.float32)
    return Passage(np.concatenate([lead, audio[first:last]]), LEAD_S, LEAD_S + (last - first) / RATE_HZ)
