"""What is made of a compositor's messages to an input method. Orders of messages are those seen on sway and labwc."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from desktop.core.types import Target
from desktop.paste.field import FocusedFieldReader
from desktop.paste.wayland import content_type
from desktop.paste.wayland.content_type import ContentTypeReader
from desktop.paste.wayland.focus import FocusedWindow
from desktop.paste.wayland.focus_reader import FocusReader
from desktop.paste.wayland.protocol import Compositor, WaylandEvent

ACTIVATE, CONTENT_TYPE, DONE, UNAVAILABLE = 0, 4, 5, 6

METHOD = 7

pytestmark = pytest.mark.anyio


class FakeCompositor(Compositor):
    """Answers a new input method with these messages: opcodes, the content type with its hints and purpose."""

    def __init__(self, *messages: int | tuple[int, int]) -> None:
        self.messages = messages
        self.destroyed = 0
        self._on_event: Callable[[WaylandEvent], None] = lambda event: None

    def bind_global(self, interface: str, version: int = 1) -> int:
        return len(interface)

    def new_object(self, handle: Callable[[WaylandEvent], None]) -> int:
        self._on_event = handle
        return METHOD

    def send_request(self, target: int, opcode: int, *arguments: object, fds: object = ()) -> None:
        if target == METHOD:
            self.destroyed += 1
            return
        for message in self.messages:
            kind = struct.pack("=II", *message) if isinstance(message, tuple) else b""
            opcode = CONTENT_TYPE if isinstance(message, tuple) else message
            self._on_event(WaylandEvent(METHOD, opcode, kind))


@pytest.mark.parametrize(
    ("messages", "is_password"),
    [
        ((ACTIVATE, (192, 8), DONE), True),
        ((ACTIVATE, DONE, (192, 8), DONE), True),
        ((ACTIVATE, DONE, (0x40, 0), DONE), True),
        ((ACTIVATE, (0, 9), DONE), True),
        ((ACTIVATE, DONE, (0x80, 0), DONE), False),
        ((ACTIVATE, (0, 13), DONE), False),
        ((UNAVAILABLE,), None),
    ],
)
async def test_last_content_type_says_whether_it_is_a_password(
    messages: tuple[int | tuple[int, int], ...], is_password: bool | None
) -> None:
    compositor = FakeCompositor(*messages)
    assert await ContentTypeReader(compositor).is_password_focused(1) is is_password
    assert compositor.destroyed == 1


async def test_program_without_an_answer_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_type, "SILENT_TIMEOUT_S", 0.0)
    compositor = FakeCompositor(ACTIVATE, (0, 0), DONE)
    reader = ContentTypeReader(compositor)
    assert await reader.is_password_focused(1) is False
    compositor.messages = ()
    monkeypatch.setattr(content_type, "ANSWER_TIMEOUT_S", 0.0)
    assert await reader.is_password_focused(2) is None
    monkeypatch.setattr(content_type, "ANSWER_TIMEOUT_S", 1000.0)
    assert await reader.is_password_focused(2) is None
    compositor.messages = (ACTIVATE, (0, 0), DONE)
    assert await reader.is_password_focused(1) is False
    compositor.messages = ()
    assert await reader.is_password_focused(2) is None, "another program had the focus meanwhile"
    assert compositor.destroyed == 5


class Windows(FocusReader):
    """Finds these windows, one after another, on a compositor whose focused field is a password field."""

    def __init__(self, *windows: FocusedWindow) -> None:
        super().__init__({}, FocusedFieldReader(""))
        self._windows = [*windows]
        self._content_types = ContentTypeReader(FakeCompositor(ACTIVATE, (192, 8), DONE))

    async def _find_window(self) -> FocusedWindow:
        return self._windows.pop(0)


async def test_x_window_is_not_asked_about_whatever_was_found_since() -> None:
    xterm, editor = Target(7, "xterm"), Target(8, "editor")
    reader = Windows(FocusedWindow(xterm, x11=True), FocusedWindow(editor))
    for target in (xterm, editor):
        assert (await reader.find_focused_window()).target == target
    assert await reader.is_password_focused(xterm) is None
    assert await reader.is_password_focused(editor) is True
