"""One of the microphones, opened: sound as it is captured, in frames, until its end is brought.

PortAudio calls back on a thread of its own, which must neither wait nor fail: there the samples are copied and posted
to the engine's loop, and nothing else. Everything that is decided is decided on the loop, by whoever iterates the
recording: resampling (soxr, with its anti-alias filter, from the device's own rate: asking a device for 16 kHz fails
on some and aliases on others), cutting into frames, and when it is over.

People let go of the key while the last syllable still sounds, so a take goes on for a moment after `stop()`, unless
it is quiet already. A device that goes away raises nothing by itself: its stream ends, or simply never calls again;
both are noticed here, and what was heard until then is delivered before the `MicrophoneProblem`.

PortAudio calls may hang (an unplugged device, a server that died), so they are made in a worker, one at a time because
PortAudio is not thread-safe, and are given up after a while.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Buffer, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import anyio
import numpy as np
import soxr
from anyio import CapacityLimiter, to_thread

from desktop.microphone.devices import Device, choose, portaudio
from desktop.ports import FRAME, RATE_HZ, Audio, Frame
from desktop.problems import MicrophoneProblem

logger = logging.getLogger(__name__)

BUFFER_S = 0.1
"""What PortAudio may buffer: room for a busy machine. ALSA delivers it in quarters, so sound is heard every 25 ms."""

DELAY_S = 0.05
"""How long sound is on its way to the callback: a quarter of the buffer, and as much again for the sound server."""

TAIL_S = 0.2
"""How long a take goes on after `stop()` where somebody still speaks."""

QUIET_FRAMES = 3
"""A tenth of a second. The closure of a stop consonant, the longest silence within a word, seldom lasts as long."""

START_S, GAP_S = 3.0, 1.0
"""A device that has not called back for so long is gone; a Bluetooth headset takes seconds to begin."""

OPEN_S, CLOSE_S = 5.0, 1.0
"""When a PortAudio call is given up."""

OPEN_REMEDY = "See whether another program holds it, or choose another microphone in the settings."

_one_at_a_time = CapacityLimiter(1)


class SystemMicrophone:
    """The machine's microphone with the id `device`, or the default one."""

    def __init__(self, device: str = "", tail_s: float = TAIL_S) -> None:
        self._device = device
        self._tail_s = tail_s

    def check(self) -> MicrophoneProblem | None:
        """Whether there is something to open, without opening it, which would light its lamp. For a worker thread."""
        try:
            portaudio()
            choose(self._device)
        except MicrophoneProblem as problem:
            return problem
        return None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[SystemRecording]:
        """Start hearing; leaving the context closes the device. Raises `MicrophoneProblem` when it cannot be opened."""
        recording = SystemRecording(asyncio.get_running_loop(), self._tail_s)
        line = _Line(recording)
        try:
            # Shielded: a stream that opens after a cancellation would listen for ever.
            with anyio.CancelScope(shield=True):
                recording.source = await _in_worker(OPEN_S, lambda: line.open(self._device))
            yield recording
        finally:
            with anyio.CancelScope(shield=True), suppress(MicrophoneProblem):
                await _in_worker(CLOSE_S, line.close)
            if recording.overflows:
                logger.warning("the machine was too busy to hear: %d gaps", recording.overflows)


class SystemRecording:
    """One take. `overflows` counts the gaps that a busy machine made; `silent`: only exact zeros were heard so far."""

    def __init__(self, loop: asyncio.AbstractEventLoop, tail_s: float) -> None:
        self.source = Device("", "", False, RATE_HZ, 1)
        self.overflows = 0
        self.silent = True
        self._loop = loop
        self._tail_s = tail_s
        self._arrived = asyncio.Queue[_Chunk | None]()
        self._heard_until = 0.0
        self._stopped_at = math.inf

    @property
    def device(self) -> str:
        """The name of the microphone that is heard."""
        return self.source.name

    def stop(self) -> None:
        """End the take: what was captured before is still delivered, and a tail where somebody still speaks."""
        if self._stopped_at == math.inf:
            self._stopped_at = self._loop.time()
            self._arrived.put_nowait(_NEWS)

    async def __aiter__(self) -> AsyncIterator[Frame]:
        """Yield the frames of the take; raise `MicrophoneProblem` after the last one if the device went away."""
        cutter = Cutter(self.source.rate_hz)
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
        if lost and self._heard_until < self._stopped_at:
            raise self._problem(len(levels) * FRAME / RATE_HZ)

    def capture(self, samples: Buffer, _count: int, _time: object, status: Any) -> None:
        """Be called by PortAudio, on its thread. An exception here would end the stream, and so the take."""
        self.overflows += status.input_overflow
        self._post(_Chunk(bytes(samples), self._loop.time()))

    def lose(self) -> None:
        """Be told by PortAudio, on its thread, that its stream has ended."""
        self._post(None)

    def _post(self, chunk: _Chunk | None) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            self._loop.call_soon_threadsafe(self._arrived.put_nowait, chunk)

    async def _next(self) -> _Chunk | None:
        """What arrives next; None when the device is gone."""
        with anyio.move_on_after(GAP_S if self._heard_until else START_S):
            return await self._arrived.get()
        # A loop that was held up finds the time over and the sound arrived.
        return None if self._arrived.empty() else self._arrived.get_nowait()

    def _hear(self, chunk: _Chunk) -> Audio:
        """Note when and whether there was sound; return it mixed to one channel."""
        samples = np.frombuffer(chunk.samples, np.float32).reshape(-1, self.source.channels)
        if len(samples):
            self._heard_until = chunk.at - DELAY_S
            self.silent = self.silent and not samples.any()
        return samples.mean(axis=1)

    def _over(self, levels: Sequence[float]) -> bool:
        if not self._heard_until:
            return self._stopped_at < math.inf
        tail_s = 0.0 if quiet(levels) else self._tail_s
        return self._heard_until >= self._stopped_at + tail_s

    def _problem(self, kept_s: float) -> MicrophoneProblem:
        kept = f" Kept {kept_s:.0f} s of speech." if kept_s >= 1 else ""
        title = (
            f"{self.device} stopped delivering sound.{kept}" if self._heard_until else f"{self.device} gives no sound."
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


class _Line:
    """A PortAudio stream. Opened and closed in a worker; `close` also ends one that opens after it was given up."""

    def __init__(self, recording: SystemRecording) -> None:
        self._recording = recording
        self._stream: Any = None
        self._wanted = True

    def open(self, wanted: str) -> Device:
        """Open the device with the id `wanted`, or the default one, and return which it is."""
        sd = portaudio()
        device = choose(wanted)
        try:
            if device.portaudio not in {known["name"] for known in sd.query_devices()} and not _open_lines:
                # PortAudio's list is as old as its initialisation, which would end every stream.
                sd._terminate()
                sd._initialize()
            with device.addressed():
                self._stream = sd.RawInputStream(
                    device=device.portaudio,
                    samplerate=device.rate_hz,
                    channels=device.channels,
                    dtype="float32",
                    latency=BUFFER_S,
                    callback=self._recording.capture,
                    finished_callback=self._recording.lose,
                )
                _open_lines.add(self)
                self._stream.start()
        except (sd.PortAudioError, ValueError) as error:
            logger.warning("PortAudio opens no stream: %s", error)
            self.close()
            raise MicrophoneProblem(f"{device.name} could not be opened.", OPEN_REMEDY) from error
        if not self._wanted:
            self.close()
        return device

    def close(self) -> None:
        """Give the device back."""
        self._wanted = False
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()
            _open_lines.discard(self)


_open_lines: set[_Line] = set()
"""The streams there are; touched only by the worker that may call PortAudio."""


async def _in_worker[T](limit_s: float, call: Callable[[], T]) -> T:
    """Make a PortAudio call, or give it up with a `MicrophoneProblem`."""
    with anyio.move_on_after(limit_s):
        return await to_thread.run_sync(call, abandon_on_cancel=True, limiter=_one_at_a_time)
    raise MicrophoneProblem("The microphone does not answer.", "Restart the sound server, or Intone.")


@dataclass(frozen=True, slots=True)
class _Chunk:
    """What PortAudio captured, as interleaved float32, and when, by the loop's clock, it was there."""

    samples: bytes
    at: float


_NEWS = _Chunk(b"", 0.0)
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
