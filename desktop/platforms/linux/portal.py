"""Client of the desktop portal: what a Wayland desktop does for a program on request, once the user agrees.

A call returns at once and its answer arrives later as a signal at an object path of the call's own, since a dialog may
lie in between. A program outside a sandbox first registers its identity; older portals do not have that call.

The portal may end and restart while the bus stays, as in an upgrade: its sessions are lost then. So they are when the
desktop's own part of it (its backend) ends, of which the portal says nothing. A backend that stays keeps a session
whose portal has ended, and with it the keys, until it is closed there.
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

from desktop import APP_ID

BUS_NAME = "org.freedesktop.portal.Desktop"
BACKEND_NAMES = ("org.freedesktop.impl.portal.desktop.gnome", "org.freedesktop.impl.portal.desktop.kde")
"""Names of the backends that have keys and keyboards."""

BACKEND_SESSION_INTERFACE = "org.freedesktop.impl.portal.Session"
OBJECT_PATH = "/org/freedesktop/portal/desktop"
DBUS = "org.freedesktop.DBus"
REQUEST_INTERFACE = "org.freedesktop.portal.Request"
SESSION_INTERFACE = "org.freedesktop.portal.Session"
OLD_APP_IDS = ("", "intone")
"""Identities of earlier versions: none where no desktop file was found, else the old file's name."""

TOKEN_PREFIX = "intone"
"""The start of object path elements, in which no dot is allowed."""


CALL_TIMEOUT_S = 5.0
"""Seconds before a call without a dialog times out."""

type PortalOptions = Mapping[str, Variant]


class PortalError(Exception):
    """The portal is missing, does not answer, or the user refused."""


class PortalCallError(PortalError):
    """A call was answered with the D-Bus error `name`."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self.name = name


class PortalRefusalError(PortalError):
    """The portal answered a request with a status other than success; `results` came with it all the same."""

    def __init__(self, text: str, results: PortalOptions) -> None:
        super().__init__(text)
        self.results = results


class PortalTimeoutError(PortalError):
    """The portal does not answer now, as while a slow machine logs in; it may later."""


_WATCHED_NAMES = (BUS_NAME, *BACKEND_NAMES)

_TIMEOUT_ERRORS = ("org.freedesktop.DBus.Error.NoReply", "org.freedesktop.DBus.Error.TimedOut")
"""Errors that the bus answers for the portal: it ended meanwhile, or takes too long to start."""


class Portal:
    """A connection to the session bus and the portal behind it. Belongs to one loop."""

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus
        self._numbers = count(1)
        self._portal_ended, self._portal_restarted = asyncio.Event(), asyncio.Event()

    @classmethod
    async def connect(cls, address: str) -> Portal:
        """Connect to the bus at `address`. Raises `PortalError`."""
        if not address:
            raise PortalError("there is no session bus")
        bus = MessageBus(address)
        try:
            with anyio.fail_after(CALL_TIMEOUT_S):
                await bus.connect()
        except (OSError, DBusFastError, EOFError) as error:
            raise PortalError(f"the session bus cannot be reached: {error}") from error
        portal = cls(bus)
        portal.add_signal_handler(portal._on_name_owner_changed)
        try:
            watched = [f"sender='{DBUS}',member='NameOwnerChanged',arg0='{name}'" for name in _WATCHED_NAMES]
            for rule in (f"sender='{BUS_NAME}'", *watched):
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

    async def wait_disconnected(self) -> None:
        """Return when the bus is disconnected."""
        with suppress(Exception):
            await self._bus.wait_for_disconnect()  # type: ignore[no-untyped-call]

    @property
    def has_ended(self) -> bool:
        """Return whether the portal or its backend has ended since the connection, and with it every session."""
        return self._portal_ended.is_set()

    async def wait_ended(self) -> None:
        """Return when the portal has ended."""
        await self._portal_ended.wait()

    async def wait_restarted(self) -> None:
        """Return when another portal has started, once for each."""
        await self._portal_restarted.wait()
        self._portal_restarted.clear()

    def _on_name_owner_changed(self, message: Message) -> None:
        if message.sender == DBUS and message.member == "NameOwnerChanged" and message.body[0] in _WATCHED_NAMES:
            name, before, now = message.body
            if before:
                self._portal_ended.set()
            if now and name == BUS_NAME:
                self._portal_restarted.set()

    def add_signal_handler(self, on_signal: Callable[[Message], None]) -> None:
        """Call `on_signal` with every signal of the portal."""

        def on_message(message: Message) -> None:
            if message.message_type is MessageType.SIGNAL:
                on_signal(message)

        self._bus.add_message_handler(on_message)

    async def read_version(self, interface: str) -> int:
        """Return the version of one of the portal's interfaces; 0 where it is missing: no backend implements it.

        Raises `PortalTimeoutError`.
        """
        return await self._read_number(interface, "version")

    async def read_number(self, interface: str, name: str) -> int:
        """Return a numeric property of one of the portal's interfaces; 0 where it is missing or the portal does not
        answer."""
        with suppress(PortalTimeoutError):
            return await self._read_number(interface, name)
        return 0

    async def _read_number(self, interface: str, name: str) -> int:
        try:
            answer = await self._call("org.freedesktop.DBus.Properties", "Get", "ss", [interface, name])
        except PortalTimeoutError:
            raise
        except PortalError:
            return 0
        match answer:
            case [Variant(value=int(number))]:
                return number
        return 0

    async def create_session(self, interface: str) -> str:
        """Create the connection's one session and return its object path.

        Its token is always the same, since KDE recognizes a program's shortcuts by it.
        """
        options = {"session_handle_token": Variant("s", TOKEN_PREFIX)}
        answer = await self.request(interface, "CreateSession", "", [], options, CALL_TIMEOUT_S)
        if "session_handle" not in answer:
            raise PortalError("CreateSession gave no session")
        return str(answer["session_handle"].value)

    async def request(
        self,
        interface: str,
        member: str,
        signature: str,
        arguments: list[Any],
        options: PortalOptions,
        timeout_s: float,
    ) -> dict[str, Variant]:
        """Call a method that the user may have to confirm; `options` are the call's last argument.

        Raises `PortalRefusalError` when refused, `PortalTimeoutError` when not answered within `timeout_s`; a dialog is
        then closed.
        """
        sender = (self._bus.unique_name or "")[1:].replace(".", "_")
        token = f"{TOKEN_PREFIX}{next(self._numbers)}"
        path = f"{OBJECT_PATH}/request/{sender}/{token}"
        answer: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()

        def on_message(message: Message) -> None:
            is_response = message.path == path and message.member == "Response" and message.signature == "ua{sv}"
            if is_response and not answer.done():
                answer.set_result(message.body)

        self._bus.add_message_handler(on_message)
        try:
            with_token = {**options, "handle_token": Variant("s", token)}
            with anyio.move_on_after(timeout_s):
                await self._call(
                    interface, member, f"{signature}a{{sv}}", [*arguments, with_token], timeout_s=timeout_s
                )
                status, results = await answer
                if status != 0:
                    raise PortalRefusalError(f"{member} was refused", dict(results))
                return dict(results)
            with suppress(PortalError):
                await self._call(REQUEST_INTERFACE, "Close", path=path)
            raise PortalTimeoutError(f"{member} was not answered")
        finally:
            self._bus.remove_message_handler(on_message)

    async def call(self, interface: str, member: str, signature: str, arguments: list[Any], timeout_s: float) -> None:
        """Call a method that needs no dialog. Raises `PortalError`."""
        await self._call(interface, member, signature, arguments, timeout_s=timeout_s)

    async def call_service(
        self, service: tuple[str, str, str], member: str, signature: str, arguments: list[Any]
    ) -> list[Any]:
        """Call a method of another service, by its bus name, path and interface. Raises `PortalError`."""
        destination, path, interface = service
        return await self._call(interface, member, signature, arguments, destination, path)

    async def close_session(self, session: str) -> None:
        """Close a session, if it is still open."""
        with suppress(PortalError):
            await self._call(SESSION_INTERFACE, "Close", path=session)

    async def close_orphan(self, session: str) -> None:
        """Close a session whose portal has ended, at the backends that run."""
        for backend in BACKEND_NAMES:
            with suppress(PortalError):
                if await self._call(DBUS, "NameHasOwner", "s", [backend], DBUS) == [True]:
                    await self._call(BACKEND_SESSION_INTERFACE, "Close", destination=backend, path=session)

    async def _call(
        self,
        interface: str,
        member: str,
        signature: str = "",
        arguments: list[Any] | None = None,
        destination: str = BUS_NAME,
        path: str = "",
        timeout_s: float = CALL_TIMEOUT_S,
    ) -> list[Any]:
        path = path or ("/org/freedesktop/DBus" if destination == DBUS else OBJECT_PATH)
        message = Message(destination, path, interface, member, signature=signature, body=arguments or [])
        try:
            with anyio.fail_after(timeout_s):
                reply = await self._bus.call(message)
        except TimeoutError as error:
            raise PortalTimeoutError(f"{member} was not answered") from error
        except (OSError, DBusFastError, EOFError) as error:
            raise PortalError(f"{member} failed: {error!r}") from error
        if reply is None or reply.message_type is MessageType.ERROR:
            name = reply.error_name if reply is not None else "no reply"
            if name in _TIMEOUT_ERRORS:
                raise PortalTimeoutError(f"{member} failed: {name}")
            raise PortalCallError(f"{member} failed: {name}", name or "")
        return list(reply.body)
