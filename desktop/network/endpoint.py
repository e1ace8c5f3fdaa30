"""A service of the settings: its address, its name in sentences, and its key.

The key never goes over plain HTTP to another machine, where everyone on the way could read it, unless the settings
allow that. An address is normalized as users write it: with or without the version, with a slash at the end, copied
from an example with the whole path. Other paths are kept.
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
from desktop.credentials import store
from desktop.credentials.prompt import SharedPrompt

logger = logging.getLogger(__name__)

_OPENAI_PATHS = ("/audio/transcriptions", "/audio", "/models", "/chat/completions", "/chat", "/realtime")
"""Paths that examples have after OpenAI's base."""

_IS_ENCRYPTED = {"http": False, "ws": False, "https": True, "wss": True}


class ServiceKey:
    """An API key, by its name for `intone key set`.

    The key is read when first needed, in a thread of its own, because a keyring may take seconds and prompt the user,
    which must not delay the end of the app; it is held in memory from then on, and shown by no `repr`.

    `find` is called once, and again after it found none or failed, unless the key is optional: a keyring may prompt the
    user for its password each time.
    """

    def __init__(self, name: str, find: Callable[[str], str] = store.find_key) -> None:
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
    """A service at an address, and its key.

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
            raise ServiceError("service-key-missing", service=self.name, name=self.secret.name)
        if urlsplit(self.url).scheme in ("http", "ws") and not self.is_local and not self.plain_keys:
            raise ServiceError("service-key-unencrypted", service=self.name, host=self.host)
        return {"Authorization": f"{self.auth_scheme} {key}"}


def is_loopback(host: str) -> bool:
    """Return whether `host` is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def openai_base_url(url: str) -> str:
    """Return the base of OpenAI's HTTP interface: `https://host/v1`."""
    scheme, host, path, _ = _split_service_url(url)
    return f"{('http', 'https')[scheme]}://{host}{_remove_suffix(path, *_OPENAI_PATHS) or '/v1'}"


def openai_realtime_url(url: str) -> str:
    """Return the address of the Realtime socket, `wss://host/v1/realtime`, with the query in `url`."""
    scheme, host, path, query = _split_service_url(url)
    base = _remove_suffix(path, *_OPENAI_PATHS) or "/v1"
    return f"{('ws', 'wss')[scheme]}://{host}{base}/realtime{query and f'?{query}'}"


def deepgram_base_url(url: str) -> str:
    """Return the base of Deepgram's HTTP interface: `https://host/v1`."""
    scheme, host, path, _ = _split_service_url(url)
    return f"{('http', 'https')[scheme]}://{host}{_remove_version(path)}/v1"


def deepgram_stream_url(url: str, model: str) -> str:
    """Return the address of a model's streaming socket: `wss://host/v1/listen`, or Flux's, `wss://host/v2/listen`."""
    scheme, host, path, _ = _split_service_url(url)
    version = "v2" if model.startswith("flux") else "v1"
    return f"{('ws', 'wss')[scheme]}://{host}{_remove_version(path)}/{version}/listen"


def _split_service_url(url: str) -> tuple[bool, str, str, str]:
    """Return whether it is encrypted, host and port, path without slashes at its end, query."""
    parts = urlsplit(url.strip())
    return _IS_ENCRYPTED[parts.scheme], parts.netloc, parts.path.rstrip("/"), parts.query


def _remove_suffix(path: str, *suffixes: str) -> str:
    for end in suffixes:
        if path.endswith(end):
            return path.removesuffix(end)
    return path


def _remove_version(path: str) -> str:
    return _remove_suffix(_remove_suffix(path, "/listen"), "/v1", "/v2")
