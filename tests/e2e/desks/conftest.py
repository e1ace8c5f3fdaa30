"""Whose desks these are."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desks.account import Account, ordinary_account
from tests.support.desks.pipewire import NOT_URGENT, urgent

pytest.register_assert_rewrite("tests.e2e.desks.checks")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say where sentences may be misheard."""
    with urgent() as is_urgent:
        if not is_urgent:
            terminalreporter.write_line(NOT_URGENT)


@pytest.fixture(scope="session")
def account() -> Iterator[Account]:
    """An ordinary user, who can read this checkout, its environment and the models."""
    with tempfile.TemporaryDirectory(prefix="desks-") as folder:
        Path(folder).chmod(0o755)
        yield ordinary_account(Path(folder))
