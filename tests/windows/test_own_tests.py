"""A sample of the project's own tests, run by the pytest in Windows; `make prove-windows-tests` runs them all."""

from __future__ import annotations

import pytest

from tests.prove.windows_tests import run_files
from tests.support.desks.wine import WineDesk

SAMPLE = (
    "tests/unit/settings/test_addresses.py",
    "tests/unit/history/test_notes.py",
    "tests/unit/hotkeys/test_gesture.py",
    "tests/unit/credentials/test_store.py",
)


@pytest.mark.timeout(900)  # 145 tests in a pytest that starts anew: five minutes on a machine with ten times its load
def test_settings_history_keys_and_credentials_hold_in_windows(desk: WineDesk) -> None:
    found = run_files(desk, SAMPLE, desk.folder / "outcomes.jsonl")
    assert {file: one["failed"] for file, one in found.items()} == {file: {} for file in SAMPLE}
    assert all(one["passed"] > 5 for one in found.values())
