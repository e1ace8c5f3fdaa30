"""No words are shown where none may stand, and what cannot show them costs no dictation."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.core.interfaces import Composition, PasterCapability
from desktop.core.state import Done, Listening
from desktop.core.types import FRAME_SAMPLES, InputField, Target
from desktop.hotkeys.gesture import DictationIntent
from desktop.paste.input_method.interface import FieldTraits
from tests.support.composed_field import ComposedField
from tests.support.live_stage import live, settle, shown_words
from tests.support.stage import FakePaster, SlowPolisher, on

pytestmark = pytest.mark.anyio


async def test_paster_without_live_text_is_not_asked(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with on(tmp_path, "hello") as stage:
        stage.dictation.dependencies = replace(stage.parts(), is_live=True)
        (await stage.press()).say(3)
        await stage.until(lambda: "hel" in shown_words(stage))
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == [("Hello.", 1)]
        assert caplog.text == ""


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
        await stand.stage.until(lambda: "hello t" in shown_words(stand.stage))
        assert stand.field.frames == frames
        stand.stage.release()
        await stand.until_rows(1)
        assert stand.paster.pasted == [("Hello there.", 1)]
        assert stand.paster.input_method.acquired == ["editor"]


async def test_no_words_where_no_window_has_the_focus(tmp_path: Path) -> None:
    async with live(tmp_path, "hello") as stand:
        stand.paster.focus = Target()
        stand.paster.rungs = {0}
        (await stand.stage.press()).say(5)
        await stand.stage.until(lambda: "hello" in shown_words(stand.stage))
        await settle()
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
        await settle()
        stand.stage.dictation.resume(np.full(4 * FRAME_SAMPLES, 0.1, np.float32), lambda entry, spool_file: 1)
        await stand.stage.until(lambda: stand.field.text == "Hello.")
        assert stand.field.frames == [("Hello.", "")]
        stand.stage.mean(DictationIntent.EDIT)
        await stand.stage.until(lambda: bool(stand.stage.microphone.recordings))
        stand.stage.microphone.recordings[-1].say(5)
        await stand.stage.until(lambda: "hello" in shown_words(stand.stage))
        await settle()
        stand.stage.release()
        await stand.until_rows(1)
        assert stand.field.frames == [("Hello.", "")]


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
        await stage.until(lambda: "hello" in shown_words(stage))
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
