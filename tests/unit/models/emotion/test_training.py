"""The training's own arithmetic: what it minimises, and how it judges."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from models.emotion.labels import LABELS
from models.emotion.text_classifier import TextClassifier, count_features
from models.emotion.training.logistic import fit_logistic, make_rows
from models.emotion.training.plain import generate_expressive, generate_sentences
from models.emotion.training.scoring import average_recall, calibration_error, f1, macro_f1, tune_thresholds
from models.emotion.training.text import GENERATED, cross_validate, log_count_ratios, train_labels
from models.emotion.training.voice import VoiceRecordings, label_of, speaker_of

PROVE = Path(__file__).parents[3] / "prove"


def test_a_sparse_matrix_multiplies_as_a_dense_one() -> None:
    chance = np.random.default_rng(1)
    dense = (chance.normal(size=(20, 9)) * (chance.random((20, 9)) < 0.3)).astype(np.float32)
    rows = make_rows([{int(at): float(row[at]) for at in np.flatnonzero(row)} for row in dense], 9)
    weights, wrong = chance.normal(size=(9, 4)).astype(np.float32), chance.normal(size=(20, 4)).astype(np.float32)
    assert np.allclose(rows @ weights, dense @ weights, atol=1e-5)
    assert np.allclose(rows.transposed_product()(wrong), dense.T @ wrong, atol=1e-5)


@pytest.mark.parametrize("kind", ["each", "one"])
def test_fit_separates_classes_at_the_least_loss(kind: str) -> None:
    chance = np.random.default_rng(2)
    labels = chance.integers(0, 3, 300)
    features = (np.eye(3)[labels] * 2 + chance.normal(size=(300, 3))).astype(np.float32)
    targets = np.eye(3, dtype=np.float32)[labels]
    w, b = fit_logistic(features, targets, l2=0.01, kind=kind, steps=200)  # type: ignore[arg-type]
    scores = features @ w + b
    assert average_recall(scores.argmax(1), labels) > 0.75
    chances = 1 / (1 + np.exp(-scores))
    if kind == "one":
        chances = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    gradient = features.T @ (chances - targets) / 300 + 0.01 * w
    assert np.abs(gradient).max() < 2e-3


def test_f1_ece_and_recall_are_what_they_are_called() -> None:
    given, right = np.array([1, 1, 0, 0], bool), np.array([1, 0, 1, 0], bool)
    assert f1(given, right) == 0.5
    assert macro_f1(np.stack([given, right], 1), np.stack([right, right], 1)) == 0.75
    assert average_recall(np.array([0, 0, 1]), np.array([0, 1, 1])) == 0.75
    shares = np.array([[0.8, 0.2], [0.8, 0.2]], np.float32)
    assert calibration_error(shares, np.array([0, 1])) == pytest.approx(0.3, abs=1e-6)
    assert tune_thresholds(np.array([[0.2], [0.6], [0.7]], np.float32), np.array([[0], [1], [1]], bool))[0] >= 0.2


def test_features_are_case_free_words_pairs_and_pieces() -> None:
    found = count_features("I am SO happy!!")
    assert found == count_features("i am so Happy!!")
    assert {"happy", "so happy", "!!", "#_hap", "#ppy_", "< i"} <= set(found)
    assert count_features("don’t") == count_features("don't")


@pytest.mark.parametrize("frames", ["plain", "told", "mixed", "blamed", "retracted"])
def test_made_sentences_are_filled_and_seeded(frames: str) -> None:
    found = generate_sentences(frames, 400, 1)
    assert found == generate_sentences(frames, 400, 1)
    assert found != generate_sentences(frames, 400, 2)
    assert not [text for text in found if "{" in text or "}" in text]
    assert len(set(found)) > 200


def test_expressed_set_is_balanced_and_filled() -> None:
    found = generate_expressive(600, 1)
    assert found == generate_expressive(600, 1)
    assert not [text for text, _ in found if "{" in text or "}" in text]
    assert {label: [other for _, other in found].count(label) for label in LABELS[1:]} == dict.fromkeys(LABELS[1:], 100)


def test_what_heads_are_proved_on_is_in_no_training() -> None:
    learnt = {text for text, _ in generate_expressive(GENERATED["expressive"][0], 1)}
    for kind in GENERATED.keys() - {"expressive"}:
        learnt.update(generate_sentences(kind, GENERATED[kind][0], 1))
    proved = set((PROVE / "prose.txt").read_text(encoding="utf-8").splitlines())
    for name in ("emotion_texts.toml", "emotion_plain.toml"):
        for lines in tomllib.loads((PROVE / name).read_text(encoding="utf-8")).values():
            proved.update(line if isinstance(line, str) else line["text"] for line in lines)
    assert not learnt & proved


def takes_of(folder: Path) -> VoiceRecordings:
    """Six actors, who differ, with three takes of each emotion that differ in one measure each, and six readers."""
    chance = np.random.default_rng(3)
    emotions = [f"{number:02}" for number in range(1, 9)]
    acted = [f"03-01-{e}-01-01-{take:02}-{actor:02}" for actor in range(1, 7) for e in emotions for take in range(3)]
    names = [*acted, *(f"{reader}-7-{take:04}" for reader in range(10, 16) for take in range(3))]
    habits = {who: chance.normal(size=12) for who in {speaker_of(name) for name in names}}
    measures = [habits[speaker_of(n)] + 3 * np.eye(12)[label_of(n)] + 0.1 * chance.normal(size=12) for n in names]
    texts = np.array(["words"] * len(names))
    path = folder / "measures.npz"
    np.savez(path, files=names, texts=texts, seconds=np.ones(len(names)), measures=np.array(measures, np.float32))
    return VoiceRecordings.load([path])


def test_folds_hold_out_whole_speakers_once_each(tmp_path: Path) -> None:
    takes = takes_of(tmp_path)
    folds = takes.folds()
    assert (np.sum(folds, axis=0) == 1).all()
    for held in folds:
        assert not set(takes.speakers[held]) & set(takes.speakers[~held])
    acted = ~takes.is_read
    for order in ("drawn", "sorted"):
        assert average_recall(takes.cross_scores(order)[acted].argmax(1), takes.labels[acted]) > 0.6


def test_columns_are_scaled_by_how_they_go_with_the_label() -> None:
    rows = make_rows([{0: 1.0, 2: 1.0}, {0: 1.0}, {1: 1.0, 2: 1.0}, {1: 1.0}], 4)
    target, share = np.array([1, 1, 0, 0], np.float32), np.ones(4, np.float32)
    ratios = log_count_ratios(rows, target, share)
    assert ratios[0] > 1
    assert ratios[1] == pytest.approx(-ratios[0])
    assert ratios[2:] == pytest.approx(0), "what goes with both alike, and what is in no row"
    assert log_count_ratios(rows, target, np.array([1, 1, 9, 1], np.float32))[2] < 0


def test_seven_are_learned_from_what_goes_with_each() -> None:
    words = ["table", "glad", "tears", "rage", "dread", "wow", "yuck"]
    counts, labels = [count_features(f"{word} today") for word in words * 9], list(range(7)) * 9
    names = sorted({name for each in counts for name in each})
    targets, ones = np.eye(7, dtype=np.float32)[labels], np.ones(len(counts), np.float32)
    weights, biases = train_labels(counts, targets, ones, names, np.ones(len(names), np.float32))
    assert weights.shape == (len(names), 7)
    assert biases.shape == (7,)
    assert (weights[[names.index(word) for word in words]].argmax(1) == np.arange(7)).all()


def test_best_label_is_one_that_is_likely_for_how_rare_it_is(tmp_path: Path) -> None:
    ones = np.ones(7, np.float32)
    shares = np.array([0.7, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05], np.float32)
    head = TextClassifier(
        {"glad": 0}, ones[:1], np.ones((1, 7), np.float32), ones, ones, ones, 0 * ones, shares, ones[:1], 0.0
    )
    head.save(tmp_path / "head.npz")
    head = TextClassifier.load(tmp_path / "head.npz")
    likelihoods = np.array([[0.6, 0.34, *[0.012] * 5], [0.9, 0.05, *[0.01] * 5]], np.float32)
    assert head.best_labels(np.log(likelihoods)).tolist() == [1, 0]
    assert int(head.best_labels(np.log(likelihoods[0]))) == 1


def test_figures_are_of_the_half_that_nothing_was_tuned_on() -> None:
    chance = np.random.default_rng(4)
    labels = chance.choice(7, 700, p=[0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])
    right = np.eye(7, dtype=bool)[labels]
    ones = np.ones(7, np.float32)
    head = TextClassifier(
        {"glad": 0}, ones[:1], np.ones((1, 7), np.float32), ones, ones, ones, 0 * ones, ones / 7, ones[:1], 0.0
    )
    known = cross_validate(head, np.where(right, 4.0, -4.0) + chance.normal(size=(700, 7)), right)
    assert min(known["balanced_accuracy"], known["macro_f1_of_best"], known["macro_f1"]) > 0.95
    unknown = cross_validate(head, chance.normal(size=(700, 7)), right)
    assert unknown["balanced_accuracy"] < 0.25
