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
from models.emotion.training.text import GENERATED, retrain_expressive
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


def test_eighth_question_anew_leaves_the_seven() -> None:
    chance = np.random.default_rng(3)
    names = ["glad", "not", "table", "not:angry"]
    head = TextClassifier(
        {name: at for at, name in enumerate(names)},
        *(np.ones(shape, np.float32) for shape in ((4,), (4, 7), (7,), (7,), (7,), (7,), (4,))),
        0.0,
    )
    head.weights[:] = chance.normal(size=(4, 7))
    joy = np.eye(7, dtype=np.float32)[[1] * 6 + [0] * 6]
    found = [count_features("glad")] * 6 + [count_features("table")] * 6
    others = {kind: [count_features("I am not glad.")] * 8 for kind in GENERATED}
    others["expressive"] = [count_features("glad")] * 8
    anew = retrain_expressive(head, found, joy, others)
    assert {"glad", "not", "table", "not:glad"} <= set(anew.feature_indices)
    assert "not:angry" not in anew.feature_indices, "what is seen nowhere goes"
    for name in ("glad", "not", "table"):
        assert (anew.weights[anew.feature_indices[name]] == head.weights[head.feature_indices[name]]).all()
    assert not anew.weights[anew.feature_indices["not:glad"]].any()
    assert anew.scores("glad")[1] > 0.5 > anew.scores("I am not glad.")[1]
