"""Measure the connection to a host: DNS, round trip and TLS, each by itself."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import anyio
import httpx2
from anyio.abc import SocketStream
from anyio.streams.tls import TLSAttribute, TLSStream

from desktop.core.errors import ServiceError
from desktop.core.text import make_printable
from desktop.doctor.network.measurement import ConnectionTimes, NetworkFailure, Stage
from desktop.network.endpoint import Service
from desktop.network.errors import iterate_causes, service_error
from models.proxy import NetworkConfigError, proxy_url

STEP_TIMEOUT_S = 5.0
"""Timeout in seconds for each part of the connection."""

ADDRESS_TIMEOUT_S = 2.0
"""Timeout in seconds for one address, before the host's next one is tried."""

DEFAULT_PORTS = {"https": 443, "wss": 443, "http": 80, "ws": 80}

type CreateSSLContext = Callable[[], ssl.SSLContext]
"""Creates an SSL context with the system's certificates; a new one each time, because the offered protocols differ."""


class ProbeStopped(Exception):
    """The measurement cannot continue, because of `failure`."""

    def __init__(self, failure: NetworkFailure) -> None:
        super().__init__(failure.message.title)
        self.failure = failure


@contextmanager
def stop_on_error(stage: Stage, service: Service) -> Iterator[None]:
    """Translate errors at `stage` to `ProbeStopped`."""
    try:
        yield
    except (OSError, anyio.BrokenResourceError, anyio.EndOfStream) as error:  # ssl's and TimeoutError are OSErrors
        problem = service_error(service, error)
        refused = any(isinstance(cause, ConnectionRefusedError) for cause in iterate_causes(error))
        raise ProbeStopped(NetworkFailure(stage, problem.message, refused=refused)) from error


async def measure_connection(
    service: Service, http: str, create_ssl_context: CreateSSLContext, on_progress: Callable[[ConnectionTimes], None]
) -> None:
    """Measure the connection to `service`; `on_progress` is called with all known times after each part. Raises
    `ProbeStopped`.

    Through a proxy from the environment, DNS and round trip are the proxy's, and TLS is omitted.
    """
    parts = urlsplit(service.url)
    host, port = parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme]
    proxy_url = "" if service.is_local else _find_proxy(service.url)
    if proxy_url:
        proxy = httpx2.URL(proxy_url)
        host, port = proxy.host, proxy.port or DEFAULT_PORTS.get(proxy.scheme, 80)
    known = ConnectionTimes(proxy=f"{host}:{port}" if proxy_url else "")
    is_encrypted = not proxy_url and parts.scheme not in ("http", "ws")
    context = create_ssl_context() if is_encrypted else None  # reads certificates, for 0.2 s on Windows
    with stop_on_error(Stage.NAME, service), anyio.fail_after(STEP_TIMEOUT_S):
        started_at = time.monotonic()
        addresses = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    on_progress(known := replace(known, dns_s=time.monotonic() - started_at))
    with stop_on_error(Stage.CONNECT, service):
        stream, tcp_s, unanswered = await _connect([address[4][0] for address in addresses], port)
    on_progress(known := replace(known, tcp_s=tcp_s, unanswered_addresses=unanswered))
    async with stream:
        if context is None:
            return
        protocols = ["h2", "http/1.1"] if http == "2" and parts.scheme == "https" else ["http/1.1"]
        context.set_alpn_protocols(protocols)
        with stop_on_error(Stage.ENCRYPT, service), anyio.fail_after(STEP_TIMEOUT_S):
            started_at = time.monotonic()
            tls = await TLSStream.wrap(stream, hostname=host, ssl_context=context, standard_compatible=False)
        on_progress(_with_tls(known, tls, time.monotonic() - started_at))


async def _connect(addresses: list[str], port: int) -> tuple[SocketStream, float, int]:
    """Connect to the first of `addresses` that answers; return the stream, the seconds it took, and how many did not
    answer before."""
    for unanswered, address in enumerate(addresses):
        started_at = time.monotonic()
        try:
            with anyio.fail_after(ADDRESS_TIMEOUT_S):
                stream = await anyio.connect_tcp(address, port)
        except OSError:
            if unanswered + 1 == len(addresses):
                raise
            continue
        return stream, time.monotonic() - started_at, unanswered
    raise socket.gaierror


def _with_tls(known: ConnectionTimes, tls: TLSStream, tls_s: float) -> ConnectionTimes:
    certificate: Any = tls.extra(TLSAttribute.peer_certificate, {})
    issuer = {name: value for part in certificate.get("issuer", ()) for name, value in part}
    return replace(
        known,
        tls_s=tls_s,
        tls_version=tls.extra(TLSAttribute.tls_version),
        alpn=tls.extra(TLSAttribute.alpn_protocol) or "",
        issuer=make_printable(issuer.get("organizationName") or issuer.get("commonName", "")),
    )


def _find_proxy(url: str) -> str:
    """Return the proxy that the environment names for `url`, empty if none. Raises `ProbeStopped` where its port is
    invalid."""
    try:
        return proxy_url(url)
    except NetworkConfigError as error:
        raise ProbeStopped(NetworkFailure(Stage.NAME, ServiceError.from_coded(error).message)) from error
