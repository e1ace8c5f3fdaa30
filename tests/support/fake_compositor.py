"""A compositor with one text field, for an input method of `zwp_input_method_v2`: what was seen of wlroots' ones.

It does not draw, and its program is part of it. A commit that does not know the newest `done` is dropped, unless the
compositor is none of wlroots by its `globals`.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import anyio
import pytest

from desktop.paste.input_method.interface import InputContext
from desktop.paste.input_method.wayland import WaylandInputMethod
from desktop.paste.input_method.wayland_messages import WLROOTS_ONLY
from desktop.paste.wayland.protocol import WaylandEvent, encode_request, take_events

ACTIVATE, DEACTIVATE, SURROUNDING, CAUSE, CONTENT_TYPE, DONE, UNAVAILABLE = range(7)

GLOBALS = ("wl_seat", "zwp_input_method_manager_v2", WLROOTS_ONLY)

PLAIN = (0, 0)
TERMINAL, PASSWORD = (0, 13), (192, 8)

PROGRAM_S = 0.002
"""How long a program takes to answer."""

LONG_S = 1000.0
"""What is not waited for."""


class FakeField:
    """The field that has the focus: its kind (hints and purpose), its text, the cursor at its end.

    `tells` is how its program tells of the text: "always", "late" (what was there before), "nothing" at all, as a
    terminal, or "some", which is as wlroots has it of Qt: only of a field that had some when it got the focus. The
    composition stays where the input method does not remove it, as in Qt and Chromium, and what is `selected` before
    the cursor goes with the first one.
    """

    def __init__(self, kind: tuple[int, int] = PLAIN, text: str = "", tells: str = "always") -> None:
        self.kind = kind
        self.text = self.told = text
        self.tells = tells
        self.composition = ""
        self.selected = ""

    def click(self) -> None:
        """Have the user click into the field, which makes the composition part of its text."""
        self.text, self.composition = self.text + self.composition, ""


class FakeCompositor:
    """It listens on the socket at `path`.

    `field` is the focused one, if any; `is_taken` if the user has an input method. `halves` is how many of the `done`s
    that begin a field say nothing of it, as labwc's first; `is_early` if it begins one before its program says so, as
    labwc with one that it has told of before. `dropped` counts commits; `on_commit` is called before each, `on_sync`
    before it answers what asks whether it has come so far.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.globals: tuple[str, ...] = GLOBALS
        self.field: FakeField | None = FakeField()
        self.is_taken = False
        self.halves = 0
        self.is_early = False
        self.bound = self.destroyed = self.dropped = 0
        self.commits: list[str] = []
        self.deletes: list[int] = []
        self.on_commit: Callable[[], None] = lambda: None
        self.on_sync: Callable[[], None] = lambda: None
        self._serial = 0
        self._has_some = True
        self._pending: dict[str, str | int] = {}
        self._method = 0
        self._kinds: dict[int, str] = {}
        self._writer: asyncio.StreamWriter | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Be the compositor of one program at a time."""
        self._writer, self._kinds, received = writer, {1: "wl_display"}, bytearray()
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                received += data
                for request in take_events(received):
                    self._carry_out(request)
        if self._writer is writer:
            self._end_method()
            self._writer = None
        writer.close()

    def cut(self) -> None:
        """End the connection, as for a program that says what makes no sense."""
        if self._writer is not None:
            self._writer.close()

    def focus(self, field: FakeField | None) -> None:
        """Give another field the focus, or none."""
        if self._method and self.field is not None:
            self.say(DEACTIVATE)
            self.say_done()
        self.field = field
        self._begin()

    def say(self, opcode: int, *arguments: int | str) -> None:
        """Send an event of the input method."""
        self._send(self._method, opcode, *arguments)

    def say_done(self) -> None:
        """End a set of news."""
        self._serial += 1
        self.say(DONE)

    def tell(self, *, is_new: bool = False) -> None:
        """Have the program tell of its field, and the compositor pass it on."""
        field = self.field
        if field is None or (field.tells == "nothing" and not is_new):
            return
        if is_new:
            self._has_some = bool(field.text) or field.tells != "some"
        told = field.told if field.tells == "late" and not is_new else field.text
        field.told = field.text
        if field.tells != "nothing" and self._has_some:
            at = len(told.encode())
            self.say(SURROUNDING, told, at, at - len(field.selected.encode()))
        self.say(CAUSE, 0)
        self.say(CONTENT_TYPE, *field.kind)
        self.say_done()

    def _begin(self) -> None:
        """Give the input method the focused field, once its program has answered."""
        method, field = self._method, self.field

        def begin() -> None:
            if method and (method, field) == (self._method, self.field) and field is not None:
                self.say(ACTIVATE)
                for _ in range(self.halves):
                    self.say_done()
                self.tell(is_new=True)

        if self.is_early:
            begin()
        else:
            asyncio.get_running_loop().call_later(PROGRAM_S, begin)

    def _carry_out(self, request: WaylandEvent) -> None:
        match self._kinds.get(request.object, ""), request.opcode:
            case "wl_display", 0:
                self.on_sync()
                number = request.read_number()
                self._send(number, 0, 0)
                self._send(1, 1, number)
            case "wl_display", 1:
                self._kinds[request.read_number()] = "wl_registry"
                for name, interface in enumerate(self.globals):
                    self._send(request.read_number(), 0, name, interface, 1)
            case "wl_registry", 0:
                interface = request.read_string(4)
                (number,) = struct.unpack_from("=I", request.body, request.offset_after_string(4) + 4)
                self._kinds[number] = interface
            case "zwp_input_method_manager_v2", 0:
                self._method = struct.unpack_from("=II", request.body)[1]
                self._kinds[self._method] = "method"
                self._serial, self._pending = 0, {}
                self.bound += 1
                if self.is_taken:
                    self.say(UNAVAILABLE)
                else:
                    self._begin()
            case "method", opcode:
                self._carry_out_method(opcode, request)

    def _carry_out_method(self, opcode: int, request: WaylandEvent) -> None:
        match opcode:
            case 0:
                self._pending["text"] = request.read_string()
            case 1:
                self._pending["composition"] = request.read_string()
            case 2:
                self._pending["delete"] = request.read_number()
            case 3:
                self.on_commit()
                pending, self._pending = self._pending, {}
                is_known = request.read_number() == self._serial
                self.dropped += not is_known
                if not is_known and WLROOTS_ONLY in self.globals:
                    pass
                elif self.field is not None and not self.is_taken:
                    self._apply(self.field, pending)
            case 6:
                self.destroyed += 1
                self._end_method()
                self._send(1, 1, request.object)

    def _apply(self, field: FakeField, pending: dict[str, str | int]) -> None:
        field.composition = str(pending.get("composition", ""))
        if field.selected and (field.composition or "text" in pending):
            field.text, field.selected = field.text.removesuffix(field.selected), ""
        if size := int(pending.get("delete", 0)):
            self.deletes.append(size)
            field.text = field.text.encode()[:-size].decode()
        if text := str(pending.get("text", "")):
            self.commits.append(text)
            field.text += text
        asyncio.get_running_loop().call_later(PROGRAM_S, self.tell)

    def _end_method(self) -> None:
        self._method = 0

    def _send(self, source: int, opcode: int, *arguments: int | str) -> None:
        if self._writer is not None and source:
            self._writer.write(encode_request(source, opcode, *arguments))


@asynccontextmanager
async def fake_compositor(folder: Path) -> AsyncIterator[tuple[FakeCompositor, dict[str, str]]]:
    """A compositor, and the environment of its programs."""
    compositor = FakeCompositor(folder / "wayland-0")
    server = await asyncio.start_unix_server(compositor.serve, compositor.path)
    try:
        yield compositor, {"XDG_RUNTIME_DIR": str(folder), "WAYLAND_DISPLAY": "wayland-0"}
    finally:
        server.close()
        compositor.cut()


@asynccontextmanager
async def connected(environ: dict[str, str]) -> AsyncIterator[WaylandInputMethod]:
    """The input method for the compositor of `environ`."""
    method = WaylandInputMethod(environ)
    method.start(asyncio.get_running_loop())
    try:
        yield method
    finally:
        method.close()


@asynccontextmanager
async def input_method(folder: Path) -> AsyncIterator[tuple[WaylandInputMethod, FakeCompositor]]:
    """An input method, and a compositor that is there for it alone."""
    async with fake_compositor(folder) as (compositor, environ), connected(environ) as method:
        yield method, compositor


async def expect_loss(context: InputContext) -> None:
    """Wait until the field is lost."""
    with anyio.fail_after(5), pytest.raises(ConnectionResetError):
        await context.wait_for_change()
