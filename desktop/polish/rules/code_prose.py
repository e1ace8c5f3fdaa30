"""Write names of code within prose: "rename it to camel case user name".

Prompts to coding agents are sentences, so that only what cannot be prose is changed: a case command with the words of
a name, a file with an ending of the table, an option, a name in back ticks. A command that is talked about ("use snake
case for variables") stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from desktop.polish.rules.code_names import NAMING, shows_case, write_name
from desktop.polish.rules.code_reader import read_code
from desktop.polish.rules.code_said import SaidCode
from desktop.polish.rules.code_spacing import join_tokens
from desktop.polish.rules.code_words import FoundCommand
from desktop.polish.rules.edit import RuleEdit

MAX_QUOTED = 40
"""Most words and signs between two back ticks."""

_SEPARATORS = {"_": "_", "dash": "-", "/": "/", ".": ".", "__": "__"}
_PREFIXES = {("/",): "/", (".", "/"): "./", (".", ".", "/"): "../", ("~", "/"): "~/"}


def edit_names(said: SaidCode) -> Iterator[RuleEdit]:
    """Yield an edit for each name of code within prose."""
    reader = _ProseReader(said)
    at = 0
    while at < len(said):
        found = reader.find_path(at) or reader.find_from_command(at)
        if found is None:
            at = said.commands[at].end if at in said.commands else at + 1
            continue
        start = said.lexemes[at - 1].end if found.is_suffix else said.lexemes[at].start
        yield RuleEdit(start, said.lexemes[found.end - 1].end, found.written)
        at = found.end


class _FoundName(NamedTuple):
    """What is written for the words up to `end`; a suffix stands at the word before."""

    written: str
    end: int
    is_suffix: bool = False


class _ProseReader:
    """Finds names in one text."""

    def __init__(self, said: SaidCode) -> None:
        self._said = said

    def find_from_command(self, at: int) -> _FoundName | None:
        """Return the name for which the command at `at` stands."""
        command = self._said.commands.get(at)
        if command is None:
            return None
        kind, symbol = command.command
        if kind == "case":
            return self._find_name(at, command)
        if symbol == "dash dash":
            return self._find_option(command.end)
        if (symbol == "()" and command.end > at + 1) or (symbol == "(" and self._said.symbol_at(command.end) == ")"):
            end = command.end if symbol == "()" else self._said.commands[command.end].end
            return _FoundName("()", end, is_suffix=True) if at and self._said.lexemes[at - 1].kind == "word" else None
        if symbol == "`":
            return self._find_quoted(command.end)
        return None

    def _find_name(self, at: int, command: FoundCommand) -> _FoundName | None:
        case = command.command.written
        before = self._said.lexemes[at - 1].folded if at else ""
        if case not in NAMING or (case == "dunder" and self._is_proper_name(at, command.end)):
            return None
        words, end = self._said.read_name(command.end)
        lists = self._said.table.words
        if not words or words[0] in lists["talked_words"] | lists["no_names"]:
            return None
        is_talked = before in lists["talked"] and (len(words) == 1 or not lists["talked_words"].isdisjoint(words))
        if is_talked or not shows_case(case, words):
            return None
        if end in self._said.commands and self._said.commands[end].command.kind == "end":
            end = self._said.commands[end].end
        return _FoundName(write_name(case, words), end)

    def _is_proper_name(self, at: int, following: int) -> bool:
        """Return whether a command and the word behind it are a name of people: Dunder Mifflin, and not Dunder Init."""
        lexemes = self._said.lexemes
        following += following < len(lexemes) and lexemes[following].kind == "mark"
        if following >= len(lexemes) or lexemes[following].folded in self._said.table.words["dunders"]:
            return False
        return all(lexemes[index].text[0].isupper() for index in (at, following))

    def _find_option(self, at: int) -> _FoundName | None:
        lists = self._said.table.words
        if not self._said.is_word(at) or self._said.lexemes[at].folded in lists["ends_in_prose"] | lists["articles"]:
            return None
        option, end = self._said.lexemes[at].folded, at + 1
        while self._said.symbol_at(end) == "dash" and self._said.is_word(self._said.commands[end].end):
            option += f"-{self._said.lexemes[self._said.commands[end].end].folded}"
            end = self._said.commands[end].end + 1
        while self._said.is_word(end) and self._is_known_option(f"{option}-{self._said.lexemes[end].folded}"):
            option += f"-{self._said.lexemes[end].folded}"
            end += 1
        return _FoundName(f"--{option}", end)

    def _is_known_option(self, beginning: str) -> bool:
        return any(f"{option}-".startswith(f"{beginning}-") for option in self._said.table.words["options"])

    def _find_quoted(self, at: int) -> _FoundName | None:
        """Return the code between two back ticks."""
        said = self._said
        closing = said.find_symbol(at, ("`",), MAX_QUOTED)
        if closing is None or closing == at or said.lexemes[closing - 1].folded in said.table.words["before_ticks"]:
            return None
        inner = SaidCode(said.text, said.lexemes[at:closing], said.project)
        return _FoundName(f"`{join_tokens(read_code(inner), said.table)}`", said.commands[closing].end)

    def find_path(self, at: int) -> _FoundName | None:
        """Return the path of a file, or a name with underscores, that begins at `at` and has a sign that was said."""
        is_file = bool(at) and self._said.lexemes[at - 1].folded == "file"
        prefix, first = self._read_prefix(at)
        no_parts = self._said.table.words["no_parts"]
        if not self._said.is_word(first) or (prefix and self._said.lexemes[first].folded in no_parts):
            return None
        (stem, at), is_known = self._read_stem(first), self._said.find_file_stem(first) is not None
        signs, is_said, written = set[str](), bool(prefix) or self._is_named(first), prefix + stem
        while (separator := self._separator_at(at)) is not None:
            sign, after = separator
            is_said |= at in self._said.commands
            if sign == "." and (ending := self._said.find_ending(after)):
                is_path = is_known or is_file or bool(prefix or signs)
                is_named = is_path or (stem not in no_parts and self._said.is_sure_ending(after))
                return _FoundName(f"{written}.{ending[0]}", ending[1]) if is_said and is_named else None
            if not self._said.is_word(after):
                break
            is_known = self._said.find_file_stem(after) is not None
            stem, end = self._read_stem(after)
            is_sentence = not no_parts.isdisjoint((stem, written))
            if (sign == "." and not self._leads_to_ending(end)) or is_sentence:
                break
            signs.add(sign)
            written, at = f"{written}{sign}{stem}", end
        is_whole = (bool(prefix) and (bool(signs) or prefix != "/")) or (bool(signs) and signs <= {"_", "__"})
        return _FoundName(written, at) if is_said and is_whole else None

    def _read_prefix(self, at: int) -> tuple[str, int]:
        """Return the beginning of a path from the root, the home or the folder, and the index after it."""
        for symbols, prefix in _PREFIXES.items():
            end = at
            for symbol in symbols:
                end = self._said.commands[end].end if self._said.symbol_at(end) == symbol else -1
            if end > 0 and self._said.is_word(end):
                return prefix, end
        return "", at

    def _is_named(self, at: int) -> bool:
        """Return whether a file that is known by its name is written otherwise: readme.md."""
        stem = self._said.find_file_stem(at)
        return stem is not None and stem[0] != self._said.lexemes[at].text

    def _leads_to_ending(self, at: int) -> bool:
        separator = self._separator_at(at)
        return separator is not None and separator[0] == "." and self._said.find_ending(separator[1]) is not None

    def _read_stem(self, at: int) -> tuple[str, int]:
        """Return the stem of a file, or a part of its path, that begins at `at`, and the index after it."""
        if (found := self._said.find_file_stem(at)) is not None:
            return found
        return self._said.lexemes[at].folded, at + 1

    def _separator_at(self, at: int) -> tuple[str, int] | None:
        if (symbol := self._said.symbol_at(at)) in _SEPARATORS:
            return _SEPARATORS[symbol], self._said.commands[at].end
        mark = self._said.lexemes[at].text if at < len(self._said.lexemes) else ""
        is_inner = (
            mark in ("_", "-", "/", ".") and at + 1 < len(self._said.lexemes) and self._said.lexemes[at + 1].glued
        )
        return (mark, at + 1) if is_inner and self._said.lexemes[at].glued else None
