"""The words that count, how many are wrong, and which of them are names."""

from __future__ import annotations

import itertools
import random

import jiwer
import pytest

from desktop.bench.word_counts import count_errors, count_names, split_said


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("It's three thirty.", "it's 3:30", "en"),
        ("I have twenty-five chairs", "I have 25 chairs.", "en"),
        ("Um, so we met, uh, Mr. Holmes", "So we met mister Holmes", "en"),
        ("OK — check in: well-known", "okay check-in well known", "en"),
        ("一共二十五个人。", "一共25个人", "zh"),
    ],
)
def test_what_is_only_written_otherwise_is_the_same(one: str, other: str, language: str) -> None:
    assert split_said(one, language) == split_said(other, language)


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("we met", "we meet", "en"),
        ("it is 3", "it is 13", "en"),
        ("我们三点见", "我们四点见", "zh"),
        ("um die Ecke", "die Ecke", "de"),
    ],
)
def test_another_word_is_another(one: str, other: str, language: str) -> None:
    assert split_said(one, language) != split_said(other, language)


def test_a_character_of_chinese_is_a_word() -> None:
    assert split_said("用Python写", "zh") == ("用", "python", "写")


def test_errors_are_those_of_jiwer() -> None:
    draw = random.Random(1)
    for _, size in itertools.product(range(40), (1, 4, 9)):
        one, other = (draw.choices("abcd", k=draw.randint(1, size)) for _ in range(2))
        found = jiwer.process_words(" ".join(one), " ".join(other))
        assert count_errors(one, other) == found.substitutions + found.deletions + found.insertions
    assert count_errors(("a", "b"), ()) == 2
    assert count_errors((), ("a",)) == 1


def test_names_count_as_often_as_they_were_said() -> None:
    names = {("ada",), ("ms", "alder"), ("bo",)}
    reference = ["ada", "met", "ms", "alder", "and", "ada"]
    assert count_names(names, reference, ["ada", "met", "miss", "alder"]) == (3, 1)
    assert count_names(names, reference, ["ada", "ada", "ada", "met", "ms", "alder", "bo"]) == (3, 3)
    assert count_names((), reference, reference) == (0, 0)


def test_chinese_in_either_script_is_the_same() -> None:
    for language in ("zh", ""):
        assert split_said("我們明天開會討論預算", language) == split_said("我们明天开会讨论预算", language)
