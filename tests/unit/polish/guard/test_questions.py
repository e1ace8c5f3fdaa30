"""That a question stays one, and that who did something and who said so stay who they are."""

from __future__ import annotations

import pytest

from desktop.polish.guard.guard import find_harm


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("did the patient take the pills", "The patient took the pills."),
        ("do you approve the budget for next year", "You approve the budget for next year."),
        ("does the contract end in march", "The contract ends in March."),
        ("has she left the house", "She left the house."),
        ("have we met before", "We've met before."),
        ("is it raining in london today", "It's raining in London today."),
        ("are dogs allowed in here", "Dogs allowed in here."),
        ("okay so um do you agree", "Okay, so you agree."),
        ("do you do you uh approve the budget", "You approve the budget."),
        ("Hi Anna. Did you send the invoice? Thanks.", "Hi Anna. You sent the invoice. Thanks."),
        ("John, did you take the pills?", "John, you took the pills."),
        ("病人吃药了吗", "病人吃药了。"),
    ],
)
def test_a_question_that_became_a_statement_is_refused(said: str, answer: str) -> None:
    assert find_harm(said, answer) == "polish-answer-talk"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("we were sued by the bank", "We sued the bank."),
        ("he was fired by the company", "He fired by the company."),
        ("the company was bought", "The company bought."),
        ("she was told to wait", "She told to wait."),
        ("i want you to be paid by them", "I want you to pay them."),
        ("john said that she stole it", "She stole it."),
        ("you told me that he would pay", "He would pay."),
    ],
)
def test_who_did_it_and_who_said_so_may_not_go(said: str, answer: str) -> None:
    assert find_harm(said, answer) == "polish-words-missing"


def test_who_did_it_may_not_come() -> None:
    assert find_harm("we sued the bank", "We were sued by the bank.") == "polish-words-added"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("do not forget the milk", "Don't forget the milk."),
        ("do the dishes before six", "Do the dishes before six."),
        ("do come in", "Come in."),
        ("do please call me", "Please call me."),
        ("have a look at the report", "Have a look at the report."),
        ("did it again", "Did it again."),
        ("do you approve", "You approve?"),
        ("and do you want tea or coffee", "And do you want tea or coffee?"),
        ("do you know um do you know where he is", "Do you know where he is?"),
        ("do we uh we do need more milk", "We do need more milk."),
        ("do we have sorry we have three chairs", "We have three chairs."),
        ("does the um did the normans win", "Did the Normans win?"),
        ("you are coming aren't you", "You are coming, aren't you?"),
        ("the report was was finished by by anna", "The report was finished by Anna."),
        ("we were we're closed", "We're closed."),
        ("it's called john", "It's called John."),
        ("he said that uh he said that he would pay", "He said that he would pay."),
        ("he knew that no sorry he said that it was late", "He said that it was late."),
        ("你吃药了吗", "你吃药了？"),
    ],
)
def test_what_only_looks_so_is_taken(said: str, answer: str) -> None:
    assert find_harm(said, answer) == ""
