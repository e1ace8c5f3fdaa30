"""Remove words that are said twice, and words that were begun and abandoned.

Speakers go back to the beginning of the current phrase, so that the last version is the complete one: of two the first
goes. What is repeated on purpose (very very, no no, five five five, spelled letters) is recognized by its kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Set

from desktop.polish.rules import chinese
from desktop.polish.rules.edit import Edit, Manner
from desktop.polish.rules.restarts import restarted
from desktop.polish.rules.tokens import COMMA, NOTHING, STOP, Cut, cut, figure, has_chinese, leading, without, words

LONGEST = 8
"""Most words of a phrase that is said twice; a longer one is quoted, or sung."""


SUPPOSING = words("en", "supposing")


BEGINS = (leading() | words("en", "question") | SUPPOSING | words("en", "opening")) - words("en", "preposition")
"""Words after which no clause ends, so that the next word is the first of its clause."""


OPEN = words("en", "determiner") | words("en", "preposition")
"""Words that end no sentence."""

CLOSING = frozenset(("not", "off", "out", "over"))
"""Small words that may end a clause: if you're out you're out for good."""

_MORE = ("once", "after", "before", "because", "until", "unless", "though", "although", "every", "moment", "more")
CLAUSES = SUPPOSING | frozenset(_MORE)
"""Words of a clause that another clause may follow: when you press it it stops."""

TELLING = frozenset(("told", "tell", "tells", "promise", "promised", "assure", "warned", "remind", "reminded"))


def repeats(text: str, manner: Manner) -> Iterator[Edit]:
    """Remove words said twice, and words begun and abandoned.

    In other languages than English only phrases of two or more words, since many languages double single words.
    """
    if has_chinese(text, manner.language):
        yield from chinese.repeats(text)
    said = cut(text, manner.language)
    names = {word.lower() for word in manner.vocabulary.words if " " in word} | words("en", "names")
    gone: list[int] = []
    at, count = 0, len(said.said)
    while at < count - 1:
        length = twice(said, at, names) or (restarted(said, at) if said.english else 0)
        if length:
            after = at + length
            gone += range(said.solid[at], said.solid[after] if after < count else len(said.low))
        at += length or 1
    yield from without(said, gone)


def twice(said: Cut, at: int, names: Set[str]) -> int:
    """Return how many words from `at` are said again directly after, and not on purpose."""
    low, count = said.said, len(said.said)
    for length in range(min(LONGEST, (count - at) // 2), 0, -1):
        if low[at] != low[at + length] or low[at : at + length] != low[at + length : at + 2 * length]:
            continue
        if STOP in said.barrier[at + 1 : at + 2 * length] or (length == 1 and not said.english):
            continue
        if " ".join(low[at : at + 2 * length]) not in names and not _meant(said, at, length):
            return length
    return 0


def _meant(said: Cut, at: int, length: int) -> bool:
    low, paused = said.said, said.paused[at + length]
    phrase, end = low[at : at + length], at + 2 * length
    between = words("en", "between")
    if (length > 1 or figure(phrase[0])) and all(len(one) == 1 or figure(one) or one in between for one in phrase):
        return True
    if paused:
        return length == 1 and (_letter(said, at) or _clause_over(said, at))
    if " ".join(phrase) in words("en", "meant_phrases"):
        return True
    if phrase[0] in words("en", "meant") and phrase.count(phrase[0]) == length:
        return True
    comma = COMMA in said.barrier[at + 1 : end]
    whole = said.barrier[at] == STOP and (end == len(low) or said.barrier[end] == STOP)
    if whole and (length < 4 or comma) and phrase[-1] not in OPEN:
        return True  # a whole sentence: I know, I know
    if length > 1 and (phrase[0] not in leading() or phrase[0] == "had") and phrase.count(phrase[0]) == length:
        return True
    pronouns = words("en", "pronoun")
    clause = phrase[0] in words("en", "question") and phrase[-1] not in pronouns and not pronouns.isdisjoint(phrase[1:])
    if clause and low[end : end + 1] in (["is"], ["was"]):
        return True  # that is not what I meant what I meant is this
    own = comma or phrase[0] in pronouns
    over = end == len(low) or said.barrier[end] == STOP or phrase[-1] not in leading() or phrase[-1] in CLOSING
    over = over or (phrase[-1] in ("in", "on", "up", "down") and low[end] not in OPEN)
    own = own or (phrase[0].partition("'")[0] in pronouns and over)
    if length > 1 and own and not SUPPOSING.isdisjoint(low[max(0, at - 6) : at]):
        return True  # when it's time, it's time
    ends = phrase[-1] not in leading() or phrase[-1] in ("it", "you", "me", "him", "us", "them")
    small = words("en", "preposition")
    goes_on = phrase[0] in small or (
        phrase[0] in words("en", "determiner") and not small.isdisjoint(low[end : end + 1])
    )
    if length > 1 and comma and ends and not goes_on and said.barrier[at] == NOTHING:
        return True  # it is wrong on the file, the file was not found
    if length == 1:
        return _meant_word(said, at)
    after, before = low[end : end + 1], low[max(0, at - 1) : at]
    linked = not {"and", "or", "by", "after"}.isdisjoint(phrase)
    return length == 2 and linked and (after == phrase[:1] or before == phrase[1:])


def _meant_word(said: Cut, at: int) -> bool:
    low = said.said
    word, small = low[at], low[at] in leading()
    before = low[at - 1] if at else ""
    after = low[at + 2] if at + 2 < len(low) else ""
    comma = said.barrier[at + 1] == COMMA
    if len(word) == 1:
        return _letter(said, at)
    if not small and word in (before, after):
        return True  # work work work
    first = said.barrier[at] == STOP
    if _written(said, at)[first:] != _written(said, at + 1)[first:]:
        return True  # a sentence begins, or a name and a word
    if not small and comma and not (word in words("en", "verb") or after.startswith(word)):
        return True  # sweet, sweet
    if comma and before == "oh":
        return True
    if word == "that" and before in words("en", "before_that"):
        return True  # I know that that door is open
    if comma and word in ("you", "it", "him", "her", "them", "me", "us", "that", "do", "did", "y'all"):
        return True
    pronouns = words("en", "pronoun")
    told = before in pronouns - {"who"} or (word in ("is", "was") and before not in BEGINS)
    if comma and told and not first and word in words("en", "auxiliary") and after in pronouns:
        return True  # the question is, is it ready; if you can, can you call
    if word in ("is", "was"):
        return before in words("en", "pronoun") or before in ("that", "this")
    if word == "you" and before in TELLING and after not in OPEN:
        return True  # I told you you look well
    if _clause_over(said, at):
        return True  # when you press it it stops
    if word in ("you", "it", "him", "them", "that"):
        verb = after in words("en", "auxiliary") or after.endswith("ed") or after == before
        return verb and before not in ("", "and", "but", "so", "when", "if")
    if f"{before} {word}" in words("en", "phrasal"):
        return True
    parted = before in ("it", "them", "him", "her", "me", "us", "you") and not comma
    if parted and at > 1:
        put = (low[at - 2], word) == ("put", "on") and after in words("en", "day")
        if put or f"{low[at - 2]} {word}" in words("en", "parted"):
            return True  # turn it on on Friday
    if before == "who" and at > 1 and said.barrier[at - 1] == NOTHING and word in words("en", "auxiliary"):
        return True  # those who can can
    return word in ("had", "her") or (word == "can" and before == "the")


def _clause_over(said: Cut, at: int) -> bool:
    """Return whether the "you" or "it" of word `at` ends a clause that another one follows."""
    low, begin = said.said, at
    while begin and at - begin < 6 and said.barrier[begin] != STOP:
        begin -= 1
    if low[at] not in ("you", "it") or CLAUSES.isdisjoint(low[begin : max(begin, at - 1)]):
        return False
    return low[at - 1] not in BEGINS or low[at - 2] in words("en", "pronoun")  # what do you you think


def _written(said: Cut, at: int) -> str:
    place = said.solid[at]
    return said.text[said.start[place] : said.end[place]]


def _letter(said: Cut, at: int) -> bool:
    """Return whether the word is a spelled letter, and no "a" or "I"."""
    word = said.said[at]
    if len(word) > 1 or word not in "ai":
        return len(word) == 1
    around = [*said.said[max(0, at - 1) : at], *said.said[at + 2 : at + 3]]
    if any(one in ("double", "triple") or (len(one) == 1 and one.isalpha() and one not in "ai") for one in around):
        return True
    first, second = (said.text[said.start[said.solid[one]]] for one in (at, at + 1))
    inside = said.barrier[at] == NOTHING or first == second
    return word == "a" and second == "A" and inside and not said.loud
