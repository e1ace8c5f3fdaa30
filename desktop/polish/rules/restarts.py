"""Find phrases that are abandoned and begun again with other words: "log pushups log 10 pushups".

What is taken back stands before its second beginning and is found from there: the first words of a clause that are
repeated, a phrase repeated with more in it, a small word that only a noun can follow. Each needs signs that it was
abandoned, since plain speech repeats words too: walk the walk, day by day, open the door, open the window. Every
function returns how many words from `at` go, 0 for none.
"""

from __future__ import annotations

from desktop.polish.rules.broken import LOOSE, OWN, broken
from desktop.polish.rules.tokens import COMMA, NOTHING, STOP, Cut, figure, leading, words

REACH = 5
"""Most words of a phrase that is begun again."""

TIES, HEADS = words("en", "ties"), words("en", "heads")

MAYBE = frozenset(("maybe", "perhaps", "possibly", "probably"))
POINTING = frozenset(("this", "that", "these", "those"))
CLOSING = POINTING | words("en", "pronoun")
"""Words in which a question may end."""

TIMES = frozenset(("before", "after", "since", "until", "during", "without"))
"""Words that begin a time, not a topic."""

PEOPLE = frozenset(("people", "men", "women", "children"))
ACTS = frozenset(("let", "ask", "tell", "call", "get", "give", "keep", "find", "watch", "make"))
"""Verbs between two people: friends let friends drive."""


def restarted(said: Cut, at: int) -> int:
    """Return how many words from `at` are abandoned there and begun again, the same or with others among them."""
    if said.barrier[at + 1] == STOP:
        return 0
    return (
        broken(said, at)
        or _confirmed(said, at)
        or _addressed(said, at)
        or _clause(said, at)
        or _phrase(said, at)
        or _name(said, at)
        or _beginning(said, at)
        or _topic(said, at)
    )


def _confirmed(said: Cut, at: int) -> int:
    """Find a phrase, a yes, and the phrase again: both go. With a "please" between, only the phrase goes."""
    low, count, barrier = said.said, len(said.said), said.barrier
    for length in range(1, 5):
        first = second = at + length
        if second >= count or barrier[second] == STOP:
            return 0
        polite = low[first] in ("please", "just") and barrier[first] == NOTHING
        while second < count and second < first + 2 and low[second] in words("en", "confirming"):
            second += 1
        second += length > 1 and low[first] == "oh"
        second += polite
        if second == first or low[at : at + length] != low[second : second + length]:
            continue
        pause = said.paused[first] or said.paused[second]
        apart = barrier[second] == STOP or (barrier[second] == COMMA and not pause)
        apart = apart or low[first] == low[at] or (barrier[first] == COMMA and not pause)
        quoting = words("en", "quoting") - ({"saying"} if length == 1 else frozenset())
        apart = apart or low[first - 1] in quoting | MAYBE  # he said yes he said it twice
        if apart or all(figure(word) or (word in words("en", "meant") and not polite) for word in low[at:first]):
            return 0
        return length if polite else second - at
    return 0


def _addressed(said: Cut, at: int) -> int:
    """Find what is said before the verb and again after it: an update get an update, pay can you pay."""
    low = said.said
    if said.barrier[at] != STOP:
        return 0
    for length in range(1, REACH):
        first = at + length
        if STOP in said.barrier[at + 1 : first + 3] or first + 1 >= len(low):
            return 0
        if low[first : first + 2] in (["can", "you"], ["could", "you"], ["would", "you"], ["will", "you"]):
            return length if low[first + 2 : first + 3] == [low[at]] and low[at] not in leading() else 0
        same = low[at:first] == low[first + 1 : first + 1 + length] and low[first - 1] not in leading()
        others = low[at].endswith("s") and low[first] not in ("find", "get")  # movies find movies near me
        if length == 1 and low[first] in ACTS and (others or low[at] in PEOPLE):
            continue  # friends let friends drive
        if (
            same
            and length < 4
            and low[at] not in words("en", "verb")
            and low[first] in words("en", "verb")
            and low[first] not in ("need", "want", "see", "use", "like")
        ):
            return length
    return 0


def _clause(said: Cut, at: int) -> int:
    """Find a clause that is begun again with its first word."""
    low, barrier = said.said, said.barrier
    word, first = low[at], barrier[at] == STOP
    if first and (length := _dangling(said, at)):
        return length
    if word == "i" and low[at : at + 4] == low[at + 5 : at + 9] and _comes_again(said, at + 3, at + 8):
        return 0 if STOP in barrier[at + 1 : at + 9] else 5  # I want to know status I want to know the status
    if word in TIES and not (first and word in words("en", "question")):
        return 0
    for again in range(at + 2, min(at + 1 + REACH, len(low) - 1)):
        if barrier[again] == STOP:
            return 0
        if low[again] == word and _left_off(said, at, again):
            return again - at
    return 0


def _left_off(said: Cut, at: int, again: int) -> bool:
    """Return whether the clause of word `at` is begun again with word `again`, which is the same."""
    low, barrier, word, first = said.said, said.barrier, said.said[at], said.barrier[at] == STOP
    before, after, pause = low[again - 1], low[again + 1], said.paused[again]
    alike = next((count for count in (3, 2) if low[again : again + count] == low[at : at + count]), 1)
    verb = word in words("en", "verb") and (first or low[at - 1] in HEADS)
    if (
        verb
        and alike == 3
        and again - at > 2
        and before not in ("and", "or")
        and COMMA not in barrier[at + 1 : again + 1]
    ):
        return True
    if before in TIES or (before in LOOSE and before == after):
        return False  # do what you do; send my location to um send to Tom
    own = before in OWN and not (before == "a" and said.capital(again - 1))
    helped = before in words("en", "auxiliary") and again - at > 3  # what you see is what you get
    joined = helped or not {"and", "or"}.isdisjoint(low[at + 1 : again])
    closed = low[at + 1] in words("en", "pronoun") or before in CLOSING  # who I am who I was
    asks = (first and (own or pause or (alike > 1 and not joined and not closed))) or (own and pause)
    if asks and word in words("en", "question"):
        return True
    if barrier[again] == COMMA and not (pause or own):
        return False
    if word == "let's" and alike > 1:
        return True
    if COMMA in barrier[at + 1 : again] and not pause:
        return False
    told = (figure(after) or (again - at > 2 and before != "to")) and (verb or first)  # make sure to make
    loose = (
        own
        or (verb and before in ("up", "out") and after not in words("en", "preposition"))
        or (before in LOOSE and told)
    )
    if verb:
        noun = own and before == low[at + 1] and after not in OWN and after != "up" and not figure(after)
        if noun and not pause:
            return False  # to post my post
        return loose or pause or _comes_again(said, at, again)
    if word in words("en", "preposition"):
        return own and again - at <= 3
    if word not in leading() or word in OWN or joined or alike == 1:
        return False
    return loose or pause or (alike == 3 and _comes_again(said, at, again))


def _dangling(said: Cut, at: int) -> int:
    """Find the beginning of a sentence up to a word that needs a noun, before another beginning: show me the can I."""
    low = said.said
    for again in range(at + 2, min(at + 1 + REACH, len(low) - 1)):
        if said.barrier[again - 1] != NOTHING or said.barrier[again] == STOP:
            return 0
        rest = low[again : again + 2]
        tells = rest[1] == "me" and rest[0] in words("en", "verb")
        begins = rest[0] in ("i'd", "let's", "i'm") or tells or " ".join(rest) in words("en", "fresh")
        if low[again - 1] in OWN and begins:
            return again - at
        subject = low[at] == "who" and rest[1] not in words("en", "auxiliary")  # "who did what to him" is no restart
        if subject and low[again - 1] not in OWN and not said.paused[again]:
            continue
        asks = {low[at], rest[0]} <= words("en", "question") and (rest[0] == low[at] or not rest[0].startswith(low[at]))
        left = low[again - 1] in ("did", "do", "does", "have", "had") or said.paused[again]
        if asks and (low[again - 1] in OWN or (again == at + 2 and left)):
            return again - at
        told = rest[0] in words("en", "verb") and low[at] in words("en", "verb") and again == at + 2
        noun = rest[0] in low[again + 1 : again + 6]
        if told and low[again - 1] in OWN and rest[1] == low[again - 1] and not noun:
            return 2  # log my record my
    return 0


def _comes_again(said: Cut, at: int, again: int, far: int = 8) -> bool:
    """Return whether what was said between `at` and `again` is said once more after that."""
    later = said.said[again + 1 : again + 1 + far]
    if "and" in later:  # the next step is another clause
        later = later[: later.index("and")]
    told = [word for word in said.said[at + 1 : again] if word not in leading()]
    return bool(told) and all(any(one.startswith(word) for one in later) for word in told)


def _phrase(said: Cut, at: int) -> int:
    """Find a phrase that is repeated with more in it: my apps my movie apps."""
    low, barrier = said.said, said.barrier
    word = low[at]
    if word not in OWN:
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
        if STOP in barrier[again : again + length + 1] or phrase[-1] in leading():
            return 0
        if all(one in wider for one in phrase):
            return length
    return 0


def _name(said: Cut, at: int) -> int:
    """Find a name that is repeated with its attribute: Fitbit the Fitbit app, the status uh shipping status."""
    low, word = said.said, said.said[at]
    again = low[at : at + 2] == low[at + 3 : at + 5] and low[at + 1] in ("on", "for", "with")
    if again and word not in leading() and low[at + 2] in words("en", "determiner") - POINTING:
        return 0 if STOP in said.barrier[at + 1 : at + 5] else 2  # deals on any deals on
    if at + 2 >= len(low) or low[at + 2] != word or word in leading() or figure(word) or len(word) < 3:
        return 0
    if said.barrier[at + 1] != NOTHING or said.barrier[at + 2] != NOTHING:
        return 0
    named = said.capital(at + 2)
    if low[at + 1] in OWN:
        return int(named)
    return int(said.paused[at + 1] and low[at + 1] not in leading())


def _beginning(said: Cut, at: int) -> int:
    """Find a way to begin that another one follows: I'd like I want to."""
    low = said.said
    if said.barrier[at] != STOP:
        return 0
    for length in (4, 3, 2, 1):
        phrase = " ".join(low[at : at + length])
        if phrase not in words("en", "beginning") or STOP in said.barrier[at + 1 : at + length + 1]:
            continue
        rest = low[at + length : at + length + 2]
        again = rest[:1] in (["i"], ["i'd"], ["let's"]) or " ".join(rest) in words("en", "fresh")
        asked = phrase.endswith(" you") and rest == ["let", "me"]  # can you let me know
        return length if again and not asked and phrase not in ("let me", "can i") else 0
    return 0


def _topic(said: Cut, at: int) -> int:
    """Find a task that is said before the clause that asks for it: a new coat I need to get a new coat."""
    low, count = said.said, len(said.said)
    if said.barrier[at] != STOP or low[at] in words("en", "question"):
        return 0
    for again in range(at + 2, min(at + 6, count - 4)):
        if said.barrier[again] != NOTHING or said.barrier[again - 1] == COMMA:
            return 0
        asked = low[again : again + 2] in (["can", "you"], ["could", "you"], ["would", "you"]) or low[again] == "let's"
        wanted = low[again : again + 3] in (["i", "need", "to"], ["i", "want", "to"], ["i", "have", "to"])
        if asked and low[at] in TIMES | TIES:
            return 0  # after work can you work on it
        if asked and _comes_again(said, at - 1, again, 14):
            return again - at
        if wanted and low[again + 4 : again + 4 + again - at] == low[at:again]:
            return again - at
    return 0
