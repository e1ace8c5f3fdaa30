"""A desktop's portal on a bus of the test's own: it agrees to everything except what a test has it refuse.

It does what real ones were seen to do: shortcuts for no identity without a dot, one bind a session (GNOME), a status
that says nothing about the result (GNOME), no calls for a session that was closed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
from dbus_fast import Message, MessageType, RequestNameReply, Variant
from dbus_fast.aio import MessageBus

from desktop.platforms.linux.portal import BUS_NAME, OBJECT_PATH, REQUEST_INTERFACE, SESSION_INTERFACE


class FakePortal:
    """`asked` is every call, by its member; `refuses` and `ignores` name those that get a no, and no answer at all;
    the key (a keysym) `fails_at` is answered with an error. While it `sleeps` no call at all is answered. `statuses`
    are those of answers that bring their results all the same; `before_answer` is called before the answer to a member.

    `results` is what a granted request brings; `properties` what the interfaces have, none where empty.
    """

    def __init__(self, bus: MessageBus, **properties: Variant) -> None:
        self.asked: list[tuple[str, list[Any]]] = []
        self.refuses: set[str] = set()
        self.ignores: set[str] = set()
        self.statuses: dict[str, int] = {}
        self.before_answer: dict[str, Callable[[], None]] = {}
        self.app_id = ""
        self.fails_at = 0
        self.sleeps = False
        self.results: dict[str, dict[str, Variant]] = {}
        self.properties = properties
        self.session = ""
        self._ignored = ""
        self._sessions: set[str] = set()
        self._bound: set[str] = set()
        self._bus = bus
        self._changed = asyncio.Event()
        bus.add_message_handler(self._handle)

    def calls(self, member: str) -> list[list[Any]]:
        """The arguments of every such call."""
        return [arguments for called, arguments in self.asked if called == member]

    async def until_asked(self, member: str, times: int = 1) -> list[Any]:
        """The arguments of such a call, the first or a later one, once there are so many."""
        with anyio.fail_after(10):
            while len(self.calls(member)) < times:
                self._changed.clear()
                await self._changed.wait()
        return self.calls(member)[times - 1]

    def say(self, interface: str, member: str, signature: str, *body: object, path: str = OBJECT_PATH) -> None:
        """Send a signal."""
        self._bus.send(Message.new_signal(path, interface, member, signature, list(body)))

    def shortcut(self, member: str, name: str = "talk") -> None:
        """Tell of a key."""
        self.say("org.freedesktop.portal.GlobalShortcuts", member, "osta{sv}", self.session, name, 0, {})

    def change_shortcuts(self, *shortcuts: tuple[str, dict[str, Variant]]) -> None:
        """Tell what the user has made of the keys in the desktop's settings."""
        body = [list(shortcut) for shortcut in shortcuts]
        interface = "org.freedesktop.portal.GlobalShortcuts"
        self.say(interface, "ShortcutsChanged", "oa(sa{sv})", self.session, body)

    def close_session(self) -> None:
        """Take back what was granted."""
        self._sessions.discard(self.session)
        self.say(SESSION_INTERFACE, "Closed", "a{sv}", {}, path=self.session)

    def forget_sessions(self) -> None:
        """Take back what was granted, without a word."""
        self._sessions.clear()

    def answer_ignored(self, results: dict[str, Variant]) -> None:
        """Answer the last request that was ignored."""
        self.say(REQUEST_INTERFACE, "Response", "ua{sv}", 0, results, path=self._ignored)

    def end(self) -> None:
        """Leave the bus, as one that crashes."""
        self._bus.disconnect()

    def _handle(self, message: Message) -> Message | bool | None:
        if message.message_type is not MessageType.METHOD_CALL or not (message.path or "").startswith(OBJECT_PATH):
            return None
        self.asked.append((message.member or "", message.body))
        self._changed.set()
        if self.sleeps or (message.member == "Get" and "Get" in self.ignores):
            return True
        if message.member == "Get":
            found = self.properties.get(message.body[1])
            if found is None:
                return Message.new_error(message, "org.freedesktop.DBus.Error.UnknownProperty", "there is none")
            return Message.new_method_return(message, "v", [found])
        if message.member in self.ignores:
            if message.member not in _PLAIN:
                self._ignored = _request(message)
            return None if message.member in _PLAIN else Message.new_method_return(message, "o", [_request(message)])
        if message.member == "Register":
            self.app_id = message.body[0]
        if message.member == "Close":
            self._sessions.discard(message.path or "")
        if message.member == "NotifyKeyboardKeysym" and message.body[0] not in self._sessions:
            return Message.new_error(message, "org.freedesktop.DBus.Error.AccessDenied", "Invalid session")
        if message.member == "NotifyKeyboardKeysym" and message.body[2] == self.fails_at:
            return Message.new_error(message, "org.freedesktop.DBus.Error.Failed", "the session is stale")
        if message.member in _PLAIN:
            return Message.new_method_return(message)
        self._answer(message)
        return Message.new_method_return(message, "o", [_request(message)])

    def _answer(self, message: Message) -> None:
        self.before_answer.get(message.member or "", lambda: None)()
        results = dict(self.results.get(message.member or "", {}))
        if message.member == "CreateSession":
            self.session = f"{OBJECT_PATH}/session/{_sender(message)}/{message.body[-1]['session_handle_token'].value}"
            results["session_handle"] = Variant("s", self.session)
            self._sessions.add(self.session)
        refused = message.member in self.refuses
        if message.member == "BindShortcuts":
            refused = refused or "." not in self.app_id or self.session in self._bound
            self._bound.add(self.session)
        status = 2 if refused else self.statuses.get(message.member or "", 0)
        self.say(REQUEST_INTERFACE, "Response", "ua{sv}", status, {} if refused else results, path=_request(message))


_PLAIN = ("NotifyKeyboardKeysym", "Register", "Close", "ConfigureShortcuts")
"""Calls that are answered at once."""


def _sender(message: Message) -> str:
    return (message.sender or "")[1:].replace(".", "_")


def _request(message: Message) -> str:
    return f"{OBJECT_PATH}/request/{_sender(message)}/{message.body[-1]['handle_token'].value}"


@asynccontextmanager
async def fake_portal(address: str, **properties: Variant) -> AsyncIterator[FakePortal]:
    """A portal on the bus at `address`."""
    bus = await MessageBus(address).connect()
    try:
        portal = FakePortal(bus, **properties)
        assert await bus.request_name(BUS_NAME) is RequestNameReply.PRIMARY_OWNER
        yield portal
    finally:
        bus.disconnect()
