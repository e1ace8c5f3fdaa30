"""Another key during a dictation costs no words, and a shortcut that begins with the talk key leaves no trace."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

import anyio
import pytest

from desktop.audio_file import read
from desktop.gesture import SHORTCUT_S, Event, Intent
from desktop.hotkey.bindings import Action
from desktop.hotkey.hearing import Armed, Hearing, Press
from desktop.intents import Intents
from desktop.ports import RATE_HZ, Outcome
from desktop.state import Done, Idle, Listening, Transcribing
from tests.conftest import Clip
from tests.stage import Stage, on

pytestmark = pytest.mark.anyio

CTRL_R, V, VOLUME = 105, 55, 123


class Keys(Intents):
    """The talk key's gesture, sent to the flow on `stage`; `later_s` is how far its clock is ahead."""

    def __init__(self, stage: Stage) -> None:
        self.later_s = 0.0
        super().__init__(lambda intent, at: stage.mean(intent), tap_s=0, clock=lambda: monotonic() + self.later_s)
        stage.dictation.over = self.over


async def test_shortcut_leaves_no_trace(tmp_path: Path) -> None:
    async with on(tmp_path) as stage:
        keys = Keys(stage)
        keys.key(Event.DOWN)
        await stage.until(lambda: len(stage.microphone.recordings) == 1)
        stage.microphone.recordings[0].say(2)
        keys.key(Event.OTHER)
        await stage.until_state(Idle)
        keys.key(Event.UP)
        assert not keys.held
        assert stage.rows == []
        assert not stage.spool.leftovers()
        assert not any(isinstance(state, Done) for state in stage.states)


async def test_shortcut_of_one_that_is_let_go_at_once_leaves_no_trace(tmp_path: Path) -> None:
    async with on(tmp_path) as stage:
        await stage.press()
        stage.mean(Intent.SHORTCUT)
        stage.release()
        await stage.until_state(Idle)
        await stage.until(lambda: not stage.dictation._unfinished)
        assert not any(isinstance(state, Transcribing | Done) for state in stage.states)
        assert stage.overs == 0, "the key has come up already"


async def test_other_key_in_the_first_moment_spares_shown_words(tmp_path: Path) -> None:
    async with on(tmp_path, "hello there") as stage:
        recording = await stage.press()
        recording.say(3)
        await stage.until(lambda: any(isinstance(s, Listening) and s.words.text for s in stage.states))
        stage.mean(Intent.SHORTCUT)
        recording.say(8)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == [("Hello there.", 1)]
        assert stage.overs == 0


async def test_other_key_in_the_first_moment_spares_voice(tmp_path: Path, clips: list[Clip]) -> None:
    spoken = read(clips[0].path)[RATE_HZ // 2 :]
    async with on(tmp_path) as stage:
        recording = await stage.press()
        recording.play(spoken[: int(SHORTCUT_S * RATE_HZ)])
        (newest,) = stage.dictation._unfinished
        await stage.until(lambda: newest._heard_s >= SHORTCUT_S)
        stage.mean(Intent.SHORTCUT)
        stage.recognizer.texts = ["late words"]
        recording.play(spoken[: 2 * RATE_HZ])
        await anyio.wait_all_tasks_blocked()
        stage.release()
        await stage.until(lambda: not stage.dictation._unfinished)
        assert recording.closed
        assert newest._heard_s > 2


async def test_other_key_after_five_minutes_costs_nothing(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        keys = Keys(stage)
        keys.key(Event.DOWN)
        await stage.until(lambda: len(stage.microphone.recordings) == 1)
        stage.microphone.recordings[0].say(5)
        keys.later_s = 300.0
        keys.key(Event.OTHER)
        keys.key(Event.OTHER)
        assert keys.talking
        keys.key(Event.UP)
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == [("Hello.", 1)]


async def test_single_tap_where_two_are_needed_keeps_what_was_said(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        (await stage.press()).say(5)
        await stage.until(lambda: any(isinstance(s, Listening) and s.words.text for s in stage.states))
        stage.mean(Intent.DISCARD)
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.rows[0].delivery is Outcome.CANCELLED
        assert "hello".startswith(stage.rows[0].raw_text)
        assert stage.paster.pasted == []


async def test_single_tap_where_two_are_needed_leaves_no_trace_of_silence(tmp_path: Path) -> None:
    async with on(tmp_path) as stage:
        (await stage.press()).say(5)
        stage.mean(Intent.DISCARD)
        await stage.until_state(Idle)
        assert stage.rows == []
        assert not stage.spool.leftovers()


def test_media_key_is_no_shortcut() -> None:
    hearing = Hearing(Armed({CTRL_R: Action.TALK}, media=frozenset({VOLUME})))
    assert hearing.hear(Press(CTRL_R), 0.0) == (Event.DOWN, Action.TALK)
    assert hearing.hear(Press(VOLUME), 0.05) is None
    assert hearing.hear(Press(V), 0.1) == (Event.OTHER, Action.TALK)
