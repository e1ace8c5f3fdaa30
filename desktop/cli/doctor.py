"""`intone doctor`: check what works on this machine, with the command that repairs the rest; `--network` measures
services.

Findings are printed as they arrive, since a check that waits must not hide earlier ones. Exit status 1 means that
dictation cannot work; a missing convenience (a tray, say) is marked and does not fail.
"""

from __future__ import annotations

import argparse
import json
import shutil
import textwrap
from typing import TYPE_CHECKING

from desktop.core.message_json import dump_message
from desktop.core.text import make_printable

if TYPE_CHECKING:
    from desktop.doctor.checks import Finding

SERVICES = ("openai", "openai-live", "deepgram", "deepgram-live", "compatible", "polish")

NAME_WIDTH = 18
"""Characters of the name column: the longest check's name and some space."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("doctor", help="say what works on this machine and how to mend the rest")
    parser.add_argument("--json", action="store_true", help="one JSON object a line: name, ok, detail, remedy")
    parser.add_argument(
        "--network",
        nargs="?",
        const=True,
        choices=SERVICES,
        metavar="ENGINE",
        help=f"measure the way to the services of the settings, or to one: {', '.join(SERVICES)}; one JSON object",
    )
    parser.add_argument(
        "--upload", action="store_true", help="with --network: send 10 s of noise too, which costs what speech does"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the checks and print the findings; return 0 if everything that dictation needs is there."""
    if arguments.network:
        return _run_network(arguments)
    from desktop.doctor.checks import run_checks

    can_dictate = True
    for finding in run_checks():
        print(format_json(finding) if arguments.json else format_text(finding), flush=True)
        can_dictate = can_dictate and (finding.ok or not finding.essential)
    return 0 if can_dictate else 1


def _run_network(arguments: argparse.Namespace) -> int:
    """Measure and print; return 1 where a service cannot be used."""
    from desktop.doctor.network.run import measure_services

    report = measure_services("" if arguments.network is True else arguments.network, arguments.upload)
    print(json.dumps(report.json(), ensure_ascii=False) if arguments.json else report.text(), flush=True)
    return 0 if report.verdict.usable else 1


def format_json(finding: Finding) -> str:
    """Return the finding as one JSON line, with its message for the windows."""
    message = finding.message
    fields = {"name": finding.name, "ok": finding.ok, "detail": message.title, "remedy": message.remedy}
    return json.dumps({**fields, "message": dump_message(message)}, ensure_ascii=False)


def format_text(finding: Finding) -> str:
    """Return a mark, the name and the detail, with the remedy below: ✓ fine, ✗ dictation is blocked, ○ missing but
    optional."""
    mark = "✓" if finding.ok else "✗" if finding.essential else "○"
    width = max(shutil.get_terminal_size().columns, 60)
    margin = " " * (NAME_WIDTH + 3)
    line = textwrap.fill(
        f"{mark}  {finding.name:<{NAME_WIDTH}}{make_printable(finding.message.title)}", width, subsequent_indent=margin
    )
    steps = finding.message.remedy.splitlines()
    remedy = [f"{margin}{'  ' if above else '→ '}{step}" for above, step in enumerate(steps)]
    return "\n".join([line, *remedy])
