"""Every test, for `make test`: what waits for speech and windows, and beside it what does not.

Half of the tests hold a key, speak and read a window, at the pace of speech: meanwhile the processor idles. So the rest
runs beside them, and, with what is left over, ten seconds of nonsense for each reader of what others send. What
they said comes at the end, where something failed; whoever wants one test asks pytest as everywhere.
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
FUZZ = (sys.executable, "-m", "tests.prove", "fuzz", "--limit", "10", "--out", ".cache/sampled")


def beside(name: str, nice: int, command: Sequence[str]) -> tuple[subprocess.Popen[bytes], Path]:
    """Run `command` with that niceness; what it says goes to a file."""
    TOLD.mkdir(parents=True, exist_ok=True)
    file = TOLD / f"{name}.txt"
    with file.open("wb") as told:
        return subprocess.Popen(["nice", "-n", str(nice), *command], stdout=told, stderr=subprocess.STDOUT), file


def ending(lines: Sequence[str]) -> Sequence[str]:
    """What is told of tests that went well: what was skipped and why, which pytest's own summary says, or how it ended
    where there is none."""
    summary = next((at for at, line in enumerate(lines) if "short test summary info" in line), -5)
    return lines[summary:]


def main() -> int:
    """Run all; the exit status is 0 where all is well."""
    others = [
        beside("rest", 0, [*PYTEST, *(f"--ignore={folder}" for folder in AT_A_DESK)]),
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
