"""Undo, voice editing and the cursor within a text, in a field that tells what it holds and in one that does not."""

from __future__ import annotations

import os

import pytest

from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult, Selection, Target
from desktop.paste.apps import PasteRules
from desktop.paste.delayed.pending_text import ReaderKind
from desktop.paste.request import (
    TEXT_IN_HISTORY,
    ClipboardTextRequest,
    PasteOptions,
    PasteRequest,
    SelectionRequest,
)
from desktop.paste.selection import (
    FIELD_ALTERED,
    FIELD_WITHOUT_CURSOR,
    FIELD_WITHOUT_SELECTION,
    MAX_EDIT_CHARACTERS,
    NOTHING_CHANGED,
    NOTHING_SELECTED,
    OWN_WINDOW,
    SELECTION_CHANGED,
    SELECTION_TOO_LONG,
    WINDOW_NOT_EDITABLE,
)
from desktop.paste.undo import UndoRequest
from tests.support.fake_desk import EDITOR, OTHER, FakeDesk, Typist

OLD = Selection(EDITOR.handle, "old")


def read(desk: FakeDesk, target: Target | None = None, reported: Selection = OLD) -> Selection:
    """What the transaction answers to a request for the selection."""
    typist, answers = Typist(desk), list[Selection]()
    typist.promising.submit(SelectionRequest(answers.append, target, reported))
    desk.after(0, typist.promising.close)
    typist.promising.run()
    return answers[0]


def edit(typist: Typist, selection: Selection = OLD, *, then_undo: bool = False) -> list[PasteResult]:
    """Replace the selection by "new", and take that back."""
    ends: list[PasteResult] = []
    request = PasteRequest("new", EDITOR, typist._chord, ends.append, selection=selection, replaced_text="old")
    typist.promising.submit(request)
    if then_undo:
        typist.promising.submit(UndoRequest((), typist.desk.now(), lambda: None, ends.append))
    typist.desk.after(1, typist.promising.close)
    typist.promising.run()
    return ends


def test_selection_is_not_waited_for_once_the_app_quits() -> None:
    desk = FakeDesk(selected="old")
    typist, answers = Typist(desk), list[Selection]()
    for _ in range(2):
        typist.promising.submit(SelectionRequest(answers.append))
        typist.promising.end_waits()
    assert desk.ending == [False, True]


def test_selection_is_reported_without_a_key() -> None:
    desk = FakeDesk(selected="old")
    assert read(desk) == OLD
    assert read(desk, EDITOR) == OLD
    assert desk.pressed == []


@pytest.mark.parametrize(
    ("desk", "target", "reported", "reason"),
    [
        (FakeDesk(tells=False), EDITOR, Selection(EDITOR.handle), FIELD_WITHOUT_SELECTION),
        (FakeDesk(selected="other"), EDITOR, OLD, SELECTION_CHANGED),
        (FakeDesk(selected="old"), EDITOR, Selection(OTHER.handle, "old"), SELECTION_CHANGED),
        (FakeDesk(selected=" "), EDITOR, Selection(EDITOR.handle, " "), NOTHING_SELECTED),
        (FakeDesk(focus=OTHER, selected="old"), EDITOR, OLD, Message("window-changed")),
        (FakeDesk(password=True, selected="old"), EDITOR, OLD, Message("password-field-not-pasted")),
        (FakeDesk(selected="old"), Target(EDITOR.handle, "Intone", "", os.getpid()), OLD, OWN_WINDOW),
        (FakeDesk(selected="old"), Target(EDITOR.handle, "mstsc", "", 99), OLD, WINDOW_NOT_EDITABLE),
    ],
)
def test_selection_that_is_not_certain_is_refused(
    desk: FakeDesk, target: Target, reported: Selection, reason: Message
) -> None:
    assert read(desk, target, reported) == Selection(target.handle, refusal=(reason,))


def test_selection_that_is_too_long_is_refused() -> None:
    text = "x" * (MAX_EDIT_CHARACTERS + 1)
    assert read(FakeDesk(selected=text), EDITOR, Selection(EDITOR.handle, text)).refusal == (SELECTION_TOO_LONG,)


def test_edit_replaces_the_selection_and_undo_restores_it() -> None:
    typist = Typist(FakeDesk(written="the old", selected="old"))
    assert edit(typist) == [PasteResult(Outcome.INSERTED)]
    assert (typist.desk.written, typist.desk.clipboard, typist.sent) == ("the new", "before", 1)

    again = Typist(FakeDesk(written="the old", selected="old"))
    assert edit(again, then_undo=True) == [PasteResult(Outcome.INSERTED), PasteResult(Outcome.CANCELLED)]
    assert (again.desk.written, again.desk.pressed) == ("the old", [])


@pytest.mark.parametrize(
    ("desk", "selection", "reason"),
    [
        (FakeDesk(written="the old", selected="the"), OLD, SELECTION_CHANGED),
        (FakeDesk(written="the old", focus=OTHER, selected="old"), OLD, Message("window-changed")),
        (FakeDesk(written="the old", elevated=True, selected="old"), OLD, Message("window-elevated")),
        (FakeDesk(written="the old", tells=False), Selection(EDITOR.handle), FIELD_WITHOUT_SELECTION),
    ],
)
def test_edit_that_is_refused_changes_nothing(desk: FakeDesk, selection: Selection, reason: Message) -> None:
    typist = Typist(desk)
    ends = edit(typist, selection)
    assert ends == [PasteResult(Outcome.REFUSED, (reason, NOTHING_CHANGED, TEXT_IN_HISTORY))]
    assert (desk.written, desk.clipboard, typist.sent) == ("the old", "before", 0)


def test_edit_that_the_field_alters_is_not_claimed() -> None:
    typist = Typist(FakeDesk(written="the old", selected="old", alters=True))
    assert edit(typist) == [PasteResult(Outcome.UNCONFIRMED, (FIELD_ALTERED, TEXT_IN_HISTORY))]


def around(desk: FakeDesk, *, enter: bool = False, undo: bool = False) -> list[PasteResult]:
    """Paste "Dear  , hello" with the cursor before ", hello"."""
    typist, ends = Typist(desk), list[PasteResult]()

    def take() -> None:
        desk.written += desk.read(ReaderKind.TARGET)

    desk.on_press = lambda: desk.after(0.05, take)
    typist.promising.submit(PasteRequest("Dear , hello", EDITOR, lambda: None, ends.append, enter, ", hello"))
    if undo:
        typist.promising.submit(UndoRequest((), desk.now(), lambda: None, ends.append))
    desk.after(2, typist.promising.close)
    typist.promising.run()
    return ends


def test_cursor_is_placed_within_the_text() -> None:
    desk = FakeDesk()
    assert around(desk) == [PasteResult(Outcome.INSERTED)]
    assert (desk.written, desk.back) == ("Dear , hello", len(", hello"))


def test_text_around_the_cursor_is_taken_back_whole() -> None:
    desk = FakeDesk(written="before ")
    assert around(desk, undo=True)[1] == PasteResult(Outcome.CANCELLED)
    assert desk.written == "before "


def test_cursor_that_the_field_does_not_tell_is_said() -> None:
    assert around(FakeDesk(tells=False)) == [PasteResult(Outcome.INSERTED, (FIELD_WITHOUT_CURSOR,))]


def test_cursor_is_not_moved_where_return_is_pressed() -> None:
    desk = FakeDesk()
    assert around(desk, enter=True) == [PasteResult(Outcome.INSERTED)]
    assert (desk.back, desk.pressed[-1]) == (0, (13,))


def test_undo_that_the_field_alters_is_not_claimed() -> None:
    desk = FakeDesk(alters=True)
    assert around(desk, undo=True)[1] == PasteResult(Outcome.UNCONFIRMED, (FIELD_ALTERED,))


def test_clipboard_is_read_as_it_was_before_a_paste() -> None:
    typist, texts = Typist(FakeDesk(), PasteOptions(PasteRules({"Editor": {"delay_ms": 200}}))), list[str | None]()
    typist.reads(0.0)
    typist.desk.after(0.1, lambda: typist.promising.submit(ClipboardTextRequest(texts.append)))
    typist.paste("one")
    assert (texts, typist.taken) == (["before"], ["one"])
