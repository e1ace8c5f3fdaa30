"""What was said twice is written once, unless it was meant twice."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.text import guess_language
from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.repeats import edit_repeats
from desktop.vocabulary.vocabulary import Vocabulary

type Removals = Literal["careful", "thorough"]


def once(text: str, language: str | None = None, removals: Removals = "careful") -> str:
    context = RuleContext(guess_language(text) if language is None else language, removals=removals)
    return apply_edits(text, edit_repeats(text, context))[0]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("send my report my report to Ann", "send my report to Ann"),
        ("I I need it", "I need it"),
        ("I'm in the the office", "I'm in the office"),
        ("take a a a photo", "take a photo"),
        ("Open the, the window.", "Open the window."),
        ("We called um called him", "We called him"),
        ("So, I, I think so.", "So, I think so."),
        ("and and then we left", "and then we left"),
        ("She wanted to go to the, um, to the lake.", "She wanted to go to the lake."),
        ("call the num- number on file", "call the number on file"),
    ],
)
def test_everyday_stutters_go_in_careful_mode(said: str, meant: str) -> None:
    assert once(said) == meant


@pytest.mark.parametrize(
    "text",
    [
        "They gave in in the last round.",
        "We moved in in the rain.",
        "The train I was waiting for for ages left early.",
        "What they did did nobody any harm.",
        "The ones who stayed stayed for years.",
        "Those who lead lead by example.",
        "It grew darker and darker and we lost the path.",
        "He shouted louder and louder and ran.",
        "He writes from time to time to say hello.",
        "New York, New York was on the radio.",
        "Humbert Humbert is a sad man.",
        "Please see that that form is signed.",
        "Not that that helps.",
        "Give me the box I packed last week.",
        "It was the first dot com boom.",
        "Swap one lamp out for another lamp.",
        "Will Will know?",
        "Left left right.",
    ],
)
def test_words_meant_twice_stay(text: str) -> None:
    assert once(text) == text


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("send my report my report to Ann", "send my report to Ann"),
        ("I I need it", "I need it"),
        ("I'm in the the office", "I'm in the office"),
        ("take a a a photo", "take a photo"),
        ("Open the, the window.", "Open the window."),
        ("We called um called him", "We called him"),
        ("Can you can you hear me?", "Can you hear me?"),
        ("Show me Show me the map", "Show me the map"),
        ("Post it on, uh, on the board.", "Post it on the board."),
        ("Buy milk, um, buy milk and bread", "Buy milk and bread"),
        ("So, I, I think so.", "So, I think so."),
        ("I want to go to the I want to go to the zoo", "I want to go to the zoo"),
        ("the report yeah the report is done", "the report is done"),
        ("send please send the file", "please send the file"),
        ("we need ten chairs ten chairs and a table", "we need ten chairs and a table"),
    ],
)
def test_what_was_said_twice_is_written_once(said: str, meant: str) -> None:
    assert once(said, removals="thorough") == meant


@pytest.mark.parametrize(
    "text",
    [
        "five five five one two one two",
        "five um five",
        "room 12 12 b",
        "a a r o n",
        "My name is A A R O N.",
        "double a a batteries",
        "two by two by four",
        "It's very very good.",
        "no no that's fine",
        "bye bye",
        "I do not not like it",
        "I had had enough",
        "I think that that is right",
        "She gave her her book.",
        "We came in in the morning",
        "It is what it is",
        "over and over and over again",
        "work work work",
        "What a sweet, sweet dog!",
        "It works for you, you know.",
        "I know, I know.",
        "When it's time, it's time.",
        "I know. I know that.",
        "Duran Duran are from Birmingham",
        "as well as possible",
        "walk the walk and talk the talk",
        "day by day",
        "the methods read, readline and send",
        "It is wrong on the file, the file was not found.",
        "a URL url",
        "http colon slash slash example dot org",
        "first point new line new line second point",
        "git commit dash dash amend",
        "double u double u double u dot",
    ],
)
def test_what_is_meant_twice_stays(text: str) -> None:
    assert once(text) == text


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("call the num- number on file", "call the number on file"),
        ("in my contac um contacts", "in my contacts"),
        ("for this mon this month's bill", "for this month's bill"),
        ("write a an essay", "write an essay"),
        ("it's on my um the desk", "it's on the desk"),
        ("what what's new", "what's new"),
        ("open Insta Instagram now", "open Instagram now"),
    ],
)
def test_a_word_that_was_broken_off_goes(said: str, meant: str) -> None:
    assert once(said, removals="thorough") == meant


@pytest.mark.parametrize(
    "text", ["pre- and post-war art", "a can of candles", "we went west", "the car carries us", "Jack Jackson called"]
)
def test_a_word_that_begins_like_the_next_one_stays(text: str) -> None:
    assert once(text) == text


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Put on Duo put a new Duo contact in", "Put a new Duo contact in"),
        ("log intake log my calcium intake", "log my calcium intake"),
        ("Send a um send a mail to Ann", "Send a mail to Ann"),
        ("Where did the stock, where did gold open?", "Where did gold open?"),
        ("open my apps my movie apps", "open my movie apps"),
        ("start Strava the Strava app", "start the Strava app"),
        ("I'd like I want to sleep", "I want to sleep"),
        ("Show me the can I see the bill", "Can I see the bill"),
        ("How did the how much was it", "How much was it"),
        ("an update get an update of it", "get an update of it"),
        ("a new coat I need to get a new coat", "I need to get a new coat"),
        ("a note to Ann can you make a note to Ann", "can you make a note to Ann"),
        ("three of those from the from Target", "three of those from Target"),
    ],
)
def test_restarted_clause_loses_its_first_beginning(said: str, meant: str) -> None:
    assert once(said, removals="thorough") == meant


@pytest.mark.parametrize(
    "text",
    [
        "Open the door open the window",
        "Open the door, open the window.",
        "I know a guy who knows a guy",
        "the work which you create or to which you contribute",
        "Which is why we left",
        "Can you tell me the time?",
        "I wanted to post, my post was deleted",
        "a perfect game is a perfect game",
        "He has one more, maybe one more.",
        "What you see is what you get.",
        "If you want to go, you want to go.",
        "I'll do it, do it now.",
        "Send a text to Tim and a text to Ann.",
        "Make sure to make a copy.",
        "It points to a symlink, the symlink's status is returned.",
        "Can you let me know when you are there?",
        "could you let me see it",
        "He said yes he said it twice.",
        "press yes press no",
        "log out log in again",
        "you wake up you wake me",
        "the people I work with I work well with",
        "Who did what to whom?",
        "The day my day began was cold.",
        "play playlist one",
        "show me next week weekend plans",
        "I hope hopefully we meet",
        "Guess what, what's new is this.",
        "The question is, is it ready?",
        "I told you you look well.",
        "I read it it was good.",
        "I hope that that man stays.",
        "the bigger the house the bigger the bill",
        "open the file open the editor and save the file",
        "all the faith he had had had had no effect",
        "turn it on on Friday",
        "those who can can",
        "maybe yes maybe not",
        "that is not what I meant what I meant is this",
        "when it's time it's time to go",
        "oh my the irony",
        "he told me he paid",
        "she said she was sorry",
        "who I am who I was",
        "friends let friends drive",
        "after work can you work on it",
        "sorry for that sorry for this",
        "I want the car my dad's car",
    ],
)
def test_words_that_come_again_in_plain_speech_stay(text: str) -> None:
    assert once(text) == text


def test_other_languages_lose_only_phrases_said_twice() -> None:
    assert once("die, die das sagen, sind nicht hier", "de") == "die, die das sagen, sind nicht hier"
    assert once("nous nous voyons", "fr") == "nous nous voyons"
    assert once("ich möchte ich möchte gehen", "de") == "ich möchte gehen"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("我我我觉得不行。", "我觉得不行。"),
        ("我们我们明天去。", "我们明天去。"),
        ("他说因为因为下雨。", "他说因为下雨。"),
        ("北京呃北京的天气。", "北京的天气。"),
        ("我想去北京我想去北京看看。", "我想去北京看看。"),
    ],
)
def test_chinese_stutters_are_written_once(said: str, meant: str) -> None:
    assert once(said) == meant


@pytest.mark.parametrize(
    "text",
    [
        "你看看，谢谢，慢慢来，天天向上。",
        "大家高高兴兴地研究研究。",
        "对不起对不起。",
        "哈哈哈哈哈",
        "一二三一二三四",
        "告诉我我又错了。",
        "支持你，你是最棒的。",
        "其他他不知道。",
        "气死我了气死我了怎么办",
        "新段落新段落第二点",
        "名额名单在这里。",
        "总额总共三百。",
        "那那个人是谁？",
        "他他妈的不来。",
        "对不起对不起我来晚了。",
        "是不是要去，好不好？",
    ],
)
def test_chinese_doublings_stay(text: str) -> None:
    assert once(text) == text


def test_a_doubled_word_of_the_users_own_stays() -> None:
    manner = RuleContext("en", vocabulary=Vocabulary(words=("Tilda Tilda",)))
    assert (
        apply_edits("call Tilda Tilda now", edit_repeats("call Tilda Tilda now", manner))[0] == "call Tilda Tilda now"
    )


@given(st.lists(st.sampled_from(["zero", "one", "five", "twenty", "3", "17", "b", "q", "x"]), min_size=1, max_size=12))
def test_no_number_and_no_letter_is_ever_lost(words: list[str]) -> None:
    text = " ".join(words)
    assert once(text) == text


@given(
    st.lists(
        st.sampled_from(["I", "want", "the", "a", "to", "um", ",", ".", "呃", "go", "and", "go.", "my"]), max_size=16
    )
)
def test_no_mark_is_doubled_and_no_word_is_made(words: list[str]) -> None:
    text = " ".join(words)
    made = once(text)
    assert set(made.lower().replace(",", " ").replace(".", " ").split()) <= set(
        text.lower().replace(",", " ").replace(".", " ").split()
    )
