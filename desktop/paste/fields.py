"""Which field has the focus: whether it is a password's, and, where one may ask, what stands around the cursor in it
and whose page it is on, as far as accessibility tells.

A toolkit answers on the accessibility bus (AT-SPI): the program is found by the window's process, its active window is
walked down to what has the focus, and that has a role. Only questions are asked. To listen to the focus instead would
make every program of the session send its events. And nothing is switched on: the bus is not started where it is not
there, `org.a11y.Status` is not written.

So there is a limit. GTK answers always, unless the environment forbids it (NO_AT_BRIDGE, GTK_A11Y); but GTK 4 names its
GtkPasswordEntry alone: an entry made to show dots, and libadwaita's password row, are plain to it. Qt, Chromium,
Electron and Firefox answer where accessibility is on already, for a screen reader or by the desktop's settings (Qt on
X11 also where the bus was there before it). A terminal knows nothing of the prompt in it; Tk, Wine and remote desktops
are never on the bus, and a Flatpak is there under its proxy's process. Where nobody tells, text is pasted as usual.

Text is asked of a field that is plain and can be written into, never of a password's nor of a terminal, whose cursor
stands in whatever runs there. What is seen of it decides a space and a capital and is then forgotten.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import anyio
from dbus_fast import Message, MessageFlag
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusFastError

from desktop.paste.accessibility import Tree, answered
from desktop.ports import Field, Target

log = logging.getLogger(__name__)

AHEAD_S, AGAIN_S = 0.070, 0.030
"""What the answer may take while the text is not there yet, and once more right before it is put in: 100 ms in all."""


class Seen(NamedTuple):
    """The field that has the focus, None where nobody tells, and the host of the page in its window."""

    field: Field | None = None
    site: str = ""


class Fields:
    """Asks for the field that has the focus. For the engine's loop alone; connects at the first question."""

    def __init__(self, session: str | None = None) -> None:
        """`session` is the address of the session's bus; None for the environment's."""
        self._session = session
        self._bus: MessageBus | None = None
        self._connecting = asyncio.Lock()

    async def focused(self, pid: int) -> Field | None:
        """The field that has the focus in the program `pid`, or None where nobody says so within `AHEAD_S`."""
        return (await self.seen(pid)).field

    async def seen(self, pid: int, *, cursor: bool = False, site: bool = False) -> Seen:
        """The same, with what stands around the `cursor`, and the `site`: as much of it as is told within `AHEAD_S`."""
        field, host = None, ""

        async def look(tree: Tree) -> None:  # what matters most first: whether it is a password's
            nonlocal field, host
            field = await tree.focused(pid)
            if field is not None and cursor:
                field = await tree.around(field)
            if site:
                host = await tree.site(pid)

        with anyio.move_on_after(AHEAD_S):
            await self._asking(look)
        return Seen(field, host)

    async def again(self, target: Target) -> Field | None:
        """The field that has the focus in `target` by now, with what stands around its cursor. Whoever asks gives up
        after `AGAIN_S`."""

        async def look(tree: Tree) -> Field | None:
            found = await tree.still(target)
            return await tree.around(found) if found is not None else None

        return await self._asking(look)

    async def secret(self, target: Target) -> bool:
        """Whether the focus in `target` is on a password field by now. Whoever asks gives up after `AGAIN_S`."""
        found = await self._asking(lambda tree: tree.still(target))
        return found is not None and found.secret

    def close(self) -> None:
        """Leave the bus."""
        if self._bus is not None and self._bus.connected:
            self._bus.disconnect()

    async def _asking[T](self, question: Callable[[Tree], Awaitable[T | None]]) -> T | None:
        try:
            async with self._connecting:
                if self._bus is None or not self._bus.connected:
                    self._bus = await MessageBus(await self._address()).connect()
            return await question(Tree(self._bus))
        except (OSError, EOFError, DBusFastError) as error:
            log.debug("Nobody tells of the focused field: %s", error)
            return None

    async def _address(self) -> str:
        """Where the accessibility bus is. Raises `OSError` where there is none."""
        session = await MessageBus(self._session).connect()
        try:
            name = "org.a11y.Bus"
            question = Message(name, "/org/a11y/bus", name, "GetAddress", flags=MessageFlag.NO_AUTOSTART)
            (address,) = await answered(session, question, "s") or [""]
        finally:
            session.disconnect()
        if not address:
            raise FileNotFoundError("there is no accessibility bus")
        return str(address)
