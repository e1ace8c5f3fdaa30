"""Numbers, dates, times, amounts and addresses as they are said and as they are written, by `intone polish`.

The cases are WeTextProcessing's: a file a category, `spoken => written` a line. The command is run rather than its rule
called: what a person can measure with is what is proven. Case and the closing mark are another rule's and do not count.
Sentences that are written already (the fluent sides of DISCO) are counted where the rule changes anything in them.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.numbers.numbers import edit_numbers
from tests.prove.record import ROOT, Run
from tests.prove.recordings import Absent

JUDGED = {
    "english": ("cardinal", "date", "decimal", "electronic", "measure", "money", "telephone", "time"),
    "chinese": ("cardinal", "date", "fraction", "math", "measure", "money", "number", "time"),
}
"""The categories that the bar is for; the others are ordinals, titles, brands, and the library's options."""

BAR = {"english": 0.98, "chinese": 0.92}
CLEAN = 0.995


def prove(run: Run) -> dict[str, Any]:
    """Every case of both languages, or the first `run.limit` of each category."""
    root = Path(os.environ.get("INTONE_DATA", ROOT.parent / "shared/data")) / "polish"
    if not (root / "itn").is_dir():
        raise Absent(f"no cases: {root} has no folder itn (INTONE_DATA names another folder)")
    found: dict[str, Any] = {language: _language(root / "itn" / language, language, run) for language in JUDGED}
    with (root / "disco-en.tsv").open(newline="") as file:
        fluent = [row["fluent"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    fluent = fluent[: run.upto(len(fluent))]
    touched = [
        text for text in fluent if apply_edits(text, edit_numbers(text, RuleContext("en")))[0].lower() != text.lower()
    ]
    found["clean"] = {"sentences": len(fluent), "changed": len(touched), "texts": touched}
    ok = all(found[language]["share"] >= BAR[language] for language in JUDGED)
    return {**found, "ok": ok and len(touched) <= (1 - CLEAN) * len(fluent)}


def _language(folder: Path, language: str, run: Run) -> dict[str, Any]:
    cases: list[tuple[str, str, str]] = []
    for path in sorted(folder.glob("*.txt")):
        pairs = [line.split("=>") for line in path.read_text("utf-8").splitlines() if "=>" in line]
        kind = path.stem.removeprefix("en_")
        cases += [(kind, said.strip(), written.strip()) for said, written in pairs[: run.upto(len(pairs))]]
    got = _polished([said for _, said, _ in cases], language)
    missed = [(*case, text) for case, text in zip(cases, got, strict=True) if _plain(case[2]) != _plain(text)]
    kinds = sorted({case[0] for case in cases})
    counts = {
        kind: [sum(c[0] == kind for c in cases) - sum(m[0] == kind for m in missed), sum(c[0] == kind for c in cases)]
        for kind in kinds
    }
    right, of = (sum(counts[kind][at] for kind in JUDGED[language]) for at in (0, 1))
    return {"share": round(right / of, 4), "right": right, "of": of, "by_kind": counts, "missed": missed}


def _plain(text: str) -> str:
    return text.lower().strip().rstrip(".。").strip()


def _polished(texts: Sequence[str], language: str) -> list[str]:
    command = [sys.executable, "-m", "desktop", "polish", "--mode", "rules", "--lines", "--json"]
    done = subprocess.run(
        command, input="\n".join(texts).encode(), cwd=ROOT, stdout=subprocess.PIPE, env=os.environ, check=True
    )
    return [json.loads(line)["text"] for line in done.stdout.decode().splitlines()]
