"""A window always gets an answer: what was found, the problem, or where to look for a mistake of ours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.ui.controllers.controller import Controller
from models.catalog import ModelError
from tests.support.ui.controllers import Loop, context, now

OFF = UserError("reported-message", title="It is off.", advice="Turn it on.")


@pytest.fixture
def controller(tmp_path: Path) -> Controller:
    return Controller(context(Paths(tmp_path, tmp_path, tmp_path, tmp_path), Loop()), now)


def fine() -> int:
    return 1


def off() -> int:
    raise OFF


def damaged() -> int:
    raise ModelError("model-unknown", name="tiny", names="base")


def broken() -> int:
    return 1 // 0


async def later(work: Callable[[], int]) -> int:
    return work()


@pytest.mark.parametrize(
    ("work", "answer"),
    [
        (fine, "1"),
        (off, "It is off. Turn it on."),
        (damaged, "There is no model called tiny. The models are base."),
        (broken, str(Controller.unexpected_error)),
    ],
)
def test_what_a_window_asked_for_is_answered(
    controller: Controller, work: Callable[[], int], answer: str, caplog: pytest.LogCaptureFixture
) -> None:
    answers: list[Any] = []
    controller._run(work, answers.append)
    controller._run_with_engine(lambda engine: work(), answers.append)
    controller._run_on_engine(lambda engine: later(work), answers.append)
    assert [str(one) for one in answers] == [answer] * 3
    assert [isinstance(one, UserError) for one in answers] == [work is not fine] * 3
    assert ("ZeroDivisionError" in caplog.text) == (work is broken)
    caplog.clear()


@pytest.mark.parametrize(("work", "answered"), [(fine, [1]), (off, []), (broken, [])])
def test_what_may_go_unanswered_is_logged(
    controller: Controller, work: Callable[[], int], answered: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    answers: list[int] = []
    controller._run_or_log(work, answers.append)
    assert answers == answered
    assert bool(caplog.text) == (work is not fine)
    caplog.clear()
