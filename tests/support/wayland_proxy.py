"""A compositor between a program and the real one, which can say like KWin what sway does not, and can be cut."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

from desktop.paste.wayland.protocol import HEADER, MAX_FDS

CANCELLED = 1
"""Opcode of a source's event, the only one of its opcode that has no arguments."""


class WaylandProxy:
    """It listens at `path` for connections to the compositor of `environ`; `cancelled` counts what it said twice.

    It does not tell of the interfaces whose names contain `hides`.
    """

    def __init__(self, path: Path, environ: Mapping[str, str], hides: str = "") -> None:
        self.cancelled = 0
        self.hides = hides
        self.connections = 0
        self._real = str(Path(environ["XDG_RUNTIME_DIR"]) / environ["WAYLAND_DISPLAY"])
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listen()
        self._ends: list[socket.socket] = []
        self._threads = [Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def cut(self) -> None:
        """End every connection, as a compositor does with a program that says what makes no sense."""
        for end in self._ends:
            with suppress(OSError):  # it has ended already
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Listen no more, and end every connection."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self.cut()
        for thread in self._threads:
            thread.join(10)
        for end in (self._listener, *self._ends):
            end.close()

    def _listen(self) -> None:
        self._listener.listen()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                program, _ = self._listener.accept()
                real = socket.socket(socket.AF_UNIX)
                real.connect(self._real)
                self.connections += 1
                self._ends += [program, real]
                for here, there, repeats in ((program, real, False), (real, program, True)):
                    self._threads.append(Thread(target=self._pass_on, args=(here, there, repeats), daemon=True))
                    self._threads[-1].start()

    def _pass_on(self, here: socket.socket, there: socket.socket, repeats: bool) -> None:
        received, fds = bytearray(), list[int]()
        with suppress(OSError):
            while True:
                data, more_fds, _, _ = socket.recv_fds(here, 65536, MAX_FDS)
                if not data:
                    break
                received += data
                fds += more_fds
                said = _take_messages(received)
                if repeats:
                    told = (message for message in said if not self.hides or self.hides.encode() not in message)
                    said = [twice for message in told for twice in self._repeat_cancelled(message)]
                if said:
                    socket.send_fds(there, [b"".join(said)], fds)
                    while fds:
                        os.close(fds.pop())
        with suppress(OSError):
            there.shutdown(socket.SHUT_RDWR)

    def _repeat_cancelled(self, message: bytes) -> list[bytes]:
        """Return `message`, twice if it says that a source is cancelled."""
        is_cancelled = len(message) == HEADER.size and HEADER.unpack(message)[1] & 0xFFFF == CANCELLED
        self.cancelled += is_cancelled
        return [message] * (2 if is_cancelled else 1)


class WrappedProxy(WaylandProxy):
    """One whose process is not the peer of its connections, as kwin_wayland_wrapper is instead of KWin."""

    def _listen(self) -> None:
        listener = self._listener.fileno()
        listen = f"import socket; socket.socket(fileno={listener}).listen()"
        subprocess.run([sys.executable, "-c", listen], pass_fds=[listener], check=True)


def _take_messages(received: bytearray) -> list[bytes]:
    """Take every whole message from the front of `received`."""
    messages = []
    while len(received) >= HEADER.size and len(received) >= (size := HEADER.unpack_from(received)[1] >> 16):
        messages.append(bytes(received[:size]))
        del received[:size]
    return messages


@contextmanager
def proxied(
    path: Path, environ: Mapping[str, str], hides: str = "", kind: type[WaylandProxy] = WaylandProxy
) -> Iterator[tuple[WaylandProxy, dict[str, str]]]:
    """A proxy at `path`, and the environment of a program that uses it."""
    proxy = kind(path, environ, hides)
    try:
        yield proxy, {**environ, "WAYLAND_DISPLAY": str(path)}
    finally:
        proxy.close()
