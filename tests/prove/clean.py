"""Texts that need no polish, through all its rules: what share is left alone.

Punctuated prose (`prose.txt`, written for this, with the words that rules look for in the senses that they must leave)
must come out to the character. References without marks or capitals are compared by their words in small letters, since
a capital and a mark are what they lack: the fluent sides of DISCO, the questions of Disfl-QA, what was read aloud for
the recordings. The bar holds for every set by itself: 99.5 %, or one text where it has fewer than 200.
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from desktop.core.types import DictationContext, RuleChange
from desktop.polish.rules.pipeline import PolishRules
from tests.prove.record import ROOT, Run, tell
from tests.prove.recordings import Absent

BAR = 0.995

_WORD = re.compile(r"[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+(?:['’]\w+)?")


def prove(run: Run) -> dict[str, Any]:
    """Each set's count, the share left alone, and which rules changed how many. Changed texts are told as they come."""
    sets = {"prose": _measured("prose", _exact, prose()[: run.limit])}
    try:
        folder = data()
    except Absent as absent:
        return {**sets, "skipped": str(absent), "ok": sets["prose"]["ok"]}
    for name, texts in (("disco", disco(folder)), ("disfl-qa", disfl_qa(folder)), ("read", read(folder))):
        sets[name] = _measured(name, _words, texts[: run.limit])
    return {**sets, "ok": all(found["ok"] for found in sets.values())}


def prose() -> list[str]:
    """Sentences as they are typed."""
    return Path(__file__).with_name("prose.txt").read_text(encoding="utf-8").splitlines()


def data() -> Path:
    """The folder of references. Raises `Absent`."""
    folder = Path(os.environ.get("INTONE_DATA", ROOT.parent / "shared/data"))
    if not (folder / "polish").is_dir():
        raise Absent(f"no references: {folder} has no polish (INTONE_DATA names another folder)")
    return folder


def disco(folder: Path) -> list[str]:
    """The fluent sides of DISCO."""
    with (folder / "polish/disco-en.tsv").open(newline="", encoding="utf-8") as file:
        return [row["fluent"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row["fluent"]]


def disfl_qa(folder: Path) -> list[str]:
    """The questions of Disfl-QA as they were written."""
    told = json.loads((folder / "polish/disfl-qa-dev.json").read_text(encoding="utf-8"))
    return [pair["original"].strip() for pair in told.values()]


def read(folder: Path) -> list[str]:
    """What was read aloud, each text once; spontaneous speech is not clean."""
    with (folder / "manifest.tsv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["text"]]
    kept = [row for row in rows if "spontaneous" not in row["kind"]]
    return list(dict.fromkeys(row["text"] for row in kept))


def _exact(before: str, after: str) -> bool:
    return before == after


def _words(before: str, after: str) -> bool:
    return _WORD.findall(before.lower()) == _WORD.findall(after.lower())


def _measured(name: str, same: Callable[[str, str], bool], texts: Iterable[str]) -> dict[str, Any]:
    rules, blamed, count, left = PolishRules(), Counter[str](), 0, 0
    for text in texts:
        made = rules(text, DictationContext())
        count += 1
        if same(text, made.text):
            left += 1
            continue
        blamed.update({change.rule for change in made.changes if _tells(change, same)})
        tell(f"{name}: {text!r} -> {made.text!r}")
    share = left / count if count else 0.0
    ok = count > 0 and (share >= BAR or count - left <= 1)
    return {"texts": count, "left_alone": round(share, 5), "changed_by": dict(blamed), "ok": ok}


def _tells(change: RuleChange, same: Callable[[str, str], bool]) -> bool:
    return not same(change.before, change.after)
