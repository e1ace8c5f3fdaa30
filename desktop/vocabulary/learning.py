"""Suggest replacements from a correction: find words that were misheard, as opposed to reworded. Pure.

A replacement is applied in every later dictation, so a wrong one costs more than a missed one. Suggested is a word or
two replaced by something that sounds or looks alike and that is not a common word, another form of the same word, or a
number. The user still decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from desktop.vocabulary.known_forms import common_words, list_common_words

MAX_NAME_WORDS = 3
"""Most words of a name, as heard or as written."""

MAX_SUGGESTIONS = 3
"""Most suggestions from one text: with more changes the text was rewritten."""

MIN_SIMILARITY = 0.6
"""Least similarity of the letters of two words, in order (difflib's ratio)."""

SIMILARITY_TOLERANCE = 0.08
"""Difference in similarity that does not count: of such parts the longest is meant."""

MIN_EQUAL_CONSONANTS = 3
"""Number of consonants from which words with the same consonants are alike, whatever their letters."""

REWRITE_SHARE, REWRITE_MIN_WORDS = 0.5, 6
"""Share of changed words above which a text was rewritten, if it has more than `REWRITE_MIN_WORDS` words."""

_EAST = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # without kana, with the rare extensions
_WORD = re.compile(rf"[{_EAST}]|[^\s{_EAST}]+")
_HAN = re.compile(rf"[{_EAST}]")
_EDGE_MARKS = "\"'“”‘’«»()[]{}<>,;:!?…。，！？、；：（）「」《》*_`"
_CONTRACTION = re.compile(r"(?:n't|'\w+)$")
_WORD_ENDINGS = (
    "s",
    "es",
    "d",
    "ed",
    "r",
    "er",
    "est",
    "ing",
    "ly",
    "y",
    "n",
    "en",
    "al",
    "'s",
    "'re",
    "'ll",
    "'ve",
    "'d",
)
"""Endings that make another form of the same word."""

_CONSONANT_SOUNDS = {
    **dict.fromkeys("bfpv", "p"),
    **dict.fromkeys("cgjkqxsz", "k"),
    **dict.fromkeys("dt", "t"),
    "l": "l",
    **dict.fromkeys("mn", "n"),
    "r": "r",
}
"""Consonants by their sound, as in Soundex (Russell, 1918)."""


class Suggestion(NamedTuple):
    """A suggestion to write `written` for `heard` from now on; where they are the same, to leave it as it is."""

    heard: str
    written: str

    @property
    def is_kept(self) -> bool:
        """Whether what was heard is to be left as it is."""
        return self.heard == self.written


class PlacedSuggestion(NamedTuple):
    """A suggestion and where its `heard` stands in the text that was corrected."""

    start: int
    end: int
    suggestion: Suggestion


class ReplacedRun(NamedTuple):
    """`before[start:end]`, whole words, became `written`."""

    start: int
    end: int
    written: str


class _DiffWord(NamedTuple):
    start: int
    end: int
    text: str


def find_suggestions(before: str, after: str, within: tuple[int, int] | None = None) -> list[Suggestion]:
    """Return what to learn from `before` having become `after`, within `before[start:end]` if `within` is given."""
    return list(dict.fromkeys(placed.suggestion for placed in find_placed_suggestions(before, after, within)))


def find_placed_suggestions(before: str, after: str, within: tuple[int, int] | None = None) -> list[PlacedSuggestion]:
    """Return what `find_suggestions` returns, each with its place, in order; a suggestion may stand at several."""
    old, new = _split_words(before), _split_words(after)
    start, end = within or (0, len(before))
    found: list[PlacedSuggestion] = []
    own_word_count = sum(start <= word.start and word.end <= end for word in old)
    changed_count = 0
    for kind, a, b, c, d in _diff_words(old, new):
        if a == b or old[a].start < start or old[b - 1].end > end:
            continue
        changed_count += b - a
        if kind == "replace":
            found += _suggest(before, after, old, new, (a, b, c, d))
    if own_word_count > REWRITE_MIN_WORDS and changed_count > REWRITE_SHARE * own_word_count:
        return []
    return found if len({placed.suggestion for placed in found}) <= MAX_SUGGESTIONS else []


def find_replaced_runs(before: str, after: str) -> list[ReplacedRun]:
    """Return the runs of words of `before` that became others in `after`, in order."""
    old, new = _split_words(before), _split_words(after)
    return [
        ReplacedRun(old[a].start, old[b - 1].end, after[new[c].start : new[d - 1].end])
        for kind, a, b, c, d in _diff_words(old, new)
        if kind == "replace"
    ]


def _diff_words(old: list[_DiffWord], new: list[_DiffWord]) -> list[tuple[str, int, int, int, int]]:
    """Return how `old` becomes `new`, as difflib's opcodes, without what is equal."""
    matcher = SequenceMatcher(None, [word.text for word in old], [word.text for word in new], autojunk=False)
    return [opcode for opcode in matcher.get_opcodes() if opcode[0] != "equal"]


def _suggest(
    before: str, after: str, old: list[_DiffWord], new: list[_DiffWord], at: tuple[int, int, int, int]
) -> Iterator[PlacedSuggestion]:
    """Yield what one place teaches, where `old[a:b]` became `new[c:d]`."""
    a, b, c, d = at
    if all(_HAN.match(word.text) for word in (*old[a:b], *new[c:d])):
        yield from _suggest_han(before, after, old, new, at)
        return
    if b - a > 1 and d - c > 1 and old[b - 1].text.casefold() == new[d - 1].text.casefold():
        yield from _suggest(before, after, old, new, (a, b - 1, c, d - 1))
        yield from _suggest(before, after, old, new, (b - 1, b, d - 1, d))
        return
    if b - a == d - c > MAX_NAME_WORDS:  # several words in a row, each misheard
        for step in range(b - a):
            yield from _suggest(before, after, old, new, (a + step, a + step + 1, c + step, c + step + 1))
        return
    if b - a != d - c or not _join_words(before, old[a:b]) or not _join_words(after, new[c:d]):
        a, b, c, d = _find_closest(before, after, old, new, at)
    heard, written = _join_words(before, old[a:b]), _join_words(after, new[c:d])
    begins_sentence = c == 0 or after[new[c - 1].end : new[c].start].strip() != "" or new[c - 1].text[-1:] in ".!?:"
    if _was_misheard(heard, written, begins_sentence):
        yield PlacedSuggestion(old[a].start, old[b - 1].end, Suggestion(heard, written))


def _find_closest(
    before: str, after: str, old: list[_DiffWord], new: list[_DiffWord], at: tuple[int, int, int, int]
) -> tuple[int, int, int, int]:
    """Return the part of a place whose words look most like their replacement: beside it something may have been added
    or removed.
    """
    a, b, c, d = at
    found: list[tuple[float, tuple[int, int, int, int]]] = []
    for i, j in _word_runs(a, min(b, a + REWRITE_MIN_WORDS)):
        for k, m in _word_runs(c, min(d, c + REWRITE_MIN_WORDS)):
            heard, written = _letters(_join_words(before, old[i:j])), _letters(_join_words(after, new[k:m]))
            if heard and written:
                found.append((SequenceMatcher(None, heard, written, autojunk=False).ratio(), (i, j, k, m)))
    best = max((similarity for similarity, _ in found), default=0.0)
    candidates = [part for similarity, part in found if similarity >= best - SIMILARITY_TOLERANCE]
    return max(candidates, key=lambda part: part[1] - part[0] + part[3] - part[2], default=(a, a, c, c))


def _word_runs(start: int, end: int) -> list[tuple[int, int]]:
    """Return all runs of as many words as a name may have, longest first."""
    sizes = range(min(MAX_NAME_WORDS, end - start), 0, -1)
    return [(first, first + size) for size in sizes for first in range(start, end - size + 1)]


def _suggest_han(
    before: str, after: str, old: list[_DiffWord], new: list[_DiffWord], at: tuple[int, int, int, int]
) -> Iterator[PlacedSuggestion]:
    """Suggest a replacement of as many Chinese characters; a single one is joined with its neighbour, since alone it
    occurs in too many words.
    """
    a, b, c, d = at
    if b - a != d - c or b - a > 2 * MAX_NAME_WORDS:
        return
    if b - a == 1:
        if a and c and _HAN.match(old[a - 1].text) and old[a - 1].end == old[a].start:
            a, c = a - 1, c - 1
        elif b < len(old) and d < len(new) and _HAN.match(old[b].text) and old[b].start == old[b - 1].end:
            b, d = b + 1, d + 1
        else:
            return
    heard, written = before[old[a].start : old[b - 1].end], after[new[c].start : new[d - 1].end]
    if len(heard) == len(written) and not spoils_texts(heard, written):
        yield PlacedSuggestion(old[a].start, old[b - 1].end, Suggestion(heard, written))


def _was_misheard(heard: str, written: str, begins_sentence: bool) -> bool:
    """Return whether `written` is what was said where `heard` was understood, which may begin a sentence."""
    heard_letters, written_letters = _letters(heard), _letters(written)
    if (
        not heard
        or not written
        or not any(map(str.isalpha, heard_letters))
        or not any(map(str.isalpha, written_letters))
    ):
        return False
    if spoils_texts(heard, written):
        return False
    if heard_letters == written_letters:
        return _is_name(written, begins_sentence)
    if min(len(heard_letters), len(written_letters)) < 3 or _same_words(heard.lower(), written.lower()):
        return False
    if re.fullmatch(r"[A-Za-z]+ [a-z]+", f"{heard} {written}"):  # one plain word for another is a rewording
        return False
    common = common_words()["words"]
    if all(word in common for word in written.lower().split()) and not _is_name(written, begins_sentence):
        return False
    sounds = _consonant_code(heard_letters), _consonant_code(written_letters)
    if sounds[0] == sounds[1] and len(sounds[0]) >= MIN_EQUAL_CONSONANTS:
        return True
    ratio = SequenceMatcher(None, heard_letters, written_letters, autojunk=False).ratio()
    return ratio >= MIN_SIMILARITY and (heard_letters[0] == written_letters[0] or sounds[0][:1] == sounds[1][:1])


def spoils_texts(heard: str, written: str) -> bool:
    """Return whether `written` for `heard` would change what is right elsewhere: a common word, a phrase of the most
    frequent ones, or Chinese characters that are confused when writing, not when listening."""
    if len(heard) == len(written) and all(
        first == second or any({first, second} <= set(group) for group in common_words()["characters"])
        for first, second in zip(heard, written, strict=True)
    ):
        return True
    frequent = common_words()["words"].union(*map(common_words().__getitem__, ("kept", "sounds", "grammar", "foreign")))
    words = heard.lower().replace("’", "'").split()
    return (
        all(word in frequent or _CONTRACTION.sub("", word) in frequent for word in words)
        or heard.lower() in list_common_words()
    )


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()


def _is_name(written: str, begins_sentence: bool) -> bool:
    """Return whether the capitals are more than the first of a sentence."""
    return any(map(str.isupper, written[1:])) or (written[:1].isupper() and not begins_sentence)


def _same_words(text: str, other_text: str) -> bool:
    """Return whether each word is another form of the word in its place."""
    both = list(zip(text.split(), other_text.split(), strict=False))
    same = all(first == second or same_word(first, second) for first, second in both)
    return same and len(text.split()) == len(other_text.split())


def same_word(first: str, second: str) -> bool:
    """Return whether two words differ only in an ending (walk, walked), also after a doubled letter (stop, stopped)."""
    short, long = sorted((first, second), key=len)
    stems = {short, short.removesuffix("e"), short.removesuffix("y") + "i", short + short[-1:]}
    return any(long == stem + ending for stem in stems for ending in _WORD_ENDINGS)


def _consonant_code(word: str) -> str:
    """Return the consonants of a word by their sound, without adjacent duplicates."""
    sounds = "".join(_CONSONANT_SOUNDS.get(letter, "") for letter in word)
    return re.sub(r"(.)\1+", r"\1", sounds)


def _split_words(text: str) -> list[_DiffWord]:
    """Return the words of `text` without the marks around them; a mark alone is no word."""
    found: list[_DiffWord] = []
    for match in _WORD.finditer(text):
        word = match.group().rstrip(_EDGE_MARKS + ".").removesuffix("'s").removesuffix("’s").rstrip(_EDGE_MARKS + ".")
        left = len(word) - len(word.lstrip(_EDGE_MARKS))
        if word[left:]:
            start = match.start() + left
            found.append(_DiffWord(start, match.start() + len(word), word[left:]))
    return found


def _join_words(text: str, words: list[_DiffWord]) -> str:
    """Return the words as they stand in `text`; "" if a mark or a line break is between them."""
    gaps = (text[first.end : second.start] for first, second in pairwise(words))
    if not words or any(gap.strip() or "\n" in gap for gap in gaps):
        return ""
    return " ".join(word.text for word in words)
