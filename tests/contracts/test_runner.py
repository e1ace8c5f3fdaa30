"""What `python -m tests` makes of failed tests."""

from __future__ import annotations

from tests.__main__ import failures

PASSED = ["tests/e2e/test_look.py .   [100%]", "1 passed in 1.00s"]
FAILED = [
    "ERROR    root:logs.py:10 a line that a test has logged",
    "FAILED tests/e2e/test_look.py::test_a[x y] - assert 1 == 2",
    "ERROR tests/e2e/test_tray.py::test_b - AssertionError: no tray",
    "1 failed, 1 error in 1.00s",
]


def test_passed_stream_has_no_failures() -> None:
    assert failures("rest", 0, PASSED) == []


def test_failed_tests_are_listed_without_logged_lines() -> None:
    assert failures("rest", 1, FAILED) == FAILED[1:3]


def test_stream_that_failed_without_a_test_is_named() -> None:
    assert failures("checks", 2, PASSED) == ["checks: exit status 2"]
