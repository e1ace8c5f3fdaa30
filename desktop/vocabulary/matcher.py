"""Find the user's own words in a recognized text where they were heard as something that is spelled and sounds alike.

It follows every engine, services too, most of which cannot be told what to listen for. Pure. Why it changes so little,
and what was measured: `docs/adr/0020-own-words-by-their-sound.md`; `make prove-words` measures it.

A wrong change is not noticed, so it must never take a word that was meant. A form that means something of its own (a
common word, a name, a term: `desktop.vocabulary.known_forms`) is never changed because of its sound; of common words
only several are joined. Numbers, negations and hesitation sounds are left alone, parts of commands and paths, and what
is as close to two own words. The lists are English: in other languages only case and spaces are changed, and only into
a word with a capital inside ("py torch").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from desktop.vocabulary.heard_words import MIN_TEXT_WORDS, HeardWord, is_foreign, split_words
from desktop.vocabulary.known_forms import (
    common_words,
    find_drug_stem,
    is_compound,
    is_form,
    is_known,
    is_word,
    list_common_words,
)
from desktop.vocabulary.learning import same_word
from desktop.vocabulary.sound_key import join_keys, sound_key
from desktop.vocabulary.term_index import MIN_LETTERS, Term, TermIndex, measure

LIMIT = 0.25
"""Largest distance of what was heard from an own word: half that of the letters, half that of the sounds, each as a
share of the longer one. Chosen by `make prove-words`."""

STRICT_LIMIT = 0.1
"""Largest distance where one of the words heard is among the most frequent ones ("get hub", but not "all day"), and of
a plural without its ending.
"""

CLOSE_LIMIT = 0.15
"""Largest distance of common words from the own word whose sounds they have exactly ("pie torch", but not "hairy boy"
for Haribo), from a short own word, and from one that is a common word, which recognizers know.
"""

FEW_SOUNDS, FEW_SOUNDS_LIMIT = 3, 0.2
"""Most sounds of an own word's key that tell little, and the largest distance from such a word."""

MAX_WORDS = 3
"""Most words that are heard for one own word."""

MIN_JOINED_LETTERS = 6
"""Fewest letters of an own word that words are joined to because of their sound."""

SHORT_LETTERS, SHORT_JOINED_LETTERS = 5, 6
"""Most letters of an own word that is short, also where words are joined to it."""

LENGTH_SHARE = 3
"""The lengths of what was heard and of the own word differ by at most one in so many letters."""

ENGLISH_LETTERS = ("en", "zh", "yue", "ja", "ko")
"""Languages in which a word of Latin letters is English or a name."""

_SENTENCE_END = ".!?:…"


class TermMatch(NamedTuple):
    """`text[start:end]` was heard for an own word and becomes `written`."""

    start: int
    end: int
    written: str
    distance: float = 0.0


class TermMatcher:
    """Finds `terms`, the user's own words, in texts. `limit` is the largest distance."""

    def __init__(self, terms: Iterable[str], limit: float = LIMIT) -> None:
        self._limit = limit
        self._index = TermIndex(terms)

    def find_matches(
        self, text: str, language: str = "en", *, is_guessed: bool = False, keeps_case: bool = False
    ) -> list[TermMatch]:
        """Return what is to be written otherwise in `text`, in order, without overlaps.

        `language` is the code of the text's language, `is_guessed` where it is not known but guessed from the letters.
        `keeps_case`: nothing is changed in its case alone.
        """
        if not self._index.by_letters:
            return []
        words = split_words(text)
        by_sound = language in ENGLISH_LETTERS and not is_foreign(words, is_guessed)
        is_sure = by_sound and not (is_guessed and len(words) < MIN_TEXT_WORDS)
        search = _Search(self, text, words, by_sound, is_sure, keeps_case)
        found = [match for at in range(len(words)) for match in search.matches_from(at)]
        chosen: list[TermMatch] = []
        taken = bytearray(len(text))
        for match in sorted(found, key=lambda match: (match.distance, match.start - match.end)):
            if taken.find(1, match.start, match.end) < 0:
                taken[match.start : match.end] = b"\1" * (match.end - match.start)
                chosen.append(match)
        return sorted(match for match in chosen if text[match.start : match.end] != match.written)

    def find_exact(self, letters: str) -> str | None:
        """Return the own word with exactly these letters."""
        term = self._index.by_letters.get(letters)
        return term.written if term else None

    def find_closest(self, parts: Sequence[str], *, is_common: bool) -> tuple[str, float] | None:
        """Return the one own word that `parts` sound like, and its distance; None if there is none or more than one.

        `parts` are the letters of the words heard. If all are common words, they must have exactly its sounds. Known
        forms are what was meant, except several common words, or one beside a form that is not known.
        """
        letters = "".join(parts)
        if len(parts) == 1:
            is_meant = is_known(letters) or is_compound(letters)
        else:
            is_meant = all(map(is_form, parts)) and not list_common_words().issuperset(parts)
        if is_meant:
            return None
        key = join_keys(map(sound_key, parts))
        if not key:
            return None
        stem = find_drug_stem(letters)
        find = self._index.find_same_sound if is_common or stem else self._index.find_near
        found = [
            (distance, term)
            for distance, term in find(letters, key, self._limit)
            if distance <= (STRICT_LIMIT if stem else self._find_limit(term, len(parts)))
            and (len(parts) == 1 or len(term.letters) >= MIN_JOINED_LETTERS)
            and abs(len(letters) - len(term.letters)) * LENGTH_SHARE <= max(len(letters), len(term.letters))
            and (not stem or find_drug_stem(term.letters) == stem)
            and not _is_other(letters, term, distance)
        ]
        if not found or (len(found) > 1 and found[0][0] == found[1][0]):
            return None
        distance, term = found[0]
        return None if _has_closer(parts, term, distance) else (term.written, distance)

    def _find_limit(self, term: Term, part_count: int) -> float:
        """Return the largest distance of so many words from `term`."""
        is_short = len(term.letters) <= (SHORT_LETTERS if part_count == 1 else SHORT_JOINED_LETTERS)
        if is_short or term.letters in list_common_words():
            return min(self._limit, CLOSE_LIMIT)
        return min(self._limit, FEW_SOUNDS_LIMIT) if len(term.key) <= FEW_SOUNDS else self._limit


class _Search:
    """The search in one text. `by_sound`: also for words that only sound alike; `is_sure`: the words of its language
    are known; `keeps_case`: nothing is changed in its case alone."""

    def __init__(
        self,
        matcher: TermMatcher,
        text: str,
        words: Sequence[HeardWord],
        by_sound: bool,
        is_sure: bool,
        keeps_case: bool,
    ) -> None:
        self._matcher = matcher
        self._text = text
        self._words = words
        self._by_sound, self._is_sure, self._keeps_case = by_sound, is_sure, keeps_case
        self._is_common = [word.letters in list_common_words() for word in words]
        self._frequent = common_words()["words"]
        self._kept = common_words()["kept"] | common_words()["sounds"]
        self._grammar, self._foreign = common_words()["grammar"], common_words()["foreign"]

    def matches_from(self, at: int) -> list[TermMatch]:
        """Return the matches of one to three words that begin with the one at `at`."""
        found: list[TermMatch] = []
        if self._words[at].follows:
            return found
        for end in range(at + 1, min(at + MAX_WORDS, len(self._words)) + 1):
            word = self._words[end - 1]
            if word.letters in common_words()["sounds"]:
                break
            if end > at + 1:
                before = self._words[end - 2]
                if self._text[before.end : word.start] not in (" ", "-") or before.has_ending:
                    break
            match = self._match_word(at) if end == at + 1 else self._match_joined(at, end)
            if match and not word.leads:
                found.append(match)
        return found

    def _match_word(self, at: int) -> TermMatch | None:
        word = self._words[at]
        written = self._matcher.find_exact(word.letters)
        if written is not None:
            return self._respell(at, at + 1, written)
        if not self._by_sound or not word.is_plain or len(word.letters) < MIN_LETTERS:
            return None
        single = word.letters[:-1] if word.letters.endswith("s") and not word.has_ending else ""
        if single and (written := self._matcher.find_exact(single)) and not (is_form(word.letters) or is_word(single)):
            return self._sounding(at, at + 1, written + "s", 0.0)
        if is_known(word.letters) or is_compound(word.letters):
            return None
        found = self._matcher.find_closest((word.letters,), is_common=False)
        if single:
            closest = self._matcher.find_closest((single,), is_common=False)
            if closest is not None and closest[1] <= min(STRICT_LIMIT, found[1] if found else 1.0):
                found = (closest[0] + "s", closest[1])
        return found and self._sounding(at, at + 1, *found)

    def _match_joined(self, at: int, end: int) -> TermMatch | None:
        words = self._words[at:end]
        parts = [word.letters for word in words]
        written = self._matcher.find_exact("".join(parts))
        if any(part in self._kept for part in parts) or self._is_grammatical(at, end, written):
            return None
        is_hyphened = "-" in self._text[words[0].start : words[-1].end]
        if written is not None:
            return None if is_hyphened and "-" not in written else self._respell(at, end, written)
        frequent_count = sum(part in self._frequent for part in parts)
        is_common = frequent_count > 0 or all(self._is_common[at:end])
        if (
            not self._by_sound
            or is_hyphened
            or frequent_count == len(parts)
            or (frequent_count and not self._is_noun(at, end))
            or not all(word.is_plain for word in words)
            or (is_common and sum(map(len, parts)) < MIN_JOINED_LETTERS)
        ):
            return None
        found = self._matcher.find_closest(parts, is_common=is_common)
        if found is None or found[1] > (STRICT_LIMIT if frequent_count else CLOSE_LIMIT if is_common else 1.0):
            return None
        return self._sounding(at, end, *found) if self._has_acronyms(at, end, found[0]) else None

    def _is_grammatical(self, at: int, end: int, written: str | None) -> bool:
        """Return whether a word of grammar keeps words from being joined to `written`, the own word with their letters.

        In an own word that is spoken in as many words it may stand between the others (Bank of America).
        """
        parts = [word.letters for word in self._words[at:end]]
        if written is not None and len(written.split()) == len(parts):
            return not self._grammar.isdisjoint((parts[0], parts[-1])) and list_common_words().issuperset(parts)
        return not self._grammar.isdisjoint(parts) or not self._foreign.isdisjoint(parts)

    def _is_noun(self, at: int, end: int) -> bool:
        """Return whether words, one of them among the most frequent, stand where a name does and end with it.

        "on get hub and" may be GitHub's, "we get hub caps" is not.
        """
        first, last = self._words[at], self._words[end - 1]
        if first.letters in self._frequent:
            before = self._words[at - 1] if at else None
            if (
                before is None
                or before.letters not in common_words()["leading"]
                or self._text[before.end : first.start] != " "
            ):
                return False
        after = self._words[end] if end < len(self._words) else None
        return after is None or after.letters in self._grammar or self._text[last.end : after.start] != " "

    def _has_acronyms(self, at: int, end: int, written: str) -> bool:
        """Return whether all acronyms among the words are in `written` as they are: SQL of "poster SQL"."""
        heard = [self._text[word.start : word.end] for word in self._words[at:end]]
        return all(word in written for word in heard if len(word) > 1 and word.isupper()) or "".join(heard).isupper()

    def _respell(self, at: int, end: int, written: str) -> TermMatch | None:
        """Return the match of words that have the letters of `written`, which differs in case, accents and spaces.

        What is written so already is a match too, so that nothing else is found in it. Where the words of the language
        are unknown, a word is changed only into one with a capital inside, which cannot be another word.
        """
        words = self._words[at:end]
        start, stop = words[0].start, words[-1].end
        heard = self._text[start:stop]
        if heard == written or (heard == written[:1].upper() + written[1:] and self._begins_sentence(start)):
            return TermMatch(start, stop, heard)
        is_recased = heard.casefold() == written.casefold()
        if written.isascii() and not heard.isascii():
            return TermMatch(start, stop, heard)  # an accent is heard on purpose: Miró, not Miro
        if self._keeps_case and is_recased:
            return TermMatch(start, stop, heard)
        letters = "".join(word.letters for word in words)
        if not all(word.is_plain for word in words) and not is_recased:
            return None  # can't or: not Cantor
        if not self._is_sure and (len(letters) < MIN_LETTERS or not _has_capital_inside(written)):
            return None
        if len(words) > len(written.split()) and not is_recased:
            if len(letters) < MIN_JOINED_LETTERS or all(word.letters in self._frequent for word in words):
                return None
        elif all(is_word(word.letters) for word in words):
            return None
        return TermMatch(start, stop, written)

    def _sounding(self, at: int, end: int, written: str, distance: float) -> TermMatch:
        start = self._words[at].start
        if written.islower() and self._text[start].isupper() and self._begins_sentence(start):
            written = written[:1].upper() + written[1:]
        return TermMatch(start, self._words[end - 1].end, written, distance)

    def _begins_sentence(self, start: int) -> bool:
        at = start - 1
        while at >= 0 and self._text[at].isspace():
            at -= 1
        return at < 0 or self._text[at] in _SENTENCE_END


def apply_matches(text: str, matches: Iterable[TermMatch]) -> str:
    """Return `text` with `matches`, in order, written."""
    parts, at = list[str](), 0
    for match in matches:
        parts += (text[at : match.start], match.written)
        at = match.end
    return "".join((*parts, text[at:]))


def _has_capital_inside(written: str) -> bool:
    """Return whether a word has a capital after its beginning, and small letters."""
    return any(any(map(str.isupper, word[1:])) and any(map(str.islower, word)) for word in written.split())


def _is_other(letters: str, term: Term, distance: float) -> bool:
    """Return whether what was heard is another form of an own word, or its opposite: hypotension, hypertension.

    Behind the beginning of an opposite less makes a difference (hypercalcemia, hyperkalemia).
    """
    beginnings = common_words()["opposites"]
    heard, own = ({start for start in beginnings if word.startswith(start)} for word in (letters, term.letters))
    return heard != own or (bool(own) and distance > STRICT_LIMIT) or same_word(letters, term.letters)


def _has_closer(parts: Sequence[str], term: Term, distance: float) -> bool:
    """Return whether fewer of the words heard are as close: then the others belong to the text."""
    runs = [parts[first:last] for first in range(len(parts)) for last in range(first + 1, len(parts) + 1)]
    return any(
        measure("".join(run), join_keys(map(sound_key, run)), term) <= distance for run in runs if len(run) < len(parts)
    )
