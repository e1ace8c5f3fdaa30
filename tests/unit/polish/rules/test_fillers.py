"""Sounds that are no words go, and nothing else does."""

from __future__ import annotations

import pytest

from desktop.core.text import guess_language
from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.fillers import edit_fillers
from desktop.polish.rules.pipeline import apply_rules
from desktop.vocabulary.vocabulary import Vocabulary


def without_fillers(text: str, language: str | None = None) -> str:
    return apply_edits(text, edit_fillers(text, RuleContext(guess_language(text) if language is None else language)))[0]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("show me my um inbox", "show me my inbox"),
        ("um so let's begin", "so let's begin"),
        ("Um, so, let's begin.", "So, let's begin."),
        ("So, um, I think we should go.", "So, I think we should go."),
        ("I, um, think we should, uh, go.", "I think we should go."),
        ("We met Tom, um, Jane and Bob.", "We met Tom, Jane and Bob."),
        ("We went home, um, and slept.", "We went home, and slept."),
        ("I can, um, I can't swim.", "I can, I can't swim."),
        ("They told him, uh, they were late.", "They told him, they were late."),
        ("Where can, um, you park?", "Where can you park?"),
        ("We need, um, six chairs.", "We need six chairs."),
        ("Get uh, the best one.", "Get the best one."),
        ("Well, uh, um, that's it.", "Well, that's it."),
        ("The thing is, uh.", "The thing is."),
        ("What, uhh?", "What?"),
        ("Um. I think so.", "I think so."),
        ("I was, um... thinking.", "I was thinking."),
        ("It is late. Uh, let's go.", "It is late. Let's go."),
        ("He said “um, yes”.", "He said “yes”."),
        ("He said 'Um, yes'.", "He said 'Yes'."),
        ("add um oh Amazon to the list", "add Amazon to the list"),
        ("and uh yeah that's all", "and that's all"),
        ("ERM HELLO THERE", "HELLO THERE"),
        ("um", ""),
        ("um iPhone sales", "iPhone sales"),
        ("Um iPhone sales", "iPhone sales"),
    ],
)
def test_a_sound_goes_with_the_marks_that_set_it_off(said: str, meant: str) -> None:
    assert without_fillers(said) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Uh-huh, that's right.",
        "Uh oh, it broke.",
        "I went to the ER yesterday.",
        "the er nurse called",
        "Ah, I see.",
        "Hmm.",
        "the word um is not a word",
        "Write “um” there.",
        "To err is human.",
        "His name is Umar Uhl.",
        "But ah! how cold the water was.",
        "It was late, Ah, but warm.",
        "Go and tell 'er that we came.",
        "see um.example.org",
    ],
)
def test_what_says_something_stays(text: str) -> None:
    assert without_fillers(text) == text


def test_the_nought_of_a_number_is_no_sound() -> None:
    assert without_fillers("five um oh five") == "five oh five"


@pytest.mark.parametrize(
    "text",
    ["Ich gehe um fünf, und er kommt auch mit.", "Eu tenho um carro e uma casa.", "Er zijn veel mensen in het huis."],
)
def test_other_language_as_english_keeps_words(text: str) -> None:
    assert without_fillers(text, "en") == text


def test_other_languages_have_sounds_of_their_own() -> None:
    assert without_fillers("Ich bin ähm um fünf da.", "de") == "Ich bin um fünf da."
    assert without_fillers("C'est euh loin.", "fr") == "C'est loin."
    assert without_fillers("um ah", "pl") == "um ah"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("呃，我觉得可以。", "我觉得可以。"),
        ("嗯，我想一下。", "我想一下。"),
        ("额，我不知道。", "我不知道。"),
        ("我觉得，呃，可以。", "我觉得，可以。"),
        ("我觉得呃可以。", "我觉得可以。"),
        ("那个，我想问一下。", "我想问一下。"),
        ("那个那个，明天几点？", "明天几点？"),
        ("這個，呃，方案不錯。", "這個，方案不錯。"),
        ("我们的 meeting 在 um 三点", "我们的 meeting 在三点"),
    ],
)
def test_chinese_sounds_and_edge_words_removed(said: str, meant: str) -> None:
    assert without_fillers(said) == meant


@pytest.mark.parametrize(
    "text",
    [
        "嗯",
        "嗯，好的。",
        "嗯嗯！",
        "好啊，没问题。",
        "啊，你好。",
        "我要那个，不要这个。",
        "这个，多少钱？",
        "那个，给我看看。",
        "那个我喜欢。",
        "那个你要吗？",
        "这个，那个，我都要。",
        "金额，是一百。",
        "他一直打呃逆。",
    ],
)
def test_chinese_words_stay(text: str) -> None:
    assert without_fillers(text) == text


def test_a_word_of_the_users_own_is_no_sound() -> None:
    manner = RuleContext("en", vocabulary=Vocabulary(words=("Uhm",)))
    assert apply_rules("Uhm sent a mail.", manner).text == "Uhm sent a mail."


def test_the_change_tells_the_sound() -> None:
    (change,) = apply_rules("We are, um, late.", RuleContext("en")).changes
    assert (change.rule, change.before, change.after) == ("fillers", ", um,", "")


@pytest.mark.parametrize("text", ["She said hm and left.", "He goes hmm, then nods."])
def test_a_sound_that_was_quoted_stays(text: str) -> None:
    assert without_fillers(text) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Sie machte hm und schwieg."),
        ("de", "Ich wusste es nicht und sagte äh."),
        ("de", "Er schrieb „ähm“ in das Protokoll."),
        ("fr", "Elle a dit heu et rien d'autre."),
        ("es", "Ella dijo eh y siguió."),
        ("it", "Lui ha detto ehm e poi basta."),
        ("nl", "Hij zei hm en ging weg."),
        ("pt", "Ele disse hum e saiu."),
    ],
)
def test_quoted_sounds_of_other_languages_stay(language: str, text: str) -> None:
    assert without_fillers(text, language) == text


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        ("de", "Sie sagte äh dass sie geht.", "Sie sagte dass sie geht."),
        ("fr", "Il a dit euh que non.", "Il a dit que non."),
        ("it", "Ehm non lo so, uhm, forse.", "non lo so, forse."),
        ("nl", "Ik weet het uhm niet.", "Ik weet het niet."),
        ("pt", "Eu hum não vi isso.", "Eu não vi isso."),
    ],
)
def test_sounds_of_other_languages_go(language: str, said: str, meant: str) -> None:
    assert without_fillers(said, language).lower() == meant.lower()


@pytest.mark.parametrize(
    "text",
    [
        "He wrote to me in German: ich warte um drei auf dich",
        "The sentence was wir gehen um zwei nach Hause",
        "She answered: das hat er mir gesagt",
    ],
)
def test_words_of_a_quoted_language_are_no_sounds(text: str) -> None:
    assert without_fillers(text, "en") == text


def test_sound_between_english_words_goes_beside_german() -> None:
    assert without_fillers("We say, um, wir gehen.", "en") == "We say, wir gehen."
    assert without_fillers("I met um Frau Klein at the um station.", "en") == "I met Frau Klein at the station."
