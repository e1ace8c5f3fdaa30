"""The training of what judges removals: labels, classes of words, sentences from frames."""

from __future__ import annotations

import random

from desktop.polish.rules.evidence_features import load_model
from models.polish.training.classes import learn_classes, split_clauses
from models.polish.training.removals import (
    Example,
    common_length,
    inject_small,
    judge_proposals,
    train,
    write_sentences,
)


def test_longest_common_subsequence_is_counted() -> None:
    assert common_length(["a", "b", "c", "d"], ["b", "d"]) == 2
    assert common_length(["a", "b"], ["b", "a"]) == 1
    assert common_length([], ["a"]) == 0


def test_a_proposal_is_right_if_only_what_was_not_meant_goes() -> None:
    labels = {
        (one.first, one.again): is_right
        for _, one, is_right in judge_proposals("we meet at two no wait three", "we meet at three")
        if one.cue < one.again
    }
    assert labels[3, 6]
    assert not labels[2, 6]
    assert not any(is_right for _, _, is_right in judge_proposals("he gave in in the end", None))


def test_what_moves_into_place_is_right() -> None:
    judged = judge_proposals("I want two pears, no wait, three.", "I want three pears.")
    assert [one.kind for _, one, is_right in judged if is_right] == ["moved:repair"]


def test_words_of_the_same_places_share_a_class() -> None:
    nouns, verbs = ["dog", "cat", "cow", "pig"], ["eats", "sees", "hears", "likes"]
    sentences = [f"the {noun} {verb} a {other}" for noun in nouns for verb in verbs for other in nouns] * 3
    classes = learn_classes(split_clauses(sentences), own_classes=2, count=2)
    assert len({classes[noun] for noun in nouns}) == 1
    assert len({classes[verb] for verb in verbs}) == 1
    assert classes["dog"] != classes["eats"]


def test_sentences_of_frames_are_the_same_each_time() -> None:
    first = list(write_sentences("commands", 20, 3))
    assert first == list(write_sentences("commands", 20, 3))
    assert first != list(write_sentences("commands", 20, 4))
    assert not any("{" in sentence for kind in ("commands", "meant") for sentence in write_sentences(kind, 500, 1))


def test_small_words_are_said_twice() -> None:
    assert inject_small("they put it there", random.Random(1)).count("it") == 2
    assert inject_small("we go", random.Random(1)) == ""


def test_training_learns_what_tells_right_from_wrong() -> None:
    examples = [Example(("bias", "good"), True, 1.0), Example(("bias", "bad"), False, 1.0)] * 20
    model = train(examples, load_model())
    assert model.probability(["bias", "good"]) > 0.9 > 0.1 > model.probability(["bias", "bad"])
