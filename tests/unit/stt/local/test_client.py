"""A recording of yesterday gives way to what is being said now."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import pytest

from desktop.core.errors import RecognizerError
from desktop.core.types import FRAME_SAMPLES, Frame
from desktop.stt.local.client import IS_LOW_PRIORITY, WhisperClient, low_priority
from desktop.stt.local.decoding import DecodeRequest
from models.catalog import load_catalog
from models.store import ModelStore
from tests.speech.conftest import MODELS
from tests.support.lent_files import lend


class Child:
    """Answers at once; `asked` counts."""

    is_alive = True
    asked = 0

    async def request(self, timeout_s: float, head: dict[str, Any], payload: bytes = b"") -> dict[str, Any]:
        self.asked += 1
        if head["do"] == "align":
            return {"texts": head["texts"], "tokens": [[] for _ in head["texts"]]}
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
            "is_judged": False,
            "is_foreign": False,
            "model": "",
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

    async def align() -> None:
        with low_priority():
            await whisper.align(np.zeros(FRAME_SAMPLES, np.float32), ["x"], "en")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(dictate)
        await begun.wait()
        before = child.asked
        tasks.start_soon(recover)
        tasks.start_soon(align)
        await anyio.wait_all_tasks_blocked()
        assert child.asked == before
        await whisper.decode(np.zeros(FRAME_SAMPLES, np.float32), DecodeRequest("", "en"))
        await whisper.align(np.zeros(FRAME_SAMPLES, np.float32), ["x"], "en")
        assert child.asked == before + 2
        over.set()
    assert child.asked > before + 3
    assert not IS_LOW_PRIORITY.get()


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    """Two models of Whisper."""
    base = load_catalog("speech")["base"]
    for name in ("base", "tiny"):
        lend(MODELS / "base", tmp_path / name)
    return ModelStore(tmp_path, {name: replace(base, name=name) for name in ("base", "tiny")})


@pytest.mark.anyio
async def test_low_priority_decode_of_the_guide_waits_for_dictation(store: ModelStore) -> None:
    client, over, begun = Ready(None, store=store), anyio.Event(), anyio.Event()  # type: ignore[arg-type]
    guide = await client.find_guide()
    assert guide is not None

    async def dictate() -> None:
        async def speech() -> AsyncIterator[Frame]:
            async for frame in held(over):
                begun.set()
                yield frame

        await client.transcribe(speech(), lambda partial: None)

    async def recover() -> None:
        with low_priority():
            await guide.decode(np.zeros(FRAME_SAMPLES, np.float32), DecodeRequest("", "en"))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(dictate)
        await begun.wait()
        tasks.start_soon(recover)
        await anyio.wait_all_tasks_blocked()
        assert not guide.is_busy
        tasks.cancel_scope.cancel()


@pytest.mark.anyio
async def test_guide_that_failed_is_not_used_again(store: ModelStore) -> None:
    client = Ready(None, store=store)  # type: ignore[arg-type]
    first = await client.find_guide()
    second = await client.find_guide(first)
    assert first is not None
    assert second is not None
    assert (first.name, second.name) == ("base", "tiny")
    assert await client.find_guide() is second  # in the next dictation
    assert await client.find_guide(first) is second  # by the other lane
    for failed in (second, None):
        with pytest.raises(RecognizerError):
            await client.find_guide(failed)
