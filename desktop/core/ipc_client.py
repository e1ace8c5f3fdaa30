"""Send commands to the running app over its local socket, which `desktop.app.ipc` serves.

A module of its own with light imports: a key binding that runs `intone toggle` waits for it.
"""

from __future__ import annotations

import json
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from desktop.core.errors import UserError
from desktop.core.paths import Paths

type Reply = dict[str, Any]
"""`{"ok": true, ...}` or `{"ok": false, "error": sentence}`."""


def send_command(paths: Paths, command: str, timeout_s: float = 10.0) -> Reply | None:
    """Send one of `desktop.app.ipc.COMMANDS` to this home's app and return its reply, None where none runs. Blocks.

    Raises `UserError` when the app does not reply in time or belongs to another user.
    """
    with translate_os_errors(paths), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(timeout_s)
        try:
            client.connect(str(paths.socket))
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        if peer_uid(client) != os.getuid():
            raise PermissionError(f"{paths.socket} is answered by another user")
        client.sendall(json.dumps({"command": command}).encode() + b"\n")
        with client.makefile("rb") as answer:
            line = answer.readline()
        if not line.endswith(b"\n"):
            raise ConnectionResetError
    reply: Reply = json.loads(line)
    return reply


def peer_uid(connected: socket.socket) -> int:
    """Return the peer's uid from the kernel (`struct ucred`: pid, uid, gid)."""
    _pid, uid, _gid = struct.unpack("3i", connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return int(uid)


@contextmanager
def translate_os_errors(paths: Paths) -> Iterator[None]:
    """Translate errors of the operating system to `UserError`."""
    try:
        yield
    except TimeoutError as error:
        raise UserError("app-unresponsive") from error
    except ConnectionError as error:
        raise UserError("app-gone") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("runtime-folder-unusable", folder=str(paths.runtime), reason=reason) from error
