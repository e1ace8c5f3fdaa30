"""Spaces between words, and Chinese with its own marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.spacing import edit_spacing


def spaced(text: str, language: str = "") -> str:
    return apply_edits(text, edit_spacing(text, RuleContext(language)))[0]


@pytest.mark.parametrize(
    ("text", "set_"),
    [
        ("", ""),
        ("   ", ""),
        ("  hello   there ", "hello there"),
        ("hello\u00a0there\t!", "hello there!"),
        ("hello , world", "hello, world"),
        ("it costs 3 .5", "it costs 3 .5"),
        ("that is :) nice", "that is :) nice"),
        ("one  \n  two", "one\ntwo"),
        ("one\r\n\r\n\r\ntwo", "one\n\ntwo"),
        ("one\n", "one\n"),
        ("\none", "\none"),
    ],
)
def test_one_space_between_words_and_lines_kept(text: str, set_: str) -> None:
    assert spaced(text) == set_


def test_french_space_before_high_marks_kept() -> None:
    assert spaced("Ça va ? Oui , merci  !", "fr") == "Ça va ? Oui, merci !"


@pytest.mark.parametrize(
    ("text", "set_"),
    [
        ("我们用Python写代码", "我们用 Python 写代码"),
        ("我们用  Python 写代码", "我们用 Python 写代码"),
        ("看example.com吧", "看 example.com 吧"),
        ("买了A股和T恤", "买了A股和T恤"),
        ("京A07ZX3F", "京A07ZX3F"),
        ("重达25kg左右", "重达25kg左右"),
        ("价格是CNY1.25", "价格是CNY1.25"),
        ("2026年8月5日", "2026年8月5日"),
        ("有 3 个", "有 3 个"),
        ("用 Python ，真好", "用 Python，真好"),
    ],
)
def test_chinese_stands_one_space_from_latin_words(text: str, set_: str) -> None:
    assert spaced(text) == set_


@pytest.mark.parametrize(
    ("text", "set_"),
    [
        ("你好,世界", "你好，世界"),
        ("你好 , 世界.", "你好，世界。"),
        ("你好吗?我很好!", "你好吗？我很好！"),
        ("他说:好;真的", "他说：好；真的"),
        ("太好了!!", "太好了！！"),
        ("我用Python,你用Java.", "我用 Python，你用 Java。"),
        ("比分是3:2,好", "比分是3:2，好"),
        ("文件在例子.com上", "文件在例子.com上"),
        ("等等...再说", "等等...再说"),
        ("早上8:30a.m.准时开会", "早上8:30a.m.准时开会"),
        ("好的:)", "好的:)"),
    ],
)
def test_marks_of_chinese_are_wide(text: str, set_: str) -> None:
    assert spaced(text, "zh") == set_


def test_chinese_script_overrides_misheard_language() -> None:
    assert spaced("你好,世界", "en") == "你好，世界"
    assert spaced("日本,東京", "ja") == "日本,東京"


def test_chinese_within_english_keeps_english_marks() -> None:
    assert spaced("She said 你好, and left.", "en") == "She said 你好, and left."


@pytest.mark.parametrize(
    ("text", "set_"),
    [
        ("今天天气不错 我们去公园吧", "今天天气不错，我们去公园吧"),
        ("张三 李四", "张三 李四"),
        ("今天天气不错，真的 我们去公园吧", "今天天气不错，真的 我们去公园吧"),
    ],
)
def test_pause_between_long_unmarked_clauses_is_comma(text: str, set_: str) -> None:
    assert spaced(text, "zh") == set_


WORDS = ["你", "好世界", "Py", "a", "3", "p.m.", "\u00a0", "http://", "“"]
MIXED = st.lists(st.sampled_from([*" \n\t\r,.;:!?，。（）", *WORDS]), max_size=14).map("".join)
LANGUAGES = st.sampled_from(["", "en", "zh", "ja", "fr"])


@given(st.one_of(st.text(), MIXED), LANGUAGES)
def test_no_letter_or_digit_is_added_or_lost(text: str, language: str) -> None:
    assert [c for c in spaced(text, language) if c.isalnum()] == [c for c in text if c.isalnum()]


@given(st.one_of(st.text(), MIXED), LANGUAGES)
def test_spacing_twice_is_spacing_once(text: str, language: str) -> None:
    once = spaced(text, language)
    assert spaced(once, language) == once


@given(MIXED)
def test_no_line_ends_in_a_space(text: str) -> None:
    assert all(line == line.rstrip() for line in spaced(text).split("\n"))
