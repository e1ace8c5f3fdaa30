"""A text is taken back or swapped where it stands as it was put in, and left everywhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

import pytest

from desktop.core.interfaces import PasterCapability, UserActivity
from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult, Target
from desktop.paste.input_method.interface import FieldTraits
from desktop.paste.request import COMMIT_CUT_OFF, PASSWORD_FIELD_FOCUSED, PASSWORD_FOCUSED, USER_LEFT, PasteOptions
from desktop.paste.undo import (
    INPUT_SINCE,
    NOT_NEWEST_ENTRY,
    NOTHING_TO_UNDO,
    OTHER_WINDOW,
    REMOVED_NOT_REPLACED,
    TEXT_CHANGED,
    TEXT_TOO_LONG,
    TEXT_UNREADABLE,
    WINDOW_NOT_UNDOABLE,
)
from tests.support.input_method import FakeField
from tests.support.input_method_desk import BLIND, INSERTED, PLACES, UNDONE, UNKNOWN, Desk, put, refused, undo

TEXTS = ["One.", "a", "Zwölf Boxkämpfer 👩‍👩‍👧 né", "日本語", "العربية", "one\n\ntwo", "ha ha ha ha"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("characters", [64, 200, 100_000])
def test_undo_leaves_what_was_there(place: str, text: str, characters: int) -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked(place))
        desk.field.characters = characters
        before = desk.field.text.replace("old", "")
        assert await desk.paste(text) == INSERTED
        assert await undo(desk) == UNDONE
        assert desk.field.text == before
        assert await undo(desk) == refused(NOTHING_TO_UNDO)
        assert desk.below.done == []

    asyncio.run(run())


@pytest.mark.parametrize("place", PLACES)
def test_swap_goes_there_and_back(place: str) -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked(place))
        assert await desk.paste("One, two.") == INSERTED
        polished = desk.field.text
        for text in ("um one two", "One, two.", "um one two"):
            assert await undo(desk, "um one two", "One, two.") == INSERTED
            assert text.strip(".").lower() in desk.field.text.lower()
        assert await undo(desk, "um one two", "One, two.") == INSERTED
        assert desk.field.text == polished
        assert await undo(desk, "another", "row") == refused(NOT_NEWEST_ENTRY, swap=True)

    asyncio.run(run())


def test_a_swap_puts_no_control_characters_in() -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked("|"))
        polished, raw = "One,\x1b[201~ two.", "um\x1b[201~ one two"
        assert await desk.paste(polished) == INSERTED
        assert await undo(desk, raw, polished) == INSERTED
        assert desk.field.text == "um[201~ one two"
        assert await undo(desk, raw, polished) == INSERTED
        assert desk.field.text == "One,[201~ two."

    asyncio.run(run())


CHANGES: dict[str, tuple[Callable[[Desk], None], Message]] = {
    "typed behind it": (lambda desk: put(desk, "One text.x|"), TEXT_CHANGED),
    "changed": (lambda desk: put(desk, "One tent.|"), TEXT_CHANGED),
    "cursor moved": (lambda desk: put(desk, "One |text."), TEXT_CHANGED),
    "selected": (lambda desk: put(desk, "|One text.|"), TEXT_CHANGED),
    "gone": (lambda desk: put(desk, "|"), TEXT_CHANGED),
    "another place": (lambda desk: put(desk, "and One text.|"), TEXT_CHANGED),
    "less is reported": (lambda desk: setattr(desk.field, "characters", 6), TEXT_TOO_LONG),
    "no field": (lambda desk: setattr(desk.method, "field", None), TEXT_UNREADABLE),
    "the connection is lost": (lambda desk: setattr(desk.method, "breaks", "acquire"), TEXT_UNREADABLE),
    "a terminal": (
        lambda desk: setattr(desk.field, "traits", FakeField.marked("", is_terminal=True).traits),
        WINDOW_NOT_UNDOABLE,
    ),
    "a password field": (
        lambda desk: setattr(desk.field, "traits", FakeField.marked("", is_password=True).traits),
        PASSWORD_FIELD_FOCUSED,
    ),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("texts", [(), ("one text", "One text.")])
def test_a_text_that_does_not_stand_there_is_left(change: str, texts: tuple[str, ...]) -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked("(|" if change == "another place" else "|"))
        assert await desk.paste("One text.") == INSERTED
        act, reason = CHANGES[change]
        act(desk)
        before = desk.field.text
        assert await undo(desk, *texts) == refused(reason, swap=bool(texts))
        assert desk.field.text == before

    asyncio.run(run())


def test_undo_is_refused_where_the_focus_moved_once_the_field_was_had() -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked("|"))
        assert await desk.paste("One text.") == INSERTED
        last = desk.below.focus
        desk.method.on_acquire = lambda: setattr(desk.below, "focus", replace(last, target=Target(9)))
        assert await undo(desk) == refused(OTHER_WINDOW)
        assert desk.field.text == "One text."

    asyncio.run(run())


def test_undo_is_refused_in_another_window_or_after_input() -> None:
    async def run() -> None:
        pressed_at = 0.0
        activity = UserActivity(last_input_at=lambda until: pressed_at)
        desk = Desk(FakeField.marked("|"), activity=activity, is_input_known=True)
        assert await desk.paste("One.") == INSERTED
        pressed_at = monotonic()
        assert await undo(desk) == refused(INPUT_SINCE)
        desk.below.focus = replace(desk.below.focus, target=Target(9))
        assert await undo(desk) == refused(OTHER_WINDOW)
        assert desk.field.text == "One."

    asyncio.run(run())


def test_undo_goes_by_the_report_where_no_input_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.paste.input_method.editor.REQUEST_INPUT_S", -60.0)  # as if it were asked for later

    async def run() -> None:
        desk = Desk(FakeField.marked("Dear Bob, |"), activity=BLIND)
        assert await desk.paste("thanks.") == INSERTED
        assert await undo(desk) == UNDONE
        assert desk.field.text == "Dear Bob, "

    asyncio.run(run())


def test_nothing_is_undone_after_the_user_has_left() -> None:
    async def run() -> None:
        left_at = 0.0
        desk = Desk(FakeField.marked("|"), activity=UserActivity(last_left_at=lambda: left_at))
        assert await desk.paste("One.") == INSERTED
        left_at = monotonic() + 60
        assert await undo(desk) == refused(USER_LEFT)
        assert desk.field.text == "One."

    asyncio.run(run())


def test_a_short_text_in_an_unknown_window_is_left() -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked("|"), UNKNOWN)
        assert await desk.paste("Yes.") == INSERTED
        assert await undo(desk) == refused(TEXT_UNREADABLE)
        assert await desk.paste(" And so it goes.") == INSERTED
        assert await undo(desk) == UNDONE
        assert desk.field.text == "Yes."

    asyncio.run(run())


def test_a_swap_that_breaks_off_is_said() -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked("|"))
        assert await desk.paste("One.") == INSERTED
        desk.field.breaks = "part"
        assert await undo(desk, "one", "One.") == PasteResult(Outcome.UNCONFIRMED, (COMMIT_CUT_OFF,))
        assert await undo(desk) == refused(NOTHING_TO_UNDO)

    asyncio.run(run())


def test_what_cannot_be_put_in_the_place_of_a_text_leaves_it_removed() -> None:
    class Prompting(FakeField):
        """A field that is a password's once something was deleted."""

        async def delete_before(self, count: int) -> None:
            await super().delete_before(count)
            self.traits = FieldTraits(is_password=True)

    async def run() -> None:
        desk = Desk(Prompting())
        assert await desk.paste("One.") == INSERTED
        notes = (REMOVED_NOT_REPLACED, *PASSWORD_FOCUSED.notes)
        assert await undo(desk, "one", "One.") == PasteResult(Outcome.REMOVED, notes)
        assert desk.field.text == ""
        desk.field.traits = FieldTraits()
        assert await undo(desk) == refused(NOTHING_TO_UNDO)

    asyncio.run(run())


def test_the_paster_below_undoes_what_it_inserted() -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked("|"), below=PasterCapability.UNDO)
        assert await desk.paste("One.") == INSERTED
        desk.below.options = PasteOptions(input_method="off")
        await desk.paste("Two.")
        desk.below.options = PasteOptions()
        assert await undo(desk) == UNDONE
        assert desk.below.done == ["paste Two.", "undo"]

    asyncio.run(run())


def test_the_paster_below_undoes_where_no_text_is_reported() -> None:
    async def run() -> None:
        desk = Desk(FakeField(reports=False), below=PasterCapability.UNDO)
        await desk.paste("One.")
        assert await undo(desk) == UNDONE
        assert desk.below.done == ["undo"]

    asyncio.run(run())
