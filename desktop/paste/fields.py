"""Whether the focus is on a password field, as far as accessibility tells.

A toolkit answers on the accessibility bus (AT-SPI): the program is found by the window's process, its active window is
walked down to what has the focus, and that has a role. Only questions are asked. To listen to the focus instead would
make every program of the session send its events. And nothing is switched on: the bus is not started where it is not
there, `org.a11y.Status` is not written.

So there is a limit. GTK answers always, unless the environment forbids it (NO_AT_BRIDGE, GTK_A11Y); but GTK 4 names its
GtkPasswordEntry alone: an entry made to show dots, and libadwaita's password row, are plain to it. Qt, Chromium,
Electron and Firefox answer where accessibility is on already, for a screen reader or by the desktop's settings (Qt on
X11 also where the bus was there before it). A terminal knows nothing of the prompt in it; Tk, Wine and remote desktops
are never on the bus, and a Flatpak is there under its proxy's process. Where nobody tells, text is pasted as usual.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
from dbus_fast import Message, MessageFlag, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusFastError

from desktop.ports import Field, Target

log = logging.getLogger(__name__)

AHEAD_S, AGAIN_S = 0.070, 0.030
"""What the answer may take while the text is not there yet, and once more right before it is put in: 100 ms in all."""

WIDEST = 500
"""So many of a window's parts are looked at side by side; a part costs about 0.1 ms."""

PASSWORD_TEXT = 40
ACTIVE, FOCUSED, SHOWING, MANAGES_DESCENDANTS = (1 << bit for bit in (1, 12, 25, 31))
"""A role and states, numbered as in AT-SPI's own `AtspiRole` and `AtspiStateType`. A list or table that manages its
descendants makes them when asked: there may be a million."""

ACCESSIBLE = "org.a11y.atspi.Accessible"
PROGRAMS = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
DAEMON = ("org.freedesktop.DBus", "/org/freedesktop/DBus")

type Address = tuple[str, str]
"""A part of a program: the program's name on the bus, and the part's path."""


class Fields:
    """Asks for the field that has the focus. For the engine's loop alone; connects at the first question."""

    def __init__(self, session: str | None = None) -> None:
        """`session` is the address of the session's bus; None for the environment's."""
        self._session = session
        self._bus: MessageBus | None = None
        self._connecting = asyncio.Lock()

    async def focused(self, pid: int) -> Field | None:
        """The field that has the focus in the program `pid`, or None where nobody says so within `AHEAD_S`."""
        with anyio.move_on_after(AHEAD_S):
            return await self._asking(lambda tree: tree.focused(pid))
        return None

    async def secret(self, target: Target) -> bool:
        """Whether the focus in `target` is on a password field by now. Whoever asks gives up after `AGAIN_S`."""

        async def look(tree: Tree) -> Field | None:
            before = target.field and await tree.field(target.field.address)
            return before or await tree.focused(target.pid)

        found = await self._asking(look)
        return found is not None and found.secret

    def close(self) -> None:
        """Leave the bus."""
        if self._bus is not None and self._bus.connected:
            self._bus.disconnect()

    async def _asking[T](self, question: Callable[[Tree], Awaitable[T | None]]) -> T | None:
        try:
            async with self._connecting:
                if self._bus is None or not self._bus.connected:
                    self._bus = await MessageBus(await self._address()).connect()
            return await question(Tree(self._bus))
        except (OSError, EOFError, DBusFastError) as error:
            log.debug("Nobody tells of the focused field: %s", error)
            return None

    async def _address(self) -> str:
        """Where the accessibility bus is. Raises `OSError` where there is none."""
        session = await MessageBus(self._session).connect()
        try:
            name = "org.a11y.Bus"
            question = Message(name, "/org/a11y/bus", name, "GetAddress", flags=MessageFlag.NO_AUTOSTART)
            (address,) = await _answer(session, question, "s") or [""]
        finally:
            session.disconnect()
        if not address:
            raise FileNotFoundError("there is no accessibility bus")
        return str(address)


class Tree:
    """The programs on the accessibility `bus`, their windows and what is in them. What has gone has no parts and no
    states."""

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus

    async def focused(self, pid: int) -> Field | None:
        """The field that has the focus in the program `pid`; None where it has none, or is not on the bus."""
        for program in await self._of(pid):
            windows = await self._children(program)
            states = await self._states(windows)
            active = [window for window, has in zip(windows, states, strict=True) if has & ACTIVE]
            found = await self._within(active or windows)
            if found is not None:
                return found
        return None

    async def field(self, at: Address) -> Field | None:
        """The field `at`, if it has the focus."""
        (states,), role = await asyncio.gather(self._states([at]), self._ask(at, ACCESSIBLE, "GetRole", "u"))
        return Field(secret=role == PASSWORD_TEXT, address=at) if states & FOCUSED else None

    async def _of(self, pid: int) -> list[Address]:
        """The parts of the bus that are the program `pid`: one, as a rule."""
        programs = await self._children(PROGRAMS)
        process = "GetConnectionUnixProcessID"
        pids = await asyncio.gather(*(self._ask(DAEMON, DAEMON[0], process, "u", name) for name, _ in programs))
        return [program for program, its in zip(programs, pids, strict=True) if its == pid]

    async def _within(self, level: list[Address]) -> Field | None:
        """The field that has the focus among these and what is shown within them, the outermost first."""
        while level:
            level = level[:WIDEST]
            states = await self._states(level)
            for part, has in zip(level, states, strict=True):
                if has & FOCUSED:
                    return await self.field(part)
            inner = [part for part, has in zip(level, states, strict=True) if leads_on(has)]
            level = [part for parts in await asyncio.gather(*map(self._children, inner)) for part in parts]
        return None

    async def _children(self, at: Address) -> list[Address]:
        return [(name, path) for name, path in await self._ask(at, ACCESSIBLE, "GetChildren", "a(so)") or ()]

    async def _states(self, parts: list[Address]) -> list[int]:
        """The lower 32 states of each."""
        answers = await asyncio.gather(*(self._ask(part, ACCESSIBLE, "GetState", "au") for part in parts))
        return [answer[0] if answer else 0 for answer in answers]

    async def _ask(self, at: Address, interface: str, member: str, expected: str, *name: str) -> Any:
        """The answer, of the signature `expected`; None where it is another, or none comes. `name` is what it is
        about."""
        question = Message(*at, interface, member, signature="s" * len(name), body=list(name))
        answer = await _answer(self._bus, question, expected)
        return answer[0] if answer else None


def leads_on(states: int) -> bool:
    """Whether what has these `states` may have a field with the focus in it."""
    return bool(states & SHOWING) and not states & MANAGES_DESCENDANTS


async def _answer(bus: MessageBus, question: Message, expected: str) -> list[Any]:
    """The answer's body; empty where it is an error, or not of the signature `expected`."""
    reply = await bus.call(question)
    told = reply is not None and reply.message_type is MessageType.METHOD_RETURN and reply.signature == expected
    return list(reply.body) if told else []
