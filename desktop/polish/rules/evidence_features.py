"""Name the features of a proposal to take words out, from which `desktop.polish.rules.evidence` says how sure it is.

They are the words and their classes on both sides, the marks and pauses, the cue, whether the halves are alike, how
well the text reads with and without the words, and what else the sentence has. `models.polish.removals` has their
weights, so that a changed feature wants new ones.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

from desktop.polish.rules.tokens import (
    COMMA,
    STOP,
    SpokenText,
    correction_rows,
    count_to_mark,
    is_number_word,
    sentence_bounds,
    word_set,
)
from models.polish.removals import BOUNDARY, RemovalModel

AUXILIARIES = word_set("en", "auxiliary")

ANSWERS = frozenset(("yes", "no", "maybe", "not", "nor", "neither", "never"))

SMALL_CLASSES = 120
"""Classes below this are of single frequent words, most of them without a meaning of their own."""

JOINING = frozenset(("and", "or", "nor", "but", "than"))

BUCKETS = (-6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6)
"""Bounds in bits of how much better a text reads."""


class Proposal(NamedTuple):
    """Words `first` to `cue` were taken back, words `cue` to `again` say so, at `again` the speaker goes on.

    `kind` names what found it; `is_typical` says that it has all signs of its kind. If `end` is not 0, the words from
    `again` to `end` are put in the place of those from `first` to `last`.
    """

    kind: str
    first: int
    cue: int
    again: int
    is_typical: bool = False
    last: int = 0
    end: int = 0
    note: str = ""

    @property
    def until(self) -> int:
        """Return the end of the words that are removed or moved."""
        return self.end or self.again


@lru_cache(maxsize=4)
def word_classes(spoken: SpokenText, model: RemovalModel) -> list[int]:
    """Return the class of each word that is no sound. The result is shared: do not change it."""
    return [model.word_class(word) for word in spoken.words]


def features(spoken: SpokenText, proposal: Proposal, model: RemovalModel) -> list[str]:
    """Return the names of the features that are present in `proposal`."""
    found: list[str] = []
    kind, first, cue, again = proposal[:4]
    words, barriers, paused, end = spoken.words, spoken.barriers, spoken.paused, len(spoken.words)
    classes, names = word_classes(spoken, model), model.class_names
    is_open = barriers[first] == STOP
    before = BOUNDARY if is_open else classes[first - 1]
    begun, broken = classes[first], classes[cue - 1]
    is_last = again >= end or barriers[again] == STOP
    resumed = BOUNDARY if is_last else classes[again]
    following = BOUNDARY if again + 1 >= end or barriers[again + 1] == STOP else classes[again + 1]
    third = BOUNDARY if following == BOUNDARY or again + 2 >= end or barriers[again + 2] == STOP else classes[again + 2]
    length = cue - first
    seam = _seam(barriers, paused, again)
    if cue < again:
        seam = _seam(barriers, paused, cue) + seam
    typical = "!" if proposal.is_typical else "?"
    left, b, x, r, f = names[before], names[begun], names[broken], names[resumed], names[following]
    group = kind.partition(":")[0]
    found.append("bias")
    found.append(f"k {kind}{typical}")
    found.append(f"g {group}{typical}{seam}")
    found.append(f"k {kind} {min(length, 6)} {seam}")
    found.append(f"k {kind} L {left}")
    found.append(f"g {group} b {b} {r}")
    found.append(f"k {kind} r {r}")
    found.append(f"g {group} x {x}")
    found.append(f"g {group} xr {x} {r}")
    found.append(f"g {group} Lr {left} {r}")
    found.append(f"g {group} rf {r} {f}")
    found.append(f"g {group} f {f}{seam}")
    found.append(f"xf {x} {f}")
    found.append(f"g {group} Lx {left} {x} {min(length, 3)}")
    found.append(f"g {group} o {_seam(barriers, paused, first)} {min(length, 4)}")
    pairs = model.pairs
    closed, joined = pairs[before][resumed], pairs[broken][resumed if cue == again else classes[cue]]
    found.append(f"g {group} closed {_bucket(closed)}")
    found.append(f"g {group} joined {_bucket(joined)} {seam}")
    found.append(f"g {group} gain {_bucket(closed - joined)} {seam}")
    found.append(f"gain {_bucket(closed - joined)} {typical}")
    found.append(f"g {group} ends {_bucket(pairs[broken][BOUNDARY])} {seam}")
    found.append(f"g {group} begins {_bucket(pairs[BOUNDARY][resumed])} {seam}")
    alike = _count_alike(words, first, cue, again)
    found.append(f"g {group} alike {alike} {min(length, 4)} {seam}")
    if cue == again:
        between = words[first + 1 : cue]
        later = words[again : again + length + 5]
        overlap = sum(word in later for word in between)
        found.append(f"g {group} overlap {min(len(between), 4)} {overlap} {typical}")
        found.append(f"g {group} shape {_count_alike(classes, first, cue, again)} {alike} {min(length, 4)} {seam}")
        if not JOINING.isdisjoint(words[first:cue]):
            found.append(f"g {group} joining {words[first] in JOINING} {seam}")
        found.append(f"g {group} word {words[first]} {words[cue - 1]}")
    found.append(f"g {group} sounds {len(spoken.lowercase) > len(words)} {seam}{typical}")
    rest = count_to_mark(barriers, again)
    found.append(f"g {group} rest {min(rest, 6)}")
    found.append(f"g {group} rest {min(rest, 3)} {x}")
    if again < end and (spoken.has_capital(first), spoken.has_capital(again)) != (False, False):
        found.append(f"g {group} caps {spoken.has_capital(first)}{spoken.has_capital(again)} {is_open}{seam}")
    if spoken.has_capital(cue - 1) and not (is_open and length == 1):
        found.append(f"g {group} name {again < end and spoken.has_capital(again)}{seam}")
    if again < end and words[cue - 1] != words[again] and words[again].startswith(words[cue - 1]):
        rest_of_word, known = words[again][len(words[cue - 1]) :], words[cue - 1] in model.class_of
        hyphen = spoken.text[spoken.end[spoken.word_numbers[cue - 1]] :][:1] in ("-", "–", "—")
        found.append(f"begun {rest_of_word} {seam}")
        found.append(f"begun {known} {hyphen} {seam} {min(len(words[cue - 1]), 4)} {typical}")
        found.append(f"begun {known} {words[again] in model.class_of} {min(len(rest_of_word), 4)} {seam}")
    if group == "repeat":
        found += _repeat_features(spoken, proposal, model, seam, left, f)
    if cue < again:
        found += _cue_features(spoken, proposal, model, seam, r, f, names[third], rest)
    else:
        found.append(f"g {group} {words[first]} {words[again] if again < end else ''}")
        found.append(f"g {group} x {words[cue - 1]} {seam}")
    if not 0 < rest <= 12:
        found.append(f"g {group} long")
    return found


def _repeat_features(
    spoken: SpokenText, proposal: Proposal, model: RemovalModel, seam: str, left: str, following: str
) -> list[str]:
    """Return features of words that are said twice."""
    found: list[str] = []
    words, first, again = spoken.words, proposal.first, proposal.again
    length = again - first
    if length == 1:
        word, classes, names = words[first], word_classes(spoken, model), model.class_names
        name = names[classes[first]]
        typical = "!" if proposal.is_typical else "?"
        found.append(f"one {word} {seam}")
        found.append(f"one {word} {seam}{typical}")
        found.append(f"one {name} {seam}{typical}{spoken.barriers[first]}")
        found.append(f"one {name} {seam}")
        found.append(f"one {name} L {left}")
        found.append(f"one {name} F {following}")
        after = again + 1
        if first and spoken.barriers[first] != STOP:
            found.append(f"one {name} l {words[first - 1]}")
        if after < len(words) and spoken.barriers[after] != STOP:
            found.append(f"one {name} f {words[after]}")
        pairs = model.pairs
        begun = pairs[classes[first - 1]][classes[first]] if first else 0
        again_bits = pairs[classes[first]][classes[after]] if after < len(words) else 0
        found.append(f"one {name} bits {_bucket(begun)} {seam}")
        found.append(f"one {name} both {_bucket(begun)} {_bucket(again_bits)}")
        found.append(
            f"one both {_bucket(begun)} {_bucket(again_bits)} {_bucket(pairs[classes[first]][classes[first]])} {seam}"
        )
        if first > 1:
            found.append(f"one {name} ll {names[classes[first - 2]]}")
    else:
        phrase = " ".join(words[first:again])
        found.append(f"two {phrase}")
        found.append(f"two {words[again - 1]} F {following} {seam}")
        found.append(f"two {words[first]} {seam}")
    end = again + length
    if words[end : end + length] == words[first:again] or words[first - length : first] == words[first:again]:
        found.append(f"thrice {min(length, 3)} {seam}")
        found.append(f"thrice {words[first]}")
    if length > 1:
        has_content = is_content(spoken, first, again, model)
        found.append(f"chain {goes_on_in_turn(words, first, again)} {has_content} {seam}")
        found.append(f"content {has_content} {min(length, 4)} {seam}")
    barrier = spoken.barriers[end] if end < len(words) else STOP
    found.append(f"after {barrier} {min(length, 3)} {seam} {spoken.barriers[first]}")
    if spoken.barriers[first] == STOP == barrier:
        found.append(f"whole {min(length, 4)} {seam}")
    return found


def is_content(spoken: SpokenText, first: int, again: int, model: RemovalModel) -> bool:
    """Return whether a word of a phrase has a meaning of its own."""
    return any(each >= SMALL_CLASSES for each in word_classes(spoken, model)[first:again])


def goes_on_in_turn(words: list[str], first: int, again: int) -> bool:
    """Return whether a phrase that is said twice goes on a third time, or was begun before: a list of a list of a."""
    end = again + again - first
    return words[first - 1 : first] == [words[again - 1]] or words[end : end + 1] == [words[first]]


def _cue_features(
    spoken: SpokenText,
    proposal: Proposal,
    model: RemovalModel,
    seam: str,
    resumed: str,
    following: str,
    third: str,
    rest: int,
) -> list[str]:
    """Return features of words that say that something was wrong."""
    found: list[str] = []
    words, first, cue, again = spoken.words, proposal.first, proposal.cue, proposal.again
    said = " ".join(words[cue:again])
    typical = "!" if proposal.is_typical else "?"
    found.append(f"cue {said} {seam} {typical}")
    found.append(f"cue {said} {seam}")
    found.append(f"cue {said} {resumed}")
    found.append(f"cue {said} {cue - first == 1} {rest == 1}")
    found.append(f"cue {said} l {words[cue - 1]}")
    found.append(f"cue n {proposal.note} {seam}{typical}")
    found.append(f"cue f {resumed} {following}")
    found.append(f"cue 3 {following} {third} {rest > 3}")
    kind = alike_kind(spoken, first, again, model)
    ends = min(rest, 4)
    verb = next((at - again for at in range(again + 1, min(again + 5, again + rest)) if words[at] in AUXILIARIES), 0)
    found.append(f"cue verb {verb} {kind} {typical}")
    found.append(f"cue {said} {kind} {typical}")
    found.append(f"cue {proposal.kind} {kind} {typical} {proposal.note}")
    found.append(f"cue verb {verb > 0} {said}")
    found.append(f"cue sure {proposal.note}{typical} {kind} {ends}")
    found.append(f"pair {kind} {cue - first} {ends}")
    found.append(f"pair {kind} {seam} {said}")
    found.append(f"pair {kind} {following} {typical}")
    found.append(f"pair {kind} {min(cue - first, 4)} {typical} {spoken.barriers[first]}")
    numbers = sum(is_number_word(word) for word in words[first:cue])
    found.append(f"holds {min(numbers, 2)} {is_number_word(words[again])} {typical}")
    begin, finish = sentence_bounds(spoken, cue)
    others = [word for at, word in enumerate(words[begin:finish], begin) if word in ANSWERS and not cue <= at < again]
    found.append(f"answers {min(len(others), 2)} {said}")
    if begin < first:
        found.append(f"cue from {words[first - 1]} {kind}")
    if first > begin and first < cue - 1:
        found.append(f"cue open {words[first]} {kind}")
    longer = finish - again - (cue - begin)
    found.append(f"cue longer {(longer > 0) - (longer < 0)} {said}")
    return found


def alike_kind(spoken: SpokenText, first: int, again: int, model: RemovalModel) -> str:
    """Return in what the words `first` and `again` are alike: the word, a number, a row of words, a class; or ""."""
    words = spoken.words
    one, other = words[first], words[again]
    if one == other:
        return "same"
    if is_number_word(one) or is_number_word(other):
        return "number" if is_number_word(one) and is_number_word(other) else "odd"
    rows = correction_rows()
    if rows.get(one, frozenset()) & rows.get(other, frozenset()):
        return "row"
    capitals = spoken.has_capital(first) and spoken.barriers[first] != STOP, spoken.has_capital(again)
    if capitals == (True, True):
        return "name"
    classes = word_classes(spoken, model)
    if classes[first] == classes[again]:
        return "class"
    return "small" if max(classes[first], classes[again]) < SMALL_CLASSES else ""


def _seam(barriers: list[int], paused: list[bool], at: int) -> str:
    """Return a letter for what stands before word `at`: nothing, a mark, a pause, or the end of a sentence."""
    if at >= len(barriers) or barriers[at] == STOP:
        return "."
    if paused[at]:
        return "~"
    return "," if barriers[at] == COMMA else "_"


def _bucket(value: float) -> int:
    """Return the number of bounds in `BUCKETS` that are below `value`."""
    return bisect_left(BUCKETS, value)


def _count_alike[Item: (str, int)](words: list[Item], first: int, cue: int, again: int) -> int:
    """Return how many words from `first` are said again in order from `again`."""
    count = 0
    while first + count < cue and again + count < len(words) and words[first + count] == words[again + count]:
        count += 1
    return count
