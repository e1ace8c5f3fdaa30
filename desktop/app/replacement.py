"""Say that another version of Intone was installed beneath the one that runs, and start it once that disturbs nothing.

A package manager replaces files and starts nothing. The new version is started in place of this one by the user, or by
itself after `REST_S` without a dictation, while no window is open, no model comes and nothing is being compared. It
must have loaded all that it starts with by then, and said its version: what cannot start does not replace what runs
(docs/adr/0033).
"""

from __future__ import annotations

import asyncio
import logging
import re
import shutil
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import anyio
from anyio import to_thread

import desktop
from desktop.app.preload import preload
from desktop.core.installation import DEBIAN_PREFIX, DPKG_LIST, PACKAGE_NAME
from desktop.core.process import TRY_START, child_environ
from desktop.core.replacement import FileStamp, InstalledFiles

logger = logging.getLogger(__name__)

CHECK_S = 20.0
"""Seconds between two looks, each of one file's stamp."""

RETRY_FACTOR = 20.0
"""What did not start is tried again after as many times what the try took, which may write 0.5 GB each time."""

UNPACK_TIMEOUT_S = 600.0
"""Seconds for an AppImage that must be unpacked first, 0.5 GB at 1 MB/s. No command waits as long."""

PRELOAD_S = 5.0
"""Seconds after the app is ready at which modules are loaded ahead, which takes a core for a second."""

REST_S = 120.0
"""Seconds without a dictation after which the app may start anew: an insertion can no longer be undone then."""

PROBE_TIMEOUT_S = 45.0
"""Seconds for dpkg and the installed version to say what is there, which a slow disk reads for the first time; a
command waits 60 s for its reply."""

WRONG_USAGE = 2
"""argparse's exit status: an older version does not know `TRY_START`."""

_VERSION_LINE = re.compile(rb"intone (\S{1,70})\s*")


async def probe_version(
    command: Sequence[str],
    root: Path = Path("/"),
    prefix: Path = Path(sys.prefix),
    timeout_s: float = PROBE_TIMEOUT_S,
) -> str:
    """Return the version that `command` starts; empty where it does not start in time, or dpkg is not done with it.

    On Windows it is this one, since files that are in use are not replaced, and its program says nothing. dpkg is asked
    about the environment of its package alone, `prefix`; `root` has its database.
    """
    if sys.platform == "win32":
        return desktop.__version__
    with anyio.move_on_after(timeout_s):
        if prefix == DEBIAN_PREFIX and (root / DPKG_LIST).exists() and shutil.which("dpkg-query"):
            query = ("dpkg-query", f"--admindir={root / 'var/lib/dpkg'}", "-W", "-f=${db:Status-Abbrev}", PACKAGE_NAME)
            status, _ = await _run(query)
            if status[1:2] != b"i":  # the first letter is what is wanted: a package on hold is installed too
                return ""
        output, exit_status = await _run((*command, TRY_START))
        if exit_status == WRONG_USAGE:
            output, exit_status = await _run((*command, "--version"))
        found = _VERSION_LINE.fullmatch(output)
        return found[1].decode(errors="replace") if found and exit_status == 0 else ""
    return ""


async def _run(command: Sequence[str]) -> tuple[bytes, int | None]:
    """Return the output and the exit status of a program, None where there is none. Ends it when cancelled."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=child_environ(),
        )
    except OSError:
        return b"", None
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            with anyio.CancelScope(shield=True):
                await process.wait()
    return output, process.returncode


class ReplacementService:
    """Watches `files`, and loads what is imported late while they are those of the version that runs.

    `probe` returns the version that would start, empty for none. `on_replaced(version)` is called with that of the
    files that are there now. `may_restart` returns whether it would disturb nothing; `restart` starts the new version,
    unless a window is open. `now` is a monotonic clock.
    """

    def __init__(
        self,
        files: InstalledFiles | None,
        probe: Callable[[], Awaitable[str]],
        on_replaced: Callable[[str], None],
        may_restart: Callable[[], bool],
        restart: Callable[[], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._files = files
        self._probe = probe
        self._on_replaced = on_replaced
        self._may_restart = may_restart
        self._restart = restart
        self._now = now
        self._known: FileStamp | None = None

    async def run(self, check_s: float = CHECK_S, preload_s: float = PRELOAD_S) -> None:
        """Watch until cancelled; return at once where files are not replaced beneath an app."""
        if self._files is None:
            return
        await anyio.sleep(preload_s)
        await to_thread.run_sync(preload, self._files)
        pause_s = check_s
        while True:
            await anyio.sleep(pause_s)
            pause_s = max(check_s, await self._look(self._files))

    async def _look(self, files: InstalledFiles) -> float:
        """Return the seconds after which to look again at the earliest."""
        if not files.are_replaced:
            return 0.0
        stamp = files.read_stamp()
        if stamp != self._known:
            began = self._now()
            version = await self._probe()
            if files.read_stamp() != stamp:
                return 0.0
            if not version:
                return (self._now() - began) * RETRY_FACTOR
            self._known = stamp
            logger.info("version %s was installed in place of this one", version)
            self._on_replaced(version)
        elif self._may_restart():
            self._restart()
        return 0.0


def is_desk_idle(state_name: str, idle_s: float, *, is_paused: bool, is_working: bool) -> bool:
    """Return whether starting anew would disturb nothing. Keys that the user has paused would work again; a failure
    that is shown until the next press is in the history, or was a command's."""
    return state_name in ("idle", "failed") and idle_s >= REST_S and not is_paused and not is_working
