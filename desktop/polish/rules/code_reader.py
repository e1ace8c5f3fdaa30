"""Read spoken code as tokens: names, numbers, strings, comments and symbols, without what recognition added.

Recognition sets commas and full stops where the speaker paused, and capitals after them. A comma is one of the code
only between two words of a text in which none stands beside a command. Strings keep their words as they were said,
comments all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from desktop.polish.rules.code_names import write_name
from desktop.polish.rules.code_said import SaidCode
from desktop.polish.rules.code_words import HAN_DIGITS, is_han_code

WRITTEN = {
    "minus": "-",
    "dash": "-",
    "hyphen": "-",
    "times": "*",
    "divide": "/",
    "dash dash": "--",
    "minus minus": "--",
}
"""What is written for symbols that are named by how they were said."""

_CAMEL = re.compile(r"[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+")
_PASCAL = re.compile(r"(?:[A-Z][a-z0-9]+){2,}")
_TYPE = re.compile(r"(?=.*[a-z])(?:[A-Z][a-z0-9]*){2,}")

_MARKS = {"“": '"', "”": '"', "‘": "'", "’": "'", "，": ",", "。": "."}
_PAUSES = frozenset((*",.?!…、–—", "..."))
"""Marks that recognition writes for a pause, where nothing shows that they were said."""

_TIGHT_IN_STRINGS = frozenset((*"%/\\._*$@#~<>&+=|", "dash", "hyphen", "dash dash", "__", "::", "//"))
_CLOSING_IN_STRINGS = frozenset((*",;:!?)]}", "..."))
_BEFORE_NUMBERS = frozenset((*":.-_/=%$#", "dash", "hyphen", "dash dash"))
_BEGINNING_IN_STRINGS = frozenset("%$#@")


class CodeToken(NamedTuple):
    """A token as it is written.

    `kind`: word, letters (spelled), han, number, code (as recognition wrote it), string, comment, symbol (its `text` as
    in the table) or layout.
    """

    kind: str
    text: str


def read_code(said: SaidCode) -> list[CodeToken]:
    """Return the tokens of a text in order."""
    reader = _CodeReader(said)
    at = 0
    while at < len(said):
        at = reader.read_from(at)
    return reader.tokens


class _CodeReader:
    """Reads `tokens` one after the other; each method returns the index after what it read. `_name_end` counts those up
    to the last name that a case command made.
    """

    def __init__(self, said: SaidCode) -> None:
        self.tokens: list[CodeToken] = []
        self._said = said
        self._name_end = 0

    def read_from(self, at: int) -> int:
        """Add the token that begins with the lexeme `at`."""
        found = self._said.commands.get(at)
        if found is None:
            return self._read_plain(at)
        kind, written = found.command
        if kind == "end":
            return self._read_end(at, found.end)
        if kind == "case":
            return self._read_case(written, at, found.end)
        if written[0] in "\"'`":
            return self._read_quote(written, found.end)
        if written in ("#", "//") and (end := self._read_comment(written, found.end)):
            return end
        if written.isspace():
            self._add("layout", written)
            return found.end
        return self._read_symbol(written, found.end)

    def _add(self, kind: str, text: str) -> None:
        self.tokens.append(CodeToken(kind, text))

    def _add_words(self, at: int, end: int) -> int:
        self.tokens += (
            CodeToken("word", lexeme.folded) for lexeme in self._said.lexemes[at:end] if lexeme.kind != "mark"
        )
        return end

    def _read_end(self, at: int, end: int) -> int:
        """Leave out the end of a name, unless it is none: `sum over rows`; "end case" can be nothing else."""
        is_word = self._said.lexemes[at].folded == "over"
        is_end = bool(self.tokens) and self.tokens[-1].kind in ("word", "number")
        is_end = is_end and (not is_word or len(self.tokens) == self._name_end)
        return end if is_end else self._add_words(at, end)

    def _read_case(self, case: str, at: int, end: int) -> int:
        """Add the name whose words begin at `end`; the words of the command if there is none."""
        words, stop = self._said.read_name(end, 1) if case == "cap" else self._said.read_name(end)
        if not words:
            return self._add_words(at, end)
        self._add("word", write_name("title" if case == "cap" else case, words))
        self._name_end = len(self.tokens)
        return stop

    def _read_symbol(self, written: str, at: int) -> int:
        """Add a symbol, and behind a dot or a dash what is spelled as one word: dot p y, dash l a."""
        if written in ("()", "[]", "{}"):
            self.tokens += (CodeToken("symbol", bracket) for bracket in written)
            return at
        self._add("symbol", written)
        if written == "." and len(self.tokens) > 1 and (ending := self._said.find_spelled(at)):
            self._add("word", ending[0])
            return ending[1]
        if written in (".", "dash", "hyphen") and (letters := self._said.read_letters(at)):
            self._add("letters", letters[0])
            return letters[1]
        return at

    def _read_quote(self, written: str, at: int) -> int:
        """Add a string up to its closing quote; the quote alone if there is none."""
        quote = written.removesuffix("open").removesuffix("close")
        closing = self._said.find_symbol(at, (quote, f"{quote}close", '"close'))
        if closing is None or written.endswith("close"):
            self._add("symbol", quote)
            return at
        self._add("string", f"{quote}{self._read_string(at, closing)}{quote}")
        return self._said.commands[closing].end

    def _read_string(self, at: int, end: int) -> str:
        said = self._said
        return read_string(SaidCode(said.text, said.lexemes[at:end], place="string", has_pauses=said.has_pauses))

    def _read_comment(self, sign: str, at: int) -> int | None:
        """Add a comment up to the end of the line as it was said; None if what follows is a directive or a path."""
        said = self._said
        is_directive = sign == "#" and at < len(said) and said.lexemes[at].folded in said.table.words["directives"]
        is_address = bool(self.tokens) and self.tokens[-1].text == ":"
        if is_directive or is_address or at >= len(said):
            return None
        end = next(
            (index for index in range(at, len(said)) if said.lexemes[index].kind == "line" or _is_line(said, index)),
            len(said),
        )
        is_operand = bool(self.tokens) and self.tokens[-1].kind in ("word", "number")
        if sign == "//" and is_operand and end == at + 1:
            return None  # a division
        content = said.text[said.lexemes[at].start : said.lexemes[end - 1].end].strip(" ,.") if end > at else ""
        self._add("comment", f"{sign} {content[:1].lower()}{content[1:]}".rstrip())
        return end

    def _read_plain(self, at: int) -> int:
        """Add what is no command."""
        said, lexeme = self._said, self._said.lexemes[at]
        if lexeme.kind == "mark":
            return self._read_mark(at)
        readers: Iterable[tuple[str, Callable[[int], tuple[str, int] | None]]] = (
            ("word", said.find_file_stem),
            ("word", said.find_identifier),
            ("number", said.read_number),
        )
        for kind, read in readers:
            is_word = kind == "number" and lexeme.kind == "word" and self._keeps_number()
            if lexeme.kind in ("word", "number") and not is_word and (found := read(at)):
                self._add(kind, found[0])
                return found[1]
        if lexeme.kind == "line":
            self._add("layout", lexeme.text)
        elif lexeme.kind == "han":
            self._add_han(at)
        elif lexeme.kind == "code":
            self._add("code", lexeme.text)
        else:
            self._add("word", lexeme.text if self._keeps_capitals(at) else lexeme.folded)
        return at + 1

    def _keeps_capitals(self, at: int) -> bool:
        """Return whether the capitals of a word are those of code, as in userName, $HOME, "new UserService" or a call
        of UserService, and not in NumPy or "def YouTube".
        """
        said, lexeme = self._said, self._said.lexemes[at]
        last = self.tokens[-1].text if self.tokens else ""
        is_variable = last == "$" and lexeme.glued and lexeme.text.isupper()
        following = said.lexemes[at + 1].text if at + 1 < len(said) else ""
        is_called = following == "(" or said.symbol_at(at + 1) in ("(", "()")
        is_called = is_called and last not in said.table.words["before_functions"] and last != "."
        is_type = last in said.table.words["before_types"] and _TYPE.fullmatch(lexeme.text) is not None
        is_type = is_type or (is_called and _PASCAL.fullmatch(lexeme.text) is not None)
        return is_variable or is_type or _CAMEL.fullmatch(lexeme.text) is not None

    def _keeps_number(self) -> bool:
        """Return whether a number is a word of a string, and none of an address or a path."""
        return self._said.is_string and not (self.tokens and self.tokens[-1].text in _BEFORE_NUMBERS)

    def _add_han(self, at: int) -> None:
        character = self._said.lexemes[at].text
        if character in HAN_DIGITS and is_han_code(self._said.lexemes, at, self._said.table):
            self._add("number", HAN_DIGITS[character])
        elif self.tokens and self.tokens[-1].kind == "han":
            self.tokens[-1] = CodeToken("han", self.tokens[-1].text + character)
        else:
            self._add("han", character)

    def _read_mark(self, at: int) -> int:
        """Add a mark that recognition wrote, unless it is a pause."""
        said, lexeme = self._said, self._said.lexemes[at]
        mark = _MARKS.get(lexeme.text, lexeme.text)
        following = said.lexemes[at + 1] if at + 1 < len(said) else None
        is_joined = following is not None and following.glued
        if mark in "\"'`" and (end := self._find_mark(at + 1, mark)):
            self._add("string", f"{mark}{self._read_string(at + 1, end)}{mark}")
            return end + 1
        if mark == "#" and following is not None and not is_joined and (end := self._read_comment("#", at + 1)):
            return end
        if mark == "-":
            return self._read_symbol("hyphen" if lexeme.glued and is_joined else "dash", at + 1)
        if mark in (".", "...", "!") and is_joined:
            is_beside_command = at + 1 in said.commands or at in said.command_ends
            return at + 1 if is_beside_command else self._read_symbol(mark, at + 1)
        is_said = mark == "?" and following is not None and not lexeme.glued
        if is_said or mark not in _PAUSES or (mark == "," and self._is_comma(at)):
            self._add("symbol", mark)
        return at + 1

    def _find_mark(self, at: int, mark: str) -> int | None:
        return self._said.find_mark(at, (mark, *(curly for curly, plain in _MARKS.items() if plain == mark)))

    def _is_comma(self, at: int) -> bool:
        """Return whether a comma that recognition wrote divides two operands."""
        said, keywords = self._said, self._said.table.words["keywords"]
        if said.has_pauses or not self.tokens or at + 1 >= len(said):
            return False
        last, following = self.tokens[-1], said.lexemes[at + 1]
        is_operand = last.kind in ("number", "string", "code") or (last.kind == "word" and last.text not in keywords)
        return is_operand and following.kind in ("word", "number", "code") and following.folded not in keywords


def _is_line(said: SaidCode, at: int) -> bool:
    return said.symbol_at(at).startswith("\n")


def read_string(said: SaidCode) -> str:
    """Return the content of a string: its words as they were said, with the symbols among them."""
    words = [lexeme for lexeme in said.lexemes if lexeme.kind == "word"][1:]
    kept = {lexeme.folded: lexeme.text for lexeme in words}
    written, joins = "", True
    for token in read_code(said):
        content = kept.get(token.text, token.text) if token.kind == "word" else WRITTEN.get(token.text, token.text)
        is_symbol = token.kind == "symbol"
        is_tight = token.kind == "layout" or (is_symbol and token.text in _TIGHT_IN_STRINGS)
        closes = is_symbol and token.text in _CLOSING_IN_STRINGS
        begins = is_symbol and token.text in _BEGINNING_IN_STRINGS and not written[-1:].isalnum()
        written += ("" if joins or (is_tight and not begins) or closes else " ") + content
        joins = is_tight or (is_symbol and token.text in "([{")
    return written
