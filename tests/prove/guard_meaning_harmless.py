"""Change sentences of books in each way that changes nothing of what is meant."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from tests.prove.guard_meaning_pairs import DATA, NUMBER, NUMBERS, OWN, Make, Pair, plain, spoken


def marks(text: str, chance: random.Random) -> Iterator[Pair]:
    """Marks and capitals come, or others."""
    yield Pair(plain(text), text)
    yield Pair(text, re.sub(r"[;:]", ",", text).replace(" - ", ", "))


def contraction(text: str, chance: random.Random) -> Iterator[Pair]:
    """Two words are one with an apostrophe, or the other way round."""
    short = DATA["contractions"]
    for long, brief in chance.sample(list(short.items()), len(short)):
        follow = (
            r"(?= (?:been|[a-z]+(?:ed|en|ne|wn))\b)" if long.endswith((" had", " has", " have")) else r"(?= [a-z]+)"
        )
        if match := re.search(rf"\b{long}\b{follow}", text, re.I):
            new = match.group()[:1] + brief[1:]
            contracted = text[: match.start()] + new + text[match.end() :]
            yield Pair(plain(text), contracted)
            yield Pair(plain(contracted), text)
            return


def bare(text: str, chance: random.Random) -> Iterator[Pair]:
    """The apostrophe of a contraction was not said, and comes."""
    for long, brief in chance.sample(list(DATA["bare"].items()), len(DATA["bare"])):
        if match := re.search(rf"\b(?:{long}|{brief})\b(?= [a-z]+)", text):
            answer = text[: match.start()] + brief + text[match.end() :]
            said = text[: match.start()] + brief.replace("'", "") + text[match.end() :]
            yield Pair(spoken(said, chance), answer)
            return


def filler(text: str, chance: random.Random) -> Iterator[Pair]:
    """Fillers and repeats go."""
    words = plain(text).split()
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(words))
        words.insert(at, chance.choice(("um", "uh", "er", "um", "uh", "hmm")))
    if chance.random() < 0.4 and words[0] in ("the", "i", "he", "she", "we", "it", "they", "my", "in"):
        words.insert(0, words[0])
    if chance.random() < 0.3:
        words[:0] = chance.choice(("well", "so", "okay so", "you know", "so um")).split()
    yield Pair(" ".join(words), text)


def spelling(text: str, chance: random.Random) -> Iterator[Pair]:
    """A misspelling is corrected."""
    found = list(re.finditer(r"(?<= )[a-z]{6,}\b", text))
    if not found:
        return
    match = chance.choice(found)
    word, at = match.group(), chance.randint(1, len(match.group()) - 3)
    doubled = re.search(r"(?<=.)([a-z])\1", word)
    wrong = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    wrong = chance.choice(
        (wrong, word[:at] + word[at] + word[at:], word.replace(doubled[0], doubled[1], 1) if doubled else wrong)
    )
    if wrong != word:
        yield Pair(plain(text[: match.start()] + wrong + text[match.end() :]), text)


def article(text: str, chance: random.Random) -> Iterator[Pair]:
    """An article comes."""
    found = list(
        re.finditer(r"(?<=[a-z] )(?:a|an|the) (?!few|little|great deal|hundred|thousand|half)(?=[a-z]+)", text)
    )
    if found:
        match = chance.choice(found)
        yield Pair(plain(text[: match.start()] + text[match.end() :]), text)


def digits(text: str, chance: random.Random) -> Iterator[Pair]:
    """Numbers come in digits."""
    found = list(re.finditer(rf"(?<=\w )(?:{NUMBER})(?= [a-z]+)(?! (?:or|and|hundred|thousand|million|o'clock))", text))
    if not found:
        return
    match = chance.choice(found)
    value = NUMBERS.index(match.group()) + 1
    before, after = text[: match.start()], text[match.end() :]
    a, b = sorted(chance.sample(range(2, 12), 2))
    way, right = chance.choice(
        (
            (match.group(), str(value)),
            (match.group(), str(value)),
            (f"{match.group()} hundred", f"{value}00"),
            (f"{NUMBERS[a - 1]} to {NUMBERS[b - 1]}", f"{a} to {b}"),
            (f"{NUMBERS[a - 1]} to {NUMBERS[b - 1]}", f"{a}-{b}"),
            (f"{NUMBERS[a - 1]} to {NUMBERS[b - 1]}", f"{a}–{b}"),
            (f"{NUMBERS[a - 1]} and {NUMBERS[b - 1]}", f"{a} and {b}"),
            (f"{NUMBERS[a - 1]} or {NUMBERS[b - 1]}", f"{a} or {b}"),
            (f"{NUMBERS[a - 1]} by {NUMBERS[b - 1]}", chance.choice((f"{a} × {b}", f"{a} by {b}", f"{a}x{b}"))),
            (f"{match.group()} hundred and {NUMBERS[a - 1]}", f"{100 * value + a}"),
            (f"{match.group()} point {NUMBERS[a - 1]}", f"{value}.{a}"),
            (f"twenty {NUMBERS[a % 9]}", f"{21 + a % 9}"),
        )
    )
    yield Pair(plain(before + way + after), before + right + after)


def own_spelling(text: str, chance: random.Random) -> Iterator[Pair]:
    """A word that is none is the user's own word."""
    heard, own = chance.choice(
        (
            ("grafanna", "Grafana"),
            ("kibanna", "Kibana"),
            ("assannah", "Asana"),
            ("trelo", "Trello"),
            ("figmah", "Figma"),
        )
    )
    found = list(re.finditer(r"(?<=[a-z] )(?:him|her|them|it|[A-Z][a-z]{3,})(?=[ ,.;])", text))
    if found:
        match = chance.choice(found)
        before, after = text[: match.start()], text[match.end() :]
        yield Pair(plain(before + heard + after), before + own + after, tuple(OWN))


HARMLESS_KINDS: dict[str, Make] = {
    "marks": marks,
    "contraction": contraction,
    "bare contraction": bare,
    "filler": filler,
    "spelling": spelling,
    "article": article,
    "digits": digits,
    "own spelling": own_spelling,
}
