"""Keys of services: in the environment or the keyring of the operating system."""

from __future__ import annotations

import os

NAMES = {
    "openai": "OPENAI_API_KEY",
    "deepgram": "DEEPGRAM_API_KEY",
    "compatible": "INTONE_COMPATIBLE_KEY",
    "polish": "INTONE_POLISH_KEY",
}
"""Each key's name and the variable that goes before the keyring."""

SERVICE = "intone"
"""What the entries in the keyring are filed under."""


def find(name: str) -> str:
    """The key called `name`; empty where there is none. Blocks. Raises `CredentialsProblem`."""
    if key := os.environ.get(NAMES[name], "").strip():
        return key
    import keyring

    return keyring.get_password(SERVICE, name) or ""
