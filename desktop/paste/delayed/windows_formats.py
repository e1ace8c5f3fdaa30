"""Decide which clipboard formats can be copied, what a dictation puts there, and who reads it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PureWindowsPath
from typing import NamedTuple

from desktop.paste.delayed.pending_text import ReaderKind

type FormatContents = list[tuple[int, bytes]]
"""Formats, by their numbers, and their data, in the clipboard's own order."""

CF_UNICODETEXT = 13


class ClipboardCopy(NamedTuple):
    """What was kept of a clipboard's contents, and whether that is all that another program could paste from them."""

    contents: FormatContents
    is_whole: bool = True


TEXT_FORMATS = frozenset((1, 7, 13, 16))
"""Unicode text, and what Windows puts beside it: the old kinds of text, and their language."""

DERIVED_FROM = {1: 13, 7: 13, 17: 8}
"""Formats that Windows itself derives from another: the two old kinds of text from Unicode text, the newer bitmap from
the older."""

HANDLE_FORMATS = frozenset((2, 3, 9, 14, 0x80, 0x81, 0x82, 0x83, 0x8E))
"""Formats whose data is no block of memory: bitmap (Windows derives it from the device-independent one), metafiles,
palette, owner display, and the forms of these for display."""

PRIVATE_FORMATS = range(0x200, 0x400)
"""Formats that belong to the owner, as memory or as objects of the graphics system: other programs may not keep
them."""

OLE_FORMATS = frozenset(
    (
        "DataObject",
        "Ole Private Data",
        "FileContents",
        "FileGroupDescriptor",
        "FileGroupDescriptorW",
        "Object Descriptor",
    )
)
"""Registered formats that are meaningful only beside their owner's OLE object."""

NO_RECORD_FORMATS = {
    "ExcludeClipboardContentFromMonitorProcessing": bytes(4),
    "CanIncludeInClipboardHistory": bytes(4),
    "CanUploadToCloudClipboard": bytes(4),
}
"""Formats that ask clipboard histories not to record the contents: the first by its presence, the others by a DWORD
0."""


def find_copyable_formats(formats: Sequence[tuple[int, str]]) -> list[int]:
    """Return the formats that can be kept as bytes and restored, of those on a clipboard in its own order.

    Each is a number and, for a registered format, its name. What Windows derives from another format is left to it.
    """
    present = {number for number, _ in formats}
    return [
        number
        for number, name in formats
        if number not in HANDLE_FORMATS
        and number not in PRIVATE_FORMATS
        and name not in OLE_FORMATS
        and DERIVED_FROM.get(number) not in present
    ]


def is_leftover(formats: Sequence[tuple[int, str]]) -> bool:
    """Return whether a clipboard with these formats is one that a killed app has left: its requests not to record a
    text, and no more than a text."""
    names = {name for number, name in formats if number not in TEXT_FORMATS}
    return names == set(NO_RECORD_FORMATS)


def decode_text(contents: Mapping[int, bytes], secret_marks: Mapping[int, bytes]) -> str | None:
    """Return the text of a clipboard's contents, without the NUL at its end; None where there is none, or one of the
    `secret_marks` says that it must not be recorded."""
    is_secret = any(contents.get(number, b"")[: len(mark)] == mark for number, mark in secret_marks.items())
    if is_secret or CF_UNICODETEXT not in contents:
        return None
    text = contents[CF_UNICODETEXT].decode("utf-16-le", "replace").partition("\0")[0]
    return text.replace("\r\n", "\n")


def encode_text(text: str) -> bytes:
    """Return `text` as CF_UNICODETEXT: UTF-16, lines ended by CR and LF, a NUL at the end."""
    return (re.sub(r"\r?\n", "\r\n", text.replace("\0", "")) + "\0").encode("utf-16-le", "replace")


class WindowsProgram(NamedTuple):
    """A process and the path of its program; 0 and an empty path if unknown."""

    pid: int = 0
    path: PureWindowsPath = PureWindowsPath()

    def is_same(self, other: WindowsProgram) -> bool:
        """Return whether both are processes of one program: browsers have several."""
        return bool(self.pid and self.pid == other.pid) or bool(self.path.name and self.path == other.path)


def classify_reader(opener: WindowsProgram | None, front: WindowsProgram, target: WindowsProgram) -> ReaderKind:
    """Return who reads the clipboard, by the program that has it open and the one in front.

    `opener` is None where no window has it open: the clipboard of OLE is read without one.
    """
    if opener is not None:
        return ReaderKind.TARGET if opener.is_same(target) else ReaderKind.OTHER
    return ReaderKind.UNNAMED_IN_FRONT if front.is_same(target) else ReaderKind.UNNAMED
