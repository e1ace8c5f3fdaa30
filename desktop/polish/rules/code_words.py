"""Read what is said for symbols and names in code: the table `code.toml`, and a text as its commands and words.

A phrase is found as whole words in any case, the longest first. Recognition sets commas and hyphens inside of phrases
("equals, equals", "snake-case"), so that one such mark between two words of a phrase does not part them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Literal, NamedTuple

from desktop.core.files import read_package_toml
from desktop.core.text import HAN
from desktop.vocabulary.sound_key import fold_letters, sound_key
from desktop.vocabulary.term_index import Term, mask_letters, measure

type CommandKind = Literal["symbol", "case", "end", "other"]

_LEXEME = re.compile(
    rf"(?P<word>[^\W\d_{HAN}][^\W_{HAN}]*(?:['’][^\W\d_{HAN}]+)*)|(?P<number>\d+(?:,\d{{3}})+(?![\d.])|\d+(?:\.\d+)?)"
    rf"|(?P<han>[{HAN}])|(?P<line>\n+)|(?P<mark>\.{{3}}|[^\w\s]|_)|(?P<other>\w)"
)
_CODE = re.compile(
    r"\b[a-z][a-z+.-]{0,15}://[^\s\"'<>“”]*[\w/]|(?<!\S)(?:--[A-Za-z][\w-]*|-[a-z][A-Za-z]+)\b"
    r"|\b[A-Z]:(?:\\[\w.-]*\w)+"
    r"|\b(?:0[xX][\da-fA-F]+|0[bB][01]+|\d+(?:\.\d+)?e[+-]?\d+|\d+(?:\.\d+)?[A-Za-z]{1,3})\b"
)
"""What recognition wrote as code already: addresses, options, paths of Windows, numbers with letters."""

_JOINER = "\u200d"
_SKIN_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))

_HEARD = re.compile(r"\{(\w+)\}")
_INNER_MARKS = frozenset(",-.")
"""Marks that recognition sets between the words of a phrase."""

BESIDE_LIMIT, ALONE_LIMIT = 0.35, 0.2
"""Largest distance (`desktop.vocabulary.term_index.measure`) of a word from that of a command whose other word was
heard ("open barren"), and from a command of one word ("cimicolan"); nearer than "base" to "snake", or "parser" to
"paren".
"""

MAX_HAN = 20
"""Most Han characters on either side of one that are looked at."""

HAN_DIGITS = dict(zip("零一二三四五六七八九", "0123456789", strict=True))

MIN_ALIKE_LETTERS = 4
"""Fewest letters of a word that is heard for another."""

_SECTIONS: Mapping[str, CommandKind] = {"symbols": "symbol", "case": "case", "end": "end"}
"""The sections of commands in the file, and beside each one for Chinese."""


class CodeCommand(NamedTuple):
    """What a phrase stands for: a symbol, a case of names, the end of a name, or within prose nothing ("other")."""

    kind: CommandKind
    written: str


class Lexeme(NamedTuple):
    """A word, a number, a Han character, a line break, a mark, or code that recognition wrote, of the text at `start`.

    `glued`: nothing stands between it and the one before it.
    """

    kind: str
    text: str
    start: int
    end: int
    glued: bool

    @property
    def folded(self) -> str:
        """The word in lower case, with a plain apostrophe."""
        return self.text.lower().replace("’", "'")


class FoundCommand(NamedTuple):
    """A command in the text: it ends before the lexeme `end`."""

    end: int
    command: CodeCommand


@dataclass(frozen=True, slots=True)
class CodeTable:
    """The content of `code.toml`. `phrases`: commands by the words of their phrases, `longest` of them the most words;
    `han`: commands by Chinese phrases; the words of `[words]` and `[prose]` by their names. `plain`: the phrases that
    count within prose; `strings`: those of strings, by how sure they are.
    """

    phrases: Mapping[tuple[str, ...], CodeCommand]
    longest: int
    han: Mapping[str, CodeCommand]
    longest_han: int
    words: Mapping[str, frozenset[str]]
    spelled: Mapping[tuple[str, ...], str]
    files: Mapping[tuple[str, ...], str]
    plain: frozenset[str]
    strings: Mapping[str, frozenset[str]]


def split_lexemes(text: str, *, in_prose: bool = False) -> list[Lexeme]:
    """Return the lexemes of `text` in order; with `in_prose` none is code."""
    found: list[Lexeme] = []
    start = 0
    for match in () if in_prose else _CODE.finditer(text):
        found += _split_words(text, start, match.start())
        is_glued = match.start() > 0 and not text[match.start() - 1].isspace()
        found.append(Lexeme("code", match.group(), match.start(), match.end(), is_glued))
        start = match.end()
    return [*found, *_split_words(text, start, len(text))]


def _split_words(text: str, start: int, end: int) -> list[Lexeme]:
    """Return the lexemes of `text[start:end]`. A letter or a picture keeps the signs that belong to it."""
    found: list[Lexeme] = []
    for match in _LEXEME.finditer(text, start, end):
        is_glued = match.start() > 0 and not text[match.start() - 1].isspace()
        lexeme = Lexeme(match.lastgroup or "", match.group(), match.start(), match.end(), is_glued)
        if found and is_glued and _belongs(found[-1], lexeme):
            kept = found.pop()
            lexeme = Lexeme(kept.kind, text[kept.start : lexeme.end], kept.start, lexeme.end, kept.glued)
        found.append(lexeme)
    return found


def _belongs(before: Lexeme, lexeme: Lexeme) -> bool:
    """Return whether a lexeme is a part of the one before it: a combining mark, and what a mark or a joiner joins."""
    if lexeme.text.isascii() and before.text.isascii():
        return False
    last, first = before.text[-1], lexeme.text[0]
    is_sign = first == _JOINER or first in _SKIN_TONES or unicodedata.category(first).startswith("M")
    return is_sign or last == _JOINER or (lexeme.kind == "word" and unicodedata.category(last).startswith("M"))


def find_command(lexemes: Sequence[Lexeme], at: int, table: CodeTable, *, alike: bool = False) -> FoundCommand | None:
    """Return the longest command whose phrase begins with the lexeme `at`; with `alike` also by its sound."""
    if lexemes[at].kind == "han":
        return _find_han(lexemes, at, table)
    if lexemes[at].kind != "word":
        return None
    words, found = list[str](), None
    for end, word in _phrase_words(lexemes, at, table.longest):
        words.append(word)
        if command := table.phrases.get(tuple(words)):
            found = FoundCommand(end, command)
    return found or (_find_alike(lexemes, at, table) if alike else None)


def _find_alike(lexemes: Sequence[Lexeme], at: int, table: CodeTable) -> FoundCommand | None:
    """Return the command that sounds like the one or two words from `at` on: "open barren", "passable case"."""
    (end, first), *others = _phrase_words(lexemes, at, 2)
    for end_of_second, second in others:
        if first in table.words["opening"] and (word := _nearest(second, table.words["brackets"], BESIDE_LIMIT)):
            return FoundCommand(end_of_second, table.phrases[first, word])
        if second in ("case", "cases") and (word := _nearest(first, table.words["cases"], BESIDE_LIMIT)):
            return FoundCommand(end_of_second, table.phrases[word, "case"])
    word = _nearest(first, table.words["alone"], ALONE_LIMIT)
    return FoundCommand(end, table.phrases[(word,)]) if word else None


def _nearest(heard: str, words: Iterable[str], limit: float) -> str | None:
    """Return the one of `words` that sounds most like what was heard, within the limit."""
    letters = fold_letters(heard)
    if len(letters) < MIN_ALIKE_LETTERS:
        return None
    terms = (Term(word, word, sound_key(word), mask_letters(word)) for word in words)
    distance, found = min((measure(letters, sound_key(letters), term), term.written) for term in terms)
    return found if distance <= limit else None


def find_commands(lexemes: Sequence[Lexeme], table: CodeTable, *, alike: bool = False) -> dict[int, FoundCommand]:
    """Return all commands by the lexeme with which they begin."""
    commands: dict[int, FoundCommand] = {}
    at = 0
    while at < len(lexemes):
        if found := find_command(lexemes, at, table, alike=alike):
            commands[at] = found
            at = found.end
        else:
            at += 1
    return commands


def keep_plain(
    commands: Mapping[int, FoundCommand], lexemes: Sequence[Lexeme], table: CodeTable
) -> dict[int, FoundCommand]:
    """Return `commands` with those as nothing that are not said as within prose: thunder is weather there."""
    other = CodeCommand("other", "")
    return {
        at: found if _phrase_of(lexemes[at : found.end]) in table.plain else FoundCommand(found.end, other)
        for at, found in commands.items()
    }


def keep_marks(
    commands: Mapping[int, FoundCommand], lexemes: Sequence[Lexeme], table: CodeTable
) -> dict[int, FoundCommand]:
    """Return the `commands` that are no words of a string: in "at least a new line" there are none."""
    sure = table.plain | table.strings["marks"] | table.strings["han"]
    starts, ends = {len(lexemes), *commands}, {0, *(found.end for found in commands.values())}
    kept: dict[int, FoundCommand] = {}
    for at, found in commands.items():
        phrase = _phrase_of(lexemes[at : found.end])
        is_named = found.end == at + 1 and at > 0 and lexemes[at - 1].folded in table.words["articles"]
        is_beside = phrase in table.strings["beside"] and (at in ends or found.end in starts)
        if (phrase in sure and not is_named) or is_beside:
            kept[at] = found
    return kept


def _phrase_of(lexemes: Sequence[Lexeme]) -> str:
    words = [lexeme.folded for lexeme in lexemes if lexeme.kind != "mark"]
    return ("" if lexemes[0].kind == "han" else " ").join(words)


def _find_han(lexemes: Sequence[Lexeme], at: int, table: CodeTable) -> FoundCommand | None:
    """Return the longest Chinese command at `at`. One of a single character is a command only where all of the
    characters around it are commands or digits: 点 is a dot, and in 两点见 it is none.
    """
    for size in range(table.longest_han, 0, -1):
        run = "".join(lexeme.text for lexeme in lexemes[at : at + size] if lexeme.kind == "han")
        if len(run) == size and (command := table.han.get(run)):
            return FoundCommand(at + size, command) if size > 1 or is_han_code(lexemes, at, table) else None
    return None


def is_han_code(lexemes: Sequence[Lexeme], at: int, table: CodeTable) -> bool:
    """Return whether the Han characters around the one at `at` are nothing but commands and digits."""
    start, end = at, at + 1
    while start and lexemes[start].glued and lexemes[start - 1].kind == "han" and at - start < MAX_HAN:
        start -= 1
    while end < len(lexemes) and lexemes[end].glued and lexemes[end].kind == "han" and end - at < MAX_HAN:
        end += 1
    rest = "".join(lexeme.text for lexeme in lexemes[start:end])
    while rest:
        sizes = (size for size in range(table.longest_han, 0, -1) if rest[:size] in table.han)
        size = next(sizes, 1 if rest[0] in HAN_DIGITS else 0)
        if not size:
            return False
        rest = rest[size:]
    return True


def _phrase_words(lexemes: Sequence[Lexeme], at: int, count: int) -> Iterator[tuple[int, str]]:
    """Yield up to `count` words from `at` on, each with the index after it; one mark may stand between two."""
    for _ in range(count):
        if at < len(lexemes) and lexemes[at].text in _INNER_MARKS and at + 1 < len(lexemes):
            at += 1
        if at >= len(lexemes) or lexemes[at].kind != "word":
            return
        yield at + 1, lexemes[at].folded
        at += 1


@cache
def load_code_table() -> CodeTable:
    """Return the table, loaded once at its first use."""
    table = read_package_toml("desktop.polish.rules", "code.toml")
    heard = {name: tuple(words.split("|")) for name, words in table["heard"].items()}
    phrases: dict[tuple[str, ...], CodeCommand] = {}
    han: dict[str, CodeCommand] = {}
    for section, kind in _SECTIONS.items():
        for written, said in table[section].items():
            for words in (way for phrase in said.split("|") for way in _ways_to_hear(phrase, heard)):
                phrases.setdefault(words, CodeCommand(kind, written))
        han |= {
            phrase: CodeCommand(kind, written)
            for written, said in table[f"zh_{section}"].items()
            for phrase in said.split("|")
        }
    lists = {name: frozenset(words.split()) for name, words in table["words"].items()}
    lists |= {name: frozenset(words.split()) for name, words in table["prose"].items()}
    spelled, files = (_read_pairs(table["files"][name]) for name in ("spelled", "named"))
    plain = _read_phrases(table["plain"]["phrases"])
    strings = {name: _read_phrases(text) for name, text in table["strings"].items()}
    return CodeTable(phrases, max(map(len, phrases)), han, max(map(len, han)), lists, spelled, files, plain, strings)


def _ways_to_hear(phrase: str, heard: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Yield `phrase` as words, with each word of `heard` that it names."""
    ways = ([part] if index % 2 == 0 else heard[part] for index, part in enumerate(_HEARD.split(phrase)))
    for parts in product(*ways):
        yield tuple("".join(parts).split())


def _read_phrases(text: str) -> frozenset[str]:
    return frozenset(text.replace("\n", "").split("|"))


def _read_pairs(text: str) -> dict[tuple[str, ...], str]:
    pairs = (pair.partition("=") for pair in text.replace("\n", "").split("|"))
    return {tuple(said.split()): written for said, _, written in pairs}
