"""Make pairs of which books have too few from templates: what is meant changes in each."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from tests.prove.guard_meaning_pairs import DATA, Pair, spoken


def _made(chance: random.Random, *parts: str) -> list[str]:
    """One word of each of these parts of the templates."""
    return [chance.choice(DATA["made"][part]) for part in parts]


def _sentence(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    return f"{text[:1].upper()}{text[1:]}."


def preposition(text: str, chance: random.Random) -> Iterator[Pair]:
    """A verb loses the preposition before its object, or gets one."""
    verb = chance.choice(list(DATA["reaching"]))
    who, what, when = _made(chance, "who", "what", "when")
    with_it = _sentence(f"{who} {verb} {chance.choice(DATA['reaching'][verb])} {what} {when}")
    without = _sentence(f"{who} {verb} {what} {when}")
    yield chance.choice((Pair(spoken(with_it, chance), without), Pair(spoken(without, chance), with_it)))
    for found in re.finditer(r"\b([a-z]+) (for|to|at|on|from|of) (?=(?:the|a|him|her|me|them)\b)", text):
        if found[2] in DATA["reaching"].get(found[1], ()):
            yield Pair(spoken(text, chance), text[: found.end(1) + 1] + text[found.end() :])


def passive(text: str, chance: random.Random) -> Iterator[Pair]:
    """What is done to a user becomes what the user does."""
    verb, (who, when) = chance.choice(DATA["passive"]["verbs"]), _made(chance, "who", "when")
    being = "are" if who in ("we", "they", "you", "the two girls") else "is"
    yield Pair(spoken(_sentence(f"{who} {being} {verb} {when}"), chance), _sentence(f"{who} {verb} {when}"))
    short = {"we": "we're", "they": "they're", "you": "you're", "she": "she's", "he": "he's"}
    if who in short:
        yield Pair(spoken(_sentence(f"{short[who]} {verb} {when}"), chance), _sentence(f"{who} {verb} {when}"))


def joined(text: str, chance: random.Random) -> Iterator[Pair]:
    """Two words are one that means another thing, or the other way round."""
    apart, together = chance.choice(DATA["apart"]["words"])
    who, when = _made(chance, "who", "when")
    pair = [_sentence(f"{who} said it was {one} there {when}") for one in (apart, together)]
    chance.shuffle(pair)
    yield Pair(spoken(pair[0], chance), pair[1])


def all_but(text: str, chance: random.Random) -> Iterator[Pair]:
    """What is left out is not, or is added."""
    everything, verb, rest = (chance.choice(DATA["all_but"][part]) for part in ("all", "verbs", "rest"))
    (when,) = _made(chance, "when")
    between = chance.choice((" and ", ", ", " "))
    said, answer = (_sentence(f"{verb} {everything}{word}{rest} {when}") for word in (" but ", between))
    yield Pair(spoken(said, chance), answer)


def preferred(text: str, chance: random.Random) -> Iterator[Pair]:
    """What should be used and what should not change places."""
    verb, way = chance.choice(DATA["preferred"]["verbs"]), chance.choice(DATA["preferred"]["ways"])
    one, other = chance.sample(DATA["preferred"]["things"], 2)
    (when,) = _made(chance, "when")
    said, answer = (_sentence(f"{verb} {a} {way} {b} {when}") for a, b in ((one, other), (other, one)))
    yield Pair(spoken(said, chance), answer)
