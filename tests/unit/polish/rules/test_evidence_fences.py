"""Words that resemble what was taken back are left: answers, negations, letters, second clauses after a sound."""

from __future__ import annotations

import re
from typing import Literal

import pytest

from desktop.core.types import DictationContext
from desktop.polish.rules.pipeline import PolishRules

MODES: tuple[Literal["careful", "thorough"], ...] = ("careful", "thorough")
OTHERS = frozenset({"spelling", "emoji", "spoken", "replacements", "numbers", "lists", "spacing", "sentences"})
_SOUND = re.compile(r",? (?:um|uh|er)\b")


def made(said: str, mode: Literal["careful", "thorough"] = "careful") -> list[str]:
    text = PolishRules(without=OTHERS, removals=mode)(said, DictationContext()).text
    return re.findall(r"[\w']+", text.lower())


def kept(said: str) -> list[str]:
    return re.findall(r"[\w']+", _SOUND.sub("", said).lower())


@pytest.mark.parametrize(
    "said",
    [
        "Please water the plants, um, water the lawn, and feed the cat.",
        "please water the plants um water the lawn and feed the cat",
        "They sell bread, uh, they sell cake, and they sell tea.",
        "Who is Maria, um, who is Peter?",
        "The soup is hot, um, the soup is salty.",
        "I liked the concert, um, the concert was long.",
        "We should invite Laura, um, Laura likes dancing.",
        "we should invite laura um laura likes dancing",
        "I met him, uh, he was late.",
        "When it snows, um, it snows for days.",
        "when it snows um it snows for days",
        "Switch it on, um, on Sunday.",
    ],
)
def test_after_a_sound_careful_leaves_another_clause(said: str) -> None:
    assert made(said) == kept(said)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("We walked to the, um, to the lake.", "we walked to the lake"),
        ("put it in the um put it in a box", "put it in a box"),
        ("the train leaves at um the train leaves at noon", "the train leaves at noon"),
        ("Add her to my team um my team contacts.", "add her to my team contacts"),
        ("which country um where does it rain most", "where does it rain most"),
    ],
)
def test_after_a_sound_what_was_open_is_taken_back(said: str, meant: str) -> None:
    assert made(said) == meant.split()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "said",
    [
        "Four cats, no six month olds.",
        "four cats no six month olds",
        "A house, two floors, no three car garage.",
        "Say no to beer, say yes to wine.",
        "yes to coffee no to tea",
        "is seven good no is eight good yes",
        "Front door no, back door yes.",
        "i don't mean june i mean july",
        "When we say blue, we mean navy, I mean dark navy.",
        "if i write kate i mean katherine",
        "Not in March, no, in May.",
        "It was never in Oslo, sorry, in Bergen.",
        "Team A, a squad of nine.",
        "team a a squad of nine",
        "She got an A, a nice surprise.",
        "Laura and I, I believe, were first.",
        "Charles I, I read, lost his head.",
        "In chapter I, I explain the plan.",
        "select a a from c c",
        "We could eat on Sunday, actually Sunday suits me better.",
        "She is a painter, actually a very good one.",
        "It snowed in May, actually in June too.",
    ],
)
def test_in_both_modes_words_are_meant(said: str, mode: Literal["careful", "thorough"]) -> None:
    assert made(said, mode) == kept(said)


@pytest.mark.parametrize(
    "said",
    [
        "In the kitchen no Italian food is cooked.",
        "With Chrome no Flash video plays.",
        "Python 2, no 3.",
        "Rooms 12, no 14, and 15.",
        "on friday no saturday shifts",
        "I can't come on Monday, sorry, on Tuesday.",
        "He needs a rest, actually a holiday.",
    ],
)
def test_careful_leaves_what_may_be_meant(said: str) -> None:
    assert made(said) == kept(said)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Fill my fill my glass with water.", "fill my glass with water"),
        ("please open the open the blue folder", "please open the blue folder"),
        ("You have to have to press it twice.", "you have to press it twice"),
    ],
)
def test_a_phrase_that_is_begun_twice_is_said_once(said: str, meant: str) -> None:
    assert made(said) == meant.split()


@pytest.mark.parametrize(
    "said",
    [
        "Paint my wall, paint my door.",
        "paint my wall paint my door",
        "We all have to, have to, have to.",
    ],
)
def test_a_phrase_that_may_be_meant_twice_is_left(said: str) -> None:
    assert made(said) == kept(said)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("The train leaves at six, no, seven.", "the train leaves at seven"),
        ("the train leaves at six no seven", "the train leaves at seven"),
        ("She ordered four, no, six.", "she ordered six"),
        ("how far is the lake no the river", "how far is the river"),
        ("We meet on Sunday, actually Monday.", "we meet on monday"),
        ("He built a, a shed.", "he built a shed"),
        ("he built a a shed", "he built a shed"),
        ("So I, I think it works.", "so i think it works"),
    ],
)
def test_corrections_are_still_made(said: str, meant: str, mode: Literal["careful", "thorough"]) -> None:
    assert made(said, mode) == meant.split()


def test_a_plain_cue_and_the_verb_again_is_left_to_thorough() -> None:
    assert made("Call Maria, I mean call Laura.", "thorough") == ["call", "laura"]


@pytest.mark.parametrize(
    "said",
    [
        "He wrote a review of a review of a review.",
        "copy the folder of the folder of the folder",
        "We ran from tree to tree to tree.",
        "Tom is Tom is Tom.",
        "I saw you I saw you I saw you I saw.",
        "I know I know I know.",
        "They call the dog a dog.",
        "Open the door, or rather the gate.",
        "We want a red bike we want a red bike we want a red bike and a bell.",
        "It falls at ten meters per second per second.",
        "This is what the tool is for for the most part.",
        "I know who he works with with some luck.",
        "I came as a guest as well as as a friend.",
        "I hate to have to have a meeting.",
        "His answer, or rather his excuse, came late.",
        "She was there on time, actually on time.",
        "They kept us waiting and extremely sorry and tired we were.",
        "All doors that must be shut are actually shut before we go.",
        "Where, oh, where is my hat?",
        "Leave the box there-- There's no room left.",
    ],
)
def test_careful_leaves_what_is_said_again_for_its_form(said: str) -> None:
    assert made(said) == kept(said)


@pytest.mark.parametrize("mode", MODES)
def test_a_figure_of_speech_stays(mode: Literal["careful", "thorough"]) -> None:
    said = "I call a mistake a mistake, and he calls a cat a cat. My my, what a cat."
    assert made(said, mode) == kept(said)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("We meet at two, or rather at three.", "we meet at three"),
        ("Send it to Anna, or rather Tom.", "send it to tom"),
        ("He works as a cook, sorry, a baker.", "he works as a baker"),
        ("the keys are in the in the drawer", "the keys are in the drawer"),
        ("I am I am almost there", "i am almost there"),
        ("What did they did they say?", "what did they say"),
        ("They call the the doctor.", "they call the doctor"),
        ("She called an an ambulance.", "she called an ambulance"),
        ("At the age of five, or rather at the age of six.", "at the age of six"),
        ("It runs on port eighty, or rather on port ninety.", "it runs on port ninety"),
        ("The code is in main sorry in dev.", "the code is in dev"),
        ("Hi Tom, I am I am late.", "hi tom i am late"),
        ("I don't know how to get to to the station.", "i don't know how to get to the station"),
        ("I think I think I think we should go.", "i think we should go"),
        ("Well, it's a it's a it's a good idea", "well it's a good idea"),
        ("I have a I have a I have a question", "i have a question"),
    ],
)
def test_careful_takes_back_what_is_plain(said: str, meant: str) -> None:
    assert made(said) == meant.split()
