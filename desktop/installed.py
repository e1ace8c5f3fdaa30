"""How this Intone came onto the machine, so that a remedy names something that works here.

A package's environment under /opt/intone belongs to the system, and a bundle cannot be added to: telling their users to
run `make` or pip would send them in a circle. Who makes these three is in packaging/shipping.
"""

from __future__ import annotations

import sys
from pathlib import Path

PACKAGED = Path("/opt/intone")
"""Where the Debian package has its environment."""


def adding(extra: str, *, prefix: str = sys.prefix, frozen: bool = hasattr(sys, "frozen")) -> str:
    """The sentence that says how `extra` (`cuda`, `local-llm`) is added here."""
    if frozen:
        return f"This build cannot be added to: install Intone's Debian package and intone-{extra}, or use uv."
    if Path(prefix) == PACKAGED:
        return f"Install the package intone-{extra}, which is made for this one."
    return f"Install it with `make {extra}`, or `pip install intone[{extra}]`."
