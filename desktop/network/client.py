"""The app's one HTTP client: pooled, HTTP/2, kept alive past the pauses between dictations, bound to the engine's loop.

- A connection is kept for `KEEPALIVE_S`: longer than users pause between two dictations, shorter than the 400 s after
  which the hosts' front doors close it. With httpx's own 5 s nearly every dictation would pay for DNS, TCP and TLS.
- `warm` is called at key press: it makes a small request, so that the handshakes are over before there is anything to
  send, and so that a connection that died meanwhile is detected: httpcore2 notices that the server has closed an idle
  HTTP/1.1 connection, but not an HTTP/2 one, and a router that has dropped one cannot be noticed.
- Retries are ours: an exchange that fails on a reused connection is made once more, on a new one. Where `warm` detects
  a dead connection, that is at once, and not when the user has given up. A server that has received a body and has not
  answered yet is not dead but at work: small ones do one thing at a time.
- Each host has connections of its own, so that those of one are dropped without the other's; those to this machine are
  made without a proxy, whatever the environment says: a proxy would resolve the address to its own machine, and receive
  what was never meant to leave this one.
- An HTTP/2 request that is cancelled stays open at the server (`HostConnections`). Connections with many of those are
  retired at the next key press: exchanges on them continue, new ones use new connections, and the handshake is over
  before there is anything to send. Those of a server that allows fewer are retired when it accepts no more.
- A network that accepts no data is given up sooner on a reused connection (`network.timing`): it may be half-open.
- A body is given by a function that starts it anew, so that recorded audio can be sent again.
- An answer is read up to a size: a server that sends without end costs neither memory nor the dictation.

The caller sets the timeout (a cancel scope): only it knows when the user released the key.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

import anyio
import httpx2

from desktop.core.errors import ServiceProblem
from desktop.network.endpoint import Service
from desktop.network.errors import problems, refused, senseless
from desktop.network.host import Host, unless
from desktop.network.timing import CONNECT_S, Phases, Watch
from desktop.network.uplink import Uplinks

logger = logging.getLogger(__name__)

FRESH_S = 30.0
"""Seconds after its use during which a connection is trusted without a request."""

PING_S = 1.0
"""Seconds before a warm connection that does not answer is given up."""

FEW, MOST = 16, 64
"""Limits of cancelled exchanges that are still open at the server, after which new connections are used: at `warm`, and
at any exchange without a `warm` in between. Most servers allow 100 or more; connections of one that allows fewer are
retired once the library refuses to open another request (`_run_exchange`)."""

LARGEST = 16 * 2**20
"""Largest answer in bytes: an hour of words, each with its times, has about 4 MB."""

type Body = Callable[[], AsyncIterable[bytes]]
"""Returns the same bytes from the beginning, at each call."""

type Attempt[T] = Callable[[Host, Watch], Awaitable[T]]
"""Makes an exchange with a host."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The complete answer of a service. `headers` has lower-case names."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    phases: Phases


class Client:
    """The HTTP client; see the module.

    `http` is the version offered first, "2" or "1.1"; `ssl_context` decides which certificates are trusted, by default
    the system's, or those in `SSL_CERT_FILE`; `on_exchange` is called with every exchange as it begins. `uplinks` holds
    the measured upload speeds.
    """

    def __init__(
        self,
        http: str = "2",
        context: ssl.SSLContext | None = None,
        watched: Callable[[Watch], None] = lambda watch: None,
    ) -> None:
        self.context = context or ssl.create_default_context()
        self.uplinks = Uplinks()
        self._http = http
        self._watched = watched
        self._hosts: dict[str, Host] = {}
        self._retired: list[Host] = []

    async def aclose(self) -> None:
        """Close every connection. Later requests open new ones."""
        for host in self._let_go():
            await host.aclose()

    async def renew(self, http: str) -> None:
        """Replace every connection and offer `http` on the new ones; running requests are made again.

        For a machine that has slept, or has changed its network.
        """
        hosts = self._let_go()
        self._http, self.uplinks = http, Uplinks()
        for host in hosts:
            host.over.set()
        for host in hosts:
            await host.aclose()

    async def warm(self, service: Service, path: str = "/models") -> Answer | None:
        """Ensure a working connection to `service` by requesting `path`; return its answer.

        None where a connection was used just now, where the service is at work on an earlier request, or where it
        leaves `path` unanswered. Raises `ServiceError` where there is no connection, or `path` is refused; so a key
        that is not accepted shows long before there are words.
        """
        host = await self._usable(service, FEW)
        before, kept = host.asked, host.used_at is not None
        if host.at_work(before) or (host.used_at is not None and time.monotonic() - host.used_at < FRESH_S):
            return None
        with anyio.move_on_after(PING_S if kept else CONNECT_S) as scope:
            return await self.ask(service, "GET", path)
        if scope.cancelled_caught and kept and not host.at_work(before):
            logger.info("the connection to a service does not answer any more and is made anew")
            await self._give_up(service, host)
            with anyio.move_on_after(PING_S + CONNECT_S):  # a dead network fails sooner, in the handshake
                return await self.ask(service, "GET", path)
        return None

    async def ask(
        self,
        service: Service,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: Body | bytes | None = None,
        anyhow: bool = False,
    ) -> Answer:
        """Return the answer to a request.

        Raises `ServiceError`, also for an error status, unless `allow_error_status`.
        """
        send = await self._request(service, method, path, headers, body)

        async def whole(host: Host, watch: Watch) -> Answer:
            response = await send(host, watch)
            try:
                content = await whole_body(response, service)
            finally:
                await response.aclose()
            return Answer(response.status_code, response.headers, content, watch.phases(response.http_version))

        try:
            with problems(service):
                answer = await self._exchange(service, whole, body is not None)
        finally:
            await self._close_idle()
        if not (anyhow or 200 <= answer.status < 300):
            raise refused(service, answer.status, answer.headers, answer.content)
        return answer

    @asynccontextmanager
    async def streamed(
        self,
        service: Service,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: Body | bytes | None = None,
    ) -> AsyncIterator[httpx2.Response]:
        """Yield the response before its body is read.

        Reading it raises httpx2's exceptions: do it in `service_errors`.
        """
        send = await self._request(service, method, path, headers, body)
        try:
            with problems(service):
                response = await self._exchange(service, send, body is not None)
            try:
                if not response.is_success:
                    with problems(service):
                        told = await whole_body(response, service)
                    raise refused(service, response.status_code, response.headers, told)
                yield response
            finally:
                await response.aclose()
        finally:
            await self._close_idle()

    async def _request(
        self, service: Service, method: str, path: str, headers: Mapping[str, str] | None, body: Body | bytes | None
    ) -> Attempt[httpx2.Response]:
        """Return a function that sends a request at each call. Raises `ServiceError` where its key is missing."""
        known = {**await service.headers(), **(headers or {})}

        async def send(host: Host, watch: Watch) -> httpx2.Response:
            content, pool = body() if callable(body) else body, host.pool
            extensions = {"trace": watch.trace, "timeout": watch.timeout}
            request = pool.build_request(
                method, f"{service.url}{path}", headers=known, content=content, extensions=extensions
            )
            return await pool.send(request, stream=True)

        return send

    async def _exchange[T](self, service: Service, attempt: Attempt[T], heavy: bool) -> T:
        """Make an exchange, and once more on a new connection where a reused one is dead or accepts no more requests.

        In the latter case exchanges on it continue. `has_body`: the request costs the service work.
        """
        host, watch = await self._usable(service, MOST), self._watch()
        full = False
        try:
            with host.working(watch, heavy):
                done = await unless(host.over, partial(attempt, host, watch))
            if done is not None:
                host.used_at = time.monotonic()
                return done
        except httpx2.TransportError as error:
            if not watch.reuses:
                raise
            full = isinstance(error, httpx2.LocalProtocolError)
            if full:
                logger.info("a kept connection does not take a request; once more on a new one")
                self._retire(service, host)
            else:
                logger.info("a kept connection broke (%s); once more on a new one", type(error).__name__)
                await self._give_up(service, host)
        if full and heavy and watch.http2:
            await self._settle(service)
        host, watch = self._host(service), self._watch(again=True)
        with host.working(watch, heavy):
            done = await attempt(host, watch)
        host.used_at = time.monotonic()
        return done

    async def _settle(self, service: Service) -> None:
        """Ensure an HTTP/2 connection to `service` whose settings are known, where it answers something small.

        Until the library has read the settings it makes one request at a time, and while a body is being spoken it
        reads nothing.
        """
        with anyio.move_on_after(CONNECT_S), suppress(ServiceProblem):
            await self.ask(service, "GET", "/models", anyhow=True)

    def _watch(self, again: bool = False) -> Watch:
        watch = Watch(again)
        self._watched(watch)
        return watch

    def _host(self, service: Service) -> Host:
        """Return the current connections to the host of `service`."""
        if service.host not in self._hosts:
            self._hosts[service.host] = Host(self._http, self.context, service)
        return self._hosts[service.host]

    async def _usable(self, service: Service, most: int) -> Host:
        """Return the host of `service`, with new connections where `max_abandoned` cancelled exchanges are open on the
        current."""
        host = self._host(service)
        if host.abandoned(time.monotonic()) >= most:
            logger.info("connections to a service with many cancelled requests are followed by new ones")
            self._retire(service, host)
        await self._close_idle()
        return self._host(service)

    def _retire(self, service: Service, host: Host) -> None:
        """Use new connections to `service`, if those of `host` are the current ones; exchanges on the old ones
        continue."""
        if self._hosts.get(service.host) is host:
            del self._hosts[service.host]
            self._retired.append(host)

    async def _close_idle(self) -> None:
        """Close retired connections without running exchanges, also where the task is cancelled."""
        idle = [host for host in self._retired if host.idle]
        self._retired = [host for host in self._retired if host not in idle]  # before any await: calls may overlap
        with anyio.CancelScope(shield=True):
            for host in idle:
                await host.aclose()

    def _let_go(self) -> list[Host]:
        """Return every host, and forget them."""
        hosts = [*self._hosts.values(), *self._retired]
        self._hosts, self._retired = {}, []
        return hosts

    async def _give_up(self, service: Service, host: Host) -> None:
        """Replace the connections to `service`, if those of `host` are the current ones; requests on the old ones are
        made again."""
        if self._hosts.get(service.host) is host:
            del self._hosts[service.host]
            host.over.set()
            await host.aclose()


async def whole_body(response: httpx2.Response, service: Service, most: int = LARGEST) -> bytes:
    """Return the whole body of an answer.

    Raises `ServiceError` above `max_bytes`, else httpx2's exceptions: call it in `service_errors`.
    """
    body = bytearray()
    async for some in response.aiter_bytes():
        body += some
        if len(body) > most:
            raise senseless(service)
    return bytes(body)


def bounded(response: httpx2.Response, service: Service, most: int = LARGEST) -> httpx2.Response:
    """Return the same response with a body that raises `ServiceError` after `max_bytes`, for reading it as a stream."""
    headers = {"Content-Type": response.headers.get("content-type", "")}
    stream = _Bounded(response, service, most)
    return httpx2.Response(response.status_code, headers=headers, stream=stream, request=response.request)


class _Bounded(httpx2.AsyncByteStream):
    """The unpacked body of `response`. The caller that opened the response closes it."""

    def __init__(self, response: httpx2.Response, service: Service, most: int) -> None:
        self._response = response
        self._service = service
        self._most = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for some in self._response.aiter_bytes():
            size += len(some)
            if size > self._most:
                raise senseless(self._service)
            yield some
