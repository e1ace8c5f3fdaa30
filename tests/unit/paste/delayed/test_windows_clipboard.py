"""What is kept of a clipboard of Windows and put back, with the clipboard played here."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest

from desktop.core.types import Target
from desktop.paste.delayed.desktop import MAX_COPY_BYTES
from desktop.paste.delayed.windows_formats import MARK_DATA, FormatContents
from desktop.paste.delayed.windows_restorer import encode_contents, main
from desktop.paste.request import CONTENTS_LOST, CONTENTS_PARTLY_LOST
from tests.support.windows.libraries import WindowsLibraries, windows_modules

TEXT, METAFILE = 13, 14
OWN_WINDOW, OTHER_WINDOW = 5, 6
EXCLUDED, IGNORED, MAY_KEEP, MAY_UPLOAD = 0xC0A5, 0xC0A6, 0xC0A7, 0xC0A8
NAMES = {
    EXCLUDED: "ExcludeClipboardContentFromMonitorProcessing",
    IGNORED: "Clipboard Viewer Ignore",
    MAY_KEEP: "CanIncludeInClipboardHistory",
    MAY_UPLOAD: "CanUploadToCloudClipboard",
    0xC0A1: "HTML Format",
}


class PlayedClipboard:
    """Windows' clipboard: `data` by format, in its order. A handle is the address of a block of memory.

    `held`: another program has it open, `held_tries`: for so many tries. `asked`: the formats whose data was asked for.
    """

    def __init__(self, libraries: WindowsLibraries) -> None:
        self.data: dict[int, bytes] = {}
        self.owner = OTHER_WINDOW
        self.held = False
        self.held_tries = 0
        self._is_open = False
        self.asked: list[int] = []
        self._blocks: dict[int, Any] = {}
        libraries.functions |= {
            "OpenClipboard": self._open,
            "CloseClipboard": self._close,
            "GetClipboardOwner": lambda: self.owner,
            "EnumClipboardFormats": self._next,
            "GetClipboardFormatNameW": self._name,
            "RegisterClipboardFormatW": {name: number for number, name in NAMES.items()}.__getitem__,
            "EmptyClipboard": self._empty,
            "GetClipboardData": self._get,
            "SetClipboardData": self._set,
            "GlobalAlloc": lambda flags, size: self._allocate(bytes(size)),
            "GlobalLock": lambda handle: handle,
            "GlobalSize": lambda handle: len(self._blocks[handle]),
            "GetEnhMetaFileBits": self._read_metafile,
            "SetEnhMetaFileBits": lambda size, data: self._allocate(data[:size]),
        }

    def _open(self, window: int) -> bool:
        self._is_open = not (self.held or self.held_tries > 0)
        self.held_tries -= 1
        return self._is_open

    def _close(self) -> bool:
        self._is_open = False
        return True

    def _allocate(self, data: bytes) -> int:
        block = (ctypes.c_char * len(data)).from_buffer_copy(data)
        self._blocks[ctypes.addressof(block)] = block
        return ctypes.addressof(block)

    def _next(self, number: int) -> int:
        numbers = [0, *(self.data if self._is_open else ()), 0]
        return numbers[numbers.index(number) + 1]

    def _name(self, number: int, name: Any, _: int) -> int:
        name.value = NAMES.get(number, "")
        return len(name.value)

    def _empty(self) -> int:
        self.data, self.owner = {}, OWN_WINDOW
        return 1

    def _get(self, number: int) -> int:
        self.asked.append(number)
        return self._allocate(self.data[number]) if self.data[number] else 0

    def _set(self, number: int, handle: int) -> int:
        self.data[number] = self._blocks[handle].raw if handle else b""
        return handle

    def _read_metafile(self, handle: int, size: int, bits: Any) -> int:
        if size:
            bits.raw = self._blocks[handle].raw
        return len(self._blocks[handle])


@pytest.fixture
def kept() -> list[FormatContents]:
    """What the restorer was given."""
    return []


@pytest.fixture
def windows(kept: list[FormatContents]) -> Iterator[tuple[PlayedClipboard, Any]]:
    with windows_modules("desktop.paste.delayed.windows_clipboard", "desktop.platforms.windows.loop") as (
        libraries,
        [module, loop],
    ):
        clipboard = module.WindowsClipboard(loop.WindowsLoop(), kept.append)
        clipboard.window = OWN_WINDOW
        yield PlayedClipboard(libraries), clipboard


def offer(clipboard: Any) -> Any:
    return clipboard.offer_text("Hello.", Target(), lambda reader, at: None, lambda: None)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([(TEXT, b"a\0"), (0xC0A1, b"<b>")], [(TEXT, b"a\0"), (0xC0A1, b"<b>")]),
        ([(TEXT, b"a\0"), (METAFILE, b"EMF...")], [(TEXT, b"a\0"), (METAFILE, b"EMF...")]),
        ([(TEXT, b"secret\0"), (EXCLUDED, b"")], [(EXCLUDED, MARK_DATA), (TEXT, b"secret\0")]),
        ([(TEXT, b"secret\0"), (EXCLUDED, b"1")], [(EXCLUDED, b"1"), (TEXT, b"secret\0")]),
        ([(0xC0A1, b""), (TEXT, b"a\0")], [(TEXT, b"a\0")]),
    ],
)
def test_what_was_there_is_there_again(
    windows: tuple[PlayedClipboard, Any], before: FormatContents, after: FormatContents
) -> None:
    played, clipboard = windows
    played.data = dict(before)
    copy = offer(clipboard)
    assert played.data[TEXT] == b""
    assert copy.is_whole
    assert clipboard.restore(copy, lambda: False) == ()
    assert list(played.data.items()) == after


def test_slow_owner_is_asked_for_the_text_first(windows: tuple[PlayedClipboard, Any]) -> None:
    played, clipboard = windows
    played.data = {METAFILE: b"EMF...", 0xC0A1: b"<b>", TEXT: b"a\0"}
    copy = offer(clipboard)
    assert played.asked == [TEXT, METAFILE, 0xC0A1]
    assert [number for number, _ in copy.contents] == [METAFILE, 0xC0A1, TEXT]


def test_what_is_too_large_is_said(windows: tuple[PlayedClipboard, Any]) -> None:
    played, clipboard = windows
    played.data = {TEXT: b"a\0", METAFILE: bytes(MAX_COPY_BYTES)}
    assert clipboard.restore(offer(clipboard), lambda: False) == (CONTENTS_PARTLY_LOST,)


def test_app_that_ends_leaves_a_held_clipboard_to_its_restorer(
    windows: tuple[PlayedClipboard, Any], kept: list[FormatContents]
) -> None:
    played, clipboard = windows
    played.data = {TEXT: b"a\0"}
    copy = offer(clipboard)
    played.held = True
    assert clipboard.restore(copy, lambda: True) == (CONTENTS_LOST,)
    assert kept == [[(TEXT, b"a\0")]]
    assert not clipboard.leave_text("Hello.", lambda: True, over_own=True)


def test_what_is_restored_is_kept_no_longer(windows: tuple[PlayedClipboard, Any], kept: list[FormatContents]) -> None:
    played, clipboard = windows
    played.data = {TEXT: b"a\0"}
    assert clipboard.restore(offer(clipboard), lambda: True) == ()
    assert kept == [[(TEXT, b"a\0")], []]


@pytest.mark.parametrize(
    ("left", "after"),
    [
        (dict.fromkeys((EXCLUDED, MAY_KEEP, MAY_UPLOAD), MARK_DATA), {TEXT: b"a\0"}),
        ({TEXT: b"copied since\0"}, {TEXT: b"copied since\0"}),
    ],
)
def test_restorer_waits_for_a_program_that_has_the_clipboard_open(
    windows: tuple[PlayedClipboard, Any], left: dict[int, bytes], after: dict[int, bytes]
) -> None:
    played, _ = windows
    played.data, played.held_tries = left, 2
    main(BytesIO(encode_contents([(TEXT, b"a\0")])), lambda seconds: None)
    assert played.data == after


@pytest.mark.parametrize(
    ("beside", "text"),
    [
        ({}, "hunter2"),
        ({0xC0A1: b"<b>"}, "hunter2"),
        ({MAY_KEEP: b"\1\0\0\0", MAY_UPLOAD: b"\1\0\0\0"}, "hunter2"),
        ({EXCLUDED: b""}, None),
        ({EXCLUDED: MARK_DATA}, None),
        ({EXCLUDED: b"1"}, None),
        ({IGNORED: b"1"}, None),
        ({IGNORED: b""}, None),
        ({MAY_KEEP: MARK_DATA}, None),
        ({MAY_UPLOAD: MARK_DATA + b"\1"}, None),
    ],
)
def test_text_that_must_not_be_recorded_is_no_text(
    windows: tuple[PlayedClipboard, Any], beside: dict[int, bytes], text: str | None
) -> None:
    played, clipboard = windows
    played.data = {TEXT: "hunter2\0".encode("utf-16-le"), **beside}
    assert clipboard.read_text(None) == text
    assert clipboard.read_text(offer(clipboard)) == text


def test_text_alone_is_asked_for_where_nothing_is_replaced(windows: tuple[PlayedClipboard, Any]) -> None:
    played, clipboard = windows
    played.data = {METAFILE: b"EMF...", 0xC0A1: b"<b>", MAY_KEEP: b"\1\0\0\0", TEXT: b"a\0"}
    assert clipboard.read_text(None) == "a"
    assert played.asked == [MAY_KEEP, TEXT]
