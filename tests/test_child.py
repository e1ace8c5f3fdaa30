"""The process of a model as the app sees it: one that is slow is waited for, however much it is asked at once."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from desktop.recognizers.child import Child

pytestmark = pytest.mark.anyio

MISSED = 10

SLOW = f"""
import sys
from desktop.recognizers import wire

asked, pulses = [], 0
while message := wire.read(sys.stdin.buffer):
    head, _ = message
    wait = head.get("do") == "decode"
    if wait:
        asked.append(head["id"])
    else:
        wire.write(sys.stdout.buffer, {{"id": head["id"]}})
    pulses += bool(asked) and not wait
    if pulses == {2 * MISSED + 4}:
        for number in asked:
            wire.write(sys.stdout.buffer, {{"id": number, "text": "late"}})
"""
"""A process that answers what is to be decoded once it has given its pulse so many times, and all else at once."""


@asynccontextmanager
async def running(code: str) -> AsyncIterator[Child]:
    """A process of `code` that is there."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdin=pipe, stdout=pipe, stderr=pipe)
    child = Child(process, pulse_s=0.1)
    try:
        await child.ask(60.0, {"do": "load"}, missed=10_000)
        yield child
    finally:
        await child.stop()


async def test_slow_questions_that_begin_together_end_no_process_that_lives() -> None:
    async with running(SLOW) as child:
        answers = await asyncio.gather(*(child.ask(60.0, {"do": "decode"}, missed=MISSED) for _ in range(2)))
    assert [answer["text"] for answer in answers] == ["late", "late"]
