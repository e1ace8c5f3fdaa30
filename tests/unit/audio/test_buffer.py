"""What waits for a slow recognizer: bounded in memory, whole all the same."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from desktop.audio.buffer import AudioBuffer
from desktop.audio.spool import Spool
from desktop.audio.spool_file import SpoolFile
from desktop.core.types import FRAME_SAMPLES, FULL_SCALE, RATE_HZ, Frame

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
SHORT_S = 10 * FRAME_SAMPLES / RATE_HZ


def frames(count: int) -> list[Frame]:
    """Frames that 16 bits hold exactly, each another."""
    rng = np.random.default_rng(5)
    return [(rng.integers(-9000, 9000, FRAME_SAMPLES) / FULL_SCALE).astype(np.float32) for _ in range(count)]


def hear(backlog: AudioBuffer, take: SpoolFile, some: list[Frame]) -> None:
    for frame in some:
        take.write(frame)
        backlog.append(frame, is_written=True)


async def all_of(backlog: AudioBuffer) -> list[Frame]:
    return [frame async for frame in backlog]


async def test_excess_over_memory_read_from_disk_in_order(tmp_path: Path) -> None:
    said = frames(300)
    with Spool(tmp_path).create(NOW) as take, AudioBuffer(take, SHORT_S) as backlog:
        hear(backlog, take, said)
        assert backlog.frames_in_memory == 10
        backlog.close()
        assert np.array_equal(await all_of(backlog), said)


async def test_memory_used_again_after_room_keeping_order(tmp_path: Path) -> None:
    said = frames(60)
    got: list[Frame] = []
    with Spool(tmp_path).create(NOW) as take, AudioBuffer(take, SHORT_S) as backlog:
        hear(backlog, take, said[:30])
        async for frame in backlog:
            got.append(frame)
            if len(got) == 25:
                hear(backlog, take, said[30:])
                backlog.close()
    assert np.array_equal(got, said)


async def test_discarded_spool_file_loses_no_word(tmp_path: Path) -> None:
    said = frames(40)
    with Spool(tmp_path).create(NOW) as take, AudioBuffer(take, SHORT_S) as backlog:
        hear(backlog, take, said[:30])
        take.discard()
        for frame in said[30:]:
            backlog.append(frame, is_written=False)
        backlog.close()
        assert np.array_equal(await all_of(backlog), said)
    assert list(tmp_path.iterdir()) == []


async def test_unwritable_spool_keeps_sound_in_memory() -> None:
    said = frames(30)
    with Spool(None).create(NOW) as take, AudioBuffer(take, SHORT_S) as backlog:
        hear(backlog, take, said)
        backlog.close()
        assert np.array_equal(await all_of(backlog), said)


async def test_two_readers_at_own_pace_slow_costs_no_more(tmp_path: Path) -> None:
    said = frames(300)
    with Spool(tmp_path).create(NOW) as take, AudioBuffer(take, SHORT_S) as backlog:
        slow, quick = backlog.open_reader(), backlog.open_reader()
        got = []
        for frame in said:
            hear(backlog, take, [frame])
            got.append(await anext(quick))
            assert backlog.frames_in_memory <= 10
        backlog.close()
        assert np.array_equal(got, said)
        assert np.array_equal([frame async for frame in slow], said)
        assert backlog.frames_in_memory == 0


async def test_an_ear_that_is_closed_holds_up_nobody(tmp_path: Path) -> None:
    said = frames(5)
    with Spool(tmp_path).create(NOW) as take, AudioBuffer(take, SHORT_S) as backlog:
        deaf, other = backlog.open_reader(), backlog.open_reader()
        hear(backlog, take, said)
        await deaf.aclose()
        backlog.close()
        assert np.array_equal([frame async for frame in other], said)
        assert backlog.frames_in_memory == 0
