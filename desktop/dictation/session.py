"""One dictation, from the key press to its row in the history. Read `DictationSession` from top to bottom: the flow.

1. `_capture_and_insert` records the microphone and transcribes at the same time, until the key is released.
2. `_insert_transcript` hands the words to `dictation.insertion`: polish them, wait for the session's turn, paste them.
3. `_finalize_result` decides what may be kept of it.
4. `_record_in_history` writes the row; an emotion that is detected later is added to it.

The key is handled like a file: its press opens a stream of speech, its release ends the stream, and Esc cancels the
reader. Everything downstream ends by itself, so there is no `is_recording` flag and only one cleanup path.

Sessions may overlap: a new one can be spoken while an older one finishes unseen, and pastes keep the order of speaking.
`dictation.controller` creates them.
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

from desktop.audio.buffer import AudioBuffer
from desktop.audio.levels import compute_level
from desktop.audio.spool_file import SpoolFile
from desktop.core.errors import MicrophoneError, RecognizerError, UserError
from desktop.core.interfaces import Recording
from desktop.core.state import DictationState, Failed, Idle, Listening, Starting, Transcribing, compute_countdown_s
from desktop.core.text import join_notes
from desktop.core.types import (
    DELIVERED_OUTCOMES,
    FRAME_SAMPLES,
    RATE_HZ,
    Delivery,
    DictationContext,
    EmotionResult,
    Frame,
    Outcome,
    Target,
    Transcript,
)
from desktop.dictation.auto_stop import SILENCE_TIMEOUT_S, SilenceDetector
from desktop.dictation.dependencies import Inserter, InsertionRequest, SessionDependencies
from desktop.dictation.emotion_task import EmotionTask
from desktop.dictation.insertion import insert_or_scratch, insert_text, is_scratch_phrase
from desktop.dictation.result import PASSWORD_FIELD_NOTE, RESUMED_PASSWORD_FIELD_NOTE, SessionResult
from desktop.dictation.target import TargetTracker
from desktop.paste.request import PASSWORD_FOCUSED, USER_AWAY
from desktop.stt.silence import detect_voice, find_missed_speech

logger = logging.getLogger(__name__)

MIN_VOICE_S, MIN_VOICE_PROBABILITY = FRAME_SAMPLES / RATE_HZ, 0.5
"""Seconds and least probability of voice that make a press a meant dictation: one frame of 32 ms. Of 111 moments of
speech (0.16 s each) 104 have such a frame; of 300 without speech 8 do, nearly all of them music."""

INTERNAL_ERROR = UserError("dictation-internal-error")


class DictationSession:
    """One dictation, from the key press to its row in the history.

    `run` runs it; the other methods report what the user does meanwhile. `turn_ended` is set when the text has been
    sent, or never will be, so that the next session may paste; `recorded` when the history has the dictation, or never
    will have it.
    """

    def __init__(
        self,
        dependencies: SessionDependencies,
        earlier: Sequence[DictationSession],
        number: int,
        show_state: Callable[[DictationState, DictationSession], bool],
        on_auto_stop: Callable[[float], None],
        insert: Inserter = insert_or_scratch,
        pressed_at: float = 0.0,
    ) -> None:
        """Create a session, which `run` starts.

        - `earlier`: the earlier sessions that have not ended.
        - `number`: counts sessions from 1.
        - `show_state`: shows a state and returns whether it is visible.
        - `on_auto_stop`: called with `pressed_at` when the recording ends without a key release: the microphone was
          lost, or the maximum duration was reached.
        - `insert`: inserts the words.
        - `pressed_at`: the time of the key press (monotonic), 0 if there was none.
        """
        self.turn_ended = anyio.Event()
        self.recorded = anyio.Event()
        self._dependencies = dependencies
        self._earlier_events = [(session.turn_ended, session.recorded) for session in earlier]
        self._number = number
        self._show_state = show_state
        self._on_auto_stop = on_auto_stop
        self._insert = insert
        self._pressed_at = pressed_at
        self._started_at = datetime.now(UTC).astimezone()
        self._recording_since = time.monotonic()
        self._cancel_scope = anyio.CancelScope()
        self._last_shown: DictationState | None = None
        # The key and the user.
        self._is_locked = False
        self._released = anyio.Event()
        self._released_at = 0.0
        self._press_enter = False
        self._is_intended = True
        self._intent_known = anyio.Event()
        self._intent_known.set()
        self._user_left = False
        # The recording.
        self._recording: Recording | None = None
        self._spool_file: SpoolFile | None = None
        self._capture_ended = anyio.Event()
        self._captured_s = 0.0
        self._level = 0.0
        self._silence_detector = SilenceDetector()
        self._is_silent = False
        self._microphone_problem: MicrophoneError | None = None
        self._audio_not_kept = False
        # The words and where they go.
        self._transcript = Transcript()
        self._target_tracker = TargetTracker(dependencies, self._on_target, pressed_at or self._recording_since)
        self._is_pasting = False

    # -- the flow ------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Run the whole dictation."""
        with self._dependencies.spool.create(self._started_at) as spool_file:
            self._spool_file = spool_file
            async with anyio.create_task_group() as tasks:
                emotion_task = EmotionTask(self._dependencies.emotion_detector, spool_file, tasks)
                try:
                    result = await self._dictate(spool_file, emotion_task)
                    await self._intent_known.wait()
                    if not self._is_intended:
                        spool_file.discard()
                        self._show(Idle())
                        return
                    await self._show_result(result)
                    id = await self._record_in_history(result, spool_file, emotion_task)
                finally:
                    self.recorded.set()
                if id is not None:
                    await emotion_task.add_late_result(partial(self._dependencies.add_emotion, id))

    async def _dictate(self, spool_file: SpoolFile, emotion_task: EmotionTask) -> SessionResult:
        """Return the result of everything up to the paste. Every error becomes a result; the turn ends here."""
        result = SessionResult(Outcome.CANCELLED)
        try:
            with self._cancel_scope:
                result = await self._capture_and_insert(spool_file, emotion_task)
        except UserError as problem:
            result = SessionResult(Outcome.FAILED, self._transcript, problem=problem)
        except Exception:
            logger.exception("a dictation failed")
            result = SessionResult(Outcome.FAILED, self._transcript, problem=INTERNAL_ERROR)
        finally:
            self.turn_ended.set()
            late_sent = self._dependencies.polisher.finish(self._build_context())
        result = self._finalize_result(result, spool_file)
        return replace(result, sent=result.sent + late_sent)

    async def _capture_and_insert(self, spool_file: SpoolFile, emotion_task: EmotionTask) -> SessionResult:
        """Record and transcribe at the same time, then insert the words. Raises `UserError`."""
        self._show(Starting())
        self._dependencies.polisher.prepare("", self._build_context())
        try:
            with AudioBuffer(spool_file) as buffer:
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(self._capture, buffer, spool_file)
                    tasks.start_soon(self._stop_on_release)
                    tasks.start_soon(self._target_tracker.track, self._released, self._on_new_target)
                    tasks.start_soon(self._target_tracker.read_clipboard)
                    try:
                        transcript = await self._dependencies.recognizer.transcribe(buffer, self._on_partial)
                    except Exception:
                        await self._capture_ended.wait()  # the user still speaks, and the recording must be kept
                        raise
                    if transcript.text:
                        result = await self._insert_transcript(transcript, emotion_task)
                    else:
                        result = await self._explain_missing_words(transcript, spool_file)
        except* UserError as problems:
            raise problems.exceptions[0] from None
        return result

    async def _capture(self, buffer: AudioBuffer, spool_file: SpoolFile) -> None:
        """Record the microphone into `buffer`, which the recognizer reads meanwhile, and into `spool_file`, as far as
        the target may be kept; end after the key release, or by itself."""
        try:
            async with self._dependencies.microphone.open() as recording:
                self._recording = recording
                if self._released.is_set():
                    recording.stop(self._released_at)
                async for frame in recording:
                    self._add_frame(frame, buffer, spool_file)
                    self._show_transcript()
                    if await self._should_auto_stop() and not self._released.is_set():
                        self._auto_stop()
                buffer.close()  # the words need not wait for the device to close
        except MicrophoneError as problem:
            self._microphone_problem = problem
        finally:
            buffer.close()
        self._capture_ended.set()
        if not self._released.is_set():
            self._auto_stop()

    def _add_frame(self, frame: Frame, buffer: AudioBuffer, spool_file: SpoolFile) -> None:
        if self._target_tracker.target.is_password:  # no recognizer may get it: some are cloud services
            spool_file.discard()
        else:
            is_kept = self._is_start_target_kept or self._is_target_kept
            if is_kept:
                spool_file.write(frame)
            elif not self._audio_not_kept:  # so that a crash leaves none of it
                self._audio_not_kept = True
                spool_file.discard()
            buffer.append(frame, is_written=is_kept)
            self._silence_detector.add_frame(frame)
        self._level = compute_level(frame)
        self._captured_s += len(frame) / RATE_HZ

    async def _stop_on_release(self) -> None:
        """Stop the microphone once the key is released, whatever else is still awaited."""
        await self._released.wait()
        if self._recording is not None:
            self._recording.stop(self._released_at)
        self._show(Transcribing(self._transcript))

    async def _should_auto_stop(self) -> bool:
        """Return whether the recording has the maximum duration, or nothing is said in a hands-free one."""
        if (
            self._is_locked
            and self._captured_s >= SILENCE_TIMEOUT_S
            and not self._transcript.text
            and not self._released.is_set()
        ):
            self._is_silent = await self._silence_detector.is_silent() and not self._transcript.text
        return self._is_silent or self._captured_s >= self._dependencies.max_duration_s

    def _auto_stop(self) -> None:
        """End as if the key had been released now."""
        self._on_auto_stop(self._pressed_at)
        self.end(time.monotonic())

    async def _explain_missing_words(self, transcript: Transcript, spool_file: SpoolFile) -> SessionResult:
        """Return the result of a transcript without words: a failure if something was said, otherwise silence with its
        reason. Raises `MicrophoneError`."""
        if self._microphone_problem is not None:
            raise self._microphone_problem
        if (problem := await self._check_missed_speech(transcript, spool_file)) is not None:
            return SessionResult(Outcome.FAILED, transcript, problem=problem)
        if self._recording is not None and (reason := self._recording.problem or self._recording.note):
            return SessionResult(Outcome.SILENT, note=str(reason))
        if self._is_silent:
            return SessionResult(Outcome.SILENT, note=f"Nothing was said for {SILENCE_TIMEOUT_S:.0f} seconds.")
        return SessionResult(Outcome.SILENT)

    async def _check_missed_speech(self, transcript: Transcript, spool_file: SpoolFile) -> RecognizerError | None:
        """Return the error if `transcript` is empty although something was said. The next session need not wait for
        this check."""
        await self._capture_ended.wait()
        self.turn_ended.set()
        frames_in_memory = self._silence_detector.frames if spool_file.broken or spool_file.is_empty else ()
        return await find_missed_speech(transcript, chain(frames_in_memory, spool_file.read_blocks()))

    async def _insert_transcript(self, transcript: Transcript, emotion_task: EmotionTask) -> SessionResult:
        """Insert the words into the target, and detect their emotion at the same time."""
        await self._target_tracker.settled.wait()
        await self._intent_known.wait()
        target = self._target_tracker.target
        if target.is_password:
            return SessionResult(Outcome.REFUSED, sent=transcript.sent)
        self._transcript = transcript
        context = self._build_context()
        request = InsertionRequest(
            transcript,
            context,
            self._target_tracker.new_target,
            self._released_at,
            self._press_enter,
            self._microphone_note(),
        )
        insert = self._insert
        if self._target_tracker.is_interrupted:
            insert = insert_text  # which is refused, and never takes the words for "scratch that"
        elif self._dependencies.is_emotion_enabled(target) and not is_scratch_phrase(transcript.text):
            emotion_task.start(transcript, context)
        return await insert(request, self._dependencies, self._wait_for_turn, self._show, self.turn_ended.set)

    async def _wait_for_turn(self, *, recorded: bool = False) -> Delivery | None:
        """Wait for earlier sessions; afterwards it is too late to cancel. See `TurnWaiter`."""
        await self._wait_for_earlier(recorded=recorded)
        if self._user_left:
            return USER_AWAY
        self._is_pasting = True
        if self._target_tracker.is_interrupted:
            return PASSWORD_FOCUSED
        if self._spool_file is not None:
            header = replace(self._spool_file.header, leaving=True, unkept=not self._is_target_kept)
            self._spool_file.update_header(header)
        return None

    async def _wait_for_earlier(self, *, recorded: bool) -> None:
        """Wait for all earlier sessions: the last one alone is not enough, it may have been cancelled."""
        for turn_ended, in_history in self._earlier_events:
            await (in_history if recorded else turn_ended).wait()

    def _finalize_result(self, result: SessionResult, spool_file: SpoolFile) -> SessionResult:
        """Decide what is kept of the dictation, and return the result worded accordingly."""
        tracker = self._target_tracker
        if tracker.target.is_password:
            spool_file.discard()
            note = RESUMED_PASSWORD_FIELD_NOTE if self._dependencies.is_resumed else PASSWORD_FIELD_NOTE
            result = SessionResult(Outcome.REFUSED, target=tracker.target, note=note, sent=result.sent)
        if result.outcome is Outcome.SILENT:
            spool_file.discard()
        if result.outcome is Outcome.CANCELLED:
            result = replace(result, transcript=self._transcript, note=self._microphone_note())
        delivered = bool(result.text) and result.outcome in DELIVERED_OUTCOMES
        if not delivered and self._is_start_target_kept and not self._is_target_kept:
            # The words never reached the window that must not be kept: they belong to that of the press. If they cannot
            # be recorded now, the next start recovers them.
            spool_file.update_header(replace(spool_file.header, unkept=False))
            return replace(result, target=tracker.start_target)
        if not self._is_target_kept or (self._audio_not_kept and not result.text):
            return result.without_kept_claims()
        return result

    async def _show_result(self, result: SessionResult) -> None:
        """Show the result; that of a resumed dictation again after the one that hid it."""
        self._show(state := result.to_state(self._target_tracker.new_target))
        if self._dependencies.is_resumed and state != self._last_shown:
            await self._wait_for_earlier(recorded=True)
            self._show(state)

    async def _record_in_history(
        self, result: SessionResult, spool_file: SpoolFile, emotion_task: EmotionTask
    ) -> int | None:
        """Write the dictation into the history; return the id of its row if its emotion is still to be added."""
        if result.outcome is Outcome.SILENT:
            return None
        await self._wait_for_earlier(recorded=True)  # rows are in the order of speaking
        emotion_result = await emotion_task.read_result()
        entry = result.to_entry(self._started_at, self._target_tracker.target, emotion_result or EmotionResult())
        try:
            id = await to_thread.run_sync(self._dependencies.record_entry, entry, spool_file)
        except UserError as problem:
            logger.warning("a dictation could not be remembered: %s", problem)
            self._show(Failed(problem, has_recording=not spool_file.is_empty))
            return None
        except Exception:
            logger.exception("a dictation could not be remembered")
            self._show(Failed(INTERNAL_ERROR))
            return None
        return id if emotion_result is None else None

    # -- what happens to it meanwhile ----------------------------------------------------------------------------------

    def lock(self) -> None:
        """Continue without a held key: the key was tapped."""
        self._is_locked = True

    def end(self, released_at: float, press_enter: bool = False) -> None:
        """End the recording at `released_at`, the time of the key release. With `press_enter`, press Return after the
        text."""
        if not self._released.is_set():
            self._released_at, self._press_enter = released_at, press_enter
            self._released.set()

    @property
    def is_delivered(self) -> bool:
        """Whether the text has arrived or is being pasted."""
        return self._is_pasting or self.turn_ended.is_set()

    def cancel(self) -> None:
        """Cancel, unless the text is being pasted already."""
        if not self._is_pasting:
            self._cancel_scope.cancel()

    def on_user_left(self) -> None:
        """Stop recording because the user has left; speech before a release is still transcribed but not inserted."""
        self._user_left = True
        if not self._released.is_set():
            self.cancel()

    async def discard(self, *, ends: bool) -> None:
        """Drop a dictation that began by accident, without a trace, unless something was said already.

        Then cancel it if the press `ends` it, and continue otherwise. Until that is known, nothing of it is shown or
        inserted.
        """
        await self._intent_known.wait()
        self._intent_known = anyio.Event()
        try:
            has_speech = bool(self._transcript.text) or await detect_voice(
                self._frames_since_press(), MIN_VOICE_S, MIN_VOICE_PROBABILITY
            )
            has_speech = has_speech or bool(self._transcript.text)  # words that have come meanwhile
        finally:
            self._intent_known.set()
        if has_speech and not ends:
            self._show_transcript()
            return
        self._is_intended = has_speech
        if not ends and not self._released.is_set():
            self._on_auto_stop(self._pressed_at)
        self.cancel()

    def _frames_since_press(self) -> list[Frame]:
        """Return the first frames without those captured before the press."""
        before_s = self._recording.preroll_s if self._recording is not None else 0.0
        return self._silence_detector.frames[math.ceil(before_s * RATE_HZ / FRAME_SAMPLES) :]

    def _on_target(self, target: Target) -> None:
        """Store the application that a recovery would record, never one that must not be kept."""
        if self._spool_file is not None:
            use_start_target = self._is_start_target_kept and not self._dependencies.is_kept(target)
            app = (self._target_tracker.start_target if use_start_target else target).app
            self._spool_file.update_header(replace(self._spool_file.header, app=app))

    def _on_new_target(self) -> None:
        self._show(Transcribing(self._transcript, self._target_tracker.new_target))

    def _on_partial(self, transcript: Transcript) -> None:
        if self._target_tracker.target.is_password:
            return
        self._transcript = transcript
        if transcript.text:
            self._dependencies.polisher.prepare(transcript.text, self._build_context())
        self._show_transcript()

    # -- what is known of it -------------------------------------------------------------------------------------------

    @property
    def _is_target_kept(self) -> bool:
        """Whether the history keeps dictations into the target window."""
        return self._dependencies.is_kept(self._target_tracker.target)

    @property
    def _is_start_target_kept(self) -> bool:
        """Whether the history keeps dictations into the window that was focused at the press."""
        start_target = self._target_tracker.start_target
        return start_target.handle != 0 and self._dependencies.is_kept(start_target)

    def _microphone_note(self) -> str:
        recording_note = self._recording.note if self._recording else ""
        problem_title = self._microphone_problem.title if self._microphone_problem else ""
        return join_notes(recording_note, problem_title)

    def _build_context(self) -> DictationContext:
        style = self._target_tracker.style
        if self._target_tracker.is_interrupted and style.mode != "off":
            style = replace(style, mode="rules")  # no service may get it: it may contain a password
        return DictationContext(
            self._target_tracker.target,
            self._transcript.language,
            self._number,
            style,
            self._target_tracker.style_reason,
            clipboard=self._target_tracker.clipboard_text,
            microphone=self._recording.device if self._recording else "",
        )

    def _show_transcript(self) -> None:
        """Show the words so far: while the user speaks, or after the release."""
        if self._released.is_set():
            self._show(Transcribing(self._transcript, self._target_tracker.new_target))
            return
        self._show(
            Listening(
                self._transcript,
                self._level,
                self._recording_since,
                self._recording.device if self._recording else "",
                self._is_locked,
                self._target_tracker.target,
                compute_countdown_s(self._captured_s, self._dependencies.max_duration_s),
                self._recording.problem if self._recording else None,
                self._target_tracker.style.name,
                self._target_tracker.style_reason,
            )
        )

    def _show(self, state: DictationState) -> None:
        """Show `state`, unless it is not known yet whether the press was meant."""
        if self._intent_known.is_set() and self._show_state(state, self):
            self._last_shown = state
