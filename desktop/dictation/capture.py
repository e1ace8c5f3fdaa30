"""Capture the audio of one dictation, from the key press to the release or an end by itself.

Each frame goes into the buffer that the recognizer reads meanwhile and, as far as the history keeps dictations into the
windows that it may be for, into the spool file. Until the window of the press is known, frames wait in memory alone: it
may be a password prompt, and a recognizer may be a service.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import chain

import anyio

from desktop.audio.buffer import AudioBuffer
from desktop.audio.levels import compute_level
from desktop.audio.spool_file import SpoolFile
from desktop.core.errors import MicrophoneError, RecognizerError, UserError
from desktop.core.interfaces import Recording
from desktop.core.messages import Message, Notes, join_notes
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Frame, Outcome, PasteResult, Target, Transcript
from desktop.dictation.auto_stop import SILENCE_TIMEOUT_S, SilenceDetector
from desktop.dictation.dependencies import SessionDependencies
from desktop.dictation.target import TargetTracker
from desktop.paste.request import PASTE_CLOSED
from desktop.stt.silence import detect_voice, find_missed_speech

MIN_VOICE_S, MIN_VOICE_PROBABILITY = FRAME_SAMPLES / RATE_HZ, 0.5
"""Seconds and least probability of voice that make a press a meant dictation: one frame of 32 ms. Of 111 moments of
speech (0.16 s each) 104 have such a frame; of 300 without speech 8 do, nearly all of them music."""

MAX_WAITING_FRAMES = int(10 * RATE_HZ / FRAME_SAMPLES)
"""Frames that wait for the window of the press: more than a microphone gives until then. A recording is read faster."""

SPEECH_WITHHELD = Message("password-field-speech-withheld")


class SessionSpool:
    """The spool file of one dictation, as far as the history keeps dictations into its windows (`is_kept`).

    `is_dropped`: some audio was not kept, and so none of it is.
    """

    def __init__(self, file: SpoolFile, tracker: TargetTracker, is_kept: Callable[[Target], bool]) -> None:
        self.file = file
        self.is_dropped = False
        self._tracker = tracker
        self._is_kept = is_kept

    @property
    def keeps_target(self) -> bool:
        """Whether the history keeps dictations into the target window."""
        return self._is_kept(self._tracker.target)

    @property
    def keeps_start_target(self) -> bool:
        """Whether the history keeps dictations into the window that was focused at the press."""
        start_target = self._tracker.start_target
        return start_target.handle != 0 and self._is_kept(start_target)

    def write(self, frame: Frame) -> bool:
        """Write `frame` if it may be kept, and return whether it may."""
        is_kept = self.keeps_start_target or self.keeps_target
        if is_kept:
            self.file.write(frame)
        elif not self.is_dropped:  # so that a crash leaves none of it
            self.is_dropped = True
            self.file.discard()
        return is_kept

    def note_target(self, target: Target) -> None:
        """Note the application that a recovery would record, never one that must not be kept."""
        use_start_target = self.keeps_start_target and not self._is_kept(target)
        app = (self._tracker.start_target if use_start_target else target).app
        self.file.update_header(replace(self.file.header, app=app))

    def note_leaving(self) -> None:
        """Note that the text is being inserted, perhaps into a window of which nothing is kept."""
        self.file.update_header(replace(self.file.header, leaving=True, unkept=not self.keeps_target))

    def note_result(self, result: PasteResult, *, is_sent: bool) -> None:
        """Note that the text reached no window, where that is so: an app that quits records no row, and the next start
        recovers it, for the window of the press if nothing is kept of the target.

        Text that was left on the clipboard before its keys were pressed (not `is_sent`) may go with an app that quits.
        """
        is_only_copied = result.outcome is Outcome.COPIED and not is_sent
        if is_only_copied or result.outcome is Outcome.REFUSED or PASTE_CLOSED in result.notes:
            unkept = not (self.keeps_target or self.keeps_start_target)
            self.file.update_header(replace(self.file.header, leaving=False, unkept=unkept))

    def note_not_left(self) -> None:
        """Note that the text reached no window: if it cannot be recorded now, the next start recovers it."""
        self.file.update_header(replace(self.file.header, unkept=False))


class AudioCapture:
    """Captures the microphone until `release`, or until the recording ends by itself.

    Nothing of it is used while a password field has the focus from the press on, and nothing before it is known whether
    one has: until then frames wait in memory, without a recognizer or a file.

    - `level`: the loudness of the last frame, in [0, 1].
    - `captured_s`: the seconds captured.
    - `is_locked`: it continues without a held key.
    - `released`, `released_at`: the release of the key, or the end by itself (monotonic).
    - `ended`: set when nothing more is captured.
    - `failure`: why the microphone could not be opened, or was lost.

    `on_frame` is called after each frame, and `on_auto_stop` when the recording ends by itself: the microphone was
    lost, the maximum duration was reached, or nothing was said in a hands-free one, where `has_words` returns whether
    something was.
    """

    def __init__(
        self,
        dependencies: SessionDependencies,
        tracker: TargetTracker,
        on_frame: Callable[[], None],
        on_auto_stop: Callable[[], None],
        has_words: Callable[[], bool],
    ) -> None:
        self.level = 0.0
        self.captured_s = 0.0
        self.is_locked = False
        self.released = anyio.Event()
        self.released_at = 0.0
        self.ended = anyio.Event()
        self.failure: MicrophoneError | None = None
        self._dependencies = dependencies
        self._tracker = tracker
        self._on_frame = on_frame
        self._on_auto_stop = on_auto_stop
        self._has_words = has_words
        self._recording: Recording | None = None
        self._silence_detector = SilenceDetector()
        self._is_silent = False
        self._is_withheld = False
        self._waiting_frames: list[Frame] = []

    async def run(self, buffer: AudioBuffer, spool: SessionSpool) -> None:
        """Capture into `buffer` and `spool`."""
        try:
            try:
                await self._read_microphone(buffer, spool)
            except MicrophoneError as problem:
                self.failure = problem
            if self._waiting_frames:
                await self.wait_for_target(buffer, spool)
        finally:
            buffer.close()
        self.ended.set()
        if not self.released.is_set():
            self._auto_stop()

    async def _read_microphone(self, buffer: AudioBuffer, spool: SessionSpool) -> None:
        async with self._dependencies.microphone.open() as recording:
            self._recording = recording
            if self.released.is_set():
                recording.stop(self.released_at)
            async for frame in recording:
                self._waiting_frames.append(frame)
                self.level = compute_level(frame)
                self.captured_s += len(frame) / RATE_HZ
                if self._tracker.looked_up.is_set():
                    self._add_waiting_frames(buffer, spool)
                elif len(self._waiting_frames) > MAX_WAITING_FRAMES:
                    await self.wait_for_target(buffer, spool)
                self._on_frame()
                if await self._should_auto_stop() and not self.released.is_set():
                    self._auto_stop()
            if not self._waiting_frames:
                buffer.close()  # the words need not wait for the device to close

    async def wait_for_target(self, buffer: AudioBuffer, spool: SessionSpool) -> None:
        """Wait until the window of the press is known, then add what was said until then to `buffer` and `spool`, or
        drop it if that is a password field."""
        await self._tracker.looked_up.wait()
        self._add_waiting_frames(buffer, spool)

    def release(self, at: float) -> None:
        """End the recording at `at`, the time of the key release, unless it has ended."""
        if not self.released.is_set():
            self.released_at = at
            self.released.set()

    async def stop_on_release(self) -> None:
        """Stop the microphone once the key is released, whatever else is still awaited."""
        await self.released.wait()
        if self._recording is not None:
            self._recording.stop(self.released_at)

    @property
    def device(self) -> str:
        """The name of the microphone in use."""
        return self._recording.device if self._recording else ""

    @property
    def problem(self) -> UserError | None:
        """Why no audio arrives now."""
        return self._recording.problem if self._recording else None

    @property
    def notes(self) -> Notes:
        """What happened to the microphone, and whether something was said that no recognizer got."""
        return join_notes(
            self._recording.notes if self._recording else (),
            (Message("problem-title", problem=self.failure.message),) if self.failure else (),
            (SPEECH_WITHHELD,) if self._is_withheld else (),
        )

    def find_silence_reason(self) -> Notes:
        """Return why there were no words; empty where nothing tells."""
        if self._recording is not None and (problem := self._recording.problem) is not None:
            return (problem.message,)
        if self._recording is not None and self._recording.notes:
            return self._recording.notes
        return join_notes(
            (Message("nothing-said", seconds=f"{SILENCE_TIMEOUT_S:.0f}"),) if self._is_silent else (),
            (SPEECH_WITHHELD,) if self._is_withheld else (),
        )

    async def find_missed_speech(self, transcript: Transcript, spool_file: SpoolFile) -> RecognizerError | None:
        """Return the error if `transcript` is empty although something was said; None for true silence."""
        frames_in_memory = self._silence_detector.frames if spool_file.broken or spool_file.is_empty else ()
        return await find_missed_speech(transcript, chain(frames_in_memory, spool_file.read_blocks()))

    async def has_voice_since_press(self) -> bool:
        """Return whether a voice was heard in the first frames after the press, so that it was meant."""
        before_s = self._recording.preroll_s if self._recording is not None else 0.0
        heard = [*self._silence_detector.frames, *self._waiting_frames]
        frames = heard[math.ceil(before_s * RATE_HZ / FRAME_SAMPLES) :]
        return await detect_voice(frames, MIN_VOICE_S, MIN_VOICE_PROBABILITY)

    def _add_waiting_frames(self, buffer: AudioBuffer, spool: SessionSpool) -> None:
        frames, self._waiting_frames = self._waiting_frames, []
        for frame in frames:
            self._add_frame(frame, buffer, spool)

    def _add_frame(self, frame: Frame, buffer: AudioBuffer, spool: SessionSpool) -> None:
        if self._tracker.target.is_password:  # no recognizer may get it: some are cloud services
            self._is_withheld = True
            if self.released.is_set():  # else nothing is written yet, and what is said after leaving the field will be
                spool.file.discard()
        else:
            buffer.append(frame, is_written=spool.write(frame))
            self._silence_detector.add_frame(frame)

    async def _should_auto_stop(self) -> bool:
        """Return whether the recording has the maximum duration, or nothing is said in a hands-free one."""
        if (
            self.is_locked
            and self._silence_detector.heard_s >= SILENCE_TIMEOUT_S
            and not self._has_words()
            and not self.released.is_set()
        ):
            self._is_silent = await self._silence_detector.is_silent() and not self._has_words()
        return self._is_silent or self.captured_s >= self._dependencies.max_duration_s

    def _auto_stop(self) -> None:
        """End as if the key had been released now."""
        self._on_auto_stop()
        self.release(time.monotonic())
