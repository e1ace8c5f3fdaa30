"""Which line a take listens to, and how long it stays open: the choice between being ready and being deaf.

An open microphone lights its lamp, and a person who sees it lit wants a reason. So by default (`after`) it is open
during a dictation and for half a minute after it, when the next one is likely and a Bluetooth headset would need
seconds to wake again; `never` closes it with the dictation, `always` keeps it open while the app runs. Only a line that
is open has a pre-roll. A dictation that was cancelled keeps nothing open: mostly it was a shortcut and none was meant.

A line that went bad while nobody listened costs the next press nothing but the time to open another: before a press is
given a warm line, the line must deliver, which it does every 25 ms. That another microphone is wanted now (the system's
default is another one, or one that comes first in the person's list was plugged in) is heard from the sound server as
it happens, so that no press has to ask; an idle line is given up then, and `always` opens the new one. What becomes of
a take that is going on is the business of `attending`.
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

from desktop.microphone.attending import attend
from desktop.microphone.devices import changes, choose, portaudio
from desktop.microphone.line import CLOSE_S, OPEN_S, Line, Listener, in_worker, put_lines_back
from desktop.microphone.recording import RETURN_S, TAIL_S, SystemRecording
from desktop.microphone.stillness import START_S
from desktop.problems import MicrophoneProblem

logger = logging.getLogger(__name__)

type Warm = Literal["never", "after", "always"]
"""How long the microphone stays open: for the dictation alone, for `KEEP_S` after it too, or while the app runs."""

KEEP_S = 30.0
"""How long `after` lasts."""

ALIVE_S = 0.25
"""A warm line that gives a press no sound for so long is dead: it would do so every 25 ms."""

SETTLE_S = 0.3
"""How often news of the sound server is looked at: plugging in one headset makes a dozen."""

RETRY_S = 10.0
"""How long to wait before the sound server, or a microphone that is always to be open, is tried again."""


class SystemMicrophone:
    """The first of the machine's microphones `devices` (ids or names) that is there, or the default one.

    `cue` is called when a take really hears, and not before `cue_after_s` from its press; `over` when one of which that
    was said has ended as it was meant to; `return_s` is how long a take
    waits for a microphone to return.

    It keeps nothing open and follows no change of the default unless `run` runs.
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
        """The id of the device that is open and would be heard by the next take; None when none is."""
        return None if self._line is None else self._line.device.id

    def check(self) -> MicrophoneProblem | None:
        """Whether there is something to open, without opening it, which would light its lamp. For a worker thread."""
        try:
            portaudio()
            choose(self._devices)
        except MicrophoneProblem as problem:
            return problem
        return None

    async def run(self) -> None:
        """Keep the microphone open as long as was chosen, until cancelled or retired; then close it."""
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
        """End `run`: another microphone takes over. A take that is going on ends as it would have."""
        self._retired = True
        self._news.set()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[SystemRecording]:
        """Start hearing, from a moment before the call where a line is warm. Raises `MicrophoneProblem`."""
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
        """`attending.Lines`: the line that others were given meanwhile, or a new one."""
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
        """`attending.Lines`."""
        line.leave(listener)
        await self._let_go(line)
        self._news.set()

    def _attend(self, recording: SystemRecording) -> anyio.CancelScope:
        """Have somebody look after `recording` until the scope is cancelled.

        A task of its own: it may be opening a line when the take ends, and nobody is to wait for that.
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
        """A take on the line that is open, if it still gives sound."""
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
            # Shielded: a stream that opens after a cancellation would listen for ever.
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
        """Close `line`, unless somebody listens to it or it is kept warm."""
        if line is None or line.takes or self._spare_s(line) > 0:
            return
        if line is self._line:
            self._line = None
        line.unwanted()
        if not line.is_open:  # each late call is a thread, which waits for the one that hangs
            return
        with anyio.CancelScope(shield=True), suppress(MicrophoneProblem):
            await in_worker(CLOSE_S, line.close, late=True)

    def _spare_s(self, line: Line) -> float:
        """How long `line` may stay open though nobody listens."""
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
        """Open or close what is due, and return after how many seconds to look again."""
        line = self._line
        if line is not None and not line.takes and self._spare_s(line) <= 0:
            await self._let_go(line)
        if self._warm == "always" and self._line is None:
            with suppress(MicrophoneProblem):  # the health of the app says so already
                async with self._turn:
                    if self._line is None:
                        await self._open(Line())
        if self._line is None or self._line.takes:
            return RETRY_S if self._warm == "always" else math.inf
        return min(RETRY_S, self._spare_s(self._line))

    async def _watch(self) -> None:
        """Know which microphone is wanted; give up a line to another one, unless a take is on it."""
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
        """Have no further take on `line`."""
        self._line = None
        await self._let_go(line)

    def _wanted_id(self) -> str | None:
        try:
            return choose(self._devices).id
        except MicrophoneProblem:
            return None
