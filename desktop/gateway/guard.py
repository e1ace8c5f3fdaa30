"""Refuse what may not ask, before anything of a request's body is read.

A port of this machine is open to all of its users, and to every page that a browser shows. So on Linux a client of
another user is refused, and one whose user the system does not name; then what a browser sends (`Origin`; a `Host` that
is no loopback address, as after DNS rebinding), then what has no key.
"""

from __future__ import annotations

import hmac
import os
import socket
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from anyio import to_thread

from desktop.gateway.refusal import RequestRefusedError

type Scope = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
type Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")

CONNECTION_TABLES = {socket.AF_INET: Path("/proc/net/tcp"), socket.AF_INET6: Path("/proc/net/tcp6")}
"""The kernel's connections: each end's with the uid of its process."""

_OWN_END, _OTHER_END, _UID = 1, 2, 7
"""Columns of the tables."""


class RequestGuard:
    """An ASGI application before another. `read_uid` returns the uid behind a connection, None where that is unknown;
    `refuse` answers a refusal."""

    def __init__(
        self,
        app: Callable[[Scope, Receive, Send], Awaitable[None]],
        key: str,
        refuse: Callable[[RequestRefusedError, Scope, Receive, Send], Awaitable[None]],
        read_uid: Callable[[tuple[str, int], tuple[str, int]], int | None] | None = None,
    ) -> None:
        self._app = app
        self._key = key.encode()
        self._refuse = refuse
        self._read_uid = read_uid or find_peer_uid

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a permitted request on."""
        if scope["type"] != "http":
            return
        try:
            await self._check_user(scope)
            self._check_headers(scope)
        except RequestRefusedError as refusal:
            await self._refuse(refusal, scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _check_user(self, scope: Scope) -> None:
        client, server = scope.get("client"), scope.get("server")
        if sys.platform != "linux" or client is None or server is None:
            return
        uid = await to_thread.run_sync(self._read_uid, tuple(client), tuple(server))
        if uid is None:
            raise RequestRefusedError(403, "unknown_user", "The system does not say whose this connection is.")
        if uid != os.getuid():
            raise RequestRefusedError(403, "other_user", "This endpoint serves another user of the machine.")

    def _check_headers(self, scope: Scope) -> None:
        names = [name.lower() for name, _ in scope["headers"]]
        headers = {name.lower(): value for name, value in scope["headers"]}
        if b"origin" in headers:
            raise RequestRefusedError(403, "browser", "Pages in a browser are not served.")
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"host"]
        if len(hosts) != 1 or not is_loopback_host(hosts[0]):
            raise RequestRefusedError(403, "foreign_host", "Only addresses of this machine are served: 127.0.0.1.")
        if names.count(b"authorization") != 1 or not self._is_key(headers[b"authorization"]):
            raise RequestRefusedError(
                401, "invalid_api_key", "The key is missing or wrong. `intone serve --show-key` prints it."
            )

    def _is_key(self, value: bytes) -> bool:
        scheme, _, given = value.partition(b" ")
        return scheme.lower() == b"bearer" and hmac.compare_digest(given.strip(), self._key)


def is_loopback_host(host: str) -> bool:
    """Return whether the `Host` of a request is a loopback address or `localhost`, with or without a port."""
    name, colon, port = host.lower().rpartition(":")
    if not colon or not port.isdecimal():
        name = host.lower()
    return name in LOOPBACK_HOSTS


def find_peer_uid(client: tuple[str, int], server: tuple[str, int]) -> int | None:
    """Return the uid of the process whose end of a connection is `client`; None where the kernel names none. Blocks.

    A client may have an IPv6 socket for an IPv4 address: its end is then in the other table, mapped.
    """
    if ":" in client[0]:
        return _look_up(socket.AF_INET6, client, server)
    uid = _look_up(socket.AF_INET, client, server)
    if uid is not None:
        return uid
    return _look_up(socket.AF_INET6, *((f"::ffff:{address}", port) for address, port in (client, server)))


def _look_up(family: socket.AddressFamily, client: tuple[str, int], server: tuple[str, int]) -> int | None:
    own, other = (encode_end(address, port, family) for address, port in (client, server))
    try:
        with CONNECTION_TABLES[family].open(encoding="ascii") as table:
            for line in table:
                columns = line.split()
                if len(columns) > _UID and (columns[_OWN_END], columns[_OTHER_END]) == (own, other):
                    return int(columns[_UID])
    except (OSError, ValueError):
        return None
    return None


def encode_end(address: str, port: int, family: socket.AddressFamily) -> str:
    """Return an end of a connection as the kernel's tables have it: words of 32 bits in this machine's order."""
    packed = socket.inet_pton(family, address)
    words = (int.from_bytes(packed[start : start + 4], sys.byteorder) for start in range(0, len(packed), 4))
    return f"{''.join(f'{word:08X}' for word in words)}:{port:04X}"
