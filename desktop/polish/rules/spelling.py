"""Write words that are spelled: "my name is Kuchera, spell it K U C E R A", 拼写：k u c e r a.

The word that was heard for what is spelled is replaced, with its capital. It is the one that sounds like it or shares
most of its letters (as the user's own words are found), before the cue; directly before it also a name that no list
knows with the same first letter. If there is none, the word stands where the cue and the letters stood, if these were
an order by themselves ("Spell it: k u c e r a"). All else is what was said: "it's spelled with a k", "how do you spell
it", "I'd spell it c a t", "to say help, spell it H E L P in morse"; and a known word whose letters were rather
misheard, Stephen with T, E, P, H, E, N.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, product

from desktop.core.text import HAN
from desktop.polish.rules.edit import RuleContext, RuleEdit
from desktop.polish.rules.misheard_letters import are_misheard
from desktop.polish.rules.spelled_letters import SPOKEN_MARK, Spelled, ends_as_word, find_spelled
from desktop.polish.rules.tokens import connecting_words
from desktop.vocabulary.known_forms import is_known, is_word
from desktop.vocabulary.sound_key import fold_letters, join_keys, sound_key
from desktop.vocabulary.term_index import Term, mask_letters, measure

LIMIT, FAR_LIMIT = 0.45, 0.3
"""Largest distance (`desktop.vocabulary.term_index.measure`) of the word that is directly before the cue from what is
spelled, and of one farther before it."""

MAX_WORDS, MAX_WORDS_BEFORE = 3, 12
"""Most words that are heard for a spelled one, and how many words before the cue are compared."""

_CUE = re.compile(
    r"(?<![\w'’-])(?P<lead>(?:(?:and|so|but)\s+)?(?:(?:that|it|which|this)(?:['’]?s|\s+is)|i(?:['’]ll|['’]d|\s+will)?"
    r"|we|you|let\s+me|let['’]?s|please)\s+|(?:and|so|but)\s+)?"
    r"(?P<verb>spell(?:ed|ing)?|spelt|(?=spell?i[dt]\b)spel*)(?P<object>(?:\s+(?:it|that|this)|i[dt])?)(?P<n>\s+then(?=[\s,.]))?(?:\s+(?:out|as|like\s+this|as\s+follows))?"
    r"(?![\w'’]|-\w{2})"
    r"|(?P<chinese>(?:拼[写寫]|拼作|拼成|拼[为為]|拼出[来來]|拼一下|拼法|字母)[是为為成作]?)",
    re.IGNORECASE,
)
_MAY_HAVE_CUE = re.compile("spel|拼|字母", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,.:;，。：；—–-]*")
_WORD = re.compile(rf"[^\W\d_{HAN}]+(?:['’-][^\W\d_{HAN}]+)*")
_PAUSES = " ,.;:!?…，。！？；：、–—"
_STOPS = ".!?…。！？\n"
_ASKED = "!?！？"
_ENDS = frozenset(_PAUSES) | {"", "\n"}
_ASKS = re.compile(r"\bhow\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?。！？\n]+(?=\s|$)")
_ORDERED = re.compile(r"\b(?:then|now|next|first|finally|instead|just)[,\s]*\Z", re.IGNORECASE)
_LINKED = re.compile(r"(?:and|at)\b", re.IGNORECASE)
_INNER_CAPITAL, _AFTER_SIGN = re.compile(r"[-'’][A-Z]"), re.compile(r"(?:^|[-'’])[a-z]")
_COPULAS = "是为為"
"""What ends a cue that says how something is spelled, 拼写是, and does not ask for it."""


def edit_spelling(text: str, context: RuleContext) -> Iterator[RuleEdit]:
    """Write words that are spelled, in the place of what was heard for them."""
    if _MAY_HAVE_CUE.search(text) is None:
        return
    at = 0
    for cue in _CUE.finditer(text):
        before = text[: cue.start()].rstrip(" ")
        is_paused = not before or before[-1] in _PAUSES or before[-1] == "\n"
        found = _find_nearest(text, at, cue, only_beside=not is_paused) if cue.start() >= at else None
        if found is None or _ASKS.search(_SENTENCE.split(before)[-1]):
            continue
        spelled, heard = found
        if spelled.is_joined and not (is_paused or cue["object"] or cue["chinese"]):
            continue  # "the key word ELSIF can also be spelled ELSEIF"
        if heard is not None:
            if _is_heard_rightly(text, text[slice(*heard)], spelled):
                continue
            yield from _replace(text, heard, cue.start(), spelled)
        elif is_paused and _is_order(before, cue, text[spelled.end :].lstrip(" ")):
            yield _insert(text, cue.start(), spelled)
        else:
            continue
        at = spelled.end


def read_spelled(text: str) -> str | None:
    """Return the word that `text` spells and nothing else, "k u c e r a" or "spell it: K-U-C-E-R-A"; None if it does
    not. Its letters are small, except where "capital" was said. For what corrects a word by its letters.
    """
    begin = len(text) - len(text.lstrip())
    cue = _CUE.match(text, begin)
    found = find_spelled(text, _skip_between(text, cue.end()) if cue else begin)
    return found.word if found and not text[found.end :].strip(_PAUSES) else None


def _skip_between(text: str, at: int) -> int:
    match = _BETWEEN.match(text, at)
    return match.end() if match else at


def _find_nearest(
    text: str, begin: int, cue: re.Match[str], *, only_beside: bool
) -> tuple[Spelled, tuple[int, int] | None] | None:
    """Return what is spelled behind `cue`, and where the word is that was heard for it, which decides where the letters
    end if that is in doubt: with an A, or before an article.
    """
    start, best = _skip_between(text, cue.end()), None
    ways = product(("", "n") if cue["n"] else ("",), (False, True))
    for first, keeps_last in ways:  # "spelled N, O" is heard as "spell then, O"
        spelled = find_spelled(text, start, keeps_last=keeps_last)
        if spelled is None:
            continue
        spelled = replace(spelled, word=first + spelled.word)
        distance, heard = _find_heard(text, begin, cue.start(), spelled, only_beside=only_beside)
        rank = heard is None, distance
        if best is None or rank < best[0]:
            best = rank, spelled, heard
    return best[1:] if best and ends_as_word(text, best[1]) else None


def _is_heard_rightly(text: str, heard: str, spelled: Spelled) -> bool:
    """Return whether the word before the cue stays, and with it what is said of its letters: they were misheard, or it
    is a common word, which they only explain.
    """
    letters = fold_letters(heard)
    if heard == spelled.word and heard.islower() and is_word(letters) and not text.islower():
        return True
    return spelled.word.isalpha() and are_misheard(fold_letters(spelled.word), letters)


def _find_heard(
    text: str, begin: int, cue_start: int, spelled: Spelled, *, only_beside: bool
) -> tuple[float, tuple[int, int] | None]:
    """Return where the word is that was heard for what is spelled, and its distance, 1 where it is not measured; of
    several the nearest in sound, then in place.

    `only_beside`: it must be directly before the cue.
    """
    letters = fold_letters(spelled.word)
    if len(letters) < 2:
        return 1, None
    term = Term(spelled.word, letters, sound_key(letters), mask_letters(letters))
    words = list(_WORD.finditer(text, begin, cue_start))[-MAX_WORDS_BEFORE:]
    found: list[tuple[float, int, int, int]] = []
    for first in range(len(words)):
        for last in range(first, min(first + MAX_WORDS, len(words))):
            run = words[first : last + 1]
            if (
                _is_small(run[0].group())
                or _is_small(run[-1].group())
                or any(text[one.end() : other.start()] != " " for one, other in pairwise(run))
            ):
                continue
            is_beside = not text[run[-1].end() : cue_start].strip(_PAUSES)
            parts = [fold_letters(word.group()) for word in run]
            distance = measure("".join(parts), join_keys(map(sound_key, parts)) or "-", term)
            if distance <= (LIMIT if is_beside else FAR_LIMIT) and (is_beside or not only_beside):
                found.append((distance, len(words) - last, run[0].start(), run[-1].end()))
    if found:
        distance, _place, start, end = min(found)
        return distance, (start, end)
    return 1, _find_unknown(text, words, cue_start, term)


def _is_small(word: str) -> bool:
    """Return whether a word is no name: is, to, I."""
    return word.lower() in connecting_words() and (word.islower() or len(word) == 1)


def _find_unknown(text: str, words: list[re.Match[str]], cue_start: int, term: Term) -> tuple[int, int] | None:
    """Return where a name is, directly before the cue, that no list knows and that begins as what is spelled."""
    if not words or text[words[-1].end() : cue_start].strip(_PAUSES):
        return None
    start, end = words[-1].span()
    letters = fold_letters(words[-1].group())
    starts_alike = letters[:1] == term.letters[:1] or sound_key(letters)[:1] == term.key[:1]
    is_name = text[start].isupper() and not is_known(letters)
    return (start, end) if is_name and starts_alike and len(letters) > 2 else None


def _is_order(before: str, cue: re.Match[str], after: str) -> bool:
    """Return whether the cue, between `before` and `after`, is an order by itself, so that the word stands there."""
    if cue["chinese"]:
        is_said = cue["chinese"][-1] in _COPULAS
        return after[:1] in _ENDS and cue["chinese"] != "字母" and not (is_said and before)
    if (cue["lead"] or "").strip().lower() not in ("", "please", "and") or _ORDERED.search(before) or cue["n"]:
        return False
    ends = after[:1] in _ENDS or SPOKEN_MARK.match(after) is not None or _LINKED.match(after) is not None
    return ends and (bool(cue["object"]) or (not before and not after.strip(_PAUSES)))


def _replace(text: str, heard: tuple[int, int], cue_start: int, spelled: Spelled) -> Iterator[RuleEdit]:
    """Yield the edits that write the spelled word for what was heard, and take out the cue and the letters."""
    start, end = heard
    word = _match_case(text[start:end], spelled)
    left = cue_start
    while left > end and (text[left - 1] in _PAUSES or text[left - 1].isspace()):
        left -= 1
    asked = next((mark for mark in text[left:cue_start] if mark in _ASKED), "")
    right = spelled.end
    if asked:
        while text[right : right + 1] and text[right] in _STOPS:
            right += 1
    elif not text[right : right + 1].strip(" ") and text[right:].lstrip()[:1].isupper():
        asked = next((mark for mark in text[left:cue_start] if mark in _STOPS), "")
    if left == end:
        yield RuleEdit(start, right, word + asked)
        return
    yield RuleEdit(start, end, word)
    yield RuleEdit(left, right, asked)


def _insert(text: str, cue_start: int, spelled: Spelled) -> RuleEdit:
    """Return the edit that writes the spelled word in the place of the cue and the letters."""
    left = cue_start
    while left and (text[left - 1] == " " or text[left - 1] in ",:，：、"):
        left -= 1
    if not left and not text[spelled.end :].strip(" .。"):
        return RuleEdit(0, len(text), spelled.word)
    before = text[left - 1 : left]
    space = " " if before and not before.isspace() and before not in "。！？；" else ""
    return RuleEdit(left, spelled.end, space + spelled.word)


def _match_case(heard: str, spelled: Spelled) -> str:
    """Return the spelled word with the capitals of what was heard, unless its own were said."""
    if spelled.has_case:
        return spelled.word
    if heard.casefold() == spelled.word:
        return heard
    if _INNER_CAPITAL.search(heard):
        return _AFTER_SIGN.sub(lambda letter: letter[0].upper(), spelled.word)
    if len(heard) > 1 and heard.isupper():
        return spelled.word.upper()
    return spelled.word[:1].upper() + spelled.word[1:] if heard[0].isupper() else spelled.word
