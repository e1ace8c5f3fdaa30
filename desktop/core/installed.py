"""How this Intone was installed, so that a remedy names a command that works here.

A package's environment under /opt/intone belongs to the system, and a bundle cannot be added to: `make` or pip would
not work there. All three are made in packaging/shipping.
"""

from __future__ import annotations

import sys
from pathlib import Path

DEBIAN_PREFIX = Path("/opt/intone")
"""The environment of the Debian package."""


def format_install_hint(extra: str, *, prefix: str = sys.prefix, frozen: bool = hasattr(sys, "frozen")) -> str:
    """Return the sentence that says how to install `extra` (`cuda`, `local-llm`) here."""
    if frozen:
        return f"This build cannot be added to: install Intone's Debian package and intone-{extra}, or use uv."
    if Path(prefix) == DEBIAN_PREFIX:
        return f"Install the package intone-{extra}, which is made for this one."
    return f"Install it with `make {extra}`, or `pip install intone[{extra}]`."
