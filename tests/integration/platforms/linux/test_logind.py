"""The machine sleeps and wakes, and its screen is locked, as a logind of the test's own tells it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest
from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from desktop.platforms.linux.logind import BUS, BUS_PATH, LOGIN, MANAGER, PATH, PROPERTIES, SESSION, USER, watch_session

pytestmark = pytest.mark.anyio

AGAIN_S = 0.1
"""How long a signal is waited for until it is given again."""

OURS, THEIRS = f"{PATH}/session/_32", f"{PATH}/session/_33"


USER_PATH = f"{PATH}/user/_1000"

BY = {
    ("GetSessionByPID", os.getpid()): ("o", OURS),
    ("GetSession", "c2"): ("o", OURS),
    ("Get", USER, "Display"): ("v", Variant("(so)", ["c2", OURS])),
}
"""What logind may be asked for the session that is ours, and its answer."""


class Logind:
    """Tells who `asks` that its session is `OURS`, if it is asked for it `by` this, else that there is none; and gives
    the signals that a test wants."""

    def __init__(self, bus: MessageBus, by: str) -> None:
        self.asked = anyio.Event()
        self.asks = ""
        self._by = by
        self._bus = bus
        bus.add_message_handler(self._handle)

    def say(self, interface: str, member: str, signature: str, *body: object, path: str = PATH) -> None:
        self._bus.send(Message.new_signal(path, interface, member, signature, list(body)))

    async def leave(self) -> None:
        """Be logind no more."""
        await self._bus.release_name(LOGIN)

    def locked(self, path: str, *, hint: bool = True) -> None:
        self.say(
            PROPERTIES, "PropertiesChanged", "sa{sv}as", SESSION, {"LockedHint": Variant("b", hint)}, [], path=path
        )

    def _handle(self, message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL or not (message.path or "").startswith(PATH):
            return None
        self.asks = message.sender or ""
        self.asked.set()
        if message.member == "GetUser" and message.body == [os.getuid()]:
            return Message.new_method_return(message, "o", [USER_PATH])
        answer = BY.get((message.member or "", *message.body))
        if message.member != self._by or answer is None:
            return Message.new_error(message, f"{LOGIN}.NoSessionForPID", "does not belong to any known session")
        return Message.new_method_return(message, answer[0], [answer[1]])


class Person:
    """Whom the signals concern: `told` is what came, in order."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self._news = anyio.Event()

    def away(self) -> None:
        self._tell("away")

    def awake(self) -> None:
        self._tell("awake")

    async def until(self, *told: str) -> None:
        with anyio.fail_after(10):
            while self.told != list(told):
                await self.news()

    async def news(self) -> None:
        """Wait until one is told something."""
        await self._news.wait()

    def _tell(self, what: str) -> None:
        self.told.append(what)
        self._news.set()
        self._news = anyio.Event()


@asynccontextmanager
async def watched(address: str, by: str = "GetSessionByPID") -> AsyncIterator[tuple[Logind, Person]]:
    """A logind on the bus, and a person who is watched by it."""
    bus = await MessageBus(address).connect()
    await bus.request_name(LOGIN)
    logind, person = Logind(bus, by), Person()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watch_session, person.away, person.awake, address, {"XDG_SESSION_ID": "c2"})
        await logind.asked.wait()
        with anyio.fail_after(10):
            while not person.told:  # until the watch is there
                logind.say(MANAGER, "PrepareForSleep", "b", True)
                with anyio.move_on_after(AGAIN_S):  # a bus that is flooded hangs up
                    await person.news()
        logind.say(MANAGER, "PrepareForSleep", "b", False)
        with anyio.fail_after(10):
            while person.told[-1] != "awake":
                await person.news()
        person.told.clear()
        yield logind, person
        tasks.cancel_scope.cancel()
    bus.disconnect()


async def test_sleep_and_waking_are_told(bus: str) -> None:
    async with watched(bus) as (logind, person):
        logind.say(MANAGER, "PrepareForSleep", "b", True)
        logind.say(MANAGER, "PrepareForSleep", "b", False)
        await person.until("away", "awake")


@pytest.mark.parametrize("by", ["GetSessionByPID", "GetSession", "Get"])
async def test_lock_signals_count_only_for_our_session(bus: str, by: str) -> None:
    async with watched(bus, by) as (logind, person):
        logind.locked(THEIRS)
        logind.locked(OURS, hint=False)
        logind.say(SESSION, "Lock", "", path=THEIRS)
        logind.locked(OURS)
        logind.say(SESSION, "Lock", "", path=OURS)
        logind.say(MANAGER, "PrepareForSleep", "b", False)
        await person.until("away", "away", "awake")


async def test_signals_not_from_logind_are_ignored(bus: str) -> None:
    async with watched(bus) as (logind, person):
        stranger = await MessageBus(bus).connect()
        for path, interface, member, signature, body in (
            (PATH, MANAGER, "PrepareForSleep", "b", [True]),
            (OURS, SESSION, "Lock", "", []),
            (BUS_PATH, BUS, "NameOwnerChanged", "sss", [LOGIN, "", stranger.unique_name]),
            (PATH, MANAGER, "PrepareForSleep", "b", [False]),
        ):
            signal = Message.new_signal(path, interface, member, signature, body)
            signal.destination = logind.asks
            stranger.send(signal)
        await stranger.request_name("org.example.Stranger")  # by the answer the bus has passed on what came before
        logind.say(MANAGER, "PrepareForSleep", "b", True)
        await person.until("away")
        stranger.disconnect()


async def test_a_logind_that_starts_anew_is_believed(bus: str) -> None:
    async with watched(bus) as (before, person):
        await before.leave()
        connection = await MessageBus(bus).connect()
        await connection.request_name(LOGIN)
        Logind(connection, "").say(MANAGER, "PrepareForSleep", "b", True)
        await person.until("away")
        connection.disconnect()


async def test_without_a_session_no_screen_is_ours(bus: str) -> None:
    async with watched(bus, "nothing") as (logind, person):
        logind.locked(OURS)
        logind.say(MANAGER, "PrepareForSleep", "b", True)
        await person.until("away")


async def test_where_nobody_tells_nothing_is_known(tmp_path: object) -> None:
    with anyio.fail_after(10):
        await watch_session(lambda: None, lambda: None, f"unix:path={tmp_path}/no-bus")
