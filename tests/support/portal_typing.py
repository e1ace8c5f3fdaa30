"""A keyboard by the RemoteDesktop portal, and the desktop that permits it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from desktop.core.chords import PasteShortcut
from desktop.core.errors import PasteError
from desktop.paste.wayland.chords import PASTE_CHORDS
from desktop.paste.wayland.remote_desktop import PERMISSION_STORE, RemoteDesktopKeyboard
from tests.support.portal import FakePortal

CTRL_V = PASTE_CHORDS[PasteShortcut.CTRL_V]
CONTROL_L, V = 0xFFE3, 0x76


def agree(portal: FakePortal, token: str) -> None:
    """Have the user say yes to a keyboard, and the portal give `token` for the next time."""
    portal.results["Start"] = {"devices": Variant("u", 1), "restore_token": Variant("s", token)}


class FakePermissionStore:
    """The desktop's store of permissions on the bus: which identities may use which token."""

    def __init__(self, bus: MessageBus, permissions: dict[str, dict[str, list[str]]]) -> None:
        self.permissions = permissions
        bus.add_message_handler(self._handle)

    def _handle(self, message: Message) -> Message | None:
        if message.path != PERMISSION_STORE[1] or message.message_type is not MessageType.METHOD_CALL:
            return None
        if message.member == "Lookup":
            table, token = message.body
            if table != "remote-desktop" or token not in self.permissions:
                return Message.new_error(message, "org.freedesktop.portal.Error.NotFound", "No entry")
            return Message.new_method_return(message, "a{sas}v", [self.permissions[token], Variant("s", "data")])
        assert message.member == "SetPermission"
        _, create, token, app_id, granted = message.body
        assert not create
        self.permissions[token][app_id] = granted
        return Message.new_method_return(message)


@asynccontextmanager
async def permission_store(bus: str, **permissions: dict[str, list[str]]) -> AsyncIterator[FakePermissionStore]:
    connection = await MessageBus(bus).connect()
    store = FakePermissionStore(connection, permissions)
    await connection.request_name(PERMISSION_STORE[0])
    try:
        yield store
    finally:
        connection.disconnect()


@dataclass
class Heard:
    """What the keyboard said of itself."""

    problems: list[str] = field(default_factory=list)

    def on_problem(self, problem: PasteError | None) -> None:
        self.problems.append(problem.message.code if problem is not None else "")


@asynccontextmanager
async def keyboard(
    bus: str, token: Path, heard: Heard | None = None, *, is_kept: bool = False
) -> AsyncIterator[RemoteDesktopKeyboard]:
    keyboard = RemoteDesktopKeyboard(bus, token, (heard or Heard()).on_problem, is_kept=is_kept)
    try:
        yield keyboard
    finally:
        keyboard.close()


def know(token: Path, name: str) -> None:
    """Keep a token of an earlier yes."""
    token.parent.mkdir(exist_ok=True)
    token.write_text(name)


def strokes(portal: FakePortal) -> list[list[int]]:
    """Return the keys that were pressed (1) and released (0), as keysyms."""
    return [arguments[2:] for arguments in portal.calls("NotifyKeyboardKeysym")]


PRESSED = [[CONTROL_L, 1], [V, 1], [V, 0], [CONTROL_L, 0]]
