"""What the environment says of the way out, and which of it no HTTP client can be made of.

httpx2 reads proxies and certificates when a client is made, and raises whatever comes where it can use one of them not:
an `ImportError`, a `ValueError`, a `FileNotFoundError`. Here that becomes one sentence that names the variable. It
tells no address of a proxy, which may hold a password.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

import httpx2

_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


class NoWayError(Exception):
    """There is no way out as the environment describes it: whole sentences that say why, and what to do about it."""

    def __init__(self, title: str, remedy: str) -> None:
        super().__init__(f"{title} {remedy}")
        self.title = title
        self.remedy = remedy


@contextmanager
def passable() -> Iterator[None]:
    """Make a client in this block, and do nothing else there. Raises `NoWayError` where that does not work."""
    path = os.environ.get("SSL_CERT_FILE")
    try:
        if path:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)  # by default nothing is said of it
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


def unusable_proxy() -> NoWayError:
    """What to say where a proxy turned out to be of a kind that nobody here speaks."""
    named = (name for name in os.environ if name.lower() in _PROXIES and _unusable(os.environ[name]))
    return NoWayError(
        f"The proxy in {next(named, 'the settings of the system')} cannot be used.",
        "Write it as http://HOST:PORT or socks5://HOST:PORT, or take it away; then start Intone again.",
    )


def _unusable(address: str) -> bool:
    try:
        scheme = httpx2.Proxy(address if "://" in address else f"http://{address}").url.scheme
    except (ValueError, httpx2.InvalidURL):
        return True
    return scheme.startswith("socks") and find_spec("socksio") is None
