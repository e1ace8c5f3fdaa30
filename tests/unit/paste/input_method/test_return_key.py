"""Return is pressed behind a text that is proven, and nowhere else."""

from __future__ import annotations

import asyncio
from time import monotonic

import pytest

from desktop.core.interfaces import UserActivity
from desktop.core.messages import Message, Notes
from desktop.core.types import Outcome, PasteResult, Target
from desktop.paste.apps import PasteRules
from desktop.paste.input_method.paster import InputMethodPaster
from desktop.paste.input_method.route import CommitRoute
from desktop.paste.request import COMMIT_UNPROVEN, RETURN_NOT_PRESSED, USER_LEFT, PasteOptions
from desktop.paste.undo import INPUT_SINCE
from tests.support.input_method import FakeField
from tests.support.input_method_desk import BELOW, BLIND, EDITOR, INSERTED, TERMINAL, Desk, paste


def test_return_is_pressed_on_proof_alone() -> None:
    desk = Desk(FakeField.marked("|"))
    assert paste(desk, "One.", enter=True) == INSERTED
    assert desk.field.done == ["commit One.", "return"]
    desk = Desk(FakeField.marked("|"))
    desk.field.shows = lambda text: "?"
    assert paste(desk, "One.", enter=True).notes == (COMMIT_UNPROVEN, RETURN_NOT_PRESSED)
    assert "return" not in desk.field.done


@pytest.mark.parametrize("breaks", ["", "return"])
def test_a_return_that_cannot_be_pressed_is_said(breaks: str) -> None:
    desk = Desk(FakeField.marked("|"))
    desk.field.can_press, desk.field.breaks = False, breaks
    assert paste(desk, "One.", enter=True) == PasteResult(Outcome.INSERTED, (RETURN_NOT_PRESSED,))


@pytest.mark.parametrize("target", [EDITOR, TERMINAL])
def test_return_in_a_terminal_is_left_to_the_paster_below(target: Target) -> None:
    desk = Desk(FakeField.marked("|", is_terminal=target is EDITOR), target)
    assert paste(desk, "ls", enter=True) == BELOW
    assert desk.below.done == ["paste ls and Return"]


@pytest.mark.parametrize(("can_press", "notes"), [(True, ()), (False, (RETURN_NOT_PRESSED,))])
def test_return_is_a_key_where_the_toolkit_takes_none(can_press: bool, notes: Notes) -> None:
    desk = Desk(FakeField.marked("|"))
    desk.field.can_press, desk.below.can_press = False, can_press
    assert paste(desk, "One.", enter=True) == PasteResult(Outcome.INSERTED, notes)
    assert desk.below.done == ["return"]


@pytest.mark.parametrize(("reason", "field"), [(USER_LEFT, "last_left_at"), (INPUT_SINCE, "last_input_at")])
def test_return_is_not_pressed_after_something_else(reason: Message, field: str) -> None:
    desk = Desk(FakeField.marked("|"), is_input_known=True)
    now = {"last_left_at": UserActivity(last_left_at=lambda: monotonic() if desk.field.done else 0.0)}
    now["last_input_at"] = UserActivity(last_input_at=lambda until: monotonic() if desk.field.done else 0.0)
    paster = InputMethodPaster(desk.below, CommitRoute(desk.method, lambda app: False), now[field])
    result = asyncio.run(paster.paste("One.", EDITOR, desk.on_sent, enter=True))
    assert result == PasteResult(Outcome.INSERTED, (reason, RETURN_NOT_PRESSED))
    assert desk.field.done == ["commit One."]


def test_return_is_pressed_on_proof_where_no_input_is_known() -> None:
    desk = Desk(FakeField.marked("|"), activity=BLIND)
    assert paste(desk, "One.", enter=True) == INSERTED
    assert desk.field.done == ["commit One.", "return"]


def test_what_was_sent_by_return_is_not_undone() -> None:
    desk = Desk(FakeField.marked("|"))
    assert paste(desk, "One.", enter=True) == INSERTED
    last = desk.below.focus.last_insertion
    assert last is not None
    assert (last.text, last.previous_text) == ("", "\n")


def test_a_rule_that_presses_return_does() -> None:
    desk = Desk(FakeField.marked("|"), options=PasteOptions(PasteRules({"editor": {"enter": True}})))
    assert paste(desk, "One.") == INSERTED
    assert desk.field.done == ["commit One.", "return"]


@pytest.mark.parametrize(("can_press", "below"), [(True, []), (False, ["return"])])
def test_return_alone_is_pressed_in_the_field_and_ends_the_line(can_press: bool, below: list[str]) -> None:
    desk = Desk(FakeField.marked("|"))
    desk.field.can_press, desk.below.can_press = can_press, True

    async def run() -> bool:
        assert await desk.paste("One.") == INSERTED
        return await desk.paster.press_return(EDITOR, monotonic())

    assert asyncio.run(run())
    assert (desk.field.done[0], desk.below.done) == ("commit One.", below)
    last = desk.below.focus.last_insertion
    assert last is not None
    assert (last.text, last.last_character) == ("", "\n"), "the next text begins a line, and nothing can be undone"


@pytest.mark.parametrize(("field", "target"), [(None, EDITOR), (FakeField.marked("|"), TERMINAL)])
def test_return_alone_is_a_key_without_a_field(field: FakeField | None, target: Target) -> None:
    desk = Desk(field, target)
    desk.below.can_press = True
    assert asyncio.run(desk.paster.press_return(target, monotonic()))
    assert desk.below.done == ["return"]


@pytest.mark.parametrize("activity", [{"last_left_at"}, {"last_input_at"}])
def test_return_alone_is_not_pressed_after_something_else(activity: set[str]) -> None:
    desk = Desk(FakeField.marked("|"), is_input_known=True)
    since = monotonic()
    known = UserActivity(
        last_left_at=lambda: since + 1 if "last_left_at" in activity else 0.0,
        last_input_at=lambda until: since + 1 if "last_input_at" in activity else 0.0,
    )
    paster = InputMethodPaster(desk.below, CommitRoute(desk.method, lambda app: False), known)
    assert not asyncio.run(paster.press_return(EDITOR, since))
    assert (desk.field.done, desk.below.done) == ([], [])


def test_return_alone_is_pressed_in_no_other_window() -> None:
    desk = Desk(FakeField.marked("|"))
    desk.below.can_press = True
    assert not asyncio.run(desk.paster.press_return(Target(99, "editor"), monotonic()))
    assert desk.field.done == []
