"""How a text is joined to the one before it: by what its program reports, late or not at all."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Literal

import pytest

from desktop.core.interfaces import UserActivity
from desktop.core.types import Outcome, PasteResult
from desktop.paste.input_method.interface import EarlierReport, SurroundingText
from desktop.paste.request import PasteOptions
from desktop.paste.text_fit import Insertion
from tests.support.input_method import FIRST, FakeField
from tests.support.input_method_desk import BLIND, EDITOR, INSERTED, UNKNOWN, Desk, paste


@pytest.mark.parametrize(("change", "becomes"), [("", "One. Two."), ("late", "One.Two."), ("unproven", "One.Two.")])
def test_silence_says_that_nothing_changed_only_after_a_fresh_proof(
    change: str, becomes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dictate() -> str:
        desk = Desk(FakeField.marked("|"))
        desk.field.reports_changes = True
        desk.field.shows = lambda text: "One.\u200b" if change == "unproven" else text
        await desk.paste("One.")
        desk.field.shows = lambda text: text
        if change == "late":
            monkeypatch.setattr("desktop.paste.input_method.editor.MAX_SILENCE_S", 0.0)
        await desk.paste("Two.")
        return desk.field.text.replace("\u200b", "")

    assert asyncio.run(dictate()) == becomes


@pytest.mark.parametrize("is_input_known", [False, True])
def test_silence_is_joined_to_whether_or_not_input_is_known(is_input_known: bool) -> None:
    activity = UserActivity() if is_input_known else BLIND
    field = FakeField.marked("|")
    assert dictate_twice(field, PasteOptions(), "One.", "Two.", activity, is_input_known) == "One. Two."


class LateField(FakeField):
    """A field of a busy program: it says for so many looks what it held before, and then nothing, or how it is."""

    looks = 0
    reports_at_last = True

    @property
    def surrounding(self) -> SurroundingText | None:
        self.looks -= 1
        if self.looks >= 0:
            return FIRST
        return super().surrounding if self.reports_at_last else None


@pytest.mark.parametrize("is_input_known", [False, True])
def test_a_late_report_is_completed_by_what_was_inserted(is_input_known: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.paste.input_method.committer.RECEIPT_TIMEOUT_S", 0.01)

    async def dictate() -> str:
        activity = UserActivity() if is_input_known else BLIND
        desk = Desk(field := LateField(), activity=activity, is_input_known=is_input_known)
        field.looks = 1000
        assert (await desk.paste("One.")).outcome is Outcome.UNCONFIRMED
        field.looks = 3
        assert await desk.paste("Two.") == INSERTED
        return field.text

    assert asyncio.run(dictate()) == "One. Two."


def test_a_late_report_of_which_nothing_came_since_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.paste.input_method.committer.RECEIPT_TIMEOUT_S", 0.01)

    async def dictate() -> str:
        desk = Desk(field := LateField(), activity=BLIND)
        field.looks = 1000
        assert (await desk.paste("One.")).outcome is Outcome.UNCONFIRMED
        field.looks, field.reports_at_last = 0, False
        await desk.paste("Two.")
        return field.text

    assert asyncio.run(dictate()) == "One. Two."


def test_texts_in_a_terminal_are_not_joined_where_keys_are_unknown() -> None:
    async def dictate() -> str:
        desk = Desk(FakeField.marked("|", is_terminal=True), activity=BLIND)
        desk.field.reports = False
        await desk.paste("ls.")
        await desk.paste("pwd.")
        return desk.field.text

    assert asyncio.run(dictate()) == "ls.pwd."


@pytest.mark.parametrize(("seen", "becomes"), [("One.|", "One. Two."), ("|One.|", "One.Two."), ("Else|", "One.Two.")])
def test_silence_is_not_believed_once_another_text_was_reported(seen: str, becomes: str) -> None:
    async def dictate() -> str:
        desk = Desk(FakeField.marked("|"), activity=BLIND)
        desk.field.reports_changes = True
        await desk.paste("One.")
        field, desk.method.field = desk.method.field, FakeField.marked(seen)
        await desk.paster.find_target()
        desk.method.field = field
        await desk.paste("Two.")
        return desk.field.text

    assert asyncio.run(dictate()) == becomes


def test_silence_of_another_field_says_nothing() -> None:
    async def dictate() -> str:
        desk = Desk(FakeField.marked("|"), UNKNOWN, activity=BLIND)
        desk.field.reports_changes = True
        await desk.paste("One.")
        desk.method.focus += 1
        await desk.paste("Two.")
        return desk.field.text

    assert asyncio.run(dictate()) == "One.Two."


@pytest.mark.parametrize(("typed", "becomes"), [(False, "It is the end."), (True, "It is|The end.")])
def test_a_text_fits_what_was_reported_earlier_unless_keys_were_pressed_since(typed: bool, becomes: str) -> None:
    async def dictate() -> tuple[str, Outcome]:
        at = monotonic()
        activity = UserActivity(last_input_at=lambda until: at + 1 if typed else 0.0)
        desk = Desk(FakeField.marked("It is|"), activity=activity, is_input_known=True)
        desk.field.reports_changes = True
        desk.field.release()
        desk.field.earlier = EarlierReport(SurroundingText("It is", 5, 5), at)
        result = await desk.paste("The end.")
        return desk.field.text, result.outcome

    text, outcome = asyncio.run(dictate())
    assert text == becomes.replace("|", "")
    assert outcome is Outcome.INSERTED


@pytest.mark.parametrize(
    ("field", "options", "becomes"),
    [
        ("It is |", PasteOptions(), "It is the end."),
        ("It is|", PasteOptions(), "It is the end."),
        ("Yes.|", PasteOptions(), "Yes. The end."),
        ("It |is| now", PasteOptions(), "It the end now"),
        ("It is|", PasteOptions(join="none"), "It isThe end."),
        ("It is|", PasteOptions(join="none", cursor=True), "It is the end."),
    ],
)
def test_a_text_fits_what_the_program_reports(field: str, options: PasteOptions, becomes: str) -> None:
    desk = Desk(FakeField.marked(field), options=options)
    assert paste(desk, "The end.") == INSERTED
    assert desk.field.text == becomes


@pytest.mark.parametrize(
    ("join", "is_input_known", "was_touched", "becomes"),
    [
        ("auto", True, False, "One. Two."),
        ("auto", True, True, "One.Two."),
        ("auto", False, False, "One.Two."),
        ("space", False, True, "One. Two."),
        ("none", True, False, "One.Two."),
    ],
)
def test_a_silent_program_is_joined_to_as_below(
    join: str, is_input_known: bool, was_touched: bool, becomes: str
) -> None:
    activity = UserActivity(last_input_at=lambda until: monotonic() if was_touched else 0.0)
    options = PasteOptions(join="space" if join == "space" else "none" if join == "none" else "auto")
    desk = Desk(FakeField(reports=False), activity=activity, options=options, is_input_known=is_input_known)

    async def dictate() -> None:
        await desk.paste("One.")
        await desk.paste("Two.")

    asyncio.run(dictate())
    assert desk.field.text == becomes


@pytest.mark.parametrize(
    ("field", "first", "then", "becomes"),
    [
        ("|", "One.", "Two.", "One. Two."),
        ("It|", "is", "The end.", "It is the end."),
        ("|", "日本", "日本。", "日本日本。"),
    ],
)
def test_texts_are_joined_where_only_changes_are_reported(field: str, first: str, then: str, becomes: str) -> None:
    assert dictate_twice(FakeField.marked(field), PasteOptions(), first, then) == becomes


@pytest.mark.parametrize(("join", "becomes"), [("none", "One.Two."), ("space", "One. Two.")])
def test_silence_of_a_field_changes_no_choice_of_the_user(join: Literal["none", "space"], becomes: str) -> None:
    assert dictate_twice(FakeField.marked("|"), PasteOptions(join=join), "One.", "Two.") == becomes


def dictate_twice(
    field: FakeField,
    options: PasteOptions,
    first: str,
    then: str,
    activity: UserActivity | None = None,
    is_input_known: bool = False,
) -> str:
    """Dictate into a field that reports changes alone; return what stands there."""

    async def dictate() -> str:
        desk = Desk(field, activity=activity, options=options, is_input_known=is_input_known)
        field.reports_changes = True
        assert await desk.paste(first) == INSERTED
        assert await desk.paste(then) == INSERTED
        assert desk.below.done == []
        return field.text

    return asyncio.run(dictate())


def test_a_text_after_an_undone_one_is_joined_too() -> None:
    async def dictate() -> Desk:
        desk = Desk(FakeField.marked("|"))
        desk.field.reports_changes = True
        for text in ("One.", "Oops."):
            assert await desk.paste(text) == INSERTED
        assert (await desk.paster.undo_paste((), desk.on_sent)).outcome is Outcome.CANCELLED
        assert await desk.paste("Two.") == INSERTED
        return desk

    assert asyncio.run(dictate()).field.text == "One. Two."


def test_what_a_terminal_reports_decides_nothing() -> None:
    desk = Desk(FakeField.marked("It is|", is_terminal=True))
    assert paste(desk, "The end.") == PasteResult(Outcome.UNCONFIRMED)
    assert desk.field.text == "It isThe end."


def test_a_report_that_lacks_the_last_insertion_decides_nothing() -> None:
    desk = Desk(FakeField.marked("It is|"), is_input_known=True)
    desk.below.note_insertion(Insertion(EDITOR.handle, "Yes.", monotonic()))
    assert paste(desk, "The end.") == INSERTED
    assert desk.field.text == "It is The end."


def test_the_paster_below_joins_to_what_was_committed() -> None:
    desk = Desk(FakeField.marked("It is|"))
    assert paste(desk, "The end.") == INSERTED
    last = desk.below.focus.last_insertion
    assert last == Insertion(7, " the end.", last.inserted_at if last else 0.0, "s", "The end.")
