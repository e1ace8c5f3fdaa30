"""Run every test, for `make test`: those that wait for speech and windows, and beside them the others.

Half of the tests hold a key, speak and read a window, at the pace of speech: meanwhile the processor idles. So the rest
runs beside them, and at the lowest priority what reads the code alone (`make offline-checks`), and five seconds of
fuzzing for each parser of foreign input.
Their output comes at the end, whole where something failed. A single test is run by pytest itself.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

AT_A_DESK = ("tests/e2e", "tests/speech")
"""Where speech is played at its own pace, and programs are waited for."""

TOLD = Path(".cache/told")

PYTEST = (sys.executable, "-m", "pytest")
CHECKS = ("make", "--no-print-directory", "offline-checks")
FUZZ = (sys.executable, "-m", "tests.prove", "fuzz", "--limit", "5", "--out", ".cache/sampled")


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
        beside("rest", 0, [*PYTEST, *(f"--ignore={folder}" for folder in AT_A_DESK)]),
        beside("checks", 19, CHECKS),
        beside("fuzz", 19, FUZZ),
    ]
    try:
        failed = subprocess.call([*PYTEST, *AT_A_DESK]) != 0
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
