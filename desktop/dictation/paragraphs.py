"""Divide the sound of one open microphone into paragraphs, each for a dictation of its own.

One task reads the microphone and gives each frame to exactly one paragraph, so that nothing is lost or heard twice at a
seam, and the seam lies in silence: a paragraph ends with the pause that the user has chosen, and the next one begins
with the last moment before its voice. The microphone stays open in between, and its indicator lit.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio
import anyio.lowlevel
from anyio import to_thread

from desktop.audio.vad import load_voice_detector
from desktop.core.errors import MicrophoneError, UserError
from desktop.core.interfaces import Microphone, Recording
from desktop.core.messages import Notes
from desktop.core.tasks import Notifier
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Frame
from desktop.dictation.pauses import PauseFinder

logger = logging.getLogger(__name__)

LEAD_S = 3.0
"""Seconds before the voice that a paragraph begins with: more than any engine wants to hear (`desktop.stt.traits`), and
all of a pause of usual length. Silence beyond them belongs to no paragraph."""

LONG_SILENCE_S = 120.0
"""Seconds without speech after which listening ends: the user thinks for a minute, and has left after two. An open
microphone that is forgotten hears what is meant for others."""

SEAM_SEARCH_S, SEAM_SILENCE_S = 10.0, 0.3
"""Seconds before the longest dictation in which a paragraph that has no pause is divided, and the least silence there:
a breath, and longer than the closure of a stop within a word."""

TAP_S = 2.0
"""Seconds of sound before the lock that are looked at for speech: longer than any tap."""


class ParagraphMicrophone:
    """An open microphone that is divided at pauses of `end_silence_s`, once it is locked.

    With `is_continuous` it goes on after a pause, and calls `on_paragraph` when speech begins again and
    `on_silent_frame` with each frame in between, and divides what has no pause for `longest_s`; otherwise the first
    pause ends it. `first` is the paragraph of the key
    press. `problem` is why the microphone could not be opened, or was lost; `was_silent_long`: a long silence ended it.
    """

    def __init__(
        self,
        microphone: Microphone,
        end_silence_s: float,
        longest_s: float,
        *,
        is_continuous: bool,
        on_paragraph: Callable[[Paragraph], None],
        on_silent_frame: Callable[[Frame], None],
    ) -> None:
        self.opened = anyio.Event()
        self.recording: Recording | None = None
        self.first = Paragraph(self)
        self.problem: MicrophoneError | None = None
        self.was_silent_long = False
        self.is_continuous = is_continuous
        self._microphone = microphone
        self._end_silence_s = end_silence_s
        self._longest_s = longest_s
        self._paragraph_s = 0.0
        self._on_paragraph = on_paragraph
        self._on_silent_frame = on_silent_frame
        self._paragraph: Paragraph | None = self.first
        self._is_locked = False
        self._is_last = False
        self._stopped_at: float | None = None
        self._scope = anyio.CancelScope()
        self._detector: PauseFinder | None = None
        self._is_deaf = False
        self._unlocked_frames = deque[Frame](maxlen=int(TAP_S * RATE_HZ / FRAME_SAMPLES))
        self._lead = deque[Frame](maxlen=int(LEAD_S * RATE_HZ / FRAME_SAMPLES))

    @property
    def is_stopped(self) -> bool:
        """Whether no further paragraph is wanted."""
        return self._stopped_at is not None

    @property
    def goes_on(self) -> bool:
        """Whether another paragraph may follow."""
        return self.is_continuous and not self._is_last and not self.is_stopped

    @property
    def is_between(self) -> bool:
        """Whether a pause has ended the last paragraph, and no other has begun."""
        return self._paragraph is None

    @property
    def is_after_pause(self) -> bool:
        """Whether a pause has ended the first paragraph."""
        return self.first.has_paused

    async def run(self) -> None:
        """Read the microphone until it is stopped, or fails."""
        with self._scope:
            try:
                async with self._microphone.open() as recording:
                    self.recording = recording
                    self.opened.set()
                    if self._stopped_at is not None:
                        recording.stop(self._stopped_at)
                    async for frame in recording:
                        await self._add_frame(frame)
                    self._end_paragraph()  # the words need not wait for the device to close
            except MicrophoneError as problem:
                self.problem = problem
            finally:
                self._stopped_at = self._stopped_at or time.monotonic()
                self.opened.set()
                self._end_paragraph()

    def lock(self) -> None:
        """Listen for pauses from now on, and to what was said since the press: no key is held."""
        self._is_locked = True

    def stop(self, at: float) -> None:
        """End the recording at `at` (monotonic); what was captured before still makes up a paragraph."""
        if self._stopped_at is None:
            self._stopped_at = at
            if self.recording is not None:
                self.recording.stop(at)

    def finish(self) -> None:
        """Go on no more: end now, or with the pause after what is being said."""
        self._is_last = True
        if self._paragraph is None:
            self.stop(time.monotonic())

    def cancel(self) -> None:
        """Close the microphone now: what was said is not wanted."""
        self._stopped_at = self._stopped_at or time.monotonic()
        self._scope.cancel()

    async def _add_frame(self, frame: Frame) -> None:
        if self._scope.cancel_called:
            return
        if self._paragraph is not None:
            self._paragraph.add_frame(frame)
            self._paragraph_s += len(frame) / RATE_HZ
        elif not self.is_continuous:
            return  # captured after the pause that ended it
        else:
            self._lead.append(frame)
        self._unlocked_frames.append(frame)
        if self._is_locked and not self._is_deaf:
            await self._listen()
        if self._paragraph is not None and self._is_locked and self.goes_on and self._is_full():
            self._divide_paragraph()
        if self._paragraph is None and not self.is_stopped:
            self._on_silent_frame(frame)

    async def _listen(self) -> None:
        """Look for a pause, or for speech after one, in the frames that were not looked at yet."""
        try:
            if self._detector is None:
                await to_thread.run_sync(load_voice_detector, abandon_on_cancel=True)
                self._detector = PauseFinder()
            while self._unlocked_frames:
                self._detector.add_frame(self._unlocked_frames.popleft())
        except Exception:
            logger.exception("pauses cannot be detected")
            self._is_deaf = True  # the key ends it, as without pauses
            if self._paragraph is None:
                self._begin_paragraph()
            return
        detector = self._detector
        if self._paragraph is not None:
            has_begun = detector.has_speech or self._paragraph is not self.first  # a noise that began one ends it, too
            if has_begun and detector.silence_s >= self._end_silence_s and not self.is_stopped:
                detector.forget_speech()
                self._paragraph.has_paused = True
                self._end_paragraph()
                if self._is_last or not self.is_continuous:
                    self.stop(time.monotonic())
        elif detector.has_speech:
            self._begin_paragraph()
        elif detector.silence_s >= LONG_SILENCE_S and not self.is_stopped:
            self.was_silent_long = True
            self.stop(time.monotonic())

    def _is_full(self) -> bool:
        """Return whether the paragraph must end here, so that it is no longer than a dictation may be."""
        is_quiet = self._detector is not None and not self._is_deaf and self._detector.silence_s >= SEAM_SILENCE_S
        left_s = self._longest_s - self._paragraph_s
        return left_s <= (SEAM_SEARCH_S if is_quiet else 2 * FRAME_SAMPLES / RATE_HZ)

    def _divide_paragraph(self) -> None:
        assert self._paragraph is not None
        self._paragraph.has_paused = self._paragraph.is_part = True
        self._end_paragraph()
        self._begin_paragraph(is_part=True)

    def _begin_paragraph(self, *, is_part: bool = False) -> None:
        self._paragraph = Paragraph(self)
        self._paragraph.is_part = is_part
        for frame in self._lead:
            self._paragraph.add_frame(frame)
        self._paragraph_s = len(self._lead) * FRAME_SAMPLES / RATE_HZ
        self._lead.clear()
        self._on_paragraph(self._paragraph)

    def _end_paragraph(self) -> None:
        if self._paragraph is not None:
            self._paragraph.end()
            self._paragraph = None


class Paragraph:
    """A `Microphone` and its `Recording` for one dictation: the sound from one pause to the next.

    `has_paused`: a pause has ended it, and not the key, nor a failure. `is_part`: it was divided from another one where
    there was none, and may hold a part of a sentence.
    """

    def __init__(self, source: ParagraphMicrophone) -> None:
        self.has_paused = self.is_part = False
        self._source = source
        self._earlier_notes: Notes = source.recording.notes if source.recording else ()
        self._frames = deque[Frame]()
        self._has_ended = False
        self._changed = Notifier()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Paragraph]:
        """Give what was said since the paragraph began. Leaving it early closes the microphone.

        Raises `MicrophoneError`.
        """
        try:
            await self._source.opened.wait()
            if self._source.recording is None and self._source.problem is not None:
                raise self._source.problem
            yield self
        finally:
            if not self._has_ended:
                self._source.cancel()

    @property
    def device(self) -> str:
        """The name of the microphone in use."""
        return self._source.recording.device if self._source.recording else ""

    @property
    def problem(self) -> UserError | None:
        """Why no audio arrives now."""
        return self._source.recording.problem if self._source.recording else None

    @property
    def preroll_s(self) -> float:
        """The seconds at its begin from before the key press; none after a pause."""
        recording = self._source.recording
        return recording.preroll_s if recording is not None and self is self._source.first else 0.0

    @property
    def notes(self) -> Notes:
        """What happened to the microphone since the paragraph began."""
        notes = self._source.recording.notes if self._source.recording else ()
        return tuple(note for note in notes if note not in self._earlier_notes)

    def stop(self, at: float) -> None:
        """End the whole recording at `at`, unless a pause has ended this part of it."""
        if not self._has_ended:
            self._source.stop(at)

    async def __aiter__(self) -> AsyncIterator[Frame]:
        """Yield the frames, then raise `MicrophoneError` if the microphone was lost within the paragraph."""
        while True:
            while self._frames:
                await anyio.lowlevel.checkpoint()
                yield self._frames.popleft()
            if self._has_ended:
                break
            await self._changed.wait()
        if self._source.problem is not None and not self.has_paused:
            raise self._source.problem

    def add_frame(self, frame: Frame) -> None:
        """Add the next frame."""
        self._frames.append(frame)
        self._changed.notify()

    def end(self) -> None:
        """Add no more."""
        self._has_ended = True
        self._changed.notify()
