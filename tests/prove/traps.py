"""Sentences made to trap the rules: in some every word is meant, others were once written wrongly.

The first lose a word or they do not, as in `prose`; of the second the share is counted that is written as a careful
writer would, where a file says how (several lines for a sentence if several ways are right). A half of each set was
looked at while the rules were written, so the halves, every other sentence, are counted apart.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from desktop.core.types import DictationContext
from desktop.polish.rules.pipeline import PolishRules
from tests.prove.clean import data
from tests.prove.lost_words import find_loss
from tests.prove.prose import MODES
from tests.prove.record import Run, tell
from tests.prove.recordings import Absent

BARS = {"lost": 0.02, "right": 0.80}


def prove(run: Run) -> dict[str, Any]:
    """Both sets in both modes, or the first `run.limit` sentences of each."""
    folder = data() / "polish/traps"
    if not folder.is_dir():
        raise Absent(f"no traps: there is no {folder}")
    stay = column(folder / "words-stay.tsv", "sentence")[: run.limit]
    wrong = column(folder / "written-wrong.tsv", "sentence")[: run.limit]
    answers = right_answers(folder / "written-right.tsv")
    found: dict[str, Any] = {}
    for mode in MODES:
        rules = PolishRules(removals=mode)
        found[mode] = {"words_stay": halves(stay, rules, mode), "written_wrong": written(wrong, answers, rules, mode)}
    careful = found["careful"]
    shares = [half["right_share"] for half in careful["written_wrong"].values() if "right_share" in half]
    ok = all(half["share"] <= BARS["lost"] for half in careful["words_stay"].values())
    return {**found, "ok": ok and all(share >= BARS["right"] for share in shares)}


def column(path: Path, name: str) -> list[str]:
    """One column of a table."""
    with path.open(newline="", encoding="utf-8") as file:
        return [row[name] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row[name]]


def right_answers(path: Path) -> Mapping[str, Sequence[str]]:
    """What is right for each sentence, in which \\n is a new line; nothing if there is no such file."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    if path.is_file():
        for sentence, right in zip(column(path, "sentence"), column(path, "right"), strict=True):
            found[sentence].append(right.replace("\\n", "\n"))
    return found


def halves(texts: Sequence[str], rules: PolishRules, mode: str) -> dict[str, Any]:
    """Of each half the sentences that lose a word, and what took it."""
    found = {}
    for name, half in parted(texts):
        made = [(text, rules(text, DictationContext())) for text in half]
        losses = [
            (text, after.text, loss) for text, after in made if (loss := find_loss(text, after.text, after.changes))
        ]
        for text, after, loss in losses:
            tell(
                f"{mode} {name}: {loss.rule} {loss.confidence:.2f}: lost {' '.join(loss.words)}: {text!r} -> {after!r}"
            )
        by_rule = Counter(loss.rule for _, _, loss in losses)
        share = len(losses) / max(1, len(half))
        found[name] = {"sentences": len(half), "lost": len(losses), "share": round(share, 4), "by_rule": dict(by_rule)}
    return found


def written(
    texts: Sequence[str], answers: Mapping[str, Sequence[str]], rules: PolishRules, mode: str
) -> dict[str, Any]:
    """Of each half the sentences that lose a word, and where it is known, that are written as they should be."""
    found = halves(texts, rules, mode)
    for name, half in parted(texts):
        known = [(text, rules(text, DictationContext()).text) for text in half if text in answers]
        wrong = [(text, after) for text, after in known if after not in answers[text]]
        for text, after in wrong:
            tell(f"{mode} {name}: {text!r} -> {after!r}, not {answers[text][0]!r}")
        if known:
            share = round(1 - len(wrong) / len(known), 4)
            found[name] |= {"known": len(known), "right": len(known) - len(wrong), "right_share": share}
    return found


def parted(texts: Sequence[str]) -> list[tuple[str, Sequence[str]]]:
    """The halves: the first, third, fifth, and the others."""
    return [("odd", texts[::2]), ("even", texts[1::2])]
