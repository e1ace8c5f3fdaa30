"""What is known of a service before it is asked: `providers.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Provider:
    """`status` is the address of its status page's JSON, `http` the version that it speaks with everybody."""

    status: str = ""
    http: str = ""


def provider(host: str) -> Provider:
    """What is known of `host`."""
    return Provider(**_table().get(host, {}))


@cache
def _table() -> dict[str, dict[str, str]]:
    text = files("desktop.doctor.network").joinpath("providers.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
