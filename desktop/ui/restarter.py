"""Start the app anew in the place of this process, by what is installed now.

The process stays, so that a session that watches it sees no end; its environment is that of its own start, without what
was set since (a scale for Qt), and with the keys that were taken out of it (`desktop.credentials.environment`).
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import MutableMapping, Sequence
from contextlib import suppress
from pathlib import Path

from desktop.core.errors import UserError
from desktop.credentials.environment import restored_environ
from desktop.platforms.autostart import windowed_command

logger = logging.getLogger(__name__)

RESTARTED_VARIABLE = "INTONE_RESTARTED"
"""Set for the app that is started anew, and removed by it: where there is no tray, it shows no window then."""


class Restarter:
    """Holds whether the app is to start anew once it has ended: set `is_wanted`. Create it before anything changes
    `environ`."""

    def __init__(self, environ: MutableMapping[str, str]) -> None:
        self.is_wanted = False
        self.was_restarted = environ.pop(RESTARTED_VARIABLE, "") == "1"
        self._environ = restored_environ(environ)

    def start_again(self, command: Sequence[str]) -> None:
        """Run `command` in place of this process; on Windows, which cannot, beside it. Raises `UserError`."""
        environ = {**self._environ, RESTARTED_VARIABLE: "1"}
        logger.info("starting anew")
        try:
            if sys.platform == "win32":
                subprocess.Popen(windowed_command(command), env=environ)
            else:
                _close_at_exec()
                os.execve(command[0], list(command), environ)  # noqa: S606 (no shell is needed)
        except OSError as error:
            raise UserError("app-restart-impossible") from error


def _close_at_exec() -> None:
    """Let no file but the standard ones go on into what is started: the lock of an AppImage's copy would say that the
    old version runs."""
    for file in [int(path.name) for path in Path("/dev/fd").iterdir()]:
        if file > 2:
            with suppress(OSError):  # the list's own is closed by now
                os.set_inheritable(file, False)
