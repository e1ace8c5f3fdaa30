"""Check the proxies and certificates of the environment, and name the ones that no HTTP client can use.

httpx2 reads proxies and certificates when a client is created, and raises various errors if it cannot use one: an
`ImportError`, a `ValueError`, a `FileNotFoundError`; or, for an invalid proxy port, an `OverflowError` when it
connects. Here these become one error that names the variable. It does not contain the address of a proxy, which may
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

from models.catalog import CodedError

SYSTEM_SETTINGS = "system settings"
"""The source of a proxy that no variable names."""

_PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy")

_WEBSOCKET_SCHEMES = {"wss": ("wss", "socks", "https", "all"), "ws": ("ws", "socks", "https", "http", "all")}
"""Schemes whose proxy a WebSocket uses, the first that exists; a request uses that of its own scheme, or `all`."""


class NetworkConfigError(CodedError):
    """The environment's proxies or certificates cannot be used."""


@contextmanager
def guard_client_creation(url: str = "") -> Iterator[None]:
    """Wrap the creation of a client, for `url` through its proxy if given, and nothing else.

    Raises `NetworkConfigError` if that fails.
    """
    certificates = os.environ.get("SSL_CERT_FILE")
    try:
        if certificates:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(certificates)  # else a bad file is ignored
        if url:
            proxy_url(url)
        yield
    except OSError as error:
        if not certificates:
            raise
        raise NetworkConfigError("certificates-unreadable", file=certificates) from error
    except (ImportError, ValueError, httpx2.InvalidURL) as error:
        raise unusable_proxy_error() from error


def proxy_source(url: str) -> str:
    """Return the name of the source of the proxy for `url`, a variable or `SYSTEM_SETTINGS`; "" if there is none."""
    kind, _ = _find_proxy(url)
    if not kind:
        return ""
    names = sorted(os.environ, reverse=True)  # a lower-case variable wins over the same in capitals
    return next((name for name in names if name.lower() == f"{kind}_proxy" and os.environ[name]), SYSTEM_SETTINGS)


def proxy_url(url: str) -> str:
    """Return the address of the proxy for `url`; "" if there is none.

    Raises `NetworkConfigError` if its port is invalid.
    """
    _, address = _find_proxy(url)
    if address and not _has_valid_port(address):
        raise unusable_proxy_error(proxy_source(url))
    return address


def unusable_proxy_error(source: str = "") -> NetworkConfigError:
    """Return the error for a proxy of an unsupported kind; `source` is where it is set, if known."""
    others = (name for name in os.environ if name.lower() in _PROXY_VARIABLES and _is_unusable(os.environ[name]))
    source = source or next(others, SYSTEM_SETTINGS)
    if source == SYSTEM_SETTINGS:
        return NetworkConfigError("system-proxy-unusable")
    return NetworkConfigError("proxy-unusable", source=source)


def _find_proxy(url: str) -> tuple[str, str]:
    """Return the scheme whose proxy is used for `url` (`https`, `all`, ...) and the address; both empty if there is
    none.
    """
    parts, proxies = urlsplit(url), getproxies()
    kind = next(filter(proxies.get, _WEBSOCKET_SCHEMES.get(parts.scheme, (parts.scheme, "all"))), None)
    return ("", "") if kind is None or proxy_bypass(parts.netloc) else (kind, _with_scheme(proxies[kind]))


def _with_scheme(address: str) -> str:
    return address if "://" in address else f"http://{address}"


def _is_unusable(address: str) -> bool:
    try:
        scheme = httpx2.Proxy(_with_scheme(address)).url.scheme
    except (ValueError, httpx2.InvalidURL):
        return True
    return scheme.startswith("socks") and find_spec("socksio") is None


def _has_valid_port(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:  # a bracket, which httpx2 accepts in a password
        return not _is_unusable(address)
    try:
        _ = parts.port
    except ValueError:
        return False
    return True
