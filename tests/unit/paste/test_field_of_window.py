"""Which of a program's windows counts, how long programs are waited for, and what is remembered of those that are
silent."""

from __future__ import annotations

import os
from pathlib import Path
from time import monotonic
from typing import Any

import anyio
import pytest
from dbus_fast import Message as BusMessage
from dbus_fast import Variant

from desktop.core.messages import Message
from desktop.core.types import InputField, Target
from desktop.paste import field as paste_field
from desktop.paste.request import CHROMIUM_NOT_REPORTED, CHROMIUM_PASSWORD_FIELD, PASSWORD_FIELD_FOCUSED
from desktop.paste.wayland.focus import UNKNOWN_WINDOW
from desktop.paste.wayland.paster import WaylandPaster
from desktop.platforms.linux import atspi_programs
from desktop.platforms.linux.atspi import ACTIVE, FOCUSED, PASSWORD_TEXT, REGISTRY_ROOT, SHOWING
from tests.unit.paste.test_field import ENTRY, FIELD, PID, PROGRAM, WINDOW, Bus, Fields

TARGET = Target(5, pid=PID)
PATIENCE_S = 30.0

pytestmark = pytest.mark.anyio


class Chromium(Bus):
    """Chromium with two windows, "Notes" with a plain field and "Log in" with a password field, both of which have the
    focus in their window. The window `active` is marked so."""

    def __init__(self, active: str = "") -> None:
        super().__init__(ENTRY)
        login, password = (":1.5", "/login"), (":1.5", "/password")
        self.answers |= {
            (*PROGRAM, "Get"): ("v", Variant("s", "Chromium")),
            (*PROGRAM, "GetChildren"): ("a(so)", [[*WINDOW], [*login]]),
            (*WINDOW, "GetState"): ("au", [SHOWING | (ACTIVE if active == "Notes" else 0), 0]),
            (*WINDOW, "Get"): ("v", Variant("s", "Notes - Chromium")),
            (*login, "Get"): ("v", Variant("s", "Log in - Chromium")),
            (*login, "GetState"): ("au", [SHOWING | (ACTIVE if active == "Log in" else 0), 0]),
            (*login, "GetChildren"): ("a(so)", [[*password]]),
            (*password, "GetState"): ("au", [SHOWING | FOCUSED, 0]),
            (*password, "GetRole"): ("u", PASSWORD_TEXT),
        }


class ChromiumBesideSilentProgram(Chromium):
    """Chromium on a bus with a program that never answers."""

    def __init__(self) -> None:
        super().__init__()
        self.answers[*REGISTRY_ROOT, "GetChildren"] = ("a(so)", [[":1.6", "/program"], [*PROGRAM]])

    async def call(self, question: BusMessage) -> BusMessage:
        if question.destination == ":1.6":
            await anyio.Event().wait()
        return await super().call(question)


def paster_with(fields: Any, folder: Path, monkeypatch: pytest.MonkeyPatch, **options: Any) -> WaylandPaster:
    paster = WaylandPaster({}, folder / "token", **options)
    monkeypatch.setattr(paster, "_fields", fields)
    monkeypatch.setattr(paster._password_check, "_fields", fields)
    return paster


@pytest.mark.parametrize(
    ("title", "active", "is_password"),
    [
        ("", "", True),
        ("Mail", "", True),
        ("Notes", "", False),
        ("Notes - Chromium", "", False),
        ("Log in", "", True),
        ("Notes", "Log in", True),
        ("Log in", "Notes", False),
    ],
)
async def test_each_window_is_searched_unless_one_is_known(title: str, active: str, is_password: bool) -> None:
    field = (await Fields(Chromium(active)).look_up(Target(5, title=title, pid=PID))).field
    assert field is not None
    assert field.is_password is is_password
    assert await Fields(Chromium(active)).is_password_focused(Target(5, title=title, pid=PID)) is is_password


async def test_password_in_another_window_of_chromium_counts_where_none_is_known() -> None:
    assert await Fields(Chromium()).is_chromium_password_focused() is True


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
    bus.answers[*PROGRAM, "Get"] = ("v", Variant("s", toolkit))
    assert await Fields(bus).is_chromium_password_focused() is is_found


async def test_bus_that_answers_with_errors_hides_no_password_field() -> None:
    assert await Fields(Bus(PASSWORD_TEXT, ("GetChildren",))).is_chromium_password_focused() is False


async def test_silent_program_hides_no_password_field_of_chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atspi_programs, "TOOLKIT_TIMEOUT_S", 0.1)
    assert await Fields(ChromiumBesideSilentProgram()).is_chromium_password_focused() is True


@pytest.mark.parametrize(
    ("is_silent", "role", "reason"),
    [(False, PASSWORD_TEXT, CHROMIUM_PASSWORD_FIELD), (True, ENTRY, CHROMIUM_NOT_REPORTED), (False, ENTRY, None)],
)
async def test_unknown_window_gets_no_text_where_chromium_may_ask_for_a_password(
    is_silent: bool, role: int, reason: Message | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atspi_programs, "CHROMIUM_TIMEOUT_S", 0.1)
    bus = Bus(role)
    bus.answers[*PROGRAM, "Get"] = ("v", Variant("s", "Chromium"))
    paster = paster_with(Fields(bus), tmp_path, monkeypatch)
    assert await paster.find_target() == UNKNOWN_WINDOW, "what is said there is kept: it may be another window"
    assert FIELD in bus.asked, "Chromium builds the tree of its page once it is asked"
    bus.is_silent = is_silent
    assert await paster._password_check.find_password_field(UNKNOWN_WINDOW) == reason


async def test_chromium_that_is_too_busy_to_name_its_toolkit_is_known_by_its_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(atspi_programs, "CHROMIUM_TIMEOUT_S", 0.1)
    monkeypatch.setattr(atspi_programs, "CHROMIUM_FILE", Path("/proc/self/exe").readlink().name)
    monkeypatch.setattr("tests.unit.paste.test_field.PID", os.getpid())
    bus = Bus(ENTRY)
    bus.is_silent = True
    assert await Fields(bus).is_chromium_password_focused() is None


async def test_prompt_found_at_the_paste_gets_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = Fields(Bus(ENTRY))
    paster = paster_with(fields, tmp_path, monkeypatch, is_prompt=lambda app: app == "pinentry")
    for app, reason in (("pinentry", PASSWORD_FIELD_FOCUSED), ("editor", None)):
        assert await paster._password_check.find_password_field(Target(5, app=app, pid=PID)) == reason


async def test_slow_program_has_longer_for_its_field_than_for_the_rest() -> None:
    bus = Bus(PASSWORD_TEXT)
    bus.delay_s = paste_field.LOOKUP_TIMEOUT_S / 2  # it is asked five times, one after another
    assert (await Fields(bus).look_up(TARGET)).field == InputField(is_password=True, address=FIELD)


async def test_silent_program_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paste_field, "FIELD_TIMEOUT_S", 0.2)
    bus = Bus(PASSWORD_TEXT)
    bus.is_silent = True
    fields = Fields(bus)
    assert await fields.look_up(TARGET) == (None, "")
    monkeypatch.setattr(paste_field, "FIELD_TIMEOUT_S", PATIENCE_S)
    began_at = monotonic()
    for _ in range(2):
        assert await fields.look_up(TARGET) == (None, "")
        assert await fields.is_password_focused(TARGET) is None
    assert monotonic() - began_at < PATIENCE_S / 2
    bus.is_silent = False
    assert await fields.is_password_focused(TARGET) is True
    assert (await fields.look_up(TARGET)).field == InputField(is_password=True, address=FIELD)
    bus.is_silent = True
    monkeypatch.setattr(paste_field, "FIELD_TIMEOUT_S", 0.2)
    began_at = monotonic()
    await fields.look_up(TARGET)
    assert monotonic() - began_at >= 0.2, "it has answered since"


async def test_program_that_is_slow_to_name_no_field_is_waited_for_beside_the_recognition_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(paste_field, "LOOKUP_TIMEOUT_S", 0.0)
    bus = Bus(PASSWORD_TEXT, is_focused=False)
    fields = Fields(bus)
    assert await fields.look_up(TARGET) == (None, "")
    bus.is_silent = True
    began_at = monotonic()
    assert await fields.is_password_focused(TARGET) is None
    assert monotonic() - began_at < paste_field.FIRST_PASSWORD_TIMEOUT_S
    bus.is_silent = False
    bus.answers[*FIELD, "GetState"] = ("au", [SHOWING | FOCUSED, 0])
    assert (await fields.look_up(TARGET)).field == InputField(is_password=True, address=FIELD)


async def test_same_window_is_asked_for_its_last_field_first() -> None:
    bus = Bus(ENTRY)
    fields = Fields(bus)
    await fields.look_up(TARGET)
    bus.failing = ("GetChildren",)  # as if the page took too long to search
    assert (await fields.look_up(TARGET)).field == InputField(address=FIELD)
    assert (await fields.look_up(Target(6, pid=PID))).field is None


async def test_slow_program_is_asked_again_where_no_other_is_active(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atspi_programs, "PROGRAM_TIMEOUT_S", 0.0)
    window = await Fields(Bus(ENTRY)).find_active_window(None)
    assert window is not None
    assert window.address == WINDOW
    monkeypatch.setattr(atspi_programs, "SLOW_PROGRAM_TIMEOUT_S", 0.0)
    assert await Fields(Bus(ENTRY)).find_active_window(None) is None


async def test_silent_program_delays_the_search_for_the_active_window_once(monkeypatch: pytest.MonkeyPatch) -> None:
    bus = Bus(ENTRY)
    bus.is_silent = True
    fields = Fields(bus)
    assert await fields.find_active_window(None) is None
    for limit in ("PROGRAM_TIMEOUT_S", "SLOW_PROGRAM_TIMEOUT_S", "LIKELY_TIMEOUT_S"):
        monkeypatch.setattr(atspi_programs, limit, PATIENCE_S)
    began_at = monotonic()
    assert await fields.find_active_window(WINDOW) is None
    assert monotonic() - began_at < PATIENCE_S
    bus.is_silent = False
    window = await fields.find_active_window(None)
    assert window is not None
    assert window.address == WINDOW


async def test_program_without_an_answer_is_asked_for_its_toolkit_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atspi_programs, "TOOLKIT_TIMEOUT_S", 0.1)
    bus = ChromiumBesideSilentProgram()
    fields = Fields(bus)
    await fields.prepare_chromium()
    monkeypatch.setattr(atspi_programs, "TOOLKIT_TIMEOUT_S", PATIENCE_S)
    began_at = monotonic()
    await fields.prepare_chromium()
    assert monotonic() - began_at < PATIENCE_S / 2
    bus.answers.pop((*PROGRAM, "Get"))
    assert await fields.is_chromium_password_focused() is True, "its toolkit is remembered"
