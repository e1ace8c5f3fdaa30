"""Decide which clipboard formats can be copied, what a dictation puts there, and who reads it. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import PureWindowsPath
from typing import NamedTuple

from desktop.paste.delayed.pending_text import ReaderKind

type FormatContents = list[tuple[int, bytes]]
"""Formats, by their numbers, and their data, in the clipboard's own order."""

CF_UNICODETEXT, CF_ENHMETAFILE, CF_HDROP = 13, 14, 15


class ClipboardCopy(NamedTuple):
    """What was kept of a clipboard's contents, and whether that is all that another program could paste from them."""

    contents: FormatContents
    is_whole: bool = True


TEXT_FORMATS = frozenset((1, 7, 13, 16))
"""Unicode text, and what Windows puts beside it: the old kinds of text, and their language."""

DERIVED_FROM = {1: 13, 7: 13, 3: CF_ENHMETAFILE}
"""Formats that Windows itself derives from another: the two old kinds of text from Unicode text, the old metafile from
the enhanced one."""

BITMAP_FORMATS = (8, 17)
"""Device-independent bitmaps, the older and the newer with transparency and colour space. Windows derives each from the
other, and enumerates what it has derived last."""

HANDLE_FORMATS = frozenset((2, 3, 9, 0x80, 0x81, 0x82, 0x83, 0x8E))
"""Formats whose data is no block of memory: bitmap and palette (Windows derives them from the device-independent one),
the old metafile, owner display, and the forms of these for display."""

DISPLAY_FORMATS = frozenset((0x80, 0x81, 0x82, 0x83, 0x8E))

PRIVATE_FORMATS = range(0x200, 0x400)
"""Formats that belong to the owner, as memory or as objects of the graphics system: other programs may not keep
them."""

OBJECT_FORMATS = frozenset(("DataObject", "Ole Private Data", "Object Descriptor"))
"""Registered formats that say what their owner's OLE object is, and no more."""

FILE_FORMATS = frozenset(("FileContents", "FileGroupDescriptor", "FileGroupDescriptorW"))
"""Registered formats of files that their owner's OLE object has in it."""

EXCLUSIONS = ("ExcludeClipboardContentFromMonitorProcessing", "Clipboard Viewer Ignore")
"""Formats by whose presence a program asks clipboard histories not to record what it has put there, as password
managers do, with whatever data: KeePassXC's has the character "1"."""

PERMISSIONS = ("CanIncludeInClipboardHistory", "CanUploadToCloudClipboard")
"""Formats that ask the same by a DWORD 0."""

NO_RECORD_FORMATS = dict.fromkeys((EXCLUSIONS[0], *PERMISSIONS), bytes(4))
"""What a dictation puts there of these."""

MARKS = frozenset((*EXCLUSIONS, *PERMISSIONS))

MARK_DATA = bytes(4)
"""The data of a mark that has none: the first counts by its presence, the others are refusals if they are 0."""


def find_copyable_formats(formats: Sequence[tuple[int, str]]) -> list[int]:
    """Return the formats that can be kept as bytes and restored, of those on a clipboard in its own order.

    Each is a number and, for a registered format, its name. What Windows derives from another format is left to it.
    Marks come first, so that nothing is restored without them.
    """
    present = {number for number, _ in formats}
    bitmap = _first_bitmap(formats)
    copyable = [
        (number, name)
        for number, name in formats
        if number not in HANDLE_FORMATS
        and number not in PRIVATE_FORMATS
        and name not in OBJECT_FORMATS | FILE_FORMATS
        and DERIVED_FROM.get(number) not in present
        and (number == bitmap or number not in BITMAP_FORMATS)
    ]
    return [number for number, _ in sorted(copyable, key=lambda format_: format_[1] not in MARKS)]


def sort_for_reading(copyable: Sequence[int], marks: frozenset[int]) -> list[int]:
    """Return the formats in the order in which they are asked for, since a slow owner may not get to the last: marks,
    text, files, and the others in the clipboard's own order, which begins with an owner's richest and slowest."""
    return sorted(copyable, key=lambda number: (number not in marks, number not in (CF_UNICODETEXT, CF_HDROP)))


def find_marks(formats: Sequence[tuple[int, str]]) -> frozenset[int]:
    """Return those of the formats by which histories are asked not to record the others."""
    return frozenset(number for number, name in formats if name in MARKS)


def find_text_formats(formats: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return what has to be read of a clipboard with these formats for its text alone."""
    return [(number, name) for number, name in formats if number == CF_UNICODETEXT or name in MARKS]


def is_all_copyable(formats: Sequence[tuple[int, str]]) -> bool:
    """Return whether what cannot be copied of a clipboard with these formats is no loss: Windows derives it, or it says
    something about the rest."""
    present = {number for number, _ in formats}
    copyable = set(find_copyable_formats(formats))
    derivable = {number for number, source in DERIVED_FROM.items() if source in present}
    if bitmap := _first_bitmap(formats):
        derivable |= {*BITMAP_FORMATS, 2, 9} - {bitmap}
    return bool(copyable or not formats) and all(
        number in copyable | derivable | DISPLAY_FORMATS
        or name in OBJECT_FORMATS
        or (name in FILE_FORMATS and CF_HDROP in present)
        for number, name in formats
    )


def _first_bitmap(formats: Sequence[tuple[int, str]]) -> int:
    """Return the bitmap that its owner has put there first; 0 if there is none."""
    return next((number for number, _ in formats if number in BITMAP_FORMATS), 0)


def is_leftover(formats: Sequence[tuple[int, str]]) -> bool:
    """Return whether a clipboard with these formats is one that a killed app has left: its requests not to record a
    text, and no more than a text."""
    names = {name for number, name in formats if number not in TEXT_FORMATS}
    return names == set(NO_RECORD_FORMATS)


def decode_text(contents: Mapping[int, bytes], exclusions: Collection[int], permissions: Collection[int]) -> str | None:
    """Return the text of a clipboard's contents, without the NUL at its end; None where there is none, or it must not
    be recorded by `EXCLUSIONS` or `PERMISSIONS`, whose numbers are passed."""
    is_refused = any(contents.get(number, b"")[: len(MARK_DATA)] == MARK_DATA for number in permissions)
    if is_refused or any(number in contents for number in exclusions) or CF_UNICODETEXT not in contents:
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


def classify_reader(
    opener: WindowsProgram | None, front: WindowsProgram, target: WindowsProgram, focused_pid: int
) -> ReaderKind:
    """Return who reads the clipboard, by the program that has it open and the one in front.

    `opener` is None where no window has it open: the clipboard of OLE is read without one. `focused_pid`: the process
    of the control of the target that has the focus, 0 if unknown. It is another than the target's where that shows a
    page by WebView2, whose program is the same for all of these, so that its path tells nothing.
    """
    if opener is not None:
        is_target = opener.is_same(target) or (opener.pid != 0 and opener.pid == focused_pid)
        return ReaderKind.TARGET if is_target else ReaderKind.OTHER
    return ReaderKind.UNNAMED_IN_FRONT if front.is_same(target) else ReaderKind.UNNAMED
