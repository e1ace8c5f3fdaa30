"""Watch the reads of the clipboard: which of them are the target's, and what they make of the paste.

A read is known by its pipe alone: it is the target's if the target's process has the other end open.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

import anyio

from desktop.core.types import Outcome
from desktop.paste.outcome import PasteProgress, evaluate_outcome, next_check_at
from desktop.paste.wayland.clipboard import has_pipe_open
from desktop.paste.wayland.focus import FocusedWindow


class ReadWatcher:
    """Watches one paste at a time. Belongs to one loop.

    `window` is the one that may take the text. `is_read_by_target` is whether a read was known to be its own;
    `find_compositor_pid` returns the process that reads for X windows too, None without a connection.
    """

    def __init__(self, find_compositor_pid: Callable[[], int | None]) -> None:
        self.window = FocusedWindow()
        self.is_read_by_target = False
        self._find_compositor_pid = find_compositor_pid
        self._was_read_early = False
        self._progress: PasteProgress | None = None
        self._changed = asyncio.Event()

    def forget_reads(self) -> None:
        """Forget the reads so far: the next text is put on the clipboard."""
        self._was_read_early = self.is_read_by_target = False

    def begin(self, sent_at: float, *, may_read_early: bool, is_next_waiting: bool) -> None:
        """Note that the chord is about to be sent. With `may_read_early`, a read before it counts too."""
        read_at = sent_at if may_read_early and self._was_read_early else None
        self._progress = PasteProgress(sent_at, read_at, is_next_waiting=is_next_waiting)

    def end(self) -> None:
        """Note that the paste is over."""
        self._progress = None

    async def wait_for_outcome(self) -> Outcome:
        """Wait for the paste's end and return its outcome."""
        while self._progress is not None:
            outcome = evaluate_outcome(self._progress, monotonic())
            if outcome is not None:
                return outcome
            self._changed.clear()
            with anyio.move_on_after(next_check_at(self._progress) - monotonic()):
                await self._changed.wait()
        return Outcome.UNCONFIRMED

    def note_next_waiting(self) -> None:
        """Note that another dictation waits for the clipboard."""
        if self._progress is not None:
            self._progress = replace(self._progress, is_next_waiting=True)
            self._changed.set()

    def on_read(self, pipe: int) -> None:
        """Process a read of the clipboard. It counts unless it is known not to be the target's."""
        pid = self.window.target.pid
        is_target = has_pipe_open(pid, pipe) if pipe and pid else None
        if is_target is False and self.window.x11 and (compositor := self._find_compositor_pid()) is not None:
            is_target = has_pipe_open(compositor, pipe)
        if is_target is False and self.window.is_reader_known:
            return
        self.is_read_by_target = self.is_read_by_target or is_target is True
        if self._progress is None:
            self._was_read_early = True
        else:
            self._progress = replace(self._progress, read_at=monotonic())
            self._changed.set()

    def on_lost(self) -> None:
        """Process the loss of the clipboard to another program."""
        if self._progress is not None:
            self._progress = replace(self._progress, is_clipboard_lost=True)
            self._changed.set()
