"""What counts as an error, as an end that was lost and as words that came twice."""

from __future__ import annotations

import pytest

from desktop.bench.metrics import count_edits, find_doubled, has_lost_tail, require_module, tokenize, tokenize_cased
from desktop.core.errors import UserError


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("The twenty-one colours, uh, won't fade.", "en", ["the", "21", "colors", "will", "not", "fade"]),
        ("Où est-ce ?", "fr", ["où", "est", "ce"]),
        ("你好,世界。", "zh", ["你", "好", "世", "界"]),
        ("Good night.", "zh-CN", list("goodnight")),
        ("", "en", []),
    ],
)
def test_tokens_ignore_case_and_punctuation(text: str, language: str, found: list[str]) -> None:
    assert tokenize(text, language) == found


def test_cased_tokens_keep_commas_straighten_quotes() -> None:
    assert tokenize_cased("Well, it\u2019s  fine.", "en") == ["Well,", "it's", "fine."]
    assert tokenize_cased("好, 的", "zh") == ["好", ",", "的"]


@pytest.mark.parametrize(
    ("reference", "heard", "count"),
    [
        ("a b c", "a b c", 0),
        ("a b c", "a x c", 1),
        ("a b c", "a c d", 2),
        ("a b c", "", 3),
        ("", "a b", 2),
        ("", "", 0),
    ],
)
def test_edits_are_the_fewest(reference: str, heard: str, count: int) -> None:
    assert count_edits(reference.split(), heard.split()) == count


@pytest.mark.parametrize(
    ("reference", "batch", "streaming", "lost"),
    [
        ("we met in the old town", "we met in the old town", "we met in the old town", False),
        ("we met in the old town", "we met in the old town", "we met in", True),
        ("we met in the old town", "we met in the old town", "we met in the old", True),
        ("we met in the old town", "we met in the old town", "", True),
        ("we met in the old town", "we met in the old town", "we met in the old down", False),  # misheard
        ("we met in the old town", "we met in the old", "we met in", False),  # batch lost it too
        ("we met in the old town", "we met in the old town", "met in the old town thank you", False),
        ("yes", "yes", "", True),
        ("a lobster a la newberg", "a lobster a la newberg", "a lopster ola newberg", False),  # two heard as one
        ("in cases of narcotic poisoning", "in cases of narcotic poisoning", "in cases off poisoning", True),
        ("there is such a thing", "there is such a thing", "there is such 18", True),
        ("", "", "", False),
    ],
)
def test_lost_tail_batch_has_it_streaming_lacks_word(reference: str, batch: str, streaming: str, lost: bool) -> None:
    assert has_lost_tail(reference.split(), batch.split(), streaming.split()) is lost


@pytest.mark.parametrize(
    ("reference", "batch", "streaming", "found"),
    [
        ("i will go home now", "i will go home now", "i will go home now", []),
        ("i will go home now", "i will go home now", "i will go i will go home now", ["i will go"]),
        ("i will go home", "i will go home", "i i will go home", []),  # one word: people stutter
        ("knock knock knock knock", "knock knock", "knock knock knock knock", []),  # it was said
        ("so it went", "so it so it went", "so it so it went", []),  # batch heard it too
        ("a b c d", "a b c d", "a b a b c d c d", ["a b", "c d"]),
        ("thou also thou also he asked", "thou also dao also he asked", "dao also dao also he asked", []),  # misheard
        ("", "", "", []),
    ],
)
def test_doubled_run_twice_in_streaming_only(reference: str, batch: str, streaming: str, found: list[str]) -> None:
    assert [" ".join(run) for run in find_doubled(reference.split(), batch.split(), streaming.split())] == found


def test_missing_library_named_with_install_command() -> None:
    with pytest.raises(UserError, match=r"needs nosuchthing, .* pip install 'intone\[bench\]'"):
        require_module("nosuchthing.part")
