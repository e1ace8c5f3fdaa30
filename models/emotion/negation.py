"""Find negated words of emotion: "not happy", "don't hate", "never angry". Pure; English.

A cue negates the next word of emotion if only words of a closed class ("very", "to be", "make me") and no mark stand
between them. A longer scope would negate what is meant: after "I don't care, I hate it" or "don't know why I am so sad"
the emotion is expressed. Superlatives by negation ("never been so happy", "couldn't be happier"), rhetorical questions
("isn't it lovely") and idioms ("not only", "no wonder", "why not") negate nothing, nor does a cue that is negated
itself ("can't not be angry"); but "don't have no fear" is one negation.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.emotion.lexicon import COMPARATIVES, EMOTION_WORDS, lexicon_words
from models.emotion.tokens import EmotionToken

_CUES, _BETWEEN = lexicon_words("deny"), lexicon_words("between")
_REPORTING, _SUBJECT = lexicon_words("reporting"), lexicon_words("subject")
_IDIOM_AFTER, _IDIOM_BEFORE = lexicon_words("not_denied"), lexicon_words("not_denying")
_FUNCTION, _DEGREE_WORDS = lexicon_words("function"), lexicon_words("exalting")
_PAIRS = {("far", "from"), ("anything", "but"), ("less", "than"), ("instead", "of"), ("rather", "than")}
_DETERMINERS = frozenset(("that", "the", "these", "those"))
_LINKS = frozenset(("and", "or", "nor"))

_CANNOT_FORMS = frozenset(("can't", "couldn't", "cannot", "cant", "couldnt"))
_PERFECT_FORMS = frozenset(("haven't", "hasn't", "hadn't", "havent", "hasnt", "hadnt"))
_SUPERLATIVE_CUES = frozenset(("never", "nothing", "nobody", "none", "no")) | _CANNOT_FORMS | _PERFECT_FORMS
"""Cues of a superlative: "nothing makes me happier"."""

_BEEN = frozenset(("been", "felt", "ever"))
_PERIOD = frozenset(("in", "since", "for", "before", "ever"))

MAX_REACH = 7
"""Tokens that may stand between a cue and the word it negates."""

MAX_CLAUSE = 15
"""Tokens after that word that are searched for what belongs to it."""

DEGREE_WINDOW = 4
"""Tokens after a verb in which "more" or "enough" may follow: "couldn't love it more"."""


def find_negated(tokens: Sequence[EmotionToken]) -> set[int]:
    """Return the indices of the negated words of emotion in `tokens`."""
    found: set[int] = set()
    negated_cues: set[int] = set()
    for index in range(len(tokens)):
        begin = _scope_start(tokens, index) if index not in negated_cues else 0
        hit = _find_target(tokens, begin) if begin else None
        if hit is None:
            continue
        if tokens[hit].text not in EMOTION_WORDS:
            negated_cues.add(hit)
        elif not _is_superlative(tokens, index, hit):
            found |= _find_coordinated(tokens, hit)
    return found


def _scope_start(tokens: Sequence[EmotionToken], index: int) -> int:
    """Return the index after the cue at `index`, 0 if there is no cue."""
    cue, after = tokens[index].text, tokens[index + 1].text if index + 1 < len(tokens) else ""
    before = tokens[index - 1].text if index else ""
    if (cue, after) in _PAIRS:
        return index + 2
    contracted = cue.endswith("n't")
    if not (contracted or cue in _CUES) or after in _IDIOM_AFTER:
        return 0
    if cue == "not" and before in _IDIOM_BEFORE:
        return 0
    if cue == "no" and after in _FUNCTION - {"such", "more", "one"}:
        return 0  # "No it is great": an answer
    asks = tokens[index].breaks or before in ("and", "but", "so", "oh", "well", "wow")
    if contracted and asks and (after in _SUBJECT or after in _DETERMINERS):
        return 0
    return index + 1


def _find_target(tokens: Sequence[EmotionToken], begin: int) -> int | None:
    """Return the index of the word of emotion that a scope from `begin` reaches, or of a second "not" before it."""
    reported = False
    for index in range(begin, min(len(tokens), begin + MAX_REACH)):
        word = tokens[index]
        if word.breaks:
            return None
        if word.text in EMOTION_WORDS or (_is_negation(word.text) and _scope_start(tokens, index)):
            return index
        if word.text in _REPORTING:
            reported = True
        elif word.text not in _BETWEEN and not (reported and word.text in _SUBJECT):
            return None
    return None


def _is_negation(word: str) -> bool:
    return word == "not" or word.endswith("n't")


def _is_superlative(tokens: Sequence[EmotionToken], cue: int, hit: int) -> bool:
    """Return whether the negation makes a superlative: "never so happy", "couldn't be happier"."""
    word = _contract_cue(tokens, cue)
    if word not in _SUPERLATIVE_CUES:
        return False
    before = tokens[hit - 1].text
    ahead = [token.text for token in _clause_tokens(tokens, hit + 1)]
    if tokens[hit].text in COMPARATIVES or before == "more":
        return True
    if any(each in ("more", "enough", "harder", "better") for each in ahead[:DEGREE_WINDOW]):
        return True
    if word == "never":
        return before in (*_DEGREE_WORDS, "as") or "so" in ahead[:DEGREE_WINDOW]
    if word in _PERFECT_FORMS:
        return before in ("this", "such") or (before == "so" and bool(_PERIOD & set(ahead)))
    return False


def _contract_cue(tokens: Sequence[EmotionToken], cue: int) -> str:
    """Return the cue, with a "not" joined to what stands before it: "can not", "has not", "she's not been"."""
    word, before = tokens[cue].text, tokens[cue - 1].text if cue else ""
    if word != "not":
        return word
    if before in ("can", "could"):
        return "couldn't"
    been = cue + 1 < len(tokens) and tokens[cue + 1].text in _BEEN
    if before in ("have", "has", "had") or before.endswith("'ve") or (been and before.endswith(("'s", "'d"))):
        return "haven't"
    return word


def _clause_tokens(tokens: Sequence[EmotionToken], begin: int) -> list[EmotionToken]:
    clause = []
    for token in tokens[begin : begin + MAX_CLAUSE]:
        if token.breaks:
            break
        clause.append(token)
    return clause


def _find_coordinated(tokens: Sequence[EmotionToken], hit: int) -> set[int]:
    """Return `hit` and the words of emotion that share its negation: "no great joy", "not sad, angry or afraid"."""
    found, index = {hit}, hit
    pending: list[int] = []
    for _ in range(MAX_CLAUSE):
        link, word = (tokens[each] if each < len(tokens) else None for each in (index + 1, index + 2))
        if link is None:
            break
        if link.text in EMOTION_WORDS and link.before.strip() == ",":
            index += 1
            pending.append(index)  # negated if the list ends with "or"
        elif link.text in EMOTION_WORDS and not link.breaks:
            index += 1
            found.add(index)
        elif link.text in _LINKS and word is not None and word.text in EMOTION_WORDS and not link.breaks:
            index += 2
            found |= {index, *pending} if link.text != "and" or not pending else set()
            pending = []
        else:
            break
    return found
