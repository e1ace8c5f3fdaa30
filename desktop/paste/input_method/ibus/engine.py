"""A connection to IBus's daemon by which Intone is an engine: serve the daemon's calls, and set the daemon's engine.

Every answer is given at once, since the daemon waits for some of them, and a program for each key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from dbus_fast import Message, MessageFlag, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusFastError

from desktop.paste.input_method.ibus.field import IBusField
from desktop.paste.input_method.ibus.messages import (
    BUS,
    BUS_PATH,
    COMPONENT_NAME,
    CONTEXT,
    ENGINE,
    ENGINE_NAME,
    FACTORY,
    IBUS,
    IBUS_PATH,
    INTROSPECTABLE,
    PROPERTIES,
    decode_composition,
    decode_engine_name,
    encode_component,
    unwrap,
)

CONNECT_TIMEOUT_S = 3.0
"""Seconds that a daemon may take to let a program in; it takes some ms."""

REGISTER = "RegisterComponent"
"""The daemon's method by which a program offers engines."""

CALL_TIMEOUT_S = 2.0
"""Seconds that an answer may take. Setting an engine whose process is not there yet takes the longest: libpinyin is up
in 0.2 s."""

WATCHED = (
    f"type='signal',interface='{IBUS}',member='GlobalEngineChanged'",
    f"type='signal',interface='{ENGINE}',member='UpdatePreeditText'",
    f"type='signal',interface='{ENGINE}',member='HidePreeditText'",
    f"type='signal',interface='{BUS}',member='NameOwnerChanged'",
    f"type='method_call',interface='{CONTEXT}',member='FocusIn'",
)
"""What the daemon sends to those who ask: that another engine was set, what the user's engine shows as composed, that
its process has ended, and that a program says that its field has got the focus."""

TRAITS = {"FocusId": Variant("b", True), "ActiveSurroundingText": Variant("b", True)}
"""What the daemon asks of an engine that it has not met yet: say whose field it is, and have its text reported."""


class IBusRefusalError(OSError):
    """The daemon answered with an error."""


class IBusConnection:
    """One connection, for one loop.

    `on_engine_changed(name)` is called some time after another engine is the daemon's, also after the daemon has
    answered later calls. That another engine was set is known by the field before, which loses the focus. `focus_count`
    is how many fields have got the focus since the connection was there.
    """

    def __init__(self, bus: MessageBus, on_engine_changed: Callable[[str], None] = lambda _: None) -> None:
        self._bus = bus
        self._on_engine_changed = on_engine_changed
        self._field: IBusField | None = None
        self._path = ""
        self.focus_count = 0
        self._engines = 0
        self._is_registered = False
        self._composition = self._composed_at = ""
        self._composer: str | None = None
        self._locating: asyncio.Task[None] | None = None
        self._late = set[asyncio.Task[Any]]()
        bus.add_message_handler(self._on_message)

    @classmethod
    async def connect(cls, address: str, on_engine_changed: Callable[[str], None] = lambda _: None) -> IBusConnection:
        """Connect to the daemon at `address`. Raises `OSError`."""
        bus: MessageBus | None = None
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                bus = MessageBus(address)
                await bus.connect()
                connection = cls(bus, on_engine_changed)
                for rule in WATCHED:
                    await connection._call(BUS, BUS_PATH, BUS, "AddMatch", "s", rule)
        except BaseException as error:
            if bus is not None:
                bus.disconnect()
            if isinstance(error, DBusFastError | EOFError | ValueError | TimeoutError):
                raise OSError(f"IBus cannot be reached: {type(error).__name__}") from error
            raise
        return connection

    @property
    def unique_name(self) -> str:
        """Return what the daemon's bus calls this connection."""
        return self._bus.unique_name or ""

    @property
    def composition(self) -> tuple[str, str]:
        """Return what the user is composing now and would lose by another engine, and the daemon's object of its field.
        Used at the moment, never kept."""
        return self._composition, self._composed_at

    @property
    def answers(self) -> bool:
        """Return whether the daemon has answered all that it was asked, however late."""
        return not self._late

    async def wait_answers(self) -> None:
        """Wait until the daemon has answered, or is gone."""
        while self._late:
            await asyncio.wait(self._late)

    @property
    def is_connected(self) -> bool:
        """Return whether the daemon is there."""
        return bool(self._bus.connected)

    def disconnect(self) -> None:
        """Leave the daemon, which has no engine then until one is set."""
        self._bus.disconnect()
        self._forget()

    async def wait_disconnected(self) -> None:
        """Return when the daemon is gone, or `disconnect` was called."""
        with suppress(Exception):
            await self._bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
        self._forget()

    def _forget(self) -> None:
        self._lose_field()
        self._composition = ""
        for call in self._late:
            call.cancel()

    async def takes_engines(self) -> bool:
        """Return whether programs can offer engines: fcitx5, which answers as IBus's daemon does, takes none. Raises
        `OSError`."""
        answer = await self._call(IBUS, IBUS_PATH, INTROSPECTABLE, "Introspect", "")
        return any(REGISTER in text for text in answer if isinstance(text, str))

    async def register(self) -> None:
        """Offer our engine to the daemon, once: from now on it has no engine when this connection ends. Raises
        `OSError`."""
        if not self._is_registered:
            await self._call(BUS, BUS_PATH, BUS, "RequestName", "su", COMPONENT_NAME, 0)
            await self._call(IBUS, IBUS_PATH, IBUS, REGISTER, "v", encode_component())
            self._is_registered = True

    async def has_owner(self, name: str) -> bool:
        """Return whether `name` is on the daemon's bus. Raises `OSError`."""
        return bool(await self._call(BUS, BUS_PATH, BUS, "NameHasOwner", "s", name) == [True])

    async def read_global_engine(self) -> str:
        """Return the name of the daemon's engine; empty if it has none, or one for each field. Raises `OSError`."""
        return decode_engine_name(await self._read("GlobalEngine"))

    async def _read(self, name: str) -> object:
        try:
            answer = await self._call(IBUS, IBUS_PATH, PROPERTIES, "Get", "ss", IBUS, name)
        except IBusRefusalError:
            return None
        return unwrap(answer[0]) if answer else None

    async def set_global_engine(self, name: str) -> None:
        """Set the daemon's engine. Raises `OSError`."""
        await self._call(IBUS, IBUS_PATH, IBUS, "SetGlobalEngine", "s", name)

    def expect_field(self) -> IBusField:
        """Return the field that will be ours when our engine is set next."""
        self._lose_field()
        self._path = self._composition = ""
        self._field = IBusField(self._emit, self._field.last_report if self._field is not None else None)
        return self._field

    def _lose_field(self) -> None:
        if self._field is not None:
            self._field.lose()

    def _emit(self, member: str, signature: str, *body: Any) -> None:
        """Send a signal of our engine. Raises `OSError`."""
        if not self._bus.connected or not self._path:
            raise OSError("IBus is gone")
        signal = Message(
            path=self._path,
            interface=ENGINE,
            member=member,
            message_type=MessageType.SIGNAL,
            signature=signature,
            body=list(body),
        )
        self._bus.send(signal).add_done_callback(_take_error)

    async def _call(self, to: str, path: str, interface: str, member: str, signature: str, *body: Any) -> list[Any]:
        if not self._bus.connected:
            raise OSError("IBus is gone")
        message = Message(to, path, interface, member, signature=signature, body=list(body))
        call = asyncio.ensure_future(self._bus.call(message))
        try:
            done, _ = await asyncio.wait({call}, timeout=CALL_TIMEOUT_S)
        except asyncio.CancelledError:
            call.cancel()
            raise
        if not done:
            self._late.add(call)
            call.add_done_callback(self._late.discard)
            call.add_done_callback(_take_error)
            raise OSError(f"IBus does not answer {member}")
        try:
            answer = call.result()
        except (DBusFastError, EOFError, asyncio.CancelledError) as error:
            raise OSError(f"IBus does not answer {member}: {type(error).__name__}") from error
        if answer is None:
            raise OSError("IBus is gone")
        if answer.message_type is MessageType.ERROR:
            raise IBusRefusalError(f"IBus refused {member}: {answer.error_name}")
        return list(answer.body)

    # -- the daemon's calls ---------------------------------------------------------------------------------------

    def _on_message(self, message: Message) -> Message | bool | None:
        """Answer a call; return None for what is not ours."""
        if message.message_type is MessageType.SIGNAL:
            self._on_signal(message)
            return None
        if message.message_type is not MessageType.METHOD_CALL:
            return None
        if message.interface == CONTEXT:  # what a program says to the daemon
            self.focus_count += 1
            return True
        if message.interface == FACTORY and message.member == "CreateEngine":
            if message.body != [ENGINE_NAME]:
                return Message.new_error(message, "org.freedesktop.DBus.Error.Failed", "there is no such engine")
            return self._answer(message, "o", self._create_engine())
        if not (message.path or "").startswith(f"{IBUS_PATH}/Engine/{ENGINE_NAME}/"):
            return None
        if message.interface == PROPERTIES:
            return self._on_properties(message)
        if message.interface == ENGINE and message.member == "ProcessKeyEvent":
            return self._answer(message, "b", False)
        if message.interface == ENGINE and message.path == self._path and self._field is not None:
            self._field.on_call(message.member or "", message.body)
        return self._answer(message)

    def _on_signal(self, message: Message) -> None:
        match message.interface, message.member, message.body:
            case "org.freedesktop.IBus", "GlobalEngineChanged", [str(name)]:
                self._composition = ""
                self._on_engine_changed(name)
            case "org.freedesktop.IBus.Engine", "UpdatePreeditText", body if message.sender != self.unique_name:
                self._composer = message.sender
                self._composition, self._composed_at = decode_composition(body), ""
                if self._composition:
                    self._locating = asyncio.get_running_loop().create_task(self._locate_composition())
            case "org.freedesktop.IBus.Engine", "HidePreeditText", _:
                self._composition = ""
            case "org.freedesktop.DBus", "NameOwnerChanged", [self._composer, *_]:
                self._composition = ""

    async def _locate_composition(self) -> None:
        """Ask in which field the user composes: an engine need not say that a composition went with the focus."""
        with suppress(OSError):
            self._composed_at = str(await self._read("CurrentInputContext"))

    def _create_engine(self) -> str:
        """Return the object of a new engine: the daemon may still have the last one."""
        self._engines += 1
        self._path = f"{IBUS_PATH}/Engine/{ENGINE_NAME}/{self._engines}"
        return self._path

    def _on_properties(self, message: Message) -> Message | bool:
        match message.member, message.body:
            case "Get", [_, str(name)] if name in TRAITS:
                return self._answer(message, "v", TRAITS[name])
            case "GetAll", _:
                return self._answer(message, "a{sv}", TRAITS)
            case "Set", [_, "ContentType", value]:
                if message.path == self._path and self._field is not None:
                    self._field.on_content_type(value)
                return self._answer(message)
        return Message.new_error(message, "org.freedesktop.DBus.Error.UnknownProperty", "there is no such property")

    @staticmethod
    def _answer(call: Message, signature: str = "", *body: Any) -> Message | bool:
        if call.flags & MessageFlag.NO_REPLY_EXPECTED:
            return True
        return Message.new_method_return(call, signature, list(body))


def _take_error(sent: asyncio.Future[Any]) -> None:
    """A signal that cannot be sent is noticed by the end of the connection."""
    if not sent.cancelled():
        sent.exception()
