"""A kept recording, transcribed anew into its row."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile

from desktop.app.recovery import TRANSCRIBED_AGAIN_NOTE, transcribe_again
from desktop.core.errors import UserError
from desktop.core.types import RATE_HZ, Frame, Outcome, SentData, Style, Transcript
from desktop.history.rows import HistoryEntry, HistoryRow
from desktop.history.store import HistoryStore
from desktop.polish.polisher import TextPolisher
from desktop.polish.styles import StyleRule, Styles

pytestmark = pytest.mark.anyio

SENT = SentData("api.example.com", "speech", audio_bytes=100)


class Hearing:
    """A recognizer that hears `words` in anything, and counts the samples."""

    def __init__(self, words: str) -> None:
        self.words = Transcript(words, engine="openai", model="new", language="en", sent=(SENT,))
        self.samples = 0

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        async for frame in speech:
            self.samples += len(frame)
        return self.words


@pytest.fixture
def history(tmp_path: Path) -> HistoryStore:
    return HistoryStore(tmp_path / "history.db")


@pytest.fixture
def row(history: HistoryStore, tmp_path: Path) -> HistoryRow:
    take = tmp_path / "take.flac"
    soundfile.write(take, np.zeros(RATE_HZ, np.float32), RATE_HZ)
    first = SentData("old.example.com", "speech", audio_bytes=50)
    entry = HistoryEntry(
        started_at=datetime(2026, 3, 2, tzinfo=UTC),
        app="kate",
        raw_text="tee is ready",
        text="Tee is ready.",
        edited="Tea!",
        engine="whisper",
        delivery=Outcome.INSERTED,
        audio_path=take,
        sent=(first,),
    )
    return history.add(entry)


async def test_row_gets_new_words_and_keeps_outcome(row: HistoryRow, history: HistoryStore) -> None:
    hearing = Hearing("um tea is ready")
    found = await transcribe_again(row, hearing, TextPolisher(), history, Styles())
    assert found == history.get(row.id)
    assert found is not None
    assert hearing.samples == RATE_HZ
    assert (found.raw_text, found.text, found.edited) == ("um tea is ready", "Tea is ready.", None)
    assert (found.engine, found.model, found.delivery) == ("openai", "new", Outcome.INSERTED)
    assert found.notes == (TRANSCRIBED_AGAIN_NOTE,)
    assert found.sent == (*row.sent, SENT)


async def test_one_that_failed_has_been_recovered(row: HistoryRow, history: HistoryStore) -> None:
    failed = replace(row, delivery=Outcome.FAILED)
    found = await transcribe_again(failed, Hearing("tea"), TextPolisher(), history, Styles())
    assert found is not None
    assert found.delivery is Outcome.RECOVERED


async def test_no_words_leave_the_row_as_it_was(row: HistoryRow, history: HistoryStore) -> None:
    with pytest.raises(UserError, match="No words were heard"):
        await transcribe_again(row, Hearing(""), TextPolisher(), history, Styles())
    assert history.get(row.id) == row


async def test_without_a_recording_it_says_so(row: HistoryRow, history: HistoryStore) -> None:
    with pytest.raises(UserError, match="no recording"):
        await transcribe_again(replace(row, audio_path=None), Hearing("tea"), TextPolisher(), history, Styles())


async def test_a_row_that_was_deleted_meanwhile_stays_away(
    row: HistoryRow, history: HistoryStore, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.flac"
    copy.write_bytes(row.audio_path.read_bytes() if row.audio_path else b"")
    history.delete(row.id)
    assert (
        await transcribe_again(replace(row, audio_path=copy), Hearing("tea"), TextPolisher(), history, Styles()) is None
    )
    assert history.rows() == []


async def test_row_is_written_in_its_style(row: HistoryRow, history: HistoryStore) -> None:
    rule = StyleRule(style="programming", app=("kate",))
    code, prompt = Style("programming", capital=False, closing=False, code="all"), Style("prompt", code="names")
    styles = Styles({"programming": code, "prompt": prompt}, ((rule,),))
    said = Hearing("return camel case user name plus five")
    for name, text in (
        ("", "return userName + 5"),
        ("gone", "return userName + 5"),
        ("prompt", "Return userName plus five."),
    ):
        found = await transcribe_again(replace(row, style=name), said, TextPolisher(), history, styles)
        assert found is not None
        assert found.text == text
