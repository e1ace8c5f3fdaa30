"""The keys of services that stand in the environment: used here, and handed to no child process.

A module of its own, which imports nothing: it is called with every command, before anything is started, and a key
binding that says `intone toggle` must not wait for what reads the other places where keys are.
"""

from __future__ import annotations

import os

NAMES = {
    "openai": "OPENAI_API_KEY",
    "deepgram": "DEEPGRAM_API_KEY",
    "compatible": "INTONE_COMPATIBLE_KEY",
    "polish": "INTONE_POLISH_KEY",
}
"""Each key's name and the variable that goes before the keyring."""

_withheld: dict[str, str] = {}
"""What stood in the environment, by the variables' names, since `withhold`."""


def withhold() -> None:
    """Take the keys out of the environment, so that no child process has them; they are known here as before."""
    for variable in NAMES.values():
        if key := os.environ.pop(variable, ""):
            _withheld[variable] = key


def in_environment(name: str) -> str:
    """The key called `name`, one of `NAMES`, as this process was started with it; empty where there is none."""
    return os.environ.get(NAMES[name], _withheld.get(NAMES[name], "")).strip()
