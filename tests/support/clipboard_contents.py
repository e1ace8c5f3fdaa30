"""What another program has on the clipboard before a paste."""

from __future__ import annotations

from itertools import cycle, islice

PICTURE = bytes(islice(cycle(range(251)), 300_000))

BEFORE = {
    "UTF8_STRING": "was hier vorher stand: 日本語".encode(),
    "text/html": b"<b>before</b>",
    "image/png": PICTURE,
    "x-special/gnome-copied-files": b"copy\nfile:///etc/hostname",
}
