"""Esc, a locked screen and a retry: what is cut short is kept unpasted, and can be taken up again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.audio.spool_file import SpoolFile
from desktop.core.state import Done, Listening, Pasting, Polishing
from desktop.core.types import FRAME_SAMPLES, Outcome
from desktop.history.rows import HistoryEntry
from desktop.paste.request import USER_AWAY
from tests.support.stage import SlowPolisher, on

pytestmark = pytest.mark.anyio


async def test_escape_while_speaking_keeps_words_unpasted(tmp_path: Path) -> None:
    async with on(tmp_path, "hello there") as stage:
        recording = await stage.press()
        recording.say(3)
        await stage.until(lambda: any(isinstance(s, Listening) and s.transcript.text for s in stage.states))
        stage.escape()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == []
        assert stage.rows[0].delivery is Outcome.CANCELLED
        assert "hello".startswith(stage.rows[0].raw_text)
        assert isinstance(stage.states[-1], Done)
        assert recording.closed


async def test_escape_while_polishing_pastes_nothing(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        stage.dictation.dependencies = replace(stage.parts(), polisher=SlowPolisher())
        (await stage.press()).say(2)
        stage.release()
        await stage.until_state(Polishing)
        stage.escape()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == []
        assert stage.rows[0].raw_text == "hello"


async def test_escape_while_pasting_comes_too_late(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        gate = anyio.Event()
        stage.paster.before_sent = gate.wait
        (await stage.press()).say(2)
        stage.release()
        await stage.until_state(Pasting)
        stage.escape()
        gate.set()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.rows[0].delivery is Outcome.INSERTED


async def test_a_cancelled_dictation_can_be_taken_up_again(tmp_path: Path) -> None:
    async with on(tmp_path, "first", "hello") as stage:
        (await stage.press()).say(2)
        stage.escape()
        await stage.until(lambda: len(stage.rows) == 1)
        again: list[HistoryEntry] = []

        def remember(entry: HistoryEntry, take: SpoolFile) -> int:
            again.append(entry)
            take.discard()
            return len(again)

        stage.dictation.resume(np.full(4 * FRAME_SAMPLES + 7, 0.1, np.float32), remember)
        await stage.until(lambda: len(again) == 1)
        assert stage.paster.pasted == [("Hello.", 1)]
        assert stage.recognizer.heard == [4 * FRAME_SAMPLES + 7]
        assert again[0].delivery is Outcome.INSERTED


async def test_running_retry_is_not_started_twice(tmp_path: Path) -> None:
    async with on(tmp_path, "never", "hello", "hello") as stage:
        (await stage.press()).say(2)
        stage.escape()
        await stage.until(lambda: len(stage.rows) == 1)
        gate, sound, again = anyio.Event(), np.full(4 * FRAME_SAMPLES, 0.1, np.float32), list[HistoryEntry]()
        stage.recognizer.gates.append(gate)

        def remember(entry: HistoryEntry, take: SpoolFile) -> int:
            again.append(entry)
            take.discard()
            return len(again)

        began = datetime(2026, 3, 2, tzinfo=UTC)
        for _ in range(2):
            stage.dictation.resume(sound, remember, started_at=began)
        gate.set()
        await stage.until(lambda: len(again) == 1 and not stage.dictation._unfinished_sessions)
        assert len(stage.paster.pasted) == 1
        stage.dictation.resume(sound, remember, started_at=began)
        await stage.until(lambda: len(again) == 2)


async def test_cancelled_dictation_does_not_delay_the_next(tmp_path: Path) -> None:
    async with on(tmp_path, "first", "second") as stage:
        (await stage.press()).say(2)
        stage.escape()
        (await stage.press()).say(2)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 2)
        assert [text for text, _ in stage.paster.pasted] == ["Second."]


async def test_screen_lock_keeps_released_dictation_unpasted(tmp_path: Path) -> None:
    async with on(tmp_path, "first", "second", "third") as stage:
        slow = anyio.Event()
        stage.recognizer.gates = [slow]
        (await stage.press()).say(2)
        stage.release()
        speaking = await stage.press()
        speaking.say(2)
        await stage.until_state(Listening)
        stage.dictation.on_user_left()
        await stage.until(lambda: speaking.closed)
        slow.set()
        await stage.until(lambda: len(stage.rows) == 2)
        assert stage.paster.pasted == []
        let_go, spoken = stage.rows
        assert (spoken.delivery, speaking.closed) == (Outcome.CANCELLED, True)
        assert (let_go.delivery, let_go.text, let_go.notes) == (Outcome.REFUSED, "First.", USER_AWAY.notes)
        (await stage.press()).say(2)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 3)
        assert stage.paster.pasted == [("Third.", 1)]


async def test_screen_lock_during_polish_still_shows_result(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        polisher = SlowPolisher()
        stage.dictation.dependencies = replace(stage.parts(), polisher=polisher)
        (await stage.press()).say(2)
        stage.release()
        await stage.until_state(Polishing)
        stage.dictation.on_user_left()
        polisher.gate.set()
        assert await stage.until_state(Done) == Done(Outcome.REFUSED, "Hello.", USER_AWAY.notes)
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == []
