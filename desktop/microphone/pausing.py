"""Pausing players, by MPRIS: the D-Bus interface that every Linux player and browser has for its media keys.

A player answers at once and does what it was asked a moment later, so that is waited for: one that is asked too early
what it does seems to have been touched by somebody.
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

from desktop.microphone.others import Debt

logger = logging.getLogger(__name__)

NAMES = "org.mpris.MediaPlayer2."
PLAYER = "org.mpris.MediaPlayer2.Player"
PATH = "/org/mpris/MediaPlayer2"

ANSWER_S = 1.0
"""How long a player may think."""

LOOK_S = 0.02
"""How often it is asked whether it has done so: not every player tells of that."""


class Pausing:
    """`others.Kind` for the players that play now."""

    async def find(self) -> list[Debt]:
        """The players that play."""
        async with _session() as session:
            names = (await session.ask("org.freedesktop.DBus", "ListNames") or [[]])[0]
            return [
                Debt("pause", name, owner)
                for name in names
                if name.startswith(NAMES) and await session.status(name) == "Playing"
                if (owner := await session.owner(name))
            ]

    async def make(self, debt: Debt) -> None:
        """Pause it, and wait until it has, also where one is cancelled meanwhile: only then can it be paid."""
        async with _session() as session:
            with anyio.CancelScope(shield=True):
                await session.ask(debt.who, "Pause")
                await session.left(debt.who, "Playing")

    async def pay(self, debt: Debt) -> bool:
        """Let it go on, if it is the same player and nobody has touched it. The debt stays where that is not known."""
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
    """The session bus; None where there is none. Asking it never raises."""

    def __init__(self, bus: MessageBus | None) -> None:
        self._bus = bus

    async def ask(self, name: str, member: str, signature: str = "", *body: Any) -> list[Any] | None:
        """The body of the answer, empty where that is an error; None where nobody answers."""
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
        """The connection that has `name` now, empty where none has; None where nobody answers."""
        found = await self.ask("org.freedesktop.DBus", "GetNameOwner", "s", name)
        return None if found is None else str((found or [""])[0])

    async def status(self, name: str) -> str | None:
        """Playing, Paused or Stopped, empty where it has none; None where nobody answers."""
        match await self.ask(name, "Get", "ss", PLAYER, "PlaybackStatus"):
            case None:
                return None
            case [Variant(value=str(status))]:
                return status
        return ""

    async def left(self, name: str, status: str) -> None:
        """Wait until the player has that `status` no more, but not for ever."""
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
