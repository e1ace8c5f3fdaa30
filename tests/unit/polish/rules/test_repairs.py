"""What a speaker takes back goes, and plain speech with the same words stays."""

from __future__ import annotations

from typing import Literal

import pytest

from desktop.core.text import guess_language
from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.pipeline import apply_rules
from desktop.polish.rules.repairs import edit_repairs


def repaired(text: str, removals: Literal["careful", "thorough"] = "careful") -> str:
    return apply_edits(text, edit_repairs(text, RuleContext(guess_language(text), removals=removals)))[0]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("let's meet at two, no wait, three", "let's meet at three"),
        ("Let's meet at two. No, wait, three.", "Let's meet at three."),
        ("Let's meet on Monday, sorry, Tuesday.", "Let's meet on Tuesday."),
        ("the meeting is at ten no sorry eleven", "the meeting is at eleven"),
        ("I'll be there on Monday, no, Tuesday.", "I'll be there on Tuesday."),
        ("It costs five, sorry, six euros.", "It costs six euros."),
        ("Call John, no wait, call Mary.", "Call Mary."),
        ("Buy milk, scratch that, buy eggs.", "Buy eggs."),
        ("I left the keys in the car, um, no wait, in the house.", "I left the keys in the house."),
    ],
)
def test_everyday_corrections_are_made_in_careful_mode(said: str, meant: str) -> None:
    assert repaired(said) == meant


@pytest.mark.parametrize(
    "text",
    [
        "The count was nine yes, four no, two absent.",
        "Dial one for sales, two for no one, three for help.",
        "Say yes to six, no to seven, yes to eight.",
        "The coat was green, no brown.",
        "Pickup on Monday, no Monday delivery.",
        "She likes mornings, no late shifts for her.",
        "Take the back stairs, no, wait for Ben.",
        "We asked ten, actually six came.",
        "I expected thirty, actually twelve showed up.",
        "I trust Ben, actually Clara trusts him too.",
        "She called the lawyer, sorry, the judge was out.",
        "He is about my height, or rather taller.",
        "Friday and, sorry, Saturday too.",
    ],
)
def test_a_cue_that_is_no_correction_stays(text: str) -> None:
    assert repaired(text) == text


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("let's meet at two, no wait, three", "let's meet at three"),
        ("Let's meet at 2, no wait, 3:30 PM.", "Let's meet at 3:30 PM."),
        ("Let's meet at two. No, wait, three.", "Let's meet at three."),
        ("the meeting is at ten no sorry eleven", "the meeting is at eleven"),
        ("Meet me at three, actually, make that four.", "Meet me at four."),
        ("It costs twenty five, no wait, thirty dollars.", "It costs thirty dollars."),
        ("I want two apples, no wait, three.", "I want three apples."),
        ("I'll be there on Monday, no, Tuesday.", "I'll be there on Tuesday."),
        ("I'll be there on Monday no Tuesday", "I'll be there on Tuesday"),
        ("Turn left, no, right.", "Turn right."),
        ("He was born in 1982, sorry, 1983.", "He was born in 1983."),
    ],
)
def test_a_number_or_a_day_is_corrected_by_another(said: str, meant: str) -> None:
    assert repaired(said, "thorough") == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("the bus was ten minutes late i mean twenty", "the bus was twenty minutes late"),
        ("the bus was ten minutes late i mean twenty.", "the bus was twenty minutes late."),
        ("order sixty i mean sixteen chairs", "order sixteen chairs"),
        ("order twenty i meant twenty five chairs", "order twenty five chairs"),
        ("he ran ten miles i mean twelve miles in june", "he ran twelve miles in june"),
        ("we start at ten on monday i mean eleven", "we start at eleven on monday"),
        ("we have two cats i mean one", "we have one cats"),
        ("page 12 i mean 21", "page 21"),
    ],
)
def test_i_mean_number_corrects_previous_without_pause(said: str, meant: str) -> None:
    assert repaired(said, "thorough") == meant


@pytest.mark.parametrize(
    "said",
    [
        "it costs ten dollars i mean five people could share it",
        "i have two dogs i mean two dogs is a lot",
        "she was twenty i mean one of the best",
        "the one i mean two doors down",
        "that was in nineteen eighty i mean two years later",
        "it is not ten i mean twenty",
        "i waited ten minutes i mean i really did",
        "what do you mean by ten i mean it",
    ],
)
def test_i_mean_number_not_a_correction_stays(said: str) -> None:
    assert repaired(said) == said


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Let's meet at two, no wait, at three.", "Let's meet at three."),
        ("Send it to Tom, sorry, to Jane.", "Send it to Jane."),
        ("Book the red one, no wait, the blue one.", "Book the blue one."),
        ("where did the old no the new one go", "where did the new one go"),
        ("It is in the kitchen, no, in the bedroom.", "It is in the bedroom."),
        ("Call John, no wait, call Mary.", "Call Mary."),
        ("Buy milk, scratch that, buy eggs.", "Buy eggs."),
        ("let's go on friday or actually on saturday", "let's go on saturday"),
        ("It's in the park with the kids, no wait, in the yard.", "It's in the yard with the kids."),
        ("He gave it to Ann, I mean to Sam.", "He gave it to Sam."),
        ("I want to go, no, I want to stay.", "I want to stay."),
        ("is it the Rhine or no the Danube rather?", "is it the Danube?"),
    ],
)
def test_correction_goes_back_to_its_first_word(said: str, meant: str) -> None:
    assert repaired(said, "thorough") == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Send it to Tom, I mean Jane.", "Send it to Jane."),
        ("call Anna no wait Maria", "call Maria"),
        ("It is in Paris no sorry Venice.", "It is in Venice."),
        ("Check FedEx, er I mean UPS today.", "Check UPS today."),
    ],
)
def test_a_name_is_corrected_by_a_name(said: str, meant: str) -> None:
    assert repaired(said, "thorough") == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Who did no what did he want to do?", "What did he want to do?"),
        ("When was it or no make that where was it built?", "Where was it built?"),
        ("How did or why did they leave?", "Why did they leave?"),
        ("How many cars were in it or rather how many bikes?", "How many bikes were in it?"),
    ],
)
def test_a_question_is_corrected_by_a_question(said: str, meant: str) -> None:
    assert repaired(said, "thorough") == meant


def test_a_sentence_is_struck_out_by_one_that_says_so() -> None:
    assert repaired("It is late. Buy milk. Scratch that. Buy eggs.") == "It is late. Buy eggs."


def test_sure_cue_removes_one_word_by_default() -> None:
    assert repaired("the price fell no wait grew last year", "thorough") == "the price grew last year"


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, I can't.",
        "It was hilarious, sorry I doubted you!",
        "She was late, sorry, traffic was bad.",
        "Wait a second, please.",
        "Can you wait, I need a moment?",
        "There is no wait time.",
        "No, thanks.",
        "I said no, no, no.",
        "No, I don't want it.",
        "He has no idea, no plan and no money.",
        "It runs on Linux, no Windows needed.",
        "There were three, no more than four.",
        "there were five no one came",
        "He said no and I said yes.",
        "Do you want to go or not?",
        "I don't know whether or not the cat is in.",
        "It is a yes or no question.",
        "I actually like it.",
        "He actually said that, actually.",
        "I mean it.",
        "That is what I meant, sorry about it.",
        "I'd rather go home.",
        "I'd like tea or coffee, no sugar.",
        "Is it Monday or Tuesday?",
        "We can make that or buy it.",
        "Don't scratch that itch.",
        "Oh no, the milk is gone.",
        "THERE IS NO LEFT TURN",
        "Who or what is it?",
        "I don't know what he said, I mean that.",
        "I often send poems. Oh wait, no, I don't.",
        "She is not in Paris, she is in Rome.",
        "We met on Monday, actually Tuesday was busy.",
        "He gave the book to me, I mean the red one.",
        "I was in Rome, I mean, in a way.",
        "The answer is no, the deal is off.",
        "The boss said no, the team said yes.",
        "Press two, wait three seconds, and press four.",
        "Call me at 5, or rather text me.",
        "It must not rust, sorry, paint it.",
        "It makes uh no sense.",
        "it looks um rather good",
        "we are um sorry we missed you",
        "She said no wait he is here.",
        "it has no left no right",
        "What it is or what it was is not known.",
        "Tell her no tell him yes.",
        "Buy milk. Scratch that.",
        "scratch that",
    ],
)
def test_plain_speech_with_the_words_of_a_cue_stays(text: str) -> None:
    assert repaired(text) == text


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("明天两点，不对，三点开会。", "明天三点开会。"),
        ("明天下午两点。不对，三点。", "明天下午三点。"),
        ("我们周一，不对，周二开会。", "我们周二开会。"),
        ("给张三，不对，给李四打电话。", "给李四打电话。"),
        ("我要去北京，不对，上海。", "我要去上海。"),
        ("我要两个苹果，不对，三个。", "我要三个苹果。"),
        ("一共二十块，说错了，三十块。", "一共三十块。"),
        ("左转，哦不，右转。", "右转。"),
        ("三月五号，不对，六号。", "三月六号。"),
        ("買兩個，不對，買三個。", "買三個。"),
    ],
)
def test_chinese_corrections(said: str, meant: str) -> None:
    assert repaired(said) == meant


@pytest.mark.parametrize(
    "text",
    [
        "我要的是苹果，不是香蕉。",
        "我说的是今天，不是明天。",
        "今天周二，应该是周三发货。",
        "你说对不对，三点走。",
        "你看好不好，不好我再改。",
        "这道题不对，第三题也不对。",
        "我在家，不对，出问题了。",
        "不对，不是这样的。",
        "他不是不想去，是没时间。",
        "你好吗？不，我不好。",
    ],
)
def test_plain_chinese_with_the_words_of_a_cue_stays(text: str) -> None:
    assert repaired(text) == text


def test_the_three_rules_together_write_what_was_meant() -> None:
    said = "Um, so, let's let's meet at two, no wait, three thirty, and tell, uh, tell Jane."
    made = apply_rules(said, RuleContext("en"))
    assert made.text == "So, let's meet at 3:30, and tell Jane."
    assert {change.rule for change in made.changes} == {"repairs", "repeats", "fillers", "numbers"}


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("Um, so, let's meet it, too. No wait, 3.30 p.m. Tell Jane.", "So, let's meet at 3:30 p.m. Tell Jane."),
        ("Let's meet it, too. No wait. $3:30 p.m. Tell Jane.", "Let's meet at 3:30 p.m. Tell Jane."),
        ("let's meet it too, no wait, 3.30 pm, tell Jane", "Let's meet at 3:30 pm, tell Jane."),
        ("let's meet it to no wait 3 30 p.m Tell Jane", "Let's meet at 3:30 p.m. Tell Jane."),
        ("let's meet it, too. No wait, 330pm. Tell Jane", "Let's meet at 3:30pm. Tell Jane."),
        ("be there by for, sorry, five thirty", "Be there by 5:30."),
        ("I like it too, no wait, three of them", "I like it too, no wait, three of them."),
        ("I like it too. Sorry, I can't.", "I like it too. Sorry, I can't."),
    ],
)
def test_retracted_time_heard_as_word_is_removed(heard: str, meant: str) -> None:
    assert apply_rules(heard, RuleContext("en")).text == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Mail the plan to Laura. No, to Simon.", "Mail the plan to Simon."),
        ("Read me the recipe. No, the manual.", "Read me the manual."),
        ("The bus leaves at six. No, seven.", "The bus leaves at seven."),
        ("The bus leaves at six. No, at seven. Be there.", "The bus leaves at seven. Be there."),
        ("It is on the desk. I mean on the shelf.", "It is on the shelf."),
        ("We fly on Friday. Sorry, on Sunday.", "We fly on Sunday."),
    ],
)
def test_a_few_words_after_a_full_stop_correct_the_sentence_before(said: str, meant: str) -> None:
    assert repaired(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "Shall we go at six? No, at seven.",
        "It is not in the drawer. No, on the shelf.",
        "I like the recipe. No, really.",
        "I will be late. Sorry, Simon.",
        "I met Laura. Sorry, Simon.",
        "The bus leaves at six. No, the bus leaves at seven.",
        "Six came. No, seven were there.",
        "We have no car. No, no bike.",
        "See you in the bar. I mean it.",
        "The yard is closed. No entry.",
    ],
)
def test_a_sentence_after_a_full_stop_stays(said: str) -> None:
    assert repaired(said) == said
