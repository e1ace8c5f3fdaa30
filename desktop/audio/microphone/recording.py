"""Yield the frames of one recording until it is stopped.

All decisions are made on the engine's loop, by the iterator: how much pre-roll belongs to it, channel selection,
resampling, framing, and the end.

Users release the key while the last syllable still sounds, so a recording continues for a moment after the key is up,
unless it is already quiet.

A recording is continuous even where its stream is not. A device that disappears raises nothing: its stream ends, or
never calls back again. From then on the recording yields silence in real time, so that its reader continues, until it
is moved to another stream (see `desktop.audio.microphone.supervisor`) and continues with the first audio that it has
not received yet. Without one it ends after a timeout, or with the key, and raises `MicrophoneError` after its last
frame.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress

import anyio
import numpy as np

from desktop.audio.microphone.health import LossMeter, NoSoundError, SignalFault, SignalMonitor
from desktop.audio.microphone.resampling import ChannelSelector, FrameResampler
from desktop.audio.microphone.stream import AudioChunk, MicrophoneStream
from desktop.core.errors import MicrophoneError
from desktop.core.messages import Message, Notes, join_notes
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Frame

TAIL_S = 0.2
"""Seconds that a recording continues after the key is up while there is speech."""

QUIET_FRAMES = 4
"""Frames (0.13 s) that must be quiet to end at key-up.

The closure of a stop consonant, the longest silence within a word, is seldom that long: of 70 utterances whose key was
released on the last voiced sample, three frames cut a soft ending off three.
"""

DEVICE_RETURN_TIMEOUT_S = 8.0
"""Seconds that a recording waits for a microphone with the key held: time to replug it, or for a sound server to
start."""

IDLE_CHECK_S, FILL_AFTER_S = 0.1, 0.4
"""Seconds between two checks without audio, and seconds without audio before silence is yielded.

A busy machine is late by less, and its audio still arrives.
"""

_EMPTY_CHUNK = AudioChunk(b"", 0.0)
"""An empty chunk: check again whether the recording is over."""


class SystemRecording:
    """A recording on `stream`, begun by a key press at `pressed_at`.

    `on_first_sound` is called with the first chunk that is more than zeros, since a waking headset sends zeros before,
    and not before the time `first_sound_after`. `problem` is the current problem, None if there is none; `past_notes`
    are about problems that are over, and `losses` measures what the present stream lost.
    """

    def __init__(
        self,
        stream: MicrophoneStream,
        pressed_at: float,
        tail_s: float = TAIL_S,
        on_first_sound: Callable[[], None] | None = None,
        first_sound_after: float = 0.0,
        device_return_timeout_s: float = DEVICE_RETURN_TIMEOUT_S,
    ) -> None:
        self.stream = stream
        self.problem: NoSoundError | None = None
        self.past_notes: Notes = ()
        self.captured_until = 0.0
        self.signal = SignalMonitor(time.monotonic())
        self.losses = LossMeter()
        self._loop = asyncio.get_running_loop()
        self._tail_s = tail_s
        self._device_return_timeout_s = device_return_timeout_s
        self._on_first_sound = on_first_sound
        self.had_first_sound = False
        self._first_sound_after = first_sound_after
        self._chunks = asyncio.Queue[tuple[MicrophoneStream, AudioChunk]]()
        self._connected = anyio.Event()
        self._stopped_at = self._handed_over_at = math.inf
        self._filled_s = self._silent_s = 0.0
        self._loss: Message | None = None
        self._lost_at: float | None = None
        self._pressed_at = pressed_at
        self.preroll_s = 0.0
        self._start_at = stream.add_listener(self, pressed_at)

    @property
    def device(self) -> str:
        """The name of the microphone in use."""
        return self.stream.device.name

    @property
    def notes(self) -> Notes:
        """What happened to the microphone during this recording; empty if nothing did.

        Lost sound is named where nothing else is that explains it.
        """
        notes = join_notes(self.past_notes, self.problem.describe_past(time.monotonic()) if self.problem else ())
        return notes or self.losses.describe()

    @property
    def is_stopped(self) -> bool:
        """Whether the key is up."""
        return self._stopped_at != math.inf

    @property
    def is_lost(self) -> bool:
        """Whether the stream delivers no more audio."""
        return self._lost_at is not None

    def stop(self, at: float) -> None:
        """End the recording at `at`: audio captured before is still delivered, and a tail while there is speech."""
        if not self.is_stopped:
            self._stopped_at = at
            self._chunks.put_nowait((self.stream, _EMPTY_CHUNK))

    def hand_over(self, at: float) -> None:
        """End a stopped recording at `at`, where the next one begins."""
        self._handed_over_at = at

    async def wait_connected(self, within_s: float) -> bool:
        """Wait up to `within_s` seconds for the first chunk; return whether the stream delivers."""
        with anyio.move_on_after(within_s):
            await self._connected.wait()
        return self._connected.is_set() and not self.stream.lost

    def check_signal(self) -> SignalFault | None:
        """Return what is wrong with the stream according to its own data."""
        now = time.monotonic()
        fault = SignalFault.LOST if self.stream.lost else self.signal.find_fault(now)
        if fault is SignalFault.LOST and self._lost_at is None:
            self._lost_at = now
        return fault

    def set_problem(self, problem: NoSoundError | None) -> None:
        """Set the current problem. The previous one is noted if it lasted."""
        before = self.problem
        if before is not None and (problem is None or problem.message != before.message):
            self.past_notes += before.describe_past(time.monotonic())
        if before is None or problem is None or problem.message != before.message:
            self.problem = problem

    def move_to(self, stream: MicrophoneStream, note: Message) -> None:
        """Continue with `stream` from the first audio not received yet. `note` says why."""
        self.stream.remove_listener(self)
        self.stream, self.signal, self.losses = stream, SignalMonitor(time.monotonic()), LossMeter()
        self.problem, self._lost_at, self._filled_s = None, None, 0.0
        stream.add_listener(self, self.captured_until)
        self.past_notes += (note,)

    def set_loss(self, loss: Message) -> None:
        """Set what the error says if the recording ends without another stream."""
        self._loss = loss

    async def __aiter__(self) -> AsyncIterator[Frame]:
        """Yield the frames of the recording; raise `MicrophoneError` after the last one if it ends without a
        stream."""
        self.signal = SignalMonitor(time.monotonic())
        stream = self.stream
        selector = ChannelSelector(stream.device.mixed_channels)
        resampler = FrameResampler(stream.device.rate_hz)
        levels: list[float] = []
        while not self._is_over(levels):
            source, chunk = await self._next_chunk()
            if source is not stream and chunk.samples:
                stream, selector = source, ChannelSelector(source.device.mixed_channels)
                begins_at = chunk.captured_until - _measure_seconds(chunk, stream)
                resampler.change_rate(
                    stream.device.rate_hz, max(0.0, begins_at - self.captured_until) if self.captured_until else 0.0
                )
                self._start_at = max(self._start_at, self.captured_until)
            samples = selector.select(self._cut_chunk(chunk, stream)) if chunk.samples else self._make_silence(stream)
            for frame in resampler.resample(samples):
                levels.append(measure_loudness(frame))
                yield frame
        for frame in resampler.resample(np.zeros(0, np.float32), last=True):
            yield frame
        if self.is_lost:
            raise self._make_error(len(levels) * FRAME_SAMPLES / RATE_HZ - self._silent_s)

    def on_chunks(self, stream: MicrophoneStream, *chunks: AudioChunk | None) -> None:
        """Receive chunks on PortAudio's thread; None when the stream was lost."""
        with suppress(RuntimeError):  # the loop is closed: there is no reader any more
            self._loop.call_soon_threadsafe(self._receive, stream, chunks)

    def _receive(self, stream: MicrophoneStream, chunks: tuple[AudioChunk | None, ...]) -> None:
        if stream is not self.stream:
            return
        for chunk in chunks:
            if chunk is not None:
                self._chunks.put_nowait((stream, chunk))
                self.signal.add_data(time.monotonic(), chunk.has_sound)
                if self.signal.has_sounded:  # a device that wakes up may begin haltingly
                    self.losses.add_data(chunk.arrived_at, _measure_seconds(chunk, stream), chunk.late_s)
        if stream.lost:
            self.check_signal()
        else:
            self._lost_at, self._filled_s = None, 0.0  # it may only have been late
            if (
                self.problem is not None
                and self.signal.find_fault(time.monotonic()) is None
                and self.signal.has_sounded
            ):
                self.set_problem(None)
        self._connected.set()

    async def _next_chunk(self) -> tuple[MicrophoneStream, AudioChunk]:
        """Return the next chunk, or `_EMPTY_CHUNK` after `IDLE_CHECK_S` seconds without one."""
        with anyio.move_on_after(IDLE_CHECK_S):
            return await self._chunks.get()
        if self._chunks.empty():
            self.check_signal()
            return self.stream, _EMPTY_CHUNK
        return self._chunks.get_nowait()  # the loop was blocked: the timeout passed and the audio arrived

    def _cut_chunk(self, chunk: AudioChunk, stream: MicrophoneStream) -> Audio:
        """Return the samples that belong to the recording, shape (n, channels), and note when and whether there was
        sound."""
        rate_hz = stream.device.rate_hz
        samples = np.frombuffer(chunk.samples, np.float32).reshape(-1, stream.device.channels)
        early_s = self._start_at - (chunk.captured_until - len(samples) / rate_hz)
        samples = samples[max(0, math.ceil(early_s * rate_hz)) :]
        if len(samples):
            if not self.captured_until:
                self.preroll_s = max(0.0, self._pressed_at - (chunk.captured_until - len(samples) / rate_hz))
            self.captured_until = chunk.captured_until
            if self._on_first_sound is not None and chunk.captured_until >= self._first_sound_after and samples.any():
                self._on_first_sound()
                self._on_first_sound, self.had_first_sound = None, True
        return samples

    def _make_silence(self, stream: MicrophoneStream) -> Audio:
        """Return the silence that is due after a while without audio; none after key-up, since audio may still arrive
        late."""
        due_s = time.monotonic() - self.signal.arrived_at - self._filled_s
        if self.is_stopped or not self._chunks.empty() or due_s + self._filled_s < FILL_AFTER_S:
            return np.zeros(0, np.float32)
        self._filled_s += due_s
        self._silent_s += due_s
        self.captured_until = (self.captured_until or self.signal.started_at) + due_s
        return np.zeros(round(due_s * stream.device.rate_hz), np.float32)

    def _is_over(self, levels: Sequence[float]) -> bool:
        if self._lost_at is not None and self._chunks.empty():
            return self.is_stopped or time.monotonic() - self._lost_at > self._device_return_timeout_s
        if not self.is_stopped:
            return False
        if not self.captured_until:
            return self._chunks.empty()
        tail_s = 0.0 if is_quiet(levels) else self._tail_s
        return self.captured_until >= min(self._stopped_at + tail_s, max(self._stopped_at, self._handed_over_at))

    def _make_error(self, kept_s: float) -> MicrophoneError:
        loss = self._loss or Message("microphone-stopped", device=self.device)
        if kept_s < 1:
            return MicrophoneError("recording-ended", loss=loss)
        return MicrophoneError("recording-ended-with-speech", loss=loss, seconds=f"{kept_s:.0f}")


def _measure_seconds(chunk: AudioChunk, stream: MicrophoneStream) -> float:
    """Return the length of `chunk` in seconds: interleaved float32, four bytes a sample."""
    return len(chunk.samples) / (4 * stream.device.channels * stream.device.rate_hz)


def measure_loudness(frame: Frame) -> float:
    """Return the root mean square of a frame's samples."""
    return float(np.sqrt(np.mean(np.square(frame))))


def is_quiet(levels: Sequence[float]) -> bool:
    """Whether there is no speech in the last `QUIET_FRAMES` of the frames with these `levels`.

    The room level is that of the quietest frame, plus 10 dB; but anything 30 dB below the loudest counts as room (a
    recording may have no quiet frame), and the room is at most 20 dB below it (the user may speak throughout).
    """
    recent = levels[-QUIET_FRAMES:]
    room = min(max(3 * min(levels), 0.03 * max(levels)), 0.1 * max(levels)) if levels else 0.0
    return len(recent) == QUIET_FRAMES and max(recent) <= room
