"""KWin's side of scripting, on a bus of the test's own: what its scripts answer is what a test says."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from dbus_fast import Message, MessageType, RequestNameReply
from dbus_fast.aio import MessageBus

from desktop.platforms.linux.kwin import KWIN, SCRIPT, SCRIPTING


class FakeKWin:
    """`window` is what a script finds active, none where empty; `loaded` the scripts that are loaded, by their names.

    While it `sleeps` scripts are loaded and not run. It `refuses` to load any.
    """

    def __init__(self, bus: MessageBus) -> None:
        self.window: dict[str, object] = {}
        self.loaded: dict[str, str] = {}
        self.sleeps = False
        self.refuses = False
        self._bus = bus
        bus.add_message_handler(self._handle)

    def _handle(self, message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL:
            return None
        match message.interface, message.member, message.body:
            case (interface, "loadScript", [str(file), str(name)]) if interface == SCRIPTING:
                if self.refuses or name in self.loaded:
                    return Message.new_method_return(message, "i", [-1])
                self.loaded[name] = file
                return Message.new_method_return(message, "i", [len(self.loaded)])
            case (interface, "run", []) if interface == SCRIPT:
                if not self.sleeps:
                    self._answer(Path([*self.loaded.values()][-1]).read_text())
                return Message.new_method_return(message)
            case (interface, "unloadScript", [str(name)]) if interface == SCRIPTING:
                return Message.new_method_return(message, "b", [self.loaded.pop(name, None) is not None])
        return None

    def _answer(self, script: str) -> None:
        """Call the program back, as the script's `callDBus` does."""
        names = re.search(r"callDBus\((\"[^,]*\"), (\"[^,]*\"), (\"[^,]*\"), (\"[^,]*\"),", script)
        assert names is not None, script
        name, path, interface, member = map(json.loads, names.groups())
        answer = json.dumps(self.window)
        self._bus.send(Message(name, path, interface, member, signature="s", body=[answer]))


@asynccontextmanager
async def fake_kwin(bus: str) -> AsyncIterator[FakeKWin]:
    """KWin on the bus."""
    connection = await MessageBus(bus).connect()
    kwin = FakeKWin(connection)
    assert await connection.request_name(KWIN) is RequestNameReply.PRIMARY_OWNER
    try:
        yield kwin
    finally:
        connection.disconnect()
