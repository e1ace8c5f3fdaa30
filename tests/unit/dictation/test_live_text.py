"""Words in the field while they are spoken (`paste.live`): when they appear and what replaces them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from desktop.core.types import Outcome
from tests.support.live_stage import live, settle, shown_words

pytestmark = pytest.mark.anyio


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
        await stand.stage.until(lambda: "hel" in shown_words(stand.stage))
        await settle()
        assert ("", "hel") in stand.field.frames or not is_live
        assert stand.field.frames == [] or is_live
        stand.stage.release()
        await stand.until_rows(1)
        assert stand.field.text == "Hello."


async def test_next_dictation_waits_for_the_place_of_the_first(tmp_path: Path) -> None:
    async with live(tmp_path, "first", "second") as stand:
        gate = anyio.Event()
        stand.stage.recognizer.gates = [gate]
        await stand.speak(5, "first")
        stand.stage.release()
        (await stand.stage.press()).say(3)
        await stand.stage.until(lambda: "sec" in shown_words(stand.stage))
        await settle()
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
        await stand.stage.until(lambda: "second" in shown_words(stand.stage))
        stand.stage.release()
        await stand.stage.until(lambda: len(stand.stage.recognizer.heard) == 2)
        gate.set()
        await stand.until_rows(1)
        await settle()
        slow.set()
        await stand.until_rows(2)
        assert stand.field.frames[-2:] == [("First.", ""), ("First.Second.", "")]
