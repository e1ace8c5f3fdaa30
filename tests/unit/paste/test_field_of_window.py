"""Whose field is waited for, and which may have the focus where nothing names the window."""

from __future__ import annotations

import pytest
from dbus_fast import Variant

from desktop.core.types import InputField
from desktop.paste import field as paste_field
from desktop.platforms.linux import atspi
from desktop.platforms.linux.atspi import PASSWORD_TEXT
from tests.unit.paste.test_field import ENTRY, FIELD, PID, PROGRAM, WINDOW, Bus, Fields

pytestmark = pytest.mark.anyio


async def test_field_of_a_named_window_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paste_field, "LOOKUP_TIMEOUT_S", 0.0)
    fields = Fields(Bus(PASSWORD_TEXT))
    assert await fields.look_up(PID) == (None, "")
    window = await fields.find_active_window(None)
    assert window is not None
    assert (await fields.look_up(PID)).field == InputField(is_password=True, address=FIELD)
    assert (await fields.look_up(PID + 1)).field is None


async def test_slow_program_is_asked_again_where_no_other_is_active(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atspi, "PROGRAM_TIMEOUT_S", 0.0)
    window = await Fields(Bus(ENTRY)).find_active_window(None)
    assert window is not None
    assert window.address == WINDOW
    monkeypatch.setattr(atspi, "SLOW_PROGRAM_TIMEOUT_S", 0.0)
    assert await Fields(Bus(ENTRY)).find_active_window(None) is None


@pytest.mark.parametrize(
    ("toolkit", "role", "is_focused", "is_found"),
    [
        ("Chromium", PASSWORD_TEXT, True, True),
        ("Chromium", PASSWORD_TEXT, False, False),
        ("Chromium", ENTRY, True, False),
        ("gtk", PASSWORD_TEXT, True, False),
    ],
)
async def test_only_chromium_hides_a_password_field_in_an_unnamed_window(
    toolkit: str, role: int, is_focused: bool, is_found: bool
) -> None:
    bus = Bus(role, is_focused=is_focused)
    bus._answers[*PROGRAM, "Get"] = ("v", Variant("s", toolkit))
    found = await Fields(bus).find_unnamed_password()
    assert found == (InputField(is_password=True, address=FIELD) if is_found else None)


async def test_bus_that_answers_with_errors_hides_no_password_field() -> None:
    assert await Fields(Bus(PASSWORD_TEXT, ("GetChildren",))).find_unnamed_password() is None
