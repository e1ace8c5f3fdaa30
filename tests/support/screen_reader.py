"""Minimal screen reader: reads the windows, receives their events, and presses their controls.

It speaks AT-SPI over D-Bus, as Orca does, so that it finds what Qt really exposes. It is its own client rather
than the app's (`desktop.paste.field`), which asks for the one field that has the focus and no more.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

ACCESSIBLE, ACTION, PROPERTIES = "org.a11y.atspi.Accessible", "org.a11y.atspi.Action", "org.freedesktop.DBus.Properties"
EVENTS = "org.a11y.atspi.Event.Object"
REGISTRY = "org.a11y.atspi.Registry"
PROGRAMS = (REGISTRY, "/org/a11y/atspi/accessible/root")

CHECKED, ENABLED, FOCUSABLE, SHOWING, VISIBLE = (1 << bit for bit in (4, 8, 11, 25, 30))
"""States, numbered as in AT-SPI's own `AtspiStateType`."""

LABELLED_BY = 2
"""A relation, numbered as in `AtspiRelationType`."""

AT_ONCE = 32
"""Questions in flight: a socket that is full is an error to dbus-fast."""

type Address = tuple[str, str]


@dataclass(frozen=True)
class Part:
    """What is said of a part of a window; `within` are the roles of what it is in, the window's first.

    A list that drops down gives what is chosen in it as its own name, so that its label is taken for it.
    """

    at: Address
    name: str
    role: str
    states: int
    within: tuple[str, ...]

    @property
    def focusable(self) -> bool:
        """Whether it is seen and the keyboard's focus can come to it."""
        wanted = FOCUSABLE | SHOWING | VISIBLE | ENABLED
        return self.states & wanted == wanted


class ScreenReader:
    """On the accessibility bus: `windows` and `parts` look, `press` acts, `focused` and `announced` are what came."""

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus
        self.focused: list[Address] = []
        self.announced: list[str] = []
        self._came = asyncio.Event()
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def listen(self) -> None:
        """Have what is announced, and where the focus goes, sent from now on."""
        self._bus.add_message_handler(self._hear)
        rule = f"type='signal',interface='{EVENTS}'"
        await self._asked(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "AddMatch", "s", rule
        )
        for event in ("object:state-changed:focused", "object:announcement"):
            await self._asked(REGISTRY, "/org/a11y/atspi/registry", REGISTRY, "RegisterEvent", "s", event)

    async def windows(self, program: str) -> dict[str, Address]:
        """The windows that `program` shows, by their titles."""
        found: dict[str, Address] = {}
        for one in await self._children(PROGRAMS):
            if await self._name(one) == program:
                for window in await self._children(one):
                    if await self._states(window) & SHOWING:
                        found[await self._name(window)] = window
        return found

    async def parts(self, of: Address, within: tuple[str, ...] = ()) -> list[Part]:
        """All that is shown of a window, itself first."""
        name, role, states = await asyncio.gather(self._name(of), self._role(of), self._states(of))
        if not states & SHOWING:
            return []
        if role == "combo box":
            name = await self._label(of)
        inside = [self.parts(one, (*within, role)) for one in await self._children(of)]
        found = [Part(of, name, role, states, within)]
        return found + [part for parts in await asyncio.gather(*inside) for part in parts]

    async def part(self, at: Address) -> Part:
        """What has the focus, by where that is: a menu that pops up is in no window, and is met only so."""
        name, role, states = await asyncio.gather(self._name(at), self._role(at), self._states(at))
        return Part(at, name, role, states, ())

    async def press(self, part: Part) -> None:
        """Do the first thing that can be done with it: a button is pressed."""
        await self._asked(*part.at, ACTION, "DoAction", "i", 0)

    async def met(self, condition: Callable[[], object]) -> None:
        """Wait until what came makes it so."""
        while not condition():
            self._came.clear()
            await self._came.wait()

    async def _children(self, of: Address) -> list[Address]:
        (found,) = await self._asked(*of, ACCESSIBLE, "GetChildren") or [[]]
        return [(name, path) for name, path in found]

    async def _name(self, of: Address) -> str:
        (value,) = await self._asked(*of, PROPERTIES, "Get", "ss", ACCESSIBLE, "Name") or [None]
        return value.value if value is not None else ""

    async def _label(self, of: Address) -> str:
        (relations,) = await self._asked(*of, ACCESSIBLE, "GetRelationSet") or [[]]
        labels = [(name, path) for kind, targets in relations if kind == LABELLED_BY for name, path in targets]
        return " ".join([await self._name(label) for label in labels])

    async def _role(self, of: Address) -> str:
        (role,) = await self._asked(*of, ACCESSIBLE, "GetRoleName") or [""]
        return str(role)

    async def _states(self, of: Address) -> int:
        (states,) = await self._asked(*of, ACCESSIBLE, "GetState") or [[0]]
        return int(states[0])

    async def _asked(self, name: str, path: str, interface: str, member: str, signature: str = "", *body: Any) -> Any:
        """The answer's body; empty where what is asked for has gone meanwhile."""
        question = Message(name, path, interface, member, signature=signature, body=list(body))
        async with self._at_once:
            reply = await self._bus.call(question)
        return reply.body if reply is not None and reply.message_type is MessageType.METHOD_RETURN else []

    def _hear(self, message: Message) -> None:
        if message.interface != EVENTS:
            return
        if message.member == "Announcement":
            self.announced.append(str(message.body[3].value))
        elif message.member == "StateChanged" and message.body[:2] == ["focused", 1]:
            assert message.sender is not None
            self.focused.append((message.sender, message.path))
        self._came.set()


@asynccontextmanager
async def screen_reader(session: Mapping[str, str]) -> AsyncIterator[ScreenReader]:
    """A screen reader in the session of this environment; the accessibility bus is started where it is not there."""
    desk = await MessageBus(session["DBUS_SESSION_BUS_ADDRESS"]).connect()
    name = "org.a11y.Bus"
    reply = await desk.call(Message(name, "/org/a11y/bus", name, "GetAddress"))
    desk.disconnect()
    assert reply is not None
    bus = await MessageBus(reply.body[0]).connect()
    reader = ScreenReader(bus)
    await reader.listen()
    try:
        yield reader
    finally:
        bus.disconnect()
