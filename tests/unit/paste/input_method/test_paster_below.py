"""Which texts are left to the paster below the input method, and what it gets of them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

import pytest

from desktop.core.interfaces import PasterCapability
from desktop.core.types import Outcome, Target
from desktop.paste.apps import PasteRules
from desktop.paste.input_method.interface import FieldLostError, FieldTraits, SurroundingText
from desktop.paste.input_method.route import CommitRoute
from desktop.paste.request import PASSWORD_FOCUSED, PasteOptions
from desktop.paste.session_paster import PasteFocus
from tests.support.input_method import FakeField
from tests.support.input_method_desk import BELOW, EDITOR, INSERTED, TERMINAL, UNKNOWN, Desk, paste

LEFT_TO_THE_PASTER_BELOW: dict[str, Callable[[Desk], None]] = {
    "own window": lambda desk: setattr(desk, "target", Target(7, "intone", "", os.getpid())),
    "no window": lambda desk: setattr(desk, "target", Target()),
    "no input method": lambda desk: setattr(desk.method, "is_available", False),
    "no field": lambda desk: setattr(desk.method, "field", None),
    "the connection is lost": lambda desk: setattr(desk.method, "breaks", "acquire"),
    "switched off": lambda desk: setattr(desk.below, "options", PasteOptions(input_method="off")),
    "a window of X": lambda desk: desk.below.x_windows.add(desk.target.handle),
    "another window": lambda desk: setattr(desk.below, "focus", PasteFocus(Target(9))),
    "the user's chord": lambda desk: setattr(
        desk.below, "options", PasteOptions(PasteRules({"Editor": {"chord": "shift+insert"}}))
    ),
    "the user's delay": lambda desk: setattr(
        desk.below, "options", PasteOptions(PasteRules({"editor": {"delay_ms": 5}}))
    ),
}


@pytest.mark.parametrize("reason", LEFT_TO_THE_PASTER_BELOW)
def test_the_paster_below_gets_the_text_untouched(reason: str) -> None:
    desk = Desk(FakeField.marked("before |"))
    LEFT_TO_THE_PASTER_BELOW[reason](desk)
    assert paste(desk, "One.", enter=True) == BELOW
    assert desk.below.done == ["paste One. and Return"]
    assert desk.field.done == []
    assert len(desk.sent_at) == 1


@pytest.mark.parametrize(("proves", "text"), [(True, "before "), (False, "before One.")])
def test_a_field_without_receipt_is_left_to_a_paster_below_that_has_one(proves: bool, text: str) -> None:
    desk = Desk(FakeField.marked("before |", is_terminal=True))
    desk.below.proves_insertions = proves
    assert paste(desk, "One.").outcome is Outcome.UNCONFIRMED
    assert desk.field.text == text
    assert desk.below.done == (["paste One."] if proves else [])


def test_a_remote_desktop_gets_the_clipboard() -> None:
    desk = Desk(FakeField.marked("|"), Target(7, "remmina"))
    assert paste(desk, "One.") == BELOW
    assert desk.method.programs == []


def test_a_window_that_came_up_once_the_field_was_had_gets_nothing() -> None:
    desk = Desk(FakeField.marked("|"))
    desk.method.on_acquire = lambda: setattr(desk.below, "focus", PasteFocus(Target(9)))
    assert paste(desk, "One.") == BELOW
    assert desk.field.done == []


@pytest.mark.parametrize("is_password", [False, True])
def test_a_field_that_was_lost_before_anything_was_sent(is_password: bool) -> None:
    class Lost(FakeField):
        async def commit(self, text: str, on_sent: Callable[[], None] = lambda: None) -> SurroundingText | None:
            self.traits = FieldTraits(is_password=is_password)
            raise FieldLostError

    desk = Desk(Lost())
    assert paste(desk, "One.") == (PASSWORD_FOCUSED if is_password else BELOW)
    assert desk.below.done == ([] if is_password else ["paste One."])


@pytest.mark.parametrize(
    ("target", "is_terminal", "rules"),
    [(EDITOR, True, {}), (TERMINAL, False, {"xterm": {"lines": "bracketed"}}), (Target(7, "code"), False, {})],
)
def test_lines_for_a_shell_are_left_to_bracketed_paste(
    target: Target, is_terminal: bool, rules: dict[str, dict[str, str]]
) -> None:
    desk = Desk(FakeField.marked("|", is_terminal=is_terminal), target, options=PasteOptions(PasteRules(rules)))
    assert paste(desk, "echo one\necho two") == BELOW
    assert desk.field.done == []
    assert paste(desk, "echo one").outcome is not Outcome.REFUSED
    assert desk.field.text == "echo one"


def test_an_unknown_window_gets_the_text_by_its_focused_field() -> None:
    desk = Desk(FakeField.marked("|"), UNKNOWN)
    assert paste(desk, "One.") == INSERTED
    for focused in (Target(4, "intone", "", os.getpid()), Target(5, "xclock"), Target(6, "remmina"), Target()):
        desk.below.focus, desk.below.x_windows = PasteFocus(focused), {5}
        assert paste(desk, "Two.") == BELOW
    assert desk.field.text == "One."


def test_text_with_the_cursor_within_goes_below() -> None:
    desk = Desk(FakeField.marked("|"), below=PasterCapability.PLACE_CURSOR)
    asyncio.run(desk.paster.paste_around("Dear ", "!", EDITOR, desk.on_sent))
    assert desk.below.done == ["paste Dear |!"]


def test_the_clipboard_is_copied_early_only_where_it_may_be_needed() -> None:
    desk = Desk(None)
    route, options = CommitRoute(desk.method, lambda app: False), PasteOptions()
    assert not route.may_prefetch(EDITOR, options)
    assert route.may_prefetch(Target(7, "remmina"), options)
    assert route.may_prefetch(EDITOR, PasteOptions(input_method="off"))

    async def find_no_field() -> None:
        async with route.open_field(EDITOR) as context:
            assert context is None

    asyncio.run(find_no_field())
    assert route.may_prefetch(EDITOR, options)


@pytest.mark.parametrize(("target", "is_copied"), [(TERMINAL, True), (EDITOR, False)])
def test_the_clipboard_is_copied_early_for_a_terminal_that_the_paster_below_proves(
    target: Target, is_copied: bool
) -> None:
    desk = Desk(FakeField.marked("|", is_terminal=target is TERMINAL), target)
    desk.below.proves_insertions = True
    asyncio.run(desk.paster.find_target())
    assert desk.paster._route.may_prefetch(target, PasteOptions()) is is_copied


def test_the_clipboard_is_read_below() -> None:
    assert asyncio.run(Desk(None).paster.read_clipboard()) == "clipboard"
