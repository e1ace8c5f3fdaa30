"""Whether the focused field is for a password, asked of any input method."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.types import FieldKind, Target
from desktop.paste.field import FocusedFieldReader
from desktop.paste.input_method.interface import FieldTraits
from desktop.paste.request import PASSWORD_FIELD_FOCUSED
from desktop.paste.wayland.focus import UNKNOWN_WINDOW
from desktop.paste.wayland.focus_reader import FocusReader
from desktop.paste.wayland.password_check import PasswordCheck
from desktop.paste.wayland.paster import WaylandPaster
from tests.support.input_method import FakeField, FakeInputMethod

PASSWORD = FakeField(traits=FieldTraits(is_password=True))
TARGET = Target(8, "editor")

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "field",
    [PASSWORD, FakeField(traits=FieldTraits(is_private=True)), FakeField(), None],
    ids=["password", "private", "plain", "none"],
)
async def test_field_is_known_by_the_input_method(field: FakeField | None) -> None:
    method, fields = FakeInputMethod(field), FocusedFieldReader("")
    focus = FocusReader({}, fields, method)
    assert await focus.find_traits(TARGET) == (field.traits if field is not None else None)
    assert (method.programs, method.holders) == (["editor"], 0)
    refusal = await PasswordCheck(fields, focus, lambda app: False).find_password_field(TARGET)
    assert refusal == (PASSWORD_FIELD_FOCUSED if field is PASSWORD else None)


async def test_window_without_a_program_is_asked_by_its_handle() -> None:
    method = FakeInputMethod(PASSWORD)
    assert await FocusReader({}, FocusedFieldReader(""), method).find_traits(Target(8)) == PASSWORD.traits
    assert method.programs == [8]


@pytest.mark.parametrize(("breaks", "traits"), [("acquire", None), ("release", PASSWORD.traits)])
async def test_lost_input_method_takes_no_answer_back(breaks: str, traits: FieldTraits | None) -> None:
    method = FakeInputMethod(PASSWORD)
    method.breaks = breaks
    assert await FocusReader({}, FocusedFieldReader(""), method).find_traits(TARGET) == traits


async def test_without_an_input_method_nothing_is_told() -> None:
    assert await FocusReader({}, FocusedFieldReader("")).find_traits(TARGET) is None


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        (PASSWORD, FieldKind.PASSWORD),
        (FakeField(traits=FieldTraits(is_private=True)), FieldKind.PRIVATE),
        (FakeField(), FieldKind.PLAIN),
        (None, None),
    ],
    ids=["password", "private", "plain", "none"],
)
async def test_target_has_the_kind_of_its_field(field: FakeField | None, kind: FieldKind | None) -> None:
    environ = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    paster = WaylandPaster(environ, Path("token"), input_method=FakeInputMethod(field))
    assert paster.asks_input_method
    assert await paster.find_target() == replace(UNKNOWN_WINDOW, kind=kind)
