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

from desktop.audio.others import Debt

logger = logging.getLogger(__name__)

NAMES = "org.mpris.MediaPlayer2."
PLAYER = "org.mpris.MediaPlayer2.Player"
PATH = "/org/mpris/MediaPlayer2"

ANSWER_S = 1.0
"""Seconds that a player may take to answer."""

LOOK_S = 0.02
"""Seconds between two status queries: not every player signals a change."""


class Pausing:
    """`DuckingMethod` for the players that play now."""

    async def find(self) -> list[Debt]:
        """Return the playing players."""
        async with _session() as session:
            names = (await session.ask("org.freedesktop.DBus", "ListNames") or [[]])[0]
            return [
                Debt("pause", name, owner)
                for name in names
                if name.startswith(NAMES) and await session.status(name) == "Playing"
                if (owner := await session.owner(name))
            ]

    async def make(self, debt: Debt) -> None:
        """Pause the player and wait until it has paused, also when cancelled: only then can it be undone."""
        async with _session() as session:
            with anyio.CancelScope(shield=True):
                await session.ask(debt.who, "Pause")
                await session.left(debt.who, "Playing")

    async def pay(self, debt: Debt) -> bool:
        """Resume the same player if it is still paused; return whether that is settled. It is not without an answer."""
        async with _session() as session:
            owner = await session.owner(debt.who)
            if owner != debt.where:
                return owner is not None
            status = await session.status(debt.who)
            if status == "Paused":
                await session.ask(debt.who, "Play")
                await session.left(debt.who, "Paused")
            return status is not None


class _Session:
    """The session bus, or None without one. Calls never raise."""

    def __init__(self, bus: MessageBus | None) -> None:
        self._bus = bus

    async def ask(self, name: str, member: str, signature: str = "", *body: Any) -> list[Any] | None:
        """Call a method and return the answer's body, empty for an error; None without an answer."""
        if self._bus is None:
            return None
        interface, path = PLAYER, PATH
        if name == "org.freedesktop.DBus":
            interface, path = name, "/org/freedesktop/DBus"
        elif member == "Get":
            interface = "org.freedesktop.DBus.Properties"
        try:
            message = Message(
                destination=name, path=path, interface=interface, member=member, signature=signature, body=list(body)
            )
            with anyio.move_on_after(ANSWER_S):
                answer = await self._bus.call(message)
                return list(answer.body) if answer is not None and not answer.error_name else []
        except (OSError, EOFError, DBusFastError) as error:
            logger.info("the session bus has gone: %s", str(error))
        return None

    async def owner(self, name: str) -> str | None:
        """Return the connection that owns `name`, empty if none does; None without an answer."""
        found = await self.ask("org.freedesktop.DBus", "GetNameOwner", "s", name)
        return None if found is None else str((found or [""])[0])

    async def status(self, name: str) -> str | None:
        """Return Playing, Paused or Stopped, empty if it has no status; None without an answer."""
        match await self.ask(name, "Get", "ss", PLAYER, "PlaybackStatus"):
            case None:
                return None
            case [Variant(value=str(status))]:
                return status
        return ""

    async def left(self, name: str, status: str) -> None:
        """Wait until the player has another status, `ANSWER_TIMEOUT_S` at most."""
        with anyio.move_on_after(ANSWER_S):
            while True:
                if await self.status(name) != status:
                    return
                await anyio.sleep(LOOK_S)


@asynccontextmanager
async def _session() -> AsyncIterator[_Session]:
    try:
        with anyio.fail_after(ANSWER_S):
            bus = await MessageBus().connect()
    except (OSError, EOFError, DBusFastError, ValueError) as error:
        logger.info("no session bus: %s", str(error))
        yield _Session(None)
        return
    try:
        yield _Session(bus)
    finally:
        bus.disconnect()
