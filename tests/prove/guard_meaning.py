"""Pairs made by rule from real prose, in the kinds in which a small word changes what is meant: what the meaning guard
refuses of them, kind by kind.

A sentence of a book is what was dictated (in small letters, without marks, as a recognizer may write it, or as it
stands), and its answer is spoiled in one way: another direction, a question for a statement, an obligation that is
gone. A third of the pairs is spoiled in no way that matters: marks, capitals, contractions, fillers out, a misspelling
corrected, an article added, numbers in digits. The books are `BOOKS` in `INTONE_BOOKS` (one file a book, plain text)
or, without that, those of `INTONE_DATA`; no sentence of theirs is kept here. Chinese pairs, pairs of numbers and what
books have too little of are made from templates. Half of all pairs stand among others: three to five sentences, of
which one, spoiled in no way, has a correction. `--seed` chooses all; `--part` takes one book.

Which words a spoiler exchanges is written here and nowhere in the guard, so that what one forgets the other may know.
"""

from __future__ import annotations

import os
import random
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple

from desktop.polish.guard.guard import find_harm
from tests.prove.record import ROOT, Run
from tests.prove.recordings import Absent

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

WORDS_OF_A_SENTENCE = range(4, 26)

DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

OWN: list[str] = DATA["own"]
"""Own words of an invented user."""


class Pair(NamedTuple):
    """What was said, an answer to it, and the own words of the user who said it."""

    said: str
    answer: str
    words: tuple[str, ...] = ()


type Make = Callable[[str, random.Random], Iterator[Pair]]

NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_NUMBER = "|".join(NUMBERS[1:])
_SUBJECT = r"(?:I|you|he|she|it|we|they|there|this|that)"
_AUXILIARY = r"(?:am|is|are|was|were|has|have|had|can|could|will|would|should|must|may|shall)"
_PAST: dict[str, str] = DATA["past"]
_PAST_WORD = "|".join(_PAST)


def plain(text: str) -> str:
    """`text` as a recognizer without marks writes it."""
    return re.sub(r"\s+", " ", re.sub(r"[^\w\s'’-]|(?<=\s)-|-(?=\s)", " ", text.lower())).strip()


def _spoken(text: str, chance: random.Random) -> str:
    return plain(text) if chance.random() < 0.7 else text


def _exchanged(text: str, pattern: str, other: Callable[[re.Match[str]], str], chance: random.Random) -> Iterator[Pair]:
    """`text` and what it is with one match of `pattern` replaced."""
    found = list(re.finditer(pattern, text))
    for match in chance.sample(found, min(1, len(found))):
        new = other(match)
        if new.lower() == match.group().lower():
            continue
        if match.start() == 0:
            new = new[:1].upper() + new[1:]
        answer = re.sub(r" {2,}", " ", text[: match.start()] + new + text[match.end() :]).strip()
        yield Pair(_spoken(text, chance), answer[:1].upper() + answer[1:])


def _both(one: str, other: str) -> dict[str, str]:
    return {one: other, other: one}


def direction(text: str, chance: random.Random) -> Iterator[Pair]:
    """A preposition of direction, of place or of time is another."""
    others = DATA["directions"]
    pattern = (
        rf"(?<=\w )(?:{'|'.join(sorted(others, key=len, reverse=True))})(?= (?:the|a|my|his|her|their|our|[A-Z]\w+)\b)"
    )
    yield from _exchanged(text, pattern, lambda match: chance.choice(others[match.group()]), chance)


def question(text: str, chance: random.Random) -> Iterator[Pair]:
    """A statement is a question, or the other way round."""
    begins = re.match(
        rf"(?:(?P<lead>(?:And|But|So|Then|Well),? ))?(?P<who>{_SUBJECT}) (?P<verb>{_AUXILIARY}|{_PAST_WORD}) ",
        text,
        re.I,
    )
    if begins and text.endswith(".") and not re.search(r"[,;:!?\"]", text[begins.end() :]):
        who = begins["who"] if begins["who"] == "I" else begins["who"].lower()
        verb, rest = begins["verb"].lower(), text[begins.end() : -1]
        asked = f"{verb.capitalize()} {who} {rest}?" if verb not in _PAST else f"Did {who} {_PAST[verb]} {rest}?"
        stated = f"{who[:1].upper()}{who[1:]} {verb} {rest}."
        yield Pair(_spoken(stated, chance), asked)
        yield Pair(plain(asked), stated)
        if verb in _PAST:
            where = chance.choice(("when", "why", "where", "how"))
            yield Pair(
                f"{where} did {plain(f'{who} {_PAST[verb]} {rest}')}", f"{where.capitalize()} {who} {verb} {rest}."
            )
        else:
            where = chance.choice(("when", "why", "where", "how"))
            yield Pair(f"{where} {verb} {plain(f'{who} {rest}')}", f"{where.capitalize()} {who} {verb} {rest}.")
    named = re.search(
        rf"\b(?P<one>[A-Z][a-z]{{2,}}) (?P<verb>{_PAST_WORD}) (?P<other>me|you|him|her|us|them|[A-Z][a-z]+)\b", text
    )
    if named and named["one"] not in (
        "The",
        "They",
        "She",
        "You",
        "And",
        "But",
        "Then",
        "What",
        "Who",
        "This",
        "That",
        "There",
        "How",
        "When",
        "Why",
    ):
        yield Pair(f"who did {named['one'].lower()} {_PAST[named['verb']]}", f"Who {named['verb']} {named['one']}?")
        yield Pair(f"who {named['verb']} {named['one'].lower()}", f"Who did {named['one']} {_PAST[named['verb']]}?")


def obligation(text: str, chance: random.Random) -> Iterator[Pair]:
    """What must be may be, or need not be."""
    others = DATA["obligations"]
    yield from _exchanged(
        text,
        rf"(?<=\w )(?:{'|'.join(others)})(?= [a-z]+\b)",
        lambda match: chance.choice(others[match.group()]),
        chance,
    )
    for match in re.finditer(rf"\b({_SUBJECT}) (do not|don't|did not|didn't) (?=(?:[a-z]+) )", text, re.I):
        said = text[: match.end()] + "have to " + text[match.end() :]
        yield Pair(_spoken(said, chance), text)
        yield Pair(_spoken(text, chance), said)
    for match in re.finditer(
        r"\b(I|you|we|they) (?=(?:know|go|come|see|take|tell|think|want|make|give|leave|pay|keep)\b)", text, re.I
    ):
        word = chance.choice(("have to", "must", "may", "can", "should"))
        said = text[: match.end()] + word + " " + text[match.end() :]
        yield Pair(_spoken(said, chance), text)
        yield Pair(_spoken(text, chance), said)


def hedge(text: str, chance: random.Random) -> Iterator[Pair]:
    """What was not sure is, or the other way round."""
    words = DATA["hedges"]
    begins = re.match(rf"(?:{_SUBJECT}|The [a-z]+|My [a-z]+|[A-Z][a-z]+) (?:{_AUXILIARY}|{_PAST_WORD}) ", text, re.I)
    if begins and text.endswith("."):
        word = chance.choice(words)
        first = (
            text if text.startswith("I ") or re.match(r"[A-Z][a-z]+ (?!is|was)", text) else text[:1].lower() + text[1:]
        )
        said = f"{word} {first}"
        yield Pair(plain(said), text)
        yield Pair(_spoken(text, chance), f"{word[:1].upper()}{word[1:]} {first}")
    inside = re.search(r"\b(?:is|was|are|were|had|has) (?!not|n't)(?=[a-z]+(?:ed|en|ing)\b)", text)
    if inside:
        word = chance.choice(("probably", "almost", "nearly", "perhaps", "possibly", "maybe"))
        said = text[: inside.end()] + word + " " + text[inside.end() :]
        yield Pair(plain(said), text)
        yield Pair(_spoken(text, chance), said)
    for match in re.finditer(rf"(?<=[a-z] )(?:{_NUMBER}|twenty|thirty|forty|fifty|a hundred)(?= [a-z]+s\b)", text):
        word = chance.choice(("about", "almost", "nearly", "around", "roughly"))
        said = f"{text[: match.start()]}{word} {text[match.start() :]}"
        yield Pair(plain(said), text)
        yield Pair(_spoken(text, chance), said)
    yield from _exchanged(
        text,
        r"(?<=\w )(?:almost|nearly|about(?= [a-z]+ty)|perhaps|probably|possibly|maybe)\b,?",
        lambda match: "",
        chance,
    )


def tense(text: str, chance: random.Random) -> Iterator[Pair]:
    """To be or to have is in another tense."""
    others = DATA["tenses"]
    yield from _exchanged(
        text,
        rf"(?<=\w )(?:{'|'.join(others)})(?= (?!to\b|better\b)[a-z]+)",
        lambda match: chance.choice(others[match.group()]),
        chance,
    )
    short = DATA["contracted_past"]
    for match in re.finditer(rf"\b(?:{'|'.join(short)})\b(?! to\b| better\b)", text, re.I):
        old = match.group()
        new = next(short[one] for one in short if one.lower() == old.lower())
        yield Pair(_spoken(text, chance), text[: match.start()] + old[:1] + new[1:] + text[match.end() :])


def numbers_apart(text: str, chance: random.Random) -> Iterator[Pair]:
    """Two numbers are one, or a range is a time or a fraction."""
    for match in re.finditer(rf"\b(?:{_NUMBER})\b(?! (?:hundred|thousand|million|of|o'clock))(?= [a-z])", text):
        one, other = chance.randint(2, 9), chance.randint(2, 9)
        if one == other:
            continue
        a, b = NUMBERS[one - 1], NUMBERS[other - 1]
        ways: list[tuple[str, Sequence[str]]] = [
            (
                f"{a} and {b}",
                (
                    f"{one}{other}",
                    f"{one}.{other}",
                    f"{one}/{other}",
                    f"{a}ty-{b}" if a in ("six", "seven", "eight") else f"{one}{other}",
                ),
            ),
            (f"{a} or {b}", (f"{one}{other}", f"{one} and {other}", f"{one}.{other}")),
            (f"{a} by {b}", (f"{one}{other}", f"{one}/{other}")),
            (f"{a} to {b}", (f"{one}{other}", f"{one}/{other}", f"{other - 1 or 12}:{60 - one}", f"{one}.{other}")),
            (f"{a} through {b}", (f"{one}{other}", f"{one}/{other}")),
            (f"{a} hundred to {b} hundred", (f"{one}00{other}00", f"{one}00,{other}00")),
            (f"{a} hundred and {a} hundred", (f"{one}00{one}00",)),
            (f"{a}ty to {b}ty" if {a, b} <= {"six", "seven", "nine"} else "twenty to thirty", ("2030", "20/30")),
            (f"{a} in {b}", (f"{one}{other}", f"{other}:{one:02}")),
            (f"{a} out of {b}", (f"{one}{other}", f"{one} and {other}")),
            (f"{a} minus {b}", (f"{one}{other}", f"{one} to {other}")),
            (f"{a} over {b}", (f"{one}{other}", f"{one} and {other}")),
        ]
        way, wrong = chance.choice(ways)
        said = text[: match.start()] + way + text[match.end() :]
        answer = text[: match.start()] + chance.choice(wrong) + text[match.end() :]
        if way == "twenty to thirty" or not way.startswith(f"{a}ty"):
            yield Pair(plain(said), answer[:1].upper() + answer[1:])


def alternatives(text: str, chance: random.Random) -> Iterator[Pair]:
    """Both are either, or either is both."""
    yield from _exchanged(
        text, r"(?<=[a-z] )(?:and|or)(?= [a-z]+)", lambda match: "or" if match.group() == "and" else "and", chance
    )
    for match in re.finditer(r"\b(my|his|her|the) ([a-z]+) and \1 ([a-z]+)\b", text):
        for said, answer in (
            ("neither {} nor {}", "either {} or {}"),
            ("neither {} nor {}", "{} and {}"),
            ("either {} or {}", "both {} and {}"),
            ("{} or {}", "{} and {}"),
            ("both {} and {}", "either {} or {}"),
            ("either {} or {}", "neither {} nor {}"),
        ):
            one, other = f"{match[1]} {match[2]}", f"{match[1]} {match[3]}"
            before, after = text[: match.start()], text[match.end() :]
            answered = before + answer.format(one, other) + after
            yield Pair(plain(before + said.format(one, other) + after), answered[:1].upper() + answered[1:])
    named = re.search(rf"\b({_SUBJECT} (?:{_PAST_WORD}|saw|met|called)) ([A-Z][a-z]{{2,}})\b", text)
    if named:
        other = chance.choice(("Olga", "Stephen", "Ravi", "Brenda"))
        cue = chance.choice(("sorry", "no wait", "I mean", "no", "rather"))
        verb = named[1].split()[-1]
        again = chance.choice(("", f"{verb} "))
        rest = text[named.end() :]
        yield Pair(
            plain(f"{text[: named.end()]} {cue} {again}{other}{rest}"), f"{text[: named.end()]} and {other}{rest}"
        )
        yield Pair(
            plain(f"{text[: named.end()]} {cue} {again}{other}{rest}"), f"{text[: named.end()]} or {other}{rest}"
        )


def quantity(text: str, chance: random.Random) -> Iterator[Pair]:
    """A few are few, a little is little, or the other way round."""
    swaps = {"a few": "few", "a little": "little", "few": "a few", "little": "a little"}
    bare = "".join(
        rf"(?<!\b{word} )" for word in ("a", "A", "the", "his", "her", "my", "your", "our", "their", "this", "that")
    )
    pattern = rf"(?<=\w )(?:a few|a little|{bare}few|{bare}little)(?= [a-z]+)"
    yield from _exchanged(text, pattern, lambda match: swaps[match.group()], chance)


def known(text: str, chance: random.Random) -> Iterator[Pair]:
    """What is known is not, this one is that one, or the other way round."""
    yield from _exchanged(
        text,
        r"(?<=\w )(?:a|an|the)(?= [a-z]+)",
        lambda match: (
            "the" if match.group() != "the" else ("an" if re.match(" [aeiou]", match.string[match.end() :]) else "a")
        ),
        chance,
    )
    yield from _exchanged(
        text,
        r"(?<=\w )(?:this|that|these|those)(?= [a-z]+[a-z]\b)",
        lambda match: {"this": "that", "that": "this", "these": "those", "those": "these"}[match.group()],
        chance,
    )


def double_negation(text: str, chance: random.Random) -> Iterator[Pair]:
    """One of two negations is gone, or both are."""
    who, verb, when, end = (chance.choice(DATA["chinese"][part]) for part in ("who", "does", "when", "end"))
    way, wrong = chance.choice(list(DATA["negated_twice"].items()))
    subject = "" if "人" in way else who
    yield Pair(f"{when}{subject}{way}{verb}{end}", f"{when}{subject}{chance.choice(wrong)}{verb}{end}。")
    for match in re.finditer(
        rf"\b({_SUBJECT}) (was|is|were|are|could|can|would|should|do|did) not (?=[a-z]+)", text, re.I
    ):
        word = chance.choice(("not ", "never ", "without reason not "))
        twice = f"{text[: match.end()]}{word}{text[match.end() :]}"
        yield Pair(plain(twice), text)
    for match in re.finditer(r"\bnever (?=[a-z]+)|\bnobody (?=[a-z]+)|\bnothing (?=[a-z]+)", text):
        yield Pair(plain(f"{text[: match.end()]}not {text[match.end() :]}"), text)


def own_word(text: str, chance: random.Random) -> Iterator[Pair]:
    """One of the user's own words stands for a negation, a number, a name, or another word that means something."""
    found: list[tuple[float, int, int, str]] = []
    words = list(re.finditer(r"[A-Za-z]+", text))
    for at, first in enumerate(words):
        for last in words[at : at + 2]:
            stretch = text[first.start() : last.end()].lower()
            letters = re.sub(r"[^a-z]", "", stretch)
            for own in OWN:
                like = SequenceMatcher(None, letters, own.lower(), autojunk=False).ratio()
                if like >= 0.6 and letters not in (own.lower(), own.lower() + "s", own.lower()[:-1]):
                    found.append((like, first.start(), last.end(), own))
    if found:
        _, start, end, own = chance.choice(sorted(found)[-6:])
        yield Pair(_spoken(text, chance), text[:start] + own + text[end:], tuple(OWN))
    swap = re.search(r"(?<= )[a-z]{5,}(?=\W)", text)
    if swap and chance.random() < 0.3:
        yield Pair(_spoken(text, chance), text[: swap.start()] + chance.choice(OWN) + text[swap.end() :], tuple(OWN))


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
    yield chance.choice((Pair(_spoken(with_it, chance), without), Pair(_spoken(without, chance), with_it)))
    for found in re.finditer(r"\b([a-z]+) (for|to|at|on|from|of) (?=(?:the|a|him|her|me|them)\b)", text):
        if found[2] in DATA["reaching"].get(found[1], ()):
            yield Pair(_spoken(text, chance), text[: found.end(1) + 1] + text[found.end() :])


def passive(text: str, chance: random.Random) -> Iterator[Pair]:
    """What is done to a user becomes what the user does."""
    verb, (who, when) = chance.choice(DATA["passive"]["verbs"]), _made(chance, "who", "when")
    being = "are" if who in ("we", "they", "you", "the two girls") else "is"
    yield Pair(_spoken(_sentence(f"{who} {being} {verb} {when}"), chance), _sentence(f"{who} {verb} {when}"))
    short = {"we": "we're", "they": "they're", "you": "you're", "she": "she's", "he": "he's"}
    if who in short:
        yield Pair(_spoken(_sentence(f"{short[who]} {verb} {when}"), chance), _sentence(f"{who} {verb} {when}"))


def joined(text: str, chance: random.Random) -> Iterator[Pair]:
    """Two words are one that means another thing, or the other way round."""
    apart, together = chance.choice(DATA["apart"]["words"])
    who, when = _made(chance, "who", "when")
    pair = [_sentence(f"{who} said it was {one} there {when}") for one in (apart, together)]
    chance.shuffle(pair)
    yield Pair(_spoken(pair[0], chance), pair[1])


def all_but(text: str, chance: random.Random) -> Iterator[Pair]:
    """What is left out is not, or is added."""
    everything, verb, rest = (chance.choice(DATA["all_but"][part]) for part in ("all", "verbs", "rest"))
    (when,) = _made(chance, "when")
    between = chance.choice((" and ", ", ", " "))
    said, answer = (_sentence(f"{verb} {everything}{word}{rest} {when}") for word in (" but ", between))
    yield Pair(_spoken(said, chance), answer)


def preferred(text: str, chance: random.Random) -> Iterator[Pair]:
    """What should be used and what should not change places."""
    verb, way = chance.choice(DATA["preferred"]["verbs"]), chance.choice(DATA["preferred"]["ways"])
    one, other = chance.sample(DATA["preferred"]["things"], 2)
    (when,) = _made(chance, "when")
    said, answer = (_sentence(f"{verb} {a} {way} {b} {when}") for a, b in ((one, other), (other, one)))
    yield Pair(_spoken(said, chance), answer)


HARMFUL_KINDS: dict[str, Make] = {
    "direction": direction,
    "question": question,
    "obligation": obligation,
    "hedge": hedge,
    "tense": tense,
    "numbers apart": numbers_apart,
    "alternatives": alternatives,
    "quantity": quantity,
    "known": known,
    "double negation": double_negation,
    "own word": own_word,
    "preposition": preposition,
    "passive": passive,
    "joined": joined,
    "all but": all_but,
    "preferred": preferred,
}


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
            yield Pair(_spoken(said, chance), answer)
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
    found = list(
        re.finditer(rf"(?<=\w )(?:{_NUMBER})(?= [a-z]+)(?! (?:or|and|hundred|thousand|million|o'clock))", text)
    )
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


def books(part: str = "") -> dict[str, list[str]]:
    """The sentences of each book, or of one. Raises `Absent`."""
    data = Path(os.environ.get("INTONE_DATA", ROOT.parent / "shared/data")) / "polish/traps"
    folder = Path(os.environ.get("INTONE_BOOKS", data))
    found = {path.stem.removeprefix("prose-"): path for path in sorted(folder.glob("*.txt"))}
    if not any(part in title for title in found):
        raise Absent(f"no books: there is no plain text in {folder} (INTONE_BOOKS names another folder)")
    return {
        title: sentences(path.read_text(encoding="utf-8", errors="replace"))
        for title, path in found.items()
        if part in title
    }


def sentences(text: str) -> list[str]:
    """The whole sentences of a book, without quotation marks and notes."""
    text = (
        re.sub(r"[“”\"_*\[\]]", "", text).replace("’", "'").replace("‘", "'").replace("--", " - ").replace("—", " - ")
    )
    text = re.sub(r"\b(Mr|Mrs|Dr|St|Ms)\.", r"\1", text)
    found: list[str] = []
    for paragraph in re.split(r"\n\s*\n|\n(?=[A-Z][^a-z\n]*\n)", text):
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z])", re.sub(r"\s+", " ", paragraph).strip()):
            if len(sentence.split()) in WORDS_OF_A_SENTENCE and re.fullmatch(
                r"[A-Z][a-zA-Z0-9 ,;:'()-]*[.!?]", sentence
            ):
                found.append(sentence)
    return list(dict.fromkeys(found))


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
