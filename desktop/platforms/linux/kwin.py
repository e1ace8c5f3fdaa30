"""Ask KWin (KDE's compositor) which window has the focus.

It runs scripts that programs hand to it as files, and a script can call a program back over the session bus. The file
holds no secret and is the same for every question; each question loads it anew (2 ms on KWin 6.3), since a script runs
once. (develop.kde.org: KWin scripting API.)
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from itertools import count
from pathlib import Path

import anyio
from dbus_fast import Message, MessageFlag, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusFastError

from desktop.platforms.linux.dbus import call_bus

logger = logging.getLogger(__name__)

KWIN, SCRIPTING, SCRIPT = "org.kde.KWin", "org.kde.kwin.Scripting", "org.kde.kwin.Script"
ANSWER_INTERFACE, ANSWER_MEMBER = "app.intone.Focus", "Answer"

ANSWER_TIMEOUT_S = 1.0
"""Seconds that KWin may take; it takes some ms."""

QUESTION = """var w = workspace.activeWindow || workspace.activeClient;
callDBus({name}, "/", {interface}, {member}, JSON.stringify(w && !w.desktopWindow
    ? {{id: String(w.internalId), app: String(w.resourceClass), title: w.caption, pid: w.pid}} : {{}}));
"""


class KWin:
    """KWin on the session bus at `address`. `folder` is where the script is written. Belongs to one loop."""

    def __init__(self, address: str, folder: Path) -> None:
        self._address = address
        self._script = folder / f"intone-focus-{os.getpid()}.js"
        self._bus: MessageBus | None = None
        self._numbers = count(1)
        self._answer: asyncio.Future[str] | None = None
        self._asking = asyncio.Lock()

    async def read_active_window(self) -> str:
        """Return the active window as JSON: its `id`, `app`, `title` and `pid`; no keys if there is none.

        Empty if KWin does not answer.
        """
        async with self._asking:
            try:
                with anyio.fail_after(ANSWER_TIMEOUT_S):
                    return await self._ask(await self._connect())
            except (OSError, TimeoutError, EOFError, DBusFastError) as error:
                logger.warning("KWin does not tell which window has the focus: %r", error)
                return ""

    def close(self) -> None:
        """Disconnect from the bus."""
        if self._bus is not None:
            if self._bus.connected:
                self._bus.disconnect()
            self._bus = None
            self._script.unlink(missing_ok=True)

    async def _connect(self) -> MessageBus:
        if self._bus is None or not self._bus.connected:
            bus = await MessageBus(self._address).connect()
            bus.add_message_handler(self._on_message)
            names = {"name": bus.unique_name, "interface": ANSWER_INTERFACE, "member": ANSWER_MEMBER}
            question = QUESTION.format(**{key: json.dumps(name) for key, name in names.items()})
            self._script.write_text(question, encoding="utf-8")
            self._bus = bus
        return self._bus

    async def _ask(self, bus: MessageBus) -> str:
        self._answer = asyncio.get_running_loop().create_future()
        plugin = f"intone-focus-{os.getpid()}-{next(self._numbers)}"
        loaded = await self._call(bus, "/Scripting", SCRIPTING, "loadScript", "ss", str(self._script), plugin)
        if loaded[:1] in ([], [-1]):
            raise ConnectionRefusedError("KWin loads no script")
        try:
            await self._call(bus, f"/Scripting/Script{loaded[0]}", SCRIPT, "run")
            return await self._answer
        finally:
            self._answer = None
            unloading = Message(KWIN, "/Scripting", SCRIPTING, "unloadScript", signature="s", body=[plugin])
            unloading.flags = MessageFlag.NO_REPLY_EXPECTED
            bus.send(unloading)

    async def _call(
        self, bus: MessageBus, path: str, interface: str, member: str, signature: str = "", *body: str
    ) -> list[object]:
        return await call_bus(bus, Message(KWIN, path, interface, member, signature=signature, body=list(body)))

    def _on_message(self, message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL or message.interface != ANSWER_INTERFACE:
            return None
        if self._answer is not None and not self._answer.done() and message.signature == "s":
            self._answer.set_result(message.body[0])
        return Message.new_method_return(message)
