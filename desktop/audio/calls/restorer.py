"""A process that waits for the app's end, then undoes the mutes that are written down.

Until then the process is `desktop.core.wait_for_exit`, which waits for the end of a pipe and becomes this module by
`exec`. It shares a lock with the app, which it holds until all is undone: an app that is started meanwhile waits for
it, so that neither undoes what the other has just muted.
"""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Event

from desktop.audio.calls.muter import CallMuter, CallMutes
from desktop.audio.calls.pulse_calls import PulseCalls
from desktop.core.locks import open_lock_file, try_lock
from desktop.core.paths import make_private_dir
from desktop.core.process import start_at_exit

logger = logging.getLogger(__name__)

LOCK_TIMEOUT_S, LOCK_POLL_S = 1.5, 0.02
"""Seconds to wait for an earlier app's process, which takes 0.2, and seconds between two looks."""


class CallRestorer:
    """The app's side of the process, which undoes what is in `file`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock_file = -1
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Whether the process waits."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> bool:
        """Start the process unless it runs; return whether that of an earlier app is done. Blocks; never raises.

        Where no process can be started, the next start of the app undoes what a crash leaves.
        """
        try:
            if not self._take_lock():
                return False
            if not self.is_running:
                self._end_process()
                self._process = start_at_exit(__name__, self._lock_file, str(self._file))
        except OSError as error:
            logger.warning("mutes in calls are not undone after a crash: %s", error.strerror)
        return True

    def close(self) -> None:
        """End the process and release the lock."""
        self._end_process()
        if self._lock_file >= 0:
            os.close(self._lock_file)
            self._lock_file = -1

    def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            assert process.stdin is not None
            with suppress(OSError):
                process.stdin.write(b"\n")
                process.stdin.close()
            process.wait()

    def _take_lock(self) -> bool:
        if self._lock_file >= 0:
            return True
        make_private_dir(self._file.parent)
        descriptor = open_lock_file(self._file.with_suffix(".lock"))
        for _ in range(round(LOCK_TIMEOUT_S / LOCK_POLL_S)):
            if try_lock(descriptor):
                self._lock_file = descriptor
                return True
            Event().wait(LOCK_POLL_S)
        os.close(descriptor)
        return False


class NoRestorer:
    """For the process itself: it is the one that undoes."""

    is_running = True

    def start(self) -> bool:
        """Start nothing."""
        return True

    def close(self) -> None:
        """End nothing."""


def ignore_mutes(mutes: CallMutes) -> None:
    """Show nothing."""


def main(_lock_file: str, file: str) -> None:
    """Undo the mutes, after the app's end, with the lock held as long as this runs."""
    asyncio.run(CallMuter(Path(file), PulseCalls(), NoRestorer(), ignore_mutes).run_once())


if __name__ == "__main__":
    main(*sys.argv[1:])
