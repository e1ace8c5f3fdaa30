"""Duck or pause other audio during a dictation, and restore it exactly.

A change to another program is written to disk before it is made and removed when it is undone, so that the next start
can undo it after a crash. A user who changes a volume or presses play meanwhile takes precedence, and what was not
playing is left alone.

One task, `run`, applies the wanted state however quickly recordings follow each other: no recording ever waits for a
sound server or a player. A press that may still become a shortcut is not worth a change, so the task waits a moment.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Literal, Protocol

import anyio

from desktop.audio.microphone.devices import changes
from desktop.core.interfaces import Microphone, Recording
from desktop.core.paths import private

logger = logging.getLogger(__name__)

type Mode = Literal["off", "duck", "pause"]
"""What happens to other audio: nothing, a fifth of its volume, or a pause where the player supports it."""

PAY_S = 3.0
"""Seconds that restoring may take when the app ends."""

SETTLE_S = 0.3
"""Seconds that a new stream may take to announce its properties."""

RETRY_S = 10.0
"""Seconds before a sound server that stopped is tried again."""

OWED_S = 30 * 24 * 3600.0
"""Seconds after which a change that could not be undone is dropped: a program that is silent for a month stays so."""

PAUSED_S = 60.0
"""Seconds after which a due pause that could not be ended is dropped: by then the user handles it."""

BEGINS = (b"'new' on sink-input",)
"""The sound server's event for a new playback stream."""


@dataclass(frozen=True, slots=True)
class Debt:
    """A change made to `who` (a program's streams, or a player) at `where` (a stream, or a connection).

    For a volume, `before` and `after` are the channel volumes. `since` is when it was made and `due` when it should
    have been undone (0 if not yet), both in Unix time.
    """

    kind: str
    who: str
    where: str
    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()
    since: float = field(default_factory=time.time, compare=False)
    due: float = field(default=0.0, compare=False)


class Kind(Protocol):
    """A way to make other audio softer. Never raises: what cannot be reached is left as it is."""

    async def find(self) -> list[Debt]:
        """Return what plays now, as the changes to make."""
        ...

    async def make(self, debt: Debt) -> None:
        """Apply the change."""
        ...

    async def pay(self, debt: Debt) -> bool:
        """Undo the change unless the user changed it since; return whether it is settled.

        It is not settled when the program does not answer, nor when the stream is gone and the server remembers its
        volume for the program's next one.
        """
        ...


class Others:
    """Ducks other programs' audio.

    `file` stores the changes made; `min_press_s` is how old a press must be, in seconds.
    """

    def __init__(self, file: Path, kinds: Mapping[str, Kind]) -> None:
        self.mode: Mode = "off"
        self.after_s = 0.0
        self.debts = _read(file)
        self._heeding = anyio.Event()
        self._listening = anyio.CancelScope()
        self._hushing = False
        self._file = file
        self._kinds = kinds
        self._talking = 0
        self._begun_at = 0.0
        self._news = anyio.Event()

    @asynccontextmanager
    async def hushed(self) -> AsyncIterator[None]:
        """Have other audio ducked inside this context. Never waits."""
        self._talking += 1
        self._begun_at = time.monotonic()
        self._news.set()
        try:
            yield
        finally:
            self._talking -= 1
            self._news.set()

    async def run(self) -> None:
        """Run until cancelled: undo what a crash left at the start, and everything at the end."""
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._hear_beginnings)
                while True:
                    self._news = anyio.Event()
                    self._hushing = self._talking > 0 and self.mode in self._kinds and await self._meant()
                    self._heed()
                    if self._hushing:
                        await self._hush(self.mode)
                    elif not self._talking:
                        await self._give_back()
                    await self._news.wait()
        finally:
            with anyio.move_on_after(PAY_S, shield=True):
                await self._give_back()

    async def _meant(self) -> bool:
        """Wait until the press can be no shortcut any more; return whether a recording is still open."""
        with anyio.move_on_after(max(0.0, self._begun_at + self.after_s - time.monotonic())):
            await self._news.wait()
        return self._talking > 0

    async def _hush(self, kind: str) -> None:
        """Apply the method `kind` to everything that is not ducked yet."""
        for debt in await self._kinds[kind].find():
            owed = [owed for owed in self.debts if (owed.kind, owed.who) == (kind, debt.who)]
            same = next((other for other in owed if other.where == debt.where), None)
            if same is not None and (debt.before or not same.due):
                continue
            if same is not None:  # the user started it again since: nothing to undo
                self._owe([other for other in self.debts if other != same])
            soft = next((other for other in owed if debt.before and other.after == debt.before), None)
            if soft is None:
                self._owe([*self.debts, debt])
                await self._kinds[kind].make(debt)
            else:  # the server started the program's next stream with the ducked volume
                self._owe([*(other for other in self.debts if other != soft), replace(soft, where=debt.where)])

    async def _give_back(self) -> None:
        for debt in tuple(self.debts):
            gone = debt.kind not in self._kinds or _is_over(debt)
            if gone or await self._kinds[debt.kind].pay(debt) or _is_old(debt):
                self._owe([owed for owed in self.debts if owed != debt])
            elif not debt.due:
                self._owe([replace(owed, due=time.time()) if owed == debt else owed for owed in self.debts])

    async def _hear_beginnings(self) -> None:
        """Signal `run` when a stream begins, while ducking and while a change is not undone.

        A new stream is one more to duck, or has the ducked volume of the program's last one.
        """
        while True:
            while not self._heeding.is_set():
                await self._heeding.wait()
            with anyio.CancelScope() as self._listening:
                async with aclosing(changes(BEGINS, anyway=1)) as news:
                    async for _ in news:
                        await anyio.sleep(SETTLE_S)  # also at the start, until the server has answered
                        self._news.set()
                await anyio.sleep(RETRY_S)  # the sound server stopped

    def _heed(self) -> None:
        """Start or stop watching for new streams."""
        if self._hushing or self.debts:
            self._heeding.set()
        elif self._heeding.is_set():
            self._heeding = anyio.Event()
            self._listening.cancel()

    def _owe(self, debts: list[Debt]) -> None:
        """Set the list of changes and write it to disk if possible."""
        self.debts = debts
        self._heed()
        try:
            part = private(self._file.parent) / f"{self._file.name}.part"
            part.write_text(json.dumps([asdict(debt) for debt in debts]))
            part.replace(self._file)
        except OSError as error:
            logger.warning("what other sound was like is not kept on disk: %s", error.strerror)


class Hushing:
    """`core.interfaces.Microphone` that ducks other audio while `microphone` is open."""

    def __init__(self, microphone: Microphone, others: Others) -> None:
        self._microphone = microphone
        self._others = others

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Recording]:
        """Open `microphone` with other audio ducked."""
        async with self._others.hushed(), self._microphone.open() as recording:
            yield recording


def _is_old(debt: Debt) -> bool:
    return time.time() - debt.since > OWED_S


def _is_over(debt: Debt) -> bool:
    return debt.kind == "pause" and debt.due > 0 and time.time() - debt.due > PAUSED_S


def _read(file: Path) -> list[Debt]:
    """Read the changes of an earlier run; return nothing for an invalid file."""
    try:
        found = json.loads(file.read_text())
        return [
            Debt(
                kind=str(debt["kind"]),
                who=str(debt["who"]),
                where=str(debt["where"]),
                before=tuple(debt["before"]),
                after=tuple(debt["after"]),
                since=float(debt.get("since", time.time())),
                due=float(debt.get("due", 0.0)),
            )
            for debt in found
        ]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        logger.warning("what other sound was like before a crash cannot be read")
        return []
