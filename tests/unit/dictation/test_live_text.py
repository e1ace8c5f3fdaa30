"""Words in the field while they are spoken (`paste.live`): when they appear, what replaces them, and that none is left.

The field is a fake and the composition in it the real one.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.core.errors import RecognizerError
from desktop.core.interfaces import Composition, PasterCapability
from desktop.core.state import Done, Listening, Polishing
from desktop.core.types import FRAME_SAMPLES, Frame, InputField, Outcome, Target, Transcript
from desktop.hotkeys.gesture import DictationIntent
from desktop.paste.input_method.interface import FieldTraits
from tests.support.composed_field import ComposedField, ComposingPaster
from tests.support.stage import FakePaster, SlowPolisher, Stage, on

pytestmark = pytest.mark.anyio


class LiveStage:
    """A stage whose paster shows words in `field`."""

    def __init__(self, stage: Stage, field: ComposedField | None = None) -> None:
        self.stage = stage
        self.paster = ComposingPaster(field)
        self.field = self.paster.field
        stage.paster = self.paster
        stage.dictation.dependencies = replace(stage.parts(), is_live=True)

    async def speak(self, frames: int, words: str) -> None:
        """Press the key and say `frames`, until `words` stand in the field."""
        (await self.stage.press()).say(frames)
        await self.stage.until(lambda: self.field.composition == words)

    async def until_rows(self, count: int) -> None:
        await self.stage.until(lambda: len(self.stage.rows) == count)

    def assert_nothing_left(self) -> None:
        assert self.field.composition == ""
        assert self.paster.input_method.users == 0


@asynccontextmanager
async def live(folder: Path, *texts: str, field: ComposedField | None = None) -> AsyncIterator[LiveStage]:
    """The flow with `paste.live` on; nothing is left in the field afterwards, also if it ends in the middle."""
    async with on(folder, *texts) as stage:
        stand = LiveStage(stage, field)
        yield stand
    stand.assert_nothing_left()


class RetractingRecognizer:
    """Says `partial` with the first frame and `final` at the end."""

    def __init__(self, partial: str, final: str) -> None:
        self.partial, self.final = partial, final

    async def transcribe(self, speech: AsyncIterator[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        async for _ in speech:
            on_partial(Transcript(self.partial))
        return Transcript(self.final, len(self.final), silence_confirmed=not self.final)


async def test_text_replaces_spoken_words_in_one_step(tmp_path: Path) -> None:
    async with live(tmp_path, "hello there") as stand:
        await stand.speak(5, "hello")
        assert stand.field.text == ""
        stand.stage.release()
        await stand.until_rows(1)
        await stand.stage.until(lambda: stand.paster.input_method.users == 0)
        assert stand.field.frames[-2:] == [("", "hello"), ("Hello there.", "")]
        assert stand.stage.rows[0].delivery is Outcome.INSERTED
        assert all(composition for _, composition in stand.field.frames[:-1])


@pytest.mark.parametrize("is_live", [True, False])
async def test_words_stand_in_the_field_only_by_the_setting(tmp_path: Path, is_live: bool) -> None:
    async with live(tmp_path, "hello") as stand:
        stand.stage.dictation.dependencies = replace(stand.stage.dictation.dependencies, is_live=is_live)
        (await stand.stage.press()).say(3)
        await stand.stage.until(lambda: "hel" in _shown_words(stand.stage))
        await _settle()
        assert ("", "hel") in stand.field.frames or not is_live
        assert stand.field.frames == [] or is_live
        stand.stage.release()
        await stand.until_rows(1)
        assert stand.field.text == "Hello."


async def test_paster_without_live_text_is_not_asked(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with on(tmp_path, "hello") as stage:
        stage.dictation.dependencies = replace(stage.parts(), is_live=True)
        (await stage.press()).say(3)
        await stage.until(lambda: "hel" in _shown_words(stage))
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == [("Hello.", 1)]
        assert caplog.text == ""


async def test_escape_while_speaking_removes_the_words(tmp_path: Path) -> None:
    async with live(tmp_path, "hello") as stand:
        await stand.speak(3, "hel")
        stand.stage.escape()
        await stand.until_rows(1)
        assert stand.stage.rows[0].delivery is Outcome.CANCELLED
        assert stand.field.frames[-1] == ("", "")
        stand.assert_nothing_left()


@pytest.mark.parametrize("is_cancelled", [True, False])
async def test_next_text_does_not_wait_until_the_words_are_gone(tmp_path: Path, is_cancelled: bool) -> None:
    async with live(tmp_path) as stand:
        recognizer = RetractingRecognizer("thank you", "")
        stand.stage.dictation.dependencies = replace(stand.stage.dictation.dependencies, recognizer=recognizer)
        await stand.speak(1, "thank you")
        session = stand.stage.dictation._newest_session
        assert session is not None
        stand.field.gate = anyio.Event()
        if is_cancelled:
            stand.stage.escape()
        else:
            stand.stage.release()
        await stand.stage.until(session.turn_ended.is_set)
        assert stand.field.composition == "thank you"
        stand.field.gate.set()


async def test_escape_while_polishing_removes_the_words(tmp_path: Path) -> None:
    async with live(tmp_path, "hello") as stand:
        stand.stage.dictation.dependencies = replace(stand.stage.dictation.dependencies, polisher=SlowPolisher())
        await stand.speak(5, "hello")
        stand.stage.release()
        await stand.stage.until_state(Polishing)
        assert stand.field.composition == "hello"
        stand.stage.escape()
        await stand.until_rows(1)
        assert stand.field.frames[-1] == ("", "")
        stand.assert_nothing_left()


async def test_shortcut_that_was_no_dictation_removes_the_words(tmp_path: Path) -> None:
    async with live(tmp_path, "hello") as stand:
        await stand.speak(3, "hel")
        stand.stage.mean(DictationIntent.DISCARD)
        await stand.until_rows(1)
        stand.assert_nothing_left()


@pytest.mark.parametrize("is_released", [True, False])
async def test_locked_screen_removes_the_words_at_once(tmp_path: Path, is_released: bool) -> None:
    async with live(tmp_path, "hello") as stand:
        polisher = SlowPolisher()
        stand.stage.dictation.dependencies = replace(stand.stage.dictation.dependencies, polisher=polisher)
        await stand.speak(3, "hel")
        if is_released:
            stand.stage.release()
            await stand.stage.until_state(Polishing)
        stand.stage.dictation.on_user_left()
        await stand.stage.until(lambda: stand.field.frames[-1] == ("", ""))
        polisher.gate.set()
        await stand.until_rows(1)
        assert stand.paster.pasted == []
        stand.assert_nothing_left()


@pytest.mark.parametrize("problem", [RecognizerError("recognizer-lost"), ValueError("hello")])
async def test_failed_recognizer_removes_the_words_before_the_release(tmp_path: Path, problem: Exception) -> None:
    async with live(tmp_path, "hello") as stand:
        recording = await stand.stage.press()
        recording.say(3)
        await stand.stage.until(lambda: stand.field.composition == "hel")
        stand.stage.recognizer.problem = problem
        recording.say()
        await stand.stage.until(lambda: stand.paster.input_method.users == 0)
        assert stand.field.frames[-1] == ("", "")
        assert not recording.closed
        stand.stage.release()
        await stand.until_rows(1)
        assert stand.stage.rows[0].delivery is Outcome.FAILED


async def test_silence_after_all_removes_the_words(tmp_path: Path) -> None:
    async with live(tmp_path) as stand:
        stand.stage.dictation.dependencies = replace(
            stand.stage.dictation.dependencies, recognizer=RetractingRecognizer("thank you", "")
        )
        await stand.speak(1, "thank you")
        stand.stage.release()
        await stand.stage.until_state(Done)
        assert stand.field.frames[-1] == ("", "")
        stand.assert_nothing_left()


async def test_retracted_words_are_removed(tmp_path: Path) -> None:
    async with live(tmp_path) as stand:
        recognizer = RetractingRecognizer("thank you", "hello")
        stand.stage.dictation.dependencies = replace(stand.stage.dictation.dependencies, recognizer=recognizer)
        await stand.speak(1, "thank you")
        recognizer.partial = ""
        stand.stage.microphone.recordings[-1].say()
        await stand.stage.until(lambda: stand.field.composition == "")
        stand.stage.release()
        await stand.until_rows(1)
        assert stand.field.text == "Hello."


async def test_paste_by_another_way_removes_the_words_first(tmp_path: Path) -> None:
    async with live(tmp_path, "hello") as stand:
        stand.paster.rungs = {1}
        await stand.speak(5, "hello")
        stand.stage.release()
        await stand.until_rows(1)
        assert (stand.field.text, stand.field.frames[-1]) == ("", ("", ""))
        assert stand.paster.pasted == [("Hello.", 1)]


async def test_another_window_at_the_release_gets_the_text_alone(tmp_path: Path) -> None:
    async with live(tmp_path, "hello") as stand:
        polisher = SlowPolisher()
        stand.stage.dictation.dependencies = replace(stand.stage.dictation.dependencies, polisher=polisher)
        await stand.speak(5, "hello")
        stand.paster.focus = Target(2, "browser", "A page")
        stand.stage.release()
        await stand.stage.until(lambda: stand.field.composition == "")
        polisher.gate.set()
        await stand.until_rows(1)
        assert stand.paster.pasted == [("Hello.", 2)]
        assert [app for app in stand.paster.input_method.acquired if app != "browser"] == ["editor"]


async def test_field_left_while_speaking_gets_no_more_words(tmp_path: Path) -> None:
    async with live(tmp_path, "hello there") as stand:
        stand.paster.rungs = {1}
        await stand.speak(3, "hel")
        stand.field.leave()
        await stand.stage.until(lambda: stand.paster.input_method.users == 0)
        frames = list(stand.field.frames)
        stand.stage.microphone.recordings[-1].say(4)
        await stand.stage.until(lambda: "hello t" in _shown_words(stand.stage))
        assert stand.field.frames == frames
        stand.stage.release()
        await stand.until_rows(1)
        assert stand.paster.pasted == [("Hello there.", 1)]
        assert stand.paster.input_method.acquired == ["editor"]


async def test_next_dictation_waits_for_the_place_of_the_first(tmp_path: Path) -> None:
    async with live(tmp_path, "first", "second") as stand:
        gate = anyio.Event()
        stand.stage.recognizer.gates = [gate]
        await stand.speak(5, "first")
        stand.stage.release()
        (await stand.stage.press()).say(3)
        await stand.stage.until(lambda: "sec" in _shown_words(stand.stage))
        await _settle()
        assert stand.field.composition == "first"
        gate.set()
        await stand.stage.until(lambda: stand.field.frames[-1] == ("First.", "sec"))
        stand.stage.microphone.recordings[-1].say(3)
        await stand.stage.until(lambda: stand.field.composition == "second")
        stand.stage.release()
        await stand.until_rows(2)
        assert stand.field.frames[-2:] == [("First.", "second"), ("First.Second.", "")]
        at = stand.field.frames.index(("First.", ""))
        assert {text for text, _ in stand.field.frames[:at]} == {""}
        assert all(composition for _, composition in stand.field.frames[:at] + stand.field.frames[at + 1 : -1])


async def test_next_dictation_follows_a_cancelled_one(tmp_path: Path) -> None:
    async with live(tmp_path, "first", "second") as stand:
        await stand.speak(5, "first")
        stand.stage.escape()
        await stand.speak(6, "second")
        stand.stage.release()
        await stand.until_rows(2)
        assert stand.field.text == "Second."
        stand.assert_nothing_left()


async def test_words_do_not_appear_after_the_release(tmp_path: Path) -> None:
    async with live(tmp_path, "first", "second") as stand:
        gate, slow = anyio.Event(), anyio.Event()
        stand.stage.recognizer.gates = [gate, slow]
        await stand.speak(5, "first")
        stand.stage.release()
        (await stand.stage.press()).say(6)
        await stand.stage.until(lambda: "second" in _shown_words(stand.stage))
        stand.stage.release()
        await stand.stage.until(lambda: len(stand.stage.recognizer.heard) == 2)
        gate.set()
        await stand.until_rows(1)
        await _settle()
        slow.set()
        await stand.until_rows(2)
        assert stand.field.frames[-2:] == [("First.", ""), ("First.Second.", "")]


async def test_no_words_where_no_window_has_the_focus(tmp_path: Path) -> None:
    async with live(tmp_path, "hello") as stand:
        stand.paster.focus = Target()
        stand.paster.rungs = {0}
        (await stand.stage.press()).say(5)
        await stand.stage.until(lambda: "hello" in _shown_words(stand.stage))
        await _settle()
        stand.stage.release()
        await stand.until_rows(1)
        assert (stand.field.frames, stand.paster.input_method.acquired) == ([], [])


@pytest.mark.parametrize("target", [Target(1, "editor", field=InputField(is_password=True)), Target(1, "pinentry-gtk")])
async def test_no_words_in_a_password_field(tmp_path: Path, target: Target) -> None:
    async with live(tmp_path, "hello") as stand:
        stand.paster.focus = target
        (await stand.stage.press()).say(5)
        await stand.stage.until(lambda: any(isinstance(state, Listening) for state in stand.stage.states))
        stand.stage.release()
        await stand.stage.until_state(Done)
        assert (stand.field.frames, stand.paster.input_method.acquired) == ([], [])


async def test_no_words_in_a_terminal_which_gets_the_text(tmp_path: Path) -> None:
    async with live(tmp_path, "hello", field=ComposedField(FieldTraits(is_terminal=True))) as stand:
        (await stand.stage.press()).say(5)
        await stand.stage.until(lambda: bool(stand.paster.input_method.acquired))
        stand.stage.release()
        await stand.until_rows(1)
        assert stand.field.frames == [("Hello.", "")]


async def test_retry_and_voice_edit_show_no_words(tmp_path: Path) -> None:
    async with live(tmp_path, "hello", "hello") as stand:
        await _settle()
        stand.stage.dictation.resume(np.full(4 * FRAME_SAMPLES, 0.1, np.float32), lambda entry, spool_file: 1)
        await stand.stage.until(lambda: stand.field.text == "Hello.")
        assert stand.field.frames == [("Hello.", "")]
        stand.stage.mean(DictationIntent.EDIT)
        await stand.stage.until(lambda: bool(stand.stage.microphone.recordings))
        stand.stage.microphone.recordings[-1].say(5)
        await stand.stage.until(lambda: "hello" in _shown_words(stand.stage))
        await _settle()
        stand.stage.release()
        await stand.until_rows(1)
        assert stand.field.frames == [("Hello.", "")]


async def test_app_that_quits_leaves_no_words(tmp_path: Path) -> None:
    async with live(tmp_path, "hello") as stand:
        await stand.speak(5, "hello")
    assert stand.field.frames[-1] == ("", "")


class StuckPaster(FakePaster):
    """Never gets a composition."""

    capabilities = PasterCapability.LIVE_TEXT

    @asynccontextmanager
    async def open_composition(self, target: Target) -> AsyncIterator[Composition]:
        await anyio.sleep_forever()
        yield self._composition  # type: ignore[attr-defined]


async def test_text_does_not_wait_for_a_field_that_is_never_had(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        stage.paster = StuckPaster()
        stage.dictation.dependencies = replace(stage.parts(), is_live=True)
        (await stage.press()).say(5)
        await stage.until(lambda: "hello" in _shown_words(stage))
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == [("Hello.", 1)]


class FailingPaster(FakePaster):
    """Fails with the words in its message."""

    capabilities = PasterCapability.LIVE_TEXT

    @asynccontextmanager
    async def open_composition(self, target: Target) -> AsyncIterator[Composition]:
        raise ValueError("hello")
        yield self._composition  # type: ignore[unreachable]


async def test_failure_costs_no_dictation_and_logs_no_words(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with on(tmp_path, "hello") as stage:
        stage.paster = FailingPaster()
        stage.dictation.dependencies = replace(stage.parts(), is_live=True)
        (await stage.press()).say(5)
        await stage.until(lambda: "ValueError" in caplog.text)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == [("Hello.", 1)]
        assert "hello" not in caplog.text.lower()


async def _settle() -> None:
    """Let everything run that waits for nothing."""
    for _ in range(50):
        await anyio.lowlevel.checkpoint()


def _shown_words(stage: Stage) -> list[str]:
    return [state.transcript.text for state in stage.states if isinstance(state, Listening)]
