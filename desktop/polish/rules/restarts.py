"""Find phrases that are abandoned and begun again with other words: "log pushups log 10 pushups".

What is taken back stands before its second beginning and is found from there: the first words of a clause that are
repeated, a phrase repeated with more in it, a small word that only a noun can follow. Each needs signs that it was
abandoned, since plain speech repeats words too: walk the walk, day by day, open the door, open the window. Every
function returns how many words from `at` are to be removed, 0 for none.
"""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.rules.broken_words import REPLACEABLE_WORDS, UNFINISHED_WORDS, broken_length
from desktop.polish.rules.evidence_features import Proposal, word_classes
from desktop.polish.rules.repeat_signs import SPOKEN_MARKS, is_parallel
from desktop.polish.rules.tokens import COMMA, NOTHING, STOP, SpokenText, connecting_words, is_number_word, word_set
from models.polish.removals import RemovalModel

MAX_RESTART_WORDS = 5
"""Most words of a phrase that is begun again."""

LINKING_WORDS, CLAUSE_HEADS = word_set("en", "ties"), word_set("en", "heads")

SMALL_GROUPS = tuple(word_set("en", name) for name in ("determiner", "preposition", "pronoun", "auxiliary", "question"))
"""Small words that replace one another."""

CLAUSE_BEGINNINGS = (
    word_set("en", "question") | word_set("en", "auxiliary") | word_set("en", "verb") | {"i", "we", "please"}
)

HEDGES = frozenset(("maybe", "perhaps", "possibly", "probably"))
DEMONSTRATIVES = frozenset(("this", "that", "these", "those"))
QUESTION_ENDS = DEMONSTRATIVES | word_set("en", "pronoun")
"""Words in which a question may end."""

TIME_WORDS = frozenset(("before", "after", "since", "until", "during", "without"))
"""Words that begin a time, not a topic."""

PEOPLE_WORDS = frozenset(("people", "men", "women", "children"))
PEOPLE_VERBS = frozenset(("let", "ask", "tell", "call", "get", "give", "keep", "find", "watch", "make"))
"""Verbs between two people: friends let friends drive."""


def propose_restarts(spoken: SpokenText, at: int, model: RemovalModel) -> Iterator[Proposal]:
    """Yield what may be abandoned from word `at` on and begun again, the same or with others among it."""
    if spoken.barriers[at + 1] == STOP:
        return
    for kind, finder in _FINDERS.items():
        if length := finder(spoken, at):
            again = at + length
            is_bare = kind == "broken" and not spoken.paused[again] and spoken.words[at] in REPLACEABLE_WORDS
            yield Proposal(f"{kind}:", at, again, again, not is_bare)
            break
    yield from propose_loosely(spoken, at, model)


def propose_loosely(spoken: SpokenText, at: int, model: RemovalModel) -> Iterator[Proposal]:
    """Yield beginnings that resemble what comes soon after: the same word, a longer one, one of its class."""
    words, barriers, paused = spoken.words, spoken.barriers, spoken.paused
    pairs, classes = model.pairs, word_classes(spoken, model)
    word, own = words[at], classes[at]
    is_first = barriers[at] == STOP
    for again in range(at + 1, min(at + 1 + MAX_RESTART_WORDS, len(words))):
        if barriers[again] == STOP:
            return
        other, joined = words[again], pairs[classes[again - 1]][classes[again]]
        stands_out = joined < -2 or barriers[again] == COMMA or paused[again]
        kind = ""
        if other == word:
            is_counted = is_number_word(word) or (len(word) == 1 and word not in "ai") or word in SPOKEN_MARKS
            kind = "" if again == at + 1 or is_counted or is_parallel(spoken, at, again) else "again"
        elif again <= at + 2 and len(word) > 1 and other.startswith(word) and word not in connecting_words():
            kind = "begun" if again == at + 1 else "begun2"
        elif stands_out and again == at + 1 and any({word, other} <= group for group in SMALL_GROUPS):
            kind = "small"
        elif stands_out and classes[again] == own:
            kind = "alike"
        elif is_first and other in CLAUSE_BEGINNINGS and (joined < -1 or spoken.has_capital(again)):
            kind = "start"
        if kind:
            yield Proposal(kind, at, again, again)


def _confirmed_length(spoken: SpokenText, at: int) -> int:
    """Find a phrase, a yes, and the phrase again: remove both. With a "please" between, remove only the phrase."""
    words, count, barrier = spoken.words, len(spoken.words), spoken.barriers
    for length in range(1, 5):
        first = second = at + length
        if second >= count or barrier[second] == STOP:
            return 0
        polite = words[first] in ("please", "just") and barrier[first] == NOTHING
        while second < count and second < first + 2 and words[second] in word_set("en", "confirming"):
            second += 1
        second += length > 1 and words[first] == "oh"
        second += polite
        if second == first or words[at : at + length] != words[second : second + length]:
            continue
        paused = spoken.paused[first] or spoken.paused[second]
        set_off = barrier[second] == STOP or (barrier[second] == COMMA and not paused)
        set_off = set_off or words[first] == words[at] or (barrier[first] == COMMA and not paused)
        quoting = word_set("en", "quoting") - ({"saying"} if length == 1 else frozenset())
        set_off = set_off or words[first - 1] in quoting | HEDGES  # he said yes he said it twice
        if set_off or all(
            is_number_word(word) or (word in word_set("en", "meant") and not polite) for word in words[at:first]
        ):
            return 0
        return length if polite else second - at
    return 0


def _addressed_length(spoken: SpokenText, at: int) -> int:
    """Find what is said before the verb and again after it: an update get an update, pay can you pay."""
    words = spoken.words
    if spoken.barriers[at] != STOP:
        return 0
    for length in range(1, MAX_RESTART_WORDS):
        first = at + length
        if STOP in spoken.barriers[at + 1 : first + 3] or first + 1 >= len(words):
            return 0
        if words[first : first + 2] in (["can", "you"], ["could", "you"], ["would", "you"], ["will", "you"]):
            return length if words[first + 2 : first + 3] == [words[at]] and words[at] not in connecting_words() else 0
        same = words[at:first] == words[first + 1 : first + 1 + length] and words[first - 1] not in connecting_words()
        others = words[at].endswith("s") and words[first] not in ("find", "get")  # movies find movies near me
        if length == 1 and words[first] in PEOPLE_VERBS and (others or words[at] in PEOPLE_WORDS):
            continue  # friends let friends drive
        if (
            same
            and length < 4
            and words[at] not in word_set("en", "verb")
            and words[first] in word_set("en", "verb")
            and words[first] not in ("need", "want", "see", "use", "like")
        ):
            return length
    return 0


def _clause_length(spoken: SpokenText, at: int) -> int:
    """Find a clause that is begun again with its first word."""
    words, barrier = spoken.words, spoken.barriers
    word, first = words[at], barrier[at] == STOP
    if first and (length := _dangling_length(spoken, at)):
        return length
    if word == "i" and words[at : at + 4] == words[at + 5 : at + 9] and _is_said_again(spoken, at + 3, at + 8):
        return 0 if STOP in barrier[at + 1 : at + 9] else 5  # I want to know status I want to know the status
    if word in LINKING_WORDS and not (first and word in word_set("en", "question")):
        return 0
    for again in range(at + 2, min(at + 1 + MAX_RESTART_WORDS, len(words) - 1)):
        if barrier[again] == STOP:
            return 0
        if words[again] == word and _is_abandoned(spoken, at, again):
            return again - at
    return 0


def _is_abandoned(spoken: SpokenText, at: int, again: int) -> bool:
    """Return whether the clause of word `at` is begun again with word `again`, which is the same."""
    words, barrier, word, first = spoken.words, spoken.barriers, spoken.words[at], spoken.barriers[at] == STOP
    before, after, paused = words[again - 1], words[again + 1], spoken.paused[again]
    same_count = next((count for count in (3, 2) if words[again : again + count] == words[at : at + count]), 1)
    is_verb = word in word_set("en", "verb") and (first or words[at - 1] in CLAUSE_HEADS)
    if (
        is_verb
        and same_count == 3
        and again - at > 2
        and before not in ("and", "or")
        and COMMA not in barrier[at + 1 : again + 1]
    ):
        return True
    if before in LINKING_WORDS or (before in UNFINISHED_WORDS and before == after):
        return False  # do what you do; send my location to um send to Tom
    is_replaceable = before in REPLACEABLE_WORDS and not (before == "a" and spoken.has_capital(again - 1))
    has_auxiliary = before in word_set("en", "auxiliary") and again - at > 3  # what you see is what you get
    is_joined = has_auxiliary or not {"and", "or"}.isdisjoint(words[at + 1 : again])
    is_closed = words[at + 1] in word_set("en", "pronoun") or before in QUESTION_ENDS  # who I am who I was
    is_question = (first and (is_replaceable or paused or (same_count > 1 and not is_joined and not is_closed))) or (
        is_replaceable and paused
    )
    if is_question and word in word_set("en", "question"):
        return True
    if barrier[again] == COMMA and not (paused or is_replaceable):
        return False
    if word == "let's" and same_count > 1:
        return True
    if COMMA in barrier[at + 1 : again] and not paused:
        return False
    is_specific = (is_number_word(after) or (again - at > 2 and before != "to")) and (
        is_verb or first
    )  # make sure to make
    is_unfinished = (
        is_replaceable
        or (is_verb and before in ("up", "out") and after not in word_set("en", "preposition"))
        or (before in UNFINISHED_WORDS and is_specific)
    )
    if is_verb:
        is_noun = (
            is_replaceable
            and before == words[at + 1]
            and after not in REPLACEABLE_WORDS
            and after != "up"
            and not is_number_word(after)
        )
        if is_noun and not paused:
            return False  # to post my post
        return is_unfinished or paused or _is_said_again(spoken, at, again)
    if word in word_set("en", "preposition"):
        return is_replaceable and again - at <= 3
    if word not in connecting_words() or word in REPLACEABLE_WORDS or is_joined or same_count == 1:
        return False
    return is_unfinished or paused or (same_count == 3 and _is_said_again(spoken, at, again))


def _dangling_length(spoken: SpokenText, at: int) -> int:
    """Find the beginning of a sentence up to a word that needs a noun, before another beginning: show me the can I."""
    words = spoken.words
    for again in range(at + 2, min(at + 1 + MAX_RESTART_WORDS, len(words) - 1)):
        if spoken.barriers[again - 1] != NOTHING or spoken.barriers[again] == STOP:
            return 0
        rest = words[again : again + 2]
        addresses_listener = rest[1] == "me" and rest[0] in word_set("en", "verb")
        is_beginning = (
            rest[0] in ("i'd", "let's", "i'm") or addresses_listener or " ".join(rest) in word_set("en", "fresh")
        )
        if words[again - 1] in REPLACEABLE_WORDS and is_beginning:
            return again - at
        subject = words[at] == "who" and rest[1] not in word_set(
            "en", "auxiliary"
        )  # "who did what to him" is no restart
        if subject and words[again - 1] not in REPLACEABLE_WORDS and not spoken.paused[again]:
            continue
        is_question = {words[at], rest[0]} <= word_set("en", "question") and (
            rest[0] == words[at] or not rest[0].startswith(words[at])
        )
        is_unfinished = words[again - 1] in ("did", "do", "does", "have", "had") or spoken.paused[again]
        if is_question and (words[again - 1] in REPLACEABLE_WORDS or (again == at + 2 and is_unfinished)):
            return again - at
        are_verbs = rest[0] in word_set("en", "verb") and words[at] in word_set("en", "verb") and again == at + 2
        is_noun = rest[0] in words[again + 1 : again + 6]
        if are_verbs and words[again - 1] in REPLACEABLE_WORDS and rest[1] == words[again - 1] and not is_noun:
            return 2  # log my record my
    return 0


def _is_said_again(spoken: SpokenText, at: int, again: int, max_words: int = 8) -> bool:
    """Return whether what was said between `at` and `again` is said once more after that."""
    later = spoken.words[again + 1 : again + 1 + max_words]
    if "and" in later:  # the next step is another clause
        later = later[: later.index("and")]
    content_words = [word for word in spoken.words[at + 1 : again] if word not in connecting_words()]
    return bool(content_words) and all(any(other.startswith(word) for other in later) for word in content_words)


def _phrase_length(spoken: SpokenText, at: int) -> int:
    """Find a phrase that is repeated with more in it: my apps my movie apps."""
    words, barrier = spoken.words, spoken.barriers
    word = words[at]
    if word not in REPLACEABLE_WORDS:
        return 0
    for again in range(at + 2, min(at + 5, len(words))):
        if barrier[again - 1] == STOP or barrier[again] == STOP:
            return 0
        same = (
            words[again] == word
            or {words[again], word} == {"a", "an"}
            or (words[again] in ("my", "our") and (barrier[at] != STOP or spoken.paused[again]))
        )
        if not same or (barrier[again] == COMMA and not spoken.paused[again]):
            continue
        length = again - at
        phrase, wider = words[at + 1 : again], iter(words[again + 1 : again + length + 2])
        if word == "the" and phrase[0].endswith("er") and words[again + 2 : again + 3] == ["the"]:
            return 0  # the bigger the house the bigger the bill
        whose = words[again] in ("my", "our") and words[again] != word
        if whose and any(one.endswith("'s") for one in words[again + 1 : again + 2]):
            return 0  # the car my dad's car
        if STOP in barrier[again : again + length + 1] or phrase[-1] in connecting_words():
            return 0
        if all(one in wider for one in phrase):
            return length
    return 0


def _name_length(spoken: SpokenText, at: int) -> int:
    """Find a name that is repeated with its attribute: Fitbit the Fitbit app, the status uh shipping status."""
    words, word = spoken.words, spoken.words[at]
    again = words[at : at + 2] == words[at + 3 : at + 5] and words[at + 1] in ("on", "for", "with")
    if again and word not in connecting_words() and words[at + 2] in word_set("en", "determiner") - DEMONSTRATIVES:
        return 0 if STOP in spoken.barriers[at + 1 : at + 5] else 2  # deals on any deals on
    if (
        at + 2 >= len(words)
        or words[at + 2] != word
        or word in connecting_words()
        or is_number_word(word)
        or len(word) < 3
    ):
        return 0
    if spoken.barriers[at + 1] != NOTHING or spoken.barriers[at + 2] != NOTHING:
        return 0
    is_name = spoken.has_capital(at + 2)
    if words[at + 1] in REPLACEABLE_WORDS:
        return int(is_name)
    return int(spoken.paused[at + 1] and words[at + 1] not in connecting_words())


def _beginning_length(spoken: SpokenText, at: int) -> int:
    """Find a way to begin that another one follows: I'd like I want to."""
    words = spoken.words
    if spoken.barriers[at] != STOP:
        return 0
    for length in (4, 3, 2, 1):
        phrase = " ".join(words[at : at + length])
        if phrase not in word_set("en", "beginning") or STOP in spoken.barriers[at + 1 : at + length + 1]:
            continue
        rest = words[at + length : at + length + 2]
        again = rest[:1] in (["i"], ["i'd"], ["let's"]) or " ".join(rest) in word_set("en", "fresh")
        asked = phrase.endswith(" you") and rest == ["let", "me"]  # can you let me know
        return length if again and not asked and phrase not in ("let me", "can i") else 0
    return 0


def _topic_length(spoken: SpokenText, at: int) -> int:
    """Find a task that is said before the clause that asks for it: a new coat I need to get a new coat."""
    words, count = spoken.words, len(spoken.words)
    if spoken.barriers[at] != STOP or words[at] in word_set("en", "question"):
        return 0
    for again in range(at + 2, min(at + 6, count - 4)):
        if spoken.barriers[again] != NOTHING or spoken.barriers[again - 1] == COMMA:
            return 0
        is_request = (
            words[again : again + 2] in (["can", "you"], ["could", "you"], ["would", "you"]) or words[again] == "let's"
        )
        is_wish = words[again : again + 3] in (["i", "need", "to"], ["i", "want", "to"], ["i", "have", "to"])
        if is_request and words[at] in TIME_WORDS | LINKING_WORDS:
            return 0  # after work can you work on it
        if is_request and _is_said_again(spoken, at - 1, again, 14):
            return again - at
        if is_wish and words[again + 4 : again + 4 + again - at] == words[at:again]:
            return again - at
    return 0


_FINDERS = {
    "broken": broken_length,
    "confirmed": _confirmed_length,
    "addressed": _addressed_length,
    "clause": _clause_length,
    "phrase": _phrase_length,
    "name": _name_length,
    "beginning": _beginning_length,
    "topic": _topic_length,
}
"""How to find what is abandoned, the surest way first."""
