"""What is made of the answers on the accessibility bus: errors are no answer, and references to nothing are passed."""

from __future__ import annotations

from math import inf
from pathlib import Path
from typing import Any

import anyio
import pytest
from dbus_fast import Message, MessageType

from desktop.core.types import InputField, Target
from desktop.paste.field import PASSWORD_RETRY_S, PASSWORD_TIMEOUT_S, FocusedFieldReader
from desktop.paste.request import FIELD_NOT_REPORTED, PASSWORD_FIELD_FOCUSED, PASTE_CLOSED
from desktop.paste.wayland.paster import WaylandPaster
from desktop.platforms.linux.atspi import ACTIVE, FOCUSED, NULL_PATH, PASSWORD_TEXT, REGISTRY_ROOT, SHOWING

PID, ENTRY = 7, 79
PROGRAM, WINDOW, FIELD = ((":1.5", f"/{name}") for name in ("program", "window", "field"))
KNOWN = Target(1, pid=PID, field=InputField(address=(":1.5", "/before")))

pytestmark = pytest.mark.anyio


class Bus:
    """A bus with one program, whose window has one field; `failing` methods of it answer with an error.

    While it `is_silent`, the program does not answer; otherwise each answer takes it `delay_s`.
    """

    connected = True

    def __init__(self, role: int, failing: tuple[str, ...] = (), *, is_focused: bool = True) -> None:
        self.failing = failing
        self.is_silent, self.delay_s = False, 0.0
        self.asked = set[tuple[str, str]]()
        self.answers: dict[tuple[str, str, str], tuple[str, Any]] = {
            (*REGISTRY_ROOT, "GetChildren"): ("a(so)", [["", NULL_PATH], [*PROGRAM]]),
            (*PROGRAM, "GetChildren"): ("a(so)", [[":1.5", NULL_PATH], [*WINDOW], ["", "/x"]]),
            (*WINDOW, "GetChildren"): ("a(so)", [["", NULL_PATH], [*FIELD]]),
            (*WINDOW, "GetState"): ("au", [ACTIVE | SHOWING, 0]),
            (*FIELD, "GetState"): ("au", [SHOWING | (FOCUSED if is_focused else 0), 0]),
            (*FIELD, "GetRole"): ("u", role),
        }

    async def call(self, question: Message) -> Message:
        member = str(question.member)
        if member == "GetConnectionUnixProcessID":
            return Message(message_type=MessageType.METHOD_RETURN, reply_serial=1, signature="u", body=[PID])
        assert question.path != NULL_PATH
        self.asked.add((str(question.destination), str(question.path)))
        if str(question.destination) == PROGRAM[0]:
            with anyio.move_on_after(inf if self.is_silent else self.delay_s):
                await anyio.Event().wait()
        answer = self.answers.get((str(question.destination), str(question.path), member))
        if answer is None or member in self.failing:
            return Message(message_type=MessageType.ERROR, reply_serial=1, error_name="a.b", signature="s", body=[""])
        signature, value = answer
        return Message(message_type=MessageType.METHOD_RETURN, reply_serial=1, signature=signature, body=[value])


class Fields(FocusedFieldReader):
    """Those of a bus that is connected already."""

    def __init__(self, bus: Any) -> None:
        super().__init__()
        self._bus = bus


class SilentFields(FocusedFieldReader):
    """Fields whose program does not answer before `answers`."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.answers = anyio.Event(), anyio.Event()

    async def is_password_focused(self, target: Target) -> bool | None:
        self.asked.set()
        await self.answers.wait()
        return False


@pytest.mark.parametrize(("role", "is_password"), [(ENTRY, False), (PASSWORD_TEXT, True)])
async def test_references_to_nothing_hide_no_field(role: int, is_password: bool) -> None:
    fields = Fields(Bus(role))
    with anyio.fail_after(1):
        field = await fields.find_focused_field(PID)
        assert field == InputField(is_password=is_password, address=FIELD)
        assert await fields.is_password_focused(Target(1, pid=PID)) is is_password
        assert await fields.is_password_focused(KNOWN) is is_password


@pytest.mark.parametrize("failing", [("GetChildren",), ("GetState",), ("GetRole",)])
async def test_errors_and_a_missing_focus_do_not_say_that_it_is_no_password(failing: tuple[str, ...]) -> None:
    assert await Fields(Bus(PASSWORD_TEXT, failing)).is_password_focused(Target(1, pid=PID)) is None
    assert await Fields(Bus(PASSWORD_TEXT, is_focused=False)).is_password_focused(Target(1, pid=PID)) is None


async def test_a_known_field_is_asked_about_until_it_answers() -> None:
    bus = Bus(PASSWORD_TEXT, ("GetState",))
    answers: list[bool | None] = []

    async def ask() -> None:
        answers.append(await Fields(bus).is_password_focused(KNOWN))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask)
        with anyio.move_on_after(2 * PASSWORD_RETRY_S):
            await anyio.Event().wait()
        assert answers == []
        bus.failing = ()
    assert answers == [True]


@pytest.mark.parametrize(
    ("target", "failing", "reason"),
    [
        (KNOWN, (), PASSWORD_FIELD_FOCUSED),
        (KNOWN, ("GetRole",), FIELD_NOT_REPORTED),
        (Target(1, pid=PID), ("GetRole",), None),
    ],
)
async def test_wayland_paster_refuses_where_a_known_field_answers_with_errors(
    target: Target,
    failing: tuple[str, ...],
    reason: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("desktop.paste.field.PASSWORD_TIMEOUT_S", 2 * PASSWORD_RETRY_S)
    paster = WaylandPaster({}, tmp_path / "token")
    monkeypatch.setattr(paster._password_check, "_fields", Fields(Bus(PASSWORD_TEXT, failing)))
    assert await paster._password_check.find_password_field(target) == reason


@pytest.mark.parametrize("target", [KNOWN, Target(1, pid=PID)])
async def test_wayland_check_ends_when_the_app_quits(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paster = WaylandPaster({}, tmp_path / "token")
    fields = SilentFields()
    monkeypatch.setattr(paster._password_check, "_fields", fields)
    monkeypatch.setattr("desktop.paste.field.FIRST_PASSWORD_TIMEOUT_S", PASSWORD_TIMEOUT_S)
    reasons: list[object] = []

    async def check() -> None:
        with anyio.CancelScope(shield=True):  # as a session's paste, which a quitting app waits for
            reasons.append(await paster._password_check.find_password_field(target))

    with anyio.fail_after(PASSWORD_TIMEOUT_S / 2):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(check)
            await fields.asked.wait()
            paster.end_checks()
            tasks.cancel_scope.cancel()
        assert reasons == [PASTE_CLOSED]
        assert await paster._password_check.find_password_field(target) == PASTE_CLOSED


async def test_wayland_field_that_answers_as_the_app_quits_gets_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.paste.wayland.password_check.QUIT_GRACE_S", PASSWORD_TIMEOUT_S)
    paster = WaylandPaster({}, tmp_path / "token")
    fields = SilentFields()
    monkeypatch.setattr(paster._password_check, "_fields", fields)
    reasons: list[object] = []

    async def check() -> None:
        reasons.append(await paster._password_check.find_password_field(KNOWN))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(check)
        await fields.asked.wait()
        paster.end_checks()
        await anyio.wait_all_tasks_blocked()
        assert reasons == []
        fields.answers.set()
    assert reasons == [None]
