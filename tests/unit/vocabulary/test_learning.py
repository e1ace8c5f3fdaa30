"""What a correction teaches, and what it does not: a wrong replacement would be made in every later text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.vocabulary.learning import find_suggestions

COMMON = (
    ("it", "IT"),
    ("may", "May"),
    ("us", "US"),
    ("mark", "Mark"),
    ("will", "Will"),
    ("who", "WHO"),
    ("can", "CAN"),
    ("not", "NOT"),
    ("shouldn't", "SHOULDN'T"),
    ("we’ll", "WE’LL"),
    ("ms", "MS"),
)


@pytest.mark.parametrize(
    ("before", "after", "learned"),
    [
        ("I pushed it to get hub today.", "I pushed it to GitHub today.", {"get hub": "GitHub"}),
        ("Ask cooper netties for it.", "Ask Kubernetes for it.", {"cooper netties": "Kubernetes"}),
        ("The engine x is down", "The nginx is down", {"engine x": "nginx"}),
        ("cube cuddle get pods", "kubectl get pods", {"cube cuddle": "kubectl"}),
        ("use github now", "use GitHub now", {"github": "GitHub"}),
        ("We use pie torch's data", "We use PyTorch's data", {"pie torch": "PyTorch"}),
        ("Tell jon smith.", "Tell John Smyth.", {"jon smith": "John Smyth"}),
        ("Call Shawn and Marie.", "Call Sean and Mary.", {"Shawn": "Sean", "Marie": "Mary"}),
        ("Shawn called.", "Sean called.", {"Shawn": "Sean"}),
        ("Zoe asked", "Zoë asked", {"Zoe": "Zoë"}),
        ("Ask jon about my iphone.", "Ask Jon about my iPhone.", {"jon": "Jon", "iphone": "iPhone"}),
        ("a kubernetes cluster", "a Kubernetes cluster", {"kubernetes": "Kubernetes"}),
        ("call my I phone", "call my iPhone", {"I phone": "iPhone"}),
        ("我叫张伟，你好。", "我叫张玮，你好。", {"张伟": "张玮"}),
        ("请问陈晓民在吗", "请问陈小明在吗", {"晓民": "小明"}),
        ("我用盖特哈布写代码", "我用盖特哈勃写代码", {"哈布": "哈勃"}),
    ],
)
def test_what_was_heard_wrong_is_learned(before: str, after: str, learned: dict[str, str]) -> None:
    assert dict(find_suggestions(before, after)) == learned


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("the same", "the same"),
        ("hello world", "Hello world."),
        ("there house", "their house"),
        ("its fine", "it's fine"),
        ("alot of it", "a lot of it"),
        ("I walk home", "I walked home"),
        ("the monitor works", "the monitors work"),
        ("It is big.", "It is large."),
        ("the project manager", "the product manager"),
        ("Ask Bob", "Ask Jane"),
        ("meet at 3", "meet at 4"),
        ("meet at three", "meet at 3"),
        ("I will come", "I will not come"),
        ("It was good. see you", "It was good. See you"),
        ("I like the quick brown fox jumps", "Completely other sentence here for you now"),
        ("Karl Kern Kurt Kahn knows", "Carl Cern Curt Cahn knows"),
        *[(f"so {word} there", f"so {name} there") for word, name in COMMON],
        ("so I'm there", "so I'M there"),
        ("see more, ring it up", "Seymour, ring IT up"),
        ("ask us will they", "ask US Will they"),
        ("so er hilft der Frau", "so ER hilft DER Frau"),
        ("he will marry soon", "he will Mary soon"),
        ("他来了", "她来了"),
        ("这是他的", "这是她地"),
        ("高兴的跳", "高兴地跳"),
        ("我去北京", "我去上海滩"),
        ("好", "号"),
        ("", "new"),
        ("old", ""),
    ],
)
def test_what_was_put_in_other_words_teaches_nothing(before: str, after: str) -> None:
    assert find_suggestions(before, after) == []


def test_only_what_lies_in_our_text_counts() -> None:
    before, after = "Dear jon, push it to get hub.", "Dear John, push it to GitHub. Thanks."
    start = before.index("push")
    assert dict(find_suggestions(before, after, (start, len(before)))) == {"get hub": "GitHub"}


@given(st.text(), st.text())
def test_no_text_is_too_odd(before: str, after: str) -> None:
    for heard, written in find_suggestions(before, after):
        assert heard in before or " " in heard
        assert heard != written
