"""Check the proxies and certificates of the environment, and name the ones that no HTTP client can use.

httpx2 reads proxies and certificates when a client is created, and raises various errors if it cannot use one: an
`ImportError`, a `ValueError`, a `FileNotFoundError`; or, for an invalid proxy port, an `OverflowError` when it
connects. Here these become one sentence that names the variable. It does not contain the address of a proxy, which may
include a password.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

SYSTEM = "the settings of the system"
"""The name of a proxy's source if no variable names it."""

_PROXIES = ("http_proxy", "https_proxy", "all_proxy")

_SOCKETS = {"wss": ("wss", "socks", "https", "all"), "ws": ("ws", "socks", "https", "http", "all")}
"""Schemes whose proxy a WebSocket uses, the first that exists; a request uses that of its own scheme, or `all`."""


class NoWayError(Exception):
    """The environment's proxies or certificates cannot be used: sentences that say why, and what to do about it."""

    def __init__(self, title: str, remedy: str) -> None:
        super().__init__(f"{title} {remedy}")
        self.title = title
        self.remedy = remedy


@contextmanager
def passable(url: str = "") -> Iterator[None]:
    """Wrap the creation of a client, for `url` through its proxy if given, and nothing else.

    Raises `NetworkConfigError` if that fails.
    """
    path = os.environ.get("SSL_CERT_FILE")
    try:
        if path:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)  # else a bad file is ignored
        if url:
            proxied(url)
        yield
    except OSError as error:
        if not path:
            raise
        raise NoWayError(
            f"SSL_CERT_FILE names {path}, which cannot be read as certificates.",
            "Name a file that can, or take the variable away; then start Intone again.",
        ) from error
    except (ImportError, ValueError, httpx2.InvalidURL) as error:
        raise unusable_proxy() from error


def proxy_to(url: str) -> str:
    """Return the name of the source of the proxy for `url`, a variable or `SYSTEM`; "" if there is no proxy."""
    kind, _ = _found(url)
    if not kind:
        return ""
    names = sorted(os.environ, reverse=True)  # a lower-case variable wins over the same in capitals
    return next((name for name in names if name.lower() == f"{kind}_proxy" and os.environ[name]), SYSTEM)


def proxied(url: str) -> str:
    """Return the address of the proxy for `url`; "" if there is none.

    Raises `NetworkConfigError` if its port is invalid.
    """
    _, address = _found(url)
    if address and not _has_good_port(address):
        raise unusable_proxy(proxy_to(url))
    return address


def unusable_proxy(named: str = "") -> NoWayError:
    """Return the error for a proxy of an unsupported kind; `named` is where it is set, if known."""
    others = (name for name in os.environ if name.lower() in _PROXIES and _unusable(os.environ[name]))
    return NoWayError(
        f"The proxy in {named or next(others, SYSTEM)} cannot be used.",
        "Write it as http://HOST:PORT or socks5://HOST:PORT, or take it away; then start Intone again.",
    )


def _found(url: str) -> tuple[str, str]:
    """Return the scheme whose proxy is used for `url` (`https`, `all`, ...) and the address; both empty if there is
    none.
    """
    parts, found = urlsplit(url), getproxies()
    kind = next(filter(found.get, _SOCKETS.get(parts.scheme, (parts.scheme, "all"))), None)
    return ("", "") if kind is None or proxy_bypass(parts.netloc) else (kind, _whole(found[kind]))


def _whole(address: str) -> str:
    return address if "://" in address else f"http://{address}"


def _unusable(address: str) -> bool:
    try:
        scheme = httpx2.Proxy(_whole(address)).url.scheme
    except (ValueError, httpx2.InvalidURL):
        return True
    return scheme.startswith("socks") and find_spec("socksio") is None


def _has_good_port(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:  # a bracket in a password, which httpx2 accepts
        return True
    try:
        _ = parts.port
    except ValueError:
        return False
    return True
