"""Which line a take listens to, and how long it stays open: the choice between being ready and being deaf.

An open microphone lights its lamp, and a person who sees it lit wants a reason. So by default (`after`) it is open
during a dictation and for half a minute after it, when the next one is likely and a Bluetooth headset would need
seconds to wake again; `never` closes it with the dictation, `always` keeps it open while the app runs. Only a line that
is open has a pre-roll. A dictation that was cancelled keeps nothing open: mostly it was a shortcut and none was meant.

A line that went bad while nobody listened costs the next press nothing but the time to open another: before a press is
given a warm line, the line must deliver, which it does every 25 ms. That the default microphone is another now is heard
from the sound server as it happens, so that no press has to ask; the line is given up then, and `always` opens the
new one.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Literal

import anyio
import anyio.lowlevel
from anyio import to_thread

from desktop.microphone.devices import changes, choose, portaudio
from desktop.microphone.line import CLOSE_S, OPEN_S, Line, in_worker
from desktop.microphone.recording import START_S, TAIL_S, SystemRecording
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
    """The machine's microphone with the id `device`, or the default one. `cue` is called when a take really hears, and
    not before `cue_after_s` from its press.

    It keeps nothing open unless `run` runs.
    """

    def __init__(
        self,
        device: str = "",
        warm: Warm = "never",
        *,
        cue: Callable[[], None] | None = None,
        cue_after_s: float = 0.0,
        tail_s: float = TAIL_S,
        keep_s: float = KEEP_S,
    ) -> None:
        self._device = device
        self._warm = warm
        self._cue = cue
        self._cue_after_s = cue_after_s
        self._tail_s = tail_s
        self._keep_s = keep_s
        self._line: Line | None = None
        self._keeps = False
        self._news = anyio.Event()
        self._turn = anyio.Lock()
        self._retired = False

    @property
    def listening_to(self) -> str | None:
        """The id of the device that is open and would be heard by the next take; None when none is."""
        return None if self._line is None else self._line.device.id

    def check(self) -> MicrophoneProblem | None:
        """Whether there is something to open, without opening it, which would light its lamp. For a worker thread."""
        try:
            portaudio()
            choose(self._device)
        except MicrophoneProblem as problem:
            return problem
        return None

    async def run(self) -> None:
        """Keep the microphone open as long as was chosen, until cancelled or retired; then close it."""
        if self._warm == "never":
            return
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
        try:
            yield recording
            recording.line.warm_until = time.monotonic() + self._keep_s
        except MicrophoneProblem:
            recording.line.lost = True
            raise
        finally:
            await self._leave(recording)

    async def _warm_take(self, pressed_at: float) -> SystemRecording | None:
        """A take on the line that is open, if it still gives sound."""
        line = self._line
        if line is None:
            return None
        if line.lost or pressed_at - line.heard_at > ALIVE_S:
            await self._give_up(line)
            return None
        recording = SystemRecording(line, pressed_at, self._tail_s, self._cue, pressed_at + self._cue_after_s)
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
        recording = SystemRecording(Line(), pressed_at, self._tail_s, self._cue, pressed_at + self._cue_after_s)
        await self._open(recording.line)
        return recording

    async def _open(self, line: Line) -> None:
        try:
            # Shielded: a stream that opens after a cancellation would listen for ever.
            with anyio.CancelScope(shield=True):
                await in_worker(OPEN_S, lambda: line.open(self._device))
            await anyio.lowlevel.checkpoint_if_cancelled()
        except BaseException:
            line.takes = ()
            await self._let_go(line)
            raise
        self._line = line

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
        with anyio.CancelScope(shield=True), suppress(MicrophoneProblem):
            await in_worker(CLOSE_S, line.close)

    def _spare_s(self, line: Line) -> float:
        """How long `line` may stay open though nobody listens."""
        now = time.monotonic()
        if not self._keeps or line is not self._line or line.lost or now - line.heard_at > START_S:
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
        """Give up a line to a microphone that is no longer the one to use."""
        seen: str | None = None
        while True:
            async with aclosing(changes()) as news:
                async for _ in news:
                    if self._line is not None or self._warm == "always":
                        wanted = await to_thread.run_sync(self._wanted_id)
                        if self._line is not None and self._line.device.id != wanted:
                            await self._give_up(self._line)
                        if wanted != seen:
                            self._news.set()
                        seen = wanted
                    await anyio.sleep(SETTLE_S)
            await anyio.sleep(RETRY_S)

    async def _give_up(self, line: Line) -> None:
        """Have no further take on `line`."""
        self._line = None
        await self._let_go(line)

    def _wanted_id(self) -> str | None:
        try:
            return choose(self._device).id
        except MicrophoneProblem:
            return None
