"""One dictation, from the key press to its row in the history. Read `DictationSession` from top to bottom: the flow.

1. `_transcribe_and_insert` captures the microphone (`desktop.dictation.capture`) and transcribes at the same time,
   until the key is released.
2. `_insert_transcript` polishes the words, or does what they ask for (`SpokenRequest`), and pastes in its turn.
3. `finalize_result` decides what may be kept of it.
4. `_record_in_history` writes the row; an emotion that is detected later is added to it.

The key is handled like a file: its press opens a stream of speech, its release ends the stream, and Esc cancels the
reader. Everything downstream ends by itself: no `is_recording` flag, and one cleanup path. Sessions may overlap, and
pastes keep the order of speaking (`desktop.dictation.controller`).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import anyio
from anyio import to_thread

from desktop.audio.buffer import AudioBuffer
from desktop.core.errors import UserError
from desktop.core.messages import join_notes
from desktop.core.state import DictationState, Idle, Pasting, Polishing, Starting, Transcribing
from desktop.core.types import DictationContext, EmotionResult, Outcome, PasteResult, PolishedText, Target, Transcript
from desktop.dictation.capture import SessionSpool
from desktop.dictation.dependencies import SessionDependencies, SpokenAction, SpokenRequest
from desktop.dictation.emotion_task import EmotionTask
from desktop.dictation.insertion import UNDONE_NOTE, is_scratch_phrase, paste_polished
from desktop.dictation.progress import SessionProgress
from desktop.dictation.result import INTERNAL_ERROR, NO_WORDS, SessionResult, explain_unrecorded, finalize_result
from desktop.history.recorder import NO_ROW
from desktop.history.rows import HistoryEntry, transcript_columns
from desktop.paste.request import PASSWORD_FOCUSED, USER_AWAY

logger = logging.getLogger(__name__)


class DictationSession:
    """One dictation, from the key press to its row in the history.

    `run` runs it; the other methods report what the user does meanwhile. `understood` is set when it is known whether
    the words are a command; `turn_ended` when the text has been sent, or never will be, so that the next session may
    paste; `recorded` when the history has the dictation, or never will have it.
    """

    _spool: SessionSpool

    def __init__(
        self,
        dependencies: SessionDependencies,
        earlier: Sequence[DictationSession],
        number: int,
        show_state: Callable[[DictationState, DictationSession], bool],
        on_auto_stop: Callable[[float], None],
        request: SpokenRequest | None = None,
        pressed_at: float = 0.0,
    ) -> None:
        """Create a session, which `run` starts.

        - `earlier`: the earlier sessions that have not ended; `number` counts all from 1.
        - `show_state`: shows a state and returns whether it is visible.
        - `on_auto_stop`: called with `pressed_at` when the recording ends without a key release.
        - `request`: what the words are about, where they are no text; it is the polisher, too.
        - `pressed_at`: the time of the key press (monotonic), 0 if there was none.
        """
        self.understood = anyio.Event()
        self.turn_ended = anyio.Event()
        self.recorded = anyio.Event()
        self._dependencies = dependencies
        self._earlier_events = [(session.turn_ended, session.recorded) for session in earlier]
        self._on_auto_stop = partial(on_auto_stop, pressed_at)
        self._request = request
        self._started_at = datetime.now(UTC).astimezone()
        self._cancel_scope = anyio.CancelScope()
        self._is_intended = True
        self._press_enter = self._user_left = self._is_pasting = False
        self._progress = SessionProgress(
            dependencies,
            number,
            pressed_at,
            lambda state: show_state(state, self),
            lambda target: self._spool.note_target(target),
            self._on_auto_stop,
        )
        self._show, self._tracker, self._capture = self._progress.show, self._progress.tracker, self._progress.capture
        self._live_text = self._progress.live_text

    async def run(self) -> None:
        """Run the whole dictation."""
        with self._dependencies.spool.create(self._started_at) as spool_file:
            self._spool = SessionSpool(spool_file, self._tracker, self._dependencies.is_kept)
            async with anyio.create_task_group() as tasks:
                emotion_task, id = EmotionTask(self._dependencies, spool_file, tasks), NO_ROW
                try:
                    result = await self._dictate(emotion_task)
                    await self._progress.intent_known.wait()
                    if not self._is_intended:
                        spool_file.discard()
                        self._show(Idle())
                        return
                    await self._show_result(result)
                    id = await self._record_in_history(result, emotion_task)
                finally:
                    self.recorded.set()
                    await emotion_task.add_late_result(id)

    async def _dictate(self, emotion_task: EmotionTask) -> SessionResult:
        """Return the result of everything up to the paste. Every error becomes a result; the turn ends here."""
        result = None
        try:
            with self._cancel_scope:
                result = await self._transcribe_and_insert(emotion_task)
        except UserError as problem:
            result = self._end(Outcome.FAILED, self._progress.transcript, problem)
        except Exception:
            logger.exception("a dictation failed")
            result = self._end(Outcome.FAILED, self._progress.transcript, INTERNAL_ERROR)
        finally:
            self.understood.set()
            self.turn_ended.set()
            late_sent = self._dependencies.polisher.finish(self._progress.build_context())
        if result is None:
            result = self._end(Outcome.CANCELLED, self._progress.transcript, notes=self._capture.notes)
        result = finalize_result(result, self._spool, self._tracker, self._dependencies.is_resumed)
        return replace(result, entry=replace(result.entry, sent=result.entry.sent + late_sent))

    async def _transcribe_and_insert(self, emotion_task: EmotionTask) -> SessionResult:
        """Record and transcribe at the same time, then insert the words. Raises `UserError`."""
        self._show(Starting())
        self._dependencies.polisher.prepare("", self._progress.build_context())
        try:
            with AudioBuffer(self._spool.file) as buffer:
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(self._capture.run, buffer, self._spool)
                    tasks.start_soon(self._capture.wait_for_target, buffer, self._spool)
                    tasks.start_soon(self._stop_on_release)
                    tasks.start_soon(self._tracker.track, self._capture.released, self._progress.on_new_target)
                    tasks.start_soon(self._tracker.read_clipboard)
                    tasks.start_soon(self._live_text.run, self._wait_for_earlier)
                    try:
                        transcript = await self._recognize(buffer)
                        if transcript.text:
                            result = await self._insert_transcript(transcript, emotion_task)
                        else:
                            result = await self._explain_missing_words(transcript)
                    finally:
                        self._live_text.end()
                        self.turn_ended.set()  # no later paste waits until the words are gone
        except* UserError as problems:
            raise problems.exceptions[0] from None
        return result

    async def _recognize(self, buffer: AudioBuffer) -> Transcript:
        try:
            await self._dependencies.wait_until_wanted()
            return await self._progress.recognize(buffer, is_text=self._request is None)
        except Exception:
            self._live_text.end()
            await self._capture.ended.wait()  # the user still speaks, and the recording must be kept
            raise

    async def _stop_on_release(self) -> None:
        await self._capture.stop_on_release()
        self._live_text.on_release()
        self._show(Transcribing(self._progress.transcript))

    async def _explain_missing_words(self, transcript: Transcript) -> SessionResult:
        """Return the result of a transcript without words: a failure if something was said, otherwise silence with its
        reason. The next session need not wait for that. Raises `MicrophoneError`."""
        if self._capture.failure is not None:
            raise self._capture.failure
        await self._capture.ended.wait()
        self._live_text.end()
        self.turn_ended.set()
        if (problem := await self._capture.find_missed_speech(transcript, self._spool.file)) is not None:
            return self._end(Outcome.FAILED, transcript, problem)
        return self._end(Outcome.SILENT, notes=self._capture.find_silence_reason())

    async def _insert_transcript(self, transcript: Transcript, emotion_task: EmotionTask) -> SessionResult:
        """Polish the words, wait for the session's turn, and paste them; detect their emotion at the same time."""
        await self._tracker.settled.wait()
        await self._progress.intent_known.wait()
        target, new_target = self._tracker.target, self._tracker.new_target
        if target.is_password:
            return self._end(Outcome.REFUSED, sent=transcript.sent)
        self._progress.transcript = transcript
        context, microphone_notes = self._progress.build_context(), self._capture.notes
        if not self._tracker.is_interrupted:  # else it is refused, and never taken for "scratch that"
            action = self._find_action(context)
            self.understood.set()
            is_text = action is None and self._dependencies.is_emotion_enabled(target)
            if is_text and not is_scratch_phrase(transcript.text):
                emotion_task.start(transcript, context)
            if action is not None and (done := await self._act(action, context)) is not None:
                return done
        polished = await self._polish(transcript.text, context)
        if polished.refusal:
            return self._end(Outcome.REFUSED, transcript, notes=polished.refusal)
        times: dict[str, Any] = {}
        if (refusal := await self._wait_for_turn()) is not None:
            result = refusal
        else:
            self._spool.note_leaving()
            began = time.monotonic()
            self._show(Pasting(polished.text, new_target, transcript.text))
            with anyio.CancelScope(shield=True):
                result = await self._paste(polished, target)
                if result.is_private:
                    target = self._tracker.mark_private()
                    self._spool.note_leaving()  # so that a crash leaves none of it
                self._spool.note_result(result, is_sent=self.turn_ended.is_set())
            times["release_to_text_ms"] = (began - self._capture.released_at) * 1000
            times["paste_ms"] = (time.monotonic() - began) * 1000
            self._dependencies.on_pasted(result, target)
            if result.outcome is Outcome.INSERTED:
                self._dependencies.on_inserted(polished, transcript.text, target)
        notes = (result.notes, transcript.notes, polished.notes)
        if polished.replaces is not None:  # an edit: what was said leads, and the raw text is what was selected
            transcript, notes = replace(transcript, text=polished.replaces), (polished.notes, *notes[:2])
        return self._end(
            result.outcome,
            transcript,
            text=polished.text,
            notes=join_notes(*notes, microphone_notes),
            sent=transcript.sent + polished.sent,
            style=context.style.name,
            changed=polished.changes,
            **times,
        )

    def _find_action(self, context: DictationContext) -> SpokenAction | PasteResult | None:
        """Return what the words ask for, or the result if that is done: a command of hands-free dictations, or undo,
        which is text with polish off."""
        text, scratch = self._progress.transcript.text, self._dependencies.scratch
        if self._capture.is_locked and (command := self._dependencies.find_command(text)) is not None:
            return command
        return scratch if scratch and context.style.mode != "off" and is_scratch_phrase(text) else None

    async def _act(self, action: SpokenAction | PasteResult, context: DictationContext) -> SessionResult | None:
        """Do what the words ask for: their row has no text. None if they are text, as nothing was inserted there."""
        result: PasteResult | None
        if isinstance(action, PasteResult):
            result = action
        elif (refusal := await self._wait_for_turn(recorded=True)) is not None:
            result = replace(refusal, notes=refusal.notes[:1])  # only a text is sought in the history
        else:
            with anyio.CancelScope(shield=True):
                await self._live_text.close()
                result = await action(context.target)
            if result is None:
                self._is_pasting = False
                return None
        transcript, undone = self._progress.transcript, result.outcome is Outcome.CANCELLED
        notes = (UNDONE_NOTE,) if undone else result.notes
        return self._end(Outcome.SILENT, transcript, notes=notes, sent=transcript.sent)

    async def _polish(self, text: str, context: DictationContext) -> PolishedText:
        self._show(Polishing(text, self._tracker.new_target, text))
        if self._request is not None and self._tracker.is_interrupted:
            return PolishedText(text)  # nothing is replaced, and no service gets it
        return await self._dependencies.polisher.polish(
            text, context, lambda draft: self._show(Polishing(draft, self._tracker.new_target, text))
        )

    async def _wait_for_turn(self, *, recorded: bool = False) -> PasteResult | None:
        """Wait until all earlier sessions have been pasted, or with `recorded` until they are in the history; nothing
        can be cancelled afterwards. Return None, or the refusal if nothing may be inserted: the user has left, or a
        password prompt came up since the press."""
        await self._wait_for_earlier(recorded=recorded)
        if self._user_left:
            return USER_AWAY
        self._is_pasting = True
        return PASSWORD_FOCUSED if self._tracker.is_interrupted else None

    async def _wait_for_earlier(self, *, recorded: bool = False) -> None:
        """Wait for all earlier sessions: the last one alone is not enough, it may have been cancelled."""
        for turn_ended, in_history in self._earlier_events:
            await (in_history if recorded else turn_ended).wait()

    async def _paste(self, polished: PolishedText, target: Target) -> PasteResult:
        if self._request is not None:
            return await self._request.replace_text(polished.text, target, self.turn_ended.set)
        return await paste_polished(self._dependencies.paster, polished, target, self.turn_ended.set, self._press_enter)

    def _end(
        self, outcome: Outcome, transcript: Transcript = NO_WORDS, problem: UserError | None = None, **columns: Any
    ) -> SessionResult:
        """Return the result with this outcome; `columns` are those of its entry."""
        columns = {**transcript_columns(transcript), **columns}
        return SessionResult(HistoryEntry(started_at=self._started_at, delivery=outcome, **columns), problem)

    async def _show_result(self, result: SessionResult) -> None:
        """Show the result; that of a resumed dictation again after the one that hid it."""
        self._show(state := result.to_state(self._tracker.new_target))
        if self._dependencies.is_resumed and state != self._progress.last_shown:
            await self._wait_for_earlier(recorded=True)
            self._show(state)

    async def _record_in_history(self, result: SessionResult, emotion_task: EmotionTask) -> int:
        """Write the dictation into the history. Return its row if its emotion is still to be added, else `NO_ROW`."""
        if result.is_wordless:
            return NO_ROW
        await self._wait_for_earlier(recorded=True)  # rows are in the order of speaking
        emotion_result = await emotion_task.read_result()
        emotion = emotion_result or EmotionResult()
        notes = (result.problem.message,) if result.problem else result.entry.notes
        entry = replace(result.entry, notes=notes, emotion=emotion.emotion, sent=result.entry.sent + emotion.sent)
        try:
            record = self._dependencies.choose_recorder(entry, self._tracker.target)
            id = await to_thread.run_sync(record, entry, self._spool.file)
        except Exception as error:
            self._show(explain_unrecorded(error, has_recording=not self._spool.file.is_empty))
            return NO_ROW
        return id if emotion_result is None else NO_ROW

    def lock(self) -> None:
        """Continue without a held key: the key was tapped."""
        self._capture.is_locked = True

    def end(self, released_at: float, press_enter: bool = False) -> None:
        """End the recording at `released_at`, the time of the key release; with `press_enter`, Return follows it."""
        if not self._capture.released.is_set():
            self._press_enter = press_enter
            self._capture.release(released_at)

    @property
    def is_delivered(self) -> bool:
        """Whether the text has arrived or is being pasted."""
        return self._is_pasting or self.turn_ended.is_set()

    def cancel(self) -> None:
        """Cancel, unless the text is being pasted already."""
        if not self._is_pasting:
            self._cancel_scope.cancel()

    def drop(self) -> None:
        """Drop what was said, without a trace: it was meant for no window."""
        self._is_intended = False
        self.cancel()

    def on_user_left(self) -> None:
        """Stop recording because the user has left; speech before a release is still transcribed but not inserted."""
        self._user_left = True
        self._live_text.end()
        if not self._capture.released.is_set():
            self.cancel()

    async def discard(self, *, ends: bool) -> None:
        """Drop a dictation that began by accident, without a trace. If something was said already, cancel it if the
        press `ends` it, else continue; until that is known, nothing of it is shown or inserted."""
        has_speech = await self._progress.find_speech()
        if has_speech and not ends:
            self._progress.show_transcript()
            return
        self._is_intended = has_speech
        if not ends and not self._capture.released.is_set():
            self._on_auto_stop()
        self.cancel()
