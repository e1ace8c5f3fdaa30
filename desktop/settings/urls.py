"""Validate the address of a service when it is written, rather than when a library uses it."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from desktop.core.errors import InvalidValueError
from desktop.core.messages import Message

SCHEMES = ("http", "https", "ws", "wss")

_IPV4 = re.compile(r"[0-9]+(\.[0-9]+){3}")


def validate_url(url: str) -> str:
    """Return `url` if it is a usable address. Raises `InvalidValueError`."""
    parts = _split_url(url)
    if parts is None or parts.scheme not in SCHEMES:
        raise InvalidValueError(Message("url-form"))
    if parts.username or parts.password:
        raise InvalidValueError(Message("url-with-key"))
    if not _has_valid_port(parts):
        raise InvalidValueError(Message("url-port"))
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
