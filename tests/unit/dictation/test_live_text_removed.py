"""Words that were shown in the field go from it however the dictation ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from desktop.core.errors import RecognizerError
from desktop.core.state import Done, Polishing
from desktop.core.types import Outcome
from desktop.hotkeys.gesture import DictationIntent
from tests.support.live_stage import RetractingRecognizer, live
from tests.support.stage import SlowPolisher

pytestmark = pytest.mark.anyio


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


async def test_app_that_quits_leaves_no_words(tmp_path: Path) -> None:
    async with live(tmp_path, "hello") as stand:
        await stand.speak(5, "hello")
    assert stand.field.frames[-1] == ("", "")
