"""A process that waits for the app's end, then sets the user's IBus engine again.

The daemon has no engine once a connection ends that has registered one, whichever engine was set: a user's pinyin would
be dead until they choose it again. So the name of the user's engine is kept in memory shared by both (a memfd: it has
no name and is on no disk), which this process reads when the app is gone, however it went.

Until then the process is `desktop.core.wait_for_exit`, which waits for the end of a pipe and becomes this module by
`exec`.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from struct import Struct
from threading import Thread
from time import monotonic

from desktop.core.process import start_at_exit
from desktop.paste.input_method.ibus.address import find_addresses
from desktop.paste.input_method.ibus.engine import IBusConnection
from desktop.paste.input_method.ibus.messages import ENGINE_NAME

KEPT_STRUCT = Struct("256s256s")
"""The app's name on the daemon's bus, and the user's engine, padded with zeros. Written at once, never in parts."""

APP_EXIT_TIMEOUT_S, EXIT_POLL_S = 5.0, 0.02
"""Seconds that the daemon may take to notice that the app is gone, and seconds between two questions."""


class EngineRestorer:
    """The app's side of the process."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Start the process. Raises `OSError`."""
        self._file = os.memfd_create("engine")
        self.keep("", "")
        try:
            self._process = start_at_exit(__name__, self._file, **environ)
        except OSError:
            os.close(self._file)
            raise

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether the process waits."""
        return self._process.poll() is None

    def keep(self, connection: str, engine: str) -> None:
        """Have `engine` set when `connection`, a unique name on the daemon's bus, has ended; nothing if it is empty."""
        names = (name.encode() for name in (connection, engine))
        with suppress(OSError):
            os.pwrite(self._file, KEPT_STRUCT.pack(*names), 0)

    def close(self) -> None:
        """End the app's side, after the app has left the daemon: the process sets the user's engine from now on."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        os.close(self._file)
        Thread(target=self._process.wait, daemon=True).start()  # it ends soon, which the app need not wait for


def read_kept(file: int) -> tuple[str, str]:
    """Return what `EngineRestorer.keep` has left in the memory behind `file`."""
    connection, engine = KEPT_STRUCT.unpack(os.pread(file, KEPT_STRUCT.size, 0))
    return connection.rstrip(b"\0").decode(), engine.rstrip(b"\0").decode()


async def restore_engine(connection: str, engine: str, environ: Mapping[str, str]) -> None:
    """Set `engine` once `connection` has ended, unless the user has chosen another since. Raises `OSError`."""
    for address in find_addresses(environ):
        try:
            daemon = await IBusConnection.connect(address)
        except OSError:
            continue
        try:
            deadline = monotonic() + APP_EXIT_TIMEOUT_S
            while await daemon.has_owner(connection) and monotonic() < deadline:  # noqa: ASYNC110 (another process)
                await asyncio.sleep(EXIT_POLL_S)
            if await daemon.read_global_engine() in ("", ENGINE_NAME):
                await daemon.set_global_engine(engine)
        finally:
            daemon.disconnect()
        return


def main(file: str) -> None:
    """Set the user's engine, after the app's end."""
    memory = int(file)
    connection, engine = read_kept(memory)
    os.close(memory)
    if connection and engine:
        with suppress(OSError):
            asyncio.run(restore_engine(connection, engine, os.environ))


if __name__ == "__main__":
    main(*sys.argv[1:])
