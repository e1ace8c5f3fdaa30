"""An empty transcript is silence where two recognizers agree or no voice was heard; otherwise the recording is kept."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from desktop.app.recovery import recover_recordings, recovered_state
from desktop.audio.file import read_audio
from desktop.core.errors import RecognizerError, UserError
from desktop.core.interfaces import Recognizer
from desktop.core.paths import Paths
from desktop.core.state import Done, Failed
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Frame, Outcome, Transcript
from desktop.history.recorder import DictationRecorder
from desktop.history.store import HistoryStore
from desktop.settings.schema import HistorySettings
from desktop.stt.cloud.chunking import join_transcripts
from desktop.stt.fallback import FallbackRecognizer, FallbackRules
from desktop.stt.silence import MIN_VOICE_S, find_missed_speech, has_voice
from tests.conftest import Clip
from tests.support.stage import Stage, on

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


class Hears:
    """Hears all and says `text`, or raises `problem`."""

    def __init__(self, engine: str, text: str = "", problem: UserError | None = None) -> None:
        self._engine, self._text, self._problem = engine, text, problem
        self.asked = 0

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        self.asked += 1
        async for _ in speech:
            pass
        if self._problem is not None:
            raise self._problem
        return Transcript(self._text, len(self._text), engine=self._engine, model="base")


GONE = RecognizerError("reported-message", title="The speech model stopped twice.", advice="")


def chosen(local: Recognizer | None) -> FallbackRecognizer:
    return FallbackRecognizer(Hears("openai"), local, FallbackRules("fallback", 1.5, "OpenAI"))


@pytest.fixture
def spoken(clips: list[Clip]) -> Audio:
    return np.concatenate([read_audio(clip.path) for clip in clips])[: 20 * RATE_HZ]


async def dictate(stage: Stage, recognizer: Recognizer, audio: Audio) -> None:
    stage.dictation.dependencies = replace(stage.parts(), recognizer=recognizer)
    recording = await stage.press()
    recording.play(audio)
    stage.release()
    await stage.until(lambda: not stage.dictation._unfinished_sessions)


@pytest.mark.parametrize(
    ("recognizer", "title"),
    [
        (chosen(None), "OpenAI base heard nothing."),
        (chosen(Hears("whisper", problem=GONE)), "OpenAI base heard nothing."),
        (Hears("whisper"), "Whisper base heard nothing."),
    ],
    ids=["service without a local model", "service with a failed local model", "local model alone"],
)
async def test_empty_transcript_of_speech_fails_and_is_kept(
    tmp_path: Path, spoken: Audio, recognizer: Recognizer, title: str
) -> None:
    async with on(tmp_path) as stage:
        await dictate(stage, recognizer, spoken)
        failed = stage.states[-1]
        assert isinstance(failed, Failed)
        assert (failed.problem.title, failed.has_recording) == (title, True)
        assert isinstance(failed.problem, RecognizerError), "the pill offers Retry for these"
        (row,) = stage.rows
        assert (row.delivery, row.raw_text) == (Outcome.FAILED, "")


async def test_empty_transcript_recording_is_kept_on_disk(tmp_path: Path, spoken: Audio) -> None:
    paths = Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)
    memory = DictationRecorder(paths, HistoryStore(paths.history))
    async with on(tmp_path / "unused") as stage:
        parts = replace(
            stage.parts(),
            recognizer=Hears("whisper"),
            spool=memory.spool,
            record_entry=lambda entry, take: memory.record(entry, take, HistorySettings(keep_audio_days=0)),
        )
        stage.dictation.dependencies = parts
        recording = await stage.press()
        recording.play(spoken)
        stage.release()
        await stage.until(lambda: not stage.dictation._unfinished_sessions)
    (row,) = HistoryStore(paths.history).rows()
    assert row.audio_path is not None
    assert len(read_audio(row.audio_path)) == len(spoken)


async def test_silence_of_two_recognizers_leaves_no_row(tmp_path: Path, spoken: Audio) -> None:
    async with on(tmp_path) as stage:
        await dictate(stage, chosen(Hears("whisper")), spoken)
        assert stage.states[-1] == Done(Outcome.SILENT)
        assert stage.rows == []
        assert not stage.spool.find_leftovers()


@pytest.mark.parametrize("share_s", [0.0, MIN_VOICE_S / 2])
async def test_under_a_second_of_voice_leaves_no_row(tmp_path: Path, spoken: Audio, share_s: float) -> None:
    quiet = np.zeros(10 * RATE_HZ, np.float32)
    begin = RATE_HZ // 2
    quiet[begin : begin + int(share_s * RATE_HZ)] = spoken[begin : begin + int(share_s * RATE_HZ)]
    async with on(tmp_path) as stage:
        await dictate(stage, Hears("whisper"), quiet)
        assert stage.states[-1] == Done(Outcome.SILENT)
        assert (stage.rows, stage.spool.find_leftovers()) == ([], [])


async def test_empty_transcript_kept_nowhere_says_so(tmp_path: Path, spoken: Audio) -> None:
    async with on(tmp_path) as stage:
        stage.dictation.dependencies = replace(stage.parts(), recognizer=Hears("whisper"), is_kept=lambda target: False)
        recording = await stage.press()
        recording.play(spoken)
        stage.release()
        await stage.until(lambda: not stage.dictation._unfinished_sessions)
        failed = stage.states[-1]
        assert isinstance(failed, Failed)
        assert (failed.has_recording, failed.problem.remedy) == (False, "Nothing was kept. Try again.")
        assert not stage.spool.find_leftovers()


async def test_recovered_speech_without_text_fails_at_once(tmp_path: Path, spoken: Audio) -> None:
    title = "Whisper base heard nothing."
    paths = Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)
    memory = DictationRecorder(paths, HistoryStore(paths.history))
    with memory.spool.create(NOW) as take:
        for start in range(0, len(spoken), FRAME_SAMPLES):
            take.write(spoken[start : start + FRAME_SAMPLES])

    async def never() -> None:
        """Nothing is dictated."""

    ear = Hears("whisper")
    (entry,) = await recover_recordings(memory, ear, HistorySettings(), never)
    assert await recover_recordings(memory, ear, HistorySettings(), never) == []
    assert ear.asked == 1, "not the same attempt at every start"
    (row,) = HistoryStore(paths.history).rows()
    assert (row.delivery, row.text) == (Outcome.FAILED, "")
    assert row.note.startswith(title)
    assert row.audio_path is not None
    assert row.audio_path.is_file()
    assert isinstance(state := recovered_state(entry), Failed)
    assert title in str(state.problem)


async def test_unreadable_recording_counts_as_voiced(caplog: pytest.LogCaptureFixture) -> None:
    def blocks() -> Iterator[Audio]:
        raise OSError("the disk is gone")
        yield

    problem = await find_missed_speech(Transcript(engine="deepgram"), blocks())
    assert problem is not None
    assert problem.title == "Deepgram heard nothing."
    assert "the disk is gone" in caplog.text
    caplog.clear()


def test_pieces_agree_only_where_all_do() -> None:
    silent = Transcript(silence_confirmed=True)
    assert join_transcripts([silent, silent]).silence_confirmed
    assert not join_transcripts([silent, Transcript()]).silence_confirmed


def test_voiced_stops_at_what_is_enough(spoken: Audio) -> None:
    taken: list[int] = []

    def blocks() -> Iterator[Audio]:
        for start in range(0, len(spoken), 30 * FRAME_SAMPLES):
            taken.append(start)
            yield spoken[start : start + 30 * FRAME_SAMPLES]

    assert has_voice(blocks())
    assert len(taken) < len(spoken) / (30 * FRAME_SAMPLES)
    assert not has_voice([np.zeros(RATE_HZ * 5, np.float32)])
