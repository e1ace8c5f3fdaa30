"""Undo and swap by what a program reports: changes alone, late, or not what it deleted."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import anyio
import pytest

from desktop.core.types import Outcome, PasteResult, Target
from desktop.paste.input_method.committer import PROBE
from desktop.paste.request import DELETION_UNPROVEN, PROBE_LEFT
from desktop.paste.undo import NOTHING_TO_UNDO, TEXT_CHANGED, TEXT_UNREADABLE
from tests.support.input_method import FakeField
from tests.support.input_method_desk import EDITOR, INSERTED, PLACES, UNDONE, UNKNOWN, Desk, put, refused, undo


@pytest.mark.parametrize("is_proven", [False, True])
def test_a_program_that_reports_nothing_is_left(is_proven: bool) -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked("|"))
        desk.field.reports = is_proven
        await desk.paste("One text.")
        desk.field.reports = False
        result = await undo(desk)
        assert result == refused(PROBE_LEFT if is_proven else TEXT_UNREADABLE)
        assert desk.field.text.rstrip(PROBE) == "One text."
        assert not any(step.startswith("delete") for step in desk.field.done)

    asyncio.run(run())


@pytest.mark.parametrize("reports_changes", [False, True])
@pytest.mark.parametrize("deletes_silently", [False, True])
@pytest.mark.parametrize("place", PLACES)
def test_undo_and_swap_by_what_is_reported(place: str, deletes_silently: bool, reports_changes: bool) -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked(place))
        desk.field.reports_changes, desk.field.deletes_silently = reports_changes, deletes_silently
        before = desk.field.text.replace("old", "")
        assert await desk.paste("One, two.") == INSERTED
        polished = desk.field.text
        assert await undo(desk, "um one two", "One, two.") == INSERTED
        assert await undo(desk, "um one two", "One, two.") == INSERTED
        assert desk.field.text == polished
        assert await undo(desk) == UNDONE
        assert desk.field.text == before

    asyncio.run(run())


@pytest.mark.parametrize(
    ("target", "probes", "undone"),
    [(EDITOR, 1, UNDONE), (UNKNOWN, 0, PasteResult(Outcome.UNCONFIRMED, (DELETION_UNPROVEN,)))],
)
def test_a_deletion_without_a_report_is_probed_where_the_window_is_known_and_nothing_takes_its_place(
    target: Target, probes: int, undone: PasteResult
) -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked("Dear Bob, |"), target)
        assert await desk.paste("One, two.") == INSERTED
        desk.field.deletes_silently = True
        assert await undo(desk, "um one two", "One, two.") == INSERTED
        assert f"commit {PROBE}" not in desk.field.done
        assert await undo(desk) == undone
        assert (desk.field.text, desk.field.done.count(f"commit {PROBE}")) == ("Dear Bob, ", probes)

    asyncio.run(run())


@pytest.mark.parametrize("deletes_silently", [False, True])
@pytest.mark.parametrize("change", ["One text.x|", "One tent.|", "One |text.", "|", "and One text.|"])
def test_a_changed_text_is_left_where_only_changes_are_reported(change: str, deletes_silently: bool) -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked("(|" if change.startswith("and") else "|"))
        assert await desk.paste("One text.") == INSERTED
        put(desk, change)
        desk.field.reports_changes, desk.field.deletes_silently = True, deletes_silently
        desk.field.release()
        before = desk.field.text, desk.field.cursor
        assert await undo(desk) == refused(TEXT_CHANGED)
        assert (desk.field.text, desk.field.cursor) == before

    asyncio.run(run())


def test_a_probe_that_is_not_taken_out_is_said() -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked("|"))
        assert await desk.paste("One text.") == INSERTED
        put(desk, "One tent.|")
        desk.field.reports_changes, desk.field.breaks = True, "delete"
        desk.field.release()
        result = refused(TEXT_CHANGED)
        assert await undo(desk) == replace(result, notes=(*result.notes, PROBE_LEFT))
        desk.field.breaks = "commit"
        assert await undo(desk) == refused(PROBE_LEFT)

    asyncio.run(run())


def test_a_probe_that_is_reported_late_is_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(FakeField):
        """Reports each change after more than the time for a receipt."""

        async def wait_for_change(self) -> None:
            await super().wait_for_change()
            shown, self.reports = self.reports, False
            await anyio.sleep(0.05)
            self.reports = shown
            self._changed.set()
            await super().wait_for_change()

    async def run() -> None:
        desk = Desk(Slow())
        assert await desk.paste("One text.") == INSERTED
        monkeypatch.setattr("desktop.paste.input_method.committer.RECEIPT_TIMEOUT_S", 0.01)
        desk.field.reports_changes = True
        desk.field.release()
        assert await undo(desk) == UNDONE
        assert desk.field.text == ""

    asyncio.run(run())


@pytest.mark.parametrize("breaks", ["delete", ""])
def test_an_unproven_deletion_puts_nothing_in(breaks: str) -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked("|"))
        assert await desk.paste("One.") == INSERTED
        desk.field.breaks = breaks
        desk.field.shows = lambda text: "?"
        assert await undo(desk, "one", "One.") == PasteResult(Outcome.UNCONFIRMED, (DELETION_UNPROVEN,))
        assert desk.field.done == ["commit One.", "delete 4"]
        assert await undo(desk) == refused(NOTHING_TO_UNDO)

    async def deleting_more(self: FakeField, count: int) -> None:
        self.done.append(f"delete {count}")
        put_other = FakeField.marked("?|")
        self.text, self.cursor, self.anchor = put_other.text, put_other.cursor, put_other.anchor

    class Odd(FakeField):
        delete_before = deleting_more

    async def run_odd() -> None:
        desk = Desk(Odd())
        assert await desk.paste("One.") == INSERTED
        assert await undo(desk, "one", "One.") == PasteResult(Outcome.UNCONFIRMED, (DELETION_UNPROVEN,))
        assert desk.field.done == ["commit One.", "delete 4"]

    asyncio.run(run() if breaks else run_odd())
