"""Known facts about providers, from `providers.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Provider:
    """`status` is the URL of the status page's JSON, `http` the HTTP version that the provider normally speaks."""

    status: str = ""
    http: str = ""


def provider(host: str) -> Provider:
    """Return the facts known about `host`."""
    return Provider(**_table().get(host, {}))


@cache
def _table() -> dict[str, dict[str, str]]:
    text = files("desktop.doctor.network").joinpath("providers.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
