"""A password prompt that comes up at the release gets none of the words and destroys none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from desktop.aiming import interrupts
from desktop.history import Entry
from desktop.paste.request import SECRET, SECRET_FOCUS
from desktop.ports import Delivery, Field, Outcome, Target
from desktop.problems import RecognizerProblem
from desktop.spool import Take
from desktop.state import Done, Listening
from tests.stage import Stage, on

pytestmark = pytest.mark.anyio

EDITOR = Target(1, "editor", "Untitled")
PROMPT = Target(2, "dialog", "Log in", field=Field(secret=True))
PINENTRY = Target(3, "pinentry-gtk-2", "Passphrase")
PAGE, LOGIN = Target(4, "firefox", "Bank", field=Field()), Target(4, "firefox", "Bank", field=Field(secret=True))


@pytest.mark.parametrize(
    ("begun_in", "found", "is_interrupted"),
    [
        (EDITOR, PROMPT, True),
        (EDITOR, PINENTRY, True),
        (PAGE, LOGIN, True),
        (replace(PAGE, field=None), LOGIN, False),
        (Target(), PROMPT, False),
        (PROMPT, PROMPT, False),
        (PINENTRY, PROMPT, False),
        (PROMPT, PINENTRY, False),
        (EDITOR, PAGE, False),
        (PROMPT, EDITOR, False),
    ],
)
def test_prompt_interrupts_what_was_begun_elsewhere(begun_in: Target, found: Target, is_interrupted: bool) -> None:
    assert interrupts(begun_in, found) is is_interrupted


async def speak(stage: Stage, focus: Target) -> None:
    (await stage.press()).say(5)
    await stage.until_state(Listening)
    stage.paster.focus = focus
    stage.release()


@pytest.mark.parametrize("prompt", [PROMPT, PINENTRY])
async def test_prompt_at_the_release_keeps_words_and_recording(tmp_path: Path, prompt: Target) -> None:
    async with on(tmp_path, "dear diary") as stage:
        takes: list[int] = []

        def remember(entry: Entry, take: Take) -> int:
            takes.append(len(take.audio()))
            return stage._remember(entry, take)

        stage.dictation.parts = replace(stage.parts(), remember=remember)
        await speak(stage, prompt)
        await stage.until(lambda: len(stage.rows) == 1)
        row = stage.rows[0]
        assert (row.delivery, row.raw_text, row.text) == (Outcome.REFUSED, "dear diary", "Dear diary.")
        assert (row.app, row.window, row.note) == ("editor", "Untitled", SECRET.note)
        assert stage.states[-1] == Done(Outcome.REFUSED, "Dear diary.", SECRET.note)
        assert stage.paster.pasted == []
        assert takes == [5 * 512]


async def test_prompt_at_the_release_takes_nothing_of_a_failed_one(tmp_path: Path) -> None:
    async with on(tmp_path, "dear diary") as stage:
        recording = await stage.press()
        recording.say(5)
        await stage.until_state(Listening)
        stage.recognizer.problem = RecognizerProblem("The model is gone.")
        recording.say(5)
        stage.paster.focus = PROMPT
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert (stage.rows[0].delivery, stage.rows[0].app) == (Outcome.FAILED, "editor")


async def test_prompt_at_the_release_scratches_nothing(tmp_path: Path) -> None:
    async with on(tmp_path, "scratch that") as stage:
        taken: list[Target] = []

        async def scratch(target: Target) -> Delivery | None:
            taken.append(target)
            return None

        stage.dictation.parts = replace(stage.parts(), scratch=scratch)
        await speak(stage, PROMPT)
        assert await stage.until_state(Done) == Done(Outcome.SILENT, note=SECRET_FOCUS)
        assert (taken, stage.paster.pasted) == ([], [])


def excluding(*apps: str) -> Callable[[Target], bool]:
    return lambda target: target.app not in apps


@pytest.mark.parametrize("fails", [True, False], ids=["fails", "cancelled"])
async def test_excluded_window_at_the_release_takes_no_undelivered_words(tmp_path: Path, fails: bool) -> None:
    async with on(tmp_path, "dear diary") as stage:
        gate = anyio.Event()
        stage.recognizer.gates.append(gate)
        stage.dictation.parts = replace(stage.parts(), keeps=excluding("signal"))
        recording = await stage.press()
        recording.say(5)
        await stage.until_state(Listening)
        if fails:
            stage.recognizer.problem = RecognizerProblem("The model is gone.")
            recording.say(1)
        stage.paster.focus = Target(5, "signal", "Chat")
        stage.release()
        (one,) = stage.dictation._unfinished
        await stage.until(one._aim.sure.is_set)
        if not fails:
            stage.escape()
        gate.set()
        await stage.until(lambda: len(stage.rows) == 1)
        outcome = Outcome.FAILED if fails else Outcome.CANCELLED
        assert (stage.rows[0].delivery, stage.rows[0].app) == (outcome, "editor")


async def test_excluded_window_at_the_release_gets_the_text_and_keeps_none(tmp_path: Path) -> None:
    async with on(tmp_path, "dear diary") as stage:
        stage.dictation.parts = replace(stage.parts(), keeps=excluding("signal"))
        await speak(stage, Target(5, "signal", "Chat"))
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == [("Dear diary.", 5)]
        assert stage.rows[0].app == "signal", "of which the history keeps nothing"
