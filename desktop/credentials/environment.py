"""API keys from environment variables, removed from `os.environ` so that child processes do not inherit them.

A module of its own that imports nothing: every command calls it before anything is started, and a key binding that runs
`intone toggle` must not wait for the modules that read keys from other places.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

KEY_VARIABLES = {
    "openai": "OPENAI_API_KEY",
    "deepgram": "DEEPGRAM_API_KEY",
    "compatible": "INTONE_COMPATIBLE_KEY",
    "polish": "INTONE_POLISH_KEY",
    "serve": "INTONE_SERVE_KEY",
}
"""The name of each key and its environment variable, which has precedence over the keyring."""

_removed_keys: dict[str, str] = {}
"""Values removed from the environment, by variable."""


def remove_keys_from_environ() -> None:
    """Remove the keys from the environment, so that no child process inherits them; `find_environment_key` still has
    them."""
    for variable in KEY_VARIABLES.values():
        if key := os.environ.pop(variable, ""):
            _removed_keys[variable] = key


def restored_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """Return `environ` with the removed keys: for Intone alone, which replaces this process and removes them again."""
    return {**environ, **_removed_keys}


def find_environment_key(name: str) -> str:
    """Return the key called `name`, one of `KEY_VARIABLES`, from the environment; empty where there is none."""
    return os.environ.get(KEY_VARIABLES[name], _removed_keys.get(KEY_VARIABLES[name], "")).strip()
