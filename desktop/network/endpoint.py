"""A service of the settings: its address, its name in sentences, and its key.

The key is read when first needed, in a thread of its own, because a keyring may take seconds and prompt the user, which
must not delay the end of the app; it is held in memory from then on, and shown by no `repr`. It never goes over plain
HTTP to another machine, where everyone on the way could read it, unless the settings allow that.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

import anyio

from desktop.core.errors import CredentialsError, ServiceError, UnusableKeyError
from desktop.credentials import store as credentials
from desktop.credentials.prompt import SharedPrompt

logger = logging.getLogger(__name__)


class ServiceKey:
    """An API key, by its name for `intone key set`.

    `find` is called once, and again after it found none or failed, unless the key is optional: a keyring may prompt the
    user for its password each time.
    """

    def __init__(self, name: str, find: Callable[[str], str] = credentials.find_key) -> None:
        self.name = name
        self._prompt = SharedPrompt(partial(find, name))
        self._key = ""
        self._is_absent = False
        self._lock = anyio.Lock()

    async def read(self, optional: bool = False) -> str:
        """Return the key, empty where there is none. Raises `CredentialsError`.

        Where it is `optional`, only for a key that exists and may not be used: a request without it would be made in
        another name than the user meant.
        """
        async with self._lock:
            if self._key or (optional and self._is_absent):
                return self._key
            try:
                self._key = await self._prompt.ask_async()
            except UnusableKeyError:
                raise
            except CredentialsError as problem:
                if not optional:
                    raise
                logger.info("a key that is not needed could not be read: %s", problem)
            self._is_absent = not self._key
        return self._key


@dataclass(frozen=True, slots=True)
class Service:
    """A service that can be asked.

    `url` is the base of its addresses, without a slash at the end; `auth_scheme` precedes the key in the
    `Authorization` header; `plain_keys` allows a key over plain HTTP; `is_key_optional`: it may work without a key.
    """

    name: str
    url: str
    secret: ServiceKey = field(repr=False)
    auth_scheme: str = "Bearer"
    is_key_optional: bool = False
    plain_keys: bool = False

    @property
    def host(self) -> str:
        """Return the host, and its port where it is given: what a receipt names."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    @property
    def is_local(self) -> bool:
        """Return whether it is on this machine: its keys may go unencrypted, and no proxy is used."""
        return is_loopback(urlsplit(self.url).hostname or "")

    async def auth_headers(self) -> dict[str, str]:
        """Return the header with the key.

        Raises `ServiceError` where there is none, or where others could read it, and `CredentialsError` where it is not
        available or may not be used.
        """
        key = await self.secret.read(self.is_key_optional)
        if not key:
            if self.is_key_optional:
                return {}
            raise ServiceError(
                f"There is no key for {self.name}.", f"Set it in a terminal: intone key set {self.secret.name}"
            )
        if urlsplit(self.url).scheme in ("http", "ws") and not self.is_local and not self.plain_keys:
            raise ServiceError(
                f"The key for {self.name} would go to {self.host} unencrypted.",
                "Use an https address, or allow it: intone settings set network.plain_keys on",
            )
        return {"Authorization": f"{self.auth_scheme} {key}"}


def is_loopback(host: str) -> bool:
    """Return whether `host` is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
