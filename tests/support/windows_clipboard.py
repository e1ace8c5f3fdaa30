"""What stands on the clipboard before a paste: ten formats, put there by a program in Windows."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path

from tests.support.desks.wine import WineDesk, windows_path

DIB = (40).to_bytes(4, "little") + bytes((2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 24, 0)) + bytes(24) + bytes(range(16))
"""A picture of 2 times 2 pixels: its header, and two rows of 8 bytes."""

FORMATS = {
    "13": "what stood there\r\nbefore: é 你好 😀\0".encode("utf-16-le"),
    "HTML Format": b"Version:0.9\r\nStartHTML:00000071\r\nEndHTML:00000079\r\n<b>what</b>\r\n\0",
    "Rich Text Format": rb"{\rtf1\ansi what {\b stood} there}" + b"\0",
    "8": DIB,
    "15": bytes((20, 0, 0, 0)) + bytes(12) + bytes((1, 0, 0, 0)) + "C:\\windows\\win.ini\0\0".encode("utf-16-le"),
    "Csv": b"what,stood\r\nthere,before\r\n\0",
    "UniformResourceLocatorW": "https://example.org/\0".encode("utf-16-le"),
    "PNG": bytes(range(256)) * 40,
    "Intone test": bytes(reversed(range(256))),
    "16": bytes((9, 4, 0, 0)),
}
"""What a user may have copied: text, web page, styled text, picture, files, table, address, bytes, language."""


def put(desk: WineDesk, folder: Path) -> dict[str, str]:
    """Copy `FORMATS`; return what the clipboard holds then. Wine keeps it only while some program has a window."""
    file = folder / "formats.json"
    file.write_text(json.dumps({name: b64encode(data).decode() for name, data in FORMATS.items()}))
    held: dict[str, str] = desk.helper("clipboard", "put", windows_path(file))
    assert {name: b64encode(data).decode() for name, data in FORMATS.items()}.items() <= held.items()
    return held
