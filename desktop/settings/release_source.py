"""Where a package says that newer versions are told of, which its publisher has built in.

The values are the defaults of `updates.url` and `updates.key`, so that users set nothing. They are not validated at
each start, as what users write is, but by a test and where a repository is made (`packaging/shipping/repository.py`).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from desktop.core.minisign import parse_public_key
from desktop.settings.urls import validate_url


@dataclass(frozen=True, slots=True)
class ReleaseSource:
    """The address of the newest version, and the public key of its signature; each may be empty."""

    url: str
    key: str

    def validate(self) -> None:
        """Raise `ValueError` where users could not set these values, and for an address without a key: what is built
        into a package is signed."""
        if self.url and not validate_url(self.url).startswith("https://"):
            raise ValueError("the address of the newest version does not begin with https://")
        if self.key:
            parse_public_key(self.key)
        elif self.url:
            raise ValueError("the address of the newest version has no key")


def load_release_source(file: Path) -> ReleaseSource:
    """Load a file such as `release_source.toml`. Raises `KeyError` and `ValueError`."""
    found = tomllib.loads(file.read_text(encoding="utf-8"))
    return ReleaseSource(found["url"], found["key"])


RELEASE_SOURCE = load_release_source(Path(__file__).with_suffix(".toml"))
"""That of this package."""
