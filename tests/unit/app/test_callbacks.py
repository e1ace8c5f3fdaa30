"""A window always gets an answer: what was found, the problem, or where to look for a mistake of ours."""

from __future__ import annotations

import pytest

from desktop.app.callbacks import UNEXPECTED_ERROR, run_safely, run_safely_async
from desktop.core.errors import UserError

OFF = UserError("reported-message", title="It is off.", advice="Turn it on.")


def fine() -> int:
    return 1


def off() -> int:
    raise OFF


def broken() -> int:
    return 1 // 0


@pytest.mark.anyio
@pytest.mark.parametrize(("work", "answer"), [(fine, 1), (off, OFF), (broken, UNEXPECTED_ERROR)])
async def test_what_a_window_asked_for_is_answered(
    work: object, answer: object, caplog: pytest.LogCaptureFixture
) -> None:
    assert callable(work)

    async def later() -> object:
        return work()

    assert run_safely(work) == answer
    assert await run_safely_async(later) == answer
    assert ("ZeroDivisionError" in caplog.text) == (answer is UNEXPECTED_ERROR)
    caplog.clear()
