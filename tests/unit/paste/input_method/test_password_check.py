"""Whether the focused field is for a password, asked of any input method."""

from __future__ import annotations

import pytest

from desktop.core.types import Target
from desktop.paste.field import FocusedFieldReader
from desktop.paste.input_method.interface import FieldTraits
from desktop.paste.request import PASSWORD_FIELD_FOCUSED
from desktop.paste.wayland.focus_reader import FocusReader
from desktop.paste.wayland.password_check import PasswordCheck
from tests.support.input_method import FakeField, FakeInputMethod

PASSWORD = FakeField(traits=FieldTraits(is_password=True))
TARGET = Target(8, "editor")

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("field", "is_password"), [(PASSWORD, True), (FakeField(), False), (None, None)], ids=["password", "plain", "none"]
)
async def test_field_is_known_by_the_input_method(field: FakeField | None, is_password: bool | None) -> None:
    method, fields = FakeInputMethod(field), FocusedFieldReader("")
    focus = FocusReader({}, fields, method)
    assert await focus.is_password_focused(TARGET) is is_password
    assert (method.programs, method.holders) == (["editor"], 0)
    refusal = await PasswordCheck(fields, focus, lambda app: False).find_password_field(TARGET)
    assert refusal == (PASSWORD_FIELD_FOCUSED if is_password else None)


async def test_window_without_a_program_is_asked_by_its_handle() -> None:
    method = FakeInputMethod(PASSWORD)
    assert await FocusReader({}, FocusedFieldReader(""), method).is_password_focused(Target(8)) is True
    assert method.programs == [8]


@pytest.mark.parametrize(("breaks", "is_password"), [("acquire", None), ("release", True)])
async def test_lost_input_method_takes_no_answer_back(breaks: str, is_password: bool | None) -> None:
    method = FakeInputMethod(PASSWORD)
    method.breaks = breaks
    assert await FocusReader({}, FocusedFieldReader(""), method).is_password_focused(TARGET) is is_password


async def test_without_an_input_method_nothing_is_told() -> None:
    assert await FocusReader({}, FocusedFieldReader("")).is_password_focused(TARGET) is None
