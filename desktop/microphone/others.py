"""Other sound while one talks: turned down or paused, and given back exactly.

It is done to somebody else's program, so it is a debt: written down before it is made and crossed out when it is paid,
so that a crash owes nothing either (the next start pays). Whoever changes a volume or presses play meanwhile has the
last word, and what was not playing is left alone.

One task, `run`, brings the world to what is wanted now, however quickly takes follow each other: no take ever waits for
a sound server or a player. A press that may still become a shortcut is not worth a change, so that waits for a moment.
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

from desktop.microphone.devices import changes
from desktop.paths import private
from desktop.ports import Microphone, Recording

logger = logging.getLogger(__name__)

type Mode = Literal["off", "duck", "pause"]
"""What becomes of other sound: nothing, a fifth of its volume, or a pause where the player can be asked for one."""

PAY_S = 3.0
"""How long giving back may take when the app ends."""

SETTLE_S = 0.3
"""How long what begins to play may take to say so."""

RETRY_S = 10.0
"""How long to wait before a sound server that went is asked again."""

OWED_S = 30 * 24 * 3600.0
"""When a debt is forgotten that could not be paid: a program that does not play for a month will not."""

PAUSED_S = 60.0
"""When a pause is forgotten that could not be ended when it was due: the person does it, and pauses for themselves."""

BEGINS = (b"'new' on sink-input",)
"""The sound server's event of something that begins to play."""


@dataclass(frozen=True, slots=True)
class Debt:
    """What was done to `who` (a program's streams, a player) at `where` (a stream, a connection) `since` then (Unix
    time): its volumes were `before` and are `after`, where that is what was changed. It is `due` since then (Unix
    time), 0 where it is not yet."""

    kind: str
    who: str
    where: str
    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()
    since: float = field(default_factory=time.time, compare=False)
    due: float = field(default=0.0, compare=False)


class Kind(Protocol):
    """A way to make other sound softer. Nothing here raises: what cannot be asked is left as it is."""

    async def find(self) -> list[Debt]:
        """What plays now, and what would be owed to it."""
        ...

    async def make(self, debt: Debt) -> None:
        """Do it."""
        ...

    async def pay(self, debt: Debt) -> bool:
        """Make it as it was, unless somebody else has changed it; whether the debt is settled. It is not where nobody
        answers, nor where the stream is gone and the server remembers its volume for the program's next one."""
        ...


class Others:
    """Everything else that plays. `file` remembers what is owed; `after_s` is how old a press has to be."""

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
        """Have other sound softer inside, soon. Never waits."""
        self._talking += 1
        self._begun_at = time.monotonic()
        self._news.set()
        try:
            yield
        finally:
            self._talking -= 1
            self._news.set()

    async def run(self) -> None:
        """Live until cancelled; at the beginning what a crash left is given back, at the end everything."""
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
        """Whether the person still talks when the press can be no shortcut any more."""
        with anyio.move_on_after(max(0.0, self._begun_at + self.after_s - time.monotonic())):
            await self._news.wait()
        return self._talking > 0

    async def _hush(self, kind: str) -> None:
        """Make everything softer that is not soft yet."""
        for debt in await self._kinds[kind].find():
            owed = [owed for owed in self.debts if (owed.kind, owed.who) == (kind, debt.who)]
            same = next((other for other in owed if other.where == debt.where), None)
            if same is not None and (debt.before or not same.due):
                continue
            if same is not None:  # somebody has let it play since: that they owe nothing for
                self._owe([other for other in self.debts if other != same])
            soft = next((other for other in owed if debt.before and other.after == debt.before), None)
            if soft is None:
                self._owe([*self.debts, debt])
                await self._kinds[kind].make(debt)
            else:  # the server began the program's next stream as softly as its last one was
                self._owe([*(other for other in self.debts if other != soft), replace(soft, where=debt.where)])

    async def _give_back(self) -> None:
        for debt in tuple(self.debts):
            gone = debt.kind not in self._kinds or _is_over(debt)
            if gone or await self._kinds[debt.kind].pay(debt) or _is_old(debt):
                self._owe([owed for owed in self.debts if owed != debt])
            elif not debt.due:
                self._owe([replace(owed, due=time.time()) if owed == debt else owed for owed in self.debts])

    async def _hear_beginnings(self) -> None:
        """While one talks a stream that begins is news, since it is one more to turn down; while something is owed too,
        since it may begin as softly as the program's last one ended."""
        while True:
            while not self._heeding.is_set():
                await self._heeding.wait()
            with anyio.CancelScope() as self._listening:
                async with aclosing(changes(BEGINS, anyway=1)) as news:
                    async for _ in news:
                        await anyio.sleep(SETTLE_S)  # at first, also until the server tells us
                        self._news.set()
                await anyio.sleep(RETRY_S)  # the sound server went

    def _heed(self) -> None:
        """Have beginnings heard for as long as they matter."""
        if self._hushing or self.debts:
            self._heeding.set()
        elif self._heeding.is_set():
            self._heeding = anyio.Event()
            self._listening.cancel()

    def _owe(self, debts: list[Debt]) -> None:
        """Owe `debts`, on disk too where that can be."""
        self.debts = debts
        self._heed()
        try:
            part = private(self._file.parent) / f"{self._file.name}.part"
            part.write_text(json.dumps([asdict(debt) for debt in debts]))
            part.replace(self._file)
        except OSError as error:
            logger.warning("what other sound was like is not kept on disk: %s", error.strerror)


class Hushing:
    """`ports.Microphone`: `microphone`, with other sound softer while it is open."""

    def __init__(self, microphone: Microphone, others: Others) -> None:
        self._microphone = microphone
        self._others = others

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Recording]:
        """Hear as `microphone` does."""
        async with self._others.hushed(), self._microphone.open() as recording:
            yield recording


def _is_old(debt: Debt) -> bool:
    return time.time() - debt.since > OWED_S


def _is_over(debt: Debt) -> bool:
    return debt.kind == "pause" and debt.due > 0 and time.time() - debt.due > PAUSED_S


def _read(file: Path) -> list[Debt]:
    """What an earlier run owed; nothing where the file is none of ours."""
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
