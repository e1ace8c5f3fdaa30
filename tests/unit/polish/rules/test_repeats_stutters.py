"""Stutters as recognisers write them go, though words that are meant twice look like them."""

from __future__ import annotations

from typing import Literal

import pytest

from desktop.core.text import guess_language
from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.fillers import edit_fillers
from desktop.polish.rules.repairs import edit_repairs
from desktop.polish.rules.repeats import edit_repeats


def spoken(text: str, removals: Literal["careful", "thorough"] = "careful") -> str:
    for rule in (edit_repairs, edit_repeats, edit_fillers):
        text = apply_edits(text, rule(text, RuleContext(guess_language(text), removals=removals)))[0]
    return text


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Can, can you hear me?", "Can you hear me?"),
        ("Is, is it ready?", "Is it ready?"),
        ("Are, are you there?", "Are you there?"),
        ("Will, will you come?", "Will you come?"),
        ("Could, could you open it?", "Could you open it?"),
        ("Then can, can you come?", "Then can you come?"),
        ("Where are, are you going?", "Where are you going?"),
        ("So is, is it ready?", "So is it ready?"),
        ("Post it on, on the board.", "Post it on the board."),
        ("Put it on on the board", "Put it on the board"),
        ("I put them in in the drawer", "I put them in the drawer"),
        ("Take it out out of the box", "Take it out of the box"),
        ("tell me what he what he is doing", "tell me what he is doing"),
        ("I wonder where it where it is", "I wonder where it is"),
        ("this is how it how it is done", "this is how it is done"),
        ("I know who she who she is", "I know who she is"),
        ("So how much how much is it?", "So how much is it?"),
        ("Tell me what time what time is good", "Tell me what time is good"),
        ("I don't know if he's been he's been ill", "I don't know if he's been ill"),
        ("Please send it it today", "Please send it today"),
        ("Maybe it it works", "Maybe it works"),
        ("What do you you think?", "What do you think?"),
        ("What do you um you think?", "What do you think?"),
        ("What is wrong? Send it it today.", "What is wrong? Send it today."),
        ("I think if it's in it's in the drawer", "I think if it's in the drawer"),
        ("What time does it it start?", "What time does it start?"),
        ("I know because it it works", "I know because it works"),
        ("I want you you to go", "I want you to go"),
        ("Who, who's there?", "Who's there?"),
        ("where, where's my phone", "where's my phone"),
        ("And who, who's there?", "And who's there?"),
        ("next week um weekend", "next weekend"),
        ("the server the web server is down", "the web server is down"),
        ("movies find movies near me", "find movies near me"),
        ("open the apps um my movie apps", "open my movie apps"),
        ("send Ann a text saying yea saying we come", "send Ann a text saying we come"),
        ("check the order my Friday order status", "check my Friday order status"),
    ],
)
def test_the_commonest_stutters_go(said: str, meant: str) -> None:
    assert spoken(said, "thorough") == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("call Tom no Tim", "call Tim"),
        ("tell Tom no Tim", "tell Tim"),
        ("I'll tell Bob no Bill", "I'll tell Bill"),
        ("Why does it make uh no sense?", "Why does it make no sense?"),
        ("What is the weather in Paris, uh, no London?", "What is the weather in London?"),
        ("When is the meeting on Monday, um, no Tuesday?", "When is the meeting on Tuesday?"),
        ("Where do I find the blue one, uh, no the red one?", "Where do I find the red one?"),
        ("What time is or when is the meeting?", "When is the meeting?"),
    ],
)
def test_who_is_told_is_corrected_like_anybody(said: str, meant: str) -> None:
    assert spoken(said, "thorough") == meant


@pytest.mark.parametrize(
    "text",
    [
        "If you can, can you call me?",
        "It was late, was it not?",
        "keep it on on Sunday",
        "I tried it on on Friday",
        "I promise you you look well",
        "I told you no wait here",
        "I know what you want what you want is this",
        "people watch people",
        "Why is work um no fun?",
        "Why is work, um, no fun?",
        "Why is the printer um no good?",
        "Why are prices um no lower than last year?",
        "Why is the newer um no faster than the older one?",
        "Why is the computer, um, no faster now?",
        "How is life um no different than before?",
        "What do I say to a customer uh no refunds?",
        "Where Tom is, or where Anna is, I can't say.",
        "Please note: what the plan is or what the goal is.",
        "How good the food is or how bad the service was makes no difference.",
        "If you're not you're not.",
        "If you're not you're not welcome.",
        "When you're out you're out.",
        "When it's on it's on.",
        "If you're in you're in.",
        "When you press it it stops.",
        "When I was in Japan, no English newspaper was sold there.",
        "Where I live in Berlin, no Uber comes.",
        "What if the price is higher, no lower one is offered?",
        "If you want it it comes in red.",
        "If you have it it works fine.",
        "If I see you you get a hug.",
        "Once you try it it grows on you.",
        "Every time I see you you look happy.",
        "When it's on it's on all day.",
        "When you press it um it stops.",
        "If I see you uh you get a hug.",
        "The more you use it it gets better.",
        "Let me in in five minutes.",
        "Hand it in in the morning.",
        "Call her in in an hour.",
        "Fill them in in the office.",
        "Put it on on Friday.",
        "Friends make friends laugh.",
        "Words give words meaning.",
    ],
)
def test_what_looks_like_a_stutter_and_is_meant_stays(text: str) -> None:
    assert spoken(text) == apply_edits(text, edit_fillers(text, RuleContext("en")))[0]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("我额我想去", "我想去"),
        ("我想额我想去", "我想去"),
        ("我要额，我要去", "我要去"),
        ("我们额我们走", "我们走"),
        ("我们的呃我们的确认单", "我们的确认单"),
        ("然后额然后我们走", "然后我们走"),
        ("那个，那个，他还没来。", "他还没来。"),
        ("这个，这个，他也没说。", "他也没说。"),
    ],
)
def test_chinese_stutters_around_a_sound_go(said: str, meant: str) -> None:
    assert spoken(said) == meant


@pytest.mark.parametrize(
    "text",
    [
        "销售额销售量都高。",
        "所得额所得税不同。",
        "这个，那个，他也要。",
        "这个，这个，都要。",
        "那个，那个， 都要。",
        "这个，这个，这个，都要。",
        "我的额的确高。",
    ],
)
def test_chinese_words_that_end_like_a_sound_stay(text: str) -> None:
    assert spoken(text) == text
