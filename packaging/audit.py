"""`make audit`: check Intone's dependencies for known vulnerabilities.

pip-audit asks the package index about every package of `lock/app.txt`. Mirrors of an index may not know
vulnerabilities. So `make check` uses `--where-known`: where the index cannot tell, or its answer takes longer than
`CHECK_TIMEOUT_S`, one line says that the audit was not done, and it does not fail. A vulnerability always fails.
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

CHECK_TIMEOUT_S, AUDIT_TIMEOUT_S = 9.0, 300.0
"""Timeouts in seconds for the answer, in `make check` and in `make audit`."""

OPTIONS = (
    *("--strict", "--disable-pip", "--require-hashes", "--requirement", "lock/app.txt"),
    *("--format", "json", "--progress-spinner", "off", "--timeout", "3"),
)


def audit(command: list[str], limit_s: float) -> tuple[list[str] | None, str]:
    """Run `command` (pip-audit); return the vulnerabilities, None if it reports nothing, and a line about it."""
    try:
        process = subprocess.Popen(
            [*command, *OPTIONS], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0
        )
    except FileNotFoundError:
        return None, f"{command[0]} is not installed"
    with process:
        try:
            output, errors = process.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return None, f"no answer within {limit_s:g} s"
    try:
        packages: list[dict[str, Any]] = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return None, (errors.strip().splitlines() or ["no answer"])[-1][:200]
    vulnerabilities = [
        f"{package['name']} {package['version']}: {vulnerability['id']}, "
        f"mended in {', '.join(vulnerability['fix_versions']) or 'nothing'}"
        for package in packages
        for vulnerability in package.get("vulns", ())
    ]
    return vulnerabilities, f"{len(packages)} looked at, {len(vulnerabilities)} known vulnerabilities"


def main() -> int:
    """Print the findings; return 1 for a vulnerability, or where the audit was required and not possible."""
    is_optional = sys.argv[1] == "--where-known"
    vulnerabilities, summary = audit(sys.argv[1 + is_optional :], CHECK_TIMEOUT_S if is_optional else AUDIT_TIMEOUT_S)
    for line in vulnerabilities or ():
        sys.stderr.write(f"{line}\n")
    if vulnerabilities is None:
        sys.stderr.write(f"audit: NOT DONE, this network knows of no vulnerabilities ({summary})\n")
        return 0 if is_optional else 1
    sys.stderr.write(f"audit: {summary}\n")
    return 1 if vulnerabilities else 0


if __name__ == "__main__":
    sys.exit(main())
