"""The app's side of a process that removes a composition which the app can remove no more, since it was killed.

A compositor tells a program that its input method is gone, and GTK removes what was being composed. Qt and Chromium go
on showing it, in wlroots' sessions, until an input method composes something else there. So a process waits for the
app's end (`desktop.core.wait_for_exit`), and does that if there was a composition then: it becomes
`desktop.paste.input_method.wayland_restorer`. It runs from the first composition on.
"""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Mapping
from contextlib import suppress

from anyio import Lock, to_thread

from desktop.core.process import start_at_exit

logger = logging.getLogger(__name__)

RESTORER = "desktop.paste.input_method.wayland_restorer"

EXIT_TIMEOUT_S = 1.0
"""Seconds that the process may take to end; it takes a few milliseconds."""

SHOWN, HIDDEN = b"\1", b"\0"
"""What the memory shared with the process holds."""


class CompositionGuard:
    """Starts the process in the session of `environ` when it is first needed. Belongs to one loop."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = {name: environ[name] for name in ("XDG_RUNTIME_DIR", "WAYLAND_DISPLAY") if name in environ}
        self._process: subprocess.Popen[bytes] | None = None
        self._file = -1
        self._starting = Lock()

    async def arm(self) -> None:
        """Have the process run, before the first composition and where it has ended."""
        async with self._starting:
            if self._process is not None and self._process.poll() is not None:
                self.close()
            if self._process is None:
                await to_thread.run_sync(self._start)

    def note(self, *, is_shown: bool) -> None:
        """Note whether there is a composition, before it is shown and after it is removed."""
        if self._process is not None:
            with suppress(OSError):
                os.pwrite(self._file, SHOWN if is_shown else HIDDEN, 0)

    def close(self) -> None:
        """Have the process end, or remove the composition if there still is one. Call once the app is no more the input
        method."""
        if self._process is None or self._process.stdin is None:
            return
        is_shown = os.pread(self._file, 1, 0) == SHOWN
        with suppress(OSError):
            if not is_shown:
                self._process.stdin.write(b"\n")
            self._process.stdin.close()
        if not is_shown:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(EXIT_TIMEOUT_S)
        os.close(self._file)
        self._process = None

    def _start(self) -> None:
        self._file = os.memfd_create("composition")
        try:
            os.pwrite(self._file, HIDDEN, 0)
            self._process = start_at_exit(RESTORER, self._file, **self._environ)
        except OSError as error:
            logger.info("a composition may stay after a crash: %s", error.strerror)
            os.close(self._file)
