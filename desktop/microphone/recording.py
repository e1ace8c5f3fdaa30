"""One take: sound as it is captured, in frames, until its end is brought.

Everything that is decided is decided on the engine's loop, by whoever iterates the recording: what from before the
press belongs to it, which channel is heard, resampling, cutting into frames, and when it is over.

People let go of the key while the last syllable still sounds, so a take goes on for a moment after the key came up,
unless it is quiet already.

A take is one continuous recording even where its line is not. A device that goes away raises nothing by itself: its
stream ends, or simply never calls again. From then on the take gives silence at the pace of time, so that whoever reads
it lives on, until it is moved to another line (`attending` finds one) and goes on with the first sound that it has not
had yet. Where none comes, it ends after a while, or with the key, by a `MicrophoneProblem` after its last frame.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress

import anyio
import numpy as np

from desktop.microphone.frames import Cutter, Voice
from desktop.microphone.line import Chunk, Line
from desktop.microphone.stillness import Doubt, Stillness
from desktop.microphone.trouble import Trouble
from desktop.ports import FRAME, RATE_HZ, Audio, Frame
from desktop.problems import MicrophoneProblem

TAIL_S = 0.2
"""How long a take goes on after the key came up where somebody still speaks."""

QUIET_FRAMES = 4
"""An eighth of a second. The closure of a stop consonant, the longest silence within a word, seldom lasts as long: of
70 utterances whose key was let go on the last voiced sample, three frames cut a soft ending off three."""

RETURN_S = 8.0
"""How long a take waits for a microphone with the key held: time to put a plug back, or for a sound server to start."""

STEP_S, FILL_S = 0.1, 0.4
"""How often a take that is given nothing looks up, and after how long it gives silence: a busy machine is late by less,
and its sound still comes."""


class SystemRecording:
    """One take, begun on `line` by a press at `pressed_at`.

    `began` is called when the first real sound is there, since a headset that wakes up gives zeros before, and at the
    time `began_after` at the earliest. `trouble` is what a person should know now, None when all is well; `past` holds
    sentences on what went wrong and is over.
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
        """The name of the microphone that is heard."""
        return self.line.device.name

    @property
    def note(self) -> str:
        """What happened to the microphone in this take, in whole sentences; empty where nothing did."""
        still = [self.trouble.past(time.monotonic())] if self.trouble is not None else []
        return " ".join(sentence for sentence in (*self.past, *still) if sentence)

    @property
    def stopped(self) -> bool:
        """Whether the key is up."""
        return self._stopped_at != math.inf

    @property
    def lost(self) -> bool:
        """Whether the line gives no sound any more."""
        return self._lost_at is not None

    def stop(self, at: float) -> None:
        """End the take at `at`: what was captured before is still delivered, and a tail where somebody still speaks."""
        if not self.stopped:
            self._stopped_at = at
            self._arrived.put_nowait((self.line, _NEWS))

    def give_way(self, at: float) -> None:
        """Let the next take have what is said from `at` on, if this one has been stopped."""
        self._yielded_at = at

    async def connected(self, within_s: float) -> bool:
        """Whether the line gives sound, or does so before long."""
        with anyio.move_on_after(within_s):
            await self._connected.wait()
        return self._connected.is_set() and not self.line.lost

    def doubt(self) -> Doubt | None:
        """What is wrong with the line now, as far as its sound says."""
        now = time.monotonic()
        found = Doubt.LOST if self.line.lost else self.still.doubt(now)
        if found is Doubt.LOST and self._lost_at is None:
            self._lost_at = now
        return found

    def name(self, trouble: Trouble | None) -> None:
        """From now on this is what is wrong. What was wrong before is noted, if it lasted."""
        before = self.trouble
        if before is not None and (trouble is None or trouble.title != before.title):
            self.past += filter(None, [before.past(time.monotonic())])
        if before is None or trouble is None or trouble.title != before.title:
            self.trouble = trouble

    def move(self, line: Line, note: str) -> None:
        """Go on with `line`, from the first sound on that was not heard yet. `note` says why."""
        self.line.leave(self)
        self.line, self.still = line, Stillness(time.monotonic())
        self.trouble, self._lost_at, self._filled_s = None, None, 0.0
        line.join(self, self.heard_until)
        self.past.append(note)

    def give_up(self, why: str) -> None:
        """Say `why` of the line that is lost, if the take ends without another one."""
        self._gone = why

    async def __aiter__(self) -> AsyncIterator[Frame]:
        """Yield the frames of the take; raise `MicrophoneProblem` after the last one if it ends without a line."""
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
        """Be given sound by a line, on PortAudio's thread; None when the line was lost."""
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
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
        """What arrives next; `_NEWS` where nothing does for a moment."""
        with anyio.move_on_after(STEP_S):
            return await self._arrived.get()
        if self._arrived.empty():
            self.doubt()
            return self.line, _NEWS
        return self._arrived.get_nowait()  # the loop was held up: it finds the time over and the sound arrived

    def _hear(self, chunk: Chunk, line: Line) -> Audio:
        """Note when and whether there was sound; return what belongs to the take, shape (n, channels)."""
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
        """The silence that is due, where nothing has come for a while; none after the key-up: a late end may come."""
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
"""No sound: look again whether the take is over."""


def _seconds(chunk: Chunk, line: Line) -> float:
    """How long `chunk` is: interleaved float32, four bytes a sample."""
    return len(chunk.samples) / (4 * line.device.channels * line.device.rate_hz)


def loudness(frame: Frame) -> float:
    """The root mean square of a frame's samples."""
    return float(np.sqrt(np.mean(np.square(frame))))


def quiet(levels: Sequence[float]) -> bool:
    """Whether nobody speaks any more in the last `QUIET_FRAMES` frames of a take with these `levels`.

    The room is what the take's quietest frame is, give or take 10 dB: but 30 dB under the loudest is never speech (a
    take may have no quiet frame), and 20 dB under it is the loudest that a room may be (somebody may speak throughout).
    """
    recent = levels[-QUIET_FRAMES:]
    room = min(max(3 * min(levels), 0.03 * max(levels)), 0.1 * max(levels)) if levels else 0.0
    return len(recent) == QUIET_FRAMES and max(recent) <= room
