"""Recover the recordings that an earlier run left in the spool: make a row of each, paste nothing.

There are four cases. Its row exists already, because a kill came between the two: the file is dropped. Its text was
being pasted: it may be in a window, and the row says so. It was tried twice without success: it may crash the
recognizer, so it becomes a failed row with its recording, and the user decides. Or it is simply what was being said.

It is transcribed in pieces of a few minutes, read from the disk half a minute at a time, and only while no dictation is
running, so that an hour of it needs little memory and delays no dictation.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

from anyio import to_thread

from desktop.audio.file import frames
from desktop.audio.take import Take
from desktop.audio.vad import VoiceActivity
from desktop.core.errors import HistoryProblem, Problem, RecognizerProblem
from desktop.core.interfaces import Recognizer
from desktop.core.state import Done, Failed, State
from desktop.core.types import RATE_HZ, Frame, Outcome, Transcript
from desktop.history.recorder import Memory
from desktop.history.row import Entry
from desktop.settings.schema import Keeping
from desktop.stt.cloud.chunking import Cuts, joined
from desktop.stt.local.patience import patiently
from desktop.stt.silence import unheard

logger = logging.getLogger(__name__)

TRIES = 2
"""How often a recording is tried."""

PIECE_S = 300.0
"""Seconds of a piece at most."""

MAYBE = "Intone was stopped while this was on its way. It may be in the window already."

GIVEN_UP = RecognizerProblem(
    "Intone tried twice to transcribe this recording, and could not.",
    "It is kept. Try it again from the history.",
)


async def recover(
    memory: Memory, recognizer: Recognizer, keeping: Keeping, quiet: Callable[[], Awaitable[None]]
) -> list[Entry]:
    """Add all leftovers to the history and return the new entries. `wait_until_idle` returns while no dictation is
    running. What began before everything was cleared is dropped."""
    found: list[Entry] = []
    await to_thread.run_sync(memory.drop_cleared)
    for take in await to_thread.run_sync(memory.spool.leftovers):
        try:
            done = take.head.again or memory.is_cleared(take.head)  # a resumed dictation still has its recording
            done = done or take.head.unkept
            known = done or await to_thread.run_sync(memory.remembered, take)
            entry = None if known else await _entry(take, recognizer, quiet)
            if entry is None:
                take.discard()
                continue
            public = keeping.model_copy(update={"private": "off"})  # in private mode there would be no spool file
            if await to_thread.run_sync(memory.remember_left, entry, take, public):
                found.append(entry)
        except HistoryProblem as problem:
            logger.warning("a recording could not be remembered, and is kept: %s", problem)
            take.mark(replace(take.head, tries=0))
        except (Problem, OSError) as problem:
            logger.warning("a recording could not be recovered, and is kept: %s", problem)
        except Exception:
            logger.exception("a recording could not be recovered, and is kept")
    return found


def shown(entry: Entry) -> State:
    """Return the state that tells the user of a recovered entry."""
    if entry.delivery is Outcome.FAILED:
        return Failed(GIVEN_UP if entry.note.startswith(str(GIVEN_UP)) else RecognizerProblem(entry.note))
    return Done(entry.delivery, entry.text, MAYBE if entry.note.startswith(MAYBE) else "")


async def _entry(take: Take, recognizer: Recognizer, quiet: Callable[[], Awaitable[None]]) -> Entry | None:
    """Return the entry of what was said in it, None if nothing was. Raises whatever went wrong, the first time."""
    before = take.head.tries
    if before >= TRIES:
        return _failed(take)
    take.mark(replace(take.head, tries=before + 1))
    try:
        with patiently():
            words = await _transcribed(take, recognizer, quiet)
    except Exception:  # any error: a recording that fails twice is given up
        if before + 1 < TRIES:
            raise
        return _failed(take)
    except BaseException:
        take.mark(replace(take.head, tries=before))  # the app ends, which is not the recording's fault
        raise
    if not words.text:
        problem = await unheard(words, take.blocks())
        return None if problem is None else _failed(take, problem)
    return Entry(
        started_at=take.started_at,
        app=take.head.app,
        raw_text=words.text,
        text=words.text,
        language=words.language,
        duration_s=words.duration_s,
        engine=words.engine,
        model=words.model,
        delivery=Outcome.RECOVERED,
        decode_s=words.decode_s,
        device=words.device,
        guards=words.guards,
        note=" ".join(filter(None, (MAYBE if take.head.leaving else "", words.note))),
        sent=words.sent,
    )


def _failed(take: Take, problem: Problem = GIVEN_UP) -> Entry:
    """Return the entry of a recording that is given up; the recording is kept with it."""
    seconds = sum(len(block) for block in take.blocks()) / RATE_HZ
    note = f"{problem} {MAYBE}" if take.head.leaving else str(problem)
    return Entry(started_at=take.started_at, app=take.head.app, duration_s=seconds, delivery=Outcome.FAILED, note=note)


async def _transcribed(take: Take, recognizer: Recognizer, quiet: Callable[[], Awaitable[None]]) -> Transcript:
    """Return the transcript of all of it, piece after piece."""
    speech, cuts, voice = _heard(take, quiet), Cuts(PIECE_S), VoiceActivity()
    said: list[Transcript] = []
    over = False

    async def piece() -> AsyncIterator[Frame]:
        nonlocal over
        async for frame in speech:
            yield frame
            if cuts.hear(voice(frame) if cuts.near else 1.0):
                return
        over = True

    while not over:
        said.append(await recognizer.transcribe(piece(), lambda partial: None))
    return joined(said)


async def _heard(take: Take, quiet: Callable[[], Awaitable[None]]) -> AsyncIterator[Frame]:
    """Yield its frames while no dictation is running."""
    blocks = take.blocks()
    while (block := await to_thread.run_sync(next, blocks, None)) is not None:
        async for frame in frames(block):
            await quiet()
            yield frame
