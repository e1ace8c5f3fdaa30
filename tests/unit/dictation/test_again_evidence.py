"""The sound of a correction, as it goes to the recognizer, and an engine that is slow."""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable, Sequence
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.audio.file import iterate_frames, read_audio
from desktop.core.interfaces import Recognizer
from desktop.core.state import Corrected, Done
from desktop.core.types import RATE_HZ, Audio, Frame, Target, TimedWord, Transcript
from desktop.dictation import again_evidence
from desktop.dictation.again_evidence import MAX_CORRECTION_S, RecordedEvidence
from desktop.hotkeys.gesture import DictationIntent
from tests.conftest import Clip
from tests.support.again_scene import NoAligner, again_scene
from tests.unit.dictation.test_again import LOUD, SAID, FieldPaster, TextAligner

pytestmark = pytest.mark.anyio


class CountingRecognizer:
    """Hears how many samples there are."""

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        return Transcript(str(sum([len(frame) async for frame in speech])))


class OneChooser:
    """Chooses English."""

    async def choose(self, read_target: Callable[[], Awaitable[Target]]) -> tuple[str, ...]:
        return ("en",)

    def create_recognizer(self, languages: tuple[str, ...]) -> Recognizer:
        assert languages == ("en",)
        return CountingRecognizer()


class MeasuringAligner(NoAligner):
    """Tells how many samples it is asked about."""

    async def list_alternatives(self, audio: Audio, language: str, count: int) -> tuple[str, ...]:
        return (str(len(audio)),)


class HardOfHearing:
    """Hears nothing, in English; `is_silence`: and says that it is silence."""

    def __init__(self, *, is_silence: bool = False) -> None:
        self._is_silence = is_silence

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        _ = [frame async for frame in speech]
        return Transcript(language="en", silence_confirmed=self._is_silence)


class SlowAligner(TextAligner):
    """Never answers what is likely."""

    async def score(self, audio: Audio, texts: Sequence[str], language: str) -> tuple[float, ...]:
        await anyio.sleep_forever()
        raise AssertionError


class EndlessAligner(NoAligner):
    """Finds the words of a recording for ever."""

    def __init__(self) -> None:
        self.began, self.ended = anyio.Event(), anyio.Event()

    async def align(self, audio: Audio, text: str, language: str, *, is_urgent: bool = False) -> tuple[TimedWord, ...]:
        self.began.set()
        try:
            await anyio.sleep_forever()
        finally:
            self.ended.set()
        raise AssertionError


class SilentAligner(NoAligner):
    """Never answers what else was said."""

    async def list_alternatives(self, audio: Audio, language: str, count: int) -> tuple[str, ...]:
        await anyio.sleep_forever()
        raise AssertionError


class UnaskedAligner(NoAligner):
    """Is never asked what else was said."""

    async def list_alternatives(self, audio: Audio, language: str, count: int) -> tuple[str, ...]:
        raise AssertionError(language)


async def read_target() -> Target:
    """No window."""
    return Target()


@pytest.mark.parametrize(("seconds", "asked_about"), [(0.5, RATE_HZ // 2), (MAX_CORRECTION_S + 1, 0)])
async def test_what_the_recognizer_hears_is_asked_about_unless_it_is_long(seconds: float, asked_about: int) -> None:
    evidence = RecordedEvidence(MeasuringAligner)
    audio = np.full(round(seconds * RATE_HZ), 0.1, np.float32)
    chooser = evidence.listen_in(OneChooser())
    recognizer = chooser.create_recognizer(await chooser.choose(read_target))
    heard = await recognizer.transcribe(iterate_frames(audio), lambda transcript: None)
    assert heard.text == str(len(audio))
    assert await evidence.list_alternatives("en") == (str(asked_about),)


async def hear_nothing_in(audio: Audio, *, is_silence: bool = False) -> Transcript:
    """What becomes of the transcript of a recognizer that hears nothing in `audio`."""
    evidence = RecordedEvidence(lambda: TextAligner("", "", ("Kucera.", "Coochera.")))
    recognizer = evidence.listen(HardOfHearing(is_silence=is_silence))
    return await recognizer.transcribe(iterate_frames(audio), lambda transcript: None)


async def test_speech_that_is_taken_for_noise_is_written(clips: list[Clip]) -> None:
    audio = read_audio(clips[0].path)[:RATE_HZ]
    heard = await hear_nothing_in(audio)
    assert (heard.text, heard.stable_length) == ("Kucera.", len("Kucera."))
    assert (await hear_nothing_in(audio, is_silence=True)).text == ""


async def test_clicks_are_no_speech() -> None:
    audio = np.random.default_rng(1).normal(0, 0.002, RATE_HZ).astype(np.float32)
    audio[:: RATE_HZ // 5] = 0.5
    assert (await hear_nothing_in(audio)).text == ""


async def test_likeness_decides_where_the_engine_is_slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(again_evidence, "TIMEOUT_S", 0.05)
    async with again_scene(tmp_path, FieldPaster()) as scene:
        scene.aligner = SlowAligner("", "")
        await scene.dictate(SAID, LOUD)
        assert await scene.again("Kucera.") == Corrected("kutchera", "Kucera")


async def test_recording_is_loaded_no_further_once_the_correction_is_cancelled(tmp_path: Path) -> None:
    async with again_scene(tmp_path, FieldPaster()) as scene:
        scene.aligner = aligner = EndlessAligner()
        await scene.dictate(SAID, LOUD)
        scene.stage.mean(DictationIntent.AGAIN)
        with anyio.fail_after(30):
            await aligner.began.wait()
            scene.stage.escape()
            await aligner.ended.wait()


async def test_all_questions_of_a_correction_have_one_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(again_evidence, "TIMEOUT_S", 0.05)
    evidence = RecordedEvidence(SilentAligner)
    assert await evidence.list_alternatives("en") == ()
    monkeypatch.setattr(again_evidence, "TIMEOUT_S", 3600.0)
    with anyio.fail_after(30):
        assert await evidence.list_alternatives("en") == ()


async def test_a_sentence_is_not_looked_for_by_its_alternatives(tmp_path: Path) -> None:
    async with again_scene(tmp_path, FieldPaster()) as scene:
        scene.aligner = UnaskedAligner()
        await scene.dictate(SAID, LOUD)
        shown = await scene.again("We had better walk home before it gets dark and the rain comes back.")
        assert isinstance(shown, Done)
        assert shown.notes[0].code == "correction-not-found"
