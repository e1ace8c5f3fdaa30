"""A process that waits for the app's end, then restores the clipboard and releases keys that the app held down.

On X11 a clipboard lives only as long as a program that serves it. From the first paste on that is the app, which serves
the dictation and the restored contents until another program copies; killed meanwhile, or closed without a clipboard
manager, it would take the user's clipboard with it. So what should be on the clipboard when the app is gone is kept in
memory shared by both (a memfd: it has no name and is on no disk), which this process reads only then.

A window that was about to read the dictation must not get the restored contents instead: in that case nothing serves
the clipboard for as long as a paste may take.

A chord whose keys are held for some ms would leave them down for good if the app is killed between press and release,
so they are in the same memory for that time, and are released at once. Keys that the user holds are down on another
keyboard (`desktop.paste.x11.keyboard`) and stay down.

Until then the process is `desktop.core.wait_for_exit`, which waits for the end of a pipe and becomes this module by
`exec`. It serves until another program takes the clipboard, or the display goes. There is no such process under
Wayland.
"""

from __future__ import annotations

import json
import logging
import os
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

from desktop.core.errors import PasteError
from desktop.core.process import start_at_exit
from desktop.paste.outcome import READ_TIMEOUT_S
from desktop.paste.x11 import keyboard
from desktop.paste.x11.clipboard import X11Clipboard
from desktop.paste.x11.clipboard_copy import SelectionContents, TargetData
from desktop.paste.x11.connection import X11Connection

logger = logging.getLogger(__name__)

MAX_KEPT_BYTES = 64 * 2**20
"""Bytes above which contents are not kept; everything that can be copied at all fits."""

APP_EXIT_TIMEOUT_S = 2.0
"""Seconds that the server may take to notice that the app is gone."""

HELD_KEY_TIMEOUT_S, HELD_KEY_POLL_S = 60.0, 0.02
"""Seconds to wait for a key that the user holds too, and seconds between two looks at it."""

KEYS_STRUCT = Struct("8s")
"""The keycodes that a chord holds at this moment, padded with zeros. They come first in the memory."""

HEADER_STRUCT = Struct("<II?")
"""The header after the keycodes: the bytes of the list of targets, and of their data, both 0 if nothing is to be
restored; and whether no window is about to read what the app had there."""

EMPTY_HEADER = HEADER_STRUCT.pack(0, 0, False)

TARGETS_OFFSET = KEYS_STRUCT.size + HEADER_STRUCT.size
"""The offset of the list of targets."""


class ClipboardRestorer:
    """The app's side of the process, for one thread.

    `window` is the one by which the app owns the clipboard of `display`.
    """

    def __init__(self, display: str, window: int) -> None:
        """Start the process. Raises `OSError`."""
        self._file = os.memfd_create("clipboard")
        try:
            os.pwrite(self._file, KEYS_STRUCT.pack(b"") + EMPTY_HEADER, 0)
            self._process = start_at_exit(__name__, self._file, display, str(window))
        except OSError:
            os.close(self._file)
            raise

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def keep_contents(self, contents: SelectionContents) -> None:
        """Keep `contents` for the clipboard if the app dies; nothing if they are empty or too large.

        Data under several names are kept once.
        """
        offsets, size = dict[bytes, int](), 0
        for piece in contents.values():
            if piece.data not in offsets:
                offsets[piece.data] = size
                size += len(piece.data)
        pieces = [[to, one.type, one.format, offsets[one.data], len(one.data)] for to, one in contents.items()]
        target_list = json.dumps(pieces).encode()
        if size > MAX_KEPT_BYTES:
            logger.info("the clipboard is not kept: %d bytes", size)
        try:
            os.pwrite(
                self._file, EMPTY_HEADER, KEYS_STRUCT.size
            )  # the old contents are outdated, the new ones incomplete
            os.ftruncate(self._file, TARGETS_OFFSET)
            if contents and size <= MAX_KEPT_BYTES:
                os.pwrite(self._file, target_list, TARGETS_OFFSET)
                for data, at in offsets.items():
                    os.pwrite(self._file, data, TARGETS_OFFSET + len(target_list) + at)
                os.pwrite(self._file, HEADER_STRUCT.pack(len(target_list), size, False), KEYS_STRUCT.size)
        except OSError as error:
            logger.info("the clipboard is not kept: %s", error.strerror)

    def keep_pressed_keys(self, keycodes: Sequence[int]) -> None:
        """Have these keys (at most eight keycodes) released if the app dies; call with none once they are up."""
        with suppress(OSError):
            os.pwrite(self._file, KEYS_STRUCT.pack(bytes(keycodes)), 0)

    def close(self, *, unread: bool = False) -> None:
        """End the app's side, after the app has left the display.

        What is kept is restored from now on, or later if a window may still read what was pasted (`unread`); if nothing
        is kept the process ends.
        """
        list_bytes, size, _ = HEADER_STRUCT.unpack(os.pread(self._file, HEADER_STRUCT.size, KEYS_STRUCT.size))
        os.pwrite(self._file, HEADER_STRUCT.pack(list_bytes, size, not unread), KEYS_STRUCT.size)
        assert self._process.stdin is not None
        with suppress(OSError):
            if not list_bytes:
                self._process.stdin.write(b"\n")
            self._process.stdin.close()
        if not list_bytes:
            self._process.wait()
        os.close(self._file)


def read_kept_contents(file: int) -> dict[int, TargetData]:
    """Return what `ClipboardRestorer.keep_contents` has left in the memory behind `file`."""
    list_bytes, size, _ = HEADER_STRUCT.unpack(os.pread(file, HEADER_STRUCT.size, KEYS_STRUCT.size))
    if not list_bytes:
        return {}
    data = os.pread(file, size, TARGETS_OFFSET + list_bytes)
    pieces = json.loads(os.pread(file, list_bytes, TARGETS_OFFSET))
    parts = {(at, length): data[at : at + length] for _, _, _, at, length in pieces}
    return {target: TargetData(type_, format_, parts[at, length]) for target, type_, format_, at, length in pieces}


def serve_contents(contents: SelectionContents, display: str, window: int, wait_s: float) -> None:
    """Serve `contents` as the clipboard of `display`, after `wait_s` seconds, until another program owns it.

    Does nothing if one does already. `window` was the app's.
    """
    connection = X11Connection(display, lambda event: clipboard.handle_event(event))
    lost_selections: list[str] = []
    clipboard = X11Clipboard(connection, lambda reader: None, lost_selections.append)
    selection, exit_deadline = connection.atom("CLIPBOARD"), monotonic() + APP_EXIT_TIMEOUT_S
    while (owner := connection.display.get_selection_owner(selection)) != X.NONE:
        if owner.id != window or monotonic() >= exit_deadline:
            return
        connection.pause(0.01)
    connection.pause(wait_s)  # the app may have died between the chord and the window's request
    if connection.display.get_selection_owner(selection) == X.NONE and clipboard.take("CLIPBOARD", contents):
        connection.wait(lambda: bool(lost_selections))


def release_keys(keycodes: Sequence[int], display: str) -> None:
    """Release these keys of XTEST's keyboard on `display`, the last first.

    A key that is down on another keyboard too is released once it is up there, since the server would forget that the
    user holds it.
    """
    with suppress(ConnectionClosedError, DisplayError, XError, OSError):
        connection = Display(display)
        remaining, until = [*reversed(keycodes)], monotonic() + HELD_KEY_TIMEOUT_S
        while remaining and monotonic() < until:
            user_held = set[int]().union(
                *(
                    keyboard.read_pressed_keycodes(connection, keyboard_id)
                    for keyboard_id in keyboard.list_real_keyboards(connection)
                )
            )
            for code in [code for code in remaining if code not in user_held]:
                xtest.fake_input(connection, X.KeyRelease, code)
                remaining.remove(code)
            connection.sync()
            if remaining:
                sleep(HELD_KEY_POLL_S)
        connection.close()


def main(file: str, display: str, window: str) -> None:
    """Restore the clipboard and release keys, after the app's end."""
    memory = int(file)
    (keys,) = KEYS_STRUCT.unpack(os.pread(memory, KEYS_STRUCT.size, 0))
    if keycodes := keys.rstrip(b"\0"):
        Thread(target=release_keys, args=(keycodes, display)).start()
    contents = read_kept_contents(memory)
    *_, at_once = HEADER_STRUCT.unpack(os.pread(memory, HEADER_STRUCT.size, KEYS_STRUCT.size))
    os.close(memory)
    if contents:
        with suppress(ConnectionClosedError, PasteError):
            serve_contents(contents, display, int(window), 0.0 if at_once else READ_TIMEOUT_S)


if __name__ == "__main__":
    main(*sys.argv[1:])
