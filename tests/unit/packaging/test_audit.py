"""What `make check` says of known vulnerabilities, with a stand-in for the program that asks."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "packaging"))
from audit import audit


def says(text: str, code: int) -> list[str]:
    program = (
        f"import sys; print({text!r}); print('it asks', 'no such index', sep='\\n', file=sys.stderr); exit({code})"
    )
    return [sys.executable, "-c", program]


def test_a_vulnerability_is_named() -> None:
    one = {"id": "CVE-1", "fix_versions": ["1.1"]}
    told = {"dependencies": [{"name": "a", "version": "1.0", "vulns": [one]}, {"name": "b", "version": "2"}]}
    bad, about = audit(says(json.dumps(told), 1), 20)
    assert bad == ["a 1.0: CVE-1, mended in 1.1"]
    assert about == "2 looked at, 1 known vulnerabilities"


def test_where_nobody_knows_it_is_said() -> None:
    assert audit(says("", 1), 20) == (None, "no such index")


def test_missing_program_is_said(tmp_path: Path) -> None:
    program = str(tmp_path / "pip-audit")
    assert audit([program], 20) == (None, f"{program} is not installed")


def test_what_takes_too_long_is_ended() -> None:
    began = time.monotonic()
    bad, about = audit(["sh", "-c", "sleep 60 & sleep 60"], 0.3)
    assert (bad, about) == (None, "no answer within 0.3 s")
    assert time.monotonic() - began < 30
