"""Texts go into the field in order and are proven there, or what is said of them."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Literal

import pytest

from desktop.core.interfaces import PasterCapability, UserActivity
from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult, Target
from desktop.paste.apps import PasteRules
from desktop.paste.input_method.paster import InputMethodPaster
from desktop.paste.input_method.route import CommitRoute
from desktop.paste.request import COMMIT_CUT_OFF, COMMIT_UNPROVEN, COMMIT_UNSEEN, USER_AWAY, PasteOptions
from tests.support.input_method import FakeField
from tests.support.input_method_desk import BELOW, EDITOR, INSERTED, TERMINAL, Desk, paste


def test_a_text_goes_into_the_field_and_is_proven() -> None:
    desk = Desk(FakeField.marked("Dear Bob, |"))
    assert paste(desk, "Thank you.") == INSERTED
    assert desk.field.text == "Dear Bob, Thank you."
    assert desk.sent_at == ["Dear Bob, Thank you."]
    assert desk.below.done == []
    assert desk.method.holders == 0


def test_the_input_method_is_asked_for_the_program() -> None:
    desk = Desk(FakeField.marked("|"), Target(7, "", "", 99999999))
    assert paste(desk, "One.") == INSERTED
    assert desk.method.programs == [99999999]


def test_the_choice_is_applied_at_the_start_and_when_it_changes() -> None:
    async def run() -> list[str]:
        desk = Desk(None, options=PasteOptions(input_method="always"))
        desk.paster.start(asyncio.get_running_loop())
        desk.paster.options = PasteOptions(input_method="off")
        desk.paster.options = PasteOptions()
        desk.paster.close()
        return desk.method.choices

    assert asyncio.run(run()) == ["always", "off", "auto"]


@pytest.mark.parametrize("choice", ["auto", "always"])
def test_both_choices_put_texts_in(choice: Literal["auto", "always"]) -> None:
    assert paste(Desk(FakeField.marked("|"), options=PasteOptions(input_method=choice)), "One.") == INSERTED


def test_a_rule_without_keys_is_followed() -> None:
    desk = Desk(FakeField.marked("|"), options=PasteOptions(PasteRules({"editor": {"lines": "flatten"}})))
    assert paste(desk, "One.\nTwo.") == INSERTED
    assert desk.field.text == "One. Two."


@pytest.mark.parametrize("target", [EDITOR, TERMINAL])
def test_a_terminal_is_quietly_unconfirmed(target: Target) -> None:
    desk = Desk(FakeField.marked("|", is_terminal=target is EDITOR), target)
    desk.field.reports = False
    assert paste(desk, "ls") == PasteResult(Outcome.UNCONFIRMED)
    assert desk.field.text == "ls"


def test_lines_become_one_in_a_terminal_of_the_table() -> None:
    desk = Desk(FakeField.marked("|", is_terminal=True), TERMINAL)
    assert paste(desk, "one\ntwo\n") == PasteResult(Outcome.UNCONFIRMED)
    assert desk.field.text == "one two"


def test_nothing_goes_in_after_the_user_has_left() -> None:
    desk = Desk(FakeField.marked("|"), activity=UserActivity(last_left_at=monotonic))
    assert paste(desk, "One.") == USER_AWAY
    assert (desk.field.done, desk.below.done, desk.sent_at) == ([], [], [])


def test_texts_keep_their_order_behind_a_paste_below() -> None:
    async def dictate() -> list[PasteResult]:
        desk = Desk(FakeField.marked("|"))
        desk.below.answers.clear()
        desk.method.is_available = False
        first = asyncio.create_task(desk.paste("One."))
        await desk.sent.wait()
        desk.sent.clear()
        desk.method.is_available = True
        second = asyncio.create_task(desk.paste("Two."))
        await desk.sent.wait()
        desk.below.answers.set()
        results = [await first, await second, await desk.paste("Three.")]
        assert desk.below.done == ["paste One.", "paste Two."]
        assert desk.field.done == ["commit Three."]
        return results

    assert asyncio.run(dictate()) == [BELOW, BELOW, INSERTED]


def test_texts_keep_their_order_into_the_field() -> None:
    async def dictate() -> str:
        desk = Desk(FakeField.marked("|"))
        await asyncio.gather(*(desk.paste(f"{number}. ") for number in range(20)))
        assert desk.method.holders == 0
        return desk.field.text

    assert asyncio.run(dictate()) == "".join(f"{number}. " for number in range(20))


def test_a_program_that_reports_nothing_is_unconfirmed() -> None:
    desk = Desk(FakeField(reports=False))
    assert paste(desk, "One.") == PasteResult(Outcome.UNCONFIRMED, (COMMIT_UNSEEN,))
    assert desk.field.text == "One."


def test_a_text_that_is_reported_otherwise_is_unconfirmed() -> None:
    desk = Desk(FakeField.marked("|"))
    desk.field.shows = lambda text: text[:2]
    assert paste(desk, "One.") == PasteResult(Outcome.UNCONFIRMED, (COMMIT_UNPROVEN,))
    assert desk.below.done == []


@pytest.mark.parametrize("breaks", ["commit", "part"])
def test_a_lost_field_gets_no_second_text(breaks: str) -> None:
    desk = Desk(FakeField.marked("|"))
    desk.field.breaks = breaks
    assert paste(desk, "One.") == PasteResult(Outcome.UNCONFIRMED, (COMMIT_CUT_OFF,))
    assert desk.below.done == []
    assert len(desk.sent_at) == 1
    assert desk.below.focus.last_insertion is None


def test_what_was_proven_before_the_field_was_left_counts() -> None:
    desk = Desk(FakeField.marked("|"))
    desk.field.breaks, desk.method.breaks = "wait", "release"
    assert paste(desk, "One.") == INSERTED
    assert desk.below.done == []


def test_a_program_that_reports_late_is_proven() -> None:
    desk = Desk(FakeField(reports=False, reports_late=True))
    assert paste(desk, "One.", enter=True) == INSERTED
    assert desk.field.done == ["commit One.", "return"]


def test_capabilities_grow_with_the_input_method() -> None:
    desk = Desk(None, below=PasterCapability.READ_CLIPBOARD)
    added = PasterCapability.UNDO | PasterCapability.EDIT_SELECTION | PasterCapability.LIVE_TEXT
    assert desk.paster.capabilities == PasterCapability.READ_CLIPBOARD | added
    desk.paster.options = PasteOptions(input_method="off")
    assert desk.paster.capabilities == PasterCapability.READ_CLIPBOARD
    desk.paster.options = PasteOptions()
    desk.method.is_available = False
    assert desk.paster.capabilities == PasterCapability.READ_CLIPBOARD


def test_its_use_is_told_when_it_changes() -> None:
    told: list[bool] = []
    desk = Desk(None)
    paster = InputMethodPaster(desk.below, CommitRoute(desk.method, lambda app: False), UserActivity(), told.append)
    asyncio.run(paster.find_target())
    asyncio.run(paster.find_target())
    assert told == [True]
    paster.options = PasteOptions(input_method="off")
    paster.options = PasteOptions()
    desk.method.is_available = False
    asyncio.run(paster.find_target())
    assert told == [True, False, True, False]


def test_its_use_is_told_as_it_comes_and_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> list[bool]:
        told: asyncio.Queue[bool] = asyncio.Queue()
        desk = Desk(None)
        paster = InputMethodPaster(
            desk.below, CommitRoute(desk.method, lambda app: False), UserActivity(), told.put_nowait
        )
        desk.method.is_available = False
        paster.start(asyncio.get_running_loop())
        desk.method.is_available = True
        seen = [await told.get()]
        desk.method.is_available = False
        return [*seen, await told.get()]

    monkeypatch.setattr("desktop.paste.input_method.paster.USE_CHECK_S", 0.001)
    assert asyncio.run(run()) == [True, False]


def test_it_starts_and_closes_both() -> None:
    async def run() -> Desk:
        desk = Desk(None)
        desk.paster.start(asyncio.get_running_loop())
        desk.paster.close()
        return desk

    desk = asyncio.run(run())
    assert desk.below.done == ["start", "close"]
    assert not desk.method.is_available


def test_an_insertion_that_was_not_seen_is_refused() -> None:
    desk = Desk(None)
    assert paste(desk, "One.") == BELOW
    result = asyncio.run(desk.paster.undo_paste((), lambda: None))
    assert result == PasteResult(Outcome.REFUSED, (Message("insertion-unseen"), Message("nothing-undone")))
