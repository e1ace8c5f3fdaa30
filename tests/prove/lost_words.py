"""Which words of a text are missing from what became of it.

A word counts in small letters, as often as it stands there; numbers count by their value, however they are written:
"twenty-five", "25" and "twenty five" are one, "$5.50" is "five dollars and fifty cents", "3:10" is "ten past three". A
mark that was a word ("comma", "period", "dot") is a word that is lost. Told apart is what a rule may take out of real
prose: what was typed twice by a slip (small words of which two in a row are never meant; others as `lost_words.toml`
lists them), and the sounds um, uh, erm and hm, which even in a book are sounds.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Literal, NamedTuple

from desktop.core.types import RuleChange

TABLE: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
"""Number words by what they are."""

VALUES = {word: at for name in ("ones", "ordinals") for at, word in enumerate(TABLE["values"][name].split())} | {
    stem + end: 10 * at for at, stem in enumerate(TABLE["values"]["tens"].split(), 2) for end in ("y", "ies", "ieth")
}
SCALES = {word + end: 10**zeros for word, zeros in TABLE["scales"].items() for end in ("", "s", "th")}
UNITS = TABLE["units"] | {word + end: word for word in set(TABLE["units"].values()) for end in ("", "s")}
MONTHS = frozenset(TABLE["words"]["months"].split())
DOUBLED = frozenset(TABLE["words"]["doubled"].split())
SLIPS: Sequence[str] = TABLE["slips"]["phrases"]

_HALF_DAY = re.compile(r"\b([ap])\.?\s?m\b")
_SOUND = re.compile(r"u+h+m*|u+m+|h+m+|er+m+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_HAN_DIGITS = frozenset("零〇一二两三四五六七八九十百千万亿点")
_TOKEN = re.compile(
    r"[\u4e00-\u9fff]|\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[^\W\d_]+(?:'[^\W\d_]+)*|[$€£%°½¼¾]|[^\s\w]"
)
_FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75"}
_SUFFIXES = frozenset(("st", "nd", "rd", "th", "s"))


type Kind = Literal["words", "doubled", "sounds"]


class Loss(NamedTuple):
    """Words that are gone, the rule that took them ("several" if no single one did), how sure it was (1 where the rule
    does not say), and whether they had been typed twice, or are only sounds.
    """

    words: tuple[str, ...]
    rule: str
    confidence: float
    kind: Kind


def find_loss(before: str, after: str, changes: Iterable[RuleChange] = ()) -> Loss | None:
    """Return what `after` lacks of `before`; None if it has every word."""
    gone = () if before == after else missing(before, after)
    if not gone:
        return None
    rule, confidence = "several", 1.0
    for change in changes:
        if set(missing(change.before, change.after)) & set(gone):
            rule, confidence = change.rule, 1.0 if change.confidence is None else change.confidence
            break
    return Loss(gone, rule, confidence, _kind(gone, before))


def _kind(gone: Sequence[str], before: str) -> Kind:
    if all(map(_SOUND.fullmatch, gone)):
        return "sounds"
    text = before.lower().replace("’", "'")
    is_doubled = len(gone) == 1 and gone[0] in DOUBLED and re.search(rf"\b{gone[0]}\s+{gone[0]}\b", text)
    return "doubled" if is_doubled or is_listed(gone, before) else "words"


def is_listed(gone: Sequence[str], before: str) -> bool:
    """Return whether the words belong to a slip that was read and listed."""
    text = before.lower().replace("’", "'")
    return any(slip in text and set(gone) <= set(slip.replace(",", "").split()) for slip in SLIPS)


def missing(before: str, after: str) -> tuple[str, ...]:
    """Return the words of `before` that `after` has fewer times, by the reading of the numbers that finds the fewest:
    "ten to twelve" is a time or a range.
    """
    found = []
    for has_clock in (False, True):
        words, other = read_words(before, has_clock), read_words(after, has_clock)
        gone, new = Counter(words) - Counter(other), Counter(other) - Counter(words)
        digits = [word for word in other if new[word] and word[0].isdigit()]
        found.append(tuple(sorted(word for word in gone.elements() if not _is_parted(word, digits))))
    return min(found, key=len)


def _is_parted(number: str, written: Sequence[str]) -> bool:
    """Return whether a number is written as several: may fifth twenty twenty six, May 5, 2026."""
    return number.isdigit() and any(
        "".join(written[start:end]) == number for start, end in combinations(range(len(written) + 1), 2)
    )


def read_words(text: str, has_clock: bool = True) -> list[str]:
    """Return the words of a text in small letters and its numbers by value; times told by the hour as one number with
    `has_clock`.
    """
    tokens = _TOKEN.findall(_HALF_DAY.sub(r"\1m", text.lower().replace("’", "'")))
    if _HAN.search(text):  # its numbers are not read
        return [one for one in tokens if one[0].isalnum() and one not in _HAN_DIGITS and not one[0].isdigit()]
    found: list[str] = []
    at = 0
    while at < len(tokens):
        value, end = _read_number(tokens, at, has_clock)
        if end == at:
            token = UNITS.get(tokens[at], tokens[at])
            value, end = [token] if token[0].isalnum() else [], at + 1
        found += value
        at = end
    return found


def _read_number(tokens: Sequence[str], at: int, has_clock: bool) -> tuple[list[str], int]:
    """Read the number at `at` with its unit: what is counted, and where it ends (`at` if there is none)."""
    start = at
    if tokens[at : at + 2] == ["per", "cent"]:
        return ["percent"], at + 2
    if clock := _read_time(tokens, at) or (_read_clock(tokens, at) if has_clock else None):
        return clock
    if tokens[at] == "the" and _is_date(tokens, at + 1):
        at += 1  # the fourth of July, July 4
    unit = UNITS[tokens[at]] if tokens[at] in ("$", "€", "£") else ""
    if unit or (tokens[at] in ("a", "an") and at + 1 < len(tokens) and tokens[at + 1] in SCALES):
        at += 1
    digits, end = _read_digits(tokens, at)
    if end == at:
        return [], start
    found = [digits, unit] if unit else [digits]
    if end < len(tokens) and tokens[end] in ("dollars", "euros", "pounds"):
        cents, after = _read_digits(tokens, end + 2) if tokens[end + 1 : end + 2] == ["and"] else ("", end)
        if cents and tokens[after : after + 1] == ["cents"]:
            return [_trimmed(f"{digits}.{cents:0>2}"), UNITS[tokens[end]]], after + 1
    if tokens[end : end + 1] == ["cents"]:
        return [_trimmed(f"0.{digits:0>2}"), "dollar"], end + 1
    if tokens[end : end + 1] == ["of"] and tokens[end + 1 : end + 2] and tokens[end + 1] in MONTHS:
        end += 1
    if tokens[end : end + 1] == ["o'clock"]:
        end += 1
    return found, end


def _read_time(tokens: Sequence[str], at: int) -> tuple[list[str], int] | None:
    """Read a time in digits: 3:10, and 3.10 before the half of the day."""
    hour, _, minutes = tokens[at].partition(".")
    end = at + 1
    if tokens[end : end + 1] == [":"] and not minutes:
        minutes, end = tokens[at + 2] if at + 2 < len(tokens) else "", at + 3
    elif tokens[end : end + 1] not in (["am"], ["pm"]):
        return None
    if not (hour.isdigit() and minutes.isdigit() and len(minutes) == 2 and int(hour) < 25):
        return None
    return [str(int(hour)) if minutes == "00" else f"{int(hour)}{minutes}"], end


def _read_clock(tokens: Sequence[str], at: int) -> tuple[list[str], int] | None:
    """Read a time in words that counts from the hour: half past three, ten minutes to four."""
    at += tokens[at] == "a" and tokens[at + 1 : at + 2] == ["quarter"]
    amount = {"half": 30, "quarter": 15}.get(tokens[at]) or _small_value(tokens, at)
    at += 2 if tokens[at + 1 : at + 2] in (["minutes"], ["-"]) else 1
    if not amount or tokens[at : at + 1] not in (["past"], ["after"], ["to"], ["before"]):
        return None
    hour, is_later = _small_value(tokens, at + 1), tokens[at] in ("past", "after")
    if not 1 <= hour <= 12 or amount > 59 or (not is_later and amount >= 30):
        return None
    minutes = amount if is_later else 60 - amount
    return [f"{hour if is_later else hour - 1 or 12}{minutes:02}"], at + 2


def _small_value(tokens: Sequence[str], at: int) -> int:
    """Return the value of one token, 0 if it is no number."""
    if at >= len(tokens):
        return 0
    return int(tokens[at]) if tokens[at].isdigit() else VALUES.get(tokens[at], 0)


def _is_date(tokens: Sequence[str], at: int) -> bool:
    _, end = _read_digits(tokens, at)
    return end > at and tokens[end : end + 1] == ["of"] and bool(MONTHS.intersection(tokens[end + 1 : end + 2]))


def _read_digits(tokens: Sequence[str], at: int) -> tuple[str, int]:
    """Read numbers that stand in a row, in words or digits, as one string of digits: 19 99 is 1999."""
    groups: list[str] = []
    while at < len(tokens):
        value, end = _read_cardinal(tokens, at)
        if end == at and groups and tokens[at] in ("oh", "o") and _read_cardinal(tokens, at + 1)[1] > at + 1:
            value, end = "0", at + 1
        if end == at and groups and tokens[at] == "-" and _read_cardinal(tokens, at + 1)[1] > at + 1:
            at += 1  # seven-thirty, groups of a telephone number
            continue
        if end == at:
            break
        groups.append(value)
        at = end
    return "".join(groups), at


def _read_cardinal(tokens: Sequence[str], at: int) -> tuple[str, int]:
    """Read one number: seven hundred and five, 1.5 million, two and a half, 21st, three point one four."""
    total = group = 0.0
    start, last = at, 10**15  # what may follow is smaller than what was there
    while at < len(tokens):
        token = tokens[at]
        if token[0].isdigit():
            if at > start:
                break
            group, last, at = float(token.replace(",", "")), 1, at + 1
            if tokens[at : at + 1] and tokens[at] in _SUFFIXES:
                at += 1
            if tokens[at : at + 1] and tokens[at] not in SCALES:
                return _trimmed(token.replace(",", "") + _FRACTIONS.get(tokens[at], "")), at + (
                    tokens[at] in _FRACTIONS
                )
        elif token in SCALES:
            if SCALES[token] == 100:
                group, last = (group or 1) * 100, 100
            else:
                total, group, last = total + (group or 1) * SCALES[token], 0, 10**15
            at += 1
        elif token in VALUES:
            value = VALUES[token]
            if value >= last or (value >= 10 and last == 10) or (value == 0 and at > start):
                break
            group, at = group + value, at + 1
            last = 10 if value >= 20 else 1
        elif at > start and _is_joint(tokens, at, last):
            at += 1
        else:
            break
    if at == start:
        return "", start
    whole = f"{total + group:.10f}".rstrip("0").rstrip(".")
    if tokens[at : at + 3] == ["and", "a", "half"]:
        return _trimmed(f"{whole}.5"), at + 3
    places, end = "", at + 1
    while tokens[at : at + 1] == ["point"] and end < len(tokens) and VALUES.get(tokens[end], 10) < 10:
        places, end = places + str(VALUES[tokens[end]]), end + 1
    return (_trimmed(f"{whole}.{places}"), end) if places else (whole, at)


def _is_joint(tokens: Sequence[str], at: int, last: int) -> bool:
    """Return whether the token at `at` joins parts of one number: twenty-one, two hundred and one, five-hundred."""
    value = VALUES.get(tokens[at + 1], 0) if at + 1 < len(tokens) else 0
    if tokens[at] == "-" and tokens[at + 1 : at + 2] and tokens[at + 1] in SCALES:
        return True
    return (tokens[at] == "-" and last == 10 > value > 0) or (
        tokens[at] == "and" and tokens[at - 1] in SCALES and value > 0
    )


def _trimmed(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number
