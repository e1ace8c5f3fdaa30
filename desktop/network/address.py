"""Normalize the address of a service as the user wrote it: with or without the version, with a slash at the end, copied
from an example with the whole path. Pure; other paths are kept."""

from __future__ import annotations

from urllib.parse import urlsplit

_OPENAI_PATHS = ("/audio/transcriptions", "/audio", "/models", "/chat/completions", "/chat", "/realtime")
"""Paths that examples have after OpenAI's base."""

_IS_ENCRYPTED = {"http": False, "ws": False, "https": True, "wss": True}


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
