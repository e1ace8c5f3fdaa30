"""Run every test, for `make test`: those that wait for speech and windows, and beside them the others.

Those of whole desks hold a key, speak and read a window, at the pace of speech, and those of the integration wait for
programs and servers: meanwhile the processor idles. So both run side by side, with the rest at a lower priority, and at
the lowest ten seconds of fuzzing for each parser of foreign input.
Their output comes at the end, whole where something failed. A single test is run by pytest itself.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

AT_A_DESK = "tests/e2e"
"""Where speech is played at its own pace, and programs are waited for."""

INTEGRATION = "tests/integration"
"""Where displays, sound servers and services are waited for."""

TOLD = Path(".cache/told")

PYTEST = (sys.executable, "-m", "pytest")
FUZZ = (sys.executable, "-m", "tests.prove", "fuzz", "--limit", "10", "--out", ".cache/sampled")


def beside(name: str, nice: int, command: Sequence[str]) -> tuple[subprocess.Popen[bytes], Path]:
    """Run `command` with that niceness and its output in a file."""
    TOLD.mkdir(parents=True, exist_ok=True)
    file = TOLD / f"{name}.txt"
    with file.open("wb") as told:
        return subprocess.Popen(["nice", "-n", str(nice), *command], stdout=told, stderr=subprocess.STDOUT), file


def ending(lines: Sequence[str]) -> Sequence[str]:
    """Select what is printed of tests that passed: pytest's summary of skipped tests, or its last lines."""
    summary = next((at for at, line in enumerate(lines) if "short test summary info" in line), -5)
    return lines[summary:]


def main() -> int:
    """Run all; return the exit status, 0 if every test passed."""
    others = [
        beside("integration", 0, [*PYTEST, INTEGRATION]),
        beside("rest", 10, [*PYTEST, f"--ignore={AT_A_DESK}", f"--ignore={INTEGRATION}"]),
        beside("fuzz", 19, FUZZ),
    ]
    try:
        failed = subprocess.call([*PYTEST, AT_A_DESK]) != 0
        for process, file in others:
            status = process.wait()
            failed = failed or status != 0
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
            sys.stdout.write("\n".join(["", f"{file}:", *(lines if status else ending(lines)), ""]))
            sys.stdout.flush()
    finally:
        for process, _ in others:
            process.terminate()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
