"""Yield the frames of one recording until it is stopped.

All decisions are made on the engine's loop, by the iterator: how much pre-roll belongs to it, channel selection,
resampling, framing, and the end.

Users release the key while the last syllable still sounds, so a recording continues for a moment after the key is up,
unless it is already quiet.

A recording is continuous even where its stream is not. A device that disappears raises nothing: its stream ends, or
never calls back again. From then on the recording yields silence in real time, so that its reader continues, until it
is moved to another stream (see `audio.microphone.supervisor`) and goes on with the first audio that it has not had yet.
Without one it ends after a timeout, or with the key, and raises `MicrophoneError` after its last frame.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress

import anyio
import numpy as np

from desktop.audio.microphone.health import Trouble
from desktop.audio.microphone.resampling import Cutter, Voice
from desktop.audio.microphone.stillness import Doubt, Stillness
from desktop.audio.microphone.stream import Chunk, Line
from desktop.core.errors import MicrophoneProblem
from desktop.core.types import FRAME, RATE_HZ, Audio, Frame

TAIL_S = 0.2
"""Seconds that a recording continues after the key is up while there is speech."""

QUIET_FRAMES = 4
"""Frames (0.13 s) that must be quiet to end at key-up.

The closure of a stop consonant, the longest silence within a word, is seldom that long: of 70 utterances whose key was
released on the last voiced sample, three frames cut a soft ending off three.
"""

RETURN_S = 8.0
"""Seconds that a recording waits for a microphone with the key held: time to replug it, or for a sound server to
start."""

STEP_S, FILL_S = 0.1, 0.4
"""Seconds between two checks without audio, and seconds without audio before silence is yielded.

A busy machine is late by less, and its audio still arrives.
"""


class SystemRecording:
    """A recording on `stream`, begun by a key press at `pressed_at`.

    `on_first_sound` is called with the first chunk that is more than zeros, since a waking headset sends zeros before,
    and not before the time `first_sound_after`. `problem` is the current problem, None if there is none; `past_notes`
    holds sentences on problems that are over.
    """

    def __init__(
        self,
        line: Line,
        pressed_at: float,
        tail_s: float = TAIL_S,
        began: Callable[[], None] | None = None,
        began_after: float = 0.0,
        return_s: float = RETURN_S,
    ) -> None:
        self.line = line
        self.trouble: Trouble | None = None
        self.past: list[str] = []
        self.heard_until = 0.0
        self.still = Stillness(time.monotonic())
        self._loop = asyncio.get_running_loop()
        self._tail_s = tail_s
        self._return_s = return_s
        self._began = began
        self.cued = False
        self._began_after = began_after
        self._arrived = asyncio.Queue[tuple[Line, Chunk]]()
        self._connected = anyio.Event()
        self._stopped_at = self._yielded_at = math.inf
        self._filled_s = self._silent_s = 0.0
        self._gone = ""
        self._lost_at: float | None = None
        self._pressed_at = pressed_at
        self.before_s = 0.0
        self._since = line.join(self, pressed_at)

    @property
    def device(self) -> str:
        """The name of the microphone in use."""
        return self.line.device.name

    @property
    def note(self) -> str:
        """What happened to the microphone during this recording, in full sentences; empty if nothing did."""
        still = [self.trouble.past(time.monotonic())] if self.trouble is not None else []
        return " ".join(sentence for sentence in (*self.past, *still) if sentence)

    @property
    def stopped(self) -> bool:
        """Whether the key is up."""
        return self._stopped_at != math.inf

    @property
    def lost(self) -> bool:
        """Whether the stream delivers no more audio."""
        return self._lost_at is not None

    def stop(self, at: float) -> None:
        """End the recording at `at`: audio captured before is still delivered, and a tail while there is speech."""
        if not self.stopped:
            self._stopped_at = at
            self._arrived.put_nowait((self.line, _NEWS))

    def give_way(self, at: float) -> None:
        """End a stopped recording at `at`, where the next one begins."""
        self._yielded_at = at

    async def connected(self, within_s: float) -> bool:
        """Wait up to `within_s` seconds for the first chunk; return whether the stream delivers."""
        with anyio.move_on_after(within_s):
            await self._connected.wait()
        return self._connected.is_set() and not self.line.lost

    def doubt(self) -> Doubt | None:
        """Return what is wrong with the stream according to its own data."""
        now = time.monotonic()
        found = Doubt.LOST if self.line.lost else self.still.doubt(now)
        if found is Doubt.LOST and self._lost_at is None:
            self._lost_at = now
        return found

    def name(self, trouble: Trouble | None) -> None:
        """Set the current problem. The previous one is noted if it lasted."""
        before = self.trouble
        if before is not None and (trouble is None or trouble.title != before.title):
            self.past += filter(None, [before.past(time.monotonic())])
        if before is None or trouble is None or trouble.title != before.title:
            self.trouble = trouble

    def move(self, line: Line, note: str) -> None:
        """Continue with `stream` from the first audio not received yet. `note` says why."""
        self.line.leave(self)
        self.line, self.still = line, Stillness(time.monotonic())
        self.trouble, self._lost_at, self._filled_s = None, None, 0.0
        line.join(self, self.heard_until)
        self.past.append(note)

    def give_up(self, why: str) -> None:
        """Set the sentence for the error if the recording ends without another stream."""
        self._gone = why

    async def __aiter__(self) -> AsyncIterator[Frame]:
        """Yield the frames of the recording; raise `MicrophoneError` after the last one if it ends without a
        stream."""
        self.still = Stillness(time.monotonic())
        line = self.line
        voice = Voice(line.device.mixed)
        cutter = Cutter(line.device.rate_hz)
        levels: list[float] = []
        while not self._over(levels):
            source, chunk = await self._next()
            if source is not line and chunk.samples:
                line, voice = source, Voice(source.device.mixed)
                begins = chunk.heard_until - _seconds(chunk, line)
                cutter.change(line.device.rate_hz, max(0.0, begins - self.heard_until) if self.heard_until else 0.0)
                self._since = max(self._since, self.heard_until)
            heard = voice.hear(self._hear(chunk, line)) if chunk.samples else self._fill(line)
            for frame in cutter.cut(heard):
                levels.append(loudness(frame))
                yield frame
        for frame in cutter.cut(np.zeros(0, np.float32), last=True):
            yield frame
        if self.lost:
            raise self._problem(len(levels) * FRAME / RATE_HZ - self._silent_s)

    def post(self, line: Line, *chunks: Chunk | None) -> None:
        """Receive chunks on PortAudio's thread; None when the stream was lost."""
        with suppress(RuntimeError):  # the loop is closed: there is no reader any more
            self._loop.call_soon_threadsafe(self._take, line, chunks)

    def _take(self, line: Line, chunks: tuple[Chunk | None, ...]) -> None:
        if line is not self.line:
            return
        for chunk in chunks:
            if chunk is not None:
                self._arrived.put_nowait((line, chunk))
                self.still.hear(time.monotonic(), chunk.sounds)
        if line.lost:
            self.doubt()
        else:
            self._lost_at, self._filled_s = None, 0.0  # it may only have been late
            if self.trouble is not None and self.still.doubt(time.monotonic()) is None and self.still.sounded:
                self.name(None)
        self._connected.set()

    async def _next(self) -> tuple[Line, Chunk]:
        """Return the next chunk, or `_EMPTY_CHUNK` after `IDLE_CHECK_S` seconds without one."""
        with anyio.move_on_after(STEP_S):
            return await self._arrived.get()
        if self._arrived.empty():
            self.doubt()
            return self.line, _NEWS
        return self._arrived.get_nowait()  # the loop was blocked: the timeout passed and the audio arrived

    def _hear(self, chunk: Chunk, line: Line) -> Audio:
        """Return the samples that belong to the recording, shape (n, channels), and note when and whether there was
        sound."""
        rate_hz = line.device.rate_hz
        samples = np.frombuffer(chunk.samples, np.float32).reshape(-1, line.device.channels)
        early_s = self._since - (chunk.heard_until - len(samples) / rate_hz)
        samples = samples[max(0, math.ceil(early_s * rate_hz)) :]
        if len(samples):
            if not self.heard_until:
                self.before_s = max(0.0, self._pressed_at - (chunk.heard_until - len(samples) / rate_hz))
            self.heard_until = chunk.heard_until
            if self._began is not None and chunk.heard_until >= self._began_after and samples.any():
                self._began()
                self._began, self.cued = None, True
        return samples

    def _fill(self, line: Line) -> Audio:
        """Return the silence that is due after a while without audio; none after key-up, since audio may still arrive
        late."""
        due_s = time.monotonic() - self.still.arrived_at - self._filled_s
        if self.stopped or not self._arrived.empty() or due_s + self._filled_s < FILL_S:
            return np.zeros(0, np.float32)
        self._filled_s += due_s
        self._silent_s += due_s
        self.heard_until = (self.heard_until or self.still.since) + due_s
        return np.zeros(round(due_s * line.device.rate_hz), np.float32)

    def _over(self, levels: Sequence[float]) -> bool:
        if self._lost_at is not None and self._arrived.empty():
            return self.stopped or time.monotonic() - self._lost_at > self._return_s
        if not self.stopped:
            return False
        if not self.heard_until:
            return self._arrived.empty()
        tail_s = 0.0 if quiet(levels) else self._tail_s
        return self.heard_until >= min(self._stopped_at + tail_s, max(self._stopped_at, self._yielded_at))

    def _problem(self, kept_s: float) -> MicrophoneProblem:
        kept = f" Kept {kept_s:.0f} s of speech." if kept_s >= 1 else ""
        title = self._gone or f"{self.device} stopped delivering sound."
        return MicrophoneProblem(
            f"{title}{kept}", "Check that it is connected, or choose another microphone in the settings."
        )


_NEWS = Chunk(b"", 0.0)
"""An empty chunk: check again whether the recording is over."""


def _seconds(chunk: Chunk, line: Line) -> float:
    """Return the length of `chunk` in seconds: interleaved float32, four bytes a sample."""
    return len(chunk.samples) / (4 * line.device.channels * line.device.rate_hz)


def loudness(frame: Frame) -> float:
    """Return the root mean square of a frame's samples."""
    return float(np.sqrt(np.mean(np.square(frame))))


def quiet(levels: Sequence[float]) -> bool:
    """Whether there is no speech in the last `QUIET_FRAMES` of the frames with these `levels`.

    The room level is that of the quietest frame, plus 10 dB; but anything 30 dB below the loudest counts as room (a
    recording may have no quiet frame), and the room is at most 20 dB below it (the user may speak throughout).
    """
    recent = levels[-QUIET_FRAMES:]
    room = min(max(3 * min(levels), 0.03 * max(levels)), 0.1 * max(levels)) if levels else 0.0
    return len(recent) == QUIET_FRAMES and max(recent) <= room
