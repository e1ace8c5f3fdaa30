"""What programs answer on the buses of D-Bus: fields of the focused window, media players, portals."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from io import BytesIO
from typing import Any

from dbus_fast import Message, MessageType, Variant
from dbus_fast._private.unmarshaller import Unmarshaller
from dbus_fast.aio import MessageBus

from desktop.audio.media_players import _SessionBus
from desktop.core import types
from desktop.hotkeys.shortcuts import read_shortcuts, trigger_label
from desktop.paste.field import FieldTextReader, FocusedFieldReader
from desktop.platforms.linux.portal import OBJECT_PATH, REQUEST_INTERFACE, TOKEN_PREFIX, Portal, PortalError
from tests.fuzz.target import Target, lines, run


def _typed(value: Any) -> Any:
    """A value as D-Bus has it: {"v": [signature, value]} is a variant. It has no null; to be given one for a
    variant is more than the library's native code bears."""
    if value is None:
        raise ValueError
    if isinstance(value, dict) and isinstance(value.get("v"), list) and len(value["v"]) == 2:
        signature, inner = value["v"]
        return Variant(signature, _typed(inner))
    if isinstance(value, dict):
        return {key: _typed(inner) for key, inner in value.items()}
    return [_typed(inner) for inner in value] if isinstance(value, list) else value


class _Bus(MessageBus):
    """A bus on which the next line of an input answers every call, if a bus would carry it; a portal's answer to a
    request is one too."""

    unique_name = ":1.1"
    connected = True

    def __init__(self, data: bytes) -> None:
        self._answers = iter(data.split(b"\n"))
        self._hearing: asyncio.Task[None] | None = None

    async def call(self, question: Message) -> Message:
        await asyncio.sleep(0)
        return self._message(MessageType.METHOD_RETURN) or _REFUSED

    def _message(self, kind: MessageType, **about: Any) -> Message | None:
        try:
            signature, *body = json.loads(next(self._answers, b"null"))
            told = Message(message_type=kind, reply_serial=1, signature=signature, body=_typed(body), serial=1, **about)
            stream: Any = BytesIO(told._marshall(False))
            answer = Unmarshaller(stream).unmarshall()
        except Exception:  # whatever it is, no bus carries it
            return None
        return answer

    def add_message_handler(self, handle: Any) -> None:
        about = {
            "path": f"{OBJECT_PATH}/request/1_1/{TOKEN_PREFIX}1",
            "interface": REQUEST_INTERFACE,
            "member": "Response",
        }

        async def answer() -> None:
            if heard := self._message(MessageType.SIGNAL, **about):
                handle(heard)

        self._hearing = asyncio.get_running_loop().create_task(answer())

    def remove_message_handler(self, handle: Any) -> None:
        pass


_REFUSED = Message(message_type=MessageType.ERROR, reply_serial=1, error_name="a.b", signature="s", body=["no"])


class _Fields(FocusedFieldReader):
    """Those of a bus that is connected already."""

    def __init__(self, bus: MessageBus) -> None:
        super().__init__()
        self._bus = bus


class _Text(FieldTextReader):
    def __init__(self, bus: MessageBus) -> None:
        super().__init__()
        self._bus = bus


def _fields(data: bytes) -> None:
    run(_Fields(_Bus(data)).look_up(types.Target(1, pid=7), cursor=True, site=True))


def _field_text(data: bytes) -> None:
    run(_Text(_Bus(data)).read_field(("a.b", "/c")))


def _player(data: bytes) -> None:
    session = _SessionBus(_Bus(data))
    run(session.get_status("a.b"))
    run(session.get_owner("a.b"))


def _portal(data: bytes) -> None:
    async def ask() -> None:
        portal = Portal(_Bus(data))
        with suppress(PortalError):
            await portal.read_version("a.b")
            given = await portal.request("a.b", "Start", "", [], {}, 0.01)
            for description in read_shortcuts(given).values():
                trigger_label(description or "")

    run(ask())


_PROGRAM = [[":1.7", "/a"]]


def _states(bits: int) -> list[object]:
    return ["au", [bits, 0]]


_TREE = lines(
    ["a(so)", _PROGRAM], ["u", 7], ["a(so)", _PROGRAM], _states(3 | 1 << 25), _states(1 << 25), ["a(so)", _PROGRAM],
    _states(1 << 12 | 1 << 7), _states(1 << 12 | 1 << 7), ["u", 61], _states(1 << 12 | 1 << 7), ["u", 61],
    ["v", {"v": ["i", 3]}], ["v", {"v": ["i", 7]}], ["i", 0], ["s", "One"], ["s", " two"], ["a(so)", _PROGRAM],
    ["u", 7], ["a(so)", _PROGRAM], _states(1 << 25), _states(1 << 25), ["u", 95],
    ["s", "https://example.org/a"], ["s", ""],
)  # fmt: skip
_FIELD = lines(["u", 61], ["v", {"v": ["i", 7]}], ["s", "One two"])
_PORTAL = lines(["v", {"v": ["u", 2]}], ["ua{sv}", 0, {"shortcuts": {"v": ["a(sa{sv})", [["talk", {}]]]}}], ["o", "/a"])
_PLAYER = lines(["v", {"v": ["s", "Playing"]}], ["s", ":1.7"])
_ODD = (
    lines(["s", "no"]),
    lines(["v", {"v": ["u", 2]}], ["ua{sv}", 0, {"shortcuts": {"v": ["u", 1]}}], ["o", "/a"]),
)


def targets() -> dict[str, Target]:
    """Each by its name."""
    fields = ("desktop.platforms.linux.atspi", "desktop.paste.field")
    return {
        "fields": Target(_fields, (_TREE,), fields, (_TREE.replace(b"example.org", b"[example.org"),)),
        "field-text": Target(_field_text, (_FIELD,), fields),
        "players": Target(_player, (_PLAYER,), ("desktop.audio.media_players",), (lines(["s", "Playing"]),)),
        "portal": Target(_portal, (_PORTAL,), ("desktop.platforms.linux.portal", "desktop.hotkeys.shortcuts"), _ODD),
    }
