"""Which small changes of form change what is meant: a preposition, a passive, a mark, an exception, a number."""

from __future__ import annotations

import pytest

from desktop.polish.guard.guard import find_harm
from desktop.polish.guard.lists import load_guard_lists
from desktop.polish.guard.tokens import tokenize, tokenize_entry

HARMFUL = {
    "except": [
        ("invite every cousin but frida", "Invite every cousin and Frida."),
        ("keep all but two chairs", "Keep all two chairs."),
        ("lock nothing but the shed", "Lock nothing, the shed."),
        ("she cannot but laugh", "She cannot laugh."),
        ("take the last but one exit", "Take the last one exit."),
    ],
    "instead": [
        ("plant roses instead of tulips", "Plant tulips instead of roses."),
        ("plant roses instead of tulips", "Plant tulips."),
        ("walk rather than drive", "Drive rather than walk."),
        ("soup is better than salad", "Salad is better than soup."),
    ],
    "preposition": [
        ("she voted for the mayor", "She voted the mayor."),
        ("she called her lawyer", "She called for her lawyer."),
        ("we inherited from our aunt", "We inherited our aunt."),
        ("he shot at the drone", "He shot the drone."),
        ("he shot the drone", "He shot at the drone."),
        ("we gave the dog to the boy", "We gave the dog the boy."),
        ("switch the oven off", "Switch the oven."),
        ("keep the lid on", "Keep the lid."),
        ("my sister is in", "My sister is."),
        ("who are you cooking for", "Who are you cooking?"),
        ("six percent of ninety", "6% 90."),
        ("six of ninety", "6 90."),
        ("they knew our uncle", "They knew of our uncle."),
        ("she voted for a mayor for once", "She voted a mayor for once."),
    ],
    "passive": [
        ("they are watched at night", "They watched at night."),
        ("she is invited often", "She invited often."),
        ("she's invited often", "She invited often."),
        ("she invited often", "She's invited often."),
        ("you're hired", "You hired."),
        ("i am sold", "I sold."),
        ("they are struck often", "They struck often."),
        ("they watched at night", "They are watched at night."),
        ("she is hated", "She is hating."),
        ("he was boring", "He was bored."),
    ],
    "mark": [
        ("the shop is closed", "The shop is closed?"),
        ("rosa paid", "Rosa paid?"),
        ("We won. They are sad.", "We won? They are sad."),
        ("We won? They are sad.", "We won. They are sad."),
        ("What a day that was!", "What a day that was?"),
        ("We leave. If it snows, I drive.", "We leave if it snows. I drive."),
        ("We leave if it snows. I drive.", "We leave. If it snows, I drive."),
    ],
    "number": [
        ("give me a second", "Give me 2."),
        ("a fifth of the voters", "Five of the voters."),
        ("a fifth of the voters", "15 of the voters."),
        ("eleven thirteen or so", "1113 or so."),
        ("seven or eight thousand", "7 or 8000"),
        ("三四天", "34天。"),
        ("七八个月", "78个月。"),
    ],
    "foreign": [
        ("es geht um das geld und die zeit", "Es geht das Geld und die Zeit."),
        ("ich komme um vier", "Ich komme um 5."),
    ],
}


@pytest.mark.parametrize(
    ("said", "answer"),
    [pytest.param(*pair, id=f"{kind}-{pair[1]}") for kind, pairs in HARMFUL.items() for pair in pairs],
)
def test_change_of_form_is_harm(said: str, answer: str) -> None:
    assert find_harm(said, answer)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("i like it but um it is dear", "I like it. It is dear."),
        ("keep all but two chairs", "Keep all but two chairs."),
        ("plant roses no rather tulips", "Plant tulips."),
        ("she voted for for the mayor", "She voted for the mayor."),
        ("we met on monday", "We met Monday."),
        ("he slept for three hours", "He slept three hours."),
        ("help me to move", "Help me move."),
        ("switch on the oven", "Switch the oven on."),
        ("where are you at", "Where are you?"),
        ("she is invited", "She's invited."),
        ("she's invited", "She is invited."),
        ("they are they are watched", "They are watched."),
        ("where do you live at", "Where do you live?"),
        ("ready", "Ready?"),
        ("any news", "Any news?"),
        ("and you", "And you?"),
        ("you paid right", "You paid, right?"),
        ("i am fine how is rosa", "I am fine. How is Rosa?"),
        ("we leave if it snows i drive", "We leave if it snows. I drive."),
        ("We leave. If it snows.", "We leave if it snows."),
        ("um wie viel uhr kommst du morgen", "Um wie viel Uhr kommst du morgen?"),
    ],
)
def test_form_may_change(said: str, answer: str) -> None:
    assert find_harm(said, answer) == ""


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("they arent home", "They aren't home."),
        ("that wasnt me", "That wasn't me."),
        ("you couldnt know", "You couldn't know."),
        ("Dont wait", "Don't wait."),
        ("ive paid and youre late", "I've paid, and you're late."),
        ("theyre gone and thats sad", "They're gone, and that's sad."),
        ("lets begin", "Let's begin."),
        ("whos in charge", "Who's in charge?"),
        ("no no it is fine", "No, it is fine."),
        ("your early", "You're early."),
        ("there coming tonight", "They're coming tonight."),
        ("ähm ich bin öh müde", "Ich bin müde."),
        ("euh je suis là", "Je suis là."),
        ("eh no lo sé", "No lo sé."),
        ("ich komme um vier", "Ich komme um 4."),
        ("j'ai cinq chats", "J'ai 5 chats."),
        ("tengo cuatro gatos", "Tengo 4 gatos."),
        ("the second prize", "The 2nd prize."),
        ("born on the second of june", "Born on June 2."),
        ("a fifth of the voters", "1/5 of the voters"),
        ("one fifth of the voters", "A fifth of the voters."),
        ("seven or eight thousand", "7,000 or 8,000"),
        ("seven or eight", "7 or 8"),
        ("in nineteen eighty or so", "In 1980 or so."),
        ("三四天", "3–4天。"),
        ("post a would you post a song", "Would you post a song?"),
        ("i wish to see rosa some see rosa dance", "I wish to see Rosa dance."),
    ],
)
def test_good_polish_is_taken(said: str, answer: str) -> None:
    assert find_harm(said, answer) == ""


def test_no_no_before_a_noun_keeps_both() -> None:
    assert find_harm("there were no no shows", "There were no shows.") == "polish-negation-changed"


@pytest.mark.parametrize(
    ("name", "kind"), [("sounds", "sound"), ("small", "small"), ("negations", "not"), ("firm", "firm")]
)
def test_listed_words_reach_their_kind(name: str, kind: str) -> None:
    found = load_guard_lists()[name]
    words = found if isinstance(found, list) else found["words"]
    assert len(words) == len({*words})
    assert [word for word in words if [t.kind for t in tokenize_entry(word)][:1] != [kind]] == []


def test_listed_words_reach_their_exchange() -> None:
    kinds = load_guard_lists()["kinds"]
    listed = [word for name, words in kinds.items() if name != "alike" for word in words]
    assert [word for word in listed if [t.key for t in tokenize_entry(word)] != [word]] == []
    plain = load_guard_lists()["plain"]["words"]
    assert [word for word in plain if any(t.kind == "name" for t in tokenize(f"well {word.capitalize()}")[1:])] == []
