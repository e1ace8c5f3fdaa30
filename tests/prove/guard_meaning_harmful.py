"""Spoil sentences of books in each way that changes what is meant."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from tests.prove.guard_meaning_pairs import (
    AUXILIARY,
    DATA,
    NUMBER,
    NUMBERS,
    OWN,
    PAST,
    PAST_WORD,
    SUBJECT,
    Make,
    Pair,
    exchanged,
    plain,
    spoken,
)
from tests.prove.guard_meaning_templates import all_but, joined, passive, preferred, preposition


def direction(text: str, chance: random.Random) -> Iterator[Pair]:
    """A preposition of direction, of place or of time is another."""
    others = DATA["directions"]
    pattern = (
        rf"(?<=\w )(?:{'|'.join(sorted(others, key=len, reverse=True))})(?= (?:the|a|my|his|her|their|our|[A-Z]\w+)\b)"
    )
    yield from exchanged(text, pattern, lambda match: chance.choice(others[match.group()]), chance)


def question(text: str, chance: random.Random) -> Iterator[Pair]:
    """A statement is a question, or the other way round."""
    begins = re.match(
        rf"(?:(?P<lead>(?:And|But|So|Then|Well),? ))?(?P<who>{SUBJECT}) (?P<verb>{AUXILIARY}|{PAST_WORD}) ",
        text,
        re.I,
    )
    if begins and text.endswith(".") and not re.search(r"[,;:!?\"]", text[begins.end() :]):
        who = begins["who"] if begins["who"] == "I" else begins["who"].lower()
        verb, rest = begins["verb"].lower(), text[begins.end() : -1]
        asked = f"{verb.capitalize()} {who} {rest}?" if verb not in PAST else f"Did {who} {PAST[verb]} {rest}?"
        stated = f"{who[:1].upper()}{who[1:]} {verb} {rest}."
        yield Pair(spoken(stated, chance), asked)
        yield Pair(plain(asked), stated)
        where = chance.choice(("when", "why", "where", "how"))
        if verb in PAST:
            yield Pair(
                f"{where} did {plain(f'{who} {PAST[verb]} {rest}')}", f"{where.capitalize()} {who} {verb} {rest}."
            )
        else:
            yield Pair(f"{where} {verb} {plain(f'{who} {rest}')}", f"{where.capitalize()} {who} {verb} {rest}.")
    named = re.search(
        rf"\b(?P<one>[A-Z][a-z]{{2,}}) (?P<verb>{PAST_WORD}) (?P<other>me|you|him|her|us|them|[A-Z][a-z]+)\b", text
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
        yield Pair(f"who did {named['one'].lower()} {PAST[named['verb']]}", f"Who {named['verb']} {named['one']}?")
        yield Pair(f"who {named['verb']} {named['one'].lower()}", f"Who did {named['one']} {PAST[named['verb']]}?")


def obligation(text: str, chance: random.Random) -> Iterator[Pair]:
    """What must be may be, or need not be."""
    others = DATA["obligations"]
    yield from exchanged(
        text,
        rf"(?<=\w )(?:{'|'.join(others)})(?= [a-z]+\b)",
        lambda match: chance.choice(others[match.group()]),
        chance,
    )
    for match in re.finditer(rf"\b({SUBJECT}) (do not|don't|did not|didn't) (?=(?:[a-z]+) )", text, re.I):
        said = text[: match.end()] + "have to " + text[match.end() :]
        yield Pair(spoken(said, chance), text)
        yield Pair(spoken(text, chance), said)
    for match in re.finditer(
        r"\b(I|you|we|they) (?=(?:know|go|come|see|take|tell|think|want|make|give|leave|pay|keep)\b)", text, re.I
    ):
        word = chance.choice(("have to", "must", "may", "can", "should"))
        said = text[: match.end()] + word + " " + text[match.end() :]
        yield Pair(spoken(said, chance), text)
        yield Pair(spoken(text, chance), said)


def hedge(text: str, chance: random.Random) -> Iterator[Pair]:
    """What was not sure is, or the other way round."""
    words = DATA["hedges"]
    begins = re.match(rf"(?:{SUBJECT}|The [a-z]+|My [a-z]+|[A-Z][a-z]+) (?:{AUXILIARY}|{PAST_WORD}) ", text, re.I)
    if begins and text.endswith("."):
        word = chance.choice(words)
        first = (
            text if text.startswith("I ") or re.match(r"[A-Z][a-z]+ (?!is|was)", text) else text[:1].lower() + text[1:]
        )
        said = f"{word} {first}"
        yield Pair(plain(said), text)
        yield Pair(spoken(text, chance), f"{word[:1].upper()}{word[1:]} {first}")
    inside = re.search(r"\b(?:is|was|are|were|had|has) (?!not|n't)(?=[a-z]+(?:ed|en|ing)\b)", text)
    if inside:
        word = chance.choice(("probably", "almost", "nearly", "perhaps", "possibly", "maybe"))
        said = text[: inside.end()] + word + " " + text[inside.end() :]
        yield Pair(plain(said), text)
        yield Pair(spoken(text, chance), said)
    for match in re.finditer(rf"(?<=[a-z] )(?:{NUMBER}|twenty|thirty|forty|fifty|a hundred)(?= [a-z]+s\b)", text):
        word = chance.choice(("about", "almost", "nearly", "around", "roughly"))
        said = f"{text[: match.start()]}{word} {text[match.start() :]}"
        yield Pair(plain(said), text)
        yield Pair(spoken(text, chance), said)
    yield from exchanged(
        text,
        r"(?<=\w )(?:almost|nearly|about(?= [a-z]+ty)|perhaps|probably|possibly|maybe)\b,?",
        lambda match: "",
        chance,
    )


def tense(text: str, chance: random.Random) -> Iterator[Pair]:
    """To be or to have is in another tense."""
    others = DATA["tenses"]
    yield from exchanged(
        text,
        rf"(?<=\w )(?:{'|'.join(others)})(?= (?!to\b|better\b)[a-z]+)",
        lambda match: chance.choice(others[match.group()]),
        chance,
    )
    short = DATA["contracted_past"]
    for match in re.finditer(rf"\b(?:{'|'.join(short)})\b(?! to\b| better\b)", text, re.I):
        old = match.group()
        new = next(short[one] for one in short if one.lower() == old.lower())
        yield Pair(spoken(text, chance), text[: match.start()] + old[:1] + new[1:] + text[match.end() :])


def numbers_apart(text: str, chance: random.Random) -> Iterator[Pair]:
    """Two numbers are one, or a range is a time or a fraction."""
    for match in re.finditer(rf"\b(?:{NUMBER})\b(?! (?:hundred|thousand|million|of|o'clock))(?= [a-z])", text):
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
    yield from exchanged(
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
    named = re.search(rf"\b({SUBJECT} (?:{PAST_WORD}|saw|met|called)) ([A-Z][a-z]{{2,}})\b", text)
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
    yield from exchanged(text, pattern, lambda match: swaps[match.group()], chance)


def known(text: str, chance: random.Random) -> Iterator[Pair]:
    """What is known is not, this one is that one, or the other way round."""
    yield from exchanged(
        text,
        r"(?<=\w )(?:a|an|the)(?= [a-z]+)",
        lambda match: (
            "the" if match.group() != "the" else ("an" if re.match(" [aeiou]", match.string[match.end() :]) else "a")
        ),
        chance,
    )
    yield from exchanged(
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
        rf"\b({SUBJECT}) (was|is|were|are|could|can|would|should|do|did) not (?=[a-z]+)", text, re.I
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
        yield Pair(spoken(text, chance), text[:start] + own + text[end:], tuple(OWN))
    swap = re.search(r"(?<= )[a-z]{5,}(?=\W)", text)
    if swap and chance.random() < 0.3:
        yield Pair(spoken(text, chance), text[: swap.start()] + chance.choice(OWN) + text[swap.end() :], tuple(OWN))


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
