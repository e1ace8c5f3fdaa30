"""Undo, swap and voice editing through what a program reports of its field: exactly, or refused."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

import anyio
import pytest

from desktop.core.interfaces import PasterCapability, UserActivity
from desktop.core.messages import Message
from desktop.core.types import InputField, Outcome, PasteResult, Selection, Target
from desktop.paste.input_method.committer import PROBE
from desktop.paste.input_method.editor import FieldSelection
from desktop.paste.request import (
    COMMIT_CUT_OFF,
    DELETION_UNPROVEN,
    PASSWORD_FIELD_FOCUSED,
    PROBE_LEFT,
    TEXT_IN_HISTORY,
    USER_AWAY,
    USER_LEFT,
    PasteOptions,
)
from desktop.paste.session_paster import PasteFocus
from desktop.paste.x11.selection import (
    NOTHING_CHANGED,
    NOTHING_SELECTED,
    OWN_WINDOW,
    SELECTION_CHANGED,
    SELECTION_UNREADABLE,
    WINDOW_NOT_EDITABLE,
)
from desktop.paste.x11.undo import (
    INPUT_SINCE,
    NOT_NEWEST_ENTRY,
    NOTHING_TO_UNDO,
    OTHER_WINDOW,
    TEXT_CHANGED,
    TEXT_TOO_LONG,
    TEXT_UNREADABLE,
    WINDOW_NOT_UNDOABLE,
)
from tests.support.input_method import FakeField, FakeInputMethod
from tests.unit.paste.input_method.test_paster import BLIND, EDITOR, INSERTED, UNKNOWN, Desk

UNDONE = PasteResult(Outcome.CANCELLED)
NOTHING_UNDONE = Message("nothing-undone")
OWN = replace(EDITOR, pid=os.getpid())
"""A process whose memory is known to be without Qt."""


def refused(reason: Message, swap: bool = False) -> PasteResult:
    return PasteResult(Outcome.REFUSED, (reason, Message("nothing-swapped") if swap else NOTHING_UNDONE))


async def undo(desk: Desk, *texts: str) -> PasteResult:
    return await desk.paster.undo_paste(texts, desk.on_sent)


TEXTS = ["One.", "a", "Zwölf Boxkämpfer 👩‍👩‍👧 né", "日本語", "العربية", "one\n\ntwo", "ha ha ha ha"]
PLACES = ["|", "Dear Bob, |", "Dear | Bob", "ha ha |", "x |old| y", "\n|\n", "Fox. " * 90 + "|" + "Dog. " * 90]


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


def put(desk: Desk, marked: str) -> None:
    """Change what stands in the field."""
    drawn = FakeField.marked(marked)
    desk.field.text, desk.field.cursor, desk.field.anchor = drawn.text, drawn.cursor, drawn.anchor


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


@pytest.mark.parametrize("is_proven", [False, True])
def test_a_program_that_reports_nothing_is_left(is_proven: bool) -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked("|"))
        desk.field.reports = is_proven
        await desk.paste("One text.")
        desk.field.reports = False
        result = await undo(desk)
        unknown = PasteResult(Outcome.UNCONFIRMED, (PROBE_LEFT,))
        assert result == unknown if is_proven else refused(TEXT_UNREADABLE)
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
        assert await undo(desk) == PasteResult(Outcome.UNCONFIRMED, (TEXT_CHANGED, PROBE_LEFT))
        desk.field.breaks = "commit"
        assert (await undo(desk)).notes == (PROBE_LEFT,)

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


def test_undo_is_refused_where_the_focus_moved_once_the_field_was_had() -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked("|"))
        assert await desk.paste("One text.") == INSERTED
        last = desk.below.focus
        desk.method.on_acquire = lambda: setattr(desk.below, "focus", replace(last, target=Target(9)))
        assert await undo(desk) == refused(OTHER_WINDOW)
        assert desk.field.text == "One text."

    asyncio.run(run())


@pytest.mark.parametrize("step", ["copy", "replace"])
def test_a_selection_is_left_behind_a_paste_below(step: str) -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked("a| b |c"))
        reported = await desk.paster.read_selection()
        desk.below.answers.clear()
        desk.method.is_available = False
        pasting = asyncio.create_task(desk.paste("One."))
        await desk.sent.wait()
        desk.method.is_available = True
        if step == "copy":
            assert (await desk.paster.copy_selection(reported, EDITOR)).text is None
        else:
            result = await desk.paster.replace_selection(reported, "2", EDITOR, desk.on_sent)
            assert result == PasteResult(Outcome.REFUSED, (SELECTION_UNREADABLE, NOTHING_CHANGED))
        desk.below.answers.set()
        await pasting
        assert desk.field.done == []

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


def test_a_swap_that_breaks_off_is_said() -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked("|"))
        assert await desk.paste("One.") == INSERTED
        desk.field.breaks = "part"
        assert await undo(desk, "one", "One.") == PasteResult(Outcome.UNCONFIRMED, (COMMIT_CUT_OFF,))
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


async def edit(desk: Desk, text: str, change: Callable[[Desk], object] = lambda desk: None) -> PasteResult:
    """Read the selection at the press, copy it at the release, and put `text` there after a `change`."""
    copied = await desk.paster.copy_selection(await desk.paster.read_selection(), desk.target)
    if copied.text is None:
        return PasteResult(Outcome.REFUSED, copied.refusal)
    change(desk)
    return await desk.paster.replace_selection(copied, text, desk.target, desk.on_sent)


@pytest.mark.parametrize("selected", ["One |two| three.", "One |two\nthree| four"])
def test_an_edit_replaces_what_is_selected(selected: str) -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked(selected))
        before = desk.field.text
        assert await edit(desk, "2") == INSERTED
        first, _, last = selected.split("|")
        assert desk.field.text == f"{first}2{last}"
        assert await undo(desk) == UNDONE
        assert desk.field.text == before
        assert desk.below.done == []

    asyncio.run(run())


def test_an_edit_is_swapped_and_back() -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked("One |two| three."))
        assert await edit(desk, "2") == INSERTED
        assert await undo(desk, "two", "2") == INSERTED
        assert desk.field.text == "One two three."
        assert await undo(desk, "two", "2") == INSERTED
        assert desk.field.text == "One 2 three."

    asyncio.run(run())


@pytest.mark.parametrize(
    ("target", "selected", "is_whole"),
    [
        (OWN, "|all of it|", True),
        (EDITOR, "|all of it|", False),
        (EDITOR, "|its beginning| and more", False),
        (OWN, f"|{'all of it ' * 200}|", False),
        (OWN, f"a|{'all of it ' * 200}|b", True),
    ],
)
def test_a_selection_that_may_go_on_is_left(target: Target, selected: str, is_whole: bool) -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked(selected), replace(target, pid=PARENT if target is OWN else 0))
        result = await edit(desk, "2")
        assert result == INSERTED if is_whole else result.notes == (SELECTION_UNREADABLE,)

    asyncio.run(run())


PARENT = os.getppid()
"""A process that is not ours and not of Qt: the shell or runner of the tests."""

OBSTACLES: dict[str, tuple[Callable[[Desk], object], Message]] = {
    "nothing selected": (lambda desk: put(desk, "a b| c"), NOTHING_SELECTED),
    "blanks selected": (lambda desk: put(desk, "a| |b c"), NOTHING_SELECTED),
    "own window": (lambda desk: setattr(desk, "target", OWN), OWN_WINDOW),
    "another window": (lambda desk: setattr(desk, "target", Target(9)), SELECTION_CHANGED),
    "the focus moved": (
        lambda desk: setattr(desk.below, "find_focus", moved_focus),
        Message("window-changed"),
    ),
    "a terminal": (
        lambda desk: setattr(desk.field, "traits", FakeField.marked("", is_terminal=True).traits),
        WINDOW_NOT_EDITABLE,
    ),
    "a password field": (
        lambda desk: setattr(desk, "target", replace(EDITOR, field=InputField(is_password=True))),
        PASSWORD_FIELD_FOCUSED,
    ),
    "no field": (lambda desk: setattr(desk.method, "field", None), SELECTION_UNREADABLE),
    "an editor with a terminal": (
        lambda desk: setattr(desk, "target", replace(EDITOR, app="code")),
        WINDOW_NOT_EDITABLE,
    ),
}


def test_what_is_selected_in_a_password_field_is_not_read() -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked("a| b |c", is_password=True))
        reported = await desk.paster.read_selection()
        assert reported == FieldSelection(EDITOR.handle)
        copied = await desk.paster.copy_selection(reported, EDITOR)
        assert (copied.text, copied.refusal) == (None, (PASSWORD_FIELD_FOCUSED,))

    asyncio.run(run())


async def moved_focus() -> PasteFocus:
    return PasteFocus(Target(9))


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_a_selection_that_must_not_be_edited_is_left(obstacle: str) -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked("a| b |c"))
        act, reason = OBSTACLES[obstacle]
        if "selected" in obstacle:
            act(desk)
            reported = await desk.paster.read_selection()
        else:
            reported = await desk.paster.read_selection()
            act(desk)
        before = desk.field.text
        copied = await desk.paster.copy_selection(reported, desk.target)
        assert (copied.text, copied.refusal) == (None, (reason,))
        assert (desk.field.text, desk.field.done, desk.below.done) == (before, [], [])

    asyncio.run(run())


@pytest.mark.parametrize(
    ("change", "result"),
    [
        (lambda desk: put(desk, "a| b| c"), PasteResult(Outcome.REFUSED, (SELECTION_CHANGED,))),
        (lambda desk: put(desk, "a b |c"), PasteResult(Outcome.REFUSED, (SELECTION_CHANGED,))),
        (lambda desk: setattr(desk.field, "reports", False), PasteResult(Outcome.REFUSED, (SELECTION_UNREADABLE,))),
    ],
)
def test_a_selection_that_changed_is_left(change: Callable[[Desk], object], result: PasteResult) -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked("a| b |c"))
        ended = await edit(desk, "2", change)
        assert ended == replace(result, notes=(*result.notes, NOTHING_CHANGED, TEXT_IN_HISTORY))
        assert desk.field.done == []

    asyncio.run(run())


def test_an_edit_after_the_user_has_left_changes_nothing() -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked("a| b |c"), activity=UserActivity(last_left_at=monotonic))
        assert await edit(desk, "2") == USER_AWAY
        assert desk.field.done == []

    asyncio.run(run())


@pytest.mark.parametrize("selected", ["a b| c", "|a b c|"])
def test_what_is_not_certain_is_read_by_the_paster_below(selected: str) -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked(selected), below=PasterCapability.EDIT_SELECTION)
        assert (await edit(desk, "2")).outcome is Outcome.UNCONFIRMED
        assert desk.below.done == ["read selection", "copy selection", "paste below -> 2"]
        assert desk.field.done == []

    asyncio.run(run())


def test_without_an_input_method_nothing_can_be_edited() -> None:
    async def run() -> None:
        desk = Desk(None)
        desk.method = FakeInputMethod()
        assert (await edit(desk, "2")).notes == (SELECTION_UNREADABLE,)
        result = await desk.paster.replace_selection(Selection(7, "a"), "2", EDITOR, desk.on_sent)
        assert result == PasteResult(Outcome.REFUSED, (SELECTION_UNREADABLE, NOTHING_CHANGED))

    asyncio.run(run())
