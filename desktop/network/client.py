"""The app's one HTTP client: pooled, HTTP/2, kept alive past the pauses between dictations, bound to the engine's loop.

- A connection is kept for `KEEP_S`: longer than people think between two dictations, shorter than the 400 s after which
  the hosts' front doors close it. httpx's own 5 s would have nearly every dictation pay for DNS, TCP and TLS.
- `warm` is called when a key goes down: it asks for something small, so that the handshakes are over before there is
  anything to send, and so that a connection that died meanwhile is found out: httpcore2 looks whether the server
  has closed an idle HTTP/1.1 connection, but not an HTTP/2 one, and nobody can see that a router has forgotten one.
- Retries are ours: an exchange that fails on a connection that had been used before is made once more, on new ones.
  Where `warm` finds out that nobody answers any more, that is at once, and not when the person has given up. A server
  that has been sent a body and has not answered yet is not dead but at work: small ones do one thing at a time.
- Each host has connections of its own, so that those of one are given up without the other's; this machine's are made
  without a proxy, whatever the environment says: it would take this machine for its own, and be told what was never
  meant to leave it.
- An HTTP/2 request that is cancelled stays open at the server (`host`). Connections with many of those are retired
  when the next key goes down: what is under way on them goes on, what is new has new ones, and the handshake is over
  before there is anything to send. Those of a server that allows fewer are retired when it takes no more.
- A network that takes nothing is given up sooner on a connection that was kept (`phases`): it may be half-open.
- A body is given by a function that begins it anew, so that what was spoken meanwhile can be sent again.
- An answer is read up to a size: a server that goes on without end costs neither memory nor the dictation.

How long to wait is the caller's business (a cancel scope): only it knows when the person let go.
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

from desktop.network.faults import problems, refused, senseless
from desktop.network.host import Host, unless
from desktop.network.phases import CONNECT_S, Phases, Watch
from desktop.network.service import Service
from desktop.network.uplink import Uplinks
from desktop.problems import ServiceProblem

logger = logging.getLogger(__name__)

FRESH_S = 30.0
"""A connection that was used within this is trusted without asking."""

PING_S = 1.0
"""A warm connection that does not answer within this is given up."""

FEW, MOST = 16, 64
"""Cancelled exchanges that are still open at the server: so many, and the next `warm` takes new connections; so many
without a `warm` in between, and the next exchange does. Most servers allow 100 or more; one that allows fewer has its
connections retired once the library refuses to open another request (`_exchange`)."""

LARGEST = 16 * 2**20
"""Bytes of an answer: an hour of words, each with its times, has about 4 MB. More than that nobody means."""

type Body = Callable[[], AsyncIterable[bytes]]
"""Gives the same bytes from the beginning, whenever it is called."""

type Attempt[T] = Callable[[Host, Watch], Awaitable[T]]
"""Makes an exchange with a host."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered, whole. `headers` has names in small letters."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    phases: Phases


class Client:
    """See the module. `http` is the version that is offered first, "2" or "1.1"; `context` decides whom to trust, by
    default whom the system trusts, or `SSL_CERT_FILE`; `watched` is given every exchange as it begins. `uplinks` is for
    who sends much: what that tells of the way."""

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
        """Close every connection. Whoever asks after that has new ones."""
        for host in self._let_go():
            await host.aclose()

    async def renew(self, http: str) -> None:
        """Make every connection anew and offer `http` on it; what is being asked is asked again. For a machine that has
        slept, or is in another network."""
        hosts = self._let_go()
        self._http, self.uplinks = http, Uplinks()
        for host in hosts:
            host.over.set()
        for host in hosts:
            await host.aclose()

    async def warm(self, service: Service, path: str = "/models") -> Answer | None:
        """Have a connection to `service` that works, by asking for `path`; None where one was used just now, where
        the service is at work on what it was asked before, or where it leaves `path` unanswered.

        Raises `ServiceProblem` where there is none to be had, or what `path` answered is one; a key that is not
        accepted shows here, long before the words.
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
            with anyio.move_on_after(PING_S + CONNECT_S):  # a network that is gone is told sooner, by the handshake
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
        """The answer to a request. Raises `ServiceProblem`, also for a status that is no success, unless `anyhow`."""
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
        """The same, before the answer's body is read. Reading it raises httpx2's exceptions: do it in `problems`."""
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
        """What sends a request, as often as it is called. Raises `ServiceProblem` where there is no key for it."""
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
        """Make an exchange, and once more on a new connection where the old one turns out to be dead, or to take no
        more requests: then what is under way on it goes on. `heavy`: it has a body, which costs the service work."""
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
        """Have an HTTP/2 connection to `service` whose settings are known, where it answers something small: until the
        library has read them it makes one request at a time, and while a body is spoken it reads nothing."""
        with anyio.move_on_after(CONNECT_S), suppress(ServiceProblem):
            await self.ask(service, "GET", "/models", anyhow=True)

    def _watch(self, again: bool = False) -> Watch:
        watch = Watch(again)
        self._watched(watch)
        return watch

    def _host(self, service: Service) -> Host:
        """What is known of the host of `service`, with the connections of now."""
        if service.host not in self._hosts:
            self._hosts[service.host] = Host(self._http, self.context, service)
        return self._hosts[service.host]

    async def _usable(self, service: Service, most: int) -> Host:
        """The host of `service`, with new connections where `most` cancelled exchanges are open on those of now."""
        host = self._host(service)
        if host.abandoned(time.monotonic()) >= most:
            logger.info("connections to a service with many cancelled requests are followed by new ones")
            self._retire(service, host)
        await self._close_idle()
        return self._host(service)

    def _retire(self, service: Service, host: Host) -> None:
        """Have new connections to `service`, where those of `host` still are the ones of now; what is under way on the
        old ones goes on."""
        if self._hosts.get(service.host) is host:
            del self._hosts[service.host]
            self._retired.append(host)

    async def _close_idle(self) -> None:
        """Close what is retired and has nothing under way any more, also where the task is cancelled."""
        idle = [host for host in self._retired if host.idle]
        self._retired = [host for host in self._retired if host not in idle]  # before any wait: others come here too
        with anyio.CancelScope(shield=True):
            for host in idle:
                await host.aclose()

    def _let_go(self) -> list[Host]:
        """Every host, none of which is known from now on."""
        hosts = [*self._hosts.values(), *self._retired]
        self._hosts, self._retired = {}, []
        return hosts

    async def _give_up(self, service: Service, host: Host) -> None:
        """Make every connection to `service` anew, where those of `host` still are the ones of now; what is being asked
        on the old ones is asked again."""
        if self._hosts.get(service.host) is host:
            del self._hosts[service.host]
            host.over.set()
            await host.aclose()


async def whole_body(response: httpx2.Response, service: Service, most: int = LARGEST) -> bytes:
    """All of an answer's body. Raises `ServiceProblem` where that is more than `most` bytes, else httpx2's exceptions:
    call it in `problems`."""
    body = bytearray()
    async for some in response.aiter_bytes():
        body += some
        if len(body) > most:
            raise senseless(service)
    return bytes(body)


def bounded(response: httpx2.Response, service: Service, most: int = LARGEST) -> httpx2.Response:
    """The same answer, whose body ends after `most` bytes by a `ServiceProblem`: for who reads it as it comes."""
    headers = {"Content-Type": response.headers.get("content-type", "")}
    stream = _Bounded(response, service, most)
    return httpx2.Response(response.status_code, headers=headers, stream=stream, request=response.request)


class _Bounded(httpx2.AsyncByteStream):
    """What `response` has in it, unpacked. Whoever opened it closes it."""

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
