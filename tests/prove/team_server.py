"""packaging/server's application as a team would have it: Ray Serve with two replicas on two cores, Caddy in front.

`faults`: 200 dictations go through the app's flow to the `compatible` engine, over TLS and HTTP/2, with the local model
beside it, at the pace of speech. Meanwhile replicas are killed, added and removed, all of Ray is killed and started
again, clients go away in mid-request, and 50 dictations begin at once. Each must be pasted, and once; the server must
answer a share of each phase, all where nothing is broken, and replicas must have been killed as they decoded; a text
by the server is, to the letter, what the same model finds here with the same options; and a row says truly whose text
it is and why. The model is `tiny.en`, and the deadline longer than the app's, since one machine does the work of
server and writers.

`speed`: recordings with `--model`, as fast as they are taken, by one replica of one thread, by two, and by one of two
threads: dictations a second, and how long one waits for its text where no others do.
"""

from __future__ import annotations

import math
import os
import random
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import numpy as np
from anyio import to_thread
from faster_whisper import WhisperModel

from desktop.audio.file import iterate_frames
from desktop.audio.spool_file import SpoolFile
from desktop.core.errors import UserError
from desktop.core.interfaces import Recognizer
from desktop.core.messages import render
from desktop.core.types import RATE_HZ, Audio, Outcome
from desktop.dictation.dependencies import SessionDependencies
from desktop.history.rows import HistoryEntry
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.network.services import load_client
from desktop.network.timing import ExchangeWatch
from desktop.stt.cloud.openai import OpenAIRecognizer
from desktop.stt.cloud.request import CloudRequest
from desktop.stt.fallback import FallbackRecognizer, FallbackRules
from tests.prove.heard import counts, ignore, rate, recogniser
from tests.prove.proc import cpu_s
from tests.prove.record import MODELS, Line, Run, tell
from tests.prove.recordings import Clip, clips, sound
from tests.support.cloud.team_server import KEY, NOT_INSTALLED, RAY, Front, TeamServer, caddy, kill
from tests.support.desk import until
from tests.support.stage import Stage

DEADLINE_S, APP_DEADLINE_S = 30.0, 1.5
"""Seconds from the end of speech until the local text has precedence: here, and by the app's default."""

SMALL = "tiny.en"

QUEUE = 4
"""Dictations that may wait for the two replicas: far fewer than the deadline here would allow."""

WRITERS = 4
"""Who dictate at once, one dictation after the other, but for the burst."""

PHASES = {"calm": 40, "killed": 40, "scaled": 40, "restarted": 20, "gone": 10, "burst": 50}
"""Dictations of each."""

FLOORS = {"calm": 1.0, "killed": 0.9, "scaled": 1.0, "restarted": 0.0, "gone": 1.0, "burst": 0.1}
"""Share of a phase's dictations that the server must answer, one at least. Nothing excuses it where nothing is broken:
the deadline is many times what one takes. A replica that is killed has its model loaded by processors at work, and one
in ten may be late meanwhile. Of a burst it takes six, two at once and four in the queue: one in ten is below what it
must do. While Ray starts it answers none, but it has answered one before, and see `_restarted`."""

REASONS = {
    "is busy.": ("restarted", "burst"),
    "did not answer in": ("killed", "restarted", "burst"),
    "has a problem of its own (status 50": ("restarted",),
    "broke": ("restarted",),
}
"""What the note of a local text may give as the reason, and in which phases that may be true."""

NAME = "The team's server"

FAULTS = ("lost", "twice", "wrong", "untrue")
"""What may be wrong with a dictation."""

KILL_EVERY = 5
"""Dictations for each of which a replica is killed as it decodes; half of these kills must come about at least."""

WORK_S, REST_S = 0.03, 1.0
"""Seconds of processor time between two looks by which a replica is at work, and seconds of rest by which it has loaded
the model: one at rest uses a tenth of that, and looks are 0.05 to 0.25 s apart."""

WORSE, WORSE_IN_ALL = 1 / 3, 0.1
"""Shares of the words in which a text by the local engine, and all of them, may differ: it cuts while one speaks, and
hears otherwise than the whole decoded, and worse where the processors are busy: in runs of 200 at most 4 words of 13.
A text by the server may differ in no letter."""

SPEED_BAR = 1.7
"""Times the dictations a second of one replica that two must take."""

LONG_S = 300
"""Seconds of the recordings whose clients go away: 10 MB, a dozen windows."""

LAYOUTS = {"1 replica, 1 thread": (1, 1), "2 replicas, 1 thread each": (2, 1), "1 replica, 2 threads": (1, 2)}
TAKES = 24
"""Recordings for each."""


def prove(run: Run) -> dict[str, Any]:
    """Measure what is missing; `run.limit` is how many dictations of the faults, and of each layout of the speed."""
    if not RAY.exists():
        raise UserError("reported-message", title=NOT_INSTALLED, advice="")
    found: dict[str, Any] = {}
    if run.part in ("", "faults"):
        found["faults"] = _faults(run)
    if run.part in ("", "speed"):
        found["speed"] = _speed(run)
    load = [round(value, 1) for value in os.getloadavg()]
    return {**found, "load": load, "ok": all(part["ok"] for part in found.values())}


def _faults(run: Run) -> dict[str, Any]:
    share = run.upto(sum(PHASES.values())) / sum(PHASES.values())
    sizes = {phase: max(2, round(size * share)) for phase, size in PHASES.items()}
    keys = {phase: [f"{phase} {number}" for number in range(size)] for phase, size in sizes.items()}
    missing = [phase for phase in PHASES if any(key not in run.lines for key in (*keys[phase], f"{phase} told"))]
    if missing:
        anyio.run(_run_phases, run, {phase: keys[phase] for phase in missing})
    lines = [run.lines[key] for phase in PHASES for key in keys[phase]]
    rows = {}
    for phase in PHASES:
        own = [run.lines[key] for key in keys[phase]]
        after = [line["after_s"] for line in own]
        by_server = sum(line["engine"] == "compatible" for line in own)
        reasons = {reason: sum(line["reason"] == reason for line in own) for reason in REASONS}
        rows[phase] = {
            "dictations": len(own),
            "by_server": by_server,
            "by_local": {reason: count for reason, count in reasons.items() if count},
            "p50_s": _share(after, 0.5),
            "p95_s": _share(after, 0.95),
            "min_s": min(after),
            "max_s": max(after),
            "local_differs_percent": rate(line for line in own if "edits" in line),
            **{key: value for key, value in run.lines[f"{phase} told"].items() if key != "key"},
        }
    few = [phase for phase, row in rows.items() if is_few(phase, row["by_server"], row["dictations"])]
    heard = [line for line in lines if "edits" in line]
    differs_percent = rate(heard) if heard else 0.0
    faults = {kind: [line["key"] for line in lines if line[kind]] for kind in FAULTS}
    return {
        "dictations": len(lines),
        "deadline_s": DEADLINE_S,
        **faults,
        "too_few_by_server": few,
        "local_differs_percent": differs_percent,
        "phases": rows,
        "ok": not (any(faults.values()) or few)
        and not are_few_kills(rows["killed"]["kills"], sizes["killed"])
        and differs_percent <= 100 * WORSE_IN_ALL
        and rows["gone"]["is_free"],
    }


def is_few(phase: str, by_server: int, dictations: int) -> bool:
    """Whether the server answered less of a phase than it must."""
    return by_server < max(1, math.floor(FLOORS[phase] * dictations))


def are_few_kills(kills: int, dictations: int) -> bool:
    """Whether fewer than half of the kills came about that were due among so many dictations."""
    return kills < max(1, len(range(1, dictations, KILL_EVERY)) // 2)


def judge(phase: str, rows: Sequence[HistoryEntry], pasted: Sequence[str], whole: str, local: str) -> Line:
    """Say whether a dictation is lost or delivered twice, its text wrong, or what its row says of the text untrue.

    `rows` and `pasted` are what came of it, `whole` is the server's model's text with the server's options, `local` the
    local engine's at rest.
    """
    twice = len(rows) > 1 or len(pasted) > 1
    delivered = [row for row in rows if row.raw_text and row.delivery is Outcome.INSERTED and row.text in pasted]
    if not delivered:
        note = render(rows[0].notes) if rows else ""
        return {"lost": True, "twice": twice, "wrong": False, "untrue": False, "engine": "", "reason": note}
    row = delivered[0]
    note, line = render(row.notes), {"lost": False, "twice": twice, "engine": row.engine}
    if row.engine == "compatible":
        return {**line, "wrong": row.raw_text != whole, "untrue": bool(note), "reason": ""}
    reason = next((each for each in REASONS if each in note), "")
    found = min((counts(text, row.raw_text) for text in (whole, local)), key=lambda found: found["edits"])
    is_true = reason and phase in REASONS[reason] and NAME in note and "Used the local text." in note
    is_wrong = found["edits"] > max(2, WORSE * found["words"])
    return {
        **line,
        "wrong": is_wrong,
        "texts": [row.raw_text, local] if is_wrong else [],
        "edits": found["edits"],
        "words": found["words"],
        "untrue": not is_true,
        "reason": reason or note,
    }


type Meanwhile = Callable[[Callable[[], int]], Awaitable[Line]]
"""Disturbs; it is given what tells how many dictations are over, and returns figures."""


async def nothing(done: Callable[[], int]) -> Line:
    """Disturb nothing."""
    return {}


class Writer(Stage):
    """A user with an app: the flow with a recognizer, whose rows are waited for."""

    def __init__(self, folder: Path, recognizer: Recognizer) -> None:
        self._real = recognizer
        self._kept = anyio.Event()
        self._rows = self._pastes = 0
        super().__init__(folder)

    def parts(self) -> SessionDependencies:
        """Its recognizer in the place of the stage's."""
        self.recognizer = self._real  # type: ignore[assignment]
        return super().parts()

    def _remember(self, entry: HistoryEntry, take: SpoolFile) -> int:
        self._kept.set()
        return super()._remember(entry, take)

    async def dictate(self, audio: Audio) -> tuple[list[HistoryEntry], list[str], float]:
        """Say `audio` at its pace; return its rows and pastes, none if there is no row within two minutes, and the
        seconds to the first row.

        What an earlier dictation left too late counts for this one.
        """
        self._kept = anyio.Event()
        recording = await self.press()
        async for frame in iterate_frames(audio, realtime=True):
            recording.play(frame)
        self.release()
        ended_at = anyio.current_time()
        with anyio.move_on_after(120):
            await self._kept.wait()
        after_s = anyio.current_time() - ended_at
        rows, pasted = self.rows[self._rows :], [text for text, _ in self.paster.pasted[self._pastes :]]
        self._rows, self._pastes = len(self.rows), len(self.paster.pasted)
        return rows, pasted, after_s


class Ground:
    """The server, and what it is asked by."""

    def __init__(self, run: Run, server: TeamServer, front: Front, local: Recognizer) -> None:
        self.run, self.server, self.front, self.local = run, server, front, local
        self.random = random.Random(run.seed)
        chosen = [clip for clip in clips(("en",)) if 3 <= clip.seconds <= 8]
        self.random.shuffle(chosen)
        self.clips = chosen[:24]
        self.texts: dict[Path, str] = {}
        self.local_texts: dict[Path, str] = {}

    async def read(self) -> None:
        """Have every clip decoded whole, as the server does it, and heard by the local engine at rest."""
        model = WhisperModel(str(self.server.model), "cpu", compute_type="int8", cpu_threads=1)
        for clip in self.clips:
            self.texts[clip.path] = await to_thread.run_sync(_decode, model, sound(clip))
            self.local_texts[clip.path] = (await self.local.transcribe(iterate_frames(sound(clip)), ignore)).text

    @asynccontextmanager
    async def writer(self) -> AsyncIterator[Writer]:
        """A user, with connections of their own."""
        client = ServiceClient(ssl_context=self.front.context)
        remote = _compatible(self.front, client)
        choice = FallbackRecognizer(remote, self.local, FallbackRules("fallback", DEADLINE_S, NAME))
        with tempfile.TemporaryDirectory(prefix="intone-writer-") as folder:
            async with anyio.create_task_group() as tasks:
                writer = Writer(Path(folder), choice)
                writer.start(tasks)
                yield writer
                tasks.cancel_scope.cancel()
        await client.aclose()

    async def dictate(self, writer: Writer, key: str, clip: Clip) -> None:
        """One dictation, and its line."""
        rows, pasted, after_s = await writer.dictate(sound(clip))
        line = judge(key.split()[0], rows, pasted, self.texts[clip.path], self.local_texts[clip.path])
        self.run.lines.add(key, {**line, "after_s": round(after_s, 2)})
        if any(line[kind] for kind in FAULTS):
            tell(f"team-server: {key}: {line}")

    async def write(self, keys: Sequence[str], writers: int, meanwhile: Meanwhile) -> Line:
        """Have so many writers dictate all `keys` while `meanwhile` goes on; return what that tells."""
        left, done, told = list(keys), 0, dict[str, Any]()

        async def work() -> None:
            nonlocal done
            async with self.writer() as writer:
                while left:
                    key = left.pop(0)
                    await self.dictate(writer, key, self.clips[int(key.split()[1]) % len(self.clips)])
                    done += 1

        async def disturb() -> None:
            told.update(await meanwhile(lambda: done))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(disturb)
            for _ in range(min(writers, len(keys))):
                tasks.start_soon(work)
        return told


async def _run_phases(run: Run, keys: dict[str, list[str]]) -> None:
    await load_client("openai")
    with (
        TeamServer(MODELS / SMALL, count=2, deployment={"max_queued_requests": QUEUE}) as server,
        caddy(server.port) as front,
    ):
        async with recogniser(SMALL, ("en",)) as local:
            ground = Ground(run, server, front, local)
            await ground.read()
            for phase, own in keys.items():
                began = time.monotonic()
                told = await _PHASES[phase](ground, own)
                run.lines.add(f"{phase} told", {**told, "took_s": round(time.monotonic() - began)})
                tell(f"team-server: {phase}: {len(own)} dictations")


def _share(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of them does not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


async def _until(met: Callable[[], object]) -> None:
    await to_thread.run_sync(partial(until, met, "the next step", 300))


async def _calm(ground: Ground, keys: Sequence[str]) -> Line:
    return await ground.write(keys, WRITERS, nothing)


class WorkWatch:
    """Finds the replicas that decode: those that use a processor now, and were at rest for `REST_S` once, so that they
    have loaded the model."""

    def __init__(self, server: TeamServer) -> None:
        self._server = server
        self._used_s: dict[int, float] = {}
        self._worked_at: dict[int, float] = {}
        self._loaded: set[int] = set()

    def look(self) -> list[int]:
        """Return their processes; called at short intervals."""
        found, now = [], time.monotonic()
        for pid in self._server.replicas():
            with suppress(OSError):  # it may have ended
                used_s = cpu_s(pid)
                is_at_work = used_s - self._used_s.get(pid, used_s) >= WORK_S
                if is_at_work and pid in self._loaded:
                    found.append(pid)
                if is_at_work or pid not in self._worked_at:
                    self._worked_at[pid] = now
                elif now - self._worked_at[pid] >= REST_S:
                    self._loaded.add(pid)
                self._used_s[pid] = used_s
        return found


async def _killed(ground: Ground, keys: Sequence[str]) -> Line:
    """Kill a replica that decodes, for every fifth dictation."""

    async def kill_some(done: Callable[[], int]) -> Line:
        watch, at_work, kills = WorkWatch(ground.server), list[int](), 0

        def is_due(due: int) -> bool:
            at_work[:] = watch.look()
            return done() >= len(keys) or (done() >= due and bool(at_work))

        for due in range(1, len(keys), KILL_EVERY):
            await _until(partial(is_due, due))
            kills += kill(at_work[:1])
        return {"kills": kills}

    told = await ground.write(keys, WRITERS, kill_some)
    await to_thread.run_sync(ground.server.scale, 2)
    return told


async def _scaled(ground: Ground, keys: Sequence[str]) -> Line:
    """Take a replica away and add one, again and again."""

    async def change(done: Callable[[], int]) -> Line:
        changes = 0
        while not changes or done() < len(keys) - WRITERS:
            for count in (1, 2):
                await to_thread.run_sync(ground.server.scale, count)
                changes += 1
        return {"changes": changes}

    return await ground.write(keys, WRITERS, change)


async def _restarted(ground: Ground, keys: Sequence[str]) -> Line:
    """Kill all of Ray, and start it again; then it must answer, or the engine's error ends the proof."""

    async def restart(done: Callable[[], int]) -> Line:
        await _until(lambda: done() >= 1)
        began = time.monotonic()
        await to_thread.run_sync(ground.server.kill_all)
        await to_thread.run_sync(ground.server.start)
        return {"down_s": round(time.monotonic() - began, 1)}

    told = await ground.write(keys, WRITERS, restart)
    return {**told, "answer_after_s": round(await _ask(ground.front, sound(ground.clips[0])), 1)}


async def _gone(ground: Ground, keys: Sequence[str]) -> Line:
    """Give both replicas long recordings whose clients go away, then dictate: their places are free again."""
    pieces = [sound(clip) for clip in ground.clips]
    long = np.tile(np.concatenate(pieces), 1 + LONG_S * RATE_HZ // sum(map(len, pieces)))[: LONG_S * RATE_HZ]
    whole_s = await _ask(ground.front, long)
    for _ in range(2):
        await _ask(ground.front, long, is_leaving=True)
    free_s = await _ask(ground.front, pieces[0])

    await ground.write(keys, WRITERS, nothing)
    return {"long_s": round(whole_s, 1), "after_two_left_s": round(free_s, 1), "is_free": free_s < whole_s / 2}


async def _burst(ground: Ground, keys: Sequence[str]) -> Line:
    """Everyone at once."""

    return await ground.write(keys, len(keys), nothing)


_PHASES: dict[str, Callable[[Ground, Sequence[str]], Awaitable[Line]]] = {
    "calm": _calm,
    "killed": _killed,
    "scaled": _scaled,
    "restarted": _restarted,
    "gone": _gone,
    "burst": _burst,
}


async def _ask(front: Front, audio: Audio, is_leaving: bool = False) -> float:
    """Have `audio` transcribed by the server alone, and return the seconds from its last byte to the text; with
    `is_leaving`, go away once it was sent."""
    watches: list[ExchangeWatch] = []
    client = ServiceClient(ssl_context=front.context, on_exchange=watches.append)
    recognizer, waited_s = _compatible(front, client), 0.0

    async def ask() -> None:
        nonlocal waited_s
        await recognizer.transcribe(iterate_frames(audio), ignore)
        assert recognizer.phases is not None
        waited_s = recognizer.phases.wait_s or 0.0
        tasks.cancel_scope.cancel()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask)
        if is_leaving:  # the list of models is the other exchange
            await _until(lambda: sum(watch.time_of("send_request_body.complete") is not None for watch in watches) > 1)
            await anyio.sleep(1)
            tasks.cancel_scope.cancel()
    await client.aclose()
    return waited_s


def _compatible(front: Front, client: ServiceClient) -> OpenAIRecognizer:
    service = Service(NAME, front.url, ServiceKey("compatible", lambda name: KEY), is_key_optional=True)
    return OpenAIRecognizer(client, service, CloudRequest("auto", ("en",)), is_compatible=True, answer_timeout_s=300)


def _decode(model: WhisperModel, audio: Audio) -> str:
    found, _ = model.transcribe(audio, language="en", beam_size=5, vad_filter=True, condition_on_previous_text=False)
    return "".join(segment.text for segment in found).strip()


def _speed(run: Run) -> dict[str, Any]:
    missing = [layout for layout in LAYOUTS if layout not in run.lines]
    for layout in missing:
        replicas, threads = LAYOUTS[layout]
        with (
            TeamServer(MODELS / run.model, replicas, threads, deployment={"max_queued_requests": 100}) as server,
            caddy(server.port) as front,
        ):
            run.lines.add(layout, anyio.run(_measure, run, server, front))
            tell(f"team-server: {layout}: {run.lines[layout]['a_second']} a second")
    found = {layout: {key: value for key, value in run.lines[layout].items() if key != "key"} for layout in LAYOUTS}
    one, two, _ = (found[layout]["a_second"] for layout in LAYOUTS)
    ratio = round(two / one, 2)
    return {"model": run.model, "deadline_s": APP_DEADLINE_S, **found, "ratio": ratio, "ok": ratio >= SPEED_BAR}


async def _measure(run: Run, server: TeamServer, front: Front) -> Line:
    """Dictations a second where each replica always has one waiting, what one costs, and the wait of one alone."""
    await load_client("openai")
    takes = [sound(clip) for clip in clips(("en",)) if 4 <= clip.seconds <= 15]
    random.Random(run.seed).shuffle(takes)
    takes = takes[: run.upto(TAKES)]
    await _ask(front, takes[0])
    alone = [await _ask(front, take) for take in takes]
    left, load = list(takes), os.getloadavg()[0]

    async def ask_on() -> None:
        while left:
            await _ask(front, left.pop())

    replicas = server.replicas()
    began, spent_s = time.monotonic(), sum(map(cpu_s, replicas))
    async with anyio.create_task_group() as tasks:
        for _ in range(2 * len(replicas)):
            tasks.start_soon(ask_on)
    took_s, spent_s = time.monotonic() - began, sum(map(cpu_s, replicas)) - spent_s
    return {
        "dictations": len(takes),
        "mean_length_s": round(sum(map(len, takes)) / RATE_HZ / len(takes), 1),
        "a_second": round(len(takes) / took_s, 2),
        "cpu_s_each": round(spent_s / len(takes), 2),
        "wait_p50_s": round(_share(alone, 0.5), 2),
        "wait_min_s": round(min(alone), 2),
        "wait_max_s": round(max(alone), 2),
        "load": round(load, 1),
    }
