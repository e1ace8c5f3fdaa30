"""Turn texts into proposals that are right or wrong, and learn the weights of their features.

Positives are what people took back in Disfl-QA, and what `injection` put into prose and into sentences from frames of
our own; negatives are all other proposals, and those of the texts as they are.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from desktop.polish.rules.evidence_features import Proposal, features
from desktop.polish.rules.repairs import propose_repairs
from desktop.polish.rules.repeats import propose_repeats
from desktop.polish.rules.tokens import SpokenText, word_set
from models.emotion.training.logistic import fit_logistic, make_rows
from models.polish.removals import RemovalModel
from models.polish.training.injection import TABLE, inject
from models.polish.training.texts import TrainingTexts, write_sentences

MIN_EXAMPLES = 5
"""Least number of examples that have a feature that is kept."""

L2 = 2e-5
STEPS = 150

LOOSE_SHARE = 0.3
"""Share of the loose proposals of plain prose that is used; the others are like them."""

TYPOS = frozenset(
    ("the", "a", "an", "of", "and", "is", "be", "it", "this", "to", "for", "in", "i", "are", "was", "with")
)
"""Words that prose doubles by mistake: no evidence either way."""

WEIGHTS = {"prose": 6.0, "injected": 1.0, "asked": 4.0, "stay": 25.0, "commands": 1.5, "meant": 6.0}
"""Weight of a proposal from each source."""

ROWS = [row.lower().split() for name in ("number", "day") for row in TABLE["rows"][name]]
ROWS.append(TABLE["rows"]["name"].lower().split())
"""Words of which one corrects another."""

NUMBERS = [word for row in TABLE["rows"]["number"][:4] for word in row.split()]
"""Words of numbers of one or more words."""

CUE_WEIGHT = 3
"""Weight of a proposal with a cue, relative to another: they are rare."""

COMMANDS, MEANT = 25_000, 12_000
"""Sentences that are written from frames."""


LATE_SHARE = 0.3
"""Share of the sentences with a number, day or name in which another one is corrected at the end."""

SMALL_SHARE = 0.5
"""Share of the sentences in which one of `SMALL_TWICE` is said twice."""

SMALL_TWICE = frozenset(
    "it in on up out off over by is was are be do does did will would can what which who us".split()  # noqa: SIM905
)
"""Words that may be meant twice and that `injection` does not double."""

CUES = (
    "no wait",
    "no wait,",
    "no, wait,",
    "sorry,",
    "I mean",
    "make that",
    "no,",
    "actually,",
    "or rather",
    "or rather,",
)
"""How the late correction is said."""


class Example(NamedTuple):
    """The features of a proposal, whether it was right, its weight, and the half of the questions it is of, if any."""

    names: tuple[str, ...]
    is_right: bool
    weight: float
    half: int = -1


def make_examples(texts: TrainingTexts, model: RemovalModel) -> Iterator[Example]:
    """Yield the proposals of all training texts, with features by the classes of `model`."""
    rng = random.Random(2)
    for sentence in texts.plain:
        yield from _examples(sentence, None, "prose", model, rng)
    for sentence in texts.injected:
        yield from _injected(sentence, 3, "injected", model, rng)
    for number, (said, meant) in enumerate(texts.asked):
        yield from _examples(said, meant, "asked", model, rng, number % 2)
        yield from _examples(meant, None, "asked", model, rng, number % 2)
    for sentence in texts.stay:
        yield from _examples(sentence, None, "stay", model, rng)
    for sentence in write_sentences("commands", COMMANDS, 4):
        yield from _examples(sentence, None, "commands", model, rng)
        yield from _injected(sentence, 5, "commands", model, rng)
    for sentence in write_sentences("meant", MEANT, 6):
        yield from _examples(sentence, None, "meant", model, rng)


def _injected(sentence: str, seed: int, source: str, model: RemovalModel, rng: random.Random) -> Iterator[Example]:
    for kind in ("", "repair" if source == "commands" else "word_twice"):
        if pair := inject(sentence, seed, kind):
            yield from _examples(pair.disfluent, pair.fluent, source, model, rng)
    if rng.random() < SMALL_SHARE and (twice := inject_small(sentence, rng)):
        yield from _examples(twice, sentence, source, model, rng)
    if rng.random() < LATE_SHARE and (late := inject_late(sentence, rng)):
        yield from _examples(*late, source, model, rng)


def inject_small(sentence: str, rng: random.Random) -> str:
    """Return `sentence` with one of `SMALL_TWICE` said twice; empty if it has none."""
    words = sentence.split()
    places = [at for at, word in enumerate(words[:-1]) if word.lower() in SMALL_TWICE]
    if not places:
        return ""
    at = rng.choice(places)
    again = words[at].lower() if at == 0 and rng.random() < 0.7 else words[at]
    return " ".join([*words[:at], words[at] + rng.choice([" ", " ", " ", ", ", " um "]) + again, *words[at + 1 :]])


def inject_late(sentence: str, rng: random.Random) -> tuple[str, str] | None:
    """Return `sentence` with a number, day or name replaced that is corrected at once or at the end, and itself."""
    words = sentence.rstrip(".!?").split()
    places = [(at, row) for at, word in enumerate(words) for row in ROWS if at and word.lower() in row]
    if len(words) > 16 or not places:
        return None
    at, row = rng.choice(places)
    end = at + 1
    if words[at].lower() in NUMBERS:
        while at > 1 and words[at - 1].lower() in NUMBERS:
            at -= 1
        while end < len(words) and words[end].lower() in NUMBERS:
            end += 1
        other = rng.sample(NUMBERS, rng.choice([1, 1, end - at]))
    else:
        other = [rng.choice([word for word in row if word != words[at].lower()])]
        other = [other[0].capitalize()] if words[at][0].isupper() else other
    until = rng.choice([end, end, len(words), min(end + rng.randint(1, 3), len(words))])
    seam = rng.choice([" ", ", ", ", ", ". ", ", um, "])
    cue = rng.choice(CUES)
    cue = cue.capitalize() if seam == ". " else cue
    before = [words[at - 1]] if rng.random() < 0.3 else []
    said = " ".join([*words[:at], *other, *words[end:until]]) + seam + " ".join([cue, *before, *words[at:end]])
    return " ".join([said, *words[until:]]), sentence


def _examples(
    said: str, meant: str | None, source: str, model: RemovalModel, rng: random.Random, half: int = -1
) -> Iterator[Example]:
    for spoken, proposal, is_right in judge_proposals(said, meant, model):
        weight = WEIGHTS[source]
        if source == "prose":
            if proposal.kind == "repeat" and spoken.words[proposal.first] in TYPOS:
                continue
            if not proposal.is_typical and proposal.kind != "repeat":
                if rng.random() > LOOSE_SHARE:
                    continue
                weight /= LOOSE_SHARE
        weight *= CUE_WEIGHT if proposal.cue < proposal.again else 1
        yield Example(tuple(features(spoken, proposal, model)), is_right, weight, half)


def judge_proposals(said: str, meant: str | None, model: RemovalModel) -> Iterator[tuple[SpokenText, Proposal, bool]]:
    """Yield all proposals for a text, and whether they are right; first the repairs, then what their removal leaves."""
    spoken = SpokenText(said, "en")
    if not spoken.is_english:
        return
    goal = None if meant is None else SpokenText(meant, "en").lowercase
    judged = list(_judge(spoken, propose_repairs(spoken), goal))
    yield from ((spoken, one, is_right) for one, is_right in judged)
    kept = said
    for one, is_right in reversed(judged):
        if is_right:
            numbers = spoken.word_numbers
            kept = kept[: spoken.start[numbers[one.first]]] + kept[spoken.start[numbers[one.again]] :]
            break
    spoken = SpokenText(kept, "en") if kept != said else spoken
    repeats = propose_repeats(spoken, word_set("en", "names"), model)
    yield from ((spoken, one, is_right) for one, is_right in _judge(spoken, repeats, goal))


def _judge(
    spoken: SpokenText, proposals: Iterable[Proposal], goal: list[str] | None
) -> Iterator[tuple[Proposal, bool]]:
    """Yield the proposals and whether they take only words that are not in `goal`, and as many as another could."""
    proposals = list(proposals)
    if goal is None:
        yield from ((one, False) for one in proposals)
        return
    common = common_length(spoken.lowercase, goal)
    kept = [common_length(_after(spoken, one), goal) for one in proposals]
    gains = [(after - common, one.again - one.first) for one, after in zip(proposals, kept, strict=True)]
    for one, gain in zip(proposals, gains, strict=True):
        is_right = gain[0] >= 0
        if is_right and one.cue < one.again:
            rivals = (other_gain for other, other_gain in zip(proposals, gains, strict=True) if other.cue == one.cue)
            is_right = gain == max(rivals)
        yield one, is_right


def _after(spoken: SpokenText, one: Proposal) -> list[str]:
    numbers, words = [*spoken.word_numbers, len(spoken.lowercase)], spoken.lowercase
    first, again = numbers[one.first], numbers[one.again]
    if one.end:
        end, last, cue = numbers[one.end - 1] + 1, numbers[one.last] + 1, numbers[one.cue]
        return [*words[:first], *words[again:end], *words[last:cue], *words[end:]]
    return words[:first] + words[again:]


def common_length(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the length of the longest common subsequence, by the bits of a whole number (Hyyrö, 2004)."""
    places: dict[str, int] = {}
    for at, word in enumerate(one):
        places[word] = places.get(word, 0) | 1 << at
    mask = (1 << len(one)) - 1
    row = mask
    for word in other:
        match = row & places.get(word, 0)
        row = (row + match | row - match) & mask
    return len(one) - row.bit_count()


def train(examples: Sequence[Example], model: RemovalModel) -> list[RemovalModel]:
    """Return `model` with weights for the `examples`, first for those that are not of the second half of the questions,
    then for those that are not of the first.
    """
    counts = Counter(name for one in examples for name in one.names)
    names = {name: at for at, name in enumerate(sorted(name for name in counts if counts[name] >= MIN_EXAMPLES))}
    rows = make_rows([{names[name]: 1.0 for name in one.names if name in names} for one in examples], len(names))
    targets = np.array([[one.is_right] for one in examples], np.float32)
    trained = []
    for left_out in (1, 0):
        weights = np.array([0.0 if one.half == left_out else one.weight for one in examples], np.float32)
        fitted, bias = fit_logistic(rows, targets, l2=L2, kind="each", weights=weights, steps=STEPS)
        found = {name: float(fitted[at, 0]) for name, at in names.items()}
        found["bias"] += float(bias[0])
        trained.append(RemovalModel(found, model.class_of, model.class_names, model.pairs))
    return trained
