"""Read the parts of spoken code that mean the same in code and in prose: the words of a name, numbers, files.

Recognition sets a comma where the speaker paused. Where one stands beside a command all of them are pauses; else a
comma ends a name, as a pause does.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Literal

from desktop.core.types import ProjectNames
from desktop.polish.rules.code_words import Lexeme, find_commands, keep_marks, keep_plain, load_code_table
from desktop.polish.rules.edit import NO_PROJECT
from desktop.polish.rules.numbers.cardinals import read_cardinal
from desktop.polish.rules.numbers.phrases import Phrase, number_words

MAX_NAME_WORDS, MAX_NAME_DIGITS = 6, 2
"""Most words that a spoken case joins, and most digits of a number among them."""

MAX_NUMBER_WORDS = 16
"""Most words of a number, its decimals among them."""

MAX_ENDING_WORDS = 4
"""Most words with which the ending of a file is spelled, as recognition writes them."""


type SaidPlace = Literal["code", "prose", "string"]


class SaidCode:
    """The words of one text with the commands among them. `place`: in prose names end as in sentences, and no command
    is found by its sound alone; in strings words stay words. `has_pauses`: its commas are known to be pauses.
    """

    def __init__(
        self,
        text: str,
        lexemes: Sequence[Lexeme],
        project: ProjectNames = NO_PROJECT,
        *,
        place: SaidPlace = "code",
        has_pauses: bool = False,
    ) -> None:
        self.text = text
        self.lexemes = lexemes
        self.project = project
        self.table = load_code_table()
        self.commands = find_commands(lexemes, self.table, alike=place == "code")
        if place != "code":
            keep = keep_plain if place == "prose" else keep_marks
            self.commands = keep(self.commands, lexemes, self.table)
        self.command_ends = {found.end for found in self.commands.values()}
        self.has_pauses = has_pauses or self._is_paused()
        self.is_string = place == "string"
        self._in_prose = place == "prose"
        self._places: dict[tuple[str, ...], list[int]] = {}
        self._marks: dict[tuple[str, ...], list[int]] = {}
        first = [lexeme.folded for lexeme in lexemes[:2]]
        folded = (index for index, lexeme in enumerate(lexemes) if lexeme.folded == "for")
        self._first_for = next(folded, len(lexemes))
        self._is_definition = "define" in first
        self._is_query = not self.table.words["queries"].isdisjoint(first)
        self._is_binding = not self.table.words["bindings"].isdisjoint(first[:1])

    def __len__(self) -> int:
        return len(self.lexemes)

    def is_word(self, at: int) -> bool:
        """Return whether the lexeme `at` is a word and no command begins with it."""
        return at < len(self.lexemes) and self.lexemes[at].kind == "word" and at not in self.commands

    def symbol_at(self, at: int) -> str:
        """Return the symbol whose phrase begins at `at`; "" if none does."""
        found = self.commands.get(at)
        return found.command.written if found and found.command.kind == "symbol" else ""

    def is_case(self, at: int) -> bool:
        """Return whether a case command begins at `at`."""
        return at in self.commands and self.commands[at].command.kind == "case"

    def find_symbol(self, at: int, symbols: tuple[str, ...], limit: int | None = None) -> int | None:
        """Return where the first of `symbols` is said from `at` on, within `limit` lexemes."""
        if symbols not in self._places:
            self._places[symbols] = [index for index in sorted(self.commands) if self.symbol_at(index) in symbols]
        return _first_from(self._places[symbols], at, limit)

    def find_mark(self, at: int, marks: tuple[str, ...]) -> int | None:
        """Return where the first of `marks` is written from `at` on."""
        if marks not in self._marks:
            self._marks[marks] = [index for index, lexeme in enumerate(self.lexemes) if lexeme.text in marks]
        return _first_from(self._marks[marks], at, None)

    def read_name(self, at: int, limit: int = MAX_NAME_WORDS) -> tuple[list[str], int]:
        """Return up to `limit` words of a name that begins at `at`, and the index after them."""
        words = list[str]()
        while at < len(self) and len(words) < limit:
            lexeme = self.lexemes[at]
            if lexeme.kind == "mark" and self._may_skip(at, is_first=not words):
                at += 1
                continue
            if at in self.commands or lexeme.kind not in ("word", "number") or (words and self._ends_name(at)):
                break
            number = self.read_number(at) if words else None
            if number is None:
                words.append(lexeme.folded)
                at += 1
            elif self._is_definition or len(number[0]) > MAX_NAME_DIGITS:
                break
            else:
                words.append(number[0])
                at = number[1]
        return words, at

    def read_number(self, at: int) -> tuple[str, int] | None:
        """Return the number that begins at `at` in digits, and the index after it."""
        lexeme = self.lexemes[at]
        if lexeme.kind == "number":
            return lexeme.text.replace(",", ""), at + 1
        if lexeme.kind != "word" or lexeme.folded in ("a", "an"):
            return None
        phrase, end = Phrase(False), at
        while self.is_word(end) and end - at < MAX_NUMBER_WORDS:
            phrase.lower_words.append(self.lexemes[end].folded)
            end += 1
        number = read_cardinal(phrase, 0)
        if number is None:
            return None
        decimals = _read_decimals(phrase, number.end)
        return number.digits + (f".{decimals}" if decimals else ""), at + number.end + len(decimals) + bool(decimals)

    def read_letters(self, at: int) -> tuple[str, int] | None:
        """Return letters that are spelled from `at` on as one word, l a or LA, and the index after them."""
        end = at
        while self.is_word(end) and len(self.lexemes[end].text) == 1:
            end += 1
        if end - at > 1:
            return "".join(lexeme.folded for lexeme in self.lexemes[at:end]), end
        is_spelled = self.is_word(at) and self.lexemes[at].text.isupper() and len(self.lexemes[at].text) > 1
        return (self.lexemes[at].folded, at + 1) if is_spelled else None

    def find_spelled(self, at: int) -> tuple[str, int] | None:
        """Return the ending of a file that is spelled from `at` on, p y, and the index after it."""
        words = list[str]()
        while len(words) < MAX_ENDING_WORDS and self.is_word(at + len(words)):
            words.append(self.lexemes[at + len(words)].folded)
        for size in range(len(words), 0, -1):
            if written := self.table.spelled.get(tuple(words[:size])):
                return written, at + size
        return None

    def find_ending(self, at: int) -> tuple[str, int] | None:
        """Return the ending of a file that is said from `at` on, and the index after it."""
        if spelled := self.find_spelled(at):
            return spelled
        word = self.lexemes[at].folded if self.is_word(at) else ""
        return (word, at + 1) if word in self.table.words["extensions"] else None

    def find_file_stem(self, at: int) -> tuple[str, int] | None:
        """Return the stem of a file of the project or of the table that is said from `at` on before an ending."""
        words, found = list[str](), None
        while len(words) < MAX_NAME_WORDS and self.is_word(at + len(words)):
            words.append(self.lexemes[at + len(words)].folded)
            if found_ending := self._ending_behind(at + len(words)):
                (ending, is_sure), said = found_ending, tuple(words)
                stem = self.project.files.get((*said, ending)) or (self.table.files.get(said) if is_sure else None)
                found = (stem, at + len(words)) if stem else found
        return found

    def is_sure_ending(self, at: int) -> bool:
        """Return whether the ending of a file at `at` is none of those that are words of prose."""
        return not self._in_prose or self.lexemes[at].folded not in self.table.words["wordy"]

    def _ending_behind(self, at: int) -> tuple[str, bool] | None:
        """Return the ending of a file whose dot is said or written at `at`, and whether it is a sure one."""
        if self.symbol_at(at) == ".":
            start = self.commands[at].end
        else:
            marks = self.lexemes[at : at + 2]
            if len(marks) < 2 or marks[0].text != "." or not all(mark.glued for mark in marks):
                return None
            start = at + 1
        ending = self.find_ending(start)
        return (ending[0], self.is_sure_ending(start)) if ending else None

    def find_identifier(self, at: int) -> tuple[str, int] | None:
        """Return the identifier of the project with exactly the words from `at` on, and the index after them.

        None has a keyword among its words: "for item in list" is a loop.
        """
        words, found = list[str](), None
        while self.project.identifiers and len(words) < MAX_NAME_WORDS and self.is_word(at + len(words)):
            words.append(self.lexemes[at + len(words)].folded)
            if words[-1] in self.table.words["keywords"]:
                break
            if name := self.project.identifiers.get(tuple(words)):
                found = name, at + len(words)
        return found

    def _is_paused(self) -> bool:
        """Return whether a comma of recognition's stands beside a command."""
        return any(
            lexeme.text in ",，" and (at in self.command_ends or at + 1 in self.commands)
            for at, lexeme in enumerate(self.lexemes)
        )

    def _may_skip(self, at: int, *, is_first: bool) -> bool:
        """Return whether the mark `at` stands within a name."""
        mark = self.lexemes[at].text
        if at + 1 >= len(self) or at + 1 in self.commands:
            return False
        return mark == "-" or (mark in ",.:" and is_first) or (mark == "," and self.has_pauses)

    def _ends_name(self, at: int) -> bool:
        """Return whether the word `at` is no part of the name before it."""
        word, lists = self.lexemes[at].folded, self.table.words
        if self._in_prose:
            following = next((lexeme.folded for lexeme in self.lexemes[at + 1 : at + 2] if lexeme.kind == "word"), "")
            is_counted = bool(following) and self.read_number(at) is not None
            is_verb = following in lists["articles"] or (word == "get" and following.endswith("ed"))
            is_other = "'" in word or word in lists["ends_in_prose"] | lists["articles"] | lists["after_names"]
            return is_other or is_counted or is_verb
        is_end = (word == "from" and self._is_query) or (word == "as" and self._is_binding)
        is_end = is_end or (word == "if" and self._first_for < at)
        if is_end or word in lists["ends"]:
            is_number = at + 1 < len(self) and self.lexemes[at + 1].kind == "number"
            return is_number or self.is_case(at + 1) or self.is_word(at + 1)
        return word in lists["keywords"] and self.is_case(at + 1)


def _first_from(places: Sequence[int], at: int, limit: int | None) -> int | None:
    """Return the first of the ascending `places` from `at` on, within `limit` of it."""
    index = bisect_left(places, at)
    is_near = index < len(places) and (limit is None or places[index] < at + limit)
    return places[index] if is_near else None


def _read_decimals(phrase: Phrase, at: int) -> str:
    """Return the digits that are said behind "point" at `at`."""
    decimals = ""
    if phrase.word_at(at) == "point":
        while (word := phrase.word_at(at + 1 + len(decimals))) and (word == "zero" or word in number_words().units):
            decimals += str(number_words().units.get(word, 0))
    return decimals
