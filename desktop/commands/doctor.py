"""`intone doctor`: what works on this machine, and the command that mends each thing that does not.

Findings are printed as they come, since one that waits for an answer must not hide those before it. Exit status 1 means
that dictation cannot work; what is only a comfort (a tray, say) is marked and does not fail.
"""

from __future__ import annotations

import argparse
import json
import shutil
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.doctor import Finding

NAME_WIDTH = 18
"""Characters: the longest check's name and a little air."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("doctor", help="say what works on this machine and how to mend the rest")
    parser.add_argument("--json", action="store_true", help="one JSON object a line: name, ok, detail, remedy")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Examine and print; 0 when everything is there that a dictation needs."""
    from desktop.doctor import examine

    fine = True
    for finding in examine():
        print(as_json(finding) if arguments.json else as_text(finding), flush=True)
        fine = fine and (finding.ok or not finding.essential)
    return 0 if fine else 1


def as_json(finding: Finding) -> str:
    """One line."""
    fields = {"name": finding.name, "ok": finding.ok, "detail": finding.detail, "remedy": finding.remedy}
    return json.dumps(fields, ensure_ascii=False)


def as_text(finding: Finding) -> str:
    """A mark, the name and the sentence, the remedy below it: ✓ well, ✗ in the way of dictation, ○ merely missing."""
    mark = "✓" if finding.ok else "✗" if finding.essential else "○"
    width = max(shutil.get_terminal_size().columns, 60)
    margin = " " * (NAME_WIDTH + 3)
    line = textwrap.fill(f"{mark}  {finding.name:<{NAME_WIDTH}}{finding.detail}", width, subsequent_indent=margin)
    remedy = [f"{margin}{'  ' if above else '→ '}{step}" for above, step in enumerate(finding.remedy.splitlines())]
    return "\n".join([line, *remedy])
