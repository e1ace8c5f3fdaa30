"""Write numbers, dates, times, amounts and addresses in English: in a sentence for readers, alone as data.

A text that is nothing but such a thing is written by the library, for machines and table cells ("$18570", "08:40", "850
m"); within a sentence our own grammars write as a careful writer would. The library is asked only about short texts of
number words, and not always believed: it takes "one second" for a measure, "three to four p m" for 3:57, and every word
before an "at" for a part of a mailbox name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from desktop.polish.rules.edit import RuleEdit
from desktop.polish.rules.numbers import grammar
from desktop.polish.rules.numbers.addresses import find_addresses, is_plain_place
from desktop.polish.rules.numbers.cardinals import is_counting, read_number_row
from desktop.polish.rules.numbers.dates import capitalize_name, read_date
from desktop.polish.rules.numbers.pairs import complete_pairs
from desktop.polish.rules.numbers.phrases import NumberMatch, Phrase, number_words, split_phrases
from desktop.polish.rules.numbers.quantities import read_amount
from desktop.polish.rules.numbers.telephone import edit_paused_numbers, read_international_number
from desktop.polish.rules.numbers.times import read_time

MAX_WHOLE_WORDS = 30
"""Most words of a text that is one number or address; a spelled one has a word for each letter."""

MAX_UNKNOWN_WORDS = 3
"""Most words unknown to the grammar of numbers: rare units."""

_KINDS = frozenset({"cardinal", "decimal", "date", "time", "money", "measure", "electronic", "telephone"})
_HYPHEN = re.compile(r"(?<=[a-z])-(?=[a-z])")
_SLASH = re.compile(r"colon slash\b(?! slash)")
_WHOLE_COINS = frozenset({"dollar", "dollars", "euro", "euros"})
_MONTH = re.compile(r"\b[a-z]+\b")
_MARKS = re.compile(r"[^a-z' ]")


def edit_english_numbers(text: str) -> Iterator[RuleEdit]:
    """Yield the edits that write the numbers in `text`."""
    telephone = list(edit_paused_numbers(text))
    yield from telephone
    for phrase in split_phrases(text):
        for start, found in _read_phrase(phrase):
            first, last = phrase.starts[start], phrase.ends[found.end - 1]
            if found.new.endswith(".m.") and text[last : last + 1] == ".":
                last += 1
            if not any(edit.start < last and first < edit.end for edit in telephone):
                yield RuleEdit(first, last, found.new)


def _read_phrase(phrase: Phrase) -> Iterator[tuple[int, NumberMatch]]:
    """Yield what is found in a phrase, each with the index of its first word."""
    at, places, beginnings = 0, find_addresses(phrase), number_words().beginnings
    matches: dict[int, NumberMatch] = {}
    while at < len(phrase):
        word = phrase.lower_words[at]
        if at not in places and word not in beginnings and not word[0].isdecimal():
            at += 1
            continue
        found = places.get(at) or next(filter(None, (read(phrase, at) for read in _READERS)), None)
        if found and found.new:
            matches[at] = found
        at = found.end if found else at + 1
    yield from matches.items()
    yield from complete_pairs(phrase, matches).items()


def _read_idiom(phrase: Phrase, start: int) -> NumberMatch | None:
    """Return a phrase that is written in one way only, or stays as it was said with the number behind it."""
    word = phrase.word_at(start)
    for idiom, new in number_words().written.items():
        if word == idiom[0] and tuple(phrase.lower_words[start : start + len(idiom)]) == idiom:
            return NumberMatch(start + len(idiom), new)
    for idiom in number_words().kept:
        end = start + len(idiom)
        if word == idiom[0] and tuple(phrase.lower_words[start:end]) == idiom and not _is_day_half(phrase, end):
            following = read_number_row(phrase, end)
            return NumberMatch(following[-1].end if following else end, "")
    return None


def _is_day_half(phrase: Phrase, at: int) -> bool:
    """Return whether the half of the day stands at `at`: "seven eleven a m" is no shop."""
    return phrase.word_at(at).replace(".", "") in ("am", "pm") or phrase.joined_words(at, at + 2) in ("a m", "p m")


_READERS = (_read_idiom, read_international_number, read_time, read_date, read_amount, capitalize_name)
"""Readers in the order in which they are tried: a time or a date is more than the numbers in it."""


@lru_cache(maxsize=256)
def write_whole_english(text: str, is_sentence: bool = False) -> str:
    """Return how `text` is written if it is such a thing as a whole, without a final mark; else "".

    `is_sentence`: recognition wrote it as a sentence, where "two fifty" and "tickets at" are no time and no mailbox.
    """
    normalized = _HYPHEN.sub(" ", text.lower().replace("’", "'")).replace("p.m.", "p m").replace("a.m.", "a m").strip()
    normalized = _SLASH.sub("colon slash slash", normalized)
    words = normalized.split()
    if not 1 <= len(words) <= MAX_WHOLE_WORDS or _MARKS.search(normalized) or not _is_likely(words):
        return ""
    if own := _write_whole_ourselves(normalized):
        return own
    if is_sentence and (words[0] == "a" or is_plain_place(words)):
        return ""
    tokens = grammar.tag_text(normalized, "en")
    if len(tokens) != 1 or tokens[0].kind not in _KINDS or (tokens[0].kind == "electronic" and not _is_address(words)):
        return ""
    if tokens[0].kind == "telephone" and "hundred" in words:
        return ""  # which the library writes "1hundred67"
    if is_sentence and tokens[0].kind == "time" and _is_doubtful_time(tokens[0].field("minute"), words):
        return ""
    new = grammar.write_tokens(tokens, "en")
    match tokens[0].kind:
        case "date":
            return _MONTH.sub(_capitalize_month, new)
        case "measure":
            return _fix_unit_case(new, normalized)
    return new


def _write_whole_ourselves(text: str) -> str:
    """Return an address with a scheme, a port or a drive, or an international number, if that is all of the text."""
    if not text.startswith("plus ") and (" colon " not in text or text.startswith("h t t p")):
        return ""
    phrase = next(split_phrases(text))
    found = find_addresses(phrase).get(0) or read_international_number(phrase, 0)
    return found.new if found and found.end == len(phrase) and phrase.ends[-1] == len(text) else ""


def _is_doubtful_time(minute: str, words: list[str]) -> bool:
    """Return whether an hour and minutes may as well be a number or a price: "two fifty"."""
    says_time = not {"o", "oh", "m", "quarter", "half", "past", "to", "oclock", "o'clock", "clock"}.isdisjoint(words)
    return not says_time and minute not in ("fifteen", "thirty", "forty five")


def _is_likely(words: list[str]) -> bool:
    """Return whether to ask the library: an address, or nearly only number words, and no idiom."""
    table = number_words()
    if "dot" in words:
        return True
    if len(words) == 1:
        return words[0] in table.counted
    if words[0] in ("ten", "eleven", "twelve") and words[1:] in (["fifteen"], ["thirty"], ["forty", "five"]):
        return False  # a time, which the library takes for a year
    is_cents = words[-1] in ("cent", "cents") and _WHOLE_COINS.isdisjoint(words)
    if _is_counted(words) or is_cents or any(tuple(words[: len(idiom)]) == idiom for idiom in table.kept):
        return False
    if words[0] == "one" and words[1:] in (["second"], ["minute"], ["hour"], ["point"]):
        return False
    if "to" in words[1:] and words[0] not in ("quarter", "five", "ten", "twenty") and not words[1].startswith("min"):
        return False
    unknown_count = sum(word not in table.numeric and len(word) > 1 for word in words)
    return unknown_count <= MAX_UNKNOWN_WORDS and unknown_count < len(words)


def _is_counted(words: list[str]) -> bool:
    """Return whether it is counted, with letters between or without: "one two three", "a one b two"."""
    table = number_words()
    values = [table.units.get(word) or table.teens.get(word) or table.tens.get(word) or 0 for word in words]
    letters = [ord(word) for word in words[::2] if len(word) == 1]
    if len(letters) > 1 and len(words) == 2 * len(letters):
        return (
            {second - first for first, second in pairwise(letters)}
            == {1}
            == {second - first for first, second in pairwise(values[1::2])}
        )
    return 0 not in values and is_counting(values)


def _is_address(words: list[str]) -> bool:
    """Return whether no two long words stand side by side: addresses are not said so, sentences are."""
    table = number_words()
    if "at" in words and words[words.index("at") - 1] in table.sets["never_names"]:
        return False
    dots = [after for word, after in pairwise(words) if word == "dot"]
    if not any(len(after) == 1 or after in table.sets["domains"] for after in dots):
        return False
    if any(word in table.teens or word in table.tens or word == "hundred" for word in words):
        return False
    if any(word in table.sets["never_parts"] and word not in table.sets["joins"] and len(word) > 1 for word in words):
        return False
    joins, numbers = table.sets["joins"], table.counted | table.sets["digits"]
    words = re.sub(rf"\b({'|'.join(map(' '.join, table.glued))})\b", "mail", " ".join(words)).split()
    long_words = [len(word) > 1 and word not in joins and word not in numbers for word in words]
    spelled = [len(word) == 1 for word in words]
    return not any(
        is_long and (next_is_long or next_is_letter)
        for is_long, next_is_long, next_is_letter in zip(long_words, long_words[1:], spelled[1:], strict=False)
    )


def _fix_unit_case(new: str, text: str) -> str:
    """Return a measure with the capitals of its unit, which the library loses: its "830 mW" was said as megawatts."""
    count, space, unit = new.partition(" ")
    if any(large in text for large in ("mega", "giga", "tera", "peta")):
        unit = unit[:1].upper() + unit[1:]
    for name, sign in (("byte", "B"), ("hertz", "Hz"), ("volt", "V"), ("siemens", "S")):
        if name in text and unit.lower().endswith(sign.lower()):
            unit = unit[: -len(sign)] + sign
    return count + space + unit


def _capitalize_month(match: re.Match[str]) -> str:
    return match.group().capitalize() if match.group() in number_words().sets["months"] else match.group()
