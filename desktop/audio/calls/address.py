"""Where the session's sound server is, and how to say who asks. Imports little: the restorer's process uses it."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from desktop.audio.calls.protocol import COOKIE_BYTES

CLIENT_NAME = "Intone"
"""Our name in the sound server's list of programs."""


def find_socket(environ: Mapping[str, str]) -> Path:
    """Return the socket of the session's sound server. Raises `ConnectionError` where that is on another machine."""
    if server := environ.get("PULSE_SERVER", ""):
        address = server.split()[0].rpartition("}")[2]  # "{id of a machine}address", several of them
        path = address.removeprefix("unix:")
        if not path.startswith("/"):
            raise ConnectionError("the sound server is on another machine")
        return Path(path)
    runtime = environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"
    return Path(environ.get("PULSE_RUNTIME_PATH") or f"{runtime}/pulse", "native")


def read_cookie(environ: Mapping[str, str]) -> bytes:
    """Return the secret by which the server knows its user; zeros without one, since it sees whose process asks."""
    home = environ.get("HOME", "/")
    own = environ.get("PULSE_COOKIE")
    for path in (own,) if own else (f"{home}/.config/pulse/cookie", f"{home}/.pulse-cookie"):
        with suppress(OSError):
            if len(cookie := Path(path).read_bytes()) == COOKIE_BYTES:
                return cookie
    return bytes(COOKIE_BYTES)


def pack_credentials() -> tuple[int, int, bytes]:
    """Return what goes with a connection's first message: the kernel vouches for it, so that no cookie is needed."""
    who = struct.pack("3i", os.getpid(), os.getuid(), os.getgid())
    return socket.SOL_SOCKET, socket.SCM_CREDENTIALS, who
