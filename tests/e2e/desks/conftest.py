"""Whose desks these are."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desks.account import Account, ordinary_account

pytest.register_assert_rewrite("tests.e2e.desks.checks")


@pytest.fixture(scope="session")
def account() -> Iterator[Account]:
    """An ordinary user, who can read this checkout, its environment and the models."""
    with tempfile.TemporaryDirectory(prefix="desks-") as folder:
        Path(folder).chmod(0o755)
        yield ordinary_account(Path(folder))
