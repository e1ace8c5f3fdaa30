"""A process that waits for the app's end, then restores the clipboard that a paste has replaced.

What has been put on Windows' clipboard outlives its program, and an offer does not: an app that is killed during a
paste would take the user's clipboard with it. So what was there before is in this process for as long as a paste takes:
it gets a copy over a pipe, and none afterwards. A window that was about to read the dictation must not get the copy
instead, so it is put back only when no paste can be open any more, and only if nothing else has been copied.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from struct import Struct
from time import sleep
from typing import BinaryIO

from desktop.core.process import child_environ
from desktop.paste.delayed.windows_formats import FormatContents, is_leftover
from desktop.paste.outcome import READ_TIMEOUT_S

WITHOUT_CONSOLE = 0x08000000
"""CREATE_NO_WINDOW."""

_COUNT, _HEADER = Struct("<I"), Struct("<IQ")
"""The number of formats, and before each its number and its bytes."""


class WindowsClipboardRestorer:
    """The app's side of the process, for one thread."""

    def __init__(self) -> None:
        """Start the process. Raises `OSError`."""
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=child_environ(),
            creationflags=WITHOUT_CONSOLE,
        )

    def keep_contents(self, contents: FormatContents) -> None:
        """Keep `contents` for the clipboard if the app dies; nothing if they are empty."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.write(encode_contents(contents))
            self._process.stdin.flush()

    def close(self) -> None:
        """End the process, which restores nothing."""
        self.keep_contents([])
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        self._process.wait()


def encode_contents(contents: FormatContents) -> bytes:
    """Return `contents` as they are sent."""
    parts = [_COUNT.pack(len(contents))]
    for number, data in contents:
        parts += (_HEADER.pack(number, len(data)), data)
    return b"".join(parts)


def read_last_contents(pipe: BinaryIO) -> FormatContents:
    """Return what was sent last, when the pipe has ended; empty if that was cut off: nothing was replaced then."""
    contents: FormatContents = []
    while count := pipe.read(_COUNT.size):
        contents = []
        for _ in range(_COUNT.unpack(count)[0]) if len(count) == _COUNT.size else ():
            header = pipe.read(_HEADER.size)
            number, size = _HEADER.unpack(header) if len(header) == _HEADER.size else (0, 1)
            data = pipe.read(size)
            if len(data) < size:
                return []
            contents.append((number, data))
    return contents


def main(pipe: BinaryIO, pause: Callable[[float], None] = sleep) -> None:
    """Wait for the app's end, and put back what it has left here."""
    contents = read_last_contents(pipe)
    if not contents:
        return
    from desktop.paste.delayed.windows_clipboard import WindowsClipboard, iter_formats
    from desktop.platforms.windows.loop import MessageWindow, WindowsLoop

    pause(READ_TIMEOUT_S)
    window = MessageWindow("Intone restorer", lambda message, wparam, lparam: False)
    clipboard = WindowsClipboard(WindowsLoop())
    clipboard.window = window.handle
    clipboard.replace_contents(contents, lambda: is_leftover(list(iter_formats())))
    window.close()


if __name__ == "__main__":
    main(sys.stdin.buffer)
