"""The training of what judges removals: labels, classes of words, sentences from frames."""

from __future__ import annotations

import json
import random
from pathlib import Path

from models.polish.removals import load_model
from models.polish.training.classes import learn_classes, split_clauses
from models.polish.training.removals import Example, common_length, inject_small, judge_proposals, train
from models.polish.training.scoring import count_errors, find_lost, score_removals, word_error_rate
from models.polish.training.texts import load_texts, write_sentences


def test_longest_common_subsequence_is_counted() -> None:
    assert common_length(["a", "b", "c", "d"], ["b", "d"]) == 2
    assert common_length(["a", "b"], ["b", "a"]) == 1
    assert common_length([], ["a"]) == 0


def test_a_proposal_is_right_if_only_what_was_not_meant_goes() -> None:
    labels = {
        (one.first, one.again): is_right
        for _, one, is_right in judge_proposals("we meet at two no wait three", "we meet at three", load_model())
        if one.cue < one.again
    }
    assert labels[3, 6]
    assert not labels[2, 6]
    assert not any(is_right for _, _, is_right in judge_proposals("he gave in in the end", None, load_model()))


def test_what_moves_into_place_is_right() -> None:
    judged = judge_proposals("I want two pears, no wait, three.", "I want three pears.", load_model())
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
    for model in train(examples, load_model()):
        assert model.probability(["bias", "good"]) > 0.9 > 0.1 > model.probability(["bias", "bad"])


def test_each_half_of_the_questions_is_left_out_once() -> None:
    examples = [Example(("bias", "so"), True, 1.0, 0), Example(("bias", "so"), False, 1.0, 1)] * 20
    first, second = train(examples, load_model())
    assert first.probability(["bias", "so"]) > 0.9 > 0.1 > second.probability(["bias", "so"])


def test_what_is_missing_is_named_with_how_to_get_it(tmp_path: Path) -> None:
    texts = load_texts(tmp_path, tmp_path)
    assert not texts.prose
    assert any("apt-get install" in line and "wordnet-base" in line for line in texts.absent)
    assert any("Disfl-QA" in line for line in texts.absent)


def test_texts_are_read_in_the_same_order_each_time(tmp_path: Path) -> None:
    (tmp_path / "polish/traps").mkdir(parents=True)
    (tmp_path / "polish/disfl-qa-dev.json").write_text(
        json.dumps({"1": {"disfluent": "Who no where is it?", "original": "Where is it?"}})
    )
    (tmp_path / "polish/traps/words-stay.tsv").write_text("sentence\tnow\nHe gave in in the end.\tkept\nNo.\tkept\n")
    (tmp_path / "polish/traps/prose-sherlock-holmes.txt").write_text("".join(f"It is {at}.\n" for at in range(50)))
    first, again = load_texts(tmp_path, tmp_path), load_texts(tmp_path, tmp_path)
    assert first == again
    assert first.asked == [("Who no where is it?", "Where is it?")]
    assert first.stay == ["He gave in in the end."]
    assert first.by_source["sherlock-holmes"] == 50


def test_scores_count_words() -> None:
    pairs = [("go um to uh the shop", "go to the shop")]
    assert score_removals(pairs, lambda text: text.replace("um ", "")) == {
        "precision": 1.0,
        "recall": 0.5,
        "f1": 0.6667,
        "exact": 0.0,
    }
    assert word_error_rate(pairs, lambda text: text) == 0.5
    assert count_errors(["a", "x", "c"], ["a", "b", "c", "d"]) == 2
    assert find_lost("He did, did he?", "He did he?") == {"did": 1}
