"""Say how sure it is that words were taken back: rules propose, evidence decides (`docs/adr/0021`).

A proposal is what a rule would remove and why. `desktop.polish.rules.evidence_features` names its features, and
`models.polish.removals` has their weights, learned from what people took back and from prose in which every word is
meant.
"""

from __future__ import annotations

from collections.abc import Iterable

from desktop.polish.rules.edit import RuleContext
from desktop.polish.rules.evidence_features import AUXILIARIES, Proposal, alike_kind, features
from desktop.polish.rules.evidence_fences import OPEN_WORDS, is_doubtful, is_meant, is_replaced
from desktop.polish.rules.tokens import COMMA, NOTHING, SpokenText, count_to_mark, is_number_word, word_set
from models.polish.removals import RemovalModel

THRESHOLDS = {"careful": (0.87, 0.985), "thorough": (0.35, 0.7)}
"""Least probability of a removal that is made, by mode: of one that has all signs of its kind, and of another."""

PHRASE_LIMIT, NEVER = 0.935, 2.0
"""Careful's limits for a phrase that is said twice without mark or pause, and for what it leaves."""

REPEAT_LIMIT = 0.5
"""Thorough's limit for a word that is said twice without all signs that it was not meant."""

NEVER_MEANT_TWICE = word_set("en", "own") | word_set("en", "single")
"""Small words of which two stand together only by mistake."""

NOUN_WORDS = word_set("en", "own") | {"your", "its"}
"""Words after which a noun must follow."""

SUBJECTS = frozenset(("i", "you", "we", "he", "she", "it", "they", "this", "there"))
OPENERS = frozenset(("and", "but", "so", "because"))
"""Words before the subject of a sentence."""

MAX_STUTTERED_WORDS = 3
"""Most words of the beginning of a clause that is said three times by a stutter; a longer one is a refrain."""

MAX_STUTTERS = 5
"""Most times that a stutter says the same words; what is said more often is meant."""

VERBS_BEFORE_TO = frozenset(("need", "want", "have", "like", "going", "try", "trying", "used"))
"""Verbs that "to" and another verb follow."""

MAX_EXCHANGED = 2
"""Most words, the first a number, that a "sorry" puts at the end of a clause: five, sorry, six euros."""

PLAIN_KINDS = ("repeat", "repair", "across", "moved:repair", "moved:across")

ALIKE, HARD = ("same", "number", "row", "name"), 0.95

LOOSE_FACTOR = 8
"""How many times less doubt a proposal without all signs of its kind must leave, to be taken before one that has."""


def judge(spoken: SpokenText, proposals: Iterable[Proposal], context: RuleContext) -> list[tuple[Proposal, float]]:
    """Return the proposals that are sure enough in `context`, with their probability, in order and without overlaps.

    Of overlapping ones the surest is taken, and rather one with all signs of its kind.
    """
    model = context.load_removal_model()
    wanted = [(one, least) for one in proposals if (least := _least(spoken, one, context)) < NEVER]
    sure = sorted(
        ((one, found) for one, least in wanted if (found := _probability(spoken, one, model)) >= least),
        key=lambda each: (1 - each[1]) * (1 if each[0].is_typical else LOOSE_FACTOR),
    )
    taken, covered = list[tuple[Proposal, float]](), bytearray(len(spoken.words))
    for one, sureness in sure:
        if not any(covered[one.first : one.until]):
            taken.append((one, sureness))
            covered[one.first : one.until] = b"\1" * (one.until - one.first)
    return sorted(taken)


def _least(spoken: SpokenText, one: Proposal, context: RuleContext) -> float:
    """Return the least probability with which `one` is taken out."""
    typical, loose = context.removal_limits or THRESHOLDS[context.removals]
    is_careful = context.removals == "careful"
    if is_meant(spoken, one) or (is_careful and (not _is_plain(spoken, one) or _may_be_listed(spoken, one))):
        return NEVER
    if is_careful and is_doubtful(spoken, one, context.load_removal_model()):
        return NEVER
    is_phrase = one.kind == "repeat" and one.again - one.first > 1
    if is_careful and is_phrase and spoken.barriers[one.again] != COMMA and not spoken.paused[one.again]:
        return max(PHRASE_LIMIT, typical if one.is_typical else loose)
    if one.kind == "repeat" and not is_careful and not context.removal_limits:
        loose = REPEAT_LIMIT
    return typical if one.is_typical else loose


def _is_plain(spoken: SpokenText, proposal: Proposal) -> bool:
    """Return whether it is what careful takes out: a repeat, a broken word, a correction, or anything after a sound."""
    again = proposal.again
    if again < len(spoken.words) and spoken.paused[again]:
        return True
    if proposal.kind.startswith("broken"):
        end = spoken.end[spoken.word_numbers[again - 1]]
        return proposal.is_typical and spoken.text[end : end + 1] in ("-", "–", "—")
    return proposal.kind in PLAIN_KINDS


def _probability(spoken: SpokenText, one: Proposal, model: RemovalModel) -> float:
    """Return the probability of a proposal; at least `HARD` after a cue that means nothing else, between two alike."""
    found = model.probability(features(spoken, one, model))
    if _is_begun_twice(spoken, one):
        return max(found, HARD)
    is_sure = one.is_typical and one.note[:1] == "1" and not one.end
    is_sure = is_sure and ("rather" not in spoken.words[one.cue : one.again] or is_replaced(spoken, one, model))
    is_sure = is_sure or _ends_in_exchange(spoken, one)
    return max(found, HARD) if is_sure and alike_kind(spoken, one.first, one.again, model) in ALIKE else found


def _ends_in_exchange(spoken: SpokenText, one: Proposal) -> bool:
    """Return whether a cue between two commas puts the end of a clause in another's place: at two, no, three."""
    cue, rest = spoken.words[one.cue : one.again], count_to_mark(spoken.barriers, one.again)
    if not one.is_typical or spoken.barriers[one.cue : one.again + 1] != [COMMA, COMMA]:
        return False
    if cue == ["no"]:
        return rest == 1
    return cue == ["sorry"] and rest <= MAX_EXCHANGED and is_number_word(spoken.words[one.again])


def _is_begun_twice(spoken: SpokenText, one: Proposal) -> bool:
    """Return whether a phrase is said twice up to a word that another must follow: pay my pay my bill, I am I am."""
    words, first, again = spoken.words, one.first, one.again
    end = again + again - first
    if one.kind != "repeat" or not one.is_typical or again - first < 2 or end >= len(words):
        return False
    if _is_begun_thrice(spoken, first, again - first):
        return True
    is_marked = any(barrier != NOTHING for barrier in spoken.barriers[first + 1 : end + 1])
    last, before = words[again - 1], words[first - 1] if first else ""
    if is_marked or last == before or words[end] == words[first]:
        return False
    is_opened = spoken.barriers[first] != NOTHING or (before in OPENERS and spoken.barriers[first - 1] != NOTHING)
    if is_opened and again - first == 2 and words[first] in SUBJECTS and last in AUXILIARIES:
        return True
    return last in NOUN_WORDS or (last == "to" and words[again - 2] in VERBS_BEFORE_TO)


def _is_begun_thrice(spoken: SpokenText, first: int, length: int) -> bool:
    """Return whether the beginning of a clause is said three times or a few more with no mark between, and goes on."""
    words, phrase = spoken.words, spoken.words[first : first + length]
    if not 1 < length <= MAX_STUTTERED_WORDS or phrase[0].partition("'")[0] not in SUBJECTS:
        return False
    if length > 2 and phrase[-1] not in OPEN_WORDS:
        return False  # I told you I told you I told you I was
    begin, end = first, first + length
    most = MAX_STUTTERS * length
    while begin >= length and words[begin - length : begin] == phrase and end - begin <= most:
        begin -= length
    while words[end : end + length] == phrase and end - begin <= most:
        end += length
    is_marked = any(barrier != NOTHING for barrier in spoken.barriers[begin + 1 : end + 1])
    return 2 * length < end - begin <= most and end < len(words) and not is_marked


def _may_be_listed(spoken: SpokenText, proposal: Proposal) -> bool:
    """Return whether a mark alone sets off what comes again: the woman, the woman; but not: the, the woman."""
    again = proposal.again
    is_marked = (
        proposal.cue == again
        and not proposal.kind.startswith("broken")
        and spoken.barriers[again] == COMMA
        and not spoken.paused[again]
    )
    return is_marked and spoken.words[again - 1] not in NEVER_MEANT_TWICE
