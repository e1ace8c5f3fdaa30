"""One take: sound as it is captured, in frames, until its end is brought.

Everything that is decided is decided on the engine's loop, by whoever iterates the recording: what from before the
press belongs to it, resampling (soxr, with its anti-alias filter, from the device's own rate: asking a device for
16 kHz fails on some and aliases on others), cutting into frames, and when it is over.

People let go of the key while the last syllable still sounds, so a take goes on for a moment after the key came up,
unless it is quiet already. A device that goes away raises nothing by itself: its stream ends, or simply never calls
again; both are noticed here, and what was heard until then is delivered before the `MicrophoneProblem`.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress

import anyio
import numpy as np
import soxr

from desktop.microphone.line import Chunk, Line
from desktop.ports import FRAME, RATE_HZ, Audio, Frame
from desktop.problems import MicrophoneProblem

TAIL_S = 0.2
"""How long a take goes on after the key came up where somebody still speaks."""

QUIET_FRAMES = 4
"""An eighth of a second. The closure of a stop consonant, the longest silence within a word, seldom lasts as long: of
70 utterances whose key was let go on the last voiced sample, three frames cut a soft ending off three."""

START_S, GAP_S = 3.0, 1.0
"""A device that has not called back for so long is gone; a Bluetooth headset takes seconds to begin."""


class SystemRecording:
    """One take on `line`, begun by a press at `pressed_at`. `silent`: only exact zeros were heard so far.

    `began` is called when the first real sound is there, since a headset that wakes up gives zeros before, and at the
    time `began_after` at the earliest.
    """

    def __init__(
        self,
        line: Line,
        pressed_at: float,
        tail_s: float = TAIL_S,
        began: Callable[[], None] | None = None,
        began_after: float = 0.0,
    ) -> None:
        self.line = line
        self.silent = True
        self.heard_until = 0.0
        self._loop = asyncio.get_running_loop()
        self._tail_s = tail_s
        self._began = began
        self._began_after = began_after
        self._arrived = asyncio.Queue[Chunk | None]()
        self._connected = anyio.Event()
        self._stopped_at = self._yielded_at = math.inf
        self._since = line.join(self, pressed_at)

    @property
    def device(self) -> str:
        """The name of the microphone that is heard."""
        return self.line.device.name

    def stop(self, at: float) -> None:
        """End the take at `at`: what was captured before is still delivered, and a tail where somebody still speaks."""
        if self._stopped_at == math.inf:
            self._stopped_at = at
            self._arrived.put_nowait(_NEWS)

    def give_way(self, at: float) -> None:
        """Let the next take have what is said from `at` on, if this one has been stopped."""
        self._yielded_at = at

    async def connected(self, within_s: float) -> bool:
        """Whether the line gives sound, or does so before long."""
        with anyio.move_on_after(within_s):
            await self._connected.wait()
        return self._connected.is_set() and not self.line.lost

    async def __aiter__(self) -> AsyncIterator[Frame]:
        """Yield the frames of the take; raise `MicrophoneProblem` after the last one if the device went away."""
        cutter = Cutter(self.line.device.rate_hz)
        levels: list[float] = []
        lost = False
        while not (lost or self._over(levels)):
            chunk = await self._next()
            lost = chunk is None
            for frame in cutter.cut(self._hear(chunk or _NEWS)):
                levels.append(loudness(frame))
                yield frame
        for frame in cutter.cut(np.zeros(0, np.float32), last=True):
            yield frame
        if lost and self.heard_until < self._stopped_at:
            raise self._problem(len(levels) * FRAME / RATE_HZ)

    def post(self, *chunks: Chunk | None) -> None:
        """Be given sound by the line, on PortAudio's thread; None when the line was lost."""
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            self._loop.call_soon_threadsafe(self._take, chunks)

    def _take(self, chunks: tuple[Chunk | None, ...]) -> None:
        for chunk in chunks:
            self._arrived.put_nowait(chunk)
        self._connected.set()

    async def _next(self) -> Chunk | None:
        """What arrives next; None when the device is gone."""
        with anyio.move_on_after(GAP_S if self.heard_until else START_S):
            return await self._arrived.get()
        # A loop that was held up finds the time over and the sound arrived.
        return None if self._arrived.empty() else self._arrived.get_nowait()

    def _hear(self, chunk: Chunk) -> Audio:
        """Note when and whether there was sound; return what belongs to the take, mixed to one channel."""
        rate_hz = self.line.device.rate_hz
        samples = np.frombuffer(chunk.samples, np.float32).reshape(-1, self.line.device.channels)
        early_s = self._since - (chunk.heard_until - len(samples) / rate_hz)
        samples = samples[max(0, math.ceil(early_s * rate_hz)) :]
        if len(samples):
            self.heard_until = chunk.heard_until
            self.silent = self.silent and not samples.any()
            if self._began is not None and not self.silent and chunk.heard_until >= self._began_after:
                self._began()
                self._began = None
        return samples.mean(axis=1)

    def _over(self, levels: Sequence[float]) -> bool:
        if self._stopped_at == math.inf:
            return False
        if not self.heard_until:
            return self._arrived.empty()
        tail_s = 0.0 if quiet(levels) else self._tail_s
        return self.heard_until >= min(self._stopped_at + tail_s, max(self._stopped_at, self._yielded_at))

    def _problem(self, kept_s: float) -> MicrophoneProblem:
        kept = f" Kept {kept_s:.0f} s of speech." if kept_s >= 1 else ""
        title = (
            f"{self.device} stopped delivering sound.{kept}" if self.heard_until else f"{self.device} gives no sound."
        )
        return MicrophoneProblem(title, "Check that it is connected, or choose another microphone in the settings.")


class Cutter:
    """Sound at `rate_hz` as it comes, to frames of `FRAME` samples at `RATE_HZ`."""

    def __init__(self, rate_hz: int) -> None:
        self._resampler = soxr.ResampleStream(rate_hz, RATE_HZ, num_channels=1, dtype="float32")
        self._pending: Audio = np.zeros(0, np.float32)

    def cut(self, samples: Audio, last: bool = False) -> Iterator[Frame]:
        """The frames that `samples`, shape (n,), make whole; with `last` also what is left, as a shorter one."""
        resampled = self._resampler.resample_chunk(samples, last=last)
        self._pending = np.concatenate([self._pending, resampled])
        while len(self._pending) >= (1 if last else FRAME):
            frame, self._pending = self._pending[:FRAME], self._pending[FRAME:]
            yield frame


_NEWS = Chunk(b"", 0.0)
"""No sound: look again whether the take is over."""


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
