"""`make audit`: has what Intone is made of a known vulnerability?

pip-audit asks the package index, which knows them, about every package of `lock/app.txt`. Not every index does: a
mirror has the packages alone. So `make check` asks `--where-told`: where nobody can be asked, or the answer takes
longer than `MOST_S`, it says in one line that it was not done, and does not fail. A vulnerability always fails.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent

MOST_S, PATIENT_S = 9.0, 300.0
"""How long the answer may take in `make check`, and in `make audit`."""

OPTIONS = (
    *("--strict", "--disable-pip", "--require-hashes", "--requirement", "lock/app.txt"),
    *("--format", "json", "--progress-spinner", "off", "--timeout", "3"),
)


def audit(command: list[str], limit_s: float) -> tuple[list[str] | None, str]:
    """The vulnerabilities that `command` (pip-audit) tells of, None where it tells nothing, and a line about it."""
    with subprocess.Popen(
        [*command, *OPTIONS], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0
    ) as asking:
        try:
            told, wrong = asking.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired:
            os.killpg(asking.pid, signal.SIGKILL)
            return None, f"no answer within {limit_s:g} s"
    try:
        packages: list[dict[str, Any]] = json.loads(told)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return None, (wrong.strip().splitlines() or ["no answer"])[-1][:200]
    bad = [
        f"{package['name']} {package['version']}: {one['id']}, mended in {', '.join(one['fix_versions']) or 'nothing'}"
        for package in packages
        for one in package.get("vulns", ())
    ]
    return bad, f"{len(packages)} looked at, {len(bad)} known vulnerabilities"


def main() -> int:
    """Say what was found; 1 where there is a vulnerability, or it could not be looked for and that was all."""
    where_told = sys.argv[1] == "--where-told"
    bad, about = audit(sys.argv[1 + where_told :], MOST_S if where_told else PATIENT_S)
    for line in bad or ():
        sys.stderr.write(f"{line}\n")
    if bad is None:
        sys.stderr.write(f"audit: NOT DONE, this network knows of no vulnerabilities ({about})\n")
        return 0 if where_told else 1
    sys.stderr.write(f"audit: {about}\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
