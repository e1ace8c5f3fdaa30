"""What a proposal is worth depends on what stands around it, and only sure ones are made."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest

from desktop.core.types import DictationContext
from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.evidence import judge
from desktop.polish.rules.evidence_features import Proposal, alike_kind, features, word_classes
from desktop.polish.rules.pipeline import PolishRules, load_rules
from desktop.polish.rules.repairs import propose_repairs
from desktop.polish.rules.repeats import edit_repeats, propose_repeats
from desktop.polish.rules.tokens import SpokenText
from models.polish.removals import BOUNDARY, WEIGHTS_FILE, RemovalModel, guess_class, load_model

MAX_BYTES = 1_000_000


def probability(text: str, first: int, again: int) -> float:
    spoken, model = SpokenText(text, "en"), load_model()
    proposals = [*propose_repairs(spoken), *propose_repeats(spoken, frozenset(), model)]
    found = [one for one in proposals if (one.first, one.again) == (first, again)]
    return max(model.probability(features(spoken, one, model)) for one in found)


def test_two_articles_are_surer_than_two_particles() -> None:
    assert probability("she sat in the the garden", 3, 4) > 0.95
    assert probability("the guests we waited for for hours", 4, 5) < 0.5


def test_a_number_for_a_number_is_surer_than_a_new_clause() -> None:
    assert probability("It starts at six, sorry, seven.", 3, 5) > 0.9
    assert probability("We asked ten, actually six came.", 2, 4) < 0.5


MODES: tuple[Literal["careful", "thorough"], ...] = ("careful", "thorough")


def test_thorough_makes_more_than_careful() -> None:
    said = "Put on Duo put a new Duo contact in"
    made = {mode: apply_edits(said, edit_repeats(said, RuleContext("en", removals=mode)))[0] for mode in MODES}
    assert made == {"careful": said, "thorough": "Put a new Duo contact in"}


def test_a_change_says_how_sure_it_was() -> None:
    text = "I I need the the key"
    _, changes = apply_edits(text, edit_repeats(text, RuleContext("en")))
    assert [change.before.strip() for change in changes] == ["I", "the"]
    assert all(change.confidence is not None and 0.9 < change.confidence < 1 for change in changes)


def test_of_overlapping_proposals_one_is_made() -> None:
    spoken = SpokenText("I want I want I want to go", "en")
    proposals = propose_repeats(spoken, frozenset(), load_model())
    made = judge(spoken, proposals, RuleContext("en", removals="thorough"))
    assert all(one.until <= other.first for (one, _), (other, _) in pairwise(made))
    assert sum(one.again - one.first for one, _ in made) == 4


@pytest.mark.parametrize(
    ("text", "first", "again", "kind"),
    [
        ("at two no wait three", 1, 4, "number"),
        ("on monday no tuesday", 1, 3, "row"),
        ("ask Anna no Maria", 1, 3, "name"),
        ("the old no the new", 0, 3, "same"),
        ("two no apples", 0, 2, "odd"),
    ],
)
def test_what_is_alike_is_named(text: str, first: int, again: int, kind: str) -> None:
    assert alike_kind(SpokenText(text, "en"), first, again, load_model()) == kind


def test_an_unknown_feature_weighs_nothing() -> None:
    model = load_model()
    assert model.probability(["bias", "no such feature"]) == model.probability(["bias"])


def test_a_proposal_at_the_end_has_features() -> None:
    spoken = SpokenText("go to the", "en")
    assert "bias" in set(features(spoken, Proposal("small", 1, 2, 2), load_model()))


def test_weights_are_small_and_are_saved_as_loaded(tmp_path: Path) -> None:
    assert WEIGHTS_FILE.stat().st_size < MAX_BYTES
    model = RemovalModel.load()
    model.save(tmp_path / "again.npz")
    again = RemovalModel.load(tmp_path / "again.npz")
    assert again.class_of == model.class_of
    assert again.pairs == model.pairs
    assert again.weights == pytest.approx(model.weights, rel=1e-3)


def test_weights_are_loaded_ahead_of_english_dictations_and_by_nothing_else() -> None:
    load_model.cache_clear()
    PolishRules()
    load_rules(("zh",))
    assert load_model.cache_info().currsize == 0
    load_rules(("de", "en"))
    assert load_model.cache_info().currsize == 1


def test_careful_wants_to_be_surer_of_a_phrase_than_of_a_word() -> None:
    phrase, word = SpokenText("we can go we can go", "en"), SpokenText("go to the the shop", "en")
    proposals = Proposal("repeat", 0, 3, 3, is_typical=True), Proposal("repeat", 2, 3, 3, is_typical=True)
    model = dataclasses.replace(load_model(), weights={"bias": math.log(0.92 / 0.08)})
    for removals, made in (("careful", [False, True]), ("thorough", [True, True])):
        context = RuleContext("en", removals=removals, removal_model=model)
        both = zip((phrase, word), proposals, strict=True)
        assert [bool(judge(spoken, [one], context)) for spoken, one in both] == made


@pytest.mark.parametrize("removals", MODES)
def test_rules_judge_by_the_model_they_are_given(removals: Literal["careful", "thorough"]) -> None:
    text, less = "She sat in the the garden.", "She sat in the garden."
    doubting = dataclasses.replace(load_model(), weights={"bias": -9.0})
    for model, made in ((None, less), (doubting, text), (load_model(), less)):
        rules = PolishRules(removals=removals, removal_model=model)
        assert rules(text, DictationContext()).text == made


@pytest.mark.parametrize("removals", MODES)
@pytest.mark.parametrize("text", ["We meet at two, no wait, three.", "She sat in the the garden.", "It was was fine."])
def test_given_limits_replace_those_of_the_mode(text: str, removals: Literal["careful", "thorough"]) -> None:
    lower, higher = (PolishRules(removals=removals, removal_limits=(one, one)) for one in (0.01, 1.0))
    assert lower(text, DictationContext()).text != text == higher(text, DictationContext()).text


def test_words_have_the_classes_of_each_model() -> None:
    spoken = SpokenText("the garden", "en")
    models = load_model(), dataclasses.replace(load_model(), class_of={"the": 3, "garden": 5})
    for model in (*models, *models):
        assert word_classes(spoken, model) == [model.word_class("the"), model.word_class("garden")]
    assert word_classes(spoken, models[1]) == [3, 5]


def test_words_have_classes() -> None:
    model = load_model()
    assert model.word_class("the") != model.word_class("of")
    assert model.word_class("tuesday") == model.word_class("thursday")
    assert model.word_class("zorbling") == guess_class("zorbling") != BOUNDARY
    assert model.pairs[model.word_class("waiting")][model.word_class("for")] > 0
    assert model.pairs[model.word_class("for")][model.word_class("for")] < 0
