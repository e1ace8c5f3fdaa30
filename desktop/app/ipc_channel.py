"""The channel of the running app's commands: a Unix socket, or on Windows a port of this machine with a token.

Three things restrict the socket to its user: its folder, its mode (set before it has a name, so that it is never open
to others) and the peer's uid. A port is open to all users of the machine; what restricts it is a token of 256 bits in
a file that the user alone can read: each request proves that its client knows it, and each reply that this is the app,
since another program may have the port of one that was killed (`docs/adr/0022`).
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import math
import os
import secrets
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol

from anyio import to_thread

from desktop.core.files import write_file
from desktop.core.ipc_client import LOOPBACK, make_proof, peer_uid
from desktop.core.paths import Paths

logger = logging.getLogger(__name__)


LOG_INTERVAL_S = 60.0
"""Seconds between two lines of the log about what any program of the machine may cause as often as it likes."""


class LogInterval:
    """Limits such lines, so that they do not rotate the others out of the log."""

    def __init__(self) -> None:
        self._last_s = -math.inf

    def may_log(self) -> bool:
        """Return whether a line may be logged now, and count it."""
        now = time.monotonic()
        if now - self._last_s < LOG_INTERVAL_S:
            return False
        self._last_s = now
        return True


class CommandChannel(Protocol):
    """Where clients of this home's app connect. Use it with the lock held."""

    line_timeout_s: float
    """Seconds at most for a client to send its line."""

    is_optional: bool
    """Whether the app goes on without it where it cannot be created."""

    async def bind(self) -> socket.socket:
        """Return a listening socket that clients find, in place of one that a dead app left. Raises `OSError`."""
        ...

    def admits(self, client: socket.socket) -> bool:
        """Return whether a client may ask anything. Logs a refusal."""
        ...

    def permits(self, request: Mapping[str, Any]) -> bool:
        """Return whether a client may ask this. Logs a refusal."""
        ...

    def sign(self, request: Mapping[str, Any]) -> dict[str, str]:
        """Return what the reply to a permitted request has besides: that it is this app's."""
        ...

    def remove(self) -> None:
        """Remove what clients find."""
        ...


class SocketChannel:
    """A Unix socket."""

    line_timeout_s = math.inf
    is_optional = False

    def __init__(self, paths: Paths) -> None:
        self._path = paths.socket

    async def bind(self) -> socket.socket:
        """See `CommandChannel`. The socket has mode 0600 from the moment its name exists: Linux takes it from the
        descriptor."""
        self._path.unlink(missing_ok=True)
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            os.fchmod(server.fileno(), 0o600)
            server.bind(str(self._path))
            server.listen()
        except BaseException:
            server.close()
            raise
        return server

    def admits(self, client: socket.socket) -> bool:
        """See `CommandChannel`."""
        if (uid := peer_uid(client)) != os.getuid():
            logger.warning("refused a client of uid %d", uid)
            return False
        return True

    def permits(self, request: Mapping[str, Any]) -> bool:
        """See `CommandChannel`."""
        return True

    def sign(self, request: Mapping[str, Any]) -> dict[str, str]:
        """See `CommandChannel`. The kernel tells the client who owns the socket."""
        return {}

    def remove(self) -> None:
        """See `CommandChannel`."""
        self._path.unlink(missing_ok=True)


class LoopbackChannel:
    """A port of 127.0.0.1 that the system chooses, and a file with the port and a new token."""

    line_timeout_s = 1.0  # programs of any user connect, and ours sends its line at once
    is_optional = True  # it needs a file on a disk that may be full

    def __init__(self, paths: Paths) -> None:
        self._file = paths.endpoint
        self._token = secrets.token_hex(32)
        self._refusals = LogInterval()

    async def bind(self) -> socket.socket:
        """See `CommandChannel`. In a thread: a scanner may hold the file for seconds."""
        asyncio.get_running_loop().set_exception_handler(log_loop_fault)
        return await to_thread.run_sync(self._bind)

    def _bind(self) -> socket.socket:
        server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            if (exclusive := getattr(socket, "SO_EXCLUSIVEADDRUSE", None)) is not None:
                server.setsockopt(socket.SOL_SOCKET, exclusive, 1)  # else others may bind the port too on Windows
            server.bind((LOOPBACK, 0))
            server.listen()
            endpoint = {"port": server.getsockname()[1], "token": self._token}
            write_file(self._file, json.dumps(endpoint))
        except BaseException:
            server.close()
            raise
        return server

    def admits(self, client: socket.socket) -> bool:
        """See `CommandChannel`."""
        return True

    def permits(self, request: Mapping[str, Any]) -> bool:
        """See `CommandChannel`."""
        nonce, proof = request.get("nonce"), request.get("proof")
        given = proof.encode(errors="surrogatepass") if isinstance(proof, str) else b""
        if not isinstance(nonce, str) or not hmac.compare_digest(
            given, make_proof(self._token, "client", nonce).encode()
        ):
            if self._refusals.may_log():
                logger.warning("refused a client without this app's token")
            return False
        return True

    def sign(self, request: Mapping[str, Any]) -> dict[str, str]:
        """See `CommandChannel`."""
        return {"proof": make_proof(self._token, "app", request["nonce"])}

    def remove(self) -> None:
        """See `CommandChannel`. The file stays while a client reads it; without an app it means nothing."""
        with suppress(PermissionError):
            self._file.unlink(missing_ok=True)


def log_loop_fault(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log a fault of the loop, except that of a connection that its client reset before it was accepted: on Windows the
    loop reports each one, besides raising it."""
    task = context.get("future")
    if not (isinstance(task, asyncio.Task) and "accept_coro" in repr(task.get_coro())):
        loop.default_exception_handler(context)


def make_channel(paths: Paths, *, uses_loopback: bool) -> CommandChannel:
    """Return the channel of this home's app."""
    return LoopbackChannel(paths) if uses_loopback else SocketChannel(paths)
