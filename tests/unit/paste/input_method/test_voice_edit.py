"""Voice editing through what a program reports of its field: the selection is replaced exactly, or left."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

import pytest

from desktop.core.interfaces import PasterCapability, UserActivity
from desktop.core.messages import Message
from desktop.core.types import InputField, Outcome, PasteResult, Selection, Target
from desktop.paste.input_method.editor import FieldSelection
from desktop.paste.request import PASSWORD_FIELD_FOCUSED, TEXT_IN_HISTORY, USER_AWAY
from desktop.paste.selection import (
    NOTHING_CHANGED,
    NOTHING_SELECTED,
    OWN_WINDOW,
    SELECTION_CHANGED,
    SELECTION_UNREADABLE,
    WINDOW_NOT_EDITABLE,
)
from desktop.paste.session_paster import PasteFocus
from tests.support.input_method import FakeField, FakeInputMethod
from tests.support.input_method_desk import EDITOR, INSERTED, UNDONE, Desk, put, undo

OWN = replace(EDITOR, pid=os.getpid())
"""A process whose memory is known to be without Qt."""


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


@pytest.mark.parametrize("was", ["two", "\x1b[1mtwo"])
def test_an_edit_is_swapped_and_back(was: str) -> None:
    async def run() -> None:
        desk = Desk(FakeField.marked(f"One |{was}| three."))
        assert await edit(desk, "2\x1b") == INSERTED
        assert await undo(desk, was, "2\x1b") == INSERTED
        assert desk.field.text == f"One {was} three."
        assert await undo(desk, was, "2\x1b") == INSERTED
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
