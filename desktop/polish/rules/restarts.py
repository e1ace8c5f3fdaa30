"""Find phrases that are abandoned and begun again with other words: "log pushups log 10 pushups".

What is taken back stands before its second beginning and is found from there: the first words of a clause that are
repeated, a phrase repeated with more in it, a small word that only a noun can follow. Each needs signs that it was
abandoned, since plain speech repeats words too: walk the walk, day by day, open the door, open the window. Every
function returns how many words from `at` go, 0 for none.
"""

from __future__ import annotations

from desktop.polish.rules.broken_words import REPLACEABLE_WORDS, UNFINISHED_WORDS, broken_length
from desktop.polish.rules.tokens import COMMA, NOTHING, STOP, SpokenText, connecting_words, is_number_word, word_set

MAX_RESTART_WORDS = 5
"""Most words of a phrase that is begun again."""

LINKING_WORDS, CLAUSE_HEADS = word_set("en", "ties"), word_set("en", "heads")

HEDGES = frozenset(("maybe", "perhaps", "possibly", "probably"))
DEMONSTRATIVES = frozenset(("this", "that", "these", "those"))
QUESTION_ENDS = DEMONSTRATIVES | word_set("en", "pronoun")
"""Words in which a question may end."""

TIME_WORDS = frozenset(("before", "after", "since", "until", "during", "without"))
"""Words that begin a time, not a topic."""

PEOPLE_WORDS = frozenset(("people", "men", "women", "children"))
PEOPLE_VERBS = frozenset(("let", "ask", "tell", "call", "get", "give", "keep", "find", "watch", "make"))
"""Verbs between two people: friends let friends drive."""


def restarted_length(said: SpokenText, at: int) -> int:
    """Return how many words from `at` are abandoned there and begun again, the same or with others among them."""
    if said.barriers[at + 1] == STOP:
        return 0
    return (
        broken_length(said, at)
        or _confirmed_length(said, at)
        or _addressed_length(said, at)
        or _clause_length(said, at)
        or _phrase_length(said, at)
        or _name_length(said, at)
        or _beginning_length(said, at)
        or _topic_length(said, at)
    )


def _confirmed_length(said: SpokenText, at: int) -> int:
    """Find a phrase, a yes, and the phrase again: both go. With a "please" between, only the phrase goes."""
    low, count, barrier = said.words, len(said.words), said.barriers
    for length in range(1, 5):
        first = second = at + length
        if second >= count or barrier[second] == STOP:
            return 0
        polite = low[first] in ("please", "just") and barrier[first] == NOTHING
        while second < count and second < first + 2 and low[second] in word_set("en", "confirming"):
            second += 1
        second += length > 1 and low[first] == "oh"
        second += polite
        if second == first or low[at : at + length] != low[second : second + length]:
            continue
        pause = said.paused[first] or said.paused[second]
        apart = barrier[second] == STOP or (barrier[second] == COMMA and not pause)
        apart = apart or low[first] == low[at] or (barrier[first] == COMMA and not pause)
        quoting = word_set("en", "quoting") - ({"saying"} if length == 1 else frozenset())
        apart = apart or low[first - 1] in quoting | HEDGES  # he said yes he said it twice
        if apart or all(
            is_number_word(word) or (word in word_set("en", "meant") and not polite) for word in low[at:first]
        ):
            return 0
        return length if polite else second - at
    return 0


def _addressed_length(said: SpokenText, at: int) -> int:
    """Find what is said before the verb and again after it: an update get an update, pay can you pay."""
    low = said.words
    if said.barriers[at] != STOP:
        return 0
    for length in range(1, MAX_RESTART_WORDS):
        first = at + length
        if STOP in said.barriers[at + 1 : first + 3] or first + 1 >= len(low):
            return 0
        if low[first : first + 2] in (["can", "you"], ["could", "you"], ["would", "you"], ["will", "you"]):
            return length if low[first + 2 : first + 3] == [low[at]] and low[at] not in connecting_words() else 0
        same = low[at:first] == low[first + 1 : first + 1 + length] and low[first - 1] not in connecting_words()
        others = low[at].endswith("s") and low[first] not in ("find", "get")  # movies find movies near me
        if length == 1 and low[first] in PEOPLE_VERBS and (others or low[at] in PEOPLE_WORDS):
            continue  # friends let friends drive
        if (
            same
            and length < 4
            and low[at] not in word_set("en", "verb")
            and low[first] in word_set("en", "verb")
            and low[first] not in ("need", "want", "see", "use", "like")
        ):
            return length
    return 0


def _clause_length(said: SpokenText, at: int) -> int:
    """Find a clause that is begun again with its first word."""
    low, barrier = said.words, said.barriers
    word, first = low[at], barrier[at] == STOP
    if first and (length := _dangling_length(said, at)):
        return length
    if word == "i" and low[at : at + 4] == low[at + 5 : at + 9] and _is_said_again(said, at + 3, at + 8):
        return 0 if STOP in barrier[at + 1 : at + 9] else 5  # I want to know status I want to know the status
    if word in LINKING_WORDS and not (first and word in word_set("en", "question")):
        return 0
    for again in range(at + 2, min(at + 1 + MAX_RESTART_WORDS, len(low) - 1)):
        if barrier[again] == STOP:
            return 0
        if low[again] == word and _is_abandoned(said, at, again):
            return again - at
    return 0


def _is_abandoned(said: SpokenText, at: int, again: int) -> bool:
    """Return whether the clause of word `at` is begun again with word `again`, which is the same."""
    low, barrier, word, first = said.words, said.barriers, said.words[at], said.barriers[at] == STOP
    before, after, pause = low[again - 1], low[again + 1], said.paused[again]
    alike = next((count for count in (3, 2) if low[again : again + count] == low[at : at + count]), 1)
    verb = word in word_set("en", "verb") and (first or low[at - 1] in CLAUSE_HEADS)
    if (
        verb
        and alike == 3
        and again - at > 2
        and before not in ("and", "or")
        and COMMA not in barrier[at + 1 : again + 1]
    ):
        return True
    if before in LINKING_WORDS or (before in UNFINISHED_WORDS and before == after):
        return False  # do what you do; send my location to um send to Tom
    own = before in REPLACEABLE_WORDS and not (before == "a" and said.has_capital(again - 1))
    helped = before in word_set("en", "auxiliary") and again - at > 3  # what you see is what you get
    joined = helped or not {"and", "or"}.isdisjoint(low[at + 1 : again])
    closed = low[at + 1] in word_set("en", "pronoun") or before in QUESTION_ENDS  # who I am who I was
    asks = (first and (own or pause or (alike > 1 and not joined and not closed))) or (own and pause)
    if asks and word in word_set("en", "question"):
        return True
    if barrier[again] == COMMA and not (pause or own):
        return False
    if word == "let's" and alike > 1:
        return True
    if COMMA in barrier[at + 1 : again] and not pause:
        return False
    is_specific = (is_number_word(after) or (again - at > 2 and before != "to")) and (
        verb or first
    )  # make sure to make
    loose = (
        own
        or (verb and before in ("up", "out") and after not in word_set("en", "preposition"))
        or (before in UNFINISHED_WORDS and is_specific)
    )
    if verb:
        noun = (
            own
            and before == low[at + 1]
            and after not in REPLACEABLE_WORDS
            and after != "up"
            and not is_number_word(after)
        )
        if noun and not pause:
            return False  # to post my post
        return loose or pause or _is_said_again(said, at, again)
    if word in word_set("en", "preposition"):
        return own and again - at <= 3
    if word not in connecting_words() or word in REPLACEABLE_WORDS or joined or alike == 1:
        return False
    return loose or pause or (alike == 3 and _is_said_again(said, at, again))


def _dangling_length(said: SpokenText, at: int) -> int:
    """Find the beginning of a sentence up to a word that needs a noun, before another beginning: show me the can I."""
    low = said.words
    for again in range(at + 2, min(at + 1 + MAX_RESTART_WORDS, len(low) - 1)):
        if said.barriers[again - 1] != NOTHING or said.barriers[again] == STOP:
            return 0
        rest = low[again : again + 2]
        tells = rest[1] == "me" and rest[0] in word_set("en", "verb")
        begins = rest[0] in ("i'd", "let's", "i'm") or tells or " ".join(rest) in word_set("en", "fresh")
        if low[again - 1] in REPLACEABLE_WORDS and begins:
            return again - at
        subject = low[at] == "who" and rest[1] not in word_set("en", "auxiliary")  # "who did what to him" is no restart
        if subject and low[again - 1] not in REPLACEABLE_WORDS and not said.paused[again]:
            continue
        asks = {low[at], rest[0]} <= word_set("en", "question") and (
            rest[0] == low[at] or not rest[0].startswith(low[at])
        )
        left = low[again - 1] in ("did", "do", "does", "have", "had") or said.paused[again]
        if asks and (low[again - 1] in REPLACEABLE_WORDS or (again == at + 2 and left)):
            return again - at
        are_verbs = rest[0] in word_set("en", "verb") and low[at] in word_set("en", "verb") and again == at + 2
        noun = rest[0] in low[again + 1 : again + 6]
        if are_verbs and low[again - 1] in REPLACEABLE_WORDS and rest[1] == low[again - 1] and not noun:
            return 2  # log my record my
    return 0


def _is_said_again(said: SpokenText, at: int, again: int, far: int = 8) -> bool:
    """Return whether what was said between `at` and `again` is said once more after that."""
    later = said.words[again + 1 : again + 1 + far]
    if "and" in later:  # the next step is another clause
        later = later[: later.index("and")]
    content_words = [word for word in said.words[at + 1 : again] if word not in connecting_words()]
    return bool(content_words) and all(any(one.startswith(word) for one in later) for word in content_words)


def _phrase_length(said: SpokenText, at: int) -> int:
    """Find a phrase that is repeated with more in it: my apps my movie apps."""
    low, barrier = said.words, said.barriers
    word = low[at]
    if word not in REPLACEABLE_WORDS:
        return 0
    for again in range(at + 2, min(at + 5, len(low))):
        if barrier[again - 1] == STOP or barrier[again] == STOP:
            return 0
        same = (
            low[again] == word
            or {low[again], word} == {"a", "an"}
            or (low[again] in ("my", "our") and (barrier[at] != STOP or said.paused[again]))
        )
        if not same or (barrier[again] == COMMA and not said.paused[again]):
            continue
        length = again - at
        phrase, wider = low[at + 1 : again], iter(low[again + 1 : again + length + 2])
        if word == "the" and phrase[0].endswith("er") and low[again + 2 : again + 3] == ["the"]:
            return 0  # the bigger the house the bigger the bill
        whose = low[again] in ("my", "our") and low[again] != word
        if whose and any(one.endswith("'s") for one in low[again + 1 : again + 2]):
            return 0  # the car my dad's car
        if STOP in barrier[again : again + length + 1] or phrase[-1] in connecting_words():
            return 0
        if all(one in wider for one in phrase):
            return length
    return 0


def _name_length(said: SpokenText, at: int) -> int:
    """Find a name that is repeated with its attribute: Fitbit the Fitbit app, the status uh shipping status."""
    low, word = said.words, said.words[at]
    again = low[at : at + 2] == low[at + 3 : at + 5] and low[at + 1] in ("on", "for", "with")
    if again and word not in connecting_words() and low[at + 2] in word_set("en", "determiner") - DEMONSTRATIVES:
        return 0 if STOP in said.barriers[at + 1 : at + 5] else 2  # deals on any deals on
    if at + 2 >= len(low) or low[at + 2] != word or word in connecting_words() or is_number_word(word) or len(word) < 3:
        return 0
    if said.barriers[at + 1] != NOTHING or said.barriers[at + 2] != NOTHING:
        return 0
    named = said.has_capital(at + 2)
    if low[at + 1] in REPLACEABLE_WORDS:
        return int(named)
    return int(said.paused[at + 1] and low[at + 1] not in connecting_words())


def _beginning_length(said: SpokenText, at: int) -> int:
    """Find a way to begin that another one follows: I'd like I want to."""
    low = said.words
    if said.barriers[at] != STOP:
        return 0
    for length in (4, 3, 2, 1):
        phrase = " ".join(low[at : at + length])
        if phrase not in word_set("en", "beginning") or STOP in said.barriers[at + 1 : at + length + 1]:
            continue
        rest = low[at + length : at + length + 2]
        again = rest[:1] in (["i"], ["i'd"], ["let's"]) or " ".join(rest) in word_set("en", "fresh")
        asked = phrase.endswith(" you") and rest == ["let", "me"]  # can you let me know
        return length if again and not asked and phrase not in ("let me", "can i") else 0
    return 0


def _topic_length(said: SpokenText, at: int) -> int:
    """Find a task that is said before the clause that asks for it: a new coat I need to get a new coat."""
    low, count = said.words, len(said.words)
    if said.barriers[at] != STOP or low[at] in word_set("en", "question"):
        return 0
    for again in range(at + 2, min(at + 6, count - 4)):
        if said.barriers[again] != NOTHING or said.barriers[again - 1] == COMMA:
            return 0
        asked = low[again : again + 2] in (["can", "you"], ["could", "you"], ["would", "you"]) or low[again] == "let's"
        wanted = low[again : again + 3] in (["i", "need", "to"], ["i", "want", "to"], ["i", "have", "to"])
        if asked and low[at] in TIME_WORDS | LINKING_WORDS:
            return 0  # after work can you work on it
        if asked and _is_said_again(said, at - 1, again, 14):
            return again - at
        if wanted and low[again + 4 : again + 4 + again - at] == low[at:again]:
            return again - at
    return 0
