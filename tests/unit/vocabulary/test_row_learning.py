"""What a correction of a dictation teaches where own words were written in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.types import RuleChange
from desktop.vocabulary.row_learning import find_row_suggestions, find_written_words

OWN = ("Bartleby", "GitHub", "PyTorch")


def change(heard: str, written: str = "Bartleby") -> RuleChange:
    return RuleChange("own_words", heard, written)


@pytest.mark.parametrize(
    ("edited", "learned"),
    [
        ("Ask Bartlebie.", {"Bartlebie": "Bartlebie"}),
        ("Ask Bartlet.", {"Bartlebie": "Bartlet"}),
        ("Please ask Bartleby.", {}),
        ("Ask Bartleby.", {}),
    ],
)
def test_own_word_that_was_written_wrongly_is_not_replaced(edited: str, learned: dict[str, str]) -> None:
    changes = (change("Bartlebie"), RuleChange("sentences", "", "."))
    assert dict(find_row_suggestions("Ask Bartleby.", edited, changes, "ask Bartlebie", OWN)) == learned


def test_other_words_teach_as_ever() -> None:
    text, edited = "Ask Bartleby about get hob.", "Ask Bartleby about GitHub."
    assert find_row_suggestions(text, edited, (change("Bartlebie"),), "", ("Bartleby",)) == [("get hob", "GitHub")]


def test_common_words_that_were_heard_for_an_own_word_are_never_replaced() -> None:
    changes, raw = (change("see more", "Seymour"),), "ask see more"
    assert find_row_suggestions("Ask Seymour.", "Ask Seamore.", changes, raw, ("Seymour",)) == []
    assert find_row_suggestions("Ask Seymour.", "Ask see more.", changes, raw, ("Seymour",)) == [("see more",) * 2]


def test_changes_to_one_word_are_told_apart_by_their_places() -> None:
    changes = (change("Bartlebie"), change("Bartlebee"))
    raw, text = "ask Bartlebie and Bartleby, not Bartlebee", "Ask Bartleby and Bartleby, not Bartleby."
    for edited, learned in (
        ("Ask Bartlebie and Bartleby, not Bartleby.", ["Bartlebie"]),
        ("Ask Bartleby and Bartleby, not Bartlebee.", ["Bartlebee"]),
        ("Ask Bartlebie and Bartleby, not Bartlebee.", ["Bartlebie", "Bartlebee"]),
        ("Ask Bartlebee and Bartleby, not Bartleby.", []),
        ("Ask Bartleby and Bartlebee, not Bartleby.", []),
    ):
        kept = [each.heard for each in find_row_suggestions(text, edited, changes, raw, OWN) if each.is_kept]
        assert kept == learned
    assert find_row_suggestions(text, "Ask Bartleby and Bartlet, not Bartleby.", changes, raw, OWN) == []
    assert find_row_suggestions(text, "Ask Bartleby and Bartleby, not Bartlet.", changes, raw, OWN) == [
        ("Bartlebee", "Bartlet")
    ]


def test_places_are_unknown_where_the_text_was_rewritten() -> None:
    changes = (change("Bartlebie"),)
    assert find_written_words("ask Bartlebie", "Ask Bartleby. Bartleby knows.", changes) == []
    assert find_row_suggestions("Bartleby, Bartleby.", "Bartlet, Bartleby.", changes, "ask Bartlebie", OWN) == []
    assert find_written_words("", "Ask Bartleby.", changes) == [(4, 12, "Bartlebie")]


def test_own_word_is_never_learned_to_be_another() -> None:
    assert find_row_suggestions("Use GitHub.", "Use GitLab.", (), "use github", OWN) == []
    assert find_row_suggestions("Use GitHub.", "Use GitLab.", (), "use github", ()) == [("GitHub", "GitLab")]


def test_part_of_a_field_is_looked_at_alone() -> None:
    before, after = "Bartleby said: ask Bartleby now.", "Bartlebie said: ask Bartlebie now."
    learned = find_row_suggestions(before, after, (change("Bartlebie"),), "ask Bartlebie now", OWN, (15, 32))
    assert learned == [("Bartlebie", "Bartlebie")]
    after = "Bartlebie said: ask Bartleby now."
    assert find_row_suggestions(before, after, (change("Bartlebie"),), "ask Bartlebie now", OWN, (15, 32)) == []


def test_several_words_heard_for_one_are_put_back_whole() -> None:
    changes = (change("pie torch", "PyTorch"),)
    raw, text = "we use pie torch here", "We use PyTorch here."
    assert find_row_suggestions(text, "We use pie torch here.", changes, raw, OWN) == [("pie torch", "pie torch")]
    assert find_row_suggestions(text, "We use Pytorch here.", changes, raw, OWN) == [("pie torch", "Pytorch")]


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30), st.text(min_size=1, max_size=5))
def test_no_text_is_too_odd(raw: str, text: str, edited: str, heard: str) -> None:
    for word in find_written_words(raw, text, (change(heard, text[:3]),)):
        assert word.heard == heard
    find_row_suggestions(text, edited, (change(heard, text[:3]),), raw, (text[:3],))
