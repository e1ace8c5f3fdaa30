"""How often the meaning guard refuses a good polish: the fluent sides of two sets of disfluent sentences, taken as what
a language model answered to the disfluent ones.

DISCO's are commands with fillers, repeats and restarts; Disfl-QA's are questions that are taken back half-way, which
annotators put right in their own words (and spelling): what of them is no polish at all counts as an alarm as well.
The data are no part of the project (`recordings`), and the guard was tuned on all of them; another half of both sets
judges.

In most of the pairs of Disfl-QA that are alarmed at, the annotators wrote a word that had not been said (a typo, a
paraphrase, an addition), or none of those that were (the text is "#VALUE!"). The guard is there to refuse just that, so
the share is given with them, which the bar is set against, and without (`said`): a fluent side counts as `unsaid` where
a word of four letters and more begins like none of the disfluent one's. To forgive a word that was not said outside of
sentences that are told anew was tried: four exchanged words in ten got through.
"""

from __future__ import annotations

import json
import os
import random
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

from desktop.core.types import DictationContext
from desktop.polish.guard.guard import find_harm
from desktop.polish.rules.pipeline import PolishRules
from tests.prove.record import ROOT, Run
from tests.prove.recordings import Absent

EACH = 500
BAR = 0.045

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


def unsaid(said: str, meant: str) -> bool:
    """Whether a longer word of `meant` begins like no word of `said`, by four letters or all but its last."""
    words = re.findall(r"[^\W\d_]+", said.lower())
    return any(
        not any(word.startswith(new[: min(4, len(new) - 1)]) for word in words)
        for new in re.findall(r"[^\W\d_]{4,}", meant.lower())
    )


def prove(run: Run) -> dict[str, Any]:
    """The share of alarms by set, and both together; `run.limit` is how many of each."""
    chance, each = random.Random(run.seed), run.upto(EACH)
    sets = {"disco": disco(), "disfl-qa": questions()}
    found: dict[str, Any] = {}
    rules = PolishRules()
    alarms = total = invented = 0
    slowest = 0.0
    for name, pairs in sets.items():
        why: Counter[str] = Counter()
        taken = chance.sample(pairs, min(each, len(pairs)))
        for said, meant in taken:
            began = time.perf_counter()
            wrong = find_harm(said, meant)
            slowest = max(slowest, time.perf_counter() - began)
            if wrong and find_harm(rules(said, DictationContext()).text, meant):  # as `polish.llm_polisher` does
                why[wrong] += 1
                invented += unsaid(said, meant)
        found[name] = {"pairs": len(taken), "alarms": why.total(), "share": why.total() / len(taken), "why": dict(why)}
        alarms, total = alarms + why.total(), total + len(taken)
    share = {"share": alarms / total, "unsaid": invented, "said": (alarms - invented) / total}
    return {**found, **share, "slowest_ms": round(1e3 * slowest, 1), "ok": alarms / total <= BAR}
