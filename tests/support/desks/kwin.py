"""Ask KWin for its windows: it runs a script that a program hands to it, and the script answers over D-Bus."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from tests.support.desk import BUSY_S

KWIN, SCRIPTING = "org.kde.KWin", "org.kde.kwin.Scripting"
ANSWER = "app.intone.Test"

LIST = """workspace.windowList().map(w => ({title: w.caption, app: String(w.resourceClass), pid: w.pid,
active: w.active, rect: [w.frameGeometry.x, w.frameGeometry.y, w.frameGeometry.width, w.frameGeometry.height]}))"""

ACTIVATE = "workspace.windowList().filter(w => w.caption === {}).map(w => {{ workspace.activeWindow = w; return 1; }})"
CLOSE = "workspace.windowList().filter(w => String(w.resourceClass) === {}).map(w => {{ w.closeWindow(); return 1; }})"


@dataclass(frozen=True, slots=True)
class KWinWindow:
    """A window as KWin tells of it; `rect` is left, top, width, height with its frame."""

    title: str
    app: str
    pid: int
    active: bool
    rect: tuple[float, float, float, float]

    @property
    def middle(self) -> float:
        """How far from the left its middle is."""
        return self.rect[0] + self.rect[2] / 2


class KWin:
    """The compositor on the session bus at `address`; scripts for it are written to `folder`, which it can read."""

    def __init__(self, address: str, folder: Path) -> None:
        self._address = address
        self._folder = folder
        self._numbers = count(1)

    def windows(self) -> list[KWinWindow]:
        """All windows: those of programs, of the desktop, and of the app's pill."""
        return [KWinWindow(**{**one, "rect": tuple(one["rect"])}) for one in self.evaluate(LIST)]

    def active(self) -> KWinWindow | None:
        """The window that has the focus."""
        return next((window for window in self.windows() if window.active), None)

    def activate(self, title: str) -> bool:
        """Give the focus to the window with this title; False if there is none."""
        return bool(self.evaluate(ACTIVATE.format(json.dumps(title))))

    def close(self, app: str) -> None:
        """Close the windows of `app`, as their title bars do."""
        self.evaluate(CLOSE.format(json.dumps(app)))

    def evaluate(self, expression: str) -> Any:
        """The value of an expression of KWin's own scripting language."""
        return asyncio.run(self._evaluate(expression))

    async def _evaluate(self, expression: str) -> Any:
        bus = await MessageBus(self._address).connect()
        answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def receive(message: Message) -> Message | None:
            if message.message_type is not MessageType.METHOD_CALL or message.interface != ANSWER:
                return None
            answered.set_result(message.body[0])
            return Message.new_method_return(message)

        bus.add_message_handler(receive)
        name = f"test-{next(self._numbers)}"
        file = self._folder / f"{name}.js"
        file.write_text(
            f"callDBus({json.dumps(bus.unique_name)}, '/', '{ANSWER}', 'answer', JSON.stringify({expression}));"
        )
        file.chmod(0o644)
        try:
            (number,) = await _call(bus, "/Scripting", SCRIPTING, "loadScript", "ss", str(file), name)
            await _call(bus, f"/Scripting/Script{number}", "org.kde.kwin.Script", "run")
            async with asyncio.timeout(BUSY_S):
                found = json.loads(await answered)
            await _call(bus, "/Scripting", SCRIPTING, "unloadScript", "s", name)
        finally:
            bus.disconnect()
            file.unlink()
        return found


async def _call(bus: MessageBus, path: str, interface: str, member: str, signature: str = "", *body: Any) -> list[Any]:
    reply = await bus.call(Message(KWIN, path, interface, member, signature=signature, body=list(body)))
    assert reply is not None
    assert reply.message_type is MessageType.METHOD_RETURN, f"{member}: {reply.body}"
    return list(reply.body)
