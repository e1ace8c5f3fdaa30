"""Query the accessibility bus (AT-SPI): its programs, their windows, and what is in them.

Numbers and names are AT-SPI's own. A program's answer is used only if it has the expected signature.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from desktop.core.types import Field, Target

AT_ONCE = 32
"""Calls in flight: dbus-fast treats a full socket as an error, and a password field would be missed."""

WIDEST = 500
"""Maximum number of a window's parts examined side by side; a part costs about 0.1 ms."""

AROUND = 80
"""Characters read on either side of the cursor: a line, in which a sentence most often begins."""

PASSWORD_TEXT, TERMINAL, DOCUMENT_WEB = 40, 60, 95
ACTIVE, EDITABLE, FOCUSED, SHOWING, MANAGES_DESCENDANTS = (1 << bit for bit in (1, 7, 12, 25, 31))
"""A role and states, numbered as in AT-SPI's own `AtspiRole` and `AtspiStateType`. A list or table that manages its
descendants creates them when asked: there may be a million."""

OBJECT = "\ufffc"
"""Placeholder in a text for a part of the program that has its own text: a paragraph, a link."""

ACCESSIBLE, TEXT, DOCUMENT = (f"org.a11y.atspi.{name}" for name in ("Accessible", "Text", "Document"))
PROPERTIES = "org.freedesktop.DBus.Properties"
PROGRAMS = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
DAEMON = ("org.freedesktop.DBus", "/org/freedesktop/DBus")

type Address = tuple[str, str]
"""A part of a program: the program's name on the bus, and the part's path."""


class Tree:
    """The programs on the accessibility `bus`, their windows and what is in them.

    What no longer exists has no parts and no states.
    """

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus
        self._room = asyncio.Semaphore(AT_ONCE)

    async def focused(self, pid: int) -> Field | None:
        """Return the focused field of the program `pid`; None if it has none or is not on the bus."""
        for windows in await self._windows(pid):
            found = await self._within(windows)
            if found is not None:
                return found
        return None

    async def still(self, target: Target) -> Field | None:
        """Return the focused field of `target`, trying its previous field first."""
        before = target.field and await self.field(target.field.address)
        return before or await self.focused(target.pid)

    async def around(self, field: Field) -> Field:
        """Return `field` with the text around its cursor, where available.

        Selected text is left out, since it will be replaced.
        """
        at = field.address
        (states,), role = await asyncio.gather(self._states([at]), self._ask(at, ACCESSIBLE, "GetRole", "u"))
        if field.secret or not states & EDITABLE or role in (PASSWORD_TEXT, TERMINAL, None):
            return field
        before, after = await self._at_cursor(at)
        return replace(field, before=before, after=after)

    async def site(self, pid: int) -> str:
        """Return the host of the page in the active window of the program `pid`; empty if unknown."""
        for level in await self._windows(pid):
            while level:
                level = level[:WIDEST]
                states, roles = await asyncio.gather(self._states(level), self._roles(level))
                shown = [(part, role) for part, has, role in zip(level, states, roles, strict=True) if leads_on(has)]
                hosts = await asyncio.gather(*(self._host(part) for part, role in shown if role == DOCUMENT_WEB))
                if any(hosts):
                    return next(filter(None, hosts))
                inner = (self._children(part) for part, role in shown if role != DOCUMENT_WEB)
                level = [part for parts in await asyncio.gather(*inner) for part in parts]
        return ""

    async def field(self, at: Address) -> Field | None:
        """Return the field at this address if it has the focus."""
        (states,), role = await asyncio.gather(self._states([at]), self._ask(at, ACCESSIBLE, "GetRole", "u"))
        return Field(secret=role == PASSWORD_TEXT, address=at) if states & FOCUSED else None

    async def _of(self, pid: int) -> list[Address]:
        """Return the bus entries of the program `pid`: usually one."""
        programs = await self._children(PROGRAMS)
        process = "GetConnectionUnixProcessID"
        pids = await asyncio.gather(*(self._ask(DAEMON, DAEMON[0], process, "u", name) for name, _ in programs))
        return [program for program, its in zip(programs, pids, strict=True) if its == pid]

    async def _within(self, level: list[Address]) -> Field | None:
        """Return the focused field among these parts and what is shown within them, the outermost first."""
        while level:
            level = level[:WIDEST]
            states = await self._states(level)
            for part, has in zip(level, states, strict=True):
                if has & FOCUSED:
                    return await self.field(part)
            inner = [part for part, has in zip(level, states, strict=True) if leads_on(has)]
            level = [part for parts in await asyncio.gather(*map(self._children, inner)) for part in parts]
        return None

    async def _windows(self, pid: int) -> list[list[Address]]:
        """Return the active window of each bus entry of `pid`, or all its windows if none is marked active."""
        found = []
        for program in await self._of(pid):
            windows = await self._children(program)
            states = await self._states(windows)
            found.append([window for window, has in zip(windows, states, strict=True) if has & ACTIVE] or windows)
        return found

    async def _at_cursor(self, at: Address) -> tuple[str | None, str | None]:
        """Return the text before and after the cursor of `at`; None where it is unknown or is no text.

        The cursor of a text that consists of others (of paragraphs, as in a browser's editor) is in one of these.
        """
        cursor, count, selections = await asyncio.gather(
            self._property(at, TEXT, "CaretOffset", "i"),
            self._property(at, TEXT, "CharacterCount", "i"),
            self._ask(at, TEXT, "GetNSelections", "i"),
        )
        if cursor is None or count is None or not 0 <= cursor <= count:
            return None, None
        start, end = cursor, cursor
        if selections:
            start, end = sorted(await self._answered(at, TEXT, "GetSelection", "i", [0], "ii") or (-1, -1))
        if cursor not in (start, end):  # Chromium miscounts a selection's ends if an emoji is before them
            return None, None
        before, after = await asyncio.gather(
            self._text(at, max(0, start - AROUND), start), self._text(at, end, min(count, end + AROUND))
        )
        if start == end and OBJECT in (before[-1:], after[:1]) and (inner := await self._inner(at, cursor)):
            return await self._at_cursor(inner)
        return (
            None if before.endswith(OBJECT) else before.rpartition(OBJECT)[2],
            None if after.startswith(OBJECT) else after.partition(OBJECT)[0],
        )

    async def _inner(self, at: Address, cursor: int) -> Address | None:
        """Return the part of `at` that has the cursor, which is one of the two beside it."""
        parts, before = await asyncio.gather(self._children(at), self._text(at, 0, cursor))
        place = before.count(OBJECT)
        beside = parts[max(0, place - 1) : place + 1]
        cursors = await asyncio.gather(*(self._property(part, TEXT, "CaretOffset", "i") for part in beside))
        return next((part for part, has in zip(beside, cursors, strict=True) if has is not None and has >= 0), None)

    async def _text(self, at: Address, start: int, end: int) -> str:
        answer = await self._answered(at, TEXT, "GetText", "ii", [start, end], "s") if start < end else [""]
        return str(answer[0]) if answer else ""

    async def _host(self, page: Address) -> str:
        """Return the page's host; Firefox and Chromium name the URL attribute differently."""
        names = ("DocURL", "URI")
        urls = await asyncio.gather(*(self._ask(page, DOCUMENT, "GetAttributeValue", "s", name) for name in names))
        return next((host for url in urls if url and (host := host_of(url))), "")

    async def _property(self, at: Address, interface: str, name: str, expected: str) -> Any:
        value = await self._ask(at, PROPERTIES, "Get", "v", interface, name)
        return value.value if value is not None and value.signature == expected else None

    async def _children(self, at: Address) -> list[Address]:
        return [(name, path) for name, path in await self._ask(at, ACCESSIBLE, "GetChildren", "a(so)") or ()]

    async def _roles(self, parts: list[Address]) -> list[Any]:
        return await asyncio.gather(*(self._ask(part, ACCESSIBLE, "GetRole", "u") for part in parts))

    async def _states(self, parts: list[Address]) -> list[int]:
        """Return the lower 32 states of each part."""
        answers = await asyncio.gather(*(self._ask(part, ACCESSIBLE, "GetState", "au") for part in parts))
        return [answer[0] if answer else 0 for answer in answers]

    async def _ask(self, at: Address, interface: str, member: str, expected: str, *name: str) -> Any:
        """Return the first value of the answer, of the signature `expected`; None if it differs or none comes.

        `name` holds the arguments.
        """
        answer = await self._answered(at, interface, member, "s" * len(name), list(name), expected)
        return answer[0] if answer else None

    async def _answered(
        self, at: Address, interface: str, member: str, signature: str, body: list[Any], expected: str
    ) -> list[Any]:
        async with self._room:
            return await answered(self._bus, Message(*at, interface, member, signature=signature, body=body), expected)


def host_of(url: str) -> str:
    """Return the host of `url`; empty if it is no valid URL."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def leads_on(states: int) -> bool:
    """Return whether a part with these `states` may contain the focused field."""
    return bool(states & SHOWING) and not states & MANAGES_DESCENDANTS


async def answered(bus: MessageBus, question: Message, expected: str) -> list[Any]:
    """Return the answer's body; empty if it is an error or not of the signature `expected`."""
    reply = await bus.call(question)
    told = reply is not None and reply.message_type is MessageType.METHOD_RETURN and reply.signature == expected
    return list(reply.body) if told else []
