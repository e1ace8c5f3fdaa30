"""Known facts about providers, from `providers.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """`status` is the URL of the status page's JSON, `http` the HTTP version that the provider normally speaks."""

    status: str = ""
    http: str = ""


def find_provider(host: str) -> ProviderFacts:
    """Return the facts known about `host`."""
    return ProviderFacts(**_load_providers().get(host, {}))


@cache
def _load_providers() -> dict[str, dict[str, str]]:
    text = files("desktop.doctor.network").joinpath("providers.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
