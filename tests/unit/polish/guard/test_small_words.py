"""Which small words change what is meant, and which may come and go."""

from __future__ import annotations

import pytest

from desktop.polish.guard.guard import find_harm

HARMFUL = {
    "direction": [
        ("ship the crates to oslo", "Ship the crates from Oslo."),
        ("a parcel for grandma", "A parcel from Grandma."),
        ("painted by rosa", "Painted for Rosa."),
        ("she climbed into the van", "She climbed out of the van."),
        ("switch the heating on", "Switch the heating off."),
        ("lock up after dinner", "Lock up before dinner."),
        ("tea with sugar", "Tea without sugar."),
        ("hang it above the sofa", "Hang it below the sofa."),
        ("a loan to marc from lucy", "A loan from Marc to Lucy."),
    ],
    "question": [
        ("we are late", "Are we late?"),
        ("are we late", "We are late."),
        ("she called", "Did she call?"),
        ("did she call", "She called."),
        ("hello rosa did she call", "Hello Rosa, she called."),
        ("where do they park", "Where they park."),
        ("what you need", "What do you need?"),
        ("who did rosa see", "Who saw Rosa?"),
        ("who has rosa hired", "Who has hired Rosa?"),
        ("the shop is open", "Is the shop open?"),
        ("people like it", "Do people like it?"),
        ("you've paid", "Have you paid?"),
        ("They are ready.", "They are ready?"),
        ("They are ready?", "They are ready."),
    ],
    "obligation": [
        ("you do not have to stay", "You do not stay."),
        ("they had to move", "They moved."),
        ("you must sign", "You may sign."),
        ("you may sign", "You must sign."),
        ("you can leave if you can drive", "You leave if you can drive."),
        ("who can help the boys", "Who helps the boys?"),
        ("we are to wait here", "We wait here."),
        ("you had better call", "You had call."),
    ],
    "hedge": [
        ("i guess she left", "She left."),
        ("it appears that the lock broke", "The lock broke."),
        ("it looks like the lock broke", "The lock broke."),
        ("the lock is probably broken", "The lock is broken."),
        ("maybe the lock broke", "The lock broke."),
        ("about forty guests came", "Forty guests came."),
        ("the soup is almost gone", "The soup is gone."),
        ("the lock broke", "I guess the lock broke."),
        ("this soup is rather salty", "This soup is salty."),
    ],
    "tense": [
        ("she was our landlord", "She is our landlord."),
        ("she was our landlord", "She's our landlord."),
        ("she's our landlord", "She was our landlord."),
        ("they were closed", "They're closed."),
        ("we had a garden", "We have a garden."),
        ("he has a beard", "He had a beard."),
    ],
    "numbers": [
        ("four and nine", "49"),
        ("six by eight", "68"),
        ("two through eight", "28"),
        ("three hundred to four hundred", "300400"),
        ("one to five", "1/5"),
        ("seven to three won", "2:53 won."),
        ("forty to fifty", "4050"),
        ("six minus two", "6 to 2"),
        ("two out of seven", "2 and 7"),
    ],
    "alternatives": [
        ("soup and salad", "Soup or salad."),
        ("soup or salad", "Soup and salad."),
        ("neither rosa nor marc", "Rosa and Marc."),
        ("either rosa or marc", "Both Rosa and Marc."),
        ("ask rosa sorry ask marc", "Ask Rosa and Marc."),
        ("ask rosa sorry ask marc", "Ask Rosa, ask Marc."),
    ],
    "quantity": [
        ("few guests stayed", "A few guests stayed."),
        ("a few guests stayed", "Few guests stayed."),
        ("there is a little soup left", "There is little soup left."),
        ("the printer is broken", "A printer is broken."),
        ("those keys are mine", "These keys are mine."),
    ],
    "negation": [
        ("我不是不信你", "我不信你。"),
        ("她不能不去", "她不去。"),
        ("没有人不明白", "没有人明白。"),
        ("他不得不卖房子", "他不卖房子。"),
        ("it is not that i do not care", "I do not care."),
    ],
    "word": [
        ("we sold the house last week", "We sold the horse last week."),
    ],
}


@pytest.mark.parametrize(
    ("said", "answer"),
    [pytest.param(*pair, id=f"{kind}-{pair[1]}") for kind, pairs in HARMFUL.items() for pair in pairs],
)
def test_small_word_that_changes_meaning_is_harm(said: str, answer: str) -> None:
    assert find_harm(said, answer)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("they had left", "They'd left."),
        ("they'd left", "They had left."),
        ("she has gone", "She's gone."),
        ("let us begin", "Let's begin."),
        ("i cannot doubt you", "I can't doubt you."),
        ("let's begin", "Let us begin."),
        ("are we late", "Are we late?"),
        ("we are we are late", "We are late."),
        ("did they did they call", "Did they call?"),
        ("to oslo no wait from oslo", "From Oslo."),
        ("ask rosa sorry ask marc", "Ask Marc."),
        ("it was um it is open", "It is open."),
        ("we met in friday", "We met on Friday."),
        ("she is good cook", "She is a good cook."),
        ("we was there", "We were there."),
        ("four to nine", "4–9"),
        ("two to three hundred", "200-300"),
        ("six by eight", "6 × 8"),
        ("six by eight", "6x8"),
        ("six minus two", "6 - 2"),
        ("at seven to three", "At 2:53."),
        ("ten percent", "10%"),
        ("at nine um in the morning", "At nine in the morning."),
        ("please recieve the parcel", "Please receive the parcel."),
        ("there is nothnig left", "There is nothing left."),
        ("call my wife on my phone yeah my wife", "Call my wife on my phone."),
        ("我不是不信你", "我不是不信你。"),
    ],
)
def test_small_words_may_come_and_go(said: str, answer: str) -> None:
    assert find_harm(said, answer) == ""


OWN = ("Notion", "Dana", "Marie", "Clara", "Bob", "Stella", "Toni", "Grafana", "PyTorch", "Figma")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("nothing was left", "Notion was left."),
        ("i am not on call", "I am Notion call."),
        ("write to dan now", "Write to Dana now."),
        ("maria knows about it", "Marie knows about it."),
        ("mister clark is in", "Mister Clara is in."),
        ("my job is safe", "My Bob is safe."),
        ("still a mess", "Stella mess."),
        ("with tom i think", "With Toni think."),
        ("at ten sharp", "At Dana sharp."),
        ("the weather was lovely and the hotel was cheap", "Grafana was Figma and Dana was Marie."),
    ],
)
def test_own_word_stands_for_no_word_that_means_something(said: str, answer: str) -> None:
    assert find_harm(said, answer, OWN)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("open grafanna please", "Open Grafana please."),
        ("we use pie torch here", "We use PyTorch here."),
        ("draw it in fig ma", "Draw it in Figma."),
        ("draw it in figmah", "Draw it in Figma."),
    ],
)
def test_own_word_may_stand_for_what_sounds_like_it(said: str, answer: str) -> None:
    assert find_harm(said, answer, OWN) == ""
