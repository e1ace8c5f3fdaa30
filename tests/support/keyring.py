"""Keyrings of the tests' own: one in a file, so that a program and its test may share it, and some that do not work.

Chosen for a program by its environment: `PYTHON_KEYRING_BACKEND=tests.support.keyring.InFile` and
`INTONE_TEST_KEYRING=FILE`.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class InFile(KeyringBackend):
    priority = 0.1  # never chosen by itself

    @property
    def path(self) -> Path:
        return Path(os.environ["INTONE_TEST_KEYRING"])

    def entries(self) -> dict[str, str]:
        return json.loads(self.path.read_text()) if self.path.exists() else {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self.path.write_text(json.dumps({**self.entries(), f"{service}/{username}": password}))

    def delete_password(self, service: str, username: str) -> None:
        entries = self.entries()
        if entries.pop(f"{service}/{username}", None) is None:
            raise PasswordDeleteError("there is none")
        self.path.write_text(json.dumps(entries))


class Locked(KeyringBackend):
    """The user was asked for its password, and declined."""

    priority = 0.1

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("dismissed")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked("dismissed")

    def delete_password(self, service: str, username: str) -> None:
        raise KeyringLocked("dismissed")


class Broken(KeyringBackend):
    """Raises whatever it likes, with the key in it."""

    priority = 0.1

    def get_password(self, service: str, username: str) -> str | None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AttributeError(f"cannot take {password}")

    def delete_password(self, service: str, username: str) -> None:
        raise AttributeError


class Prompting(InFile):
    """Its prompt is open until `answered`, or the user declines; `prompts` counts them."""

    def __init__(self) -> None:
        super().__init__()
        self.prompts = 0
        self.shown = threading.Event()
        self.answered = threading.Event()
        self.refused = False

    def get_password(self, service: str, username: str) -> str | None:
        self.prompts += 1
        self.shown.set()
        self.answered.wait()
        if self.refused:
            raise KeyringLocked("dismissed")
        return super().get_password(service, username)
