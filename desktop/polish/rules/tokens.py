"""Split a text into spoken words, for the rules that look for what a speaker took back.

Those rules compare words with nearby words and remove some; this module has what they share: where the words are, what
stands between two of them, which are only sounds (`um`), and how a gap is closed so that no mark is doubled and no
sentence loses its capital. A text is split once for all three rules, as long as none has changed it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from desktop.core.files import read_package_toml
from desktop.core.text import EAST_ASIAN, HAN
from desktop.polish.rules.edit import RuleEdit
from desktop.polish.rules.languages.language import joining_words

NOTHING, COMMA, STOP = 0, 1, 2
"""What may stand before a word: a space, a mark inside a sentence, or anything that ends a phrase."""

_EAST_ASIAN = EAST_ASIAN + "\uf900-\ufaff\uff00-\uff60"  # `UNSPACED` without the rare extensions
ENGLISH_LANGUAGES = frozenset(("en", "zh", ""))
"""Languages in whose texts English words are looked at: Chinese texts contain some."""

SAYING_WORDS = frozenset(("said", "say", "says", "saying", "goes", "went", "go"))
"""After one of these a sound may be what was said."""

BARE_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
"""A word without the marks around it, in a script with spaces."""

_WORD = re.compile(rf"[$€£¥@#]?[^\W{_EAST_ASIAN}]+(?:[.'’@&/+-][^\W{_EAST_ASIAN}]+|(?<=\d)[,:]\d+)*%?")
_CHINESE = re.compile(f"[{HAN}]")
_SOFT = re.compile(r"(?:\.{2,}(?!\.)|[\s,，、…–—-])*")
_SOFT_MARKS = re.compile(r"\.{2,}|[,，、…–—-]")
_END = re.compile(r"[.?!;:]")
_CUT = ("'", "’")
"""Marks of a word whose beginning was left out: tell 'er."""
_OPENING, _CLOSING = tuple("\"“‘'([{«"), tuple("\"”’')]}»")


@cache
def word_set(language: str, name: str) -> frozenset[str]:
    """Return one of the sets of `words.toml`; a phrase has spaces between its words."""
    return frozenset(word.replace("+", " ") for word in _load_tables()[language][name].split())


@cache
def _sound_pattern(language: str) -> re.Pattern[str]:
    """Return the pattern of sounds in this language."""
    return re.compile(_load_tables()["sounds"].get(language, r"(?!)"))


def _is_foreign(words: list[str]) -> bool:
    """Return whether the words are of another language than English, judged by its small words."""
    foreign_words, english_words = word_set("foreign", "words"), connecting_words()
    foreign_count = sum(word in foreign_words for word in words)
    return foreign_count > 1 and foreign_count > sum(word in english_words for word in words)


@cache
def correction_rows() -> dict[str, frozenset[int]]:
    """Return, for each English word that may correct another of its row, the rows that it is in."""
    table = _load_tables()["en"]
    rows = [*table["kin"], table["day"], table["month"], table["color"]]
    found: dict[str, frozenset[int]] = {}
    for at, row in enumerate(rows):
        for word in row.split():
            found[word] = found.get(word, frozenset()) | {at}
    return found


@cache
def _load_tables() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = read_package_toml("desktop.polish.rules", "words.toml")
    return table


def has_chinese(text: str, language: str) -> bool:
    """Return whether the text may contain Chinese."""
    return not text.isascii() and language in ("zh", "yue", "en", "") and _CHINESE.search(text) is not None


class SpokenText:
    """A text and its words: `start`, `end`, `lowercase` and `marks` (what stands before) of each.

    `word_numbers` are the numbers of the words that are no sounds, and for these there are `words` (lower case),
    `barriers` (what stands before, across sounds) and `paused` (whether there are sounds before). `is_uppercase`: there
    is no lower-case letter, so that capitals say nothing. `is_english`: its small words are English.
    """

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.language = language
        self.start: list[int] = []
        self.end: list[int] = []
        self.lowercase: list[str] = []
        self.marks: list[int] = []
        self.is_uppercase = text.upper() == text
        at = 0
        for match in _WORD.finditer(text):
            start, end = match.span()
            gap = text[at:start]
            word = match.group()
            self.start.append(start)
            self.end.append(end)
            self.lowercase.append(word.lower().replace("’", "'"))
            self.marks.append(NOTHING if gap == " " else COMMA if at and _SOFT.fullmatch(gap) else STOP)
            at = end
        self.is_english = language in ENGLISH_LANGUAGES and not _is_foreign(self.lowercase)
        sounds = _sound_pattern("en" if self.is_english else "" if language in ENGLISH_LANGUAGES else language)
        self.is_sound = [word[0] in "uehamäö" and sounds.fullmatch(word) is not None for word in self.lowercase]
        for number, sound in enumerate(self.is_sound):
            if sound and not self.is_uppercase and text[self.start[number] : self.end[number]].isupper():
                self.is_sound[number] = False  # the ER
        if self.is_english:
            self._keep_meaningful_sounds()
        if all(self.is_sound) and not any(word[0] in "ue" for word in self.lowercase):
            self.is_sound = [False] * len(self.lowercase)  # hmm is an answer
        if self.is_english:
            self._mark_oh_as_sound()
        self.word_numbers = [number for number, sound in enumerate(self.is_sound) if not sound]
        self.words = [self.lowercase[number] for number in self.word_numbers]
        self.barriers: list[int] = []
        self.paused: list[bool] = []
        before = -1
        for number in self.word_numbers:
            self.barriers.append(max(self.marks[before + 1 : number + 1]))
            self.paused.append(number - before > 1)
            before = number

    def has_capital(self, at: int) -> bool:
        """Return whether word `at`, sounds not counted, begins with a capital that says something."""
        return not self.is_uppercase and self.text[self.start[self.word_numbers[at]]].isupper()

    def _keep_meaningful_sounds(self) -> None:
        """Keep sounds that say something as words: uh oh, uh huh, the word "um"."""
        for number, is_sound in enumerate(self.is_sound):
            if not is_sound:
                continue
            before = self.lowercase[number - 1] if number else ""
            after = self.lowercase[number + 1] if number + 1 < len(self.lowercase) else ""
            is_quoted = self.text[self.start[number] - 1 : self.start[number]] in ("“", '"', "‘") and self.text[
                self.end[number] : self.end[number] + 1
            ] in ("”", '"', "’")
            is_first = self.marks[number] == STOP
            is_meant = after == "huh" or (after == "oh" and self.marks[number] != NOTHING)
            is_meant = is_meant and self.marks[number + 1] == NOTHING
            is_ward = self.lowercase[number] == "er" and after in ("room", "doctor", "nurse", "visit")
            is_said = before in SAYING_WORDS and (
                self.lowercase[number][0] in "hm" or after in ("", "and", "or", "then")
            )
            is_named = (
                is_said or before in ("word", "words", "sound") or (self.lowercase[number][0] in "am" and is_first)
            )
            is_written = self._is_exclamation(number) or self._is_cut(number)
            self.is_sound[number] = not (is_quoted or is_meant or is_named or is_ward or is_written)

    def _is_cut(self, number: int) -> bool:
        """Return whether a sound is the rest of "her" or "them"; but not one that begins a quotation: 'Um, no.'"""
        return self.lowercase[number][0] == "e" and self.text[self.start[number] - 1 : self.start[number]] in _CUT

    def _is_exclamation(self, number: int) -> bool:
        """Return whether an "ah" is exclaimed: but ah! how cold; it was late, Ah, but warm."""
        if self.lowercase[number][0] != "a" or self.is_uppercase:
            return False
        return self.text[self.end[number] : self.end[number] + 1] == "!" or self.text[self.start[number]].isupper()

    def _mark_oh_as_sound(self) -> None:
        """Count an "oh" or "yeah" beside a sound as a sound, except the zero of a number."""
        for number, word in enumerate(self.lowercase[:-1]):
            if word not in ("oh", "yeah", "yea") or self.marks[number] == STOP or self.marks[number + 1] == STOP:
                continue
            if self.is_sound[number - 1] or self.is_sound[number + 1]:
                neighbours = [*self.lowercase[max(0, number - 2) : number], *self.lowercase[number + 1 : number + 3]]
                self.is_sound[number] = not any(is_number_word(one) for one in neighbours)


def is_number_word(word: str) -> bool:
    """Return whether a word has a digit or is a number word."""
    return word in word_set("en", "number") or any(c.isdigit() for c in word)


@lru_cache(maxsize=4)
def split_words(text: str, language: str) -> SpokenText:
    """Return the words of `text`. The result is shared: do not change it."""
    return SpokenText(text, language)


def remove_words(
    spoken: SpokenText,
    removed: Iterable[int],
    confidences: Mapping[int, float] = MappingProxyType({}),
    commas: Mapping[int, bool] = MappingProxyType({}),
) -> Iterator[RuleEdit]:
    """Yield the edits that remove the words with these numbers; those that are in doubt have `confidences`.

    `commas` says whether a comma before the first of some words stays; else the word before it decides.
    """
    numbers = sorted(set(removed))
    at = 0
    while at < len(numbers):
        first = last = numbers[at]
        confidence = confidences.get(first, 1.0)
        while at + 1 < len(numbers) and numbers[at + 1] == last + 1:
            at += 1
            last = numbers[at]
            confidence = min(confidence, confidences.get(last, 1.0))
        at += 1
        yield _trim_edit(
            spoken.text, _close_gap(spoken, first, last, commas.get(first))._replace(confidence=confidence)
        )


def _trim_edit(text: str, edit: RuleEdit) -> RuleEdit:
    """Return the same edit without what it leaves unchanged at its ends."""
    start, end, new, confidence = edit
    while start < end and new and new[-1] == text[end - 1] and not new[-1].isalnum():
        end, new = end - 1, new[:-1]
    while start < end and new and new[0] == text[start] and not new[0].isalnum():
        start, new = start + 1, new[1:]
    return RuleEdit(start, end, new, confidence)


def _close_gap(spoken: SpokenText, first: int, last: int, keeps_comma: bool | None = None) -> RuleEdit:
    """Return the edit that removes the words from `first` to `last` and leaves one gap of two."""
    text, is_last = spoken.text, last + 1 == len(spoken.lowercase)
    begin = spoken.end[first - 1] if first else 0
    finish = len(text) if is_last else spoken.start[last + 1]
    left, right = text[begin : spoken.start[first]], text[spoken.end[last] : finish]
    rest = _END.sub("", _SOFT_MARKS.sub("", right))
    if spoken.marks[first] == STOP:
        if left.rstrip()[-1:] in _OPENING and rest.lstrip()[:1] in _CLOSING and rest.strip():
            return RuleEdit(begin, begin, "")  # the whole quotation
        if is_last:
            return RuleEdit(begin, finish, left.rstrip() + rest.strip())
        gap = rest.lstrip() if rest.strip() else ""
        begin = spoken.start[first]
        upper, following = text[spoken.start[first]].isupper(), text[finish : finish + 1]
        if (
            upper
            and following.islower()
            and spoken.lowercase[last + 1] == text[finish : spoken.end[last + 1]].replace("’", "'")
        ):
            return RuleEdit(begin, finish + 1, gap + following.upper())
        return RuleEdit(begin, finish, gap)
    if is_last or spoken.marks[last + 1] == STOP:
        return RuleEdit(begin, finish, _SOFT_MARKS.sub("", right) if not right.strip() or _END.search(right) else right)
    before = spoken.lowercase[first - 1]
    is_connected = before in connecting_words() or (
        not spoken.is_english and before.rpartition("'")[2] in joining_words(spoken.language)
    )
    keeps_comma = not is_connected if keeps_comma is None else keeps_comma
    if keeps_comma and _SOFT_MARKS.search(left):
        return RuleEdit(begin, finish, left.rstrip() + " ")
    return RuleEdit(begin, finish, " " if " " in left + right else left + right)


@cache
def connecting_words() -> frozenset[str]:
    """Return the English words after which no comma stands."""
    names = ("article", "determiner", "preposition", "pronoun", "auxiliary", "joining")
    return frozenset[str]().union(*(word_set("en", name) for name in names)) - word_set("en", "opening")


def count_to_mark(barriers: list[int], at: int) -> int:
    """Return the number of words from `at` to the next mark."""
    if at >= len(barriers):
        return 0
    end = at + 1
    while end < len(barriers) and end - at < 13 and barriers[end] == NOTHING:
        end += 1
    return end - at


def sentence_bounds(spoken: SpokenText, at: int) -> tuple[int, int]:
    """Return the first word of the sentence of word `at`, and its end."""
    barriers = spoken.barriers
    begin, end = at, at + 1
    while begin and barriers[begin] != STOP:
        begin -= 1
    while end < len(barriers) and barriers[end] != STOP:
        end += 1
    return begin, end
