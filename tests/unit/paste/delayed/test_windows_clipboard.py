"""What is kept of a clipboard of Windows and put back, with the clipboard played here."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest

from desktop.core.types import Target
from desktop.paste.delayed.desktop import MAX_COPY_BYTES
from desktop.paste.delayed.windows_formats import MARK_DATA, NO_RECORD_FORMATS, FormatContents
from desktop.paste.delayed.windows_restorer import encode_contents, main
from desktop.paste.request import CONTENTS_LOST, CONTENTS_PARTLY_LOST
from tests.support.windows.libraries import WindowsLibraries, windows_modules

TEXT, METAFILE = 13, 14
OWN_WINDOW, OTHER_WINDOW = 5, 6
NAMES = {0xC0A5: "ExcludeClipboardContentFromMonitorProcessing", 0xC0A1: "HTML Format"}
LEFT_NAMES = {0xC0B0 + place: name for place, name in enumerate(NO_RECORD_FORMATS)}


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
            "RegisterClipboardFormatW": lambda name: 0xC100 + len(name),
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
        name.value = (NAMES | LEFT_NAMES).get(number, "")
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
        ([(TEXT, b"secret\0"), (0xC0A5, b"")], [(0xC0A5, MARK_DATA), (TEXT, b"secret\0")]),
        ([(TEXT, b"secret\0"), (0xC0A5, b"1")], [(0xC0A5, b"1"), (TEXT, b"secret\0")]),
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
        (dict.fromkeys(LEFT_NAMES, MARK_DATA), {TEXT: b"a\0"}),
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
