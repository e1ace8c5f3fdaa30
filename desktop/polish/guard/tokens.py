"""Read a text as tokens for the meaning guard: words in one spelling, numbers by value, each with the kind of word.

What a polish may change freely is removed: case, marks, contractions, spacing, notation of numbers, endings. So two
texts that visibly mean the same have the same tokens. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

from desktop.core.text import EAST_ASIAN
from desktop.polish.guard.lists import guard_tables, load_guard_lists, name_word
from desktop.polish.guard.numbers import (
    HAN_DIGITS,
    HAN_NUMBER,
    HAN_SCALES,
    NUMBER_LITERAL,
    NUMBER_WORDS,
    find_meant,
    is_calculable,
    is_day,
    read_number,
)
from desktop.polish.guard.spelling import stem
from desktop.polish.rules.languages.language import choose_language

_LOOPING_DIGITS = re.compile(r"\d[\d.,]{300,}")
"""Digits without end, as a looping recognizer writes them. Python parses no number of more than 4,300 digits."""

_ATOM_PATTERN = re.compile(
    r"(?P<list>(?:(?<=\n)|^)[ \t]*(?:\d{1,2}[.)]|[-*•])(?=\s))"
    rf"|(?P<broken>[^\W\d_{EAST_ASIAN}]+-(?=[\s,]))"
    r"|(?P<unit>千[克米瓦卡赫焦])"
    r"|(?P<percent>百分之?(?=[零〇一二两三四五六七八九十百\d]))"
    rf"|(?P<number>{NUMBER_LITERAL})|(?P<hannumber>{HAN_NUMBER})"
    rf"|(?P<word>[^\W\d_{EAST_ASIAN}]+(?:['’][^\W\d_{EAST_ASIAN}]+)*['’]?)"
    r"|(?P<han>[\u2e80-\u2fff\u3005-\u9fff\uf900-\ufaff])"  # without 、。〃〄
    r"|(?P<symbol>[$€£¥￥¢%°&@+=×№])"
    rf"|(?P<sign>(?:(?<=[\s{EAST_ASIAN}])|^)[-−](?=\d))"
    r"|(?P<mark>[,;、，；\"“”()–—]|-(?=\s))"
    r"|(?P<end>[.!?。！？…\n:：][\"”’)]*(?=\s|$|[^\x00-\x7f]))"
)

_TO_SIMPLIFIED = str.maketrans("兩萬億點塊號對錯說個", "两万亿点块号对错说个")

MONEY = ("dollar", "euro", "pound", "yuan")
MONTHS = (
    "january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sep sept oct nov dec"
)
_SOUND = re.compile(r"u+[hmn]+|a+h+m*|e+r+m*|h+m+|m{2,}|o{2,}[hf]+|[äö]+h+m*|e+h+m*|e+u+h+|h+e+u+")
_FOREIGN_WORDS = frozenset(("um", "er", "un"))
"""Sounds that are words in other languages."""
_NUMBER_ENDINGS = frozenset(("e", "er", "ère", "ème", "o", "a", "º", "ª"))
"""What is written directly after the digits of an ordinal in French and Spanish."""
_WEAK_WINDOW = 4
"""Words on each side of a weak negation in which the one may stand that carries it: je ne viens pas."""
_JSON_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")
"""A letter as a JSON escape, left in texts that were not decoded."""
CURRENCIES = "$€£¥￥"


class GuardToken(NamedTuple):
    """One word: `key` is what it is compared by, `word` its own spelling, `forms` all notations of a number.

    The key of a word in another language than English or Chinese begins with that language (de:war), so that no list of
    another language knows it.

    `kind` is number, not, name, firm (may not be exchanged), small (carries little), sound (no word at all) or word.
    `first`: it begins a sentence, so that its capital says nothing. `parted`: a mark or a pause stands before it. `at`
    is its offset in the text. `contracted`: s or d, with which it is written and which may stand for several words.
    """

    key: str
    word: str
    kind: str
    capital: bool
    first: bool
    at: int
    forms: frozenset[str] = frozenset()
    parted: bool = False
    contracted: str = ""


_CONTRACTED = {"n't": "not", "'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would", "'s": ""}
_IRREGULAR = {"won't": "will not", "can't": "can not", "shan't": "shall not", "ain't": "am not", "let's": "let"}


class _RawToken(NamedTuple):
    word: str
    written: str
    kind: str
    first: bool
    at: int
    parted: bool = False


def tokenize(text: str, language: str = "") -> list[GuardToken]:
    """Return the tokens of `text`; `language` is one of `LANGUAGES`, whose numbers are in digits, or empty."""
    text = _LOOPING_DIGITS.sub(_digits_to_letters, text.translate(_TO_SIMPLIFIED))
    text = _JSON_ESCAPE.sub(lambda code: chr(int(code[1], 16)), text) if "\\u" in text else text
    atoms = list(_split_atoms(text, language))
    words = [atom.word if atom.word[0].isdecimal() else name_word(atom.word, language) for atom in atoms]
    tokens: list[GuardToken] = []
    at = 0
    while at < len(atoms):
        atom = atoms[at]
        if atom.word == "second" and is_day(words, at, MONTHS.split()):
            words[at] = "2"
        if atom.kind != "symbol" and (value := read_number(words, at)):
            value = find_meant(words, at, value)
            forms = value.forms
            is_money = (
                at and atoms[at - 1].kind == "symbol" and atoms[at - 1].written in (*CURRENCIES, "百分之", "百分")
            )
            if is_money and re.fullmatch(r"\d+\.\d\d", words[at]):
                forms |= {words[at].replace(".", "")}
            forms |= _joined_forms(text, atoms[at : value.end])
            token = GuardToken(
                f"#{value.digits}", value.digits, "number", False, atom.first, atom.at, forms, atom.parted
            )
            if is_money:  # an amount is spoken before its currency
                tokens.insert(len(tokens) - 1, token)
            else:
                tokens.append(token)
            at = value.end
            if at < len(atoms) and atoms[at].kind == "word":
                at += _read_unit(atoms, at, tokens, language)
            continue
        tokens.append(_make_token(atom, language))
        at += 1
    if language:
        return _weigh_negations([t._replace(contracted="") for t in tokens])
    if not _FOREIGN_WORDS.isdisjoint(words) and choose_language("", text) not in ("", "en"):
        tokens = [t._replace(kind="word") if t.word in _FOREIGN_WORDS else t for t in tokens]
    return _join_prices(_order_dates(tokens))


def tokenize_entry(entry: str) -> list[GuardToken]:
    """Return the tokens of a phrase in the lists, which may begin with its language: de:na ja."""
    language, _, phrase = entry.rpartition(":")
    return tokenize(phrase, language)


def list_keys(name: str) -> frozenset[str]:
    """Return the keys of the words of a list of `meaning.toml` and of the languages' tables."""
    return frozenset(token.key for word in load_guard_lists()[name] for token in tokenize_entry(word))


@cache
def link_signs() -> dict[str, str]:
    """Return the sign that is written for each word between two numbers."""
    return {
        t.key: sign
        for sign, words in load_guard_lists()["links"].items()
        for word in words
        for t in tokenize_entry(word)
    }


def _joined_forms(text: str, atoms: list[_RawToken]) -> frozenset[str]:
    """Return the form of several numbers in digits that shows what is written between them."""
    if len(atoms) < 2 or not all(atom.written[0].isdecimal() for atom in atoms):
        return frozenset()
    joined = ""
    for atom, following in zip(atoms, [*atoms[1:], None], strict=True):
        between = text[atom.at + len(atom.written) : following.at].strip() if following else ""
        joined += atom.word.replace(",", "") + ("-" if between in ("–", "—", "~", "−") else between)
    return frozenset((joined, joined.replace("-", "−")))


def _digits_to_letters(digits: re.Match[str]) -> str:
    """Return over-long digits as letters: compared like a word, never calculated with."""
    return "".join(chr(ord("a") + int(sign)) if sign.isdecimal() else sign for sign in digits[0])


def _order_dates(tokens: list[GuardToken]) -> list[GuardToken]:
    """Move every day behind its month: the third of May becomes May 3."""
    for at, token in enumerate(tokens):
        if token.forms and is_calculable(token.word) and int(token.word) < 32:
            has_of = at + 2 < len(tokens) and tokens[at + 1].key == "of"
            month = at + 1 + has_of
            if month < len(tokens) and tokens[month].word in MONTHS.split():
                tokens[at : month + 1] = [tokens[month], *tokens[at + 1 : month], token]
    return tokens


def _join_prices(tokens: list[GuardToken]) -> list[GuardToken]:
    """Join dollars and cents to one amount."""
    at = 0
    while at < len(tokens):
        cents = tokens[at]
        if at + 1 < len(tokens) and cents.forms and is_calculable(cents.word) and tokens[at + 1].key == "cent":
            cents_amount = f"0.{int(cents.word):02}"
            before_at = at - 1 - (at > 1 and tokens[at - 1].key == "and")
            whole_at = next((i for i in range(before_at, max(-1, before_at - 4), -1) if tokens[i].forms), None)
            if whole_at is not None and before_at > whole_at and tokens[before_at].key in MONEY:
                amount = f"{tokens[whole_at].word}.{int(cents.word):02}"
                forms = frozenset({amount, amount.rstrip("0").rstrip("."), amount.replace(".", "")})
                token = tokens[whole_at]._replace(key=f"#{amount.rstrip('0')}", word=amount, forms=forms)
                tokens[whole_at : at + 2] = [token, *tokens[whole_at + 1 : before_at + 1]]
                at = whole_at
            else:
                tokens[at] = cents._replace(forms=cents.forms | {cents_amount, cents_amount.rstrip("0")})
        at += 1
    return tokens


def _read_unit(atoms: list[_RawToken], at: int, tokens: list[GuardToken], language: str) -> int:
    """Append what stands directly after a number and belongs to it (p.m., an ordinal's ending, a unit) to `tokens`;
    return the number of atoms read.
    """
    atom = atoms[at]
    is_joined = atoms[at - 1].at + len(atoms[at - 1].written) == atom.at
    if language:
        return int(is_joined and atom.word in _NUMBER_ENDINGS)
    if atom.word in ("a", "p") and at + 1 < len(atoms) and atoms[at + 1].word == "m":
        tokens.append(GuardToken(f"{atom.word}m", f"{atom.word}m", "word", False, False, atom.at))
        return 2
    if is_joined and atom.word in ("st", "nd", "rd", "th", "s"):
        return 1
    if atom.word == "in" and at + 1 < len(atoms) and not atoms[at + 1].parted:
        return 0
    if unit := guard_tables()["units"].get(atom.word):
        for word in unit.split():
            tokens.append(GuardToken(stem(word), word, "word", False, False, atom.at))
        return 1
    return 0


def _weigh_negations(tokens: list[GuardToken]) -> list[GuardToken]:
    """Return `tokens` with the weak negations as small words where another word carries the negation."""
    weak, carriers = guard_tables()["weak"], guard_tables()["carriers"]
    for at in [at for at, token in enumerate(tokens) if token.key in weak]:
        if any(t.key in carriers for t in tokens[max(0, at - _WEAK_WINDOW) : at + _WEAK_WINDOW + 1]):
            tokens[at] = tokens[at]._replace(kind="small")
    return tokens


def _make_token(atom: _RawToken, language: str) -> GuardToken:
    tables = guard_tables()
    name = name_word(atom.word, language)
    word = tables["same"].get(name, name)
    capital = atom.written[:1].isupper()
    is_word = language and atom.word in _FOREIGN_WORDS
    if word in tables["sounds"] or (_SOUND.fullmatch(atom.word if language else word) and not is_word):
        kind = "sound"
    elif word in tables["not"]:
        kind = "not"
    elif word in tables["small"]:
        kind = "small"
    elif capital and not atom.first and word not in tables["plain"]:
        kind = "name"
    elif word in tables["firm"]:
        kind = "firm"
    else:
        kind = "word"
    key = word if language or kind in ("not", "small") else tables["same"].get(stemmed := stem(word), stemmed)
    return GuardToken(
        key, atom.word, kind, capital, atom.first, atom.at, parted=atom.parted, contracted=_contraction(atom)
    )


def _contraction(atom: _RawToken) -> str:
    """Return s or d where a word is the last one written with it: he's, he'd."""
    ending = atom.written[-2:].lower().replace("’", "'")
    return ending[1] if ending in ("'s", "'d") and (ending == "'s" or atom.word == "would") else ""


def _split_atoms(text: str, language: str) -> Iterator[_RawToken]:
    first, parted, tables = True, True, guard_tables()
    item_count = 0
    for match in _ATOM_PATTERN.finditer(text):
        kind, written, at = match.lastgroup or "", match.group(), match.start()
        if kind == "end":
            first = parted = True
            continue
        if kind == "mark":
            parted = True
            continue
        if kind == "list":
            digits = written.strip(" \t.)-*•")
            item_count += 1
            if digits and int(digits) != item_count:
                yield _RawToken(digits, digits, "number", True, at, True)
            first = parted = True
            continue
        if kind == "percent":
            yield _RawToken("%", written, "symbol", first, at, parted)
        elif kind == "broken" and not language:
            yield _RawToken("um", written, "word", first, at, parted)
        elif kind == "sign":
            yield _RawToken("minus", written, "word", first, at, parted)
        elif kind in ("word", "broken"):
            written = written.rstrip("-") if language else _restore_apostrophe(written, tables)
            for part in _word_parts(written, language, tables):
                shown = written[max(0, written.lower().find(part)) :] if language else written  # of L'hôtel
                yield _RawToken(part, shown, "word", first, at, parted)
                first = parted = False
        else:
            yield _RawToken(written, written, kind, first, at, parted)
        first = parted = False


@lru_cache(4096)
def _expand_contraction(word: str) -> tuple[str, ...]:
    word = word.replace("’", "'")
    if word in _IRREGULAR:
        return tuple(_IRREGULAR[word].split())
    for ending, full in _CONTRACTED.items():
        if word.endswith(ending) and len(word) > len(ending):
            bare = word.removesuffix(ending)
            return (bare, full) if full else (bare,)
    return (word.strip("'"),)


def _restore_apostrophe(written: str, tables: dict[str, Any]) -> str:
    """Return a contraction that lacks its apostrophe with it: dont, don't."""
    full: str = tables["bare"].get(written.lower(), written)
    return full[0].upper() + full[1:] if written[0].isupper() else full


def _word_parts(written: str, language: str, tables: dict[str, Any]) -> tuple[str, ...]:
    word = written.lower()
    parts = tuple(filter(None, re.split("['’]", word))) if language else _expand_contraction(word)
    return tables["split"].get(name_word(word, language)) or parts


def may_have_figures(text: str) -> bool:
    """Return whether `text` may contain a number or a negation: fast, with false positives but no false negatives."""
    return bool(_figure_pattern().search(text))


@cache
def _figure_pattern() -> re.Pattern[str]:
    bare = (word for word, full in guard_tables()["bare"].items() if full.endswith("n't"))
    words = [word for word in (*NUMBER_WORDS, *guard_tables()["not"], *bare) if word.isascii()]
    others = "".join({*HAN_DIGITS, *HAN_SCALES, *(word for word in guard_tables()["not"] if not word.isascii())})
    return re.compile(rf"\d|n['’]t\b|\b(?:cannot|{'|'.join(words)})\b|[{others}]", re.IGNORECASE)


QUESTION_WORDS = list_keys("asks")
QUESTION_VERBS = list_keys("verbs")
DETERMINER_KEYS = list_keys("determiners")
SENTENCE_STARTS = list_keys("starts")
UNFINISHED_ENDS = list_keys("hanging")
