"""Send commands to the running app over its local channel, which `desktop.app.ipc` serves.

The channel is a Unix socket, or on Windows a port of this machine (`docs/adr/0022`). A module of its own with light
imports: a key binding that runs `intone toggle` waits for it.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from desktop.core.errors import UserError
from desktop.core.paths import Paths

type Reply = dict[str, Any]
"""`{"ok": true, ...}` or `{"ok": false, "error": sentence}`."""

USES_LOOPBACK = sys.platform == "win32"
"""Whether the channel is a port of this machine: Python has no Unix sockets on Windows."""

LOOPBACK = "127.0.0.1"

SHOW_TIMEOUT_S = 5.0
"""Seconds that a second start waits for the first one's history."""

_FOLDER_CODE = "local-folder-unusable" if sys.platform == "win32" else "runtime-folder-unusable"


def send_command(
    paths: Paths, command: str, timeout_s: float = 10.0, *, uses_loopback: bool = USES_LOOPBACK
) -> Reply | None:
    """Send one of `desktop.app.ipc.COMMANDS` to this home's app and return its reply, None where none runs. Blocks.

    Raises `UserError` when the app does not reply in time or belongs to another user.
    """
    with translate_os_errors(paths):
        connected = (_connect_loopback if uses_loopback else _connect_socket)(paths, timeout_s)
        if connected is None:
            return None
        client, token = connected
        request, nonce = {"command": command}, os.urandom(16).hex()
        if token:
            request |= {"nonce": nonce, "proof": make_proof(token, "client", nonce)}
        with client, client.makefile("rb") as answer:
            client.sendall(json.dumps(request).encode() + b"\n")
            line = answer.readline()
        if not line.endswith(b"\n"):
            raise ConnectionResetError
        try:
            reply: Reply = json.loads(line)
            if token and reply.pop("proof") != make_proof(token, "app", nonce):
                raise ValueError("no proof")
        except (ValueError, LookupError, AttributeError, TypeError) as error:
            raise ConnectionResetError from error  # another program at the port of an app that was killed
    return reply


def show_running_app(paths: Paths, *, uses_loopback: bool = USES_LOOPBACK) -> bool:
    """Have this home's app open its history; return whether it did. Blocks. Never raises."""
    try:
        reply = send_command(paths, "show", SHOW_TIMEOUT_S, uses_loopback=uses_loopback)
    except UserError:
        return False
    return reply is not None and reply.get("ok") is True


def make_proof(token: str, sender: Literal["client", "app"], nonce: str) -> str:
    """Return what proves that the sender knows the token, which itself is never sent. `nonce` is the client's, for this
    request alone."""
    import hmac  # where the channel is a port

    message = f"{sender} {nonce}".encode(errors="surrogatepass")
    return hmac.new(token.encode(), message, "sha256").hexdigest()


def peer_uid(connected: socket.socket) -> int:
    """Return the peer's uid from the kernel (`struct ucred`: pid, uid, gid)."""
    _pid, uid, _gid = struct.unpack("3i", connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return int(uid)


def _connect_socket(paths: Paths, timeout_s: float) -> tuple[socket.socket, str] | None:
    """Connect to the app's socket, whose owner the kernel names, so that no token is needed; None where no app runs."""
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        client.settimeout(timeout_s)
        client.connect(str(paths.socket))
        if peer_uid(client) != os.getuid():
            raise PermissionError(f"{paths.socket} is answered by another user")
    except BaseException as error:
        client.close()
        if isinstance(error, FileNotFoundError | ConnectionRefusedError):
            return None
        raise
    return client, ""


def _connect_loopback(paths: Paths, timeout_s: float) -> tuple[socket.socket, str] | None:
    """Connect to the port in the app's file, and return also the token that both sides know; None where no app
    runs."""
    try:
        endpoint = json.loads(paths.endpoint.read_bytes())
        port, token = int(endpoint["port"]), str(endpoint["token"])
        if not 0 < port < 1 << 16 or not token:
            raise ValueError(port)
        return socket.create_connection((LOOPBACK, port), timeout_s), token
    except (FileNotFoundError, ConnectionRefusedError):
        return None
    except (ValueError, LookupError, TypeError) as error:
        raise OSError(errno.EINVAL, f"{paths.endpoint.name} is damaged") from error


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
        raise UserError(_FOLDER_CODE, folder=str(paths.runtime), reason=reason) from error
