"""Hold a PortAudio stream, the recordings that listen to it, and its last moment of audio.

A stream may outlive a recording: kept warm, it gives the next one its first sample at once, and the moment before the
key press (the pre-roll), because users press and speak together. Until a recording begins, that moment is only in
memory, and every new chunk overwrites the oldest.

PortAudio calls back on its own thread, which must neither wait nor fail: it alone owns the ring buffer, and it posts to
the engine's loop only while there is a recording, so that an idle stream costs almost nothing. A recording that joins
receives the ring with the next chunk. PortAudio's other calls may hang (an unplugged device, a dead server), so they
run in a worker thread, one at a time because PortAudio is not thread-safe, and are given up after a timeout. An
abandoned call still runs: until it ends no other is made, and a press that comes meanwhile waits for it, as long as it
would for a microphone.

All times are `time.monotonic()`, which equals asyncio's `loop.time()` and the clock of the key events.
"""

from __future__ import annotations

import itertools
import logging
import math
import os
import threading
import time
from collections import deque
from collections.abc import Buffer, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import anyio
import numpy as np
from anyio import CapacityLimiter, to_thread

from desktop.audio.microphone.device import BUFFER_S, MicrophoneDevice
from desktop.audio.microphone.devices import choose_device, find_portaudio_device, load_portaudio, move_streams_back
from desktop.core.errors import MicrophoneError
from desktop.core.types import RATE_HZ

logger = logging.getLogger(__name__)

PRE_ROLL_S = 0.4
"""Seconds before the press that may enter a recording.

A voice leads the key by up to a syllable or two (0.2 s each in fluent speech), and another 0.1 s of room noise lets the
voice detector see it begin. More would include words that were meant for another listener.
"""

CAPTURE_DELAY_S = 0.05
"""Seconds from capture to callback: a quarter of the buffer, and as much again for the sound server."""

JITTER_S, LAG_WINDOW_S = 0.05, 10.0
"""By how many seconds a chunk may be behind others before it counts as late, and the length of a window of others; two
are remembered, in which a sound card's clock, off by less than 0.1 %, makes less than the first."""

OPEN_TIMEOUT_S, CLOSE_TIMEOUT_S = 5.0, 1.0
"""Timeouts of PortAudio calls in seconds."""


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """Interleaved float32 samples from PortAudio, when they arrived, and how late that was."""

    samples: bytes
    arrived_at: float
    late_s: float = 0.0

    @property
    def captured_until(self) -> float:
        """Time at which the last sample was captured."""
        return self.arrived_at - CAPTURE_DELAY_S - self.late_s

    @property
    def has_sound(self) -> bool:
        """Whether it contains more than zeros."""
        return bool(np.frombuffer(self.samples, np.float32).any())


class ArrivalClock:
    """Tells how late samples arrive: a busy app gets what a buffer has kept meanwhile, and all of it at once.

    Without that, sound from before key-up would count as new, and end the recording before the last words. Counted is
    the lag of arrival behind the samples; the least of the last seconds is the lag of an app that is not busy. Lag of
    more than the buffer is sound that was lost, and so is what stays when chunks come at their own pace again.
    """

    def __init__(self) -> None:
        self._delivered_s = 0.0
        self._least_lag_s = self._previous_lag_s = math.inf
        self._window_end = self._arrived_at = -math.inf
        self._has_lost = False

    def measure_lateness(self, at: float, length_s: float, longest_s: float) -> float:
        """Return how many seconds the `length_s` seconds of sound that arrive `at` this time are late.

        No more than the buffer's `longest_s` can be. What a short one keeps, the tail of a recording has room for.
        """
        if at >= self._window_end:
            self._previous_lag_s, self._least_lag_s, self._window_end = self._least_lag_s, math.inf, at + LAG_WINDOW_S
        waited_s, self._arrived_at = at - self._arrived_at, at
        self._delivered_s += length_s
        lag_s = at - self._delivered_s
        self._least_lag_s = min(self._least_lag_s, lag_s)
        late_s = lag_s - min(self._least_lag_s, self._previous_lag_s)
        if late_s > longest_s + JITTER_S:
            self._has_lost, late_s = True, longest_s
            self._least_lag_s = self._previous_lag_s = lag_s - longest_s
        elif self._has_lost and waited_s > length_s / 2:
            self._has_lost, late_s = False, 0.0
            self._least_lag_s = self._previous_lag_s = lag_s
        return late_s if late_s > JITTER_S and longest_s > BUFFER_S else 0.0


class StreamListener(Protocol):
    """A receiver of a stream's chunks, such as a recording."""

    captured_until: float

    def on_chunks(self, stream: MicrophoneStream, *chunks: AudioChunk | None) -> None:
        """Receive chunks from `stream`, or None when it was lost.

        Called on PortAudio's thread; must neither wait nor raise.
        """
        ...

    def hand_over(self, at: float) -> None:
        """Leave audio captured from `at` on to a new recording."""
        ...


class MicrophoneStream:
    """One PortAudio stream. Opened and closed in a worker thread; `close` also ends one that opens after its timeout.

    - `overflows`: gaps caused by a busy machine.
    - `lost`: it delivers no more audio.
    - `last_chunk_at`: when it last delivered.
    - `delivered_until`: capture time of the newest audio that a recording has received.
    - `warm_until`: until when it may stay open unused.
    """

    def __init__(self) -> None:
        self.device = MicrophoneDevice("", "", False, RATE_HZ, 1)
        self.overflows = 0
        self.lost = False
        self.last_chunk_at = time.monotonic()
        self.delivered_until = 0.0
        self.warm_until = 0.0
        self.listeners: tuple[StreamListener, ...] = ()
        self._started_listeners: tuple[StreamListener, ...] = ()
        self._ring = deque[AudioChunk]()
        self._arrivals = ArrivalClock()
        self._tag = f"{os.getpid()}-{next(PORTAUDIO.stream_numbers)}"
        self._stream: Any = None
        self._is_wanted = True

    def add_listener(self, listener: StreamListener, pressed_at: float) -> float:
        """Add a listener from the next chunk on, and return the time from which it may use the audio.

        What one recording received is not given to the next: the last word would appear twice.
        """
        earliest = pressed_at if self.listeners else max(pressed_at - PRE_ROLL_S, min(self.delivered_until, pressed_at))
        for other in self.listeners:
            other.hand_over(pressed_at)
        self.listeners = (*self.listeners, listener)
        return earliest

    def remove_listener(self, listener: StreamListener) -> None:
        """Remove `listener`; its audio is not delivered again."""
        self.listeners = tuple(other for other in self.listeners if other is not listener)
        self.delivered_until = max(self.delivered_until, listener.captured_until)

    def open(self, preferred: Sequence[str], avoid: Collection[str] = ()) -> None:
        """Open the first of the devices `preferred`, or the default one
        (`desktop.audio.microphone.devices.choose_device`).

        Raises `MicrophoneError`.
        """
        sd = load_portaudio()
        self.device = choose_device(preferred, avoid)
        self.open_device(sd)

    def open_device(self, sd: Any) -> None:
        """Open `device` by PortAudio, which is `sd`. Raises `MicrophoneError`."""
        try:
            known = find_portaudio_device(sd, self.device)
            if known is None and PORTAUDIO.renew_list(sd):
                known = find_portaudio_device(sd, self.device)
            try:
                self._start(sd, known)
            except (sd.PortAudioError, ValueError):  # an index may be that of a device before it was plugged in again
                if not isinstance(known, int) or not PORTAUDIO.renew_list(sd):
                    raise
                self._start(sd, find_portaudio_device(sd, self.device))
        except (sd.PortAudioError, ValueError) as error:
            logger.warning("PortAudio opens no stream: %s", str(error))
            self.close()
            raise MicrophoneError("microphone-unopened", device=self.device.name) from error
        if not self._is_wanted:
            self.close()

    def _start(self, sd: Any, known: str | int | None) -> None:
        """Open and start the stream on what PortAudio knows as the device; without one after an exception."""
        with self.device.set_environment(self._tag):
            self._stream = sd.RawInputStream(
                device=self.device.portaudio_name if known is None else known,
                samplerate=self.device.rate_hz,
                channels=self.device.channels,
                dtype="float32",
                latency=self.device.latency,
                callback=self._on_audio,
                finished_callback=self._on_finished,
            )
            PORTAUDIO.open_streams.add(self)
            try:
                self._stream.start()
            except sd.PortAudioError:
                self._release()
                raise
            self.last_chunk_at = time.monotonic()

    @property
    def is_open(self) -> bool:
        """Whether there is a stream. A pending one closes itself after `close_once_open` was called."""
        return self._stream is not None

    def close_once_open(self) -> None:
        """Close as soon as a pending open has finished."""
        self._is_wanted = False

    def close(self) -> None:
        """Close the stream and release the device."""
        self._is_wanted = False
        self._release()

    def _release(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()
            self._ring.clear()
            PORTAUDIO.open_streams.discard(self)

    def _on_audio(self, samples: Buffer, _count: int, _time: object, status: Any) -> None:
        """Receive audio on PortAudio's thread. An exception here would end the stream, and so the recording."""
        self.last_chunk_at = now = time.monotonic()
        data = bytes(samples)
        length_s = len(data) / (4 * self.device.channels * self.device.rate_hz)
        chunk = AudioChunk(data, now, self._arrivals.measure_lateness(now, length_s, self.device.latency))
        self.overflows += status.input_overflow
        while self._ring and self._ring[0].captured_until < now - PRE_ROLL_S - CAPTURE_DELAY_S:
            self._ring.popleft()
        self._ring.append(chunk)
        listeners, started = self.listeners, self._started_listeners
        for listener in listeners:
            listener.on_chunks(self, *((chunk,) if listener in started else self._ring))
        self._started_listeners = listeners

    def _on_finished(self) -> None:
        """Handle the end of the stream, on PortAudio's thread."""
        self.lost = True
        for listener in self.listeners:
            listener.on_chunks(self, None)


class PortAudioWorker:
    """Makes the calls of PortAudio in a worker thread, one at a time, each with a timeout.

    `open_streams` are touched only by the thread that may call PortAudio; `stream_numbers` count the streams.
    """

    def __init__(self) -> None:
        self.open_streams: set[MicrophoneStream] = set()
        self.stream_numbers = itertools.count()
        self._limiter = CapacityLimiter(1)
        self._lock = threading.Lock()  # held during a call, also during an abandoned one
        self._call_started_at = math.inf

    async def run[T](self, timeout_s: float, call: Callable[[], T], *, run_late: bool = False) -> T:
        """Make a PortAudio call with a timeout of `timeout_s` seconds.

        Raises `MicrophoneError` on a timeout, and at once if another call has already taken that long. With `run_late`
        the call is made even after the timeout, once the other has ended.
        """
        until, is_waiting = time.monotonic() + timeout_s, True
        problem = MicrophoneError("microphone-unresponsive")

        def run_exclusively() -> T:
            if not self._lock.acquire(timeout=-1 if run_late else max(0.0, until - time.monotonic())):
                raise problem
            try:
                if not is_waiting and not run_late:
                    raise problem
                self._call_started_at = time.monotonic()
                return call()
            finally:
                self._call_started_at = math.inf
                self._lock.release()

        if time.monotonic() - self._call_started_at >= timeout_s and not run_late:
            raise problem
        try:
            with anyio.move_on_after(timeout_s):
                limiter = None if run_late else self._limiter
                return await to_thread.run_sync(run_exclusively, abandon_on_cancel=True, limiter=limiter)
        finally:
            is_waiting = False
        raise problem

    def renew_list(self, sd: Any) -> bool:
        """Have PortAudio list the devices anew: its list is as old as its initialisation. Call in the worker's thread.

        Returns false while a stream delivers, which that would end; lost streams are closed.
        """
        for stream in tuple(self.open_streams):
            if stream.lost:
                stream.close()
        if self.open_streams:
            return False
        sd._terminate()
        sd._initialize()
        return True

    async def restore_sources(self) -> None:
        """Move every open stream back to its own device if the sound server moved it."""
        with suppress(MicrophoneError):
            await self.run(
                OPEN_TIMEOUT_S, lambda: move_streams_back({stream._tag: stream.device for stream in self.open_streams})
            )


PORTAUDIO = PortAudioWorker()
"""The worker of this process, because PortAudio is initialised once for all streams of a process."""
