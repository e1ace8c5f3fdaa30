"""The Windows clipboard: copy it, promise it a text, restore it.

A promise is data without a handle. Windows requests it from our window when a program first reads (WM_RENDERFORMAT),
while the reader has the clipboard open, which identifies the reader. Whether the clipboard is still ours is told by its
owner window and not by its sequence number, which a fulfilled promise also increments.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import create_unicode_buffer, memmove, string_at
from time import monotonic

from desktop.core.types import Target
from desktop.paste.delayed.contents import CF_UNICODETEXT, PLEAS, copyable, encoded
from desktop.paste.delayed.desktop import ALL_S, MOST_BYTES
from desktop.paste.delayed.promise import Reader, Told
from desktop.platforms.windows import api
from desktop.platforms.windows import focus as programs
from desktop.platforms.windows.loop import Loop

log = logging.getLogger(__name__)

OPEN_S = 0.5
"""Seconds to wait for another program that has the clipboard open; most have it for some ms."""

TRY_S = 0.010
"""Seconds between two tries."""

type Contents = list[tuple[int, bytes]]
"""Formats, by their numbers, and their data, in the clipboard's own order."""


class Clipboard:
    """The clipboard as our window sees it. Pass the window's messages to `handle_message`."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self.window = 0
        self._emptying = False
        self._text = ""
        self._target = Target()
        self._read: Told = lambda reader, at: None
        self._lost: Callable[[], None] = lambda: None

    def lend(self, text: str, target: Target, read: Told, lost: Callable[[], None]) -> Contents | None:
        """As `PasteDesktop.promise_text`."""
        with self._opened() as opened:
            if not opened:
                return None
            before = self._copy()
            self._text, self._target, self._read, self._lost = text, target, read, lost
            if self._promise():
                return before
            self._put(before)
            return None

    def renew(self) -> bool:
        """As `PasteDesktop.renew_promise`."""
        with self._opened() as opened:
            return opened and self.ours() and self._promise()

    def ours(self) -> bool:
        """Return whether the clipboard's contents were put there by us."""
        return bool(api.clipboard_owner() == self.window)

    def put(self, contents: Contents) -> bool:
        """Replace the clipboard's contents by `contents`."""
        with self._opened() as opened:
            return opened and self._put(contents)

    def leave(self, text: str) -> bool:
        """As `PasteDesktop.leave_text`."""
        return self.put([*_pleas(), (CF_UNICODETEXT, encoded(text))])

    def handle(self, message: int, format_: int) -> bool:
        """Process a message of our window and return whether it was about the clipboard.

        The clipboard must not be opened here.
        """
        match message:
            case api.WM_RENDERFORMAT:
                if format_ == CF_UNICODETEXT:
                    _set(CF_UNICODETEXT, encoded(self._text))
                    self._read(self._reader(), monotonic())
            case api.WM_DESTROYCLIPBOARD:
                if not self._emptying:
                    self._lost()
            case _:
                return False
        return True

    def _reader(self) -> Reader:
        """Identify the reader by the window that has the clipboard open; browsers have several processes of one
        program."""
        window = api.clipboard_opener()
        if not window:
            return Reader.UNNAMED
        pid = programs.process(window)
        path = programs.program(pid)
        same = pid == self._target.pid or (path.name and path == programs.program(self._target.pid))
        return Reader.TARGET if same else Reader.OTHER

    @contextmanager
    def _opened(self) -> Iterator[bool]:
        """Open the clipboard for the context; yields whether that succeeded."""
        until = monotonic() + OPEN_S
        while not (opened := bool(api.open_clipboard(self.window))) and monotonic() < until:
            self._loop.pause(TRY_S)
        try:
            yield opened
        finally:
            if opened:
                api.close_clipboard()

    def _copy(self) -> Contents:
        """Copy all that can be kept, within the limits. An owner that hangs is not asked: it would hang us too."""
        until, room = monotonic() + ALL_S, MOST_BYTES
        if api.is_hung(api.clipboard_owner()):
            return []
        found: Contents = []
        for number in copyable(list(_formats())):
            if monotonic() >= until:
                log.info("the clipboard's owner is slow; the rest of it is not kept")
                break
            handle = api.get_data(number)
            size = api.memory_size(handle) if handle else 0
            if 0 < size <= room and (address := api.lock(handle)):
                found.append((number, string_at(address, size)))
                room -= size
                api.unlock(handle)
        return found

    def _promise(self) -> bool:
        """Promise the text; the clipboard must be open.

        `set_data` returns no handle for a promise, which is no error.
        """
        if not self._empty():
            return False
        for number, data in _pleas():
            _set(number, data)
        api.set_data(CF_UNICODETEXT, 0)
        return True

    def _put(self, contents: Contents) -> bool:
        """Put `contents` there; the clipboard must be open."""
        if not self._empty():
            return False
        put = [_set(number, data) for number, data in contents]
        return all(put)

    def _empty(self) -> bool:
        """Empty the clipboard. Windows reports the loss to the owner, which is ignored if that is us."""
        self._emptying = True
        try:
            return bool(api.empty_clipboard())
        finally:
            self._emptying = False


def _pleas() -> Contents:
    return [(api.register_format(name), data) for name, data in PLEAS.items()]


def _formats() -> Iterator[tuple[int, str]]:
    """Yield the clipboard's formats: number and, for a registered format, name."""
    number, name = 0, create_unicode_buffer(256)
    while number := api.next_format(number):
        length = api.format_name(number, name, len(name))
        yield number, name.value if length else ""


def _set(number: int, data: bytes) -> bool:
    """Give the clipboard `data`, which the system owns from then on."""
    handle = api.allocate(api.GMEM_MOVEABLE, max(1, len(data)))
    address = api.lock(handle) if handle else None
    if not address:
        return False
    memmove(address, data, len(data))
    api.unlock(handle)
    if api.set_data(number, handle):
        return True
    api.free(handle)
    return False
