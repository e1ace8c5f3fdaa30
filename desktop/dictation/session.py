"""Run one dictation: record, transcribe while recording, polish, wait for its turn, paste, record it in the history.

The key is handled like a file: its press opens a stream of speech, its release ends the stream, and Esc cancels the
reader. Everything downstream ends by itself, so there is no `is_recording` flag and only one cleanup path.

A `DictationSession` lives from the key press to the row in the history; `dictation.controller` creates them. Sessions
may overlap: a new one can be spoken while an older one finishes unseen, and pastes keep the order of speaking.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain

import anyio
from anyio import to_thread

from desktop.audio.buffer import Backlog
from desktop.audio.level import level
from desktop.audio.take import Take
from desktop.core.errors import MicrophoneProblem, Problem, RecognizerProblem
from desktop.core.interfaces import Recording
from desktop.core.state import Failed, Idle, Listening, Starting, State, Transcribing, countdown
from desktop.core.types import FRAME, RATE_HZ, Context, Delivery, Felt, Frame, Outcome, Target, Transcript
from desktop.dictation.auto_stop import LOST_S, Opening
from desktop.dictation.dependencies import Parts, Said, Write
from desktop.dictation.emotion_task import Feeling
from desktop.dictation.insertion import write
from desktop.dictation.result import SECRET, SECRET_AGAIN, Ending
from desktop.dictation.scratching import scratches, write_or_scratch
from desktop.dictation.target import Aim
from desktop.paste.request import AWAY
from desktop.paste.request import SECRET as PASSWORD_FIELD
from desktop.stt.silence import is_voiced, unheard

logger = logging.getLogger(__name__)

VOICED_S, VOICED = FRAME / RATE_HZ, 0.5
"""Seconds and least probability of voice that make a press a meant dictation: one frame of 32 ms. Of 111 moments of
speech (0.16 s each) 104 have such a frame; of 300 without speech 8 do, nearly all of them music."""

DELIVERED = (Outcome.INSERTED, Outcome.UNCONFIRMED, Outcome.COPIED)
"""Outcomes after which the user has the text."""

BUG = Problem("Something went wrong in Intone.", "The recording is kept. The log says more.")


class Utterance:
    """One dictation, from the key press to the history."""

    def __init__(
        self,
        parts: Parts,
        before: Sequence[Utterance],
        number: int,
        draw: Callable[[State, Utterance], bool],
        over: Callable[[float], None],
        write: Write = write_or_scratch,
        pressed_at: float = 0.0,
    ) -> None:
        """`earlier` are the earlier sessions that have not ended; `number` counts sessions from 1. `show_state` shows a
        state and returns whether it is visible. `on_auto_stop` is called with `pressed_at` when the recording ends
        without a key release: the microphone was lost, or the maximum duration was reached. `insert` inserts the words.
        `pressed_at` is the time of the key press (monotonic), 0 if there was none."""
        self.turn_over = anyio.Event()
        self.remembered = anyio.Event()
        self._write = write
        self._tell = draw
        self._drawn: State | None = None
        self._over = over
        self._parts = parts
        self._before = [(one.turn_over, one.remembered) for one in before]
        self._number = number
        self._started_at = datetime.now(UTC).astimezone()
        self._since = time.monotonic()
        self._scope = anyio.CancelScope()
        self._recording: Recording | None = None
        self._released = anyio.Event()
        self._released_at = 0.0
        self._enter = False
        self._heard_all = anyio.Event()
        self._pressed_at = pressed_at
        self._aim = Aim(parts, self._moved, pressed_at or self._since)
        self._words = Transcript()
        self._level = 0.0
        self._heard_s = 0.0
        self._locked = False
        self._forgotten = False
        self._opening = Opening()
        self._wanted = True
        self._meant = anyio.Event()
        self._meant.set()
        self._pasting = False
        self._left = False
        self._unkept = False
        self._trouble: MicrophoneProblem | None = None
        self._take: Take | None = None

    def lock(self) -> None:
        """Continue without a held key: the key was tapped."""
        self._locked = True

    def end(self, at: float, enter: bool = False) -> None:
        """End the recording at `released_at`, the time of the key release. With `press_enter`, press Return after the
        text."""
        if not self._released.is_set():
            self._released_at, self._enter = at, enter
            self._released.set()

    @property
    def delivered(self) -> bool:
        """Whether the text has arrived or is being pasted."""
        return self._pasting or self.turn_over.is_set()

    def cancel(self) -> None:
        """Cancel, unless the text is being pasted already."""
        if not self._pasting:
            self._scope.cancel()

    def leave(self) -> None:
        """Stop recording because the user has left; speech before a release is still transcribed but not inserted."""
        self._left = True
        if not self._released.is_set():
            self.cancel()

    async def discard(self, *, ends: bool) -> None:
        """Stop and drop the dictation as if it had not begun. If something was said already, cancel it if the press
        `ends` it, otherwise continue. Until that is known nothing of it is shown or inserted."""
        await self._meant.wait()
        self._meant = anyio.Event()
        try:
            said = bool(self._words.text) or await is_voiced(self._since_press(), VOICED_S, VOICED)
            said = said or bool(self._words.text)  # words that have come meanwhile
        finally:
            self._meant.set()
        if said and not ends:
            self._draw_words()
            return
        self._wanted = said
        if not ends and not self._released.is_set():
            self._over(self._pressed_at)
        self.cancel()

    def _since_press(self) -> list[Frame]:
        """Return the first frames without those captured before the press."""
        before_s = self._recording.before_s if self._recording is not None else 0.0
        return self._opening.frames[math.ceil(before_s * RATE_HZ / FRAME) :]

    async def run(self) -> None:
        """Run the whole dictation."""
        with self._parts.spool.take(self._started_at) as take:
            self._take = take
            async with anyio.create_task_group() as beside:
                feeling = Feeling(self._parts.feeler, take, beside)
                try:
                    ending = await self._live(take, feeling)
                    await self._meant.wait()
                    if not self._wanted:
                        take.discard()
                        self._draw(Idle())
                        return
                    self._draw(shown := ending.shown(self._aim.into))
                    if self._parts.again and shown != self._drawn:  # it was not visible while another was spoken
                        await self._after(remembered=True)
                        self._draw(shown)
                    id = await self._remember(ending, take, feeling)
                finally:
                    self.remembered.set()
                if id is not None:
                    await feeling.later(partial(self._parts.felt, id))

    async def _live(self, take: Take, feeling: Feeling) -> Ending:
        ending = Ending(Outcome.CANCELLED)
        try:
            with self._scope:
                ending = await self._speak(take, feeling)
        except Problem as problem:
            ending = Ending(Outcome.FAILED, self._words, problem=problem)
        except Exception:
            logger.exception("a dictation failed")
            ending = Ending(Outcome.FAILED, self._words, problem=BUG)
        finally:
            self.turn_over.set()
            left = self._parts.polisher.over(self._context())
        if self._aim.target.secret:
            take.discard()
            note = SECRET_AGAIN if self._parts.again else SECRET
            ending = Ending(Outcome.REFUSED, target=self._aim.target, note=note, sent=ending.sent)
        if ending.outcome is Outcome.SILENT:
            take.discard()
        if ending.outcome is Outcome.CANCELLED:
            ending = replace(ending, words=self._words, note=self._microphone_note())
        delivered = bool(ending.text) and ending.outcome in DELIVERED
        if not delivered and self._keeps_begun and not self._parts.keeps(self._aim.target):
            take.mark(replace(take.head, unkept=False))  # if it cannot be recorded, the next start recovers it
            ending = replace(ending, target=self._aim.begun_in)  # a window it never reached must not lose it
        elif not self._parts.keeps(self._aim.target) or (self._unkept and not ending.text):
            ending = ending.unkept()
        return replace(ending, sent=ending.sent + left)

    @property
    def _keeps_begun(self) -> bool:
        """Whether the history keeps dictations into the window that was focused at the press."""
        return self._aim.begun_in.handle != 0 and self._parts.keeps(self._aim.begun_in)

    async def _speak(self, take: Take, feeling: Feeling) -> Ending:
        self._draw(Starting())
        self._parts.polisher.ahead("", self._context())
        ending = Ending(Outcome.SILENT)
        try:
            with Backlog(take) as heard:
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(self._hear, heard, take)
                    tasks.start_soon(self._stop)
                    tasks.start_soon(self._aim.follow, self._released, self._elsewhere)
                    tasks.start_soon(self._aim.copy)
                    try:
                        words = await self._parts.recognizer.transcribe(heard, self._show_words)
                    except Exception:
                        await self._heard_all.wait()  # the user still speaks, and the recording must be kept
                        raise
                    if words.text:
                        ending = await self._deliver(words, feeling)
                    elif self._trouble is not None:
                        raise self._trouble
                    elif (problem := await self._unheard(words, take)) is not None:
                        ending = Ending(Outcome.FAILED, words, problem=problem)
                    elif self._recording is not None and (why := self._recording.trouble or self._recording.note):
                        ending = replace(ending, note=str(why))
                    elif self._forgotten:
                        ending = replace(ending, note=f"Nothing was said for {LOST_S:.0f} seconds.")
        except* Problem as problems:
            raise problems.exceptions[0] from None
        return ending

    async def _unheard(self, words: Transcript, take: Take) -> RecognizerProblem | None:
        """Return the error if `transcript` are empty although something was said. The next session need not wait for
        this check."""
        await self._heard_all.wait()
        self.turn_over.set()
        memory = self._opening.frames if take.broken or take.empty else ()
        return await unheard(words, chain(memory, take.blocks()))

    async def _hear(self, frames: Backlog, take: Take) -> None:
        try:
            async with self._parts.microphone.open() as recording:
                self._recording = recording
                if self._released.is_set():
                    recording.stop(self._released_at)
                async for frame in recording:
                    if self._aim.target.secret:  # no recognizer may get it: some are cloud services
                        take.discard()
                    else:
                        keeps = self._keeps_begun or self._parts.keeps(self._aim.target)
                        if keeps:
                            take.write(frame)
                        elif not self._unkept:  # so that a crash leaves none of it
                            self._unkept = True
                            take.discard()
                        frames.put(frame, written=keeps)
                        self._opening.hear(frame)
                    self._level = level(frame)
                    self._heard_s += len(frame) / RATE_HZ
                    self._draw_words()
                    if await self._too_long() and not self._released.is_set():
                        self._let_go()
                frames.close()  # the words need not wait for the device to close
        except MicrophoneProblem as problem:
            self._trouble = problem
        finally:
            frames.close()
        self._heard_all.set()
        if not self._released.is_set():
            self._let_go()

    async def _too_long(self) -> bool:
        if self._locked and self._heard_s >= LOST_S and not self._words.text and not self._released.is_set():
            self._forgotten = await self._opening.silent() and not self._words.text
        return self._forgotten or self._heard_s >= self._parts.longest_s

    def _let_go(self) -> None:
        """End as if the key had been released now."""
        self._over(self._pressed_at)
        self.end(time.monotonic())

    async def _stop(self) -> None:
        """Stop the microphone once the key is released, whatever else is still awaited."""
        await self._released.wait()
        if self._recording is not None:
            self._recording.stop(self._released_at)
        self._draw(Transcribing(self._words))

    def _moved(self, target: Target) -> None:
        if self._take is not None:
            place = self._aim.begun_in if self._keeps_begun and not self._parts.keeps(target) else target
            self._take.mark(replace(self._take.head, app=place.app))

    def _elsewhere(self) -> None:
        self._draw(Transcribing(self._words, self._aim.into))

    async def _deliver(self, words: Transcript, feeling: Feeling) -> Ending:
        await self._aim.sure.wait()
        await self._meant.wait()
        if self._aim.target.secret:
            return Ending(Outcome.REFUSED, sent=words.sent)
        self._words = words
        context = self._context()
        said = Said(words, context, self._aim.into, self._released_at, self._enter, self._microphone_note())
        if self._aim.interrupted:  # not inserted, and never taken for "scratch that"
            return await write(said, self._parts, self._turn, self._draw, self.turn_over.set)
        if self._parts.feels(self._aim.target) and not scratches(words.text):
            feeling.begin(words, context)
        return await self._write(said, self._parts, self._turn, self._draw, self.turn_over.set)

    async def _turn(self, *, remembered: bool = False) -> Delivery | None:
        """Wait for earlier sessions; afterwards it is too late to cancel."""
        await self._after(remembered=remembered)
        if self._left:
            return AWAY
        self._pasting = True
        if self._aim.interrupted:
            return PASSWORD_FIELD
        if self._take is not None:
            unkept = not self._parts.keeps(self._aim.target)
            self._take.mark(replace(self._take.head, leaving=True, unkept=unkept))
        return None

    async def _after(self, *, remembered: bool) -> None:
        """Wait for all earlier sessions: the last one alone is not enough, it may have been cancelled."""
        for events in self._before:
            await events[remembered].wait()

    def _microphone_note(self) -> str:
        heard = self._recording.note if self._recording else ""
        return " ".join(filter(None, (heard, self._trouble.title if self._trouble else "")))

    async def _remember(self, ending: Ending, take: Take, feeling: Feeling) -> int | None:
        """Record the dictation; return the id of its row if its emotion is still to be added."""
        if ending.outcome is Outcome.SILENT:
            return None
        await self._after(remembered=True)  # rows are in the order of speaking
        felt = await feeling.by_now()
        entry = ending.entry(self._started_at, self._aim.target, felt or Felt())
        try:
            id = await to_thread.run_sync(self._parts.remember, entry, take)
        except Problem as problem:
            logger.warning("a dictation could not be remembered: %s", problem)
            self._draw(Failed(problem, kept=not take.empty))
            return None
        except Exception:
            logger.exception("a dictation could not be remembered")
            self._draw(Failed(BUG))
            return None
        return id if felt is None else None

    def _show_words(self, words: Transcript) -> None:
        if self._aim.target.secret:
            return
        self._words = words
        if words.text:
            self._parts.polisher.ahead(words.text, self._context())
        self._draw_words()

    def _context(self) -> Context:
        style = self._aim.style
        if self._aim.interrupted and style.mode != "off":  # no service may get it: it may contain a password
            style = replace(style, mode="rules")
        return Context(
            self._aim.target,
            self._words.language,
            self._number,
            style,
            self._aim.why,
            clipboard=self._aim.clipboard,
            microphone=self._recording.device if self._recording else "",
        )

    def _draw_words(self) -> None:
        if self._released.is_set():
            self._draw(Transcribing(self._words, self._aim.into))
        else:
            device = self._recording.device if self._recording else ""
            self._draw(
                Listening(
                    self._words,
                    self._level,
                    self._since,
                    device,
                    self._locked,
                    self._aim.target,
                    countdown(self._heard_s, self._parts.longest_s),
                    self._recording.trouble if self._recording else None,
                    self._aim.style.name,
                    self._aim.why,
                )
            )

    def _draw(self, state: State) -> None:
        if self._meant.is_set() and self._tell(state, self):
            self._drawn = state
