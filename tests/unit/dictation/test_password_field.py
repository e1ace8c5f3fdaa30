"""A dictation whose target is a password field."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.state import Done, Listening, Polishing
from desktop.core.types import InputField, Outcome, SentData, Target
from tests.support.stage import SendingPolisher, on

PASSWORD = Target(2, "dialog", "Log in", field=InputField(is_password=True))

pytestmark = pytest.mark.anyio


async def test_row_lists_what_was_sent_however_it_ended(tmp_path: Path) -> None:
    async with on(tmp_path, "hello", "hello") as stage:
        for count, focus in enumerate((stage.paster.focus, PASSWORD), start=1):
            polisher = SendingPolisher()
            stage.dictation.dependencies = replace(stage.parts(), polisher=polisher)
            recording = await stage.press()
            recording.say(2)
            await stage.until(lambda polisher=polisher: polisher.told == ["h", "he"])
            stage.paster.focus = focus
            stage.release()
            if count == 2:
                polisher.gate.set()
            await stage.until_state(Polishing if count == 1 else Done)
            stage.escape()
            await stage.until(lambda count=count: len(stage.rows) == count)
            assert stage.rows[-1].sent == (SentData("example", "polish", characters=3),)
        assert [row.delivery for row in stage.rows] == [Outcome.CANCELLED, Outcome.REFUSED]


async def test_password_field_speech_is_not_sent_or_kept(tmp_path: Path) -> None:
    async with on(tmp_path, "open sesame") as stage:
        stage.paster.focus = PASSWORD
        (await stage.press()).say(5)
        await stage.until_state(Listening)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        row = stage.rows[0]
        assert (row.delivery, row.raw_text, row.text, row.app) == (Outcome.REFUSED, "", "", "dialog")
        assert row.note == "This is a password field. Nothing was kept."
        assert stage.states[-1] == Done(Outcome.REFUSED, notes=row.notes)
        assert stage.paster.pasted == []
        assert list(tmp_path.iterdir()) == []
        assert not any("sesame" in str(state) for state in stage.states)


async def test_escape_in_password_field_keeps_nothing(tmp_path: Path) -> None:
    async with on(tmp_path, "open sesame") as stage:
        stage.paster.focus = PASSWORD
        (await stage.press()).say(5)
        await stage.until_state(Listening)
        stage.escape()
        await stage.until(lambda: len(stage.rows) == 1)
        assert (stage.rows[0].delivery, stage.rows[0].raw_text) == (Outcome.REFUSED, "")
        assert list(tmp_path.iterdir()) == []
