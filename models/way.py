"""What the environment says of the way out, and which of it no HTTP client can be made of.

httpx2 reads proxies and certificates when a client is made, and raises whatever comes where it can use one of them not:
an `ImportError`, a `ValueError`, a `FileNotFoundError`; or, where a proxy's port is none, an `OverflowError` once it
connects. Here that becomes one sentence that names the variable. It tells no address of a proxy, which may hold a
password.
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
"""Where a proxy is named that no variable names."""

_PROXIES = ("http_proxy", "https_proxy", "all_proxy")

_SOCKETS = {"wss": ("wss", "socks", "https", "all"), "ws": ("ws", "socks", "https", "http", "all")}
"""Whose proxy a socket goes through, the first there is; a request goes through that of its own scheme, or of all."""


class NoWayError(Exception):
    """There is no way out as the environment describes it: whole sentences that say why, and what to do about it."""

    def __init__(self, title: str, remedy: str) -> None:
        super().__init__(f"{title} {remedy}")
        self.title = title
        self.remedy = remedy


@contextmanager
def passable(url: str = "") -> Iterator[None]:
    """Make a client in this block, one that asks `url` through the proxy that is named for it, and do nothing else
    there. Raises `NoWayError` where that does not work."""
    path = os.environ.get("SSL_CERT_FILE")
    try:
        if path:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)  # by default nothing is said of it
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
    """What names the proxy that is gone through to `url`, a variable or `SYSTEM`; empty where there is none."""
    kind, _ = _found(url)
    if not kind:
        return ""
    names = sorted(os.environ, reverse=True)  # a variable in small letters goes before the same in capitals
    return next((name for name in names if name.lower() == f"{kind}_proxy" and os.environ[name]), SYSTEM)


def proxied(url: str) -> str:
    """The address of the proxy that is gone through to `url`; empty where there is none. Raises `NoWayError` where its
    port is none."""
    _, address = _found(url)
    if address and not _has_good_port(address):
        raise unusable_proxy(proxy_to(url))
    return address


def unusable_proxy(named: str = "") -> NoWayError:
    """What to say where a proxy turned out to be of a kind that nobody here speaks; `named` is where it stands, if that
    is known."""
    others = (name for name in os.environ if name.lower() in _PROXIES and _unusable(os.environ[name]))
    return NoWayError(
        f"The proxy in {named or next(others, SYSTEM)} cannot be used.",
        "Write it as http://HOST:PORT or socks5://HOST:PORT, or take it away; then start Intone again.",
    )


def _found(url: str) -> tuple[str, str]:
    """Whose proxy is gone through to `url`, `https` or `all` or another, and its address; both empty where none is."""
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
    except ValueError:  # for a bracket in a password, which httpx2 takes
        return True
    try:
        _ = parts.port
    except ValueError:
        return False
    return True
