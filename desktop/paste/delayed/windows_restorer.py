"""A process that waits for the app's end, then restores the clipboard that a paste has replaced.

What has been put on Windows' clipboard outlives its program, and an offer does not: an app that is killed during a
paste would take the user's clipboard with it. So what was there before is in this process for as long as a paste takes:
it gets a copy over a pipe, and none afterwards. A window that was about to read the dictation must not get the copy
instead, so it is put back only when no paste can be open any more, and only if nothing else has been copied.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from struct import Struct
from threading import Event, Thread
from time import sleep
from typing import IO

from desktop.core.process import child_environ
from desktop.paste.delayed.windows_formats import FormatContents, is_leftover
from desktop.paste.outcome import READ_TIMEOUT_S

logger = logging.getLogger(__name__)

WITHOUT_CONSOLE = 0x08000000
"""CREATE_NO_WINDOW."""

SEND_TIMEOUT_S = 0.05
"""Seconds that a paste waits until its contents are sent: what is only half sent when the app is killed is lost, and
the user is waiting. They are in memory, so that a process that reads takes some ms for most."""

CLOSE_TIMEOUT_S, END_TIMEOUT_S = 1.0, 2.0
"""Seconds that the process may take to read what was sent, and then to end."""

_COUNT, _HEADER = Struct("<I"), Struct("<IQ")
"""The number of formats, and before each its number and its bytes."""


class ContentsSender:
    """Sends contents over a pipe in a thread of its own: a process that has not started yet, or is suspended, reads
    nothing, and the clipboard is open meanwhile. So it is waited for no longer than `SEND_TIMEOUT_S`."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._messages: SimpleQueue[tuple[bytes, Event] | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="clipboard restorer", daemon=True)
        self._thread.start()
        self.is_kept = False

    def send(self, contents: FormatContents) -> None:
        """Send `contents` in the place of those before; unless they are empty, wait for that."""
        self.is_kept = bool(contents)
        with suppress(Empty):
            while True:  # only the last matters
                self._messages.get_nowait()
        if self._thread.is_alive():
            is_sent = Event()
            self._messages.put((encode_contents(contents), is_sent))
            if contents:
                is_sent.wait(SEND_TIMEOUT_S)

    def close(self) -> None:
        """Close the pipe; wait for that no longer than a moment."""
        self._messages.put(None)
        self._thread.join(CLOSE_TIMEOUT_S)

    def _run(self) -> None:
        with suppress(OSError), self._pipe:
            try:
                while (message := self._messages.get()) is not None:
                    data, is_sent = message
                    self._pipe.write(data)
                    self._pipe.flush()
                    is_sent.set()
            except OSError as error:
                logger.warning("the clipboard is not restored if the app is killed, its restorer has ended: %s", error)


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
        assert self._process.stdin is not None
        self._sender = ContentsSender(self._process.stdin)

    def keep_contents(self, contents: FormatContents) -> None:
        """Keep `contents` for the clipboard if the app dies; nothing if they are empty."""
        self._sender.send(contents)

    def close(self) -> None:
        """End the process; what it still has is what the app could not restore, which it then does."""
        self._sender.close()
        if not self._sender.is_kept:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(END_TIMEOUT_S)


def encode_contents(contents: FormatContents) -> bytes:
    """Return `contents` as they are sent."""
    parts = [_COUNT.pack(len(contents))]
    for number, data in contents:
        parts += (_HEADER.pack(number, len(data)), data)
    return b"".join(parts)


def read_last_contents(pipe: IO[bytes]) -> FormatContents:
    """Return what was sent last, when the pipe has ended; empty if that was cut off: then nothing was replaced, unless
    it could not be sent within `SEND_TIMEOUT_S`."""
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


def main(pipe: IO[bytes], pause: Callable[[float], None] = sleep) -> None:
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
    clipboard.replace_contents(contents, lambda: True, lambda: False, lambda: is_leftover(list(iter_formats())))
    window.close()


if __name__ == "__main__":
    main(sys.stdin.buffer)
