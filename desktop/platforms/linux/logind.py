"""Watch logind for sleep and screen lock, and for the wake-up.

The user is not speaking then, and text must not arrive in the password field: a dictation is
cancelled, and its recording is kept, to be resumed. After the wake-up the microphone may be another one and connections
are dead, so those are made anew. Without logind none of this is detected.

Any user of the machine may send a signal of that form over the system bus, so only signals from the connection that
owns logind's name count; that owner is followed when logind restarts.

A program started by the user's service manager, as on most desktops, belongs to no session: then the user's displayed
session is used.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import anyio
from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusFastError

from desktop.platforms.linux.dbus import call_bus

logger = logging.getLogger(__name__)

BUS = "org.freedesktop.DBus"
LOGIN = "org.freedesktop.login1"
BUS_PATH = "/org/freedesktop/DBus"
PATH = "/org/freedesktop/login1"
MANAGER = f"{LOGIN}.Manager"
SESSION = f"{LOGIN}.Session"
USER = f"{LOGIN}.User"
PROPERTIES = f"{BUS}.Properties"

ANSWER_TIMEOUT_S = 5.0


async def watch_session(
    on_away: Callable[[], None],
    on_awake: Callable[[], None],
    address: str | None = None,
    environ: Mapping[str, str] = os.environ,
) -> None:
    """Call `on_away` when the machine is about to sleep or the screen is locked, and `on_awake` after a sleep.

    Runs until cancelled or the bus ends. `address` defaults to that of the system bus.
    """
    bus = MessageBus(address, BusType.SYSTEM)
    try:
        with anyio.fail_after(ANSWER_TIMEOUT_S):
            await bus.connect()
            session = await _find_session(bus, environ.get("XDG_SESSION_ID", ""))
            logind: str | None = None

            def on_message(message: Message) -> None:
                nonlocal logind
                if message.message_type is not MessageType.SIGNAL:
                    return
                if message.sender == BUS and message.member == "NameOwnerChanged" and message.body[0] == LOGIN:
                    logind = message.body[2]
                elif message.sender == logind:
                    match _parse_signal(message, session):
                        case True:
                            on_away()
                        case False:
                            on_awake()

            bus.add_message_handler(on_message)
            owner = f"sender='{BUS}',member='NameOwnerChanged',arg0='{LOGIN}'"
            rules = (f"sender='{LOGIN}',interface='{interface}'" for interface in (MANAGER, SESSION, PROPERTIES))
            for rule in (owner, *rules):
                await _call(bus, BUS, BUS_PATH, BUS, "AddMatch", "s", f"type='signal',{rule}")
            known = await _call(bus, BUS, BUS_PATH, BUS, "GetNameOwner", "s", LOGIN)
            if logind is None:  # otherwise a signal has set a newer one
                logind = str(known[0]) if known else ""
    except (OSError, DBusFastError, EOFError, ValueError) as error:
        logger.info("sleep cannot be detected: %s", type(error).__name__)
        bus.disconnect()
        return
    try:
        with suppress(Exception):  # however the bus ended, it has ended
            await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
    finally:
        bus.disconnect()


def _parse_signal(message: Message, session: str) -> bool | None:
    """Return True when logind signals that the user is away, False after a wake-up; None for other signals."""
    match message.interface, message.member, message.body:
        case (interface, "PrepareForSleep", [bool(sleeps)]) if interface == MANAGER:
            return sleeps
        case (interface, "Lock", []) if interface == SESSION and message.path == session:
            return True
        case (interface, "PropertiesChanged", [_, dict(changed), *_]) if interface == PROPERTIES:
            hint = changed.get("LockedHint")
            return True if message.path == session and hint is not None and hint.value is True else None
    return None


async def _find_session(bus: MessageBus, session_id: str) -> str:
    """Return the object path of this process's session, else of the session `session_id`, else of the user's displayed
    one.

    Empty where there is none, as on a machine that is used remotely.
    """
    for member, signature, argument in (("GetSessionByPID", "u", os.getpid()), ("GetSession", "s", session_id)):
        match await _call(bus, LOGIN, PATH, MANAGER, member, signature, argument) if argument else []:
            case [str(path)]:
                return path
    match await _call(bus, LOGIN, PATH, MANAGER, "GetUser", "u", os.getuid()):
        case [str(user)]:
            match await _call(bus, LOGIN, user, PROPERTIES, "Get", "ss", USER, "Display"):
                case [Variant(value=[str(name), str(path)])] if name:
                    return path
    logger.info("a locked screen cannot be detected: there is no session")
    return ""


async def _call(
    bus: MessageBus, name: str, path: str, interface: str, member: str, signature: str, *body: Any
) -> list[Any]:
    """Call a D-Bus method and return its answer, empty where there is none."""
    message = Message(
        destination=name, path=path, interface=interface, member=member, signature=signature, body=list(body)
    )
    return await call_bus(bus, message)
