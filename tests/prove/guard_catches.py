"""How many wrong answers the meaning guard lets through, by what is wrong with them.

A good polish is taken and spoiled in one way at a time, as language models do it: a number, a name, a "not" is another,
something is left out, added, answered. The pairs are `guard_pairs.toml`, and where the data are there the fluent sides
of the two sets that `guard_alarms` uses. The bar is that no changed number, name or negation and nothing answered gets
through; the rest is a figure.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from desktop.polish.guard.guard import find_harm
from tests.prove.guard_alarms import Pair, disco, questions
from tests.prove.record import Run
from tests.prove.recordings import Absent

PAIRS = Path(__file__).with_name("guard_pairs.toml")

STRICT = ("number", "name", "negation dropped", "negation added", "answered", "talk")
"""What may never be let through."""

NAMES = ["Walter", "Ingrid", "Osaka", "Fernando", "Quebec", "Priya", "Tesco", "Miriam"]
PAIRED = (
    "before after,better worse,first last,open close,left right,buy sell,increase reduce,agree disagree,add remove,"
    "send keep,start stop,more less,on off,tomorrow today,pay refund,show hide,new old,my your,most least"
)
OPPOSITES = dict(pair.split() for pair in PAIRED.split(","))
TALK = (
    "Sure, here is the text: {}",
    "Here is the polished version:\n{}",
    "Okay. {}",
    "{}\n\nLet me know if you need anything else!",
    "Hi, {}",
    "{} Thanks!",
    "Best regards,\n{}",
    "I'm sorry, I can't help with that.",
    "As an AI, I cannot do that.",
)
FACTS = (
    " The weather was nice.",
    " This is important.",
    " He is forty years old.",
    " It happened in Geneva.",
    " 这很重要。",
)


type Spoil = Callable[[str, random.Random], Iterator[str]]


def number(text: str, chance: random.Random) -> Iterator[str]:
    """One digit is another, or a number word is."""
    for match in re.finditer(r"\d", text):
        yield text[: match.start()] + str((int(match.group()) + chance.randint(1, 9)) % 10) + text[match.end() :]
    words = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "twenty"]
    for match in re.finditer(rf"\b(?:{'|'.join(words)})\b", text):
        other = chance.choice([word for word in words if word != match.group()])
        yield text[: match.start()] + other + text[match.end() :]
    for match in re.finditer(r"\d[\d,.:]*\d|\d", text):
        yield (text[: match.start()] + text[match.end() :]).replace("  ", " ")


def name(text: str, chance: random.Random) -> Iterator[str]:
    """One name is another, and two change places."""
    found = [
        m
        for m in re.finditer(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b", text)
        if m.group().lower() not in ("what", "who", "which")
    ]
    for match in found:
        yield text[: match.start()] + chance.choice(NAMES) + text[match.end() :]
    for one, other in pairwise(found):
        if one.group() != other.group():
            between = text[one.end() : other.start()]
            yield text[: one.start()] + other.group() + between + one.group() + text[other.end() :]
    for one, other in (("王芳", "王强"), ("李明", "李华"), ("上海", "广州"), ("北京", "南京"), ("陈老师", "张老师")):
        if one in text:
            yield text.replace(one, other)


def dropped(text: str, chance: random.Random) -> Iterator[str]:
    """A negation goes."""
    for match in re.finditer(r"n't\b| not\b| never\b|\bno (?=\w)| without\b|(?<!不)不(?![对是])|没有|没|不要", text):
        yield (text[: match.start()] + text[match.end() :]).replace("ca ", "can ").replace("wo ", "will ")


def added(text: str, chance: random.Random) -> Iterator[str]:
    """A negation comes."""
    for match in re.finditer(r"\b(?:is|are|was|can|will|should|would|could|do|does|did|to)\b(?!n't| not)", text):
        yield text[: match.end()] + " not" + text[match.end() :]
    for match in re.finditer(r"是|要|同意|包括", text):
        yield text[: match.start()] + "不" + text[match.start() :]


def opposite(text: str, chance: random.Random) -> Iterator[str]:
    """A word is its opposite."""
    for one, other in OPPOSITES.items():
        if re.search(rf"\b{one}\b", text):
            yield re.sub(rf"\b{one}\b", other, text, count=1)


def word(text: str, chance: random.Random) -> Iterator[str]:
    """A word that carries something is another."""
    found = list(re.finditer(r"(?<= )[a-z]{5,}\b", text))
    for match in chance.sample(found, min(2, len(found))):
        yield text[: match.start()] + chance.choice(("banana", "window", "quickly", "suggests")) + text[match.end() :]


def clause(text: str, chance: random.Random) -> Iterator[str]:
    """A half, a clause or the last words go."""
    parts = re.split(r"(?<=[,.;:，。]) ?| (?=and |because |but |so |then )", text)
    if len(parts) > 1:
        for at in range(len(parts)):
            if len(re.findall(r"[a-z]{4,}|[\u4e00-\u9fff]", parts[at])) > 1:
                yield " ".join(parts[:at] + parts[at + 1 :])
    words = text.split()
    if len(words) > 7:
        yield " ".join(words[: len(words) // 2]) + "."
        yield " ".join(words[len(words) // 2 :])


def longer(text: str, chance: random.Random) -> Iterator[str]:
    """A sentence comes, or all comes twice."""
    yield text + chance.choice(FACTS)
    yield f"{text} {text}"


def talk(text: str, chance: random.Random) -> Iterator[str]:
    """The model speaks for itself."""
    for phrase in TALK:
        if not text.lower().startswith((phrase[:4].lower(), "hey")):
            yield phrase.format(text)


KINDS: dict[str, Spoil] = {
    "number": number,
    "name": name,
    "negation dropped": dropped,
    "negation added": added,
    "talk": talk,
    "opposite": opposite,
    "word": word,
    "clause": clause,
    "longer": longer,
}


def judged(pairs: list[Pair], chance: random.Random) -> tuple[Counter[str], Counter[str], list[tuple[str, str, str]]]:
    """How many were spoiled, how many of those got through, and these."""
    all_, through, shown = Counter[str](), Counter[str](), []
    for said, good in pairs:
        if find_harm(said, good):
            continue  # what the guard refuses whole cannot be let through spoiled
        for kind, spoil in KINDS.items():
            for answer in spoil(good, chance):
                if answer.lower() == good.lower() or _said_so(said, answer):
                    continue
                all_[kind] += 1
                if not find_harm(said, answer):
                    through[kind] += 1
                    shown.append((kind, said, answer))
    return all_, through, shown


def _said_so(said: str, answer: str) -> bool:
    """Whether the spoiled text is what was said, word for word."""
    return re.findall(r"\w+", said.lower()) == re.findall(r"\w+", answer.lower())


def prove(run: Run) -> dict[str, Any]:
    """The catch rate by kind, for the invented pairs and for the data."""
    found = tomllib.loads(PAIRS.read_text(encoding="utf-8"))
    chance = random.Random(run.seed)
    answered = [(said, answer) for said, answers in found["obeyed"] for answer in answers]
    let = [(said, answer) for said, answer in answered if not find_harm(said, answer)]
    sets: dict[str, list[Pair]] = {"invented": [(said, good) for said, good in found["pairs"]]}
    try:
        sets |= {"disco": chance.sample(disco(), run.upto(500)), "disfl-qa": chance.sample(questions(), run.upto(500))}
    except Absent as absent:
        sets["absent"] = []
        found["absent"] = str(absent)
    table, wrong = {}, [("answered", said, answer) for said, answer in let]
    for title, pairs in sets.items():
        all_, through, shown = judged(pairs, chance)
        table[title] = {kind: f"{all_[kind] - through[kind]}/{all_[kind]}" for kind in KINDS if all_[kind]}
        wrong += shown
    strict = [line for line in wrong if line[0] in STRICT]
    refused = [said for said, good in found["pairs"] if find_harm(said, good)]
    return {
        "answered": f"{len(answered) - len(let)}/{len(answered)}",
        "caught": table,
        "let_through": strict[:20],
        "good_refused": refused,
        "ok": not strict,
    }
