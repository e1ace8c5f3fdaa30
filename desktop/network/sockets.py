"""WebSockets to services, with the `websockets` library.

What a dictation must not wait for is done here behind its back: the closing handshake costs a round trip, and on a dead
connection its whole patience, so `leave` sees to it in a task of its own.

- A socket that is used is pinged: a half-open one is known to be dead after `PING_S` and `PONG_S`, while the person
  may still be speaking and the audio can go to a new one. The system holds little unsent (`limit_unsent`): behind
  megabytes of a recording that is sent again a ping would be late, and the socket given up.
- The TLS context is not the HTTP client's own, whom to trust is: httpcore2 writes into the context it is given that
  HTTP/2 is offered, and a server that takes that offer speaks no WebSocket.
- No redirect is followed: the library would send the key along, to whatever host it is told (`Straight`).
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

from desktop.network.faults import explained, passing
from desktop.network.service import Service, loopback
from desktop.network.uplink import limit_unsent
from desktop.problems import ServiceProblem
from models.way import NoWayError, passable, proxied, proxy_to, unusable_proxy

logger = logging.getLogger(__name__)

OPEN_S = 5.0
"""When the handshakes are given up: name, TCP, TLS and upgrade together."""

PING_S, PONG_S = 4.0, 6.0
"""How often a socket is pinged, and how long it may take to answer: an uplink full of our own audio delays it."""

CLOSE_S = 1.0
"""How long the other side may take to say goodbye."""

LARGEST = 2**20
"""Bytes of one message from a service; a transcript of an hour has 60 kB."""


class Straight(connect):
    """The library's `connect`, to whoever was named and to nobody else: a redirect is a refusal as any other, and what
    is on this machine is asked without a proxy."""

    def __init__(self, url: str, **options: Any) -> None:
        super().__init__(url, proxy=_proxy(url), **options)

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Never another address."""
        return exc


class Sockets:
    """Opens sockets and closes them; `trusted` is the HTTP client's context, the rest as `PING_S` and `PONG_S`."""

    def __init__(self, trusted: ssl.SSLContext, ping_s: float = PING_S, pong_s: float = PONG_S) -> None:
        self._context = _trusting_like(trusted)
        self._no_way = _no_way()
        self._ping_s, self._pong_s = ping_s, pong_s
        self._leaving: set[asyncio.Task[None]] = set()
        self._log = logging.getLogger(f"{__name__}.library")
        self._log.setLevel(logging.WARNING)

    async def open(self, service: Service, url: str) -> ClientConnection:
        """A socket that is ready, through the proxy that the environment names for another machine, if any.

        Raises `ServiceProblem` where there is no key, or a proxy or certificates that cannot be used, or a proxy that
        will not let us through the next time either, and what the library raises otherwise (`faults.problems`); a
        refusal before the upgrade is its `InvalidStatus`.
        """
        began = time.monotonic()
        headers = await service.headers()
        if self._no_way is not None and url.startswith("wss:") and not service.here:
            raise _told(self._no_way)
        try:
            socket = await self._connected(url, headers)
        except NoWayError as why:
            raise _told(why) from why
        except (InvalidProxy, ImportError) as error:
            raise _told(unusable_proxy(proxy_to(url))) from error
        except ProxyError as error:
            if passing(error):
                raise
            raise explained(service, error) from error
        limit_unsent(socket.transport.get_extra_info("socket"))
        logger.info("a socket to a service was opened in %.0f ms", 1000 * (time.monotonic() - began))
        return socket

    async def _connected(self, url: str, headers: dict[str, str]) -> ClientConnection:
        return await Straight(
            url,
            additional_headers=headers,
            user_agent_header="Intone",
            ssl=self._context if url.startswith("wss:") else None,
            compression=None,  # sound does not shrink, and a window to shrink words in costs a quarter of a megabyte
            open_timeout=OPEN_S,
            ping_interval=self._ping_s,
            ping_timeout=self._pong_s,
            close_timeout=CLOSE_S,
            max_size=LARGEST,
            logger=self._log,
        )

    def leave(self, socket: ClientConnection) -> None:
        """Close `socket`; returns at once."""
        task = asyncio.get_running_loop().create_task(_close(socket))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def aclose(self) -> None:
        """Return when every socket is closed that was left; at most `CLOSE_S` and a little."""
        if self._leaving:
            await asyncio.wait(self._leaving)


def _no_way() -> NoWayError | None:
    """What is wrong with the certificates that the environment names."""
    try:
        with passable():
            return None
    except NoWayError as why:
        return why


def _told(why: NoWayError) -> ServiceProblem:
    problem = ServiceProblem(why.title, why.remedy)
    problem.status = 0
    return problem


async def _close(socket: ClientConnection) -> None:
    with suppress(WebSocketException, OSError, TimeoutError):
        async with asyncio.timeout(2 * CLOSE_S):  # its own limit does not hold while the network takes nothing
            await socket.close()
    socket.transport.abort()


def _trusting_like(other: ssl.SSLContext) -> ssl.SSLContext:
    """A context of our own that trusts whom the system and `other` trust, and offers HTTP/1.1 alone."""
    context = ssl.create_default_context()
    for certificate in other.get_ca_certs(binary_form=True):
        context.load_verify_locations(cadata=certificate)
    context.set_alpn_protocols(["http/1.1"])
    return context


def _proxy(url: str) -> str | Literal[True] | None:
    """Which proxy `connect` is to take: none to this machine; True for what it finds by
    itself, which is all but `ALL_PROXY`. Raises `NoWayError` where it would find one whose port is none."""
    parts, found = urlsplit(url), getproxies()
    if loopback(parts.hostname or ""):
        return None
    proxied(url)
    known = ("wss", "socks", "https") if parts.scheme == "wss" else ("ws", "socks", "https", "http")
    if "all" not in found or not found.keys().isdisjoint(known) or proxy_bypass(parts.netloc):
        return True
    return found["all"] if "://" in found["all"] else f"http://{found['all']}"
