"""Client of the desktop portal: what a Wayland desktop does for a program on request, once the user agrees.

A call returns at once and its answer arrives later as a signal at an object path of the call's own, since a dialog may
lie in between. A program outside a sandbox first registers its identity; older portals do not have that call.

The portal may end and restart while the bus stays, as in an upgrade: its sessions are lost then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import count
from typing import Any

import anyio
from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusFastError

NAME = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
DBUS = "org.freedesktop.DBus"
REQUEST = "org.freedesktop.portal.Request"
SESSION = "org.freedesktop.portal.Session"
APP_ID = "intone"

CALL_S = 5.0
"""Seconds before a call without a dialog times out."""

type Options = Mapping[str, Variant]


class PortalError(Exception):
    """The portal is missing, does not answer, or the user refused."""


class SilentError(PortalError):
    """The portal does not answer now, as while a slow machine logs in; it may later."""


_SILENT = ("org.freedesktop.DBus.Error.NoReply", "org.freedesktop.DBus.Error.TimedOut")
"""Errors that the bus answers for the portal: it ended meanwhile, or takes too long to start."""


class Portal:
    """A connection to the session bus and the portal behind it. Belongs to one loop."""

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus
        self._numbers = count(1)
        self._ended, self._back = asyncio.Event(), asyncio.Event()

    @classmethod
    async def connect(cls, address: str) -> Portal:
        """Connect to the bus at `address`. Raises `PortalError`."""
        if not address:
            raise PortalError("there is no session bus")
        bus = MessageBus(address)
        try:
            with anyio.fail_after(CALL_S):
                await bus.connect()
        except (OSError, DBusFastError, EOFError) as error:
            raise PortalError(f"the session bus cannot be reached: {error}") from error
        portal = cls(bus)
        portal.hear(portal._owned)
        try:
            for rule in (f"sender='{NAME}'", f"sender='{DBUS}',member='NameOwnerChanged',arg0='{NAME}'"):
                await portal._call(DBUS, "AddMatch", "s", [f"type='signal',{rule}"], DBUS)
            with suppress(PortalError):
                await portal._call("org.freedesktop.host.portal.Registry", "Register", "sa{sv}", [APP_ID, {}])
        except BaseException:
            portal.close()
            raise
        return portal

    def close(self) -> None:
        """Disconnect from the bus, which ends every session."""
        self._bus.disconnect()

    async def gone(self) -> None:
        """Return when the bus is disconnected."""
        with suppress(Exception):
            await self._bus.wait_for_disconnect()  # type: ignore[no-untyped-call]

    @property
    def has_ended(self) -> bool:
        """Return whether the portal has ended since the connection, and with it every session."""
        return self._ended.is_set()

    async def ended(self) -> None:
        """Return when the portal has ended."""
        await self._ended.wait()

    async def back(self) -> None:
        """Return when another portal has started, once for each."""
        await self._back.wait()
        self._back.clear()

    def _owned(self, message: Message) -> None:
        if message.sender == DBUS and message.member == "NameOwnerChanged" and message.body[0] == NAME:
            _, before, now = message.body
            if before:
                self._ended.set()
            if now:
                self._back.set()

    def hear(self, handle: Callable[[Message], None]) -> None:
        """Call `on_signal` with every signal of the portal."""

        def heard(message: Message) -> None:
            if message.message_type is MessageType.SIGNAL:
                handle(message)

        self._bus.add_message_handler(heard)

    async def version(self, interface: str) -> int:
        """Return the version of one of the portal's interfaces; 0 where it is missing: no backend implements it.

        Raises `PortalTimeoutError`.
        """
        return await self._number(interface, "version")

    async def number(self, interface: str, name: str) -> int:
        """Return a numeric property of one of the portal's interfaces; 0 where it is missing or the portal does not
        answer."""
        with suppress(SilentError):
            return await self._number(interface, name)
        return 0

    async def _number(self, interface: str, name: str) -> int:
        try:
            answer = await self._call("org.freedesktop.DBus.Properties", "Get", "ss", [interface, name])
        except SilentError:
            raise
        except PortalError:
            return 0
        match answer:
            case [Variant(value=int(found))]:
                return found
        return 0

    async def session(self, interface: str) -> str:
        """Create the connection's one session and return its object path.

        Its token is always the same, since KDE recognizes a program's shortcuts by it.
        """
        options = {"session_handle_token": Variant("s", APP_ID)}
        answer = await self.request(interface, "CreateSession", "", [], options, CALL_S)
        if "session_handle" not in answer:
            raise PortalError("CreateSession gave no session")
        return str(answer["session_handle"].value)

    async def request(
        self, interface: str, member: str, signature: str, arguments: list[Any], options: Options, patience_s: float
    ) -> dict[str, Variant]:
        """Call a method that the user may have to confirm; `options` are the call's last argument.

        Raises `PortalError` when refused, `PortalTimeoutError` when not answered within `timeout_s`; a dialog is then
        closed.
        """
        sender = (self._bus.unique_name or "")[1:].replace(".", "_")
        token = f"{APP_ID}{next(self._numbers)}"
        path = f"{PATH}/request/{sender}/{token}"
        answer: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()

        def heard(message: Message) -> None:
            told = message.path == path and message.member == "Response" and message.signature == "ua{sv}"
            if told and not answer.done():
                answer.set_result(message.body)

        self._bus.add_message_handler(heard)
        try:
            given = {**options, "handle_token": Variant("s", token)}
            with anyio.move_on_after(patience_s):
                await self._call(interface, member, f"{signature}a{{sv}}", [*arguments, given], patience_s=patience_s)
                status, results = await answer
                if status != 0:
                    raise PortalError(f"{member} was refused")
                return dict(results)
            with suppress(PortalError):
                await self._call(REQUEST, "Close", path=path)
            raise SilentError(f"{member} was not answered")
        finally:
            self._bus.remove_message_handler(heard)

    async def call(self, interface: str, member: str, signature: str, arguments: list[Any], patience_s: float) -> None:
        """Call a method that needs no dialog. Raises `PortalError`."""
        await self._call(interface, member, signature, arguments, patience_s=patience_s)

    async def end(self, session: str) -> None:
        """Close a session, if it is still open."""
        with suppress(PortalError):
            await self._call(SESSION, "Close", path=session)

    async def _call(
        self,
        interface: str,
        member: str,
        signature: str = "",
        arguments: list[Any] | None = None,
        to: str = NAME,
        path: str = "",
        patience_s: float = CALL_S,
    ) -> list[Any]:
        path = path or ("/org/freedesktop/DBus" if to == DBUS else PATH)
        message = Message(to, path, interface, member, signature=signature, body=arguments or [])
        try:
            with anyio.fail_after(patience_s):
                reply = await self._bus.call(message)
        except TimeoutError as error:
            raise SilentError(f"{member} was not answered") from error
        except (OSError, DBusFastError, EOFError) as error:
            raise PortalError(f"{member} failed: {error!r}") from error
        if reply is None or reply.message_type is MessageType.ERROR:
            name = reply.error_name if reply is not None else "no reply"
            raise (SilentError if name in _SILENT else PortalError)(f"{member} failed: {name}")
        return list(reply.body)
