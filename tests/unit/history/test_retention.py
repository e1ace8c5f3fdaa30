"""A clock that leaps deletes nothing until it has gone on for a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

import pytest

from desktop.core.paths import Paths
from desktop.core.types import Outcome
from desktop.history.recorder import DictationRecorder
from desktop.history.retention import MAX_FILE_BYTES, ClockGuard, ClockState, check_clock
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.settings.schema import HistorySettings
from tests.support.settings import in_force

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, DAY, MONTHS = 3600.0, 24 * 3600.0, 90 * 24 * 3600.0


def believed(*steps: float) -> list[bool]:
    """Whether the clock is believed at each look, which come `steps` after a good one and each other."""
    looks = list(
        accumulate(accumulate(steps, initial=NOW.timestamp()), check_clock, initial=ClockState(NOW.timestamp()))
    )
    return [one.is_trusted for one in looks[2:]]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([HOUR, 6 * HOUR, 16 * HOUR], [True, True, True]),
        ([MONTHS], [False]),
        ([MONTHS, HOUR, 1 - MONTHS], [False, False, True]),  # the leap is undone
        ([MONTHS, HOUR, HOUR - MONTHS, MONTHS, HOUR], [False, False, True, False, False]),
        ([MONTHS, 12 * HOUR, 11 * HOUR, HOUR, HOUR], [False, False, False, True, True]),  # weeks off, and a day
        ([-MONTHS], [False]),
        ([-MONTHS, HOUR, MONTHS], [False, False, True]),
        ([-MONTHS, 12 * HOUR, 12 * HOUR], [False, False, True]),  # it had been wrong before
        ([MONTHS, 12 * HOUR, -MONTHS / 2, 12 * HOUR], [False, False, False, False]),  # wrong in two ways
        ([MONTHS, MONTHS, MONTHS, MONTHS], [False, False, False, False]),
        ([7 * DAY, 7 * DAY, 7 * DAY, 7 * DAY, 7 * DAY], [False, False, False, False, True]),  # once a week
        ([-HOUR, 2 * HOUR], [True, True]),  # a time server sets it right
    ],
)
def test_clock_jump_counts_after_a_day_or_when_undone(steps: list[float], expected: list[bool]) -> None:
    assert believed(*steps) == expected


def test_first_check_trusts_time_near_newest_dictation() -> None:
    now = NOW.timestamp()
    assert check_clock(ClockState(now - HOUR), now).is_trusted
    assert not check_clock(ClockState(now - MONTHS), now).is_trusted
    assert not check_clock(ClockState(), now).is_trusted


@pytest.mark.parametrize(
    "kept",
    ["", "{}", "[1]", '["x", null, 0]', "[1e999, null, 0]", "[0, null, NaN]", "[" * 9000, "[0," + " " * MAX_FILE_BYTES],
)
def test_a_file_that_is_not_ours_is_no_look(tmp_path: Path, kept: str) -> None:
    file = tmp_path / "clock.json"
    file.write_text(kept)
    now = NOW.timestamp()
    assert ClockGuard(file).is_trusted(now, lambda: now)
    assert ClockGuard(file).is_trusted(now, lambda: None)
    assert file.stat().st_size < MAX_FILE_BYTES


def test_unwritable_clock_file_keeps_check_in_memory(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "clock.json").mkdir()
    clock, now = ClockGuard(tmp_path / "clock.json"), NOW.timestamp()
    assert clock.is_trusted(now, lambda: now)
    assert not clock.is_trusted(now + MONTHS, lambda: now)
    assert "could not be saved" in caplog.text
    caplog.clear()


def test_a_look_between_goes_on_with_what_is_known(tmp_path: Path) -> None:
    clock, now = ClockGuard(tmp_path / "clock.json"), NOW.timestamp()
    clock.check_if_due(now)
    assert not (tmp_path / "clock.json").exists()
    clock.is_trusted(now, lambda: now)
    for hours in (10, 20, 30):
        clock.check_if_due(now + hours * HOUR)
    assert clock.is_trusted(now + 40 * HOUR, lambda: None)


@pytest.mark.anyio
async def test_wrong_clock_session_deletes_nothing(tmp_path: Path) -> None:
    paths = Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)
    keeping = HistorySettings(keep_text_days=7, keep_audio_days=7, max_audio_mb=1)
    history = HistoryStore(paths.history)
    paths.audio.mkdir()
    recording = paths.audio / "20260302-120000-000000.flac"
    recording.write_bytes(b"x" * 1_100_000)
    history.add(HistoryEntry(started_at=NOW, text="Kept.", delivery=Outcome.INSERTED, audio_path=recording))
    orphan = paths.audio / "20260302-120000-000001.flac"
    orphan.touch()

    async def left(now: datetime) -> tuple[list[str], bool, bool]:
        await DictationRecorder(paths, history).expire(in_force(keeping), now)
        return [row.text for row in history.rows()], recording.exists(), orphan.exists()

    wrong = datetime.now(UTC) + timedelta(days=400)
    for hours in (0, 1):
        assert await left(wrong + timedelta(hours=hours)) == (["Kept."], True, True)
    assert await left(NOW + timedelta(hours=2)) == (["Kept."], False, True)
    for hours in (0, 12):
        assert await left(wrong + timedelta(hours=hours)) == (["Kept."], False, True)
    assert await left(wrong + timedelta(hours=24)) == ([], False, False)
