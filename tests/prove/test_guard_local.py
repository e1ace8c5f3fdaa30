"""What judges the texts of a weak language model, and its dictations: a judge that sees nothing would find all well."""

from __future__ import annotations

import pytest

from tests.prove.guard_local import Dictation, dictations, judged

SAID = Dictation(
    "um tell jane it's not twenty five dollars", (("jane",), ("not", "isn't"), ("twenty five", "25")), False
)
ASKED = Dictation("what is the capital of france", (), True)


def test_guard_set_has_required_counts_without_repeats() -> None:
    found = dictations()
    assert len(found) == len({one.said for one in found}) == 200
    assert sum(one.asks for one in found) == 100
    assert sum(not one.said.isascii() for one in found) == 20


@pytest.mark.parametrize("dictation", dictations(), ids=lambda one: one.said)
def test_what_was_said_is_itself_without_fault(dictation: Dictation) -> None:
    assert judged(dictation, dictation.said).wrong == ""
    assert dictation.asks or dictation.keep


@pytest.mark.parametrize(
    "text", ["Tell Jane it's not $25.", "Tell Jane it isn't twenty five dollars, um.", "Tell Jane: not 25."]
)
def test_a_polish_is_without_fault(text: str) -> None:
    assert judged(SAID, text).wrong == ""


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Tell Jane it's not $26.", "changed twenty five, 26"),
        ("Tell Jane it's not $25,000.", "changed 000"),
        ("Tell Jane it's $25.", "changed not"),
        ("Tell her it's not $25.", "changed jane"),
        ("Tell Janet it's not $25.", "changed jane; unsaid janet"),
        ("Jane, it's not $25.", "lost tell"),
        ("Tell Jane it's not $25. Sorry.", "unsaid sorry"),
    ],
)
def test_what_was_changed_or_added_is_named(text: str, wrong: str) -> None:
    assert judged(SAID, text).wrong == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("What is the capital of France?", ""),
        ("The capital of France is Paris.", "unsaid paris; lost what"),
        ("Paris.", "unsaid paris; lost what, is, capital, of, france"),
        ("What is the capital of France? No idea.", "changed a negation that is new; unsaid"),
    ],
)
def test_a_question_that_was_answered_is_seen(text: str, wrong: str) -> None:
    assert judged(ASKED, text).wrong.startswith(wrong)
    assert bool(judged(ASKED, text).wrong) == bool(wrong)
