"""Ask KWin (KDE's compositor) which window has the focus.

It runs scripts that programs hand to it as files, and a script can call a program back over the session bus. The file
holds no secret; each question writes and loads it anew (2 ms on KWin 6.3), since a script runs once and its answer
bears the question's name. (develop.kde.org: KWin scripting API.)
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Callable
from itertools import count
from pathlib import Path
from time import monotonic

import anyio
from dbus_fast import Message, MessageFlag, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusFastError

logger = logging.getLogger(__name__)

KWIN, SCRIPTING, SCRIPT = "org.kde.KWin", "org.kde.kwin.Scripting", "org.kde.kwin.Script"
ANSWER_INTERFACE, ANSWER_MEMBER = "app.intone.Focus", "Answer"

ANSWER_TIMEOUT_S = 1.0
"""Seconds that KWin may take; it takes some ms. Less than the caller waits, so that a failure is counted."""

MAX_FAILURES, PAUSE_S = 2, 60.0
"""Questions in a row without an answer, after which KWin is not asked for these seconds: each may cost the timeout."""

SCRIPT_PATHS = "/Scripting/Script{}", "/{}"
"""Where a script is on the bus: in KWin 6, and in KWin 5."""

QUESTION = """var w = workspace.activeWindow || workspace.activeClient;
callDBus({name}, "/", {interface}, {member}, {question}, JSON.stringify(w && !w.desktopWindow
    ? {{id: String(w.internalId), app: String(w.resourceClass), title: w.caption, pid: w.pid}} : {{}}));
"""


class KWin:
    """KWin on the session bus at `address`. `folder` is where the script is written. Belongs to one loop."""

    def __init__(self, address: str, folder: Path, now: Callable[[], float] = monotonic) -> None:
        self._address = address
        self._script = folder / f"intone-focus-{os.getpid()}.js"
        self._now = now
        self._bus: MessageBus | None = None
        self._numbers = count(1)
        self._question, self._owner = "", ""
        self._answer: asyncio.Future[str] | None = None
        self._asking = asyncio.Lock()
        self._failures, self._silent_until = 0, 0.0

    async def read_active_window(self) -> str:
        """Return the active window as JSON: its `id`, `app`, `title` and `pid`; no keys if there is none.

        Empty if KWin does not answer.
        """
        async with self._asking:
            if self._failures >= MAX_FAILURES and self._now() < self._silent_until:
                return ""
            try:
                with anyio.fail_after(ANSWER_TIMEOUT_S):
                    answer = await self._ask(await self._connect())
            except (OSError, TimeoutError, EOFError, DBusFastError) as error:
                logger.warning("KWin does not tell which window has the focus: %r", error)
                self._failures += 1
                self._silent_until = self._now() + PAUSE_S
                return ""
            self._failures = 0
            return answer

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
            self._bus = bus
        return self._bus

    async def _ask(self, bus: MessageBus) -> str:
        self._question = f"intone-focus-{os.getpid()}-{next(self._numbers)}"
        words = {
            "name": bus.unique_name,
            "interface": ANSWER_INTERFACE,
            "member": ANSWER_MEMBER,
            "question": self._question,
        }
        script = QUESTION.format(**{key: json.dumps(name) for key, name in words.items()})
        self._script.write_text(script, encoding="utf-8")
        self._answer = asyncio.get_running_loop().create_future()
        try:
            loaded = await self._call(
                bus, "/Scripting", SCRIPTING, "loadScript", "ss", str(self._script), self._question
            )
            if loaded is None or loaded.signature != "i" or loaded.body == [-1]:
                raise ConnectionRefusedError("KWin loads no script")
            self._owner = loaded.sender or ""
            for path in SCRIPT_PATHS:
                if await self._call(bus, path.format(loaded.body[0]), SCRIPT, "run"):
                    return await self._answer
            raise ConnectionRefusedError("KWin runs no script")
        finally:
            self._answer = None
            if bus.connected:  # KWin may load it only now
                unloading = Message(KWIN, "/Scripting", SCRIPTING, "unloadScript", signature="s", body=[self._question])
                unloading.flags = MessageFlag.NO_REPLY_EXPECTED
                bus.send(unloading)

    async def _call(
        self, bus: MessageBus, path: str, interface: str, member: str, signature: str = "", *body: str
    ) -> Message | None:
        """Return the answer; None if it is an error."""
        answer = await bus.call(Message(KWIN, path, interface, member, signature=signature, body=list(body)))
        return answer if answer is not None and answer.message_type is MessageType.METHOD_RETURN else None

    def _on_message(self, message: Message) -> Message | None:
        """Take KWin's answer to the question that is open; no other program's, and none to an earlier question."""
        if message.message_type is not MessageType.METHOD_CALL or message.interface != ANSWER_INTERFACE:
            return None
        is_expected = message.sender == self._owner and message.signature == "ss" and message.body[0] == self._question
        if is_expected and self._answer is not None and not self._answer.done():
            self._answer.set_result(message.body[1])
        return Message.new_method_return(message)
