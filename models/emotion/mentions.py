"""Find words of emotion that only name something: "Hope is on the phone", "the surprise party", "Wow is an acronym".
Pure; English.

No part of speech is known here, so each rule requires signs that leave little doubt: a capital inside a sentence, a
verb with a personal object, a word that is said about words, or a noun after it and no object after that. A sentence
that mentions its speaker, or exclaims, keeps what would otherwise be a description.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from models.emotion.lexicon import (
    ADJECTIVES,
    EMOTION_WORDS,
    GIVEN_NAMES,
    INTERJECTIONS,
    NOUNS,
    PREDICATE_VERBS,
    VERBS,
    lexicon_words,
)
from models.emotion.tokens import EmotionToken

_FUNCTION, _AUXILIARY, _PERSONAL = lexicon_words("function"), lexicon_words("auxiliary"), lexicon_words("personal")
_WORD_NOUNS, _WORD_NOUNS_PLURAL, _NAMING_VERBS = (
    lexicon_words("about"),
    lexicon_words("about_many"),
    lexicon_words("called"),
)
_ABOUT_JUDGED, _PLURAL, _UNBEARABLE = (
    lexicon_words("about_judged"),
    lexicon_words("plural"),
    lexicon_words("unbearable"),
)
_IS_ABOUT, _IS_FELT, _ADDRESSED = lexicon_words("is_about"), lexicon_words("is_felt"), lexicon_words("addressed")
_DESCRIBING, _JUDGED, _DETERMINER = lexicon_words("describing"), lexicon_words("judged"), lexicon_words("determiner")
_SPEAKER, _OBJECT, _GREETED = lexicon_words("speaker"), lexicon_words("object"), lexicon_words("greeted")
_DEGREE, _PAST, _BEGUN, _FELT_AS = (
    lexicon_words("degree"),
    lexicon_words("past"),
    lexicon_words("begun"),
    lexicon_words("felt_as"),
)
_EXPRESSIONS = EMOTION_WORDS | INTERJECTIONS
_NO_NOUN = _FUNCTION | _AUXILIARY | _PAST | _FELT_AS | EMOTION_WORDS
_NAMES_AND_NOUNS = GIVEN_NAMES | NOUNS
_NO_MODIFIED = _FUNCTION | _JUDGED
_NO_SUBJECT_NAME = _GREETED | _BEGUN
_MODIFIED = _DETERMINER | _DESCRIBING
_OPENING, _CLOSING = frozenset('"“‘'), frozenset("”’")
_JUDGING_VERBS = frozenset(("find", "finds", "found", "make", "makes", "made", "consider", "considers"))
_DEMONSTRATIVES = frozenset(("this", "that"))
_AND = frozenset(("and", "or"))

MIN_LISTED = 3
"""Number of nouns of emotion in a row that make a list of words."""


def find_mentions(tokens: Sequence[EmotionToken]) -> set[int]:
    """Return the indices of the words of emotion in `tokens` that express nothing by themselves."""
    starts = [index for index, token in enumerate(tokens) if token.starts]
    return {
        begin + index
        for begin, end in pairwise([*starts, len(tokens)])
        for index in _Sentence(tokens[begin:end]).find_mentions()
    }


class _Sentence:
    def __init__(self, tokens: Sequence[EmotionToken]) -> None:
        self._tokens = tokens
        self._words = [token.text.removesuffix("'s") for token in tokens]
        texts = {token.text for token in tokens}
        self._may_describe = not texts & _SPEAKER and not any("!" in text for text in texts)
        capitals = [token.capital for token in tokens[1:] if token.text.isalpha()]
        self._is_title = len(capitals) > 2 and 4 * sum(capitals) >= 3 * len(capitals)

    def find_mentions(self) -> set[int]:
        return self._find_listed() | {index for index in range(len(self._words)) if self._names_only(index)}

    def _names_only(self, index: int) -> bool:
        word = self._words[index]
        if word in GIVEN_NAMES and (self._is_name_by_verb(index) or self._is_name(index) or self._is_mention(index)):
            return True
        if word in _EXPRESSIONS and (self._is_name(index) or self._is_mention(index)):
            return True
        return (word in NOUNS and self._is_compound(index)) or (word in _DESCRIBING and self._is_description(index))

    def _word(self, index: int) -> str:
        """Return the word at an index, "" outside the sentence."""
        return self._words[index] if 0 <= index < len(self._words) else ""

    def _has_break(self, index: int) -> bool:
        return index >= len(self._tokens) or self._tokens[index].breaks

    def _has_capital(self, index: int) -> bool:
        """Return whether there is a capital that is not explained by the position, a title, or "I"."""
        if not 0 < index < len(self._tokens) or self._is_title:
            return False
        return self._tokens[index].capital and self._tokens[index].text not in _SPEAKER

    def _is_name(self, index: int) -> bool:
        """Return whether the capital marks a name: "into Hope Street", "Happy Valley is", "Merry and Pippin are"."""
        before, after = self._word(index - 1), self._word(index + 1)
        if index:
            if not self._has_capital(index) or before in _DEGREE or after in _NO_SUBJECT_NAME:
                return False
            beside = self._has_capital(index - 1) or self._has_capital(index + 1) or before in _DETERMINER
            return beside or self._words[index] in _NAMES_AND_NOUNS
        if not self._tokens[0].capital or self._words[0] in INTERJECTIONS or after in _GREETED:
            return False
        if after in _AND:
            return self._has_capital(2) and self._word(3) in _AUXILIARY
        behind = 1
        while self._has_capital(behind) and not self._has_break(behind):
            behind += 1
        verb = self._word(behind)
        return behind > 1 and (verb in _AUXILIARY or verb.endswith("ed"))

    def _is_name_by_verb(self, index: int) -> bool:
        """Return whether the verb or the address marks a given name: "Joy called", "tell joy"."""
        if index:
            return self._word(index - 1) in _ADDRESSED
        after, behind = self._word(1), self._word(2)
        if self._tokens[0].text.endswith("'s"):
            return True
        if after in _AND:
            return self._has_capital(2) or (self._tokens[2:3] != [] and self._tokens[2].text in _SPEAKER)
        return after in _PERSONAL and behind not in _IS_FELT

    def _is_mention(self, index: int) -> bool:
        """Return whether a word is mentioned as a word: quoted, "the label joy", "a synonym of sad", "Sadly is an
        adverb".
        """
        word, before, after = self._word(index), self._word(index - 1), self._word(index + 1)
        if self._is_quoted(index) or (before in _WORD_NOUNS and self._is_word(index)):
            return True
        if before in _NAMING_VERBS:
            return self._tokens[index].capital or word in NOUNS
        if not self._may_describe:
            return False
        if before in ("of", "for", "is", "as", "than") and self._word(index - 2) in _WORD_NOUNS:
            return before != "is" or word not in ADJECTIVES or not self._is_judged(index - 2)
        if index or after not in _IS_ABOUT:
            return False
        return word not in NOUNS or self._word(2) not in _IS_FELT

    def _is_word(self, index: int) -> bool:
        """Return whether the word before it names it: "the word love", but not "the class scares me"."""
        word, before, after = self._word(index), self._word(index - 1), self._word(index + 1)
        if self._tokens[index].breaks or (word in VERBS and after in _OBJECT):
            return False
        if word in NOUNS - PREDICATE_VERBS or after in _AUXILIARY | _IS_ABOUT:
            return True
        if word in PREDICATE_VERBS:
            return self._may_describe and word.endswith("ed") and (index == 1 or before not in _ABOUT_JUDGED)
        if self._has_break(index + 1) and (self._word(0) in _AUXILIARY or not _JUDGING_VERBS.isdisjoint(self._words)):
            return False  # "is this class scary", "I find this class scary"
        return self._may_describe or (word in ADJECTIVES and before not in _ABOUT_JUDGED)

    def _is_judged(self, index: int) -> bool:
        """Return whether this word is judged as a thing: "the class is boring", "this word is awful"."""
        return self._word(index) in _ABOUT_JUDGED or self._word(index - 1) in _DEMONSTRATIVES

    def _is_quoted(self, index: int) -> bool:
        """Return whether it is in a quotation of one or two words."""
        if self._tokens[index].before[-1:] not in _OPENING:
            return False
        closed = any(token.after.lstrip(".,").startswith('"') for token in self._tokens[index : index + 2])
        return closed or self._word(index + 1) in _CLOSING or self._word(index + 2) in _CLOSING

    def _is_compound(self, index: int) -> bool:
        """Return whether a noun of emotion modifies another noun, after an article or before a verb: "the surprise
        party".
        """
        before, after, behind = self._word(index - 1), self._word(index + 1), self._word(index + 2)
        if self._has_break(index + 1) or not after.isalpha():
            return False
        if after in _NO_NOUN or after.endswith(("ed", "ly")) or behind in _OBJECT:
            return False  # no noun follows: "the joy of it", "the fear grew", "joy filled the room"
        if after.endswith("s") and not after.endswith("ss") and behind not in _AUXILIARY:
            return before in _DETERMINER and self._has_break(index + 2)  # else it may be a verb: "the fear grows in"
        if index == 0:
            return behind in _AUXILIARY
        if before in _MODIFIED:
            return True
        return behind in _AUXILIARY and self._words[index] not in PREDICATE_VERBS and self._is_modifier(index - 1)

    def _is_modifier(self, index: int) -> bool:
        """Return whether it may be a singular noun that begins a subject: "kernel" of "kernel panic logs"."""
        word = self._words[index]
        if not self._may_describe or self._has_break(index + 1) or not word.isalpha() or word in _NO_NOUN | _PLURAL:
            return False
        return not word.endswith(("s", "ly", "ed")) and (index == 0 or self._word(index - 1) in _DETERMINER)

    def _is_description(self, index: int) -> bool:
        """Return whether an adjective begins a description: "The happy couple"."""
        if index != 1 or self._words[0] != "the" or not self._may_describe or self._has_break(2):
            return False
        if _UNBEARABLE & set(self._words):
            return False
        return self._word(2) not in _NO_MODIFIED

    def _find_listed(self) -> set[int]:
        """Return the words of lists: "joy, anger and fear", or of two words if the sentence is about words."""
        found: set[int] = set()
        about = bool(set(self._words) & (_WORD_NOUNS - _ABOUT_JUDGED | _WORD_NOUNS_PLURAL))
        run: list[int] = []
        for index, word in enumerate([*self._words, ""]):
            if word in _EXPRESSIONS and (not run or index - run[-1] <= 2):
                run.append(index)
            elif word not in _AND or not run or index - run[-1] != 1:
                nouns = all(self._word(each) in NOUNS for each in run)
                if self._may_describe and ((len(run) >= MIN_LISTED and (about or nouns)) or (len(run) == 2 and about)):
                    found |= set(run)
                run = []
        return found
