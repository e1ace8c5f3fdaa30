"""`intone doctor`: what works on this machine, and the command that mends each thing that does not; with `--network`
where the time goes that a service is waited for.

Findings are printed as they come, since one that waits for an answer must not hide those before it. Exit status 1 means
that dictation cannot work; what is only a comfort (a tray, say) is marked and does not fail.
"""

from __future__ import annotations

import argparse
import json
import shutil
import textwrap
from typing import TYPE_CHECKING

from desktop.visible import visible

if TYPE_CHECKING:
    from desktop.doctor import Finding

SERVICES = ("openai", "openai-live", "deepgram", "deepgram-live", "compatible", "polish")

NAME_WIDTH = 18
"""Characters: the longest check's name and a little air."""


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
    """Examine and print; 0 when everything is there that a dictation needs."""
    if arguments.network:
        return _network(arguments)
    from desktop.doctor import examine

    fine = True
    for finding in examine():
        print(as_json(finding) if arguments.json else as_text(finding), flush=True)
        fine = fine and (finding.ok or not finding.essential)
    return 0 if fine else 1


def _network(arguments: argparse.Namespace) -> int:
    """Measure and print; 1 where a service cannot be used."""
    from desktop.doctor.network.examined import examine

    found = examine("" if arguments.network is True else arguments.network, arguments.upload)
    print(json.dumps(found.json(), ensure_ascii=False) if arguments.json else found.text(), flush=True)
    return 0 if found.verdict.usable else 1


def as_json(finding: Finding) -> str:
    """One line."""
    fields = {"name": finding.name, "ok": finding.ok, "detail": finding.detail, "remedy": finding.remedy}
    return json.dumps(fields, ensure_ascii=False)


def as_text(finding: Finding) -> str:
    """A mark, the name and the sentence, the remedy below it: ✓ well, ✗ in the way of dictation, ○ merely missing."""
    mark = "✓" if finding.ok else "✗" if finding.essential else "○"
    width = max(shutil.get_terminal_size().columns, 60)
    margin = " " * (NAME_WIDTH + 3)
    line = textwrap.fill(
        f"{mark}  {finding.name:<{NAME_WIDTH}}{visible(finding.detail)}", width, subsequent_indent=margin
    )
    remedy = [f"{margin}{'  ' if above else '→ '}{step}" for above, step in enumerate(finding.remedy.splitlines())]
    return "\n".join([line, *remedy])
