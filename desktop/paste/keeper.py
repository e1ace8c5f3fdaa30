"""A process that waits for the app's end, and then gives the clipboard back and releases keys that the app held down.

On X11 a clipboard lives only as long as a program that answers for it. From the first paste on that is the app, which
serves what it has lent and given back until somebody copies something else; killed meanwhile, or closed where no
clipboard manager takes over, it would take with it what the person had copied. So what is to be on the clipboard when
the app is gone lies in memory that both have (a memfd: it has no name and is on no disk), and the keeper reads it only
then.

A window that was about to read the dictation must not get that instead: where there may be one, nobody answers for as
long as a paste may take.

A chord whose keys are held for some ms leaves them down for good where the app is killed between them, so they stand in
the same memory for as long, and the keeper releases them at once. What the user holds is down on another keyboard
(`keyboards`) and stays down.

Until then it is `desktop.waiting`, which waits for the end of a pipe and becomes this module by `exec`. It serves until
another program takes the clipboard, or the screen goes. Under Wayland nobody waits.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from struct import Struct
from threading import Thread
from time import monotonic, sleep

from Xlib import X
from Xlib.display import Display
from Xlib.error import ConnectionClosedError, DisplayError, XError
from Xlib.ext import xtest

from desktop import waiting
from desktop.children import environ
from desktop.paste import keyboards
from desktop.paste.clipboard import Clipboard
from desktop.paste.connection import Connection
from desktop.paste.decision import UNREAD_S
from desktop.paste.reading import Contents, Piece
from desktop.problems import PasteProblem

log = logging.getLogger(__name__)

MOST_BYTES = 64 * 2**20
"""More than this is not kept: what can be copied at all fits."""

GONE_S = 2.0
"""How long the server may take to notice that the app has gone."""

HELD_S, AGAIN_S = 60.0, 0.02
"""How long a key that the user holds too is waited for, and how often it is looked at."""

KEYS = Struct("8s")
"""The keycodes that are held by a chord at this moment, then zeros. They come first in the memory."""

HEAD = Struct("<II?")
"""What follows them: how many bytes there are of the list of targets, and of their data, both none where nothing is to
be given back; and whether no window is about to read what the app had there."""

NOTHING = HEAD.pack(0, 0, False)

FIRST = KEYS.size + HEAD.size
"""Where the list begins."""


class Keeper:
    """The app's end, for one thread. `window` is that by which the app owns the clipboard of `display`."""

    def __init__(self, display: str, window: int) -> None:
        """Start the process. Raises `OSError`."""
        self._file = os.memfd_create("clipboard")
        try:
            os.pwrite(self._file, KEYS.pack(b"") + NOTHING, 0)
            self._process = subprocess.Popen(
                waiting.command(__name__, str(self._file), display, str(window)),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environ(),
                pass_fds=(self._file,),
                start_new_session=True,  # a terminal that ends the app by its group does not end this
            )
        except OSError:
            os.close(self._file)
            raise

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def hold(self, contents: Contents) -> None:
        """Have `contents` on the clipboard if the app dies; nothing where they are empty or too many. What is there by
        several names is held once."""
        places, size = dict[bytes, int](), 0
        for piece in contents.values():
            if piece.data not in places:
                places[piece.data] = size
                size += len(piece.data)
        pieces = [[to, one.type, one.format, places[one.data], len(one.data)] for to, one in contents.items()]
        listed = json.dumps(pieces).encode()
        if size > MOST_BYTES:
            log.info("the clipboard is not kept: %d bytes", size)
        try:
            os.pwrite(self._file, NOTHING, KEYS.size)  # what was there is not true any more, this is not whole yet
            os.ftruncate(self._file, FIRST)
            if contents and size <= MOST_BYTES:
                os.pwrite(self._file, listed, FIRST)
                for data, at in places.items():
                    os.pwrite(self._file, data, FIRST + len(listed) + at)
                os.pwrite(self._file, HEAD.pack(len(listed), size, False), KEYS.size)
        except OSError as error:
            log.info("the clipboard is not kept: %s", error.strerror)

    def press(self, keycodes: Sequence[int]) -> None:
        """Have these keys (at most eight keycodes) released if the app dies; none once they are up."""
        with suppress(OSError):
            os.pwrite(self._file, KEYS.pack(bytes(keycodes)), 0)

    def close(self, *, unread: bool = False) -> None:
        """The app ends, and has left the screen: what is held is given back from now on, or later where what it had
        lent may be `unread`; where nothing is held nobody is needed any more."""
        listed, size, _ = HEAD.unpack(os.pread(self._file, HEAD.size, KEYS.size))
        os.pwrite(self._file, HEAD.pack(listed, size, not unread), KEYS.size)
        assert self._process.stdin is not None
        with suppress(OSError):
            if not listed:
                self._process.stdin.write(b"\n")
            self._process.stdin.close()
        if not listed:
            self._process.wait()
        os.close(self._file)


def read(file: int) -> dict[int, Piece]:
    """What `Keeper.hold` has left in the memory behind `file`."""
    listed, size, _ = HEAD.unpack(os.pread(file, HEAD.size, KEYS.size))
    if not listed:
        return {}
    data = os.pread(file, size, FIRST + listed)
    pieces = json.loads(os.pread(file, listed, FIRST))
    parts = {(at, length): data[at : at + length] for _, _, _, at, length in pieces}
    return {target: Piece(type_, format_, parts[at, length]) for target, type_, format_, at, length in pieces}


def serve(contents: Contents, display: str, window: int, wait_s: float) -> None:
    """Serve `contents` as the clipboard of `display`, after so many seconds, until another program does, unless one
    does already. `window` was the app's."""
    connection = Connection(display)
    lost: list[str] = []
    clipboard = Clipboard(connection, lambda reader: None, lost.append)
    connection.handle = clipboard.handle
    selection, until = connection.atom("CLIPBOARD"), monotonic() + GONE_S
    while (owner := connection.display.get_selection_owner(selection)) != X.NONE:
        if owner.id != window or monotonic() >= until:
            return
        connection.pause(0.01)
    connection.pause(wait_s)  # the app may have died between the keys that paste and the window's question
    if connection.display.get_selection_owner(selection) == X.NONE and clipboard.own("CLIPBOARD", contents):
        connection.wait(lambda: bool(lost))


def release(keycodes: Sequence[int], display: str) -> None:
    """Release these keys of XTEST's keyboard on `display`, the last first. One that is down on another keyboard too is
    released once it is up there, since the server would forget that the user holds it."""
    with suppress(ConnectionClosedError, DisplayError, XError, OSError):
        connection = Display(display)
        left, until = [*reversed(keycodes)], monotonic() + HELD_S
        while left and monotonic() < until:
            held = set[int]().union(*(keyboards.down(connection, one) for one in keyboards.real(connection)))
            for code in [code for code in left if code not in held]:
                xtest.fake_input(connection, X.KeyRelease, code)
                left.remove(code)
            connection.sync()
            if left:
                sleep(AGAIN_S)
        connection.close()


def main(file: str, display: str, window: str) -> None:
    """The app has gone."""
    memory = int(file)
    (held,) = KEYS.unpack(os.pread(memory, KEYS.size, 0))
    if keycodes := held.rstrip(b"\0"):
        Thread(target=release, args=(keycodes, display)).start()
    contents = read(memory)
    *_, at_once = HEAD.unpack(os.pread(memory, HEAD.size, KEYS.size))
    os.close(memory)
    if contents:
        with suppress(ConnectionClosedError, PasteProblem):
            serve(contents, display, int(window), 0.0 if at_once else UNREAD_S)


if __name__ == "__main__":
    main(*sys.argv[1:])
