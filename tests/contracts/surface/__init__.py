"""The public surface as it is frozen: what scripts, key bindings, settings files and translators rely on.

Each kind of it is a JSON file in this folder: sections, each a list of lines. `test_public_surface` compares them with
what the code has now. A line that is gone or otherwise fails unless `changes` names it; one that was added fails until
it is listed, which is one command (it takes nothing out and changes nothing that is frozen):

    python -m tests.contracts.surface

What imports the product is `product`, with `command_line`, `json_keys` and `samples`; `sources` reads its files by glob
and needs no module's name.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path

from tests.contracts.surface.changes import REMOVED, RENAMED_FILES, REWORDED

FOLDER = Path(__file__).parent

type Surface = dict[str, list[str]]
"""The sections of one kind, and the lines of each."""

REPLACED = REWORDED | RENAMED_FILES


def frozen(kind: str) -> Surface:
    """Return what is frozen, as it was first written down; empty for a new kind."""
    path = FOLDER / f"{kind}.json"
    surface: Surface = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return surface


def applied(before: Surface, replaced: Mapping[str, str] = REPLACED, removed: Collection[str] = REMOVED) -> Surface:
    """Return what is expected of the code where `before` is frozen and those lines and sections were changed."""
    return {
        replaced.get(section, section): [replaced.get(line, line) for line in lines if line not in removed]
        for section, lines in before.items()
        if section not in removed
    }


def renamed(now: Surface) -> Surface:
    """Return `now` with the new names of renamed files, which may still bear the old ones."""
    return {section: [RENAMED_FILES.get(line, line) for line in lines] for section, lines in now.items()}


def missing(wanted: Surface, found: Surface) -> list[str]:
    """Return each section and line of `wanted` that is not in `found`, a line as often as it lacks there."""
    lacks = [section for section in wanted if section not in found]
    for section in wanted.keys() & found.keys():
        lines = Counter(wanted[section]) - Counter(found[section])
        lacks += [f"{section}: {line}" for line in lines.elements()]
    return sorted(lacks)


def merged(
    before: Surface, now: Surface, replaced: Mapping[str, str] = REPLACED, removed: Collection[str] = REMOVED
) -> Surface:
    """Return `before` with what is new in `now`. What was changed keeps its old words."""
    old = {new: old for old, new in replaced.items()}
    found: Surface = {}
    for section, lines in now.items():
        name = section if section in before else old.get(section, section)
        known = before.get(name, [])
        found[name] = [old[line] if old.get(line) in known else line for line in lines]
        found[name] += [line for line in known if line in removed]
    return found | {section: lines for section, lines in before.items() if section in removed}


def write(kind: str, now: Surface) -> list[str]:
    """Add what is new to the file of `kind`; return what is gone, in which case nothing is written."""
    before = frozen(kind)
    gone = missing(applied(before), renamed(now))
    if not gone:
        (FOLDER / f"{kind}.json").write_text(_text(merged(before, now)), encoding="utf-8")
    return gone


def _text(surface: Surface) -> str:
    """JSON with a line of the file for each line of the surface."""
    sections = []
    for section, lines in surface.items():
        parts = [json.dumps(line, ensure_ascii=False) for line in lines]
        inside = "\n  " + ",\n  ".join(parts) + "\n " if len(parts) > 1 else "".join(parts)
        sections.append(f" {json.dumps(section, ensure_ascii=False)}: [{inside}]")
    return "{\n" + ",\n".join(sections) + "\n}\n"
