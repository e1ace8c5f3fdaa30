"""Validate the address of a service when it is written, rather than when a library uses it."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

SCHEMES = ("http", "https", "ws", "wss")

_IPV4 = re.compile(r"[0-9]+(\.[0-9]+){3}")


def validate_url(url: str) -> str:
    """Return `url` if it is a usable address. Raises `ValueError` with what to do."""
    parts = _split_url(url)
    if parts is None or parts.scheme not in SCHEMES:
        raise ValueError("Give an address such as https://example.org/v1.")
    if parts.username or parts.password:
        raise ValueError("Keep the key out of the address: `intone key set` takes it.")
    if not _has_valid_port(parts):
        raise ValueError("Give a port from 1 to 65535.")
    return url


def _split_url(url: str) -> SplitResult | None:
    """Return the parts of `url`; None where its host cannot be valid."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        host.encode("idna")  # as the system does before its look-up
        if "[" in parts.netloc:
            ipaddress.IPv6Address(host)
        elif _IPV4.fullmatch(host):
            ipaddress.IPv4Address(host)
    except ValueError:
        return None
    return parts if host and url.isprintable() and " " not in parts.netloc else None


def _has_valid_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False
