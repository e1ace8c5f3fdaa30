"""The words of a mark that are meant, and the mark where its words could also be meant."""

from __future__ import annotations

import pytest

from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.spoken import edit_spoken


def written(text: str) -> str:
    return apply_edits(text, edit_spoken(text, RuleContext("en")))[0]


@pytest.mark.parametrize(
    "prose",
    [
        # a noun that ends a sentence
        "We granted them a long payment period.",
        "That was her green period.",
        "Sort the expenses by period.",
        "They moved at a later period.",
        "A later period, which was short, followed.",
        "That was in the earlier period.",
        "It goes back to the 1970s, but also to a much earlier period.",
        "The start period is the 4th and the end period is the 6th period.",
        "Over a 12 year period and one more, we met twice during this period.",
        "The optional colon that ends the name is gone.",
        "We use a shell semicolon (;) there.",
        "the axis shows the whole period",
        "It became one huge question mark.",
        "Each record ends in a newline.",
        "Split each row on comma.",
        # what is spoken about
        "The term semicolon is from Greek.",
        "Whenever I say comma the program writes one.",
        "He typed colon and pressed return.",
        "She said new paragraph.",
        "How do I type question mark",
        "Dictate exclamation mark to get one.",
        "The method new line returns a string.",
        "The key is called new line width.",
        "Please add new line here.",
        "The tool creates new paragraph styles.",
        "They say quote and unquote all day.",
        "Let me quote him on this and I'll end quote soon.",
        # as part of a longer noun
        "Fields are comma separated.",
        "We fixed comma handling in the parser.",
        "Restore the question mark character.",
        "The universal newline mode is on.",
        # listed or in brackets
        "It ends in a period, comma, or dash.",
        "Whitespace (newline too) is dropped.",
        "Use a slash, hyphen, or underscore.",
        "Allowed are tab, newline, and space.",
    ],
)
def test_words_of_mark_stay_where_they_are_meant(prose: str) -> None:
    assert written(prose) == prose


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        # before words that go on with a noun, where marks are the habit of the text
        ("we need salt comma oil comma and rice period", "we need salt, oil, and rice."),
        ("is it old comma new comma or used question mark", "is it old, new, or used?"),
        ("Hi Ann comma new line for lunch I have soup period", "Hi Ann,\nfor lunch I have soup."),
        ("it rained period new line in the evening it stopped period", "it rained.\nin the evening it stopped."),
        ("Best wishes new line from the whole team", "Best wishes\nfrom the whole team"),
        ("Hello new line at six we leave", "Hello\nat six we leave"),
        ("Thanks new line and good night", "Thanks\nand good night"),
        ("we met at six new line in the evening we ate", "we met at six\nin the evening we ate"),
        ("that is all new paragraph for lunch we had soup", "that is all\n\nfor lunch we had soup"),
        # behind words that may also end a clause
        ("who did she come with question mark", "who did she come with?"),
        ("what did they say question mark", "what did they say?"),
        ("is this the second one question mark", "is this the second one?"),
        ("I would like to comma but I am ill", "I would like to, but I am ill"),
        ("come on in comma take a seat", "come on in, take a seat"),
        ("We told him period.", "We told him."),
        ("See you tomorrow period", "See you tomorrow."),
        ("I am so glad exclamation mark.", "I am so glad!"),
        ("after the trial period comma you pay period", "after the trial period, you pay."),
        ("He wrote, quote, never again, end quote, in red.", 'He wrote, "never again", in red.'),
    ],
)
def test_mark_is_written_where_it_could_be_meant(said: str, typed: str) -> None:
    assert written(said) == typed


@pytest.mark.parametrize(
    "said",
    [
        "we meet at nine colon fifteen",
        "the odds are seven colon two",
        "open localhost colon eight thousand",
        "open example dot org colon eight thousand",
        "see https colon slash slash example dot org",
        "look into d colon backslash music",
    ],
)
def test_colon_of_number_or_address_is_left_to_it(said: str) -> None:
    assert written(said) == said


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("step two colon three eggs go in", "step two: three eggs go in"),
        ("he brought two things colon three pens and a book", "he brought two things: three pens and a book"),
        ("my plan colon we leave at six", "my plan: we leave at six"),
    ],
)
def test_colon_that_introduces_is_a_mark(said: str, typed: str) -> None:
    assert written(said) == typed


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("Run cargo build dash dash release.", "Run cargo build --release."),
        ("try dash dash dry dash run first", "try --dry-run first"),
        ("run tar dash x dash dash file old", "run tar -x --file old"),
        ("the flag dash v is short", "the flag dash v is short"),
        ("it is dot dash dash dot in Morse", "it is dot dash dash dot in Morse"),
        ("He said dash dash dash.", "He said dash dash dash."),
        ("my sister dash the older one dash is here", "my sister – the older one – is here"),
    ],
)
def test_two_dashes_before_a_word_are_an_option(said: str, typed: str) -> None:
    assert written(said) == typed
