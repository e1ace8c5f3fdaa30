"""Decide which clipboard formats can be copied, what a dictation puts there, and which windows accept keys. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

CF_UNICODETEXT = 13

MADE_FROM = {1: 13, 7: 13, 17: 8}
"""Formats that Windows itself derives from another: the two old kinds of text from Unicode text, the newer bitmap from
the older."""

HANDLES = frozenset((2, 3, 9, 14, 0x80, 0x81, 0x82, 0x83, 0x8E))
"""Formats whose data is no block of memory: bitmap (Windows derives it from the device-independent one), metafiles,
palette, owner display, and the forms of these for display."""

PRIVATE = range(0x200, 0x400)
"""Formats that belong to the owner, as memory or as objects of the graphics system: other programs may not keep
them."""

POINTERS = frozenset(
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

PLEAS = {
    "ExcludeClipboardContentFromMonitorProcessing": bytes(4),
    "CanIncludeInClipboardHistory": bytes(4),
    "CanUploadToCloudClipboard": bytes(4),
}
"""Formats that ask clipboard histories not to record the contents: the first by its presence, the others by a DWORD
0."""


def copyable(formats: Sequence[tuple[int, str]]) -> list[int]:
    """Return the formats that can be kept as bytes and restored, of those on a clipboard in its own order.

    Each is a number and, for a registered format, its name. What Windows derives from another format is left to it.
    """
    there = {number for number, _ in formats}
    return [
        number
        for number, name in formats
        if number not in HANDLES
        and number not in PRIVATE
        and name not in POINTERS
        and MADE_FROM.get(number) not in there
    ]


def encoded(text: str) -> bytes:
    """Return `text` as CF_UNICODETEXT: UTF-16, lines ended by CR and LF, a NUL at the end."""
    return (re.sub(r"\r?\n", "\r\n", text.replace("\0", "")) + "\0").encode("utf-16-le", "replace")


def may_write(ours: int | None, theirs: int | None) -> bool:
    """Return whether Windows lets a process of the integrity level `ours` press keys in a window of `theirs`.

    Keys for a higher level are dropped without an error. A level that cannot be read is no reason not to try: a text
    that is not read stays on the clipboard.
    """
    return ours is None or theirs is None or theirs <= ours
