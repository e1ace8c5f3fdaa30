"""The Windows clipboard: copy it, offer it a text, restore it.

An offer is data without a handle. Windows requests it from our window when a program first reads (WM_RENDERFORMAT),
while the reader has the clipboard open, which identifies the reader. Whether the clipboard is still ours shows in its
owner window and not in its sequence number, which a fulfilled offer also increments.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ctypes import create_string_buffer, create_unicode_buffer, memmove, string_at
from time import monotonic

from desktop.core.messages import Notes
from desktop.core.types import Target
from desktop.paste.delayed.desktop import COPY_TIMEOUT_S, MAX_COPY_BYTES
from desktop.paste.delayed.pending_text import ReaderKind, TextReadCallback
from desktop.paste.delayed.windows_formats import (
    CF_ENHMETAFILE,
    CF_UNICODETEXT,
    EXCLUSIONS,
    MARK_DATA,
    NO_RECORD_FORMATS,
    PERMISSIONS,
    ClipboardCopy,
    FormatContents,
    WindowsProgram,
    classify_reader,
    decode_text,
    encode_text,
    find_copyable_formats,
    find_marks,
    find_text_formats,
    is_all_copyable,
    sort_for_reading,
)
from desktop.paste.request import lost_contents_notes
from desktop.platforms.windows import api, focus
from desktop.platforms.windows.loop import WindowsLoop

logger = logging.getLogger(__name__)

OPEN_TIMEOUT_S = 2.0
"""Seconds to wait for another program that has the clipboard open, before a text can be pasted; most have it for some
ms, and the user is waiting."""

RENEW_TIMEOUT_S = 0.5
"""The same before a text is offered again, which may be tried several times."""

RETURN_TIMEOUT_S = 20.0
"""The same before the clipboard is restored, or a text left there: a program may have it open for as long as it takes
the text in. Under Wine 10 on two busy cores Notepad had it for 0.3 to 2.2 s with 20,000 characters, and for 2.8 to
16.6 s with 60,000, more than an hour of speech."""

ENDING_TIMEOUT_S = 1.0
"""The same when the app ends, which has 4 s where the session does: what is not restored by then is by its restorer."""

OPEN_RETRY_S = 0.010
"""Seconds between two tries."""


class WindowsClipboard:
    """The clipboard as our window sees it. Pass the window's messages to `handle_message`.

    `on_replaced(contents)` is called with what an offer is about to replace, and with nothing when that is over.
    """

    def __init__(
        self, loop: WindowsLoop, on_replaced: Callable[[FormatContents], None] = lambda contents: None
    ) -> None:
        self._loop = loop
        self._on_replaced = on_replaced
        self.window = 0
        self._emptying = False
        self._text = ""
        self._target = Target()
        self._on_read: TextReadCallback = lambda reader, at: None
        self._on_lost: Callable[[], None] = lambda: None

    def offer_text(
        self, text: str, target: Target, on_read: TextReadCallback, on_lost: Callable[[], None]
    ) -> ClipboardCopy | None:
        """As `PasteDesktop.offer_text`."""
        with self._open(OPEN_TIMEOUT_S) as opened:
            if not opened:
                return None
            copy = self._copy(list(iter_formats()))
            self._on_replaced(copy.contents)
            self._text, self._target, self._on_read, self._on_lost = text, target, on_read, on_lost
            if self._offer():
                return copy
        self._on_replaced([])
        return None

    def renew_offer(self) -> bool:
        """As `PasteDesktop.renew_offer`."""
        with self._open(RENEW_TIMEOUT_S, self.is_owned) as opened:
            return opened and self._offer()

    def is_owned(self) -> bool:
        """Return whether the clipboard's contents were put there by us."""
        return bool(api.clipboard_owner() == self.window)

    def read_text(self, copy: ClipboardCopy | None) -> str | None:
        """As `PasteDesktop.read_text`."""
        if copy is None:
            with self._open(OPEN_TIMEOUT_S) as opened:
                copy = self._copy(find_text_formats(list(iter_formats()))) if opened else ClipboardCopy([])
        return decode_text(dict(copy.contents), _register(EXCLUSIONS), _register(PERMISSIONS))

    def restore(self, copy: ClipboardCopy, is_ending: Callable[[], bool]) -> Notes:
        """As `PasteDesktop.restore_clipboard`."""
        is_put = self.replace_contents(copy.contents, self.is_owned, is_ending)
        if not is_put and not self.is_owned():
            return ()
        return lost_contents_notes(copy.contents if is_put else (), is_put and copy.is_whole)

    def replace_contents(
        self,
        contents: FormatContents,
        is_wanted: Callable[[], bool],
        is_ending: Callable[[], bool],
        may_replace: Callable[[], bool] = lambda: True,
    ) -> bool:
        """Replace the clipboard's contents by `contents`, while `is_wanted()` and if `may_replace()`, which is asked
        only when the clipboard is open: nothing tells its formats before. Return whether that was done."""
        with self._open(RETURN_TIMEOUT_S, is_wanted, is_ending) as opened:
            is_put = opened and may_replace() and self._put(contents)
        if is_put:
            self._on_replaced([])
        return is_put

    def leave_text(self, text: str, is_ending: Callable[[], bool], *, over_own: bool = False) -> bool:
        """As `PasteDesktop.leave_text`."""
        contents = [*_no_record_formats(), (CF_UNICODETEXT, encode_text(text))]
        return self.replace_contents(contents, self.is_owned if over_own else lambda: True, is_ending)

    def handle_message(self, message: int, format_: int) -> bool:
        """Process a message of our window and return whether it was about the clipboard.

        The clipboard must not be opened here.
        """
        match message:
            case api.WM_RENDERFORMAT:
                if format_ == CF_UNICODETEXT:
                    _set_data(CF_UNICODETEXT, encode_text(self._text))
                    self._on_read(self._identify_reader(), monotonic())
            case api.WM_DESTROYCLIPBOARD:
                if not self._emptying:
                    self._on_lost()
                    self._on_replaced([])
            case _:
                return False
        return True

    def _identify_reader(self) -> ReaderKind:
        """Identify the reader by the window that has the clipboard open, or else by the one in front."""
        window = api.clipboard_opener()
        return classify_reader(
            _program(focus.process_of_window(window)) if window else None,
            _program(focus.find_foreground_window().pid),
            _program(self._target.pid),
            focus.find_focused_process(self._target.handle),
        )

    @contextmanager
    def _open(
        self,
        timeout_s: float,
        is_wanted: Callable[[], bool] = lambda: True,
        is_ending: Callable[[], bool] = lambda: False,
    ) -> Iterator[bool]:
        """Open the clipboard for the context, while `is_wanted()`; yields whether that succeeded."""
        deadline, was_ending = monotonic() + timeout_s, False
        while not (opened := bool(api.open_clipboard(self.window))) and monotonic() < deadline and is_wanted():
            if is_ending() and not was_ending:
                deadline, was_ending = min(deadline, monotonic() + ENDING_TIMEOUT_S), True
            self._loop.pause(OPEN_RETRY_S)
        try:
            yield opened and is_wanted()
        finally:
            if opened:
                api.close_clipboard()

    def _copy(self, formats: list[tuple[int, str]]) -> ClipboardCopy:
        """Copy what can be kept of `formats`, within the limits. An owner that hangs is not asked, or it would hang us.

        A format that its owner does not give is none that another program could paste.
        """
        deadline, bytes_left = monotonic() + COPY_TIMEOUT_S, MAX_COPY_BYTES
        if api.is_hung(api.clipboard_owner()):
            return ClipboardCopy([], is_whole=not formats)
        contents: FormatContents = []
        is_whole, marks = is_all_copyable(formats), find_marks(formats)
        copyable = find_copyable_formats(formats)
        for number in sort_for_reading(copyable, marks):
            if monotonic() >= deadline:
                logger.info("the clipboard's owner is slow; the rest of it is not kept")
                is_whole = False
                break
            data = _read_data(number, bytes_left)
            if data is None:
                is_whole = False
            elif data or number in marks:
                contents.append((number, data or MARK_DATA))
                bytes_left -= len(data)
        return ClipboardCopy(sorted(contents, key=lambda kept: copyable.index(kept[0])), is_whole)

    def _offer(self) -> bool:
        """Offer the text; the clipboard must be open.

        `set_data` returns no handle for an offer, which is no error.
        """
        if not self._empty():
            return False
        for number, data in _no_record_formats():
            _set_data(number, data)
        api.set_data(CF_UNICODETEXT, 0)
        return True

    def _put(self, contents: FormatContents) -> bool:
        """Put all of `contents` there; the clipboard must be open."""
        if not self._empty():
            return False
        put = [_set_data(number, data) for number, data in contents]
        return all(put)

    def _empty(self) -> bool:
        """Empty the clipboard. Windows reports the loss to the owner, which is ignored if that is us."""
        self._emptying = True
        try:
            return bool(api.empty_clipboard())
        finally:
            self._emptying = False


def _program(pid: int) -> WindowsProgram:
    return WindowsProgram(pid, focus.find_program_path(pid))


def _no_record_formats() -> FormatContents:
    return list(zip(_register(NO_RECORD_FORMATS), NO_RECORD_FORMATS.values(), strict=True))


def _register(names: Iterable[str]) -> list[int]:
    """Return the numbers of registered formats."""
    return [api.register_format(name) for name in names]


def iter_formats() -> Iterator[tuple[int, str]]:
    """Yield the clipboard's formats: number and, for a registered format, name."""
    number, name = 0, create_unicode_buffer(256)
    while number := api.next_format(number):
        length = api.format_name(number, name, len(name))
        yield number, name.value if length else ""


def _read_data(number: int, max_bytes: int) -> bytes | None:
    """Return the data of a format of the open clipboard, empty if its owner gives none; None if that is too much."""
    handle = api.get_data(number)
    if number == CF_ENHMETAFILE:
        size = api.metafile_bits(handle, 0, None) if handle else 0
    else:
        size = api.memory_size(handle) if handle else 0
    if not size or size > max_bytes:
        return None if size else b""
    if number == CF_ENHMETAFILE:
        bits = create_string_buffer(size)
        return bits.raw if api.metafile_bits(handle, size, bits) else b""
    if not (address := api.lock(handle)):
        return b""
    try:
        return string_at(address, size)
    finally:
        api.unlock(handle)


def _set_data(number: int, data: bytes) -> bool:
    """Give the clipboard `data`, which the system owns from then on."""
    if number == CF_ENHMETAFILE:
        metafile = api.make_metafile(len(data), data)
        if metafile and not api.set_data(number, metafile):
            api.delete_metafile(metafile)
            return False
        return bool(metafile)
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
