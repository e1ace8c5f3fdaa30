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
- An HTTP/2 request that is cancelled stays open for the library (`HostConnections`). Connections with many of those are
  retired at the next key press: exchanges on them continue, new ones use new connections, and the handshake is over
  before there is anything to send. Those of a server that allows fewer are retired when it accepts no more. So are
  those on which an upload was refused before its end (`desktop.network.early_answers`).
- A network that accepts no data is given up sooner on a reused connection (`desktop.network.timing`): it may be
  half-open.
- A body is given by a function that starts it anew, so that recorded audio can be sent again.
- An answer is read up to a size: a server that sends without end fills no memory and stops no dictation.

The caller sets the timeout (a cancel scope): only it knows when the user released the key.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

import anyio
import httpx2

from desktop.core.errors import ServiceError
from desktop.network.connections import HostConnections, run_unless
from desktop.network.early_answers import send_watched, watch_answers
from desktop.network.endpoint import Service
from desktop.network.errors import invalid_answer_error, refusal_error, service_errors
from desktop.network.timing import CONNECT_TIMEOUT_S, ExchangeTiming, ExchangeWatch, UplinkSpeeds

logger = logging.getLogger(__name__)

FRESH_CONNECTION_S = 30.0
"""Seconds after its use during which a connection is trusted without a request."""

PING_TIMEOUT_S = 1.0
"""Seconds before a warm connection that does not answer is given up."""

MAX_ABANDONED_AT_WARM, MAX_ABANDONED = 16, 64
"""Limits of cancelled exchanges that are still open at the server, after which new connections are used: at `warm`, and
at any exchange without a `warm` in between. Most servers allow 100 or more; connections of one that allows fewer are
retired once the library refuses to open another request (`_run_exchange`)."""

MAX_ANSWER_BYTES = 16 * 2**20
"""Largest answer in bytes: an hour of words, each with its times, has about 4 MB."""

type RequestBody = Callable[[], AsyncIterable[bytes]]
"""Returns the same bytes from the beginning, at each call."""

type ExchangeAttempt[T] = Callable[[HostConnections, ExchangeWatch], Awaitable[T]]
"""Makes an exchange with a host."""


@dataclass(frozen=True, slots=True)
class ServiceAnswer:
    """The complete answer of a service. `headers` has lower-case names."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    timing: ExchangeTiming


class ServiceClient:
    """The HTTP client; see the module.

    `http` is the version offered first, "2" or "1.1"; `ssl_context` decides which certificates are trusted, by default
    the system's, or those in `SSL_CERT_FILE`; `on_exchange` is called with every exchange as it begins. `uplinks` holds
    the measured upload speeds.
    """

    def __init__(
        self,
        http: str = "2",
        ssl_context: ssl.SSLContext | None = None,
        on_exchange: Callable[[ExchangeWatch], None] = lambda watch: None,
    ) -> None:
        self.ssl_context = ssl_context or ssl.create_default_context()
        self.uplinks = UplinkSpeeds()
        self._http = http
        self._on_exchange = on_exchange
        self._hosts: dict[str, HostConnections] = {}
        self._retired: list[HostConnections] = []

    async def aclose(self) -> None:
        """Close every connection. Later requests open new ones."""
        for host in self._forget_hosts():
            await host.aclose()

    async def reconnect(self, http: str) -> None:
        """Replace every connection and offer `http` on the new ones; running requests are made again.

        For a machine that has slept, or has changed its network.
        """
        hosts = self._forget_hosts()
        self._http, self.uplinks = http, UplinkSpeeds()
        for host in hosts:
            host.given_up.set()
        for host in hosts:
            await host.aclose()

    async def warm(self, service: Service, path: str = "/models") -> ServiceAnswer | None:
        """Ensure a working connection to `service` by requesting `path`; see `ensure_connection`."""
        return await self.ensure_connection(service, partial(self.request, service, "GET", path))

    async def ensure_connection[T](self, service: Service, ask: Callable[[], Awaitable[T]]) -> T | None:
        """Ensure a working connection to `service` by a small request, which `ask` makes; return its answer.

        None where a connection was used just now, where the service is at work on an earlier request, or where it
        leaves the request unanswered. Raises `ServiceError` where there is no connection, or the request is refused; so
        a key that is not accepted shows long before there are words.
        """
        host = await self._find_usable_host(service, MAX_ABANDONED_AT_WARM)
        pending, is_reused = host.pending, host.used_at is not None
        if host.is_at_work(pending) or (
            host.used_at is not None and time.monotonic() - host.used_at < FRESH_CONNECTION_S
        ):
            return None
        with anyio.move_on_after(PING_TIMEOUT_S if is_reused else CONNECT_TIMEOUT_S) as scope:
            return await ask()
        if scope.cancelled_caught and is_reused and not host.is_at_work(pending):
            logger.info("the connection to a service does not answer any more and is made anew")
            await self._drop_host(service, host)
            with anyio.move_on_after(
                PING_TIMEOUT_S + CONNECT_TIMEOUT_S
            ):  # a dead network fails sooner, in the handshake
                return await ask()
        return None

    async def request(
        self,
        service: Service,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: RequestBody | bytes | None = None,
        allow_error_status: bool = False,
    ) -> ServiceAnswer:
        """Return the answer to a request.

        Raises `ServiceError`, also for an error status, unless `allow_error_status`.
        """
        send = await self._prepare_request(service, method, path, headers, body)

        async def attempt(host: HostConnections, watch: ExchangeWatch) -> ServiceAnswer:
            response = await send(host, watch)
            try:
                content = await read_body(response, service)
            finally:
                await response.aclose()
            return ServiceAnswer(response.status_code, response.headers, content, watch.timing(response.http_version))

        try:
            with service_errors(service):
                answer = await self._run_exchange(service, attempt, body is not None)
        finally:
            await self._close_idle()
        if not (allow_error_status or 200 <= answer.status < 300):
            raise refusal_error(service, answer.status, answer.headers, answer.content)
        return answer

    @asynccontextmanager
    async def stream(
        self,
        service: Service,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: RequestBody | bytes | None = None,
    ) -> AsyncIterator[httpx2.Response]:
        """Yield the response before its body is read.

        Reading it raises httpx2's exceptions: do it in `service_errors`.
        """
        send = await self._prepare_request(service, method, path, headers, body)
        try:
            with service_errors(service):
                response = await self._run_exchange(service, send, body is not None)
            try:
                if not response.is_success:
                    with service_errors(service):
                        content = await read_body(response, service)
                    raise refusal_error(service, response.status_code, response.headers, content)
                yield response
            finally:
                await response.aclose()
        finally:
            await self._close_idle()

    async def _prepare_request(
        self,
        service: Service,
        method: str,
        path: str,
        headers: Mapping[str, str] | None,
        body: RequestBody | bytes | None,
    ) -> ExchangeAttempt[httpx2.Response]:
        """Return a function that sends a request at each call. Raises `ServiceError` where its key is missing."""
        all_headers = {**await service.auth_headers(), **(headers or {})}

        async def send(host: HostConnections, watch: ExchangeWatch) -> httpx2.Response:
            content, pool = body() if callable(body) else body, host.pool
            extensions = {"trace": watch.trace, "timeout": watch.timeout}
            request = pool.build_request(
                method, f"{service.url}{path}", headers=all_headers, content=content, extensions=extensions
            )
            make = partial(pool.send, request, stream=True)
            if content is None:
                return await make()
            return await send_watched(watch, request, make, partial(self._retire, service, host))

        return send

    async def _run_exchange[T](self, service: Service, attempt: ExchangeAttempt[T], has_body: bool) -> T:
        """Make an exchange, and once more on a new connection where a reused one is dead or accepts no more requests.

        In the latter case exchanges on it continue. `has_body`: the request costs the service work.
        """
        host, watch = await self._find_usable_host(service, MAX_ABANDONED), self._start_watch()
        is_full = False
        try:
            with host.track(watch, has_body):
                result = await run_unless(host.given_up, partial(attempt, host, watch))
            if result is not None:
                host.used_at = time.monotonic()
                return result
        except httpx2.TransportError as error:
            if not watch.is_reused:
                raise
            is_full = isinstance(error, httpx2.LocalProtocolError)
            if is_full:
                logger.info("a kept connection does not take a request; once more on a new one")
                self._retire(service, host)
            else:
                logger.info("a kept connection broke (%s); once more on a new one", type(error).__name__)
                await self._drop_host(service, host)
        if is_full and has_body and watch.is_http2:
            await self._establish_http2(service)
        host, watch = self._find_host(service), self._start_watch(is_retry=True)
        with host.track(watch, has_body):
            result = await attempt(host, watch)
        host.used_at = time.monotonic()
        return result

    async def _establish_http2(self, service: Service) -> None:
        """Ensure an HTTP/2 connection to `service` whose settings are known, where it answers something small.

        Until the library has read the settings it makes one request at a time, and while a body is being spoken it
        reads nothing.
        """
        with anyio.move_on_after(CONNECT_TIMEOUT_S), suppress(ServiceError):
            await self.request(service, "GET", "/models", allow_error_status=True)

    def _start_watch(self, is_retry: bool = False) -> ExchangeWatch:
        watch = ExchangeWatch(is_retry, watch_answers)
        self._on_exchange(watch)
        return watch

    def _find_host(self, service: Service) -> HostConnections:
        """Return the current connections to the host of `service`."""
        if service.host not in self._hosts:
            self._hosts[service.host] = HostConnections(self._http, self.ssl_context, service)
        return self._hosts[service.host]

    async def _find_usable_host(self, service: Service, max_abandoned: int) -> HostConnections:
        """Return the host of `service`, with new connections where `max_abandoned` cancelled exchanges are open on the
        current."""
        host = self._find_host(service)
        if host.count_abandoned(time.monotonic()) >= max_abandoned:
            logger.info("connections to a service with many cancelled requests are followed by new ones")
            self._retire(service, host)
        await self._close_idle()
        return self._find_host(service)

    def _retire(self, service: Service, host: HostConnections) -> None:
        """Use new connections to `service`, if those of `host` are the current ones; exchanges on the old ones
        continue."""
        if self._hosts.get(service.host) is host:
            del self._hosts[service.host]
            self._retired.append(host)

    async def _close_idle(self) -> None:
        """Close retired connections without running exchanges, also where the task is cancelled."""
        idle = [host for host in self._retired if host.is_idle]
        self._retired = [host for host in self._retired if host not in idle]  # before any await: calls may overlap
        with anyio.CancelScope(shield=True):
            for host in idle:
                await host.aclose()

    def _forget_hosts(self) -> list[HostConnections]:
        """Return every host, and forget them."""
        hosts = [*self._hosts.values(), *self._retired]
        self._hosts, self._retired = {}, []
        return hosts

    async def _drop_host(self, service: Service, host: HostConnections) -> None:
        """Replace the connections to `service`, if those of `host` are the current ones; requests on the old ones are
        made again."""
        if self._hosts.get(service.host) is host:
            del self._hosts[service.host]
            host.given_up.set()
            await host.aclose()


async def read_body(response: httpx2.Response, service: Service, max_bytes: int = MAX_ANSWER_BYTES) -> bytes:
    """Return the whole body of an answer; raises what `iterate_body` does."""
    return b"".join([chunk async for chunk in iterate_body(response, service, max_bytes)])


async def iterate_body(
    response: httpx2.Response, service: Service, max_bytes: int = MAX_ANSWER_BYTES
) -> AsyncGenerator[bytes]:
    """Yield the unpacked body of an answer as it arrives.

    Raises `ServiceError` above `max_bytes`, else httpx2's exceptions: read it in `service_errors`.
    """
    size = 0
    async for chunk in response.aiter_bytes():
        size += len(chunk)
        if size > max_bytes:
            raise invalid_answer_error(service)
        yield chunk
