"""Minimal desktop tray: it takes the icon over D-Bus and reads its menu, as the panels of KDE,
GNOME's extension and waybar do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import anyio
from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

WATCHER, ITEM, MENU = "org.kde.StatusNotifierWatcher", "org.kde.StatusNotifierItem", "com.canonical.dbusmenu"
PROPERTIES = "org.freedesktop.DBus.Properties"
WATCHER_PATH = "/StatusNotifierWatcher"


@dataclass(frozen=True)
class Line:
    """A line of the menu, by its number. `mark` is "checkmark" or "radio" where it can be on, `on` whether it is."""

    at: int
    label: str
    enabled: bool
    mark: str
    on: bool
    below: tuple[Line, ...]


class TrayHost:
    """The tray at one session's bus; `icons` are those that came, by the bus names of their programs."""

    def __init__(self, bus: MessageBus) -> None:
        self.icons: list[str] = []
        self._bus = bus
        self._came = asyncio.Event()
        bus.add_message_handler(self._handle)

    def _handle(self, message: Message) -> Message | None:
        """Be there, as `StatusNotifierWatcher` is, and take icons in."""
        if message.message_type is not MessageType.METHOD_CALL or message.path != WATCHER_PATH:
            return None
        if message.member == "RegisterStatusNotifierItem":
            self.icons.append(message.body[0])
            self._came.set()
            return Message.new_method_return(message)
        if message.member == "Get" and message.body[1] == "IsStatusNotifierHostRegistered":
            return Message.new_method_return(message, "v", [Variant("b", True)])
        return None

    async def icon(self) -> str:
        """The program whose icon comes first."""
        await asyncio.wait_for(self._came.wait(), 60)
        return self.icons[0]

    async def line(self, program: str, label: str, *, on: bool) -> Line:
        """The line of the menu with this label, once it is so."""
        with anyio.fail_after(30):
            while True:
                for line in await self.menu(program):
                    if line.label == label and line.on is on:
                        return line

    async def said(self, program: str, what: str) -> Any:
        """A property of the icon."""
        return await self._get(program, "/StatusNotifierItem", ITEM, what)

    async def menu(self, program: str) -> tuple[Line, ...]:
        """The menu of the icon, as it is now."""
        path = await self.said(program, "Menu")
        await self._asked(program, path, MENU, "AboutToShow", "i", 0)
        _, (_, _, lines) = await self._asked(program, path, MENU, "GetLayout", "iias", 0, -1, [])
        return _lines(lines)

    async def choose(self, program: str, line: Line) -> None:
        """Click on a line of the menu."""
        path = await self.said(program, "Menu")
        await self._asked(program, path, MENU, "Event", "isvu", line.at, "clicked", Variant("s", ""), 0)

    async def _get(self, program: str, path: str, interface: str, what: str) -> Any:
        (value,) = await self._asked(program, path, PROPERTIES, "Get", "ss", interface, what)
        return value.value

    async def _asked(self, program: str, path: str, interface: str, member: str, signature: str, *body: Any) -> Any:
        question = Message(program, path, interface, member, signature=signature, body=list(body))
        reply = await self._bus.call(question)
        assert reply is not None
        assert reply.message_type is MessageType.METHOD_RETURN, reply.body
        return reply.body


def _lines(found: list[Any]) -> tuple[Line, ...]:
    """What is seen of them, but for the lines between."""
    made = []
    for variant in found:
        at, said, below = variant.value
        known = {name: value.value for name, value in said.items()}
        if known.get("type") != "separator" and known.get("visible", True):
            mark, on = known.get("toggle-type", ""), known.get("toggle-state", 0) == 1
            made.append(Line(at, known.get("label", ""), known.get("enabled", True), mark, on, _lines(below)))
    return tuple(made)


@asynccontextmanager
async def tray_host(session: Mapping[str, str]) -> AsyncIterator[TrayHost]:
    """A tray in the session of this environment."""
    bus = await MessageBus(session["DBUS_SESSION_BUS_ADDRESS"]).connect()
    host = TrayHost(bus)
    await bus.request_name(WATCHER)
    try:
        yield host
    finally:
        bus.disconnect()
