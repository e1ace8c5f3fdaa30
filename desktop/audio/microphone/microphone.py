"""Open the system's microphone, and decide how long its stream stays open.

An open microphone lights its indicator, which needs a reason. So by default (`after`) it is open during a dictation and
for half a minute after it, when the next one is likely and a Bluetooth headset would need seconds to wake again;
`never` closes it with the dictation, `always` keeps it open while the app runs. Only an open stream has a pre-roll. A
cancelled dictation keeps nothing open: mostly it was a shortcut.

A stream that failed while unused costs the next press only the time to open another: before a press is given a warm
stream, the stream must deliver, which it does every 25 ms. A change of the preferred microphone (a new system default,
or an earlier one of the user's list plugged in) is reported by the sound server as it happens, so that no press has to
ask; an idle stream is dropped then, and `always` opens the new one. `audio.microphone.supervisor` handles changes
during a recording.
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

from desktop.audio.microphone.devices import changes, choose, portaudio
from desktop.audio.microphone.recording import RETURN_S, TAIL_S, SystemRecording
from desktop.audio.microphone.stillness import START_S
from desktop.audio.microphone.stream import CLOSE_S, OPEN_S, Line, Listener, in_worker, put_lines_back
from desktop.audio.microphone.supervisor import attend
from desktop.core.errors import MicrophoneProblem

logger = logging.getLogger(__name__)

type Warm = Literal["never", "after", "always"]
"""How long the microphone stays open: during the dictation, `KEEP_OPEN_S` longer, or while the app runs."""

KEEP_S = 30.0
"""Seconds for which `after` keeps the stream open."""

ALIVE_S = 0.25
"""Seconds without audio after which a warm stream counts as dead at a press; it should deliver every 25 ms."""

SETTLE_S = 0.3
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
        warm: Warm = "never",
        *,
        cue: Callable[[], None] | None = None,
        over: Callable[[], None] | None = None,
        cue_after_s: float = 0.0,
        tail_s: float = TAIL_S,
        keep_s: float = KEEP_S,
        return_s: float = RETURN_S,
    ) -> None:
        self.wanted: str | None = None
        self._devices = devices
        self._warm = warm
        self._cue = cue
        self._over = over
        self._cue_after_s = cue_after_s
        self._tail_s = tail_s
        self._keep_s = keep_s
        self._return_s = return_s
        self._line: Line | None = None
        self._keeps = False
        self._news = anyio.Event()
        self._turn = anyio.Lock()
        self._retired = False
        self._attending = set[asyncio.Task[None]]()

    @property
    def listening_to(self) -> str | None:
        """The id of the open device that the next recording would use; None if none is open."""
        return None if self._line is None else self._line.device.id

    def check(self) -> MicrophoneProblem | None:
        """Return the error if there is no microphone, without opening one (that would light its indicator).

        Call from a worker thread.
        """
        try:
            portaudio()
            choose(self._devices)
        except MicrophoneProblem as problem:
            return problem
        return None

    async def run(self) -> None:
        """Keep the stream open as configured, until cancelled or retired; then close it."""
        self._keeps = True
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._watch)
                while not self._retired:
                    with anyio.move_on_after(await self._tend()):
                        await self._news.wait()
                    self._news = anyio.Event()
                tasks.cancel_scope.cancel()
        finally:
            self._keeps = False
            await self._let_go(self._line)

    def retire(self) -> None:
        """End `run` because another microphone takes over. A current recording ends normally."""
        self._retired = True
        self._news.set()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[SystemRecording]:
        """Start a recording, from the pre-roll on if a stream is warm. Raises `MicrophoneError`."""
        pressed_at = time.monotonic()
        async with self._turn:
            recording = await self._warm_take(pressed_at) or await self._cold_take(pressed_at)
        care = self._attend(recording)
        try:
            yield recording
            recording.line.warm_until = time.monotonic() + self._keep_s
            if self._over is not None and recording.cued:
                self._over()
        except MicrophoneProblem:
            recording.line.lost = True
            raise
        finally:
            care.cancel()
            await self._leave(recording)

    async def another(self, listener: Listener, old: Line, avoid: Collection[str]) -> Line:
        """Return the current stream if it changed meanwhile, else open a new one. See `supervisor.StreamProvider`."""
        async with self._turn:
            line = self._line
            if line is None or line is old or line.lost or line.device.id != self.wanted or self.wanted in avoid:
                line = Line()
                line.join(listener, 0.0)
                await self._open(line, avoid)
            else:
                line.join(listener, 0.0)
            return line

    async def leave(self, line: Line, listener: Listener) -> None:
        """See `supervisor.StreamProvider`."""
        line.leave(listener)
        await self._let_go(line)
        self._news.set()

    def _attend(self, recording: SystemRecording) -> anyio.CancelScope:
        """Supervise `recording` in a task of its own until the returned scope is cancelled.

        The task may be opening a stream when the recording ends, and the caller must not wait for that.
        """
        scope = anyio.CancelScope()

        async def look_after() -> None:
            with scope:
                await attend(recording, self)

        task = asyncio.create_task(look_after())
        self._attending.add(task)
        task.add_done_callback(self._attended)
        return scope

    def _attended(self, task: asyncio.Task[None]) -> None:
        self._attending.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("nobody looks after a take any more", exc_info=error)

    async def _warm_take(self, pressed_at: float) -> SystemRecording | None:
        """Return a recording on the open stream if that still delivers, else None."""
        line = self._line
        if line is None:
            return None
        if line.lost or pressed_at - line.heard_at > ALIVE_S:
            await self._give_up(line)
            return None
        recording = self._take(line, pressed_at)
        try:
            if await recording.connected(ALIVE_S):
                return recording
        except BaseException:
            await self._leave(recording)
            raise
        line.lost = True
        await self._leave(recording)
        return None

    async def _cold_take(self, pressed_at: float) -> SystemRecording:
        recording = self._take(Line(), pressed_at)
        await self._open(recording.line)
        return recording

    def _take(self, line: Line, pressed_at: float) -> SystemRecording:
        cue_at = pressed_at + self._cue_after_s
        return SystemRecording(line, pressed_at, self._tail_s, self._cue, cue_at, self._return_s)

    async def _open(self, line: Line, avoid: Collection[str] = ()) -> None:
        try:
            # Shielded: a stream that opens after a cancellation would record for ever.
            with anyio.CancelScope(shield=True):
                await in_worker(OPEN_S, lambda: line.open(self._devices, avoid))
            await anyio.lowlevel.checkpoint_if_cancelled()
        except BaseException:
            line.takes = ()
            await self._let_go(line)
            raise
        self._line = line
        self.wanted = line.device.id

    async def _leave(self, recording: SystemRecording) -> None:
        line = recording.line
        line.leave(recording)
        if line.overflows:
            logger.warning("the machine was too busy to hear: %d gaps", line.overflows)
            line.overflows = 0
        await self._let_go(line)
        self._news.set()

    async def _let_go(self, line: Line | None) -> None:
        """Close `stream` unless it has listeners or is kept warm."""
        if line is None or line.takes or self._spare_s(line) > 0:
            return
        if line is self._line:
            self._line = None
        line.unwanted()
        if not line.is_open:  # each late call is a thread that waits for the hanging one
            return
        with anyio.CancelScope(shield=True), suppress(MicrophoneProblem):
            await in_worker(CLOSE_S, line.close, late=True)

    def _spare_s(self, line: Line) -> float:
        """Return for how many seconds `stream` may stay open unused."""
        now = time.monotonic()
        if (
            not self._keeps
            or self._warm == "never"
            or line is not self._line
            or line.lost
            or now - line.heard_at > START_S
        ):
            return 0.0
        return math.inf if self._warm == "always" else line.warm_until - now

    async def _tend(self) -> float:
        """Open or close the stream if due; return the seconds until the next check."""
        line = self._line
        if line is not None and not line.takes and self._spare_s(line) <= 0:
            await self._let_go(line)
        if self._warm == "always" and self._line is None:
            with suppress(MicrophoneProblem):  # the app's health reports it already
                async with self._turn:
                    if self._line is None:
                        await self._open(Line())
        if self._line is None or self._line.takes:
            return RETRY_S if self._warm == "always" else math.inf
        return min(RETRY_S, self._spare_s(self._line))

    async def _watch(self) -> None:
        """Track the preferred microphone; drop an idle stream when another is preferred."""
        seen: str | None = None
        while True:
            async with aclosing(changes()) as news:
                async for _ in news:
                    if self._line is not None or self._warm == "always":
                        await put_lines_back()
                        self.wanted = await to_thread.run_sync(self._wanted_id)
                        line = self._line
                        if line is not None and not line.takes and line.device.id != self.wanted:
                            await self._give_up(line)
                        if self.wanted != seen:
                            self._news.set()
                        seen = self.wanted
                    await anyio.sleep(SETTLE_S)
            await anyio.sleep(RETRY_S)

    async def _give_up(self, line: Line) -> None:
        """Make no further recording on `stream`."""
        self._line = None
        await self._let_go(line)

    def _wanted_id(self) -> str | None:
        try:
            return choose(self._devices).id
        except MicrophoneProblem:
            return None
