"""Read fields through accessibility: which one has the focus, the text around its cursor, its page's host, its text.

A toolkit answers on the accessibility bus (AT-SPI): the program is found by the window's process, its active window is
walked down to the part with the focus, and that has a role. Fields are only queried. Subscribing to the focus instead
would make every program of the session send its events. And nothing is switched on: the bus is not started if it is not
running, `org.a11y.Status` is not written. Without an answer, text is pasted as usual.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, NamedTuple

import anyio
from dbus_fast import Message, MessageFlag
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusFastError

from desktop.core.types import InputField, Target
from desktop.platforms.linux.atspi import (
    ACCESSIBLE,
    PASSWORD_TEXT,
    PROPERTIES,
    TEXT,
    AccessibilityTree,
    AccessibleAddress,
)
from desktop.platforms.linux.atspi_programs import (
    AccessiblePrograms,
    AccessibleWindow,
    ProgramMemory,
    SilentPrograms,
)
from desktop.platforms.linux.dbus import call_bus

logger = logging.getLogger(__name__)

LOOKUP_TIMEOUT_S, RECHECK_TIMEOUT_S = 0.070, 0.030
"""Seconds for the text around the cursor and the page while the text is not ready yet, and for the former again right
before it is inserted: 100 ms in all. A program that is known to be slow has no more for its field either."""

FIELD_TIMEOUT_S = 1.0
"""Seconds for the field itself while the text is not ready yet. A program that does not answer in them is silent: for
some minutes it has the seconds above."""

FIRST_PASSWORD_TIMEOUT_S = 1.0
"""Seconds for the answer whether a password field has the focus, from a program that named no field at the release. One
that took long to say so has the seconds of `RECHECK_TIMEOUT_S`; one that is not on the bus takes none."""

REGISTRY_TIMEOUT_S = 3.0
"""Seconds for what all programs on the bus are asked, each of which has its own limit. It is for the bus itself."""

PASSWORD_TIMEOUT_S = 3.0
"""Seconds for the answer whether a password field has the focus, from a program that named its field at the release: it
takes some ms, unless the program or the machine is busy. No text goes anywhere before it."""

PASSWORD_RETRY_S = 0.050
"""Seconds between two queries of such a program, which answered with errors or that nothing has the focus."""

PREPARE_TIMEOUT_S = 1.4
"""Seconds for what is asked of Chromium while the text is not ready yet."""

MAX_FIELD_CHARACTERS = 20_000
"""Characters above which a text takes too long to compare with what it was."""

FIELD_TEXT_TIMEOUT_S = 1.0
"""Seconds that a program may take to answer what is in its field; it takes some ms."""


class FocusedField(NamedTuple):
    """The focused field, None if unknown, and the host of the page in its window."""

    field: InputField | None = None
    site: str = ""


def password_timeout_s(target: Target) -> float:
    """Return the seconds to wait for the answer whether a password field of `target` has the focus."""
    return FIRST_PASSWORD_TIMEOUT_S if target.field is None else PASSWORD_TIMEOUT_S


class FocusedFieldReader:
    """Reads the focused field: whether it is a password field and, if allowed, the text around its cursor and the host
    of its page. For the engine's loop only; connects at the first call.

    There are limits. GTK always answers, unless the environment forbids it (NO_AT_BRIDGE, GTK_A11Y); but GTK 4 reports
    GtkPasswordEntry alone: an entry made to show dots, and libadwaita's password row, look plain. Qt, Chromium,
    Electron and Firefox answer where accessibility is on already, for a screen reader or by the desktop's settings (Qt
    on X11 also if the bus was there before it). A terminal does not know of the prompt in it; Tk, Wine and remote
    desktops are never on the bus, and a Flatpak is there under its proxy's process.

    Text is read from fields that are plain and writable, never from a password field nor from a terminal, whose cursor
    belongs to the program in it. It decides a space and a capital and is then forgotten.
    """

    def __init__(self, session: str | None = None) -> None:
        """`session` is the address of the session's bus; None for the environment's."""
        self._session = session
        self._bus: MessageBus | None = None
        self._connecting = asyncio.Lock()
        self._programs = ProgramMemory()
        self._silent, self._slow = SilentPrograms[int](), SilentPrograms[int]()
        self._last = Target()

    async def find_focused_field(self, pid: int) -> InputField | None:
        """Return the focused field of the program `pid`, or None if unknown within `FIELD_TIMEOUT_S`."""
        return (await self.look_up(Target(pid=pid))).field

    async def look_up(self, target: Target, *, cursor: bool = False, site: bool = False) -> FocusedField:
        """Return the focused field of `target`, the text around the `cursor`, and the `site`: the field if it is known
        within `FIELD_TIMEOUT_S`, and of the others as much as is within `LOOKUP_TIMEOUT_S`.

        The field that the same window had last time is tried first, which is quick on a large page too.
        """
        began_at = anyio.current_time()
        field, host, took_s = None, "", None

        async def query(tree: AccessibilityTree) -> None:  # the most important first: whether it is a password field
            nonlocal field, host, took_s
            field = await tree.recheck_focused_field(self._add_last_field(target))
            took_s = anyio.current_time() - began_at
            with anyio.CancelScope(deadline=began_at + LOOKUP_TIMEOUT_S):
                if field is not None and cursor:
                    field = await tree.add_cursor_text(field)
                if site:
                    host = await tree.find_page_host(target.pid, target.title)

        is_silent = target.pid in self._silent
        with anyio.move_on_after(LOOKUP_TIMEOUT_S if is_silent else FIELD_TIMEOUT_S) as limit:
            await self._with_tree(query)
        if took_s is not None:
            self._note_answer(target, field, took_s)
        elif not is_silent and limit.cancelled_caught:
            self._silent.add(target.pid)
        return FocusedField(field, host)

    async def find_active_window(self, likely: AccessibleAddress | None) -> AccessibleWindow | None:
        """Return the active window; None if no program that is on the bus has it. `likely` is asked first."""
        return await self._with_tree(lambda tree: AccessiblePrograms(tree, self._programs).find_active_window(likely))

    async def prepare_chromium(self) -> None:
        """Learn which programs are Chromium's, and have them build their pages' trees, which each does only once it is
        asked: `is_chromium_password_focused` finds nothing before."""
        with anyio.move_on_after(PREPARE_TIMEOUT_S):
            await self.is_chromium_password_focused()

    async def is_chromium_password_focused(self) -> bool | None:
        """Return whether a window of Chromium has a focused password field, where nothing names the focused window;
        None if one of its programs does not answer."""
        answers: list[bool | None] | None = []
        with anyio.move_on_after(REGISTRY_TIMEOUT_S):
            answers = await self._with_tree(
                lambda tree: AccessiblePrograms(tree, self._programs).find_chromium_passwords()
            )
        if not answers or True in answers:
            return bool(answers)
        return None if None in answers else False

    async def is_reachable(self) -> bool:
        """Return whether there is an accessibility bus."""

        async def confirm(tree: AccessibilityTree) -> bool:
            return True

        return await self._with_tree(confirm) is True

    async def recheck_field(self, target: Target) -> InputField | None:
        """Return the field of `target` that has the focus now, with the text around its cursor.

        The caller gives up after `RECHECK_TIMEOUT_S`.
        """

        async def query(tree: AccessibilityTree) -> InputField | None:
            field = await tree.recheck_focused_field(target)
            return await tree.add_cursor_text(field) if field is not None else None

        return await self._with_tree(query)

    async def is_password_focused(self, target: Target) -> bool | None:
        """Return whether a password field of `target` has the focus now; None if its program does not say.

        A program that named its field at the release is asked until it does. The caller gives up after
        `password_timeout_s`, and this before, where the program took long to answer or did not, at the release.
        """
        if target.field is None and (target.pid in self._silent or target.pid in self._slow):
            field = None
            with anyio.move_on_after(RECHECK_TIMEOUT_S):
                field = await self._with_tree(lambda tree: tree.recheck_focused_field(target))
            return field.is_password if field is not None else None
        while True:
            field = await self._with_tree(lambda tree: tree.recheck_focused_field(target))
            if field is not None or target.field is None:
                return field.is_password if field is not None else None
            await anyio.sleep(PASSWORD_RETRY_S)

    def close(self) -> None:
        """Disconnect from the bus."""
        if self._bus is not None and self._bus.connected:
            self._bus.disconnect()

    def _add_last_field(self, target: Target) -> Target:
        last = self._last
        is_same = target.handle > 0 and (last.handle, last.pid, last.title) == (target.handle, target.pid, target.title)
        return replace(target, field=last.field if is_same else None)

    def _note_answer(self, target: Target, field: InputField | None, took_s: float) -> None:
        """Note that the program of `target` named its `field` in these seconds, or said that nothing has the focus."""
        self._silent.discard(target.pid)
        is_slow = field is None and took_s > LOOKUP_TIMEOUT_S
        (self._slow.add if is_slow else self._slow.discard)(target.pid)
        self._last = replace(target, field=field and InputField(address=field.address))

    async def _with_tree[T](self, query: Callable[[AccessibilityTree], Awaitable[T | None]]) -> T | None:
        try:
            async with self._connecting:
                if self._bus is None or not self._bus.connected:
                    self._bus = await MessageBus(await self._find_bus_address()).connect()
                    self._programs = ProgramMemory()
            return await query(AccessibilityTree(self._bus))
        except (OSError, EOFError, DBusFastError) as error:
            logger.debug("The focused field cannot be read: %s", error)
            return None

    async def _find_bus_address(self) -> str:
        """Return the address of the accessibility bus. Raises `OSError` if there is none."""
        session = await MessageBus(self._session).connect()
        try:
            name = "org.a11y.Bus"
            question = Message(name, "/org/a11y/bus", name, "GetAddress", flags=MessageFlag.NO_AUTOSTART)
            (address,) = await call_bus(session, question, "s") or [""]
        finally:
            session.disconnect()
        if not address:
            raise FileNotFoundError("there is no accessibility bus")
        return str(address)


class FieldTextReader(FocusedFieldReader):
    """Reads the whole text of a field: what became of the text that was inserted there.

    Only that field is read, and only if the user enables it (`vocabulary.notice`); never a password field, nor the text
    of a whole book.
    """

    async def read_field(self, address: AccessibleAddress) -> str | None:
        """Return the text of the field at `address`; None if unavailable or a password field."""
        return await self._with_tree(lambda tree: self._read_text(address))

    async def _read_text(self, at: AccessibleAddress) -> str | None:
        role, count = await asyncio.gather(
            self._call(at, ACCESSIBLE, "GetRole"), self._call(at, PROPERTIES, "Get", "ss", TEXT, "CharacterCount")
        )
        characters = getattr(count, "value", None)
        if role in (None, PASSWORD_TEXT) or not isinstance(characters, int) or characters > MAX_FIELD_CHARACTERS:
            return None
        text = await self._call(at, TEXT, "GetText", "ii", 0, characters)
        return text if isinstance(text, str) else None

    async def _call(self, at: AccessibleAddress, interface: str, member: str, signature: str = "", *body: Any) -> Any:
        """Return the first value of the answer; None if it is an error or does not come in time."""
        bus = self._bus
        assert isinstance(bus, MessageBus)  # `_with_tree` has connected it
        try:
            async with asyncio.timeout(FIELD_TEXT_TIMEOUT_S):
                answer = await call_bus(bus, Message(*at, interface, member, signature=signature, body=list(body)))
        except TimeoutError:
            return None
        return answer[0] if answer else None
