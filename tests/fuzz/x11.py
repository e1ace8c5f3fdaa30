"""What programs say through X: who owns a selection and what is in it, which window has the focus."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from Xlib import X
from Xlib.xobject.drawable import Window

from desktop.paste.x11.clipboard import X11Clipboard, text_contents
from desktop.paste.x11.clipboard_copy import SelectionFetcher
from desktop.paste.x11.pending_answers import PendingAnswers
from desktop.platforms.linux.x11_focus import find_active_target
from tests.fuzz.target import Target

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


def targets() -> dict[str, Target]:
    """Each by its name."""
    clipboard = ("desktop.paste.x11.clipboard", "desktop.paste.x11.clipboard_copy")
    return {
        "selection": Target(_selection, _SELECTION, clipboard, (_CHANGING,)),
        "selection-asked": Target(_asked, (_PAIRS,), clipboard),
        "window": Target(_window, (_ACTIVE,), ("desktop.platforms.linux.x11_focus",), (_ODD_CLASS,)),
    }
