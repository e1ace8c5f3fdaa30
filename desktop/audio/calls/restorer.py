"""The app's side of the process that undoes the mutes that are written down, once the app has ended.

It shares a lock with the app, which it holds until all is undone: an app that is started meanwhile waits for it, so
that neither undoes what the other has just muted.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Event

from desktop.audio.calls import restore
from desktop.core.locks import open_lock_file, try_lock
from desktop.core.paths import make_private_dir
from desktop.core.process import child_environ

logger = logging.getLogger(__name__)

LOCK_TIMEOUT_S, LOCK_POLL_S = 1.5, 0.02
"""Seconds to wait for an earlier app's process, which takes 0.2, and seconds between two looks."""


class CallRestorer:
    """Starts the process, which undoes what is in `file`, and ends it."""

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
                self._process = _start(self._lock_file, self._file)
        except OSError as error:
            logger.warning("mutes in calls are not undone after a crash: %s", error.strerror)
        return True

    def close(self, *, is_undone: bool) -> None:
        """End the process and release the lock; where not all is undone, the process does that, and nothing waits."""
        if is_undone:
            self._end_process()
        elif self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()  # as if the app had been killed
        if self._lock_file >= 0:
            os.close(self._lock_file)
            self._lock_file = -1

    def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            assert process.stdin is not None
            with suppress(OSError):
                if not process.stdin.closed:
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


def _start(lock_file: int, file: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", restore.__name__, str(lock_file), str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=child_environ(),
        pass_fds=(lock_file,),
        start_new_session=True,  # a terminal that ends the app's process group does not end this
    )
