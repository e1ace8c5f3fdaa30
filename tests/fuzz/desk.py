"""What other programs of the desktop say: who owns the clipboard, who has the focus, who asks for something."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from io import BytesIO
from itertools import count
from types import SimpleNamespace
from typing import Any

import anyio
from dbus_fast import Message, MessageType, Variant
from dbus_fast._private.unmarshaller import Unmarshaller
from dbus_fast.aio import MessageBus
from Xlib import X
from Xlib.xobject.drawable import Window

from desktop.app.ipc import _read_request
from desktop.audio.ducking import duck_volumes
from desktop.audio.media_players import _SessionBus
from desktop.audio.microphone import pulse
from desktop.audio.microphone.devices import convert_sources
from desktop.audio.microphone.health import find_cause_in_source
from desktop.core import types
from desktop.core.errors import UserError
from desktop.hotkeys.shortcuts import read_shortcuts, trigger_label
from desktop.paste.field import FieldTextReader, FocusedFieldReader
from desktop.paste.wayland.data_control import DataControlClipboard
from desktop.paste.wayland.focus import parse_answer
from desktop.paste.wayland.protocol import DISPLAY_ID, Compositor, encode_request
from desktop.paste.wayland.toplevels import MANAGER as TOPLEVELS
from desktop.paste.wayland.toplevels import ToplevelList
from desktop.paste.x11.clipboard import X11Clipboard, text_contents
from desktop.paste.x11.clipboard_copy import SelectionFetcher
from desktop.paste.x11.pending_answers import PendingAnswers
from desktop.platforms.linux.portal import OBJECT_PATH, REQUEST_INTERFACE, TOKEN_PREFIX, Portal, PortalError
from desktop.platforms.linux.x11_focus import find_active_target
from tests.fuzz.target import Target, lines, run


class _Client:
    """The socket of a client that sends `data`, in pieces, and goes."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    async def receive(self, most: int = 512) -> bytes:
        if not self._data:
            raise anyio.EndOfStream
        piece, self._data = self._data[:most], self._data[most:]
        return piece


def _command(data: bytes) -> None:
    async def ask() -> None:
        client: Any = _Client(data)
        with suppress(anyio.IncompleteRead, anyio.EndOfStream):
            await _read_request(client)

    run(ask())


# -- X11 ---------------------------------------------------------------------------------------------------------------

_RECORD = struct.Struct("=BBIH")


def _record(format: int, type: int, data: bytes, flags: int = 0) -> bytes:
    """A property as `_X11` takes it from an input."""
    return _RECORD.pack(format, flags, type, len(data)) + data


class _X11:
    """A display on which every property is the next of an input, and the connection to it. Bit 0 of a property's flags:
    there is none. Bit 1: its owner did not answer. Bit 2: more of it follows."""

    id = serial = 1

    def __init__(self, data: bytes) -> None:
        self._properties, self.flags = self._read(data), 0
        self.window = self.display = self.focus = self.root = self
        self.info = SimpleNamespace(max_request_length=64)
        self.pending_answers = PendingAnswers(100, self.destroy_window)
        self.parent, self._atoms = X.NONE, {"INCR": 100}

    def _read(self, data: bytes) -> Iterator[Any]:
        at = 0
        while at + _RECORD.size <= len(data):
            format, self.flags, kind, length = _RECORD.unpack_from(data, at)
            at += _RECORD.size
            value, format = data[at : at + length], (8, 16, 32)[format % 3]
            at += length
            whole = value[: len(value) // (format // 8) * (format // 8)]
            shown = whole if format == 8 else array("H" if format == 16 else "I", whole)
            found = SimpleNamespace(format=format, value=shown, property_type=kind)
            found.bytes_after = len(data) - at if self.flags & 4 else 0
            yield None if self.flags & 1 else found

    def get_property(self, *_: object, **__: object) -> Any:
        return next(self._properties, None)

    get_full_property = Window.get_full_property

    def wait_for_event(self, matches: object, until: float | None = None, is_cancelled: object = None) -> Any:
        return None if self.flags & 2 else SimpleNamespace(property=1, time=1)

    def atom(self, name: str) -> int:
        return self._atoms.setdefault(name, 200 + len(self._atoms))

    get_atom = atom

    def get_atom_name(self, number: int) -> str:
        return str(number)

    def server_time(self) -> int:
        return 1

    def has_extension(self, name: str) -> bool:
        return False

    def screen(self) -> _X11:
        return self

    query_tree = get_input_focus = create_hidden_window = screen

    def get_selection_owner(self, name: int) -> _X11:
        return self

    def create_resource_object(self, kind: str, number: int) -> _X11:
        return self

    def __window__(self) -> int:
        return self.id

    def send_event(self, *_: object, **__: object) -> None:
        pass

    set_selection_owner = convert_selection = change_attributes = change_property = send_event
    sync = flush = destroy_window = delete_property = send_event


def _selection(data: bytes) -> None:
    for ask in (
        SelectionFetcher.copy,
        SelectionFetcher.read_text,
        SelectionFetcher.is_secret,
        lambda reader: reader.offers_target("text/html"),
    ):
        x: Any = _X11(data)
        ask(SelectionFetcher(x, 1))


def _window(data: bytes) -> None:
    """Whatever a window says of itself, it is that window."""
    named = _X11(data).get_property()
    meant = named is not None and named.format == 32 and list(named.value[:1]) not in ([], [X.NONE])
    x = _X11(data)
    assert find_active_target(x).handle == x.id or not meant


def _asked(data: bytes) -> None:
    """MULTIPLE lists what a stranger wants in one go."""
    x: Any = _X11(data)
    clipboard = X11Clipboard(x, lambda window: None, lambda selection: None)
    contents = text_contents(x, "one two " * 50)
    clipboard.take("CLIPBOARD", contents)
    request = {"type": X.SelectionRequest, "requestor": x, "selection": x.atom("CLIPBOARD"), "time": 1, "property": 5}
    request |= {"sequence_number": 1}
    for target in (x.atom("MULTIPLE"), *contents, *struct.unpack_from("=I", data.ljust(4, b"\0"))):
        clipboard.handle_event(SimpleNamespace(**request, target=target))
        clipboard.handle_event(SimpleNamespace(type=X.PropertyNotify, state=X.PropertyDelete, window=x, atom=5))


# -- the buses ---------------------------------------------------------------------------------------------------------


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

    def _message(self, kind: MessageType, **about: str) -> Message | None:
        try:
            signature, *body = json.loads(next(self._answers, b"null"))
            told = Message(message_type=kind, reply_serial=1, signature=signature, body=_typed(body), serial=1, **about)
            answer = Unmarshaller(BytesIO(told._marshall(False))).unmarshall()
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


# -- Wayland -----------------------------------------------------------------------------------------------------------


class _Compositor(Compositor):
    """A connection to what says `data`."""

    def __init__(self) -> None:
        self.environ = {}
        self.globals = {"zwlr_data_control_manager_v1": (1, 2), "wl_seat": (2, 1), TOPLEVELS: (3, 1)}
        self.fds = deque()
        self.gone = False
        self._on_lost = self._lost
        self._received = bytearray()
        self._shared = {}
        self._handlers = {DISPLAY_ID: self._on_display_event}
        self._free = deque(range(2, 0x100))
        self._roundtrips = set()
        self._socket, self.there = socket.socketpair()
        self._loop = None
        self._registry = self.new_object(self._on_registry_event)

    def _lost(self) -> None:
        self.gone = True

    def send_request(self, target: int, opcode: int, *arguments: int | str, fds: Sequence[int] = ()) -> None:
        encode_request(target, opcode, *arguments)


def _wayland(data: bytes) -> None:
    async def hear() -> None:
        compositor = _Compositor()
        try:
            control = DataControlClipboard(compositor, lambda inode: None, lambda: None)
            ToplevelList(compositor, count(1))
            control.take("CLIPBOARD", {"text/plain": b"one two"})
            compositor.there.sendall(data)
            compositor.there.close()
            while not compositor.gone:
                compositor.read_events()
            control.close()
        finally:
            compositor.close()
            compositor.there.close()

    run(hear())


def _sound_server(data: bytes) -> None:
    sources, _, others = data.partition(b"\n")
    with suppress(UserError):
        found = pulse.parse_answer(list[pulse.PulseSource], sources)
        convert_sources("alsa_input.usb", found)
        recording = pulse.parse_answer(list[pulse.CaptureStream], others)
        for source in found:
            find_cause_in_source("USB", source, recording)
    with suppress(UserError):
        for stream in pulse.parse_answer(list[pulse.PlaybackStream], others):
            assert len(duck_volumes(stream.volumes)) == len(stream.volumes)


def _windows(data: bytes) -> None:
    for teller in ("sway", "Hyprland", "KWin"):
        parse_answer(teller, data)


_PIECE = _record(0, 200, b"One two.")
_SELECTION = (
    _record(2, 4, array("I", range(200, 206)).tobytes()) + _PIECE * 6,
    _record(2, 4, array("I", (200, 203)).tobytes()) + _record(2, 100, b"\1\0\0\0") + _PIECE + _record(0, 200, b""),
    _record(0, 200, b"secret"),
)
_CHANGING = _record(2, 100, b"\1\0\0\0") + _record(0, 4, b"one") + _record(2, 4, b"\1\0\0\0") + _record(2, 4, b"")
_TITLE, _CLASS = _record(0, 200, "Ein Brief \u2014 Writer".encode()), _record(0, 31, b"writer\0Writer\0")
_ACTIVE = _record(2, 33, b"\7\0\0\0") + _record(2, 6, b"\1\0\0\0") + _TITLE + _CLASS
_ODD_CLASS = _record(2, 33, b"\7\0\0\0") + _record(2, 6, b"\1\0\0\0") + _TITLE + _record(0, 200, b"\xff")
_PAIRS = _record(2, 4, array("I", (201, 5, 202, 6, 203, 7)).tobytes())
_PROGRAM, _STATES = [[":1.7", "/a"]], lambda bits: ["au", [bits, 0]]
_TREE = lines(
    ["a(so)", _PROGRAM], ["u", 7], ["a(so)", _PROGRAM], _STATES(3 | 1 << 25), _STATES(1 << 25), ["a(so)", _PROGRAM],
    _STATES(1 << 12 | 1 << 7), _STATES(1 << 12 | 1 << 7), ["u", 61], _STATES(1 << 12 | 1 << 7), ["u", 61],
    ["v", {"v": ["i", 3]}], ["v", {"v": ["i", 7]}], ["i", 0], ["s", "One"], ["s", " two"], ["a(so)", _PROGRAM],
    ["u", 7], ["a(so)", _PROGRAM], _STATES(1 << 25), _STATES(1 << 25), ["u", 95],
    ["s", "https://example.org/a"], ["s", ""],
)  # fmt: skip
_FIELD = lines(["u", 61], ["v", {"v": ["i", 7]}], ["s", "One two"])
_PORTAL = lines(["v", {"v": ["u", 2]}], ["ua{sv}", 0, {"shortcuts": {"v": ["a(sa{sv})", [["talk", {}]]]}}], ["o", "/a"])
_PLAYER = lines(["v", {"v": ["s", "Playing"]}], ["s", ":1.7"])
_ODD = (
    lines(["s", "no"]),
    lines(["v", {"v": ["u", 2]}], ["ua{sv}", 0, {"shortcuts": {"v": ["u", 1]}}], ["o", "/a"]),
)
_SENSELESS = (encode_request(5, 1, 0) + bytes(8), encode_request(2, 0), encode_request(6, 1))
_EVENTS = b"".join(
    (encode_request(5, 0, 0xFF000000), encode_request(0xFF000000, 0, "text/plain"), encode_request(5, 1, 0xFF000000),
     encode_request(5, 1, 0), encode_request(1, 1, 6), encode_request(6, 1), encode_request(2, 0, 9, "wl_seat", 7))
)  # fmt: skip
_SWAY = lines(
    {"type": "root", "nodes": [{"type": "con", "id": 4, "focused": True, "pid": 7, "app_id": "foot", "name": "A"}]}
)
_SOURCES = lines(
    [
        {"index": 1, "name": "alsa_input.usb", "description": "USB", "sample_specification": "s16le 2ch 48000Hz",
         "monitor_source": "", "channel_map": "front-left,front-right", "properties": {"device.bus": "usb"},
         "state": "RUNNING", "mute": False, "volume": {"front-left": {"value": 65536}}, "active_port": "mic",
         "ports": [{"name": "mic", "availability": "unknown"}]},
        {"index": 2, "name": "a.monitor", "description": "A", "sample_specification": "float32le 2ch 44100Hz",
         "monitor_source": "a", "channel_map": "mono", "active_port": None},
    ],
    [{"index": 9, "source": 1, "mute": True, "corked": False, "volume": {"mono": {"value": 30000}},
      "properties": {"application.name": "Music"}}],
)  # fmt: skip
_KWIN = b'{"id":"{7f1c}","app":"org.kde.kate","title":"a note","pid":12}'
_HYPRLAND = lines({"address": "0x55", "class": "foot", "title": "A", "pid": 7, "xwayland": False})


def targets() -> dict[str, Target]:
    """Each by its name."""
    sound = tuple(
        f"desktop.audio.{name}" for name in ("microphone.pulse", "microphone.devices", "microphone.health", "ducking")
    )
    clipboard = ("desktop.paste.x11.clipboard", "desktop.paste.x11.clipboard_copy")
    fields = ("desktop.platforms.linux.atspi", "desktop.paste.field")
    return {
        "selection": Target(_selection, _SELECTION, clipboard, (_CHANGING,)),
        "selection-asked": Target(_asked, (_PAIRS,), clipboard),
        "window": Target(_window, (_ACTIVE,), ("desktop.platforms.linux.x11_focus",), (_ODD_CLASS,)),
        "fields": Target(_fields, (_TREE,), fields, (_TREE.replace(b"example.org", b"[example.org"),)),
        "field-text": Target(_field_text, (_FIELD,), fields),
        "commands": Target(_command, (b'{"command": "start"}\n',), ("desktop.app.ipc",)),
        "players": Target(_player, (_PLAYER,), ("desktop.audio.media_players",), (lines(["s", "Playing"]),)),
        "portal": Target(_portal, (_PORTAL,), ("desktop.platforms.linux.portal", "desktop.hotkeys.shortcuts"), _ODD),
        "sound-server": Target(_sound_server, (_SOURCES,), sound),
        "wayland": Target(
            _wayland,
            (_EVENTS,),
            ("desktop.paste.wayland",),
            _SENSELESS,
        ),
        "windows": Target(_windows, (_SWAY, _HYPRLAND, _KWIN), ("desktop.paste.wayland.focus",), (b"[" * 65_000,)),
    }
