"""Query the accessibility bus (AT-SPI): the windows of a program, and what is in them.

`desktop.platforms.linux.atspi_programs` asks all programs.
Numbers and names are AT-SPI's own. A program's answer is used only if it has the expected signature.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from dbus_fast import Message, Variant
from dbus_fast.aio import MessageBus

from desktop.core.types import InputField, Target
from desktop.platforms.linux.dbus import call_bus

MAX_CALLS_IN_FLIGHT = 32
"""Calls in flight: dbus-fast treats a full socket as an error, and a password field would be missed."""

MAX_PARTS_PER_LEVEL = 500
"""Maximum number of a window's parts examined side by side; a part costs about 0.1 ms."""

CONTEXT_CHARACTERS = 80
"""Characters read on either side of the cursor: a line, in which a sentence most often begins."""

PASSWORD_TEXT, TERMINAL, DOCUMENT_WEB = 40, 60, 95
ACTIVE, EDITABLE, FOCUSED, SHOWING, MANAGES_DESCENDANTS = (1 << bit for bit in (1, 7, 12, 25, 31))
"""A role and states, numbered as in AT-SPI's own `AtspiRole` and `AtspiStateType`. A list or table that manages its
descendants creates them when asked: there may be a million."""

EMBEDDED_OBJECT = "\ufffc"
"""Placeholder in a text for a part of the program that has its own text: a paragraph, a link."""

ACCESSIBLE, TEXT, DOCUMENT = (f"org.a11y.atspi.{name}" for name in ("Accessible", "Text", "Document"))
PROPERTIES = "org.freedesktop.DBus.Properties"
ROOT_PATH = "/org/a11y/atspi/accessible/root"
REGISTRY_ROOT = ("org.a11y.atspi.Registry", ROOT_PATH)
BUS_DAEMON = ("org.freedesktop.DBus", "/org/freedesktop/DBus")
STATUS_ADDRESS, STATUS = ("org.a11y.Bus", "/org/a11y/bus"), "org.a11y.Status"
NULL_PATH = "/org/a11y/atspi/null"
"""The path of a reference to nothing, which programs list among a part's children; its name may be empty."""

type AccessibleAddress = tuple[str, str]
"""A part of a program: the program's name on the bus, and the part's path."""


class AccessibilityTree:
    """The programs on the accessibility `bus`, their windows and what is in them.

    What no longer exists has no parts and no states.
    """

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus
        self._call_slots = asyncio.Semaphore(MAX_CALLS_IN_FLIGHT)

    async def find_focused_field(self, pid: int, title: str = "") -> InputField | None:
        """Return the focused field of the program `pid`; None if it has none or is not on the bus.

        `title` is that of its focused window, as the desktop tells it.
        """
        return await self.find_focus(await self._list_windows(pid, title))

    async def recheck_focused_field(self, target: Target) -> InputField | None:
        """Return the focused field of `target`, trying its previous field first."""
        before = target.field and await self.read_field_if_focused(target.field.address)
        return before or await self.find_focused_field(target.pid, target.title)

    async def add_cursor_text(self, field: InputField) -> InputField:
        """Return `field` with the text around its cursor, where available.

        Selected text is left out, since it will be replaced.
        """
        address = field.address
        (states,), role = await asyncio.gather(
            self.read_states([address]), self.call_for_value(address, ACCESSIBLE, "GetRole", "u")
        )
        if field.is_password or not states & EDITABLE or role in (PASSWORD_TEXT, TERMINAL, None):
            return field
        before, after = await self._read_around_cursor(address)
        return replace(field, before=before, after=after)

    async def find_page_host(self, pid: int, title: str = "") -> str:
        """Return the host of the page in the focused window, of this `title`, of the program `pid`; empty if
        unknown."""
        level = await self._list_windows(pid, title)
        while level:
            level = level[:MAX_PARTS_PER_LEVEL]
            states, roles = await asyncio.gather(self.read_states(level), self._read_roles(level))
            shown = [
                (part, role) for part, state, role in zip(level, states, roles, strict=True) if may_contain_focus(state)
            ]
            hosts = await asyncio.gather(*(self._read_page_host(part) for part, role in shown if role == DOCUMENT_WEB))
            if any(hosts):
                return next(filter(None, hosts))
            inner = (self.list_children(part) for part, role in shown if role != DOCUMENT_WEB)
            level = [part for parts in await asyncio.gather(*inner) for part in parts]
        return ""

    async def read_field_if_focused(self, address: AccessibleAddress) -> InputField | None:
        """Return the field at this address if it has the focus; None also if its role is unknown."""
        (states,), role = await asyncio.gather(
            self.read_states([address]), self.call_for_value(address, ACCESSIBLE, "GetRole", "u")
        )
        if role is None or not states & FOCUSED:
            return None
        return InputField(is_password=role == PASSWORD_TEXT, address=address)

    async def _find_program_entries(self, pid: int) -> list[AccessibleAddress]:
        """Return the bus entries of the program `pid`: usually one."""
        programs = await self.list_children(REGISTRY_ROOT)
        process = "GetConnectionUnixProcessID"
        pids = await asyncio.gather(
            *(self.call_for_value(BUS_DAEMON, BUS_DAEMON[0], process, "u", name) for name, _ in programs)
        )
        return [program for program, program_pid in zip(programs, pids, strict=True) if program_pid == pid]

    async def find_focus(self, windows: list[AccessibleAddress]) -> InputField | None:
        """Return the focused field in these windows of a program, each of which may have one; a password field first,
        since any of them may have the keyboard."""
        fields = await asyncio.gather(*(self._find_focus_within([window]) for window in windows))
        found = [field for field in fields if field is not None]
        return next((field for field in found if field.is_password), found[0] if found else None)

    async def _find_focus_within(self, level: list[AccessibleAddress]) -> InputField | None:
        """Return the focused field among these parts and what is shown within them, the outermost first."""
        while level:
            level = level[:MAX_PARTS_PER_LEVEL]
            states = await self.read_states(level)
            for part, state in zip(level, states, strict=True):
                if state & FOCUSED:
                    return await self.read_field_if_focused(part)
            inner = [part for part, state in zip(level, states, strict=True) if may_contain_focus(state)]
            level = [part for parts in await asyncio.gather(*map(self.list_children, inner)) for part in parts]
        return None

    async def _list_windows(self, pid: int, title: str = "") -> list[AccessibleAddress]:
        """Return the active windows of the program `pid`; if none is marked active, those of this `title`, or all."""
        listed = await asyncio.gather(*map(self.list_children, await self._find_program_entries(pid)))
        windows = [window for program_windows in listed for window in program_windows]
        states = await self.read_states(windows)
        active = [window for window, state in zip(windows, states, strict=True) if state & ACTIVE]
        if active or not title or len(windows) < 2:
            return active or windows
        names = await asyncio.gather(*(self.read_property(window, ACCESSIBLE, "Name", "s") for window in windows))
        return [window for window, name in zip(windows, names, strict=True) if is_name_of(name, title)] or windows

    async def _read_around_cursor(self, address: AccessibleAddress) -> tuple[str | None, str | None]:
        """Return the text before and after the cursor of `address`; None where it is unknown or is no text.

        The cursor of a text that consists of others (of paragraphs, as in a browser's editor) is in one of these.
        """
        cursor, count, selections = await asyncio.gather(
            self.read_property(address, TEXT, "CaretOffset", "i"),
            self.read_property(address, TEXT, "CharacterCount", "i"),
            self.call_for_value(address, TEXT, "GetNSelections", "i"),
        )
        if cursor is None or count is None or not 0 <= cursor <= count:
            return None, None
        start, end = cursor, cursor
        if selections:
            start, end = sorted(await self._call(address, TEXT, "GetSelection", "i", [0], "ii") or (-1, -1))
        if cursor not in (start, end):  # Chromium miscounts a selection's ends if an emoji is before them
            return None, None
        before, after = await asyncio.gather(
            self._read_text(address, max(0, start - CONTEXT_CHARACTERS), start),
            self._read_text(address, end, min(count, end + CONTEXT_CHARACTERS)),
        )
        if (
            start == end
            and EMBEDDED_OBJECT in (before[-1:], after[:1])
            and (inner := await self._find_part_with_cursor(address, cursor))
        ):
            return await self._read_around_cursor(inner)
        return (
            None if before.endswith(EMBEDDED_OBJECT) else before.rpartition(EMBEDDED_OBJECT)[2],
            None if after.startswith(EMBEDDED_OBJECT) else after.partition(EMBEDDED_OBJECT)[0],
        )

    async def _find_part_with_cursor(self, address: AccessibleAddress, cursor: int) -> AccessibleAddress | None:
        """Return the part of `address` that has the cursor, which is one of the two beside it."""
        parts, before = await asyncio.gather(self.list_children(address), self._read_text(address, 0, cursor))
        place = before.count(EMBEDDED_OBJECT)
        beside = parts[max(0, place - 1) : place + 1]
        cursors = await asyncio.gather(*(self.read_property(part, TEXT, "CaretOffset", "i") for part in beside))
        return next(
            (part for part, offset in zip(beside, cursors, strict=True) if offset is not None and offset >= 0), None
        )

    async def _read_text(self, address: AccessibleAddress, start: int, end: int) -> str:
        answer = await self._call(address, TEXT, "GetText", "ii", [start, end], "s") if start < end else [""]
        return str(answer[0]) if answer else ""

    async def _read_page_host(self, page: AccessibleAddress) -> str:
        """Return the page's host; Firefox and Chromium name the URL attribute differently."""
        names = ("DocURL", "URI")
        urls = await asyncio.gather(
            *(self.call_for_value(page, DOCUMENT, "GetAttributeValue", "s", name) for name in names)
        )
        return next((host for url in urls if url and (host := host_of_url(url))), "")

    async def read_property(self, address: AccessibleAddress, interface: str, name: str, expected: str) -> Any:
        """Return a property's value, of the signature `expected`; None if it differs or none comes."""
        value = await self.call_for_value(address, PROPERTIES, "Get", "v", interface, name)
        return value.value if value is not None and value.signature == expected else None

    async def list_children(self, address: AccessibleAddress) -> list[AccessibleAddress]:
        """Return the parts of a part: a program's are its windows, those of `REGISTRY_ROOT` all programs."""
        references = await self.call_for_value(address, ACCESSIBLE, "GetChildren", "a(so)") or ()
        return [(name, path) for name, path in references if name and path != NULL_PATH]

    async def _read_roles(self, parts: list[AccessibleAddress]) -> list[Any]:
        return await asyncio.gather(*(self.call_for_value(part, ACCESSIBLE, "GetRole", "u") for part in parts))

    async def read_states(self, parts: list[AccessibleAddress]) -> list[int]:
        """Return the lower 32 states of each part."""
        answers = await asyncio.gather(*(self.call_for_value(part, ACCESSIBLE, "GetState", "au") for part in parts))
        return [answer[0] if answer else 0 for answer in answers]

    async def call_for_value(
        self, address: AccessibleAddress, interface: str, member: str, expected: str, *arguments: str
    ) -> Any:
        """Return the first value of the answer, of the signature `expected`; None if it differs or none comes.

        `arguments` are strings.
        """
        answer = await self._call(address, interface, member, "s" * len(arguments), list(arguments), expected)
        return answer[0] if answer else None

    async def _call(
        self, address: AccessibleAddress, interface: str, member: str, signature: str, body: list[Any], expected: str
    ) -> list[Any]:
        async with self._call_slots:
            return await call_bus(
                self._bus, Message(*address, interface, member, signature=signature, body=body), expected
            )


async def is_switched_on(session: MessageBus) -> bool | None:
    """Return whether programs are asked to be on the accessibility bus, as the `session` bus tells; None where it has
    no such bus.

    GTK is there in any case; Qt, Chromium and Firefox follow this, and start the bus by asking, as is done here.
    """
    question = Message(*STATUS_ADDRESS, PROPERTIES, "Get", signature="ss", body=[STATUS, "IsEnabled"])
    match await call_bus(session, question, "v"):
        case [Variant(value=bool(is_on))]:
            return is_on
    return None


def host_of_url(url: str) -> str:
    """Return the host of `url`; empty if it is no valid URL."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def is_name_of(name: str | None, title: str) -> bool:
    """Return whether a window of this accessible `name` may have the `title`, which a browser's name goes on after."""
    return name is not None and (name == title or name.startswith(f"{title} - "))


def may_contain_focus(states: int) -> bool:
    """Return whether a part with these `states` may contain the focused field."""
    return bool(states & SHOWING) and not states & MANAGES_DESCENDANTS
