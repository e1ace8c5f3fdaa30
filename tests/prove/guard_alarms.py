"""How often the meaning guard refuses a good polish: the fluent sides of two sets of disfluent sentences, taken as what
a language model answered to the disfluent ones.

DISCO's are commands with fillers, repeats and restarts; Disfl-QA's are questions that are taken back half-way, which
annotators put right in their own words (and spelling): what of them is no polish at all counts as an alarm as well.
The data are no part of the project (`recordings`), and the guard was tuned on all of them; another half of both sets
judges.

The bar is met on DISCO and not on Disfl-QA. In one pair of twenty there the annotators wrote a word that nobody had
said, or none of those that were (the text is "#VALUE!"); in others they turned the sentence round. To forgive one such
word, and two that are gone, in every text of more than five words that carry something was tried: a pair in fifty was
alarmed at less, and of `guard_catches`' exchanged words four in ten got through.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

from desktop.polish.meaning import harm
from desktop.polish.rules import Rules
from desktop.ports import Context
from tests.prove.record import ROOT, Run
from tests.prove.recordings import Absent

EACH = 500
BAR = 0.03

type Pair = tuple[str, str]
"""What was said, and what one would have typed."""


def _folder() -> Path:
    folder = Path(os.environ.get("INTONE_DATA", ROOT.parent / "shared/data")) / "polish"
    if not folder.is_dir():
        raise Absent(f"no pairs: there is no {folder} (INTONE_DATA names another folder)")
    return folder


def disco() -> list[Pair]:
    """DISCO's English pairs. Raises `Absent`."""
    lines = (_folder() / "disco-en.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [(said, meant) for said, meant, *_ in (line.split("\t") for line in lines)]


def questions() -> list[Pair]:
    """Disfl-QA's pairs. Raises `Absent`."""
    found = json.loads((_folder() / "disfl-qa-dev.json").read_text(encoding="utf-8"))
    return [(pair["disfluent"], pair["original"]) for pair in found.values()]


def prove(run: Run) -> dict[str, Any]:
    """The share of alarms by set, and both together; `run.limit` is how many of each."""
    chance, each = random.Random(run.seed), run.upto(EACH)
    sets = {"disco": disco(), "disfl-qa": questions()}
    found: dict[str, Any] = {}
    rules = Rules()
    alarms = total = 0
    slowest = 0.0
    for name, pairs in sets.items():
        why: Counter[str] = Counter()
        taken = chance.sample(pairs, min(each, len(pairs)))
        for said, meant in taken:
            began = time.perf_counter()
            wrong = harm(said, meant)
            slowest = max(slowest, time.perf_counter() - began)
            if wrong and harm(rules(said, Context()).text, meant):  # as `polish.llm` does
                why[wrong] += 1
        found[name] = {"pairs": len(taken), "alarms": why.total(), "share": why.total() / len(taken), "why": dict(why)}
        alarms, total = alarms + why.total(), total + len(taken)
    return {**found, "share": alarms / total, "slowest_ms": round(1e3 * slowest, 1), "ok": alarms / total <= BAR}
