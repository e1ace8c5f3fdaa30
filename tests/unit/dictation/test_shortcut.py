"""Another key during a dictation costs no words, and a shortcut that begins with the talk key leaves no trace."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import numpy as np
import pytest

from desktop.audio.file import read_audio
from desktop.core.keys import Action
from desktop.core.state import SHORTCUT_WINDOW_S, Done, Idle, Listening, Transcribing
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Frame, Outcome, Transcript
from desktop.hotkeys.gesture import DictationIntent, GestureEvent
from desktop.hotkeys.gesture_runner import GestureRunner
from desktop.hotkeys.matcher import BindingTable, HotkeyMatcher, KeyPress
from tests.conftest import Clip
from tests.support.stage import FakeRecognizer, FakeRecording, Stage, on

pytestmark = pytest.mark.anyio

CTRL_R, V, VOLUME = 105, 55, 123


class Keys(GestureRunner):
    """The talk key's gesture, sent to the flow on `stage`; `later_s` is how far its clock is ahead."""

    def __init__(self, stage: Stage) -> None:
        self.later_s = 0.0
        super().__init__(lambda intent, at: stage.mean(intent), max_tap_s=0, clock=lambda: monotonic() + self.later_s)
        stage.keys = self


async def test_shortcut_leaves_no_trace(tmp_path: Path) -> None:
    async with on(tmp_path) as stage:
        keys = Keys(stage)
        keys.handle_key(GestureEvent.DOWN)
        await stage.until(lambda: len(stage.microphone.recordings) == 1)
        stage.microphone.recordings[0].say(2)
        keys.handle_key(GestureEvent.OTHER)
        await stage.until_state(Idle)
        keys.handle_key(GestureEvent.UP)
        assert not keys.is_held
        assert stage.rows == []
        assert not stage.spool.find_leftovers()
        assert not any(isinstance(state, Done) for state in stage.states)


async def test_shortcut_released_at_once_leaves_no_trace(tmp_path: Path) -> None:
    async with on(tmp_path) as stage:
        await stage.press()
        stage.mean(DictationIntent.SHORTCUT)
        stage.release()
        await stage.until_state(Idle)
        await stage.until(lambda: not stage.dictation._unfinished_sessions)
        assert not any(isinstance(state, Transcribing | Done) for state in stage.states)
        assert stage.overs == 0, "the key has come up already"


async def test_other_key_in_first_moment_spares_shown_words(tmp_path: Path) -> None:
    async with on(tmp_path, "hello there") as stage:
        recording = await stage.press()
        recording.say(3)
        await stage.until(lambda: any(isinstance(s, Listening) and s.transcript.text for s in stage.states))
        stage.mean(DictationIntent.SHORTCUT)
        recording.say(8)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == [("Hello there.", 1)]
        assert stage.overs == 0


class Late(FakeRecognizer):
    """Says its words at the end alone."""

    async def transcribe(self, speech: AsyncIterator[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        return await super().transcribe(speech, lambda partial: None)


@asynccontextmanager
async def speaking(folder: Path, spoken: Audio, before_s: float = 0.0) -> AsyncIterator[tuple[Stage, FakeRecording]]:
    """A press, and `spoken`, of which `before_s` seconds were heard before it, to an engine that shows no words."""
    async with on(folder) as stage:
        stage.recognizer = Late()
        stage.recognizer.texts = ["late words"]
        stage.dictation.dependencies = stage.parts()
        recording = await stage.press()
        recording.preroll_s = before_s
        recording.play(spoken)
        (newest,) = stage.dictation._unfinished_sessions
        await stage.until(lambda: newest._capture.captured_s * RATE_HZ >= len(spoken))
        yield stage, recording


async def test_other_key_in_the_first_moment_spares_voice(tmp_path: Path, clips: list[Clip]) -> None:
    spoken = read_audio(clips[0].path)[RATE_HZ // 2 :]
    async with speaking(tmp_path, spoken[: int(SHORTCUT_WINDOW_S * RATE_HZ)]) as (stage, recording):
        stage.mean(DictationIntent.SHORTCUT)
        recording.play(spoken[: 2 * RATE_HZ])
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == [("Late words.", 1)]
        assert stage.overs == 0


async def test_voice_before_press_does_not_dictate_shortcut(tmp_path: Path, clips: list[Clip]) -> None:
    before = read_audio(clips[0].path)[RATE_HZ // 2 :][: int(0.4 * RATE_HZ)]
    heard = np.concatenate([before, np.zeros(int(0.1 * RATE_HZ), np.float32)])
    async with speaking(tmp_path, heard, before_s=0.4) as (stage, _):
        stage.mean(DictationIntent.SHORTCUT)
        await stage.until_state(Idle)
        assert (stage.rows, stage.paster.pasted) == ([], [])
        assert not stage.spool.find_leftovers()


@pytest.mark.parametrize("then", [DictationIntent.END, DictationIntent.CANCEL], ids=["released", "cancelled"])
async def test_intents_during_voice_check_lose_nothing(
    tmp_path: Path, clips: list[Clip], then: DictationIntent
) -> None:
    spoken = read_audio(clips[0].path)[RATE_HZ // 2 : RATE_HZ]
    async with speaking(tmp_path, spoken) as (stage, _):
        stage.mean(DictationIntent.SHORTCUT)
        stage.mean(then)
        stage.mean(DictationIntent.BEGIN)
        await stage.until(lambda: len(stage.rows) == 1)
        wanted = Outcome.INSERTED if then is DictationIntent.END else Outcome.CANCELLED
        assert stage.rows[0].delivery is wanted
        await stage.until(lambda: len(stage.dictation._unfinished_sessions) == 1)
        assert not stage.microphone.recordings[1].closed, "the one that was begun since goes on"


async def test_shortcut_whose_voice_cannot_be_judged_is_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> bool:
        raise OSError("no detector")

    monkeypatch.setattr("desktop.stt.silence.has_voice", broken)
    async with speaking(tmp_path, np.zeros(4 * FRAME_SAMPLES, np.float32)) as (stage, _):
        stage.mean(DictationIntent.SHORTCUT)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == [("Late words.", 1)]
    caplog.clear()


async def test_other_key_after_five_minutes_costs_nothing(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        keys = Keys(stage)
        keys.handle_key(GestureEvent.DOWN)
        await stage.until(lambda: len(stage.microphone.recordings) == 1)
        stage.microphone.recordings[0].say(5)
        keys.later_s = 300.0
        keys.handle_key(GestureEvent.OTHER)
        keys.handle_key(GestureEvent.OTHER)
        assert keys.is_held_recording
        keys.handle_key(GestureEvent.UP)
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == [("Hello.", 1)]


async def test_single_tap_of_two_keeps_spoken_words(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        (await stage.press()).say(5)
        await stage.until(lambda: any(isinstance(s, Listening) and s.transcript.text for s in stage.states))
        stage.mean(DictationIntent.DISCARD)
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.rows[0].delivery is Outcome.CANCELLED
        assert "hello".startswith(stage.rows[0].raw_text)
        assert stage.paster.pasted == []


async def test_single_tap_of_two_leaves_no_trace_of_silence(tmp_path: Path) -> None:
    async with on(tmp_path) as stage:
        (await stage.press()).say(5)
        stage.mean(DictationIntent.DISCARD)
        await stage.until_state(Idle)
        assert stage.rows == []
        assert not stage.spool.find_leftovers()


def test_media_key_is_no_shortcut() -> None:
    hearing = HotkeyMatcher(BindingTable({CTRL_R: Action.TALK}, media=frozenset({VOLUME})))
    assert hearing.match_event(KeyPress(CTRL_R), 0.0) == (GestureEvent.DOWN, Action.TALK)
    assert hearing.match_event(KeyPress(VOLUME), 0.05) is None
    assert hearing.match_event(KeyPress(V), 0.1) == (GestureEvent.OTHER, Action.TALK)
