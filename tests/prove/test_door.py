"""A sample of the proof `door`."""

from __future__ import annotations

from pathlib import Path

from tests.prove.door import prove
from tests.prove.record import Run


def test_faults_hooks_and_a_slow_reader_do_no_harm(tmp_path: Path) -> None:
    found = prove(Run("door", 3, 5, tmp_path))
    assert found["ok"], found
