"""A daemon of IBus as far as engines need one, on a bus of its own, which does at once what a real one seldom does."""

from __future__ import annotations

import asyncio
from typing import Any

from dbus_fast import Message, MessageFlag, MessageType, Variant
from dbus_fast.aio import MessageBus

from desktop.paste.input_method.ibus.messages import (
    BUS,
    BUS_PATH,
    CAN_SURROUNDING,
    ENGINE,
    ENGINE_NAME,
    FACTORY,
    FACTORY_PATH,
    IBUS,
    IBUS_PATH,
    PREEDIT_CLEAR,
    PROPERTIES,
    decode_text,
    encode_text,
)

LATIN, OTHER, PINYIN = "xkb:us::eng", "xkb:de::ger", "libpinyin"


class FakeIBus:
    """The daemon, with the engine `engine` and the focus in the field `context`.

    `refuses`: engines that it does not set. `takes_engines`: fcitx5, which answers in its place, takes none.
    `chosen_meanwhile`: what the user chooses right before it sets another than ours. `is_hung`: it answers nothing, and
    all that it was asked once it is no longer.
    """

    def __init__(self, bus: MessageBus, engine: str) -> None:
        self._bus = bus
        self.engine = engine
        self.context = "/context/1"
        self.refuses = set[str]()
        self.takes_engines = True
        self.chosen_meanwhile = ""
        self.asked = list[str]()
        self.committed = list[str | None]()
        self._hung = asyncio.Event()
        self._hung.set()
        self._tasks = set[asyncio.Task[None]]()
        self._app = ""
        bus.add_message_handler(self._on_message)

    @classmethod
    async def start(cls, address: str, engine: str = LATIN) -> FakeIBus:
        bus = await MessageBus(address).connect()
        daemon = cls(bus, engine)
        await bus.request_name(IBUS)
        match = f"type='signal',interface='{ENGINE}',member='CommitText'"
        await bus.call(Message(BUS, BUS_PATH, BUS, "AddMatch", signature="s", body=[match]))
        return daemon

    def stop(self) -> None:
        self._bus.disconnect()

    def hang(self, is_hung: bool = True) -> None:
        (self._hung.clear if is_hung else self._hung.set)()

    async def change_engine(self, name: str) -> None:
        self.engine = name
        await self._signal(IBUS, IBUS_PATH, "GlobalEngineChanged", "s", name)

    async def compose(self, text: str) -> None:
        """The user's engine shows a composition."""
        await self._signal(
            ENGINE, "/engine/1", "UpdatePreeditText", "vubu", encode_text(text), len(text), True, PREEDIT_CLEAR
        )

    async def _signal(self, interface: str, path: str, member: str, signature: str, *body: Any) -> None:
        kind = MessageType.SIGNAL
        await self._bus.send(
            Message(path=path, interface=interface, member=member, message_type=kind, signature=signature, body=[*body])
        )

    def _on_message(self, message: Message) -> bool | None:
        if message.member == "CommitText":
            self.committed.append(decode_text(message.body[0]))
            return None
        if message.message_type is not MessageType.METHOD_CALL or message.destination != IBUS:
            return None
        task = asyncio.get_running_loop().create_task(self._serve(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def _serve(self, message: Message) -> None:
        await self._hung.wait()
        self.asked.append(" ".join([message.member or "", *(word for word in message.body if isinstance(word, str))]))
        match message.member, message.body:
            case "Introspect", _:
                answer = Message.new_method_return(message, "s", ["RegisterComponent" if self.takes_engines else ""])
            case "RegisterComponent", _ if self.takes_engines:
                self._app = message.sender or ""
                answer = Message.new_method_return(message)
            case "Get", [_, "GlobalEngine"] if self.engine:
                name = Variant("(sa{sv}s)", ["IBusEngineDesc", {}, self.engine])
                answer = Message.new_method_return(message, "v", [name])
            case "Get", [_, "CurrentInputContext"]:
                answer = Message.new_method_return(message, "v", [Variant("o", self.context)])
            case "SetGlobalEngine", [str(name)] if name not in self.refuses:
                await self._set_engine(name)
                answer = Message.new_method_return(message)
            case _:
                answer = Message.new_error(message, f"{IBUS}.Error.NoEngine", "no")
        await self._bus.send(answer)

    async def _set_engine(self, name: str) -> None:
        if name == ENGINE_NAME:
            made = await self.call(FACTORY_PATH, FACTORY, "CreateEngine", "s", name)
            path = made.body[0]
            await self.call(path, ENGINE, "SetCapabilities", "u", CAN_SURROUNDING)
            await self.call(path, ENGINE, "FocusInId", "ss", self.context, "gtk3-im:editor")
            kind = Variant("(uu)", [0, 0])
            await self.call(path, PROPERTIES, "Set", "ssv", ENGINE, "ContentType", kind)
            await self.call(path, ENGINE, "SetSurroundingText", "vuu", encode_text("a"), 1, 1)
        elif chosen := self.chosen_meanwhile:
            self.chosen_meanwhile = ""
            await self.change_engine(chosen)
        await self.change_engine(name)

    async def call(self, path: str, interface: str, member: str, signature: str, *body: Any) -> Message:
        answer = await self._bus.call(
            Message(self._app, path, interface, member, signature=signature, body=[*body], flags=MessageFlag.NONE)
        )
        assert answer is not None
        return answer
