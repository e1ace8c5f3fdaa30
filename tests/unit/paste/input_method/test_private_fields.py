"""Password fields get no text by the input method, and the kind of a field goes with the target and the result."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

import pytest

from desktop.core.types import FieldKind, InputField, Target
from desktop.paste.input_method.interface import FieldTraits, SurroundingText
from desktop.paste.request import PASSWORD_FOCUSED
from desktop.paste.session_paster import PasteFocus
from desktop.paste.text_fit import Insertion
from tests.support.input_method import FakeField
from tests.support.input_method_desk import EDITOR, INSERTED, UNKNOWN, Desk, paste


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        (FakeField.marked("|", is_password=True, is_private=True), FieldKind.PASSWORD),
        (FakeField.marked("|", is_private=True), FieldKind.PRIVATE),
        (FakeField.marked("|"), FieldKind.PLAIN),
        (None, None),
    ],
)
def test_the_target_has_what_the_input_method_knows_of_its_field(
    field: FakeField | None, kind: FieldKind | None
) -> None:
    target = asyncio.run(Desk(field).paster.find_target())
    assert target == replace(EDITOR, kind=kind)
    assert (target.is_password, target.is_private) == (kind is FieldKind.PASSWORD, kind is FieldKind.PRIVATE)


def test_the_input_method_is_asked_for_the_kind_of_field_alone() -> None:
    desk = Desk(FakeField.marked("|"))
    asyncio.run(desk.paster.find_target())
    assert paste(desk, "One.") == INSERTED
    assert desk.method.traits_only == [True, False]


def test_a_field_that_becomes_one_for_passwords_gets_nothing() -> None:
    class Changing(FakeField):
        @property
        def surrounding(self) -> SurroundingText | None:
            self.traits = FieldTraits(is_password=True)
            return super().surrounding

    desk = Desk(Changing())
    desk.below.note_insertion(last := Insertion(EDITOR.handle, "Yes.", monotonic()))
    assert paste(desk, "One.", enter=True) == PASSWORD_FOCUSED
    assert (desk.field.done, desk.below.done, desk.sent_at) == ([], [], [])
    assert desk.below.focus.last_insertion is last


def test_the_input_method_is_not_asked_twice_for_a_target() -> None:
    desk = Desk(FakeField.marked("|", is_password=True))
    desk.below.asks_input_method = True
    assert asyncio.run(desk.paster.find_target()) == EDITOR
    assert desk.method.programs == []


PASSWORDS: dict[str, Callable[[Desk], None]] = {
    "by its input method": lambda desk: setattr(desk.field, "traits", FakeField.marked("", is_password=True).traits),
    "at the release": lambda desk: setattr(desk, "target", replace(EDITOR, field=InputField(is_password=True))),
    "a prompt": lambda desk: setattr(desk, "target", replace(EDITOR, app="pinentry")),
}


@pytest.mark.parametrize("known", PASSWORDS)
def test_a_password_field_gets_nothing_and_the_clipboard_neither(known: str) -> None:
    desk = Desk(FakeField.marked("|"))
    PASSWORDS[known](desk)
    assert paste(desk, "One.") == PASSWORD_FOCUSED
    assert (desk.field.done, desk.below.done, desk.sent_at) == ([], [], [])


def test_a_prompt_that_came_up_in_an_unknown_window_gets_nothing() -> None:
    desk = Desk(FakeField.marked("|"), UNKNOWN)
    desk.below.focus = PasteFocus(Target(9, "pinentry"))
    assert paste(desk, "One.") == PASSWORD_FOCUSED
    assert desk.field.done == []


def test_a_private_field_is_named() -> None:
    assert paste(Desk(FakeField.marked("|", is_private=True)), "One.") == replace(INSERTED, is_private=True)
