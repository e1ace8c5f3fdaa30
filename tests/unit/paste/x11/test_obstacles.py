"""How long the check for a password field may take, and when it is made again before the chord."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest

from desktop.core.chords import PasteChord, PasteShortcut
from desktop.core.interfaces import UserActivity
from desktop.core.messages import Message
from desktop.core.types import InputField, Selection, Target
from desktop.paste.apps import PasteRule
from desktop.paste.request import FIELD_NOT_REPORTED, PASSWORD_FIELD_FOCUSED, PASTE_CLOSED, SelectionRequest
from desktop.paste.x11.obstacles import Obstacles
from desktop.paste.x11.selection_reader import SelectionReader
from desktop.platforms.linux import x11_focus

CHORD = PasteChord(PasteShortcut.CTRL_V, ())
UNKNOWN = Target(1, pid=7)
KNOWN = Target(1, pid=7, field=InputField(address=("a", "/b")))


class Desk:
    """The obstacles of a window that keeps the focus, on a clock of its own.

    `answers` are those of its program in order, None for none; a modifier is held until `held_until`.
    """

    display = None

    def __init__(self, *answers: bool | None) -> None:
        self.now = 0.0
        self.held_until = 0.0
        self.closes_at = float("inf")
        self.answers = [*answers]
        activity = UserActivity(is_talking=lambda: True)
        desk: Any = self
        self.obstacles = Obstacles(desk, desk, activity, self.ask, lambda: self.now >= self.closes_at)

    def ask(self, target: Target) -> Future[bool | None]:
        future = Future[bool | None]()
        if (answer := self.answers.pop(0)) is not None:
            future.set_result(answer)
        return future

    def read_modifiers(self) -> SimpleNamespace:
        return SimpleNamespace(held=(50,) if self.now < self.held_until else (), control_keys=())

    def wait(self, done: Callable[[], bool], until: float) -> bool:
        if not done():
            self.now = min(until, max(self.now, self.closes_at))
        return done()

    def wait_for_future(
        self, future: Future[Any], timeout_s: float, is_cancelled: Callable[[], bool] = lambda: False
    ) -> Any:
        if not future.done():
            self.wait(is_cancelled, self.now + timeout_s)
        return future.result() if future.done() else None


@pytest.fixture(autouse=True)
def desks(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Desk]:
    def make(*answers: bool | None) -> Desk:
        desk = Desk(*answers)
        monkeypatch.setattr("desktop.paste.x11.obstacles.monotonic", lambda: desk.now)
        return desk

    monkeypatch.setattr(x11_focus, "find_active_target", lambda display: UNKNOWN)
    return make


@pytest.mark.parametrize(("target", "timeout_s", "reason"), [(UNKNOWN, 1.0, None), (KNOWN, 3.0, FIELD_NOT_REPORTED)])
def test_known_field_is_waited_for_longer_than_unknown_one(
    desks: Callable[..., Desk], target: Target, timeout_s: float, reason: Message | None
) -> None:
    desk = desks(None)
    assert desk.obstacles.find_password_field(target) == reason
    assert desk.now == pytest.approx(timeout_s)


@pytest.mark.parametrize("target", [UNKNOWN, KNOWN])
def test_closing_ends_the_check_and_is_said(desks: Callable[..., Desk], target: Target) -> None:
    desk = desks(None)
    desk.closes_at = 0.010
    assert desk.obstacles.find_password_field(target) == PASTE_CLOSED
    assert desk.now == desk.closes_at


@pytest.mark.parametrize("target", [UNKNOWN, KNOWN])
def test_ended_checks_wait_for_no_field_and_no_key(desks: Callable[..., Desk], target: Target) -> None:
    desk = desks(None)
    desk.held_until = desk.closes_at = 10.0
    desk.obstacles.end_checks()
    assert desk.obstacles.find_password_field(target) == PASTE_CLOSED
    assert desk.obstacles.wait_for_keys(CHORD) == Message("paste-closed-before-keys")
    assert desk.now == 0.0


@pytest.mark.parametrize(
    ("held_s", "answers", "reason", "unasked"),
    [
        (0.05, [True], None, [True]),
        (5.0, [True], PASSWORD_FIELD_FOCUSED, []),
        (5.0, [None], FIELD_NOT_REPORTED, []),
        (5.0, [False, True], None, [True]),
    ],
)
def test_field_checked_again_after_long_wait_for_key(
    desks: Callable[..., Desk],
    held_s: float,
    answers: list[bool | None],
    reason: Message | None,
    unasked: list[bool | None],
) -> None:
    desk = desks(*answers)
    desk.held_until = held_s
    assert desk.obstacles.find_obstacle_before_chord(KNOWN, CHORD) == reason
    assert desk.answers == unasked


def test_selection_of_a_silent_field_is_not_said_to_be_in_paste_last(desks: Callable[..., Desk]) -> None:
    desk: Any = desks(None)
    unused: Any = None
    rule = PasteRule()
    assert rule.is_exact
    reader = SelectionReader(desk, unused, unused, desk.obstacles, lambda target: rule, deque())
    selections: list[Selection] = []
    reader.answer(SelectionRequest(selections.append, KNOWN))
    (reason,) = selections[0].refusal
    assert reason.title == FIELD_NOT_REPORTED.title
    assert reason.remedy == "Try again once the window answers."
    assert FIELD_NOT_REPORTED.remedy == "Choose Paste last once the window answers."
