"""The flow from press to history, told with fakes at its edges."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import pytest

from desktop.core.errors import PasteError, UserError
from desktop.core.messages import Message
from desktop.core.state import Done, Failed, Listening, Pasting, Polishing, Starting, Transcribing
from desktop.core.types import FRAME_SAMPLES, Outcome, PasteResult, Target
from desktop.hotkeys.gesture import DictationIntent
from tests.support.stage import on

pytestmark = pytest.mark.anyio


async def test_hold_speak_release_pastes_polished_text(tmp_path: Path) -> None:
    async with on(tmp_path, "hello there") as stage:
        recording = await stage.press()
        recording.say(5)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == [("Hello there.", 1)]
        row = stage.rows[0]
        assert (row.raw_text, row.text, row.delivery) == ("hello there", "Hello there.", Outcome.INSERTED)
        assert (row.app, row.window) == ("editor", "Untitled")
        assert row.release_to_text_ms is not None
        assert row.release_to_text_ms >= 0


async def test_the_states_come_in_their_order(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        recording = await stage.press()
        recording.say(5)
        await stage.until_state(Listening)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        kinds = [type(state) for state in stage.states]
        order = list(dict.fromkeys(kinds))
        assert order == [Starting, Listening, Transcribing, Polishing, Pasting, Done]
        known = [state.raw_text for state in stage.states if isinstance(state, Polishing | Pasting | Done)]
        assert set(known) == {"hello"}
        assert stage.states[-1] == Done(Outcome.INSERTED, "Hello.")


async def test_silence_pastes_nothing_and_leaves_no_row(tmp_path: Path) -> None:
    async with on(tmp_path) as stage:
        recording = await stage.press()
        recording.say(5)
        stage.release()
        assert await stage.until_state(Done) == Done(Outcome.SILENT)
        assert stage.paster.pasted == []
        assert stage.rows == []
        assert not stage.spool.find_leftovers()


async def test_return_follows_only_its_dictations_text(tmp_path: Path) -> None:
    async with on(tmp_path, "hello", "world") as stage:
        for count, intent in enumerate((DictationIntent.SEND, DictationIntent.END), start=1):
            (await stage.press()).say(2)
            stage.mean(intent)
            await stage.until(lambda count=count: len(stage.rows) == count)
        assert len(stage.paster.pasted) == 2
        assert stage.paster.entered == [stage.paster.pasted[0][0]]


async def test_a_second_dictation_waits_its_turn(tmp_path: Path) -> None:
    async with on(tmp_path, "first", "second") as stage:
        slow = anyio.Event()
        stage.recognizer.gates = [slow]
        (await stage.press()).say(2)
        stage.release()
        (await stage.press()).say(2)
        stage.release()
        await stage.until(lambda: len(stage.recognizer.heard) == 2)
        assert stage.paster.pasted == []
        slow.set()
        await stage.until(lambda: len(stage.rows) == 2)
        assert [text for text, _ in stage.paster.pasted] == ["First.", "Second."]


async def test_an_older_dictation_finishes_unseen(tmp_path: Path) -> None:
    async with on(tmp_path, "first", "second") as stage:
        slow = anyio.Event()
        stage.recognizer.gates = [slow]
        (await stage.press()).say(2)
        stage.release()
        await stage.until_state(Transcribing)
        await stage.press()
        await stage.until_state(Starting)
        slow.set()
        await stage.until(lambda: len(stage.rows) == 1)
        assert not any(isinstance(state, Pasting | Done) for state in stage.states)


async def test_target_is_window_focused_at_release(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        (await stage.press()).say(2)
        await stage.until_state(Listening)
        stage.paster.focus = Target(2, "terminal", "Shell")
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == [("Hello.", 2)]
        assert stage.rows[0].app == "terminal"
        assert stage.states[-1] == Done(Outcome.INSERTED, "Hello.", new_target="terminal")
        assert Pasting("Hello.", "terminal") in stage.states


async def test_window_unknown_at_press_is_no_other_window(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        stage.paster.focus = Target(-1)
        (await stage.press()).say(2)
        await stage.until_state(Listening)
        stage.paster.focus = Target(2, "terminal", "Shell")
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == [("Hello.", 2)]
        assert stage.states[-1] == Done(Outcome.INSERTED, "Hello.")


async def test_longest_dictation_ends_itself_with_countdown(tmp_path: Path) -> None:
    async with on(tmp_path, "hello there") as stage:
        stage.dictation.dependencies = replace(stage.parts(), max_duration_s=1.0)
        recording = await stage.press()
        recording.say(40)
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.rows[0].delivery is Outcome.INSERTED
        assert stage.overs == 1
        left = [state.remaining_s for state in stage.states if isinstance(state, Listening)]
        assert left[0] == 1
        assert left[-1] == 0


async def test_an_end_that_is_far_away_is_not_announced(tmp_path: Path) -> None:
    async with on(tmp_path, "hello there") as stage:
        recording = await stage.press()
        recording.say(5)
        state = await stage.until_state(Listening)
        assert isinstance(state, Listening)
        assert state.remaining_s is None


async def test_what_could_not_be_inserted_is_named(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        stage.paster.outcome = PasteResult(Outcome.COPIED, (Message("window-changed"),))
        (await stage.press()).say(2)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.states[-1] == Done(Outcome.COPIED, "Hello.", (Message("window-changed"),))
        assert stage.rows[0].delivery is Outcome.COPIED


async def test_app_exit_mid_dictation_leaves_spool_file(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        (await stage.press()).say(4)
        await stage.until(lambda: any(isinstance(s, Listening) and s.transcript.text for s in stage.states))
    (left,) = stage.spool.find_leftovers()
    assert len(left.read_audio()) >= FRAME_SAMPLES


@pytest.mark.parametrize("problem", [PasteError("insertion-unseen"), ImportError("another version")])
@pytest.mark.parametrize("intent", [DictationIntent.EDIT, DictationIntent.AGAIN])
async def test_intent_that_fails_is_shown_and_ends_no_running_session(
    tmp_path: Path, problem: Exception, intent: DictationIntent, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*arguments: object) -> Any:
        raise problem

    async with on(tmp_path, "first", "third") as stage:
        slow = anyio.Event()
        stage.recognizer.gates = [slow]
        (await stage.press()).say(2)
        stage.release()
        await stage.until_state(Transcribing)
        stage.dictation.dependencies = replace(stage.parts(), start_edit=fail, start_correction=fail)
        stage.mean(intent)
        failed = await stage.until_state(Failed)
        assert isinstance(failed, Failed)
        assert failed.problem is problem if isinstance(problem, UserError) else "another version" in caplog.text
        assert stage.overs == 1
        stage.release()
        slow.set()
        await stage.until(lambda: len(stage.rows) == 1)
        (await stage.press()).say(2)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 2)
        assert [text for text, _ in stage.paster.pasted] == ["First.", "Third."]
