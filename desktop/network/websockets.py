"""WebSockets to services, with the `websockets` library.

Closing is done in the background, as a dictation must not wait for it: the closing handshake costs a round trip, and on
a dead connection its whole timeout, so `close_later` runs it in a task of its own.

- An open socket is pinged: a half-open one is detected after `PING_INTERVAL_S` and `PONG_TIMEOUT_S`, while the user may
  still be speaking and the audio can go to a new one. The system buffers little unsent data (`limit_unsent`): behind
  megabytes of a recording that is sent again a ping would be late, and the socket given up.
- The TLS context is not the HTTP client's own, though it trusts the same certificates: httpcore2 sets its context to
  offer HTTP/2, and a server that accepts that offer provides no WebSocket.
- No redirect is followed: the library would send the key along to any host (`DirectConnect`).
- The library's own log is held at warnings: at its lowest level it would show the frames, which are words and audio.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from contextlib import suppress
from typing import Any, Literal
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidProxy, ProxyError, WebSocketException

from desktop.core.errors import ServiceError
from desktop.network.endpoint import Service, is_loopback
from desktop.network.errors import is_temporary, service_error
from desktop.network.timing import limit_unsent
from models.proxy import NetworkConfigError, guard_client_creation, proxy_source, proxy_url, unusable_proxy_error

logger = logging.getLogger(__name__)

OPEN_TIMEOUT_S = 5.0
"""Seconds before the handshakes are given up: name, TCP, TLS and upgrade together."""

PING_INTERVAL_S, PONG_TIMEOUT_S = 4.0, 6.0
"""Interval of pings and timeout of their answers, in seconds: an uplink full of our own audio delays them."""

CLOSE_TIMEOUT_S = 1.0
"""Seconds for the other side to answer the closing handshake."""

MAX_MESSAGE_BYTES = 2**20
"""Largest message from a service in bytes; a transcript of an hour has 60 kB."""


class DirectConnect(connect):
    """The library's `connect` to exactly the given host: a redirect is a refusal, and this machine is reached without a
    proxy."""

    def __init__(self, url: str, **options: Any) -> None:
        super().__init__(url, proxy=_choose_proxy(url), **options)

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Refuse every redirect."""
        return exc


class WebSockets:
    """Opens and closes sockets; `ssl_context` is the HTTP client's, the other arguments are as `PING_INTERVAL_S` and
    `PONG_TIMEOUT_S`."""

    def __init__(
        self,
        ssl_context: ssl.SSLContext,
        ping_interval_s: float = PING_INTERVAL_S,
        pong_timeout_s: float = PONG_TIMEOUT_S,
    ) -> None:
        self._context = _copy_trust(ssl_context)
        self._certificate_error = _find_certificate_error()
        self._ping_interval_s, self._pong_timeout_s = ping_interval_s, pong_timeout_s
        self._closing: set[asyncio.Task[None]] = set()
        self._log = logging.getLogger(f"{__name__}.library")
        self._log.setLevel(logging.WARNING)

    async def open(self, service: Service, url: str) -> ClientConnection:
        """Return an open socket, for another machine through the environment's proxy, if any.

        Raises `ServiceError` where the key is missing, a proxy or certificates are unusable, or a proxy refuses for
        good, and otherwise what the library raises (`desktop.network.errors.service_errors`); a refusal before the
        upgrade is its `InvalidStatus`.
        """
        started_at = time.monotonic()
        headers = await service.auth_headers()
        if self._certificate_error is not None and url.startswith("wss:") and not service.is_local:
            raise _to_service_error(self._certificate_error)
        try:
            socket = await self._connect(url, headers)
        except NetworkConfigError as error:
            raise _to_service_error(error) from error
        except (InvalidProxy, ImportError) as error:
            raise _to_service_error(unusable_proxy_error(proxy_source(url))) from error
        except ProxyError as error:
            if is_temporary(error):
                raise
            raise service_error(service, error) from error
        limit_unsent(socket.transport.get_extra_info("socket"))
        logger.info("a socket to a service was opened in %.0f ms", 1000 * (time.monotonic() - started_at))
        return socket

    async def _connect(self, url: str, headers: dict[str, str]) -> ClientConnection:
        return await DirectConnect(
            url,
            additional_headers=headers,
            user_agent_header="Intone",
            ssl=self._context if url.startswith("wss:") else None,
            compression=None,  # audio does not compress, and the window for text takes a quarter of a megabyte
            open_timeout=OPEN_TIMEOUT_S,
            ping_interval=self._ping_interval_s,
            ping_timeout=self._pong_timeout_s,
            close_timeout=CLOSE_TIMEOUT_S,
            max_size=MAX_MESSAGE_BYTES,
            logger=self._log,
        )

    def close_later(self, socket: ClientConnection) -> None:
        """Close `socket` in the background; returns at once."""
        task = asyncio.get_running_loop().create_task(_close(socket))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def aclose(self) -> None:
        """Wait until every socket passed to `close_later` is closed, at most `2 * CLOSE_TIMEOUT_S`."""
        if self._closing:
            await asyncio.wait(self._closing)


def _find_certificate_error() -> NetworkConfigError | None:
    """Return the error in the certificates that the environment names, None where there is none."""
    try:
        with guard_client_creation():
            return None
    except NetworkConfigError as error:
        return error


def _to_service_error(error: NetworkConfigError) -> ServiceError:
    problem = ServiceError.from_coded(error)
    problem.status = 0
    return problem


async def _close(socket: ClientConnection) -> None:
    with suppress(WebSocketException, OSError, TimeoutError):
        async with asyncio.timeout(2 * CLOSE_TIMEOUT_S):  # its own timeout fails while the network accepts no data
            await socket.close()
    socket.transport.abort()


def _copy_trust(other: ssl.SSLContext) -> ssl.SSLContext:
    """Return a new context that trusts what the system and `other` trust, and offers HTTP/1.1 alone."""
    context = ssl.create_default_context()
    for certificate in other.get_ca_certs(binary_form=True):
        context.load_verify_locations(cadata=certificate)
    context.set_alpn_protocols(["http/1.1"])
    return context


def _choose_proxy(url: str) -> str | Literal[True] | None:
    """Return the proxy for `connect`: None for this machine; True for the one it finds itself, which is all but
    `ALL_PROXY`.

    Raises `NetworkConfigError` where it would find one with an invalid port.
    """
    parts, proxies = urlsplit(url), getproxies()
    if is_loopback(parts.hostname or ""):
        return None
    proxy_url(url)
    variables = ("wss", "socks", "https") if parts.scheme == "wss" else ("ws", "socks", "https", "http")
    if "all" not in proxies or not proxies.keys().isdisjoint(variables) or proxy_bypass(parts.netloc):
        return True
    return proxies["all"] if "://" in proxies["all"] else f"http://{proxies['all']}"
