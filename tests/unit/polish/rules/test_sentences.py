"""Capitals and closing marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.types import Style
from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.sentences import edit_sentences
from desktop.vocabulary.vocabulary import Vocabulary

CHAT = Style(closing=False)
SHELL = Style(capital=False, closing=False)


def finished(text: str, language: str = "", style: Style = Style(), vocabulary: Vocabulary = Vocabulary()) -> str:  # noqa: B008 -- frozen
    return apply_edits(text, edit_sentences(text, RuleContext(language, style, vocabulary)))[0]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("hello there", "Hello there."),
        ("it is late. we go", "It is late. We go."),
        ("are you in? then wait", "Are you in? Then wait."),
        ("one\ntwo", "One\nTwo."),
        ("he said (quietly) no", "He said (quietly) no."),
        ('"come in" she said', '"Come in" she said.'),
        ("éa va", "Éa va."),
        ("iPhone is here", "iPhone is here."),
        ("it is late. iPhone sales fell", "It is late. iPhone sales fell."),
        ("jane@example.org wrote", "jane@example.org wrote."),
        ("example.org is down", "example.org is down."),
        ("we met at 3 p.m. tomorrow is fine", "We met at 3 p.m. tomorrow is fine."),
        ("bring fruit, e.g. apples", "Bring fruit, e.g. apples."),
        ("brown vs. the city", "Brown vs. the city."),
        ("ask dr. no", "Ask dr. no."),
        ("take one, eg. the red", "Take one, eg. the red."),
        ("the rest, ie. mine", "The rest, ie. mine."),
        ("it differs wrt. size", "It differs wrt. size."),
        ("well... maybe", "Well... maybe."),
        ("well . . . maybe", "Well . . . maybe."),
        ('"Really?" he asked', '"Really?" he asked.'),
        ("J. smith wrote", "J. smith wrote."),
    ],
)
def test_a_sentence_begins_large(text: str, typed: str) -> None:
    assert finished(text) == typed


def test_the_users_own_words_keep_their_case() -> None:
    words = Vocabulary(words=("npm", "intone"))
    assert finished("npm is slow. intone, too", vocabulary=words) == "npm is slow. intone, too."


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("so i think i'm right and i’ll go", "So I think I'm right and I’ll go."),
        ("you and i", "You and I."),
        ("write for i in range", "Write for i in range."),
        ("the i/o is slow", "The i/o is slow."),
        ("that is, i.e. this", "That is, i.e. this."),
    ],
)
def test_i_is_large_in_english(text: str, typed: str) -> None:
    assert finished(text) == typed


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Let i be zero.", "Let i be zero."),
        ("set i to ten", "Set i to ten."),
        ("The counter i is a long.", "The counter i is a long."),
        ("We add i and k.", "We add i and k."),
        ("Print j, i and k.", "Print j, i and k."),
        ("the letter i has a dot", "The letter i has a dot."),
        ("loop while i is below ten", "Loop while i is below ten."),
        ("what i set i keep", "What I set I keep."),
        ("the book i print", "The book I print."),
        ("Ann and i print it", "Ann and I print it."),
        ("can i use it", "Can I use it?"),
        ("Bob is older than i", "Bob is older than I."),
        ("He went and i stayed", "He went and I stayed."),
        ("what should i return", "What should I return?"),
    ],
)
def test_i_is_small_where_it_is_a_letter(text: str, typed: str) -> None:
    assert finished(text) == typed


def test_i_is_a_word_of_other_languages() -> None:
    assert finished("dove sono i ragazzi", "it") == "Dove sono i ragazzi."


@pytest.mark.parametrize(
    "bare",
    [
        *("25", "-60", "3.14", "40%", "8.52 %", "$25,000", "15 billion", "1.69 billion yuan", "£9.50", "3rd", "1000th"),
        *(
            "03:00",
            "3:30 p.m.",
            "08:00 gmt",
            "July 25, 2026",
            "25 july 2012",
            "2026-03-05",
            "1900s",
            "H2 2020",
            "750BC",
        ),
        *("842 km²", "2 sq mi", "28 kgf/cm²", "5 minutes", "+44 123-123-5678", "225.55.0.40", "x386"),
        *(
            "asdf123@abc.com",
            "localhost:80",
            "http://www.example.com.sm",
            "example.org",
            "report_final.txt",
            "getUser()",
            "--lines",
        ),
        *("12 High Street", "350 Fifth Ave, New York, NY 10118", "北京市朝阳区建国路88号"),
        *("下午3:30", "250个", "第11届", "零下15度", "500美元", "30分钟", "2个小时", "海淀区中关村大街27号"),
        *("2005年8月5日", "8:05", "12块5毛", "￥13.5", "京A07ZX3F", "30~311km/h"),
    ],
)
def test_bare_number_amount_time_address_unpunctuated(bare: str) -> None:
    assert finished(bare) == bare


@pytest.mark.parametrize(
    "sentence",
    [
        "他要18号的票。",
        "我住302。",
        "请打119。",
        "一共60块。",
        "9:40出发。",
        "100%满意。",
        "她在北京路12号。",
        "我家在长安街8号。",
    ],
)
def test_chinese_sentence_with_a_number_keeps_its_stop(sentence: str) -> None:
    assert finished(sentence, "zh") == sentence
    assert finished(sentence[:-1], "zh") == sentence


@pytest.mark.parametrize(
    ("heard", "typed"), [("25,000.", "25,000"), ("2026年。", "2026年"), ("3:30 p.m.", "3:30 p.m.")]
)
def test_bare_number_loses_heard_full_stop(heard: str, typed: str) -> None:
    assert finished(heard) == typed


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("About 40%", "About 40%."),
        ("It costs $25", "It costs $25."),
        ("We meet at 5 p.m.", "We meet at 5 p.m."),
        ("Pens, paper, etc.", "Pens, paper, etc."),
        ("He said “go”", "He said “go”"),
        ("Two things:", "Two things:"),
        ("Nice 🙂", "Nice 🙂"),
        ("- Milk\n- Eggs", "- Milk\n- Eggs"),
        ("Milk\nEggs\nBread", "Milk\nEggs\nBread"),
        ("I will be there at nine\n\nThanks", "I will be there at nine.\n\nThanks."),
        ("Thanks\n", "Thanks.\n"),
        ("你好", "你好。"),
        ("我们用 Python", "我们用 Python。"),
        ("नमस्ते दुनिया", "नमस्ते दुनिया।"),
        ("\n", "\n"),
    ],
)
def test_a_text_is_closed_where_it_is_a_sentence(text: str, typed: str) -> None:
    assert finished(text) == typed


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("what time is it", "What time is it."),
        ("where are you", "Where are you?"),
        ("what is the weather like today", "What is the weather like today?"),
        ("could you send me the file", "Could you send me the file?"),
        ("how many people are coming", "How many people are coming?"),
        ("what's done is done", "What's done is done."),
        ("what is clear is that we lost", "What is clear is that we lost."),
        ("when I was young it rained", "When I was young it rained."),
        ("had I known I would have come", "Had I known I would have come."),
        ("do it again please", "Do it again please."),
        ("if you can do it do it", "If you can do it do it."),
        ("你吃饭了吗", "你吃饭了吗？"),
        ("你在做什么呢", "你在做什么呢？"),
        ("我很好，你呢", "我很好，你呢？"),
        ("他正在睡觉呢", "他正在睡觉呢。"),
        ("Is it late.", "Is it late."),
    ],
)
def test_only_unambiguous_text_is_a_question(text: str, typed: str) -> None:
    assert finished(text) == typed


@pytest.mark.parametrize(
    ("style", "text", "typed"),
    [
        (CHAT, "see you there", "See you there"),
        (CHAT, "See you there.", "See you there"),
        (CHAT, "I'm late. See you there.", "I'm late. See you there."),
        (CHAT, "Are you in?", "Are you in?"),
        (CHAT, "We meet at 5 p.m.", "We meet at 5 p.m."),
        (CHAT, "Well...", "Well..."),
        (CHAT, "好的。", "好的"),
        (SHELL, "git status.", "git status"),
        (SHELL, "i think. so", "i think. so"),
        (SHELL, "Git status", "Git status"),
    ],
)
def test_a_style_may_want_no_capital_and_no_mark(style: Style, text: str, typed: str) -> None:
    assert finished(text, style=style) == typed


PIECES = st.lists(
    st.sampled_from(
        [*" \n.!?,", "i ", "i'm ", "p.m. ", "e.g. ", "is it ", "3 ", "- ", "1. ", "(", '"', "iPad ", "ß", "吗", "你 "]
    ),
    max_size=14,
).map("".join)
STYLES = st.sampled_from([Style(), CHAT, SHELL])


@given(st.one_of(st.text(), PIECES), STYLES)
def test_no_letter_or_digit_is_added_or_lost(text: str, style: Style) -> None:
    def content(text: str) -> str:
        return "".join(c for c in text if c.isalnum()).casefold()

    assert content(finished(text, style=style)) == content(text)


@given(st.one_of(st.text(), PIECES), STYLES)
def test_finishing_twice_is_finishing_once(text: str, style: Style) -> None:
    once = finished(text, style=style)
    assert finished(once, style=style) == once
