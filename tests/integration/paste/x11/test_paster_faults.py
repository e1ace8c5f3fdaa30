"""A paste that fails on X11 is answered, and what was lent comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial
from threading import Event

import anyio
import pytest

from desktop.core.errors import PasteError
from desktop.core.interfaces import UserActivity
from desktop.core.types import Outcome, PasteResult, Target
from desktop.paste.request import INTERNAL_ERROR
from desktop.paste.x11.connection import X11Connection
from desktop.paste.x11.paster import X11Paster
from tests.conftest import start_display
from tests.support.clipboard_contents import BEFORE
from tests.support.x_clients import PATIENCE_S, Owner, SlowReader, targets

pytestmark = pytest.mark.anyio


async def test_missing_display_raises_and_calls_still_answer() -> None:
    paster = X11Paster("nowhere")
    with pytest.raises(PasteError) as caught:
        paster.start(asyncio.get_running_loop())
    assert caught.value.remedy
    assert await paster.find_target() == Target()
    assert (await paster.paste("Hello.", Target(), lambda: None)).outcome is Outcome.FAILED
    paster.close()


async def test_a_server_that_goes_is_survived() -> None:
    server, name = start_display()
    paster = X11Paster(name)
    paster.start(asyncio.get_running_loop())
    try:
        server.terminate()
        server.wait(timeout=PATIENCE_S)
        assert (await paster.paste("Hello.", Target(1), lambda: None)).outcome is Outcome.FAILED
        assert await paster.find_target() == Target()
    finally:
        paster.close()


@pytest.mark.parametrize("sent", [False, True])
async def test_failing_paste_answers_and_restores_clipboard(display: str, slow: SlowReader, sent: bool) -> None:
    leaving = iter((0.0, 0.0 if sent else None))

    def left() -> float:
        """Asked before the text is lent, and after."""
        at = next(leaving)
        assert at is not None, "a bug"
        return at

    def expect(keycodes: Iterable[int]) -> None:
        raise LookupError("a bug")

    paster = X11Paster(display, UserActivity(expect, last_left_at=left))
    paster.start(asyncio.get_running_loop())
    try:
        with Owner(display, BEFORE):
            with anyio.fail_after(PATIENCE_S):
                assert await paster.paste("Hello.", await paster.find_target(), lambda: None) == INTERNAL_ERROR
            assert targets(display, list(BEFORE)) == BEFORE
    finally:
        paster.close()


async def test_failing_target_lookup_is_still_answered(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    paster = X11Paster(display)
    paster.start(asyncio.get_running_loop())
    try:
        monkeypatch.setattr(paster, "_transaction", None)
        with anyio.fail_after(PATIENCE_S):
            assert await paster.find_target() == Target()
    finally:
        monkeypatch.undo()
        paster.close()


def test_a_job_that_fails_holds_up_no_other(display: str) -> None:
    connection, done = X11Connection(display), Event()
    connection.post(partial(next, iter(())))
    connection.post(done.set)
    with pytest.raises(StopIteration):
        connection.run_posted(0.0)
    connection.run_posted(0.0)
    assert done.is_set()
    connection.close()


async def test_what_is_awaited_at_the_end_is_answered(display: str, slow: SlowReader) -> None:
    paster = X11Paster(display)
    paster.start(asyncio.get_running_loop())
    sent = anyio.Event()
    answers: list[PasteResult] = []

    async def paste() -> None:
        answers.append(await paster.paste("Hello.", await paster.find_target(), sent.set))

    with Owner(display, BEFORE):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(paste)
            await sent.wait()
            paster.close()
        assert answers[0].outcome is Outcome.UNCONFIRMED
