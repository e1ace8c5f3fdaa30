"""An empty transcript is silence where two recognizers agree or no voice was heard; otherwise the recording is kept."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from desktop.app.recovery import recover, shown
from desktop.audio.file import read
from desktop.core.errors import Problem, RecognizerProblem
from desktop.core.interfaces import Recognizer
from desktop.core.paths import Paths
from desktop.core.state import Done, Failed
from desktop.core.types import FRAME, RATE_HZ, Audio, Frame, Outcome, Transcript
from desktop.history.history import History
from desktop.history.recorder import Memory
from desktop.settings.schema import Keeping
from desktop.stt.cloud.chunking import joined
from desktop.stt.fallback import Choice, Rules
from desktop.stt.silence import VOICE_S, unheard, voiced
from tests.conftest import Clip
from tests.support.stage import Stage, on

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


class Hears:
    """Hears all and says `text`, or raises `problem`."""

    def __init__(self, engine: str, text: str = "", problem: Problem | None = None) -> None:
        self._engine, self._text, self._problem = engine, text, problem
        self.asked = 0

    async def transcribe(self, speech: AsyncIterable[Frame], show: Callable[[Transcript], None]) -> Transcript:
        self.asked += 1
        async for _ in speech:
            pass
        if self._problem is not None:
            raise self._problem
        return Transcript(self._text, len(self._text), engine=self._engine, model="base")


GONE = RecognizerProblem("The speech model stopped twice.")


def chosen(local: Recognizer | None) -> Choice:
    return Choice(Hears("openai"), local, Rules("fallback", 1.5, "OpenAI"))


@pytest.fixture
def spoken(clips: list[Clip]) -> Audio:
    return np.concatenate([read(clip.path) for clip in clips])[: 20 * RATE_HZ]


async def dictate(stage: Stage, recognizer: Recognizer, audio: Audio) -> None:
    stage.dictation.parts = replace(stage.parts(), recognizer=recognizer)
    recording = await stage.press()
    recording.play(audio)
    stage.release()
    await stage.until(lambda: not stage.dictation._unfinished)


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
        assert (failed.problem.title, failed.kept) == (title, True)
        assert isinstance(failed.problem, RecognizerProblem), "the pill offers Retry for these"
        (row,) = stage.rows
        assert (row.delivery, row.raw_text) == (Outcome.FAILED, "")


async def test_empty_transcript_recording_is_kept_on_disk(tmp_path: Path, spoken: Audio) -> None:
    paths = Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)
    memory = Memory(paths, History(paths.history))
    async with on(tmp_path / "unused") as stage:
        parts = replace(
            stage.parts(),
            recognizer=Hears("whisper"),
            spool=memory.spool,
            remember=lambda entry, take: memory.remember(entry, take, Keeping(keep_audio_days=0)),
        )
        stage.dictation.parts = parts
        recording = await stage.press()
        recording.play(spoken)
        stage.release()
        await stage.until(lambda: not stage.dictation._unfinished)
    (row,) = History(paths.history).rows()
    assert row.audio_path is not None
    assert len(read(row.audio_path)) == len(spoken)


async def test_silence_of_two_recognizers_leaves_no_row(tmp_path: Path, spoken: Audio) -> None:
    async with on(tmp_path) as stage:
        await dictate(stage, chosen(Hears("whisper")), spoken)
        assert stage.states[-1] == Done(Outcome.SILENT)
        assert stage.rows == []
        assert not stage.spool.leftovers()


@pytest.mark.parametrize("share_s", [0.0, VOICE_S / 2])
async def test_under_a_second_of_voice_leaves_no_row(tmp_path: Path, spoken: Audio, share_s: float) -> None:
    quiet = np.zeros(10 * RATE_HZ, np.float32)
    begin = RATE_HZ // 2
    quiet[begin : begin + int(share_s * RATE_HZ)] = spoken[begin : begin + int(share_s * RATE_HZ)]
    async with on(tmp_path) as stage:
        await dictate(stage, Hears("whisper"), quiet)
        assert stage.states[-1] == Done(Outcome.SILENT)
        assert (stage.rows, stage.spool.leftovers()) == ([], [])


async def test_empty_transcript_kept_nowhere_says_so(tmp_path: Path, spoken: Audio) -> None:
    async with on(tmp_path) as stage:
        stage.dictation.parts = replace(stage.parts(), recognizer=Hears("whisper"), keeps=lambda target: False)
        recording = await stage.press()
        recording.play(spoken)
        stage.release()
        await stage.until(lambda: not stage.dictation._unfinished)
        failed = stage.states[-1]
        assert isinstance(failed, Failed)
        assert (failed.kept, failed.problem.remedy) == (False, "Nothing was kept. Try again.")
        assert not stage.spool.leftovers()


async def test_recovered_speech_without_text_fails_at_once(tmp_path: Path, spoken: Audio) -> None:
    title = "Whisper base heard nothing."
    paths = Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)
    memory = Memory(paths, History(paths.history))
    with memory.spool.take(NOW) as take:
        for start in range(0, len(spoken), FRAME):
            take.write(spoken[start : start + FRAME])

    async def never() -> None:
        """Nothing is dictated."""

    ear = Hears("whisper")
    (entry,) = await recover(memory, ear, Keeping(), never)
    assert await recover(memory, ear, Keeping(), never) == []
    assert ear.asked == 1, "not the same attempt at every start"
    (row,) = History(paths.history).rows()
    assert (row.delivery, row.text) == (Outcome.FAILED, "")
    assert row.note.startswith(title)
    assert row.audio_path is not None
    assert row.audio_path.is_file()
    assert isinstance(state := shown(entry), Failed)
    assert title in str(state.problem)


async def test_unreadable_recording_counts_as_voiced(caplog: pytest.LogCaptureFixture) -> None:
    def blocks() -> Iterator[Audio]:
        raise OSError("the disk is gone")
        yield

    problem = await unheard(Transcript(engine="deepgram"), blocks())
    assert problem is not None
    assert problem.title == "Deepgram heard nothing."
    assert "the disk is gone" in caplog.text
    caplog.clear()


def test_pieces_agree_only_where_all_do() -> None:
    silent = Transcript(agreed=True)
    assert joined([silent, silent]).agreed
    assert not joined([silent, Transcript()]).agreed


def test_voiced_stops_at_what_is_enough(spoken: Audio) -> None:
    taken: list[int] = []

    def blocks() -> Iterator[Audio]:
        for start in range(0, len(spoken), 30 * FRAME):
            taken.append(start)
            yield spoken[start : start + 30 * FRAME]

    assert voiced(blocks())
    assert len(taken) < len(spoken) / (30 * FRAME)
    assert not voiced([np.zeros(RATE_HZ * 5, np.float32)])
