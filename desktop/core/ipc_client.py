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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from time import monotonic, sleep
from typing import Any, Literal, NamedTuple

from desktop.core.errors import UserError
from desktop.core.paths import Paths

type Reply = dict[str, Any]
"""`{"ok": true, ...}` or `{"ok": false, "error": sentence}`."""

USES_LOOPBACK = sys.platform == "win32"
"""Whether the channel is a port of this machine: Python has no Unix sockets on Windows."""

LOOPBACK = "127.0.0.1"

MAX_REPLY_BYTES = 1 << 20
"""The longest reply that is taken; the app's have some hundred bytes."""

SHOW_TIMEOUT_S = 5.0
"""Seconds that a second start waits for the first one's history."""

CONNECT_RETRY_S = 0.01
"""Seconds between two tries to connect to a socket at which too many clients wait."""

_FOLDER_CODE = "local-folder-unusable" if sys.platform == "win32" else "runtime-folder-unusable"


def send_command(
    paths: Paths, command: str, timeout_s: float = 10.0, *, uses_loopback: bool = USES_LOOPBACK
) -> Reply | None:
    """Send one of `desktop.app.ipc.COMMANDS` to this home's app and return its reply, None where none runs. Blocks.

    Raises `UserError` when the app does not reply in time, all of it, or belongs to another user.
    """
    opened = open_connection(paths, {"command": command}, timeout_s, uses_loopback=uses_loopback)
    if opened is None:
        return None
    opened.client.close()
    return opened.reply


class Connection(NamedTuple):
    """A connection on which the app has replied; `rest` is what came behind its reply."""

    client: socket.socket
    reply: Reply
    rest: bytes


def open_connection(
    paths: Paths, request: Mapping[str, Any], timeout_s: float = 10.0, *, uses_loopback: bool = USES_LOOPBACK
) -> Connection | None:
    """Send `request` to this home's app and return the connection with its reply, None where none runs. Blocks.

    Raises as `send_command`.
    """
    deadline = monotonic() + timeout_s
    with translate_os_errors(paths):
        connected = (_connect_loopback if uses_loopback else _connect_socket)(paths, timeout_s)
        if connected is None:
            return None
        client, token = connected
        sent, nonce = dict(request), os.urandom(16).hex()
        if token:
            sent |= {"nonce": nonce, "proof": make_proof(token, "client", nonce)}
        try:
            client.sendall(json.dumps(sent, ensure_ascii=False).encode() + b"\n")
            line, _, rest = _receive_line(client, deadline).partition(b"\n")
            try:
                reply: Reply = json.loads(line)
                if token and reply.pop("proof") != make_proof(token, "app", nonce):
                    raise ValueError("no proof")
            except (ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
                raise ConnectionResetError from error  # another program at the port of an app that was killed
        except BaseException:
            client.close()
            raise
    return Connection(client, reply, rest)


def show_running_app(paths: Paths, *, uses_loopback: bool = USES_LOOPBACK) -> bool:
    """Have this home's app open its history; return whether it did. Blocks. Never raises.

    A port is asked only if an app runs: another program may have it since, and Windows takes 2 s to refuse one that is
    closed.
    """
    if uses_loopback and not _is_locked(paths):
        return False
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


def _receive_line(client: socket.socket, deadline: float) -> bytes:
    """Return the line that is received until `deadline`, however it is cut; the connection's other end may be any
    program's. Raises `OSError`."""
    line = b""
    while b"\n" not in line:
        if len(line) > MAX_REPLY_BYTES:
            raise ConnectionResetError
        if (left_s := deadline - monotonic()) <= 0:
            raise TimeoutError
        client.settimeout(left_s)
        if not (received := client.recv(MAX_REPLY_BYTES)):
            raise ConnectionResetError
        line += received
    return line


def _is_locked(paths: Paths) -> bool:
    """Return whether an app holds the lock of this home; a start that asks for it at this moment tries again."""
    from desktop.core.locks import open_lock_file, try_lock  # where the channel is a port

    with suppress(OSError):  # the start itself reports it
        descriptor = open_lock_file(paths.lock)
        try:
            return not try_lock(descriptor)
        finally:
            os.close(descriptor)
    return False


def _connect_socket(paths: Paths, timeout_s: float) -> tuple[socket.socket, str] | None:
    """Connect to the app's socket, whose owner the kernel names, so that no token is needed; None where no app runs."""
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        client.settimeout(timeout_s)
        _connect_in_time(client, str(paths.socket), monotonic() + timeout_s)
        if peer_uid(client) != os.getuid():
            raise PermissionError(f"{paths.socket} is answered by another user")
    except BaseException as error:
        client.close()
        if isinstance(error, FileNotFoundError | ConnectionRefusedError):
            return None
        raise
    return client, ""


def _connect_in_time(client: socket.socket, address: str, deadline: float) -> None:
    """Connect to a Unix socket; where as many clients wait as the system lets, wait for a place. Raises `OSError`."""
    while True:
        try:
            client.connect(address)
        except BlockingIOError as error:
            if monotonic() >= deadline:
                raise TimeoutError from error
            sleep(CONNECT_RETRY_S)
        else:
            return


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
