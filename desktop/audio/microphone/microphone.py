"""Open the system's microphone, and decide how long its stream stays open.

An open microphone lights its indicator, which needs a reason. So by default (`after`) it is open during a dictation and
for half a minute after it, when the next one is likely and a Bluetooth headset would need seconds to wake again;
`never` closes it with the dictation, `always` keeps it open while the app runs. Only an open stream has a pre-roll. A
cancelled dictation keeps nothing open: mostly it was a shortcut.

A stream that failed while unused costs the next press only the time to open another: before a press is given a warm
stream, the stream must deliver, which it does every 25 ms. A change of the preferred microphone (a new system default,
or an earlier one of the user's list plugged in) is reported by the sound server as it happens, so that no press has to
query it; an idle stream is dropped then, and `always` opens the new one. `desktop.audio.microphone.supervisor` handles
changes during a recording.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Literal

import anyio
import anyio.lowlevel
from anyio import to_thread

from desktop.audio.microphone.devices import choose_device, load_portaudio, watch_changes
from desktop.audio.microphone.health import START_TIMEOUT_S
from desktop.audio.microphone.recording import DEVICE_RETURN_TIMEOUT_S, TAIL_S, SystemRecording
from desktop.audio.microphone.stream import (
    CLOSE_TIMEOUT_S,
    OPEN_TIMEOUT_S,
    PORTAUDIO,
    MicrophoneStream,
    StreamListener,
)
from desktop.audio.microphone.supervisor import supervise
from desktop.core.errors import MicrophoneError

logger = logging.getLogger(__name__)

type WarmMode = Literal["never", "after", "always"]
"""How long the microphone stays open: during the dictation, `KEEP_OPEN_S` longer, or while the app runs."""

KEEP_OPEN_S = 30.0
"""Seconds for which `after` keeps the stream open."""

WARM_TIMEOUT_S = 0.25
"""Seconds without audio after which a warm stream counts as dead at a press; it should deliver every 25 ms."""

EVENT_INTERVAL_S = 0.3
"""Minimum seconds between two events of the sound server: plugging in one headset causes a dozen."""

RETRY_S = 10.0
"""Seconds before the sound server, or a microphone that is always open, is tried again."""


class SystemMicrophone:
    """The first available microphone of `devices` (ids or names), or the system's default.

    `on_start` is called when a recording receives sound, `start_delay_s` seconds after its press at the earliest;
    `on_stop` when such a recording has ended normally. `device_return_timeout_s` is how long a recording waits for a
    lost microphone.

    No stream is kept open, and no change of the default is followed, unless `run` runs.
    """

    def __init__(
        self,
        devices: Sequence[str] = (),
        warm: WarmMode = "never",
        *,
        on_start: Callable[[], None] | None = None,
        on_stop: Callable[[], None] | None = None,
        start_delay_s: float = 0.0,
        tail_s: float = TAIL_S,
        keep_open_s: float = KEEP_OPEN_S,
        device_return_timeout_s: float = DEVICE_RETURN_TIMEOUT_S,
    ) -> None:
        self.preferred_id: str | None = None
        self._devices = devices
        self._warm = warm
        self._on_start = on_start
        self._on_stop = on_stop
        self._start_delay_s = start_delay_s
        self._tail_s = tail_s
        self._keep_open_s = keep_open_s
        self._device_return_timeout_s = device_return_timeout_s
        self._stream: MicrophoneStream | None = None
        self._is_running = False
        self._changed = anyio.Event()
        self._open_lock = anyio.Lock()
        self._is_retired = False
        self._supervisors = set[asyncio.Task[None]]()

    @property
    def open_device_id(self) -> str | None:
        """The id of the open device that the next recording would use; None if none is open."""
        return None if self._stream is None else self._stream.device.id

    def find_problem(self) -> MicrophoneError | None:
        """Return the error if there is no microphone, without opening one (that would light its indicator).

        Call from a worker thread.
        """
        try:
            load_portaudio()
            choose_device(self._devices)
        except MicrophoneError as problem:
            return problem
        return None

    async def run(self) -> None:
        """Keep the stream open as configured, until cancelled or retired; then close it."""
        self._is_running = True
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._watch_devices)
                while not self._is_retired:
                    with anyio.move_on_after(await self._open_or_close()):
                        await self._changed.wait()
                    self._changed = anyio.Event()
                tasks.cancel_scope.cancel()
        finally:
            self._is_running = False
            await self._close_if_unused(self._stream)

    def retire(self) -> None:
        """End `run` because another microphone takes over. A current recording ends normally."""
        self._is_retired = True
        self._changed.set()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[SystemRecording]:
        """Start a recording, from the pre-roll on if a stream is warm. Raises `MicrophoneError`."""
        pressed_at = time.monotonic()
        async with self._open_lock:
            recording = await self._record_warm(pressed_at) or await self._record_cold(pressed_at)
        supervision = self._start_supervisor(recording)
        try:
            yield recording
            recording.stream.warm_until = time.monotonic() + self._keep_open_s
            if self._on_stop is not None and recording.had_first_sound:
                self._on_stop()
        except MicrophoneError:
            recording.stream.lost = True
            raise
        finally:
            supervision.cancel()
            await self._end_recording(recording)

    async def open_other(
        self, listener: StreamListener, old: MicrophoneStream, avoid: Collection[str]
    ) -> MicrophoneStream:
        """Return the current stream if it changed meanwhile, else open a new one. See
        `desktop.audio.microphone.supervisor.StreamProvider`."""
        async with self._open_lock:
            stream = self._stream
            if (
                stream is None
                or stream is old
                or stream.lost
                or stream.device.id != self.preferred_id
                or self.preferred_id in avoid
            ):
                stream = MicrophoneStream()
                stream.add_listener(listener, 0.0)
                await self._open_stream(stream, avoid)
            else:
                stream.add_listener(listener, 0.0)
            return stream

    async def release_stream(self, stream: MicrophoneStream, listener: StreamListener) -> None:
        """See `desktop.audio.microphone.supervisor.StreamProvider`."""
        stream.remove_listener(listener)
        await self._close_if_unused(stream)
        self._changed.set()

    def _start_supervisor(self, recording: SystemRecording) -> anyio.CancelScope:
        """Supervise `recording` in a task of its own until the returned scope is cancelled.

        The task may be opening a stream when the recording ends, and the caller must not wait for that.
        """
        scope = anyio.CancelScope()

        async def run() -> None:
            with scope:
                await supervise(recording, self)

        task = asyncio.create_task(run())
        self._supervisors.add(task)
        task.add_done_callback(self._on_supervisor_done)
        return scope

    def _on_supervisor_done(self, task: asyncio.Task[None]) -> None:
        self._supervisors.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("a recording is no longer supervised", exc_info=error)

    async def _record_warm(self, pressed_at: float) -> SystemRecording | None:
        """Return a recording on the open stream if that still delivers, else None."""
        stream = self._stream
        if stream is None:
            return None
        if stream.lost or pressed_at - stream.last_chunk_at > WARM_TIMEOUT_S:
            await self._drop_stream(stream)
            return None
        recording = self._make_recording(stream, pressed_at)
        try:
            if await recording.wait_connected(WARM_TIMEOUT_S):
                return recording
        except BaseException:
            await self._end_recording(recording)
            raise
        stream.lost = True
        await self._end_recording(recording)
        return None

    async def _record_cold(self, pressed_at: float) -> SystemRecording:
        recording = self._make_recording(MicrophoneStream(), pressed_at)
        await self._open_stream(recording.stream)
        return recording

    def _make_recording(self, stream: MicrophoneStream, pressed_at: float) -> SystemRecording:
        cue_at = pressed_at + self._start_delay_s
        return SystemRecording(stream, pressed_at, self._tail_s, self._on_start, cue_at, self._device_return_timeout_s)

    async def _open_stream(self, stream: MicrophoneStream, avoid: Collection[str] = ()) -> None:
        try:
            # Shielded: a stream that opens after a cancellation would record for ever.
            with anyio.CancelScope(shield=True):
                await PORTAUDIO.run(OPEN_TIMEOUT_S, lambda: stream.open(self._devices, avoid))
            await anyio.lowlevel.checkpoint_if_cancelled()
        except BaseException:
            stream.listeners = ()
            await self._close_if_unused(stream)
            raise
        self._stream = stream
        self.preferred_id = stream.device.id

    async def _end_recording(self, recording: SystemRecording) -> None:
        stream = recording.stream
        stream.remove_listener(recording)
        if stream.overflows:
            logger.warning("the machine was too busy to hear: %d gaps", stream.overflows)
            stream.overflows = 0
        if recording.losses.describe():
            logger.warning("sound was lost: %.1f s", recording.losses.lost_s)
        await self._close_if_unused(stream)
        self._changed.set()

    async def _close_if_unused(self, stream: MicrophoneStream | None) -> None:
        """Close `stream` unless it has listeners or is kept warm."""
        if stream is None or stream.listeners or self._get_remaining_s(stream) > 0:
            return
        if stream is self._stream:
            self._stream = None
        stream.close_once_open()
        if not stream.is_open:  # each late call is a thread that waits for the hanging one
            return
        with anyio.CancelScope(shield=True), suppress(MicrophoneError):
            await PORTAUDIO.run(CLOSE_TIMEOUT_S, stream.close, run_late=True)

    def _get_remaining_s(self, stream: MicrophoneStream) -> float:
        """Return for how many seconds `stream` may stay open unused."""
        now = time.monotonic()
        if (
            not self._is_running
            or self._warm == "never"
            or stream is not self._stream
            or stream.lost
            or now - stream.last_chunk_at > START_TIMEOUT_S
        ):
            return 0.0
        return math.inf if self._warm == "always" else stream.warm_until - now

    async def _open_or_close(self) -> float:
        """Open or close the stream if due; return the seconds until the next check."""
        stream = self._stream
        if stream is not None and not stream.listeners and self._get_remaining_s(stream) <= 0:
            await self._close_if_unused(stream)
        if self._warm == "always" and self._stream is None:
            with suppress(MicrophoneError):  # the app's health reports it already
                async with self._open_lock:
                    if self._stream is None:
                        await self._open_stream(MicrophoneStream())
        if self._stream is None or self._stream.listeners:
            return RETRY_S if self._warm == "always" else math.inf
        return min(RETRY_S, self._get_remaining_s(self._stream))

    async def _watch_devices(self) -> None:
        """Track the preferred microphone; drop an idle stream when another is preferred."""
        previous_id: str | None = None
        while True:
            async with aclosing(watch_changes()) as events:
                async for _ in events:
                    if self._stream is not None or self._warm == "always":
                        await PORTAUDIO.restore_sources()
                        self.preferred_id = await to_thread.run_sync(self._find_preferred_id)
                        stream = self._stream
                        if stream is not None and not stream.listeners and stream.device.id != self.preferred_id:
                            await self._drop_stream(stream)
                        if self.preferred_id != previous_id:
                            self._changed.set()
                        previous_id = self.preferred_id
                    await anyio.sleep(EVENT_INTERVAL_S)
            await anyio.sleep(RETRY_S)

    async def _drop_stream(self, stream: MicrophoneStream) -> None:
        """Make no further recording on `stream`."""
        self._stream = None
        await self._close_if_unused(stream)

    def _find_preferred_id(self) -> str | None:
        try:
            return choose_device(self._devices).id
        except MicrophoneError:
            return None
