"""Pairs made by rule from real prose, in the kinds in which a small word changes what is meant: what the meaning guard
refuses of them, kind by kind.

A sentence of a book is what was dictated (in small letters, without marks, as a recognizer may write it, or as it
stands), and its answer is spoiled in one way: another direction, a question for a statement, an obligation that is
gone. A third of the pairs is spoiled in no way that matters: marks, capitals, contractions, fillers out, a misspelling
corrected, an article added, numbers in digits. The books are the plain texts in the folder `INTONE_BOOKS` (one file a
book) or, without that, those of `INTONE_DATA`; no sentence of theirs is kept here. Chinese pairs, pairs of numbers and
what books have too little of are made from templates. Half of all pairs stand among others: three to five sentences, of
which one, spoiled in no way, has a correction. `--seed` chooses all; `--part` takes one book.

Which words a spoiler exchanges is written in `guard_meaning_*.py` and their table, and nowhere in the guard, so that
what one forgets the other may know.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from desktop.polish.guard.guard import find_harm
from tests.prove.guard_meaning_books import books
from tests.prove.guard_meaning_harmful import HARMFUL_KINDS
from tests.prove.guard_meaning_harmless import HARMLESS_KINDS
from tests.prove.guard_meaning_pairs import DATA, NUMBERS, Make, Pair, plain
from tests.prove.record import Run

HARMFUL, HARMLESS = 1_000, 480
"""How many pairs of each."""

LEAST = 50
"""Fewest pairs of a kind: one with fewer proves nothing."""

SHOWN = 8
"""Most pairs of a kind that are shown where the guard errs."""

AROUND = (1, 3)
"""Fewest and most sentences around the two of which one is spoiled and one has a correction."""

CAUGHT, ALARMS = 0.99, 0.045
"""Least share of each harmful kind that is refused, most of the harmless."""


def made(texts: Sequence[str], kinds: dict[str, Make], count: int, chance: random.Random) -> dict[str, list[Pair]]:
    """About `count` pairs, as many of each kind; each sentence serves a kind once."""
    found: dict[str, list[Pair]] = {}
    for kind, make in kinds.items():
        found[kind] = []
        for text in chance.sample(texts, len(texts)):
            pairs = [pair for pair in make(text, chance) if _heard(pair.said) != _heard(pair.answer) or kind == "marks"]
            if pairs:
                pair = chance.choice(pairs)
                found[kind].append(_among_others(pair, texts, chance) if chance.random() < 0.5 else pair)
            if len(found[kind]) >= count // len(kinds):
                break
    return found


def _among_others(pair: Pair, texts: Sequence[str], chance: random.Random) -> Pair:
    """The pair among sentences that are written as they were said, and one with a correction."""
    if not pair.answer.isascii():
        return pair
    said, written = chance.choice(DATA["corrected"]["ways"])
    one, other = chance.sample(DATA["corrected"]["names"] if "at {one}" not in said else NUMBERS[1:], 2)
    others = [(text, text) for text in chance.sample(texts, chance.randint(*AROUND))]
    others.insert(chance.randint(0, len(others)), (said.format(one=one, other=other), written.format(other=other)))
    is_plain = pair.said == plain(pair.said)
    all_pairs = [(plain(a) if is_plain else a, b) for a, b in others]
    all_pairs.insert(
        chance.randint(0, len(all_pairs)), (pair.said if is_plain else _ended(pair.said), _ended(pair.answer))
    )
    return Pair(" ".join(a for a, _ in all_pairs), " ".join(b for _, b in all_pairs), pair.words)


def _ended(text: str) -> str:
    return text if text[-1:] in ".?!" else f"{text}."


def _heard(text: str) -> list[str]:
    return re.findall(r"[\w'’]+|\?", text.lower())


def prove(run: Run) -> dict[str, Any]:
    """The share of each kind that is refused, of all books together."""
    chance = random.Random(run.seed)
    texts = [text for each in books(run.part).values() for text in each]
    share = run.upto(HARMFUL + HARMLESS) / (HARMFUL + HARMLESS)
    table: dict[str, str] = {}
    missed: list[tuple[str, str, str]] = []
    alarms: Counter[str] = Counter()
    low = harmless = 0
    for kind, pairs in made(texts, HARMFUL_KINDS, round(HARMFUL * share), chance).items():
        through = [pair for pair in pairs if not find_harm(*pair)]
        missed += [(kind, pair.said, pair.answer) for pair in through[:SHOWN]]
        table[kind] = f"{len(pairs) - len(through)}/{len(pairs)}"
        low += len(through) > (1 - CAUGHT) * len(pairs) or len(pairs) < int(LEAST * share)
    refused: list[tuple[str, str, str]] = []
    for kind, pairs in made(texts, HARMLESS_KINDS, round(HARMLESS * share), chance).items():
        wrong = [(pair, harm) for pair in pairs if (harm := find_harm(*pair))]
        refused += [(f"{kind}: {harm}", pair.said, pair.answer) for pair, harm in wrong[:SHOWN]]
        alarms[kind] += len(wrong)
        harmless += len(pairs)
        low += len(pairs) < int(LEAST * share)
    return {
        "refused": table,
        "through": missed,
        "alarms": {kind: count for kind, count in alarms.items() if count},
        "alarmed": refused,
        "harmless": harmless,
        "share": alarms.total() / harmless,
        "ok": not low and alarms.total() <= ALARMS * harmless,
    }
