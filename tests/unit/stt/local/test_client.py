"""A recording of yesterday gives way to what is being said now."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import anyio
import numpy as np
import pytest

from desktop.core.types import FRAME_SAMPLES, Frame
from desktop.stt.local.client import IS_LOW_PRIORITY, WhisperClient, low_priority
from desktop.stt.local.decoding import DecodeRequest


class Child:
    """Answers at once; `asked` counts."""

    is_alive = True
    asked = 0

    async def request(self, timeout_s: float, head: dict[str, Any], payload: bytes = b"") -> dict[str, Any]:
        self.asked += 1
        return {
            "text": "x",
            "language": "en",
            "guard": "",
            "sure": True,
            "took_s": 0.0,
            "odds": {},
            "voice": [],
            "is_looped": False,
            "token_times": [],
        }


class Ready(WhisperClient):
    """One whose model is `child`."""

    child = Child()

    async def _get_worker(self) -> Any:
        return self.child


async def held(gate: anyio.Event) -> AsyncIterator[Frame]:
    """A dictation that goes on until the gate opens, and in which nothing is said."""
    yield np.zeros(FRAME_SAMPLES, np.float32)
    await gate.wait()


@pytest.mark.anyio
async def test_low_priority_decode_waits_for_dictation() -> None:
    whisper, over, begun = Ready(None), anyio.Event(), anyio.Event()  # type: ignore[arg-type]
    whisper.child = child = Child()

    async def dictate() -> None:
        async def speech() -> AsyncIterator[Frame]:
            async for frame in held(over):
                begun.set()
                yield frame

        await whisper.transcribe(speech(), lambda partial: None)

    async def recover() -> None:
        with low_priority():
            await whisper.decode(np.zeros(FRAME_SAMPLES, np.float32), DecodeRequest("", "en"))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(dictate)
        await begun.wait()
        before = child.asked
        tasks.start_soon(recover)
        await anyio.wait_all_tasks_blocked()
        assert child.asked == before
        await whisper.decode(np.zeros(FRAME_SAMPLES, np.float32), DecodeRequest("", "en"))
        assert child.asked == before + 1
        over.set()
    assert child.asked > before + 1
    assert not IS_LOW_PRIORITY.get()
