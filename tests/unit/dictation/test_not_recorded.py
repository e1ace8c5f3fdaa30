"""What is said of a dictation of which nothing is kept, and that nothing of it is."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from string import Formatter

import anyio
import pytest

from desktop.audio.spool_file import SpoolFile
from desktop.core.errors import RecognizerError, ServiceError
from desktop.core.message_json import dump_message, load_message
from desktop.core.messages import Foreign, Message, RemedyOf, render
from desktop.core.paths import Paths
from desktop.core.state import Done, Failed
from desktop.core.texts.table import TEXTS
from desktop.core.texts.text import Text
from desktop.core.types import FieldKind, Outcome, PasteResult, Target
from desktop.emotion.baseline import BaselineStatus, StoredVoiceBaselines
from desktop.emotion.detector import LocalEmotionDetector
from desktop.history.privacy import is_kept
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.paste.request import CLIPBOARD_UNAVAILABLE
from desktop.settings.schema import HistorySettings
from tests.support.stage import Stage

pytestmark = pytest.mark.anyio

EXCLUDED = HistorySettings(exclude=("keepassxc",))
PRIVATE = HistorySettings(private="on")
SECRETS, EDITOR = Target(1, "keepassxc", "Passwords"), Target(2, "editor", "Untitled")
SECOND = 32
"""Frames."""


class Scene:
    """The flow with a real history and a real listener, keeping as `keeping` says."""

    def __init__(self, folder: Path, keeping: HistorySettings) -> None:
        paths = Paths(folder, folder, folder, folder)
        self.history = HistoryStore(paths.history)
        self.memory = DictationRecorder(paths, self.history)
        self.voices = StoredVoiceBaselines(paths.history)
        self.stage = Stage(paths.spool)

        def remember(entry: HistoryEntry, take: SpoolFile) -> int:
            return self.memory.record(entry, take, keeping)

        def kept(target: Target) -> bool:
            return not target.is_private and is_kept(keeping, target.app)

        self.stage.dictation.dependencies = replace(
            self.stage.parts(),
            spool=self.memory.spool,
            record_entry=remember,
            record_unkept=lambda entry, take: self.memory.record(entry, take, PRIVATE),
            emotion_detector=LocalEmotionDetector(self.voices),
            add_emotion=self.memory.add_emotion,
            is_kept=kept,
            is_emotion_enabled=kept,
        )

    async def say(self, text: str) -> None:
        self.stage.recognizer.texts.append(text)
        count = len(self.stage.paster.pasted)
        (await self.stage.press()).say(SECOND)
        self.stage.release()
        await self.stage.until(lambda: len(self.stage.paster.pasted) > count)
        await self.stage.dictation.wait_until_recorded()


@asynccontextmanager
async def on(folder: Path, keeping: HistorySettings, focus: Target) -> AsyncIterator[Scene]:
    scene = Scene(folder, keeping)
    scene.stage.paster.focus = focus
    async with anyio.create_task_group() as tasks:
        scene.stage.start(tasks)
        yield scene
        tasks.cancel_scope.cancel()


async def test_excluded_app_does_not_train_the_voice(tmp_path: Path) -> None:
    async with on(tmp_path, EXCLUDED, SECRETS) as scene:
        await scene.say("so happy")
        assert scene.history.last() is None
        assert scene.voices.latest_status() is None
        scene.stage.paster.focus = EDITOR
        await scene.say("so happy")
        await scene.stage.until(lambda: (row := scene.history.last()) is not None and row.emotion is not None)
        assert scene.voices.latest_status() == BaselineStatus("Fake Microphone", 1)


@pytest.mark.parametrize(("keeping", "focus"), [(EXCLUDED, SECRETS), (PRIVATE, EDITOR)])
async def test_unkept_dictation_leaves_nothing_on_disk(tmp_path: Path, keeping: HistorySettings, focus: Target) -> None:
    async with on(tmp_path, keeping, focus) as scene:
        recording = await scene.stage.press()
        recording.say(3)
        await scene.stage.until(lambda: not list(tmp_path.glob("spool/*")))
        scene.stage.escape()
        await scene.stage.until_state(Done)
        await scene.stage.dictation.wait_until_recorded()
        assert scene.stage.states[-1] == Done(Outcome.CANCELLED, has_recording=False)
        assert list(tmp_path.glob("audio/*")) == []


async def test_text_for_a_private_field_is_not_kept(tmp_path: Path) -> None:
    async with on(tmp_path, HistorySettings(), EDITOR) as scene:
        scene.stage.paster.outcome = PasteResult(Outcome.INSERTED, is_private=True)
        await scene.say("my number")
        assert scene.memory.unkept_row is not None
        assert scene.memory.unkept_row.text == "My number."
        assert scene.history.last() is None
        assert not [*tmp_path.glob("audio/*"), *tmp_path.glob("spool/*")]
        scene.stage.paster.outcome = PasteResult(Outcome.INSERTED)
        await scene.say("hello")
        await scene.stage.until(lambda: (row := scene.history.last()) is not None and row.text == "Hello.")


async def test_private_field_that_is_known_before_trains_no_voice(tmp_path: Path) -> None:
    async with on(tmp_path, HistorySettings(), replace(EDITOR, kind=FieldKind.PRIVATE)) as scene:
        await scene.say("so happy")
        assert scene.history.last() is None
        assert scene.voices.latest_status() is None


async def test_text_that_never_reached_a_private_field_is_not_kept(tmp_path: Path) -> None:
    async with on(tmp_path, HistorySettings(), EDITOR) as scene:
        scene.stage.paster.outcome = replace(CLIPBOARD_UNAVAILABLE, is_private=True)
        await scene.say("hello")
        assert scene.memory.unkept_row is not None
        assert scene.memory.unkept_row.text == "Hello."
        assert scene.history.last() is None


@pytest.mark.parametrize("fails", [True, False], ids=["fails", "cancelled"])
async def test_nothing_said_to_a_private_field_is_kept(tmp_path: Path, fails: bool) -> None:
    async with on(tmp_path, HistorySettings(), replace(EDITOR, kind=FieldKind.PRIVATE)) as scene:
        gate = anyio.Event()
        scene.stage.recognizer.gates.append(gate)
        recording = await scene.stage.press()
        recording.say(SECOND)
        if fails:
            scene.stage.recognizer.problem = RecognizerError("whisper-failed", reason="it stopped")
            scene.stage.release()
        else:
            scene.stage.escape()
        gate.set()
        await scene.stage.until_state(Failed if fails else Done)
        await scene.stage.dictation.wait_until_recorded()
        assert scene.history.last() is None
        assert not [*tmp_path.glob("audio/*"), *tmp_path.glob("spool/*")]


async def test_unkept_failure_does_not_say_it_is_kept(tmp_path: Path) -> None:
    async with on(tmp_path, EXCLUDED, SECRETS) as scene:
        scene.stage.recognizer.problem = RecognizerError("whisper-failed", reason="it stopped")
        (await scene.stage.press()).say(3)
        scene.stage.release()
        failed = await scene.stage.until_state(Failed)
        assert isinstance(failed, Failed)
        title = "The speech model could not transcribe this: it stopped."
        assert (str(failed.problem), failed.has_recording) == (f"{title} Nothing was kept; try again.", False)


async def test_unkept_dictation_is_not_kept_where_recording_it_fails(tmp_path: Path) -> None:
    def record(entry: HistoryEntry, spool_file: SpoolFile) -> int:
        raise ZeroDivisionError

    async with on(tmp_path, EXCLUDED, SECRETS) as scene:
        scene.stage.dictation.dependencies = replace(scene.stage.dictation.dependencies, record_entry=record)
        await scene.say("hello")
        failed = await scene.stage.until_state(Failed)
        assert isinstance(failed, Failed)
        assert str(failed.problem) == "Something went wrong in Intone. Nothing was kept. The log says more."
        assert not failed.has_recording


async def test_failed_paste_of_unkept_text_denies_history(tmp_path: Path) -> None:
    async with on(tmp_path, EXCLUDED, SECRETS) as scene:
        scene.stage.paster.outcome = CLIPBOARD_UNAVAILABLE
        await scene.say("hello")
        await scene.stage.until_state(Done)
        notes = tuple(note.without_kept_claims() for note in CLIPBOARD_UNAVAILABLE.notes)
        assert scene.stage.states[-1] == Done(Outcome.FAILED, "Hello.", notes, has_recording=False)
        denial = "Another program holds the clipboard. Paste last has the text; the history does not."
        assert render(notes) == denial
        newest = scene.memory.newest()
        assert newest is not None
        assert newest.text == "Hello."


async def test_elsewhere_the_promise_stands(tmp_path: Path) -> None:
    async with on(tmp_path, EXCLUDED, EDITOR) as scene:
        problem = RecognizerError("whisper-failed", reason="it stopped")
        scene.stage.recognizer.problem = problem
        (await scene.stage.press()).say(3)
        scene.stage.release()
        assert await scene.stage.until_state(Failed) == Failed(problem)
        await scene.stage.dictation.wait_until_recorded()
        row = scene.history.last()
        assert row is not None
        assert row.audio_path is not None


def test_every_promise_has_its_denial() -> None:
    promise = re.compile(r"(recording|you said|text) (is|was) kept|meanwhile is kept|is in the history|Kept \{")
    promising = {code: text for code, text in TEXTS.items() if promise.search(f"{text.title} {text.remedy}")}
    assert len(promising) > 5
    for code, text in promising.items():
        unkept = f"{text.unkept_title or text.title} {text.unkept_remedy or text.remedy}"
        assert not re.search(r"(?<!Nothing was )\bkept\b|in the history", unkept), code
        outside = Message(code, **dict.fromkeys(fields(text), "…")).outside_dictation()
        assert not re.search(r"\bkept\b|history does not", str(outside)), code


def fields(text: Text) -> set[str]:
    """The names of the parameters of a text."""
    shown = f"{text.title} {text.remedy} {text.unkept_title} {text.outside_title} {text.outside_remedy}"
    return {name for _, name, _, _ in Formatter().parse(shown) if name}


def test_outside_a_dictation_nothing_is_said_of_keeping() -> None:
    problem = ServiceError("service-busy-until", service="OpenAI", seconds="7")
    outside = problem.outside_dictation()
    nested = Message("verdict-account-failure", problem=problem.message, remedy=RemedyOf(problem.message))
    title = "OpenAI has had too many requests from this account."
    assert (type(outside), str(outside)) == (ServiceError, f"{title} It asks to wait 7 s.")
    assert str(nested.outside_dictation()) == f"It is your account: {title} It asks to wait 7 s."
    assert load_message(dump_message(outside.message)) == outside.message
    lost = Message("recording-ended-with-speech", loss=Message("sound-server-stopped"), seconds="3")
    assert lost.outside_dictation().title == "The sound server stopped. Heard 3 s of speech."
    for code in ("text-in-history", "text-read-by-other", "window-reads-clipboard", "clipboard-taken-before-read"):
        assert Message(code).outside_dictation().title == Message(code).title, "of no private mode"
    assert lost.title == "The sound server stopped. Kept 3 s of speech.", "the other is as it was"


def test_the_log_has_no_foreign_text_of_a_changed_message() -> None:
    problem = ServiceError("service-refusal-reason", service="OpenAI", reason=Foreign("secret"))
    for changed in (problem.without_kept_claims(), problem.outside_dictation()):
        assert "secret" in changed.title
        assert "secret" not in changed.log_text


def test_a_problem_stays_of_its_kind() -> None:
    problem = ServiceError("service-failed", service="OpenAI", status=503)
    problem.status = 503
    told = problem.without_kept_claims()
    assert isinstance(told, ServiceError)
    assert (str(told), told.status) == (
        "OpenAI has a problem of its own (status 503). Nothing was kept. Try again in a moment.",
        503,
    )
    assert problem.remedy.startswith("What you said is kept."), "the other is as it was"
