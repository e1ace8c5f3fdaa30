"""What counts as a lost word, numbers by their value, and what the proofs of prose and of traps make of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from desktop.core.types import RuleChange
from desktop.polish.rules.pipeline import PolishRules
from tests.prove import prose, traps
from tests.prove.lost_words import Loss, find_loss
from tests.prove.record import Run

SAME = {
    "twenty": "20",
    "Twenty-five of them": "25 of them",
    "the twenty-first": "the 21st",
    "five dollars and fifty cents": "$5.50",
    "five-hundred dollars": "$500",
    "a million dollars": "$1 million",
    "ninety percent": "90%",
    "fifty cents": "$0.50",
    "an hundred and thirty": "130",
    "one million two hundred thousand": "1.2 million",
    "two and a half": "2½",
    "three point one four": "3.14",
    "2000 a year": "2,000 a year",
    "nineteen ninety nine": "1999",
    "the nineteen nineties": "the 1990s",
    "four oh one": "401",
    "the Fourth of July": "July 4",
    "ten past three": "3:10",
    "by half-past nine": "by 9:30",
    "a quarter to five": "4:45",
    "seven-thirty": "7:30",
    "twenty minutes after four": "20 minutes after four",
    "ten to twelve people": "10 to 12 people",
    "at five o'clock": "at 5:00",
    "at 6.45pm": "at 6:45 p.m.",
    "five five five one two": "555-12",
    "It’s here": "It's Here.",
}

LOST = {
    ("The vote was ten yes, five no.", "The vote was 10 yes."): ("5", "no"),
    ("She calls from time to time to ask.", "She calls from time to ask."): ("time", "to"),
    ("three and six", "36"): ("3", "6", "and"),
    ("forty, fifty", "4050"): ("40", "50"),
    ("twenty", "21"): ("20",),
    ("ten to twenty", "10 20"): ("10", "20", "to"),
    ("the support period.", "the support."): ("period",),
    ("eggs comma milk", "eggs, milk"): ("comma",),
    ("a dot com", "a.com"): ("dot",),
    ("She said she said no.", "She said no."): ("said", "she"),
    ("我们在这里", "我们这里"): ("在",),
}


@pytest.mark.parametrize(("before", "after"), SAME.items())
def test_number_counts_by_value_however_it_is_written(before: str, after: str) -> None:
    assert find_loss(before, after) is None
    assert find_loss(after, before) is None


def test_number_may_be_parted_but_not_joined() -> None:
    assert find_loss("may fifth twenty twenty six", "May 5, 2026") is None
    assert find_loss("May 5, 2026", "May 52026") is not None


@pytest.mark.parametrize(("pair", "words"), LOST.items())
def test_word_that_is_there_fewer_times_is_lost(pair: tuple[str, str], words: tuple[str, ...]) -> None:
    loss = find_loss(*pair)
    assert loss is not None
    assert loss.words == words


def test_added_words_and_marks_are_no_loss() -> None:
    assert find_loss("so we go", "So, we will go.") is None


def test_chinese_numbers_are_not_counted() -> None:
    assert find_loss("三点见", "3点见") is None
    assert find_loss("三个人", "3人") is not None


def test_loss_names_the_rule_that_took_the_word() -> None:
    changes = [RuleChange("numbers", "twenty", "20"), RuleChange("repeats", " to time", "", 0.75)]
    loss = find_loss("time to time twenty", "time 20", changes)
    assert loss == Loss(("time", "to"), "repeats", 0.75, "words")


def test_loss_by_no_single_change_is_told() -> None:
    loss = find_loss("one two", "")
    assert loss is not None
    assert loss.rule == "several"


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("We saw the the house.", "We saw the house.", "doubled"),
        ("We saw The the house.", "We saw the house.", "doubled"),
        ("He must check that that file is here.", "He must check that file is here.", "words"),
        ("Offices in in Moscow are closed.", "Offices in Moscow are closed.", "doubled"),
        ("Offices in in Moscow are closed.", "Offices in Moscow are.", "words"),
        ("The car, the house.", "Car, the house.", "words"),
        ("The car car stopped.", "The car stopped.", "words"),
        ("We saw the the house.", "We saw house.", "words"),
        ("Uh, it is, um, late.", "It is late.", "sounds"),
        ("Ah, it is late.", "It is late.", "words"),
        ("Um, the the house.", "The house.", "words"),
    ],
)
def test_slips_of_the_fingers_and_sounds_are_told_apart(before: str, after: str, kind: str) -> None:
    loss = find_loss(before, after)
    assert loss is not None
    assert loss.kind == kind


def test_prose_counts_losses_by_rule_and_slips_apart(tmp_path: Path) -> None:
    texts = [
        ("book", "Call Ann, no wait, call Eve."),
        ("mail", "It was, um, an old station."),
        ("book", "We met at the the old station."),
        ("mail", "Nothing is to be said of it."),
    ]
    run = Run("prose", 1, None, tmp_path)
    losses = prose.measured(run, "thorough", texts)
    found = prose.summary(losses, Counter(source for source, _ in texts))
    assert found["by_source"] == {"book": 1}
    assert found["by_rule"] == {"repairs": 1}
    assert (found["lost"], found["one_in"], found["doubled"], found["sounds"]) == (1, 4, {"the": 1}, 1)
    slip = {"source": "book", "kind": "doubled", "rule": "repeats", "text": "Offices in in Moscow.", "words": ("in",)}
    listed = prose.summary([slip], Counter(book=4))
    assert (listed["share"], listed["share_with_slips"]) == (0.0, 0.25)


def test_prose_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    texts = [("book", f"This is sentence number {at} of it.") for at in range(prose.BLOCK + 1)]
    prose.measured(Run("prose", 1, None, tmp_path), "careful", texts[: prose.BLOCK])
    run = Run("prose", 1, None, tmp_path)
    prose.measured(run, "careful", texts)
    keys = [line for line in run.lines.path.read_text().splitlines() if '"losses"' in line]
    assert len(keys) == 2


def test_own_prose_has_sentences_and_no_code() -> None:
    texts = prose.own_prose()
    assert len(texts) > 3_000
    assert not [text for text in texts if "`" in text or "polish" in text or prose.is_command(text)]


def test_traps_count_halves_and_right_answers(tmp_path: Path) -> None:
    (tmp_path / "right.tsv").write_text(
        "sentence\tright\nmeet at ten\tMeet at 10.\nmeet at ten\tMeet at ten.\nhi new line bob\tHi\\nBob.\n"
    )
    answers = traps.right_answers(tmp_path / "right.tsv")
    assert answers["hi new line bob"] == ["Hi\nBob."]
    texts = ["meet at ten", "we are all here", "the sun is out", "He sat um on the wall."]
    found = traps.written(texts, answers, PolishRules(), "careful")
    assert (found["odd"]["sentences"], found["odd"]["lost"], found["odd"]["right"]) == (2, 0, 1)
    assert found["even"] == {"sentences": 2, "lost": 1, "share": 0.5, "by_rule": {"fillers": 1}}


def test_no_right_answers_where_there_is_no_file(tmp_path: Path) -> None:
    assert traps.right_answers(tmp_path / "none.tsv") == {}
