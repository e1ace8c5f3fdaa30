"""Words that are spelled, and spelling that is talked about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.types import DictationContext
from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.pipeline import PolishRules
from desktop.polish.rules.spelling import edit_spelling, read_spelled
from desktop.vocabulary.vocabulary import Vocabulary


def spelled(text: str, language: str = "") -> str:
    return apply_edits(text, edit_spelling(text, RuleContext(language)))[0]


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("My name is Kuchera, spell it K U C E R A.", "My name is Kucera."),
        ("My name is Kusura, spell it, K-U-C-E-R-A.", "My name is Kucera."),
        ("My name is Kuchera. Spell it K, U, C, E, R, A.", "My name is Kucera."),
        ("My name is Kuchera, spell it K. U. C. E. R. A. I am here.", "My name is Kucera. I am here."),
        ("My name is Kuchera, spell it K.U.C.E.R.A.", "My name is Kucera."),
        ("My name is Kuchera, spell it K... U... C... E... R... A.", "My name is Kucera."),
        ("My name is Kuchera, spell it K, U, see, E, are, A.", "My name is Kucera."),
        ("My name is Kuchera, spell it KUCERA.", "My name is Kucera."),
        ("my name is kuchera spell it k u c e r a and i live here", "my name is kucera and i live here"),
        ("my name is Kuchera, spell it K U C E R A I live here", "my name is Kucera I live here"),
        ("Koo Chera, spell it k u c e r a.", "Kucera."),
        ("I am Bob Kuchera and I live in Prague, spell it k u c e r a.", "I am Bob Kucera and I live in Prague."),
        ("Do you know Kuchera? Spell it k u c e r a.", "Do you know Kucera?"),
        ("This is Catherine. That's spelled K-A-T-H-R-Y-N.", "This is Kathryn."),
        ("This is Catherine, it's spelled K A T H R Y N, from Leeds.", "This is Kathryn, from Leeds."),
        ("Ask John Spell J-O-N", "Ask Jon"),
        ("Ask John, I spell that J O N.", "Ask Jon."),
        ("Her name is Shuvon, spelled S-I-O-B-H-A-N.", "Her name is Siobhan."),
        ("Please write to Newian, Spelled N, G, U, Y, E, N.", "Please write to Nguyen."),
        (
            "His name is Schmidt, spelled S, C, H, M, I, double T, and he is here.",
            "His name is Schmitt, and he is here.",
        ),
        ("Her name is Maria, spell it m a r i a and call her", "Her name is Maria and call her"),
        ("Please write to Newian, Spell then, G, U, Y, E, N.", "Please write to Nguyen."),
        ("My name is Kuchera, spell then K U C E R A.", "My name is Kucera."),
        ("Kuchera spell it k u c e r a thumbs up emoji", "Kucera thumbs up emoji"),
        ("I am Kuchera, spell it K U C E R A see you later", "I am Kucera see you later"),
        ("I am Kuchera, spell it K U C E R A one more time.", "I am Kucera one more time."),
        ("I am Kuchera, spell it K U C E R A at two.", "I am Kucera at two."),
        ("The gene is BRCA, spelled B R C A one.", "The gene is BRCA1."),
        ("Call Bob, spelled B O B. C. A. Smith is here.", "Call Bob. C. A. Smith is here."),
        ("Ask Anne-Marie, spelled A N N E dash M A R I E", "Ask Anne-Marie"),
        ("Ask MacDonald, spelled M A C D O N A L D", "Ask MacDonald"),
        ("Ask O'Neill, spelled O apostrophe N E I L", "Ask O'Neil"),
        ("spell it k u c e r a new line", "kucera new line"),
        ("Sell it by the pair, spelled P E A R.", "Sell it by the pear."),
        ("Tell Lee, spelled L I, I think he knows.", "Tell Li, I think he knows."),
        ("The file is foo bar, spell that F, oh, oh, dash, B, A, R.", "The file is foo-bar."),
        ("My name is MacDonald, spell it capital M a c capital D o n a l d", "My name is MacDonald"),
        ("My name is Jeff Spell-G-E-O-F-F.", "My name is Geoff."),
        ("Please call Swars, Spelid S-C-H-W-A-R-Z.", "Please call Schwarz."),
        ("NATTO, spell it N A T O", "NATO"),
        ("spell it: k u c e r a", "kucera"),
        ("Spell it kilo uniform charlie echo romeo alfa.", "kucera"),
        ("spell it: capital k u c e r a", "Kucera"),
        ("spell that bee oh bee", "bob"),
        ("spell it double u a n g", "wang"),
        ("spell it k as in kilo, u, c as in charlie", "kuc"),
        ("My login is, spell it, k, kilo, four, 2, underscore, x-ray.", "My login is kk42_x."),
        ("我叫 Kuchera，拼写：K U C E R A。", "我叫 Kucera。"),
        ("我叫Kuchera，拼寫是 K-U-C-E-R-A。", "我叫Kucera。"),
        ("拼写：k u c e r a", "kucera"),
        ("拼作 K-U-C-E-R-A", "kucera"),
        ("字母是 k u c e r a", "kucera"),
        ("写给，拼出来，k u c e r a", "写给 kucera"),
        ("我叫 Kuchera，字母 K U C E R A", "我叫 Kucera"),
        ("拼写是 k u c e r a", "kucera"),
    ],
)
def test_spelled_word_is_written(said: str, written: str) -> None:
    assert spelled(said) == written


@pytest.mark.parametrize(
    ("heard", "letters", "written"),
    [
        ("Stephen", "T, E, P, H, E, N", None),
        ("Stephen", "S D E P H E N", None),
        ("Stephen", "S T E P H N", None),
        ("Siobhan", "S I O B H N", None),
        ("Novak", "M O V A K", None),
        ("Martin", "M A R D I N", None),
        ("Nietzsche", "N I E T C S C H E", None),
        ("Hannah", "K A N N A H", None),
        ("meeting", "m e e t i n", None),
        ("John", "J O N", "Jon"),
        ("Jon", "J O H N", "John"),
        ("Ann", "A N N E", "Anne"),
        ("Sarah", "S A R A", "Sara"),
        ("Steven", "S T E P H E N", "Stephen"),
        ("Catherine", "K A T H E R I N E", "Katherine"),
        ("Martin", "M A R T Y N", "Martyn"),
        ("Nicholas", "N I K O L A S", "Nikolas"),
        ("Peter", "P E T R", "Petr"),
        ("David", "D A V I T", "Davit"),
        ("Philip", "P H I L I P P", "Philipp"),
        ("Jonathan", "J O N A T A N", "Jonatan"),
        ("Michael", "M I C A E L", "Micael"),
        ("Stephanie", "S T E F A N I", "Stefani"),
        ("Thomas", "T O M A S H", "Tomash"),
        ("Kuchera", "K U C E R A", "Kucera"),
        ("Shuvon", "S I O B H A N", "Siobhan"),
    ],
)
def test_known_word_stays_where_letters_were_rather_misheard(heard: str, letters: str, written: str | None) -> None:
    text = f"This is {heard}, spell it {letters}."
    assert spelled(text) == (f"This is {written}." if written else text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Spell it.",
        "Can you spell it for me?",
        "How do you spell it?",
        "How do you spell it, with a K or a C?",
        "I'll spell it out later.",
        "I can't spell it.",
        "It was spelled wrong.",
        "It's spelled with a K.",
        "It's spelled with two Ls.",
        "Kuchera spelled with a k, not a c.",
        "She learned to spell.",
        "Spell check is on.",
        "The spell was broken.",
        "A cold spell, a dry spell.",
        "Spelling is hard.",
        "It is hard, spelled C-A-T.",
        "You spell it C-A-T.",
        "Let's spell it K-U-C-E-R-A.",
        "I would spell it c a t.",
        "She can spell c a t already.",
        "The word is spelled C-A-T.",
        "His name is spelled K-U-C-E-R-A.",
        "Spell it B.",
        "Spell it a little slower.",
        "Spell it I think.",
        "Spell it OK?",
        "Spell it in a way that I see.",
        "Spell it as you see it.",
        "Spell that out for us.",
        "Spell it 4 times.",
        "Spell it out: we are late.",
        "Please spell that again.",
        "Spell it to Alpha company.",
        "Spell it you are here.",
        "Spell it k u sarah",
        "I need a K U C E R A.",
        "A B C",
        "k u c e r a",
        "Plan A, B and C",
        "the U.S. and the U.K.",
        "HEAD is right, as we spell HEAD in capitals.",
        "The key word ELSIF can also be spelled ELSEIF.",
        "Kuchera can be spelled K U C E R A.",
        "misspelled K U C E R A",
        "这个词拼写错了。",
        "拼写检查",
        "首字母是 A B",
        "他拼命学习",
        "把 A 和 B 拼成 C",
        "拼多多",
        "拼写是对的",
        "字母 A 在前",
        "怎么拼写？",
        "Spell B. I. Smith",
        "To say help, spell it H E L P in morse.",
        "Then, spell it H E L P.",
        "Spell then, K U C E R A.",
        "Nietzsche. Spell then. I-E-T-C-S-C-H-E.",
        "Spell it H E L P on the beach.",
        "He shouted help, spelled H E L P, on the wall.",
        "I like the word cat, spelled C A T.",
        "How is Kuchera spelled, K U C E R A or K U C H E R A?",
        "My name is Mia, spelled M I A a new colleague",
        "字母 a b c",
        "字母 a b c 在前面",
        "字母是 a b c 的那一行",
        "请按字母，A B C 排列",
        "我叫李雷，拼写是 L E I",
    ],
)
def test_spelling_talked_about_stays(text: str) -> None:
    assert spelled(text) == text


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("my name is Bill Zell, spell it z e l l", "My name is Bill Zell."),
        ("spell it k u c e r a", "kucera"),
        ("Spell it: K-U-C-E-R-A.", "kucera"),
        ("spell it four two b two", "42b2"),
        ("call Kuchera, spell it K U C E R A, at three thirty p m", "Call Kucera, at 3:30 p.m."),
    ],
)
def test_other_rules_leave_spelled_words_as_they_are(said: str, written: str) -> None:
    assert PolishRules()(said, DictationContext()).text == written


def test_spelled_word_wins_over_an_own_word_that_sounds_alike() -> None:
    rules = PolishRules(Vocabulary(("Kuchera",)))
    assert rules("I am Kuchera, spell it K U C E R A.", DictationContext()).text == "I am Kucera."


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("k u c e r a", "kucera"),
        ("K-U-C-E-R-A.", "kucera"),
        ("Spell it: K, U, C, E, R, A.", "kucera"),
        ("That's spelled K U C E R A", "kucera"),
        ("拼写：K U C E R A。", "kucera"),
        ("capital K u c e r a", "Kucera"),
        ("KUCERA", "kucera"),
        ("kilo uniform charlie", "kuc"),
        ("Kucera", None),
        ("k", None),
        ("OK", None),
        ("", None),
        ("k u c e r a please", None),
        ("I see you", None),
        ("4 2", None),
        ("spell it", None),
    ],
)
def test_read_spelled_reads_letters_and_nothing_else(text: str, word: str | None) -> None:
    assert read_spelled(text) == word


@given(st.text(st.sampled_from("kuceraKUCERA -.,'4\n"), max_size=30))
def test_edits_stay_inside_the_text(rest: str) -> None:
    text = f"my name is Kuchera, spell it {rest}"
    assert spelled(text).startswith(("my name is Kuchera", "my name is "))
    read_spelled(rest)
