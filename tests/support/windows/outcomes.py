"""Pytest's plugin in Windows: append what becomes of each test to a file, and leave out what stands there already.

A process that ends in the middle, by a timeout or a crash, has written all before it; the test that it was in has
begun and not ended.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

REASON = 400
"""So many characters are kept of a failure."""


class Outcomes:
    """Append to `file` a line for each module that cannot be imported, and two for each test."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._of_test: dict[str, tuple[str, str]] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out what has an outcome."""
        known = {json.loads(line)["test"] for line in self._lines()}
        left = [item for item in items if item.nodeid in known]
        items[:] = [item for item in items if item.nodeid not in known]
        config.hook.pytest_deselected(items=left)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a module that cannot be imported, or that skips itself."""
        if report.outcome != "passed":
            self._add(test=report.nodeid, outcome=report.outcome, reason=_reason(report))

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Note that a test begins."""
        self._of_test[nodeid] = ("passed", "")
        self._add(test=nodeid, outcome="began")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the worst of setup, call and teardown."""
        if report.outcome != "passed" and self._of_test[report.nodeid][0] != "failed":
            self._of_test[report.nodeid] = (report.outcome, _reason(report))

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Note how a test ended."""
        outcome, reason = self._of_test.pop(nodeid)
        self._add(test=nodeid, outcome=outcome, **({"reason": reason} if reason else {}))

    def pytest_sessionfinish(self) -> None:
        """Note that all have run."""
        self._add(test="session", outcome="passed")

    def _add(self, **line: Any) -> None:
        with self._file.open("a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(line) + "\n")

    def _lines(self) -> Iterator[str]:
        if self._file.exists():
            yield from self._file.read_text(encoding="utf-8").splitlines()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the file's name."""
    parser.addoption("--outcomes", type=Path)


def pytest_configure(config: pytest.Config) -> None:
    """Write to the file that was named."""
    if file := config.getoption("--outcomes"):
        config.pluginmanager.register(Outcomes(file))


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The end of a traceback, or why a test was skipped."""
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2])[:REASON]
    return str(report.longrepr)[-REASON:]
