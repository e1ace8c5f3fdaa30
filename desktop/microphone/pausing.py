"""Pausing players, by MPRIS: the D-Bus interface that every Linux player and browser has for its media keys."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
from dbus_fast import Message, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusFastError

from desktop.microphone.others import Debt

logger = logging.getLogger(__name__)

NAMES = "org.mpris.MediaPlayer2."
PLAYER = "org.mpris.MediaPlayer2.Player"
PATH = "/org/mpris/MediaPlayer2"

ANSWER_S = 1.0
"""How long a player may think."""


class Pausing:
    """`others.Kind` for the players that play now."""

    async def find(self) -> list[Debt]:
        """The players that play."""
        async with _session() as session:
            names = (await session.ask("org.freedesktop.DBus", "ListNames") or [[]])[0]
            return [
                Debt("pause", name, await session.owner(name))
                for name in names
                if name.startswith(NAMES) and await session.status(name) == "Playing"
            ]

    async def make(self, debt: Debt) -> None:
        """Pause it."""
        async with _session() as session:
            await session.ask(debt.who, "Pause")

    async def pay(self, debt: Debt) -> bool:
        """Let it go on, if it is the same player and nobody has touched it."""
        async with _session() as session:
            if await session.owner(debt.who) == debt.where and await session.status(debt.who) == "Paused":
                await session.ask(debt.who, "Play")
        return True


class _Session:
    """The session bus; None where there is none. Asking it never raises: who does not answer has nothing to say."""

    def __init__(self, bus: MessageBus | None) -> None:
        self._bus = bus

    async def ask(self, name: str, member: str, signature: str = "", *body: Any) -> list[Any]:
        """The body of the answer, empty where there is none."""
        if self._bus is None:
            return []
        interface, path = PLAYER, PATH
        if name == "org.freedesktop.DBus":
            interface, path = name, "/org/freedesktop/DBus"
        elif member == "Get":
            interface = "org.freedesktop.DBus.Properties"
        message = Message(
            destination=name, path=path, interface=interface, member=member, signature=signature, body=list(body)
        )
        with anyio.move_on_after(ANSWER_S):
            answer = await self._bus.call(message)
            if answer is not None and not answer.error_name:
                return list(answer.body)
        return []

    async def owner(self, name: str) -> str:
        """The connection that has `name` now."""
        return str((await self.ask("org.freedesktop.DBus", "GetNameOwner", "s", name) or [""])[0])

    async def status(self, name: str) -> str:
        """Playing, Paused or Stopped."""
        found = await self.ask(name, "Get", "ss", PLAYER, "PlaybackStatus")
        match found:
            case [Variant(value=str(status))]:
                return status
        return ""


@asynccontextmanager
async def _session() -> AsyncIterator[_Session]:
    try:
        with anyio.fail_after(ANSWER_S):
            bus = await MessageBus().connect()
    except (OSError, DBusFastError, EOFError, ValueError) as error:
        logger.info("no session bus: %s", str(error))
        yield _Session(None)
        return
    try:
        yield _Session(bus)
    finally:
        bus.disconnect()
