"""Mute the user in calls for as long as a dictation lasts: other programs' recording streams, and nothing else.

Each mute is written to disk before it is made and removed when it is undone. A process that waits for the app's end
(`desktop.audio.calls.restorer`) undoes what is written then; where that is killed too, the next start does. A user who
mutes or unmutes a program meanwhile takes precedence.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Protocol

import anyio
from anyio import to_thread

from desktop.audio.calls.mute_file import MuteFile
from desktop.audio.calls.pulse_calls import CallStreams
from desktop.audio.calls.streams import (
    SETTLE_S,
    MutedStream,
    RecordingStream,
    find_mutes,
    find_restores,
    find_unmuted,
)
from desktop.core.interfaces import Microphone, Recording

logger = logging.getLogger(__name__)

ANSWER_TIMEOUT_S = 0.25
"""Seconds after which a mute without an answer counts as not made: 50 streams are muted in 8 ms."""

RETRY_S = 2.0
"""Seconds before a sound server that ended or was missing is tried again; a press tries it at once."""

EXPECT_S = 2.0
"""Seconds after a press within which its recording is opened."""

RESTORE_TIMEOUT_S = 1.0
"""Seconds that undoing may take when the app ends; the restorer undoes the rest."""


@dataclass(frozen=True, slots=True)
class CallMutes:
    """What a dictation mutes now: the programs' names. `is_failing`: not all that record are known to be muted."""

    programs: tuple[str, ...] = ()
    is_failing: bool = False


class Restorer(Protocol):
    """What undoes the mutes if the app is killed."""

    @property
    def is_running(self) -> bool:
        """Whether it waits."""
        ...

    def start(self) -> bool:
        """Start it unless it runs, and return whether an earlier one is done. Blocks; never raises."""
        ...

    def close(self, *, is_undone: bool) -> None:
        """End it; where not all is undone, it does that before."""
        ...


class NoRestorer:
    """For a system without such a process: the app's next start undoes what a crash leaves."""

    is_running = True

    def start(self) -> bool:
        """Start nothing."""
        return True

    def close(self, *, is_undone: bool) -> None:
        """End nothing."""


class CallMuter:
    """Mutes the recording streams of other programs while a recording is open.

    One task, `run`, applies the wanted state; no recording ever waits for it. `file` stores the mutes, and
    `on_change(mutes)` is called whenever what is muted changes.

    A mute is `made` once the server has answered; one that it undoes later was undone by the user, who is `spared` it
    until the end of the dictation. Muting and undoing are asked in order on one connection, so that each may begin
    before the other is answered.
    """

    def __init__(
        self, file: Path, calls: CallStreams, restorer: Restorer, on_change: Callable[[CallMutes], None]
    ) -> None:
        self._file = MuteFile(file)
        self.muted: Sequence[MutedStream] = self._file.read()
        self._calls = calls
        self._restorer = restorer
        self._on_change = on_change
        self._is_wanted = True
        self._open_count = 0
        self._expected_until = 0.0
        self._shown = CallMutes()
        self._server = ""
        self._first_seen = dict[str, float]()
        self._numbers = count(1)
        self._asked = dict[str, tuple[int, float]]()
        self._made, self._refused, self._spared = set[str](), set[str](), set[str]()
        self._planned, self._undoing = set[str](), set[str]()
        self._changed, self._pressed = anyio.Event(), anyio.Event()

    @property
    def is_wanted(self) -> bool:
        """Whether the settings want it; else it only undoes what is muted."""
        return self._is_wanted

    @is_wanted.setter
    def is_wanted(self, value: bool) -> None:
        self._is_wanted = value
        self._changed.set()

    def wrap(self, microphone: Microphone) -> Microphone:
        """Return `microphone`, which mutes the user in calls while it is open."""
        return MutingMicrophone(microphone, self)

    def expect(self) -> None:
        """Mute at once for a recording that is about to be opened: between the key and that may lie what a busy machine
        takes 20 ms for. Undone where it is not opened. Never waits."""
        self._expected_until = time.monotonic() + EXPECT_S
        self._mute_known()

    def _mute_known(self) -> None:
        """Mute what is known to record; `run` does the rest.

        The file is written on the loop, as the recording's own is at the same moment in the same folder
        (`desktop.audio.spool`): a thread would come late on a busy machine.
        """
        if math.isinf(self._calls.poll_s):
            self._note_streams()
            if self._plan_mutes():
                self._file.write(lambda: self.muted)
            self._ask_planned()
        self._changed.set()
        self._pressed.set()

    @asynccontextmanager
    async def muting(self) -> AsyncIterator[None]:
        """Have other programs' recording streams muted inside this context. Never waits."""
        self._open_count += 1
        self._expected_until = 0.0
        self._mute_known()
        try:
            yield
        finally:
            self._open_count -= 1
            self._changed.set()

    async def run(self) -> None:
        """Run until cancelled, or until all is undone where it `is_wanted` no more.

        What a crash left is undone at the start, and everything at the end.
        """
        scope = anyio.CancelScope()
        connection = asyncio.create_task(self._stay_connected(scope))  # it outlives our cancellation, to undo the mutes
        connection.add_done_callback(lambda task: self._changed.set())
        try:
            while self._is_needed and not connection.done():
                await self._step()
            if connection.done():
                await connection
        finally:
            self._open_count, self._expected_until = 0, 0.0
            with anyio.move_on_after(RESTORE_TIMEOUT_S, shield=True):
                while self._calls.server and self._has_undue:
                    await self._step()
            scope.cancel()
            with anyio.CancelScope(shield=True):
                await asyncio.wait((connection,))
            self._restorer.close(is_undone=not self._has_undue)
            self._show()

    @property
    def _is_needed(self) -> bool:
        """Whether there is anything to do, now or later."""
        return self.is_wanted or bool(self.muted) or self._is_open

    @property
    def _is_open(self) -> bool:
        """Whether a recording is open, or about to be."""
        return self._open_count > 0 or time.monotonic() < self._expected_until

    @property
    def _has_undue(self) -> bool:
        """Whether a mute waits for more than its program's next stream."""
        return any(not one.due for one in self.muted)

    async def _stay_connected(self, scope: anyio.CancelScope) -> None:
        """Be connected to the sound server, as long as it has one, until `scope` is cancelled."""
        reason = ""
        with scope:
            while True:
                self._pressed = anyio.Event()
                try:
                    if await to_thread.run_sync(self._restorer.start):
                        await self._calls.run(lambda: self._changed.set())
                except OSError as error:
                    if str(error) != reason:  # not at each try
                        logger.info("recording streams cannot be reached: %s", error)
                    reason = str(error)
                with anyio.move_on_after(RETRY_S):
                    await self._pressed.wait()

    async def _step(self) -> None:
        """Apply the wanted state, then wait for a change of it, or until there may be something to say or do."""
        self._changed = anyio.Event()
        await self._calls.refresh()
        self._note_streams()
        if self._is_open:
            if self._plan_mutes():
                await self._save()
            self._ask_planned()
        else:
            await self._restore()
            if self._server and not self._restorer.is_running:  # it was killed alone
                await to_thread.run_sync(self._restorer.start)
        self._show()
        if self._is_needed:
            with anyio.move_on_after(self._find_wait_s()):
                await self._changed.wait()

    def _note_streams(self) -> None:
        if self._calls.server != self._server:
            self._server = self._calls.server
            for names in (self._made, self._refused, self._spared, self._planned, self._undoing):
                names.clear()
            self._asked.clear()
            self._first_seen.clear()
        now = time.time()
        self._first_seen = {where: self._first_seen.get(where, now) for where in self._calls.streams}

    def _plan_mutes(self) -> bool:
        """Note what is to be muted and is not yet; return whether that has to be written before."""
        streams, server = self._calls.streams, self._server
        undone = find_unmuted(streams, self.muted, self._made, server)
        self._spared |= {one.where for one in undone}
        muted = [one for one in self.muted if one not in undone]
        new = find_mutes(streams, muted, self._spared, self._first_seen, server, time.time()) if server else []
        self.muted = (*muted, *new)
        self._made |= {one.where for one in new if streams[one.where].is_muted}
        self._planned |= self._undoing & {one.where for one in self.muted if one.server == server}
        self._planned |= {one.where for one in new if not streams[one.where].is_muted}
        self._undoing.clear()
        return bool(undone or new)

    def _ask_planned(self) -> None:
        """Mute what is planned."""
        for where in self._planned:
            self._ask_mute(where)
        self._planned.clear()

    async def _restore(self) -> None:
        """Undo what is not undone yet."""
        self._spared.clear()
        self._refused.clear()
        if not (self.muted and self._server):
            return
        found = find_restores(self._find_muted(), self.muted, self._first_seen, self._server, time.time())
        for stream in found.unmute:
            if stream.where not in self._undoing:
                self._undoing.add(stream.where)
                self._made.discard(stream.where)
                self._calls.set_mute(stream.where, is_muted=False, on_done=lambda is_done: self._changed.set())
        if tuple(found.kept) != tuple(self.muted) or any(
            new.due != old.due for new, old in zip(found.kept, self.muted, strict=True)
        ):
            self.muted = found.kept
            await self._save()

    def _find_muted(self) -> dict[str, RecordingStream]:
        """Return the streams, those muted that will be once the server answers."""
        return {
            where: replace(stream, is_muted=True) if where in self._asked else stream
            for where, stream in self._calls.streams.items()
        }

    def _ask_mute(self, where: str) -> None:
        number = next(self._numbers)
        self._asked[where] = number, time.monotonic()
        self._made.discard(where)

        def on_done(is_done: bool) -> None:
            if self._asked.get(where, (0, 0.0))[0] == number:
                del self._asked[where]
                (self._made if is_done else self._refused).add(where)
                self._changed.set()

        self._calls.set_mute(where, is_muted=True, on_done=on_done)

    def _show(self) -> None:
        """Tell what is muted, if that has changed."""
        mutes = self._find_mutes() if self._is_open else CallMutes()
        if mutes != self._shown:
            self._shown = mutes
            self._on_change(mutes)

    def _find_mutes(self) -> CallMutes:
        in_force = [one for one in self.muted if one.server == self._server and one.where in self._made]
        late = [where for where, (_, at) in self._asked.items() if time.monotonic() - at >= ANSWER_TIMEOUT_S]
        refused = self._refused & self._calls.streams.keys()
        names = tuple(dict.fromkeys(one.title for one in in_force if one.where in self._calls.streams))
        return CallMutes(names, not self._server or bool(late or refused))

    def _find_wait_s(self) -> float:
        """Return the seconds until an answer is late, or a program's next stream has the mute that it is to have."""
        if self._asked:
            return ANSWER_TIMEOUT_S
        if self._is_open and not self._open_count:
            return max(0.0, self._expected_until - time.monotonic())
        if any(one.due for one in self.muted) and self._is_any_young():
            return SETTLE_S
        return self._calls.poll_s if self._is_open or self.muted else math.inf

    def _is_any_young(self) -> bool:
        return any(time.time() - since < SETTLE_S for since in self._first_seen.values())

    async def _save(self) -> None:
        """Write the mutes to disk if possible. In a thread: a folder may be slow."""
        with anyio.CancelScope(shield=True):  # otherwise the file would not say what has been undone
            await to_thread.run_sync(self._file.write, lambda: self.muted)


class MutingMicrophone:
    """`desktop.core.interfaces.Microphone` that mutes the user in calls while `microphone` is open."""

    def __init__(self, microphone: Microphone, muter: CallMuter) -> None:
        self._microphone = microphone
        self._muter = muter

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Recording]:
        """Open `microphone` with the user muted in calls, until the recording ends: closing its device takes longer."""
        async with AsyncExitStack() as muting:
            await muting.enter_async_context(self._muter.muting())
            async with self._microphone.open() as recording, muting:
                yield recording
