"""Random sequences of what may happen during dictations, and what becomes of every spoken stretch.

Speech is real, and given as fast as it is heard; what it is spoken to is in `tests.prove.losses_world`. A sequence is
drawn by hypothesis: presses, other keys, releases, Esc, windows and password prompts that take the focus, answers of
the service, kills of the model's process, a screen that is locked, retries. At its end every stretch of speech that a
dictation was given must be in a window, in a row, or in a recording that Retry takes. What is said to a password field
or an excluded application is not kept by choice, and counted.

As many sequences are about what is said and done after a text, in `tests.prove.losses_commands`: spoken commands, hands
free, answers, corrections and restarts. They need no model.
"""

from __future__ import annotations

import logging
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import anyio
import hypothesis
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import strategies as st

from desktop.audio.file import read_audio
from desktop.core.types import Audio
from desktop.stt.local.client import WhisperClient
from desktop.stt.local.model_choice import LocalModel
from tests.conftest import Clip, sentences
from tests.prove.losses_commands import CommandWorld
from tests.prove.losses_commands import sequences as command_sequences
from tests.prove.losses_stage import PASTES, WINDOWS
from tests.prove.losses_world import World
from tests.prove.record import MODELS, Line, Run, tell

SEQUENCES, CHUNK = 500, 20
"""How many sequences, and how many a line of the results holds."""

MODEL = "tiny.en"
ENGINES = ("local", "service", "both")
WAITS = ("wait 0.1", "wait 0.3", "wait 1")
ENDS = (*((wait, "release") for wait in WAITS), ("escape", "release", "retry"))

EVENTS = (
    "press",
    "release",
    "speak",
    "syllable",
    *("other", "escape", "kill") * 2,
    *WAITS,
    *(f"focus {window}" for window in WINDOWS),
    *(f"answer {how}" for how in ("words", "nothing", "fails", "late")),
    *(f"paste {how}" for how in PASTES),
    "lock",
    "retry",
)


def flat(parts: Iterable[Iterable[str]]) -> list[str]:
    """Return `parts` as one list."""
    return list(chain.from_iterable(parts))


some = st.lists(st.sampled_from(EVENTS), max_size=3)

dictations = st.tuples(st.just(["press"]), some, st.just(["speak"]), some, st.sampled_from(ENDS), some).map(flat)
"""A press, speech and a release, with up to three other events before, between and after them."""

sequences = st.tuples(st.sampled_from(ENGINES), st.booleans(), st.lists(dictations, min_size=2, max_size=5).map(flat))


type Played = tuple[Counter[str], list[str]]
"""What happened, and what is wrong."""


class Errors(logging.Handler):
    """Counts what is logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1


async def play(
    local: WhisperClient, clips: Sequence[tuple[Clip, Audio]], drawn: tuple[str, bool, Sequence[str]]
) -> Played:
    """Let events happen to a new world, to their end; what happened, what became of each stretch, and what is wrong."""
    engine, double, events = drawn
    errors = Errors()
    logging.getLogger().addHandler(errors)
    with tempfile.TemporaryDirectory(prefix="intone-losses-") as folder:
        world = World(Path(folder), engine, double, local, clips)
        async with anyio.create_task_group() as tasks:
            world.start(tasks)
            async with anyio.create_task_group() as world.retries:
                for event in events:
                    await world.happen(event)
                await world.end()
            await world.over()
            tasks.cancel_scope.cancel()
        found = world.happened + Counter(f"ends: {fate}" for fate in world.fates())
        found["prompts pasted into"] = sum(map(world.interrupted, world.spoken))
        found["left in the spool"] = len(world.memory.spool.find_leftovers())
        found["errors logged"] = errors.count
        logging.getLogger().removeHandler(errors)
        return found + Counter(sequences=1), wrong(found)


BAD = ("ends: lost", "prompts pasted into", "left in the spool", "errors logged")


def wrong(found: Counter[str]) -> list[str]:
    """What must not have happened, and did."""
    return [name for name, count in found.items() if count and name.startswith(BAD)]


@asynccontextmanager
async def loaded() -> AsyncIterator[WhisperClient]:
    """The model, in a process of its own."""

    async def find() -> LocalModel:
        return LocalModel(MODEL, MODELS / MODEL)

    whisper = WhisperClient(find, ("en",), device="cpu")
    await whisper.load()
    try:
        yield whisper
    finally:
        await whisper.close()


def drawn[T](seed: int, count: int, strategy: st.SearchStrategy[T], play_one: Callable[[T], Played]) -> dict[str, Any]:
    """Play `count` sequences; the counts of what happened, and the sequences in which something went wrong."""
    happened, failures = Counter[str](), list[str]()

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(strategy)
    def one(sequence: T) -> None:
        found, faults = play_one(sequence)
        happened.update(found)
        failures.extend(f"{fault}: {sequence}" for fault in faults)

    one()
    return {"happened": dict(happened), "wrong": failures}


async def play_commands(voice: Audio, events: Sequence[str]) -> Played:
    """Let `events` happen to a new world of commands, to their end; what happened, and what is wrong then."""
    errors = Errors()
    logging.getLogger().addHandler(errors)
    with tempfile.TemporaryDirectory(prefix="intone-losses-") as folder:
        world = CommandWorld(Path(folder), voice)
        async with anyio.create_task_group() as tasks:
            world.start(tasks)
            for event in events:
                await world.happen(event)
            await world.end()
        logging.getLogger().removeHandler(errors)
        faults = world.judge() + ["errors logged"] * bool(errors.count)
    return world.happened + Counter({"command sequences": 1}), faults


def drawn_keys(portal: BlockingPortal, local: WhisperClient, seed: int, count: int) -> dict[str, Any]:
    """Play so many sequences of keys, focus, answers and kills."""
    clips = [(clip, read_audio(clip.path)) for clip in sentences()]
    return drawn(seed, count, sequences, partial(portal.call, play, local, clips))


def drawn_commands(portal: BlockingPortal, seed: int, count: int) -> dict[str, Any]:
    """Play so many sequences of commands and of what else is done with a text."""
    voice = read_audio(sentences()[0].path)
    return drawn(seed, count, command_sequences, partial(portal.call, play_commands, voice))


def prove(run: Run) -> dict[str, Any]:
    """`run.limit` sequences of each kind."""
    wanted = run.upto(SEQUENCES)
    chunks = [(at, min(CHUNK, wanted - at)) for at in range(0, wanted, CHUNK)]
    with start_blocking_portal() as portal:
        add_lines(run, "commands from", chunks, partial(drawn_commands, portal))
        with portal.wrap_async_context_manager(loaded()) as local:
            add_lines(run, "from", chunks, partial(drawn_keys, portal, local))
    return summary([run.lines[f"{kind} {at}"] for kind in ("commands from", "from") for at, _ in chunks])


def add_lines(
    run: Run, kind: str, chunks: Sequence[tuple[int, int]], draw: Callable[[int, int], dict[str, Any]]
) -> None:
    """Add the results of the chunks (first, count) that are not there yet."""
    for number, (at, count) in enumerate(chunks):
        if (key := f"{kind} {at}") not in run.lines:
            run.lines.add(key, draw(run.seed * 10_000 + number, count))
        tell(f"losses: {kind} {at}", "\r")


def summary(lines: Sequence[Line]) -> dict[str, Any]:
    """The counts, and `ok`."""
    happened = Counter[str]()
    for line in lines:
        happened.update(line["happened"])
    failures = [failure for line in lines for failure in line["wrong"]]
    return {**dict(sorted(happened.items())), "wrong": failures[:10], "ok": not failures}
