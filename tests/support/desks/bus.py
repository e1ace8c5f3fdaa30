"""The tests' own connection to a desk's session bus."""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

import anyio
from anyio.from_thread import BlockingPortal, start_blocking_portal
from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from tests.support.desk import BUSY_S


class BusError(Exception):
    """A service refused, or is not there; the message begins with the error's name."""


class DeskBus:
    """Calls of methods, one after another, over one connection: what a service lends to it lasts until the end."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._stack = ExitStack()
        self._portal: BlockingPortal
        self._bus: MessageBus

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._portal = stack.enter_context(start_blocking_portal("asyncio"))
            self._bus = self._portal.call(self._connect)
            stack.callback(lambda: self._portal.call(self._disconnect))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    async def _connect(self) -> MessageBus:
        return await MessageBus(self._address).connect()

    async def _disconnect(self) -> None:
        self._bus.disconnect()

    def call(self, name: str, path: str, member: str, signature: str = "", *arguments: Any) -> list[Any]:
        """Call INTERFACE.METHOD (`member`) of the service `name` and return what it answers. Raises `BusError`."""
        interface, _, method = member.rpartition(".")
        message = Message(name, path, interface, method, signature=signature, body=list(arguments))
        return self._portal.call(self._call, message)

    async def _call(self, message: Message) -> list[Any]:
        with anyio.fail_after(BUSY_S):
            reply = await self._bus.call(message)
        if reply is None or reply.message_type is MessageType.ERROR:
            raise BusError(f"{reply.error_name}: {reply.body}" if reply is not None else "no reply")
        return list(reply.body)

    def has(self, name: str) -> bool:
        """Whether a program owns `name` now."""
        dbus = "org.freedesktop.DBus"
        return bool(self.call(dbus, "/org/freedesktop/DBus", f"{dbus}.NameHasOwner", "s", name)[0])
