"""Pause players over MPRIS, the D-Bus interface behind the media keys of every Linux player and browser.

A player answers at once and acts a moment later, so the change is awaited: a status read too early looks like a change
by the user.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
from dbus_fast import Message, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusFastError

from desktop.audio.ducking import DuckedStream
from desktop.platforms.linux.dbus import call_bus

logger = logging.getLogger(__name__)

MPRIS_PREFIX = "org.mpris.MediaPlayer2."
MPRIS_PLAYER = "org.mpris.MediaPlayer2.Player"
MPRIS_PATH = "/org/mpris/MediaPlayer2"

ANSWER_TIMEOUT_S = 1.0
"""Seconds that a player may take to answer."""

POLL_INTERVAL_S = 0.02
"""Seconds between two status queries: not every player signals a change."""


class PlayerPauser:
    """`DuckingMethod` for the players that play now."""

    async def find_streams(self) -> list[DuckedStream]:
        """Return the playing players."""
        async with _open_session_bus() as session:
            names = (await session.call("org.freedesktop.DBus", "ListNames") or [[]])[0]
            return [
                DuckedStream("pause", name, owner)
                for name in names
                if name.startswith(MPRIS_PREFIX) and await session.get_status(name) == "Playing"
                if (owner := await session.get_owner(name))
            ]

    async def apply(self, stream: DuckedStream) -> None:
        """Pause the player and wait until it has paused, also when cancelled: only then can it be undone."""
        async with _open_session_bus() as session:
            with anyio.CancelScope(shield=True):
                await session.call(stream.who, "Pause")
                await session.wait_for_change(stream.who, "Playing")

    async def restore(self, stream: DuckedStream) -> bool:
        """Resume the same player if it is still paused; return whether that is settled. It is not without an answer."""
        async with _open_session_bus() as session:
            owner = await session.get_owner(stream.who)
            if owner != stream.where:
                return owner is not None
            status = await session.get_status(stream.who)
            if status == "Paused":
                await session.call(stream.who, "Play")
                await session.wait_for_change(stream.who, "Paused")
            return status is not None


class _SessionBus:
    """The session bus, or None without one. Calls never raise."""

    def __init__(self, bus: MessageBus | None) -> None:
        self._bus = bus

    async def call(self, name: str, member: str, signature: str = "", *body: Any) -> list[Any] | None:
        """Call a method and return the answer's body, empty for an error; None without an answer."""
        if self._bus is None:
            return None
        interface, path = MPRIS_PLAYER, MPRIS_PATH
        if name == "org.freedesktop.DBus":
            interface, path = name, "/org/freedesktop/DBus"
        elif member == "Get":
            interface = "org.freedesktop.DBus.Properties"
        try:
            message = Message(
                destination=name, path=path, interface=interface, member=member, signature=signature, body=list(body)
            )
            with anyio.move_on_after(ANSWER_TIMEOUT_S):
                return await call_bus(self._bus, message)
        except (OSError, EOFError, DBusFastError) as error:
            logger.info("the session bus has gone: %s", str(error))
        return None

    async def get_owner(self, name: str) -> str | None:
        """Return the connection that owns `name`, empty if none does; None without an answer."""
        answer = await self.call("org.freedesktop.DBus", "GetNameOwner", "s", name)
        return None if answer is None else str((answer or [""])[0])

    async def get_status(self, name: str) -> str | None:
        """Return Playing, Paused or Stopped, empty if it has no status; None without an answer."""
        match await self.call(name, "Get", "ss", MPRIS_PLAYER, "PlaybackStatus"):
            case None:
                return None
            case [Variant(value=str(status))]:
                return status
        return ""

    async def wait_for_change(self, name: str, status: str) -> None:
        """Wait until the player has another status, `ANSWER_TIMEOUT_S` at most."""
        with anyio.move_on_after(ANSWER_TIMEOUT_S):
            while True:
                if await self.get_status(name) != status:
                    return
                await anyio.sleep(POLL_INTERVAL_S)


@asynccontextmanager
async def _open_session_bus() -> AsyncIterator[_SessionBus]:
    try:
        with anyio.fail_after(ANSWER_TIMEOUT_S):
            bus = await MessageBus().connect()
    except (OSError, EOFError, DBusFastError, ValueError) as error:
        logger.info("no session bus: %s", str(error))
        yield _SessionBus(None)
        return
    try:
        yield _SessionBus(bus)
    finally:
        bus.disconnect()
