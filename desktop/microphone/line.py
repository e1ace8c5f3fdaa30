"""The line to a microphone: a PortAudio stream, the takes that listen to it, and the last moment of what it heard.

A line may outlive a take: kept warm, it gives the next one its first sample at once, and what was said in the moment
before the key was down (the pre-roll), because people press and speak together. Until a take begins that moment is held
in memory alone, and every new sound overwrites the oldest.

PortAudio calls back on a thread of its own, which must neither wait nor fail: it keeps the ring, since it alone touches
it, and posts to the engine's loop only while there is a take, so that an idle line costs next to nothing. A take that
joins is given the ring with the next sound that arrives. PortAudio's other calls may hang (an unplugged device, a
server that died), so they are made in a worker, one at a time because PortAudio is not thread-safe, and are given up
after a while. One that was given up goes on all the same: until it ends no other is made, and a press that comes
meanwhile waits for it, as long as it would for a microphone.

All times are `time.monotonic()`, which is asyncio's `loop.time()` too, and the clock of the key events.
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

from desktop.microphone.devices import Device, choose, portaudio, put_back
from desktop.ports import RATE_HZ
from desktop.problems import MicrophoneProblem

logger = logging.getLogger(__name__)

PRE_ROLL_S = 0.4
"""How much from before the press may enter a take: voice leads the key by up to a syllable or two (0.2 s each in fluent
speech), and a tenth of a second of room lets the voice activity see it begin. More would bring words that were meant
for somebody else."""

BUFFER_S = 0.1
"""What PortAudio may buffer: room for a busy machine. ALSA delivers it in quarters, so sound is heard every 25 ms."""

DELAY_S = 0.05
"""How long sound is on its way to the callback: a quarter of the buffer, and as much again for the sound server."""

OPEN_S, CLOSE_S = 5.0, 1.0
"""When a PortAudio call is given up."""

OPEN_REMEDY = "See whether another program holds it, or choose another microphone in the settings."

_one_at_a_time = CapacityLimiter(1)


@dataclass(frozen=True, slots=True)
class Chunk:
    """What PortAudio captured, as interleaved float32, and when it was there."""

    samples: bytes
    at: float

    @property
    def heard_until(self) -> float:
        """When its last sample was in the air."""
        return self.at - DELAY_S

    @property
    def sounds(self) -> bool:
        """Whether it is more than zeros."""
        return bool(np.frombuffer(self.samples, np.float32).any())


class Listener(Protocol):
    """A take, as a line sees it."""

    heard_until: float

    def post(self, line: Line, *chunks: Chunk | None) -> None:
        """Be given sound by `line`, or None when that was lost, on PortAudio's thread; must neither wait nor raise."""
        ...

    def give_way(self, at: float) -> None:
        """Let a new take have what is said from `at` on."""
        ...


class Line:
    """One stream. Opened and closed in a worker; `close` also ends one that opens after it was given up.

    `overflows` counts the gaps that a busy machine made; `lost`: it gives no sound any more; `heard_at`: when it last
    did; `taken_until`: when the newest sound that a take has had was in the air; `warm_until`: until when it may stay
    open for nobody.
    """

    def __init__(self) -> None:
        self.device = Device("", "", False, RATE_HZ, 1)
        self.overflows = 0
        self.lost = False
        self.heard_at = time.monotonic()
        self.taken_until = 0.0
        self.warm_until = 0.0
        self.takes: tuple[Listener, ...] = ()
        self._begun: tuple[Listener, ...] = ()
        self._ring = deque[Chunk]()
        self._tag = f"{os.getpid()}-{next(_numbers)}"
        self._stream: Any = None
        self._wanted = True

    def join(self, take: Listener, pressed_at: float) -> float:
        """Have `take` listen from the next sound on, and return since when it may use what it is given.

        What a take has had is not said again by the next one: the last word would be there twice.
        """
        earliest = pressed_at if self.takes else max(pressed_at - PRE_ROLL_S, min(self.taken_until, pressed_at))
        for other in self.takes:
            other.give_way(pressed_at)
        self.takes = (*self.takes, take)
        return earliest

    def leave(self, take: Listener) -> None:
        """Have `take` listen no more."""
        self.takes = tuple(other for other in self.takes if other is not take)
        self.taken_until = max(self.taken_until, take.heard_until)

    def open(self, wanted: Sequence[str], avoid: Collection[str] = ()) -> None:
        """Open the first of the devices `wanted`, or the default one (`devices.choose`). Raises `MicrophoneProblem`."""
        sd = portaudio()
        self.device = device = choose(wanted, avoid)
        try:
            if device.portaudio not in {known["name"] for known in sd.query_devices()} and not _open_lines:
                # PortAudio's list is as old as its initialisation, which would end every stream.
                sd._terminate()
                sd._initialize()
            with device.addressed(self._tag):
                self._stream = sd.RawInputStream(
                    device=device.portaudio,
                    samplerate=device.rate_hz,
                    channels=device.channels,
                    dtype="float32",
                    latency=BUFFER_S,
                    callback=self._capture,
                    finished_callback=self._lose,
                )
                _open_lines.add(self)
                self._stream.start()
                self.heard_at = time.monotonic()
        except (sd.PortAudioError, ValueError) as error:
            logger.warning("PortAudio opens no stream: %s", str(error))
            self.close()
            raise MicrophoneProblem(f"{device.name} could not be opened.", OPEN_REMEDY) from error
        if not self._wanted:
            self.close()

    @property
    def is_open(self) -> bool:
        """Whether there is a stream. One that is about to be will close itself once it is `unwanted`."""
        return self._stream is not None

    def unwanted(self) -> None:
        """Close as soon as it has opened, if it is still about to."""
        self._wanted = False

    def close(self) -> None:
        """Give the device back."""
        self._wanted = False
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()
            self._ring.clear()
            _open_lines.discard(self)

    def _capture(self, samples: Buffer, _count: int, _time: object, status: Any) -> None:
        """Be called by PortAudio, on its thread. An exception here would end the stream, and so the take."""
        self.heard_at = now = time.monotonic()
        chunk = Chunk(bytes(samples), now)
        self.overflows += status.input_overflow
        while self._ring and self._ring[0].heard_until < now - PRE_ROLL_S - DELAY_S:
            self._ring.popleft()
        self._ring.append(chunk)
        takes, begun = self.takes, self._begun
        for take in takes:
            take.post(self, *((chunk,) if take in begun else self._ring))
        self._begun = takes

    def _lose(self) -> None:
        """Be told by PortAudio, on its thread, that its stream has ended."""
        self.lost = True
        for take in self.takes:
            take.post(self, None)


_open_lines: set[Line] = set()
"""The streams there are; touched only by the worker that may call PortAudio."""

_numbers = itertools.count()


async def put_lines_back() -> None:
    """Have every open line hear its own device again, should the sound server have moved it."""
    with suppress(MicrophoneProblem):
        await in_worker(OPEN_S, lambda: put_back({line._tag: line.device for line in _open_lines}))


_at_work = threading.Lock()
"""Held for as long as a PortAudio call takes, also by one that was given up."""

_since = math.inf
"""When the call that is being made began."""


async def in_worker[T](limit_s: float, call: Callable[[], T], *, late: bool = False) -> T:
    """Make a PortAudio call, or give it up with a `MicrophoneProblem`: at once where another has been going on for so
    long already.

    `late`: it is made all the same once that has ended, though nobody waits for it any more.
    """
    until, wanted = time.monotonic() + limit_s, True
    problem = MicrophoneProblem("The microphone does not answer.", "Restart the sound server, or Intone.")

    def alone() -> T:
        global _since
        if not _at_work.acquire(timeout=-1 if late else max(0.0, until - time.monotonic())):
            raise problem
        try:
            if not wanted and not late:
                raise problem
            _since = time.monotonic()
            return call()
        finally:
            _since = math.inf
            _at_work.release()

    if time.monotonic() - _since >= limit_s and not late:
        raise problem
    try:
        with anyio.move_on_after(limit_s):
            limiter = None if late else _one_at_a_time
            return await to_thread.run_sync(alone, abandon_on_cancel=True, limiter=limiter)
    finally:
        wanted = False
    raise problem
