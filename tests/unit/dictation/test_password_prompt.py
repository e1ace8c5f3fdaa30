"""A password prompt that comes up at the release gets none of the words and destroys none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic

import anyio
import pytest

from desktop.audio.spool_file import SpoolFile, SpoolHeader
from desktop.core.errors import RecognizerError
from desktop.core.messages import Message
from desktop.core.state import Done, Listening
from desktop.core.types import (
    DictationContext,
    EmotionResult,
    FieldKind,
    InputField,
    Outcome,
    PasteResult,
    PolishedText,
    Target,
)
from desktop.dictation.target import is_interrupting_prompt
from desktop.history.rows import HistoryEntry
from desktop.paste.request import CLIPBOARD_UNAVAILABLE, PASSWORD_FOCUSED
from desktop.polish.polisher import TextPolisher
from tests.support.stage import FakeFeeler, FakePaster, Stage, on

pytestmark = pytest.mark.anyio

EDITOR = Target(1, "editor", "Untitled")
PROMPT = Target(2, "dialog", "Log in", field=InputField(is_password=True))
PINENTRY = Target(3, "pinentry-gtk-2", "Passphrase")
PAGE, LOGIN = (
    Target(4, "firefox", "Bank", field=InputField()),
    Target(4, "firefox", "Bank", field=InputField(is_password=True)),
)
KATE = Target(-1, "kate", "Letter", pid=5)  # as on KDE while KWin is silent
POLKIT = Target(-1, "polkit-kde-authentication-agent-1", "Authenticate", pid=6)


@pytest.mark.parametrize(
    ("begun_in", "found", "focused_s", "is_interrupted"),
    [
        (EDITOR, PROMPT, None, True),
        (EDITOR, PROMPT, 5.0, True),
        (EDITOR, PROMPT, -0.1, False),
        (EDITOR, PINENTRY, 5.0, True),
        (PAGE, LOGIN, -60.0, True),
        (replace(PAGE, field=None), LOGIN, -60.0, False),
        (Target(), PROMPT, None, False),
        (Target(), PROMPT, 5.0, True),
        (Target(), PROMPT, -0.1, False),
        (PROMPT, PROMPT, -1.0, False),
        (PINENTRY, PROMPT, 5.0, False),
        (PROMPT, PINENTRY, 5.0, False),
        (EDITOR, PAGE, 5.0, False),
        (PROMPT, EDITOR, 5.0, False),
        (KATE, POLKIT, None, True),
        (replace(KATE, field=InputField()), replace(KATE, field=InputField(is_password=True)), None, True),
        (KATE, replace(KATE, handle=7, app="org.kde.kate", field=InputField(is_password=True)), None, False),
        (Target(-1), POLKIT, None, True),
        (Target(-1), Target(-1, field=InputField(is_password=True)), None, False),
        (Target(-1), Target(-1, kind=FieldKind.PASSWORD), None, False),
        (Target(-1, kind=FieldKind.PLAIN), Target(-1, kind=FieldKind.PASSWORD), None, True),
        (Target(-1, kind=FieldKind.PASSWORD), Target(-1, kind=FieldKind.PASSWORD), None, False),
        (KATE, replace(KATE, kind=FieldKind.PLAIN), None, False),
    ],
)
def test_prompt_interrupts_what_was_begun_before_it(
    begun_in: Target, found: Target, focused_s: float | None, is_interrupted: bool
) -> None:
    pressed_at = 1000.0
    focused_at = 0.0 if focused_s is None else pressed_at + focused_s
    assert is_interrupting_prompt(begun_in, replace(found, focused_at=focused_at), pressed_at) is is_interrupted


async def speak(stage: Stage, focus: Target) -> None:
    (await stage.press()).say(5)
    await stage.until_state(Listening)
    stage.paster.focus = focus
    stage.release()


@pytest.mark.parametrize("prompt", [PROMPT, PINENTRY])
async def test_prompt_at_release_keeps_words_and_recording(tmp_path: Path, prompt: Target) -> None:
    async with on(tmp_path, "dear diary") as stage:
        takes: list[int] = []

        def remember(entry: HistoryEntry, take: SpoolFile) -> int:
            takes.append(len(take.read_audio()))
            return stage._remember(entry, take)

        stage.dictation.dependencies = replace(stage.parts(), record_entry=remember)
        await speak(stage, prompt)
        await stage.until(lambda: len(stage.rows) == 1)
        row = stage.rows[0]
        assert (row.delivery, row.raw_text, row.text) == (Outcome.REFUSED, "dear diary", "Dear diary.")
        assert (row.app, row.window, row.notes) == ("editor", "Untitled", PASSWORD_FOCUSED.notes)
        assert stage.states[-1] == Done(Outcome.REFUSED, "Dear diary.", PASSWORD_FOCUSED.notes)
        assert stage.paster.pasted == []
        assert takes == [5 * 512]


async def test_unanswered_field_stays_a_password_field(tmp_path: Path) -> None:
    async with on(tmp_path, "open sesame") as stage:
        stage.paster.focus = LOGIN
        await speak(stage, replace(LOGIN, field=None))
        await stage.until(lambda: len(stage.rows) == 1)
        assert (stage.rows[0].delivery, stage.rows[0].raw_text) == (Outcome.REFUSED, "")
        assert stage.paster.pasted == []


async def test_fresh_answer_of_a_plain_field_replaces_a_password_field(tmp_path: Path) -> None:
    async with on(tmp_path, "dear diary") as stage:
        stage.paster.focus = Target(-1, kind=FieldKind.PASSWORD)
        (await stage.press()).say(5)
        (one,) = stage.dictation._unfinished_sessions
        await stage.until(lambda: one._tracker.target.is_password)
        stage.paster.focus = Target(-1, kind=FieldKind.PLAIN)
        stage.release()
        await stage.until(one._tracker.settled.is_set)
        assert one._tracker.target == Target(-1, kind=FieldKind.PLAIN)


@pytest.mark.parametrize(("answer", "kept"), [(None, FieldKind.PRIVATE), (FieldKind.PLAIN, FieldKind.PLAIN)])
async def test_silence_keeps_what_is_known_of_a_field(
    tmp_path: Path, answer: FieldKind | None, kept: FieldKind
) -> None:
    async with on(tmp_path, "dear diary") as stage:
        stage.paster.focus = replace(EDITOR, kind=FieldKind.PRIVATE)
        await speak(stage, replace(EDITOR, kind=answer))
        (one,) = stage.dictation._unfinished_sessions
        await stage.until(one._tracker.settled.is_set)
        assert one._tracker.target.kind is kept


@pytest.mark.parametrize(("begun_in", "outcome"), [(LOGIN, Outcome.REFUSED), (PAGE, Outcome.INSERTED)])
async def test_password_field_stays_target_where_window_is_unknown(
    tmp_path: Path, begun_in: Target, outcome: Outcome
) -> None:
    async with on(tmp_path, "open sesame") as stage:
        stage.paster.focus = begun_in
        await speak(stage, Target(-1))
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.rows[0].delivery is outcome


async def test_prompt_at_release_keeps_a_failed_dictation(tmp_path: Path) -> None:
    async with on(tmp_path, "dear diary") as stage:
        recording = await stage.press()
        recording.say(5)
        await stage.until_state(Listening)
        stage.recognizer.problem = RecognizerError("reported-message", title="The model is gone.", advice="")
        recording.say(5)
        stage.paster.focus = PROMPT
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert (stage.rows[0].delivery, stage.rows[0].app) == (Outcome.FAILED, "editor")


async def test_prompt_at_the_release_is_no_command(tmp_path: Path) -> None:
    async with on(tmp_path, "scratch that") as stage:
        taken: list[Target] = []

        async def scratch(target: Target) -> PasteResult | None:
            taken.append(target)
            return None

        stage.dictation.dependencies = replace(stage.parts(), scratch=scratch)
        await speak(stage, PROMPT)
        await stage.until(lambda: len(stage.rows) == 1)
        assert (stage.rows[0].delivery, stage.rows[0].raw_text) == (Outcome.REFUSED, "scratch that")
        assert (taken, stage.paster.pasted) == ([], [])


class AskingPolisher(TextPolisher):
    """Notes the mode at each place that it polishes for."""

    def __init__(self) -> None:
        super().__init__()
        self.modes: list[str] = []

    async def polish(self, text: str, context: DictationContext, on_draft: Callable[[str], None]) -> PolishedText:
        self.modes.append(context.style.mode)
        return await super().polish(text, context, on_draft)


async def test_prompt_at_the_release_sends_nothing(tmp_path: Path) -> None:
    async with on(tmp_path, "open sesame") as stage:
        polisher, feeler = AskingPolisher(), FakeFeeler(EmotionResult())
        stage.dictation.dependencies = replace(stage.parts(), polisher=polisher, emotion_detector=feeler)
        await speak(stage, PROMPT)
        await stage.until(lambda: len(stage.rows) == 1)
        assert polisher.modes == ["rules"], "a language model may be a service"
        assert feeler.heard == []


async def test_prompt_that_a_slow_look_finds_costs_no_word(tmp_path: Path) -> None:
    async with on(tmp_path, "dear diary") as stage:
        gate, looks = anyio.Event(), list[Target]()

        async def target() -> Target:
            await gate.wait()
            looks.append(replace(PROMPT, focused_at=monotonic()))
            return looks[-1]

        stage.paster.find_target = target  # type: ignore[method-assign]
        (await stage.press()).say(5)
        stage.release()
        gate.set()
        await stage.until(lambda: len(stage.rows) == 1)
        assert (stage.rows[0].delivery, stage.rows[0].raw_text) == (Outcome.REFUSED, "dear diary")
        assert stage.paster.pasted == []


def excluding(*apps: str) -> Callable[[Target], bool]:
    return lambda target: target.app not in apps


@pytest.mark.parametrize("fails", [True, False], ids=["fails", "cancelled"])
async def test_excluded_at_release_keeps_undelivered_words(tmp_path: Path, fails: bool) -> None:
    async with on(tmp_path, "dear diary") as stage:
        gate = anyio.Event()
        stage.recognizer.gates.append(gate)
        stage.dictation.dependencies = replace(stage.parts(), is_kept=excluding("signal"))
        recording = await stage.press()
        recording.say(5)
        await stage.until_state(Listening)
        if fails:
            stage.recognizer.problem = RecognizerError("reported-message", title="The model is gone.", advice="")
            recording.say(1)
        stage.paster.focus = Target(5, "signal", "Chat")
        stage.release()
        (one,) = stage.dictation._unfinished_sessions
        await stage.until(one._tracker.settled.is_set)
        if not fails:
            stage.escape()
        gate.set()
        await stage.until(lambda: len(stage.rows) == 1)
        outcome = Outcome.FAILED if fails else Outcome.CANCELLED
        assert (stage.rows[0].delivery, stage.rows[0].app) == (outcome, "editor")


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.REFUSED])
async def test_excluded_window_refusing_text_loses_no_word(tmp_path: Path, outcome: Outcome) -> None:
    async with on(tmp_path, "dear diary") as stage:
        heads = list[SpoolHeader]()

        def remember(entry: HistoryEntry, take: SpoolFile) -> int:
            heads.append(take.header)
            return stage._remember(entry, take)

        stage.dictation.dependencies = replace(stage.parts(), is_kept=excluding("signal"), record_entry=remember)
        stage.paster.outcome = PasteResult(outcome, CLIPBOARD_UNAVAILABLE.notes)
        await speak(stage, Target(5, "signal", "Chat"))
        await stage.until(lambda: len(stage.rows) == 1)
        assert (stage.rows[0].delivery, stage.rows[0].text, stage.rows[0].app) == (outcome, "Dear diary.", "editor")
        assert stage.rows[0].notes == stage.paster.outcome.notes
        assert [(head.app, head.unkept) for head in heads] == [("editor", False)], "so that it can be recovered"


async def test_excluded_window_at_release_gets_unkept_text(tmp_path: Path) -> None:
    async with on(tmp_path, "dear diary") as stage:
        stage.dictation.dependencies = replace(stage.parts(), is_kept=excluding("signal"))
        await speak(stage, Target(5, "signal", "Chat"))
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == [("Dear diary.", 5)]
        assert stage.rows[0].app == "signal", "of which the history keeps nothing"


async def test_prompt_left_just_before_press_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.dictation.target.MIN_FOCUS_S", 0.05)
    async with on(tmp_path, "dear diary") as stage:
        stage.paster.focus = PROMPT
        recording = await stage.press()
        stage.paster.focus = EDITOR
        (one,) = stage.dictation._unfinished_sessions
        await stage.until(lambda: one._tracker.start_target == EDITOR)
        recording.say(5)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == [("Dear diary.", 1)]


@pytest.mark.parametrize("prompt", [PROMPT, PINENTRY])
async def test_prompt_at_the_press_gets_nothing(tmp_path: Path, prompt: Target) -> None:
    async with on(tmp_path, "open sesame") as stage:
        stage.paster.focus = prompt
        (await stage.press()).say(5)
        await stage.until_state(Listening)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        row = stage.rows[0]
        assert (row.delivery, row.raw_text, row.app) == (Outcome.REFUSED, "", prompt.app)
        assert (stage.recognizer.heard, stage.paster.pasted, list(tmp_path.iterdir())) == ([0], [], [])


@pytest.mark.parametrize(("prompt", "editor"), [(PROMPT, EDITOR), (PINENTRY, EDITOR), (POLKIT, KATE)])
async def test_words_after_leaving_the_prompt_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prompt: Target, editor: Target
) -> None:
    monkeypatch.setattr("desktop.dictation.target.MIN_FOCUS_S", 0.05)
    async with on(tmp_path, "dear diary") as stage:
        takes: list[int] = []

        def remember(entry: HistoryEntry, take: SpoolFile) -> int:
            takes.append(len(take.read_audio()))
            return stage._remember(entry, take)

        stage.dictation.dependencies = replace(stage.parts(), record_entry=remember)
        stage.paster.focus = prompt
        recording = await stage.press()
        (one,) = stage.dictation._unfinished_sessions
        await stage.until(lambda: one._tracker.target.is_password)
        recording.say(10)
        await stage.until(lambda: one._capture.captured_s > 0.3)
        stage.paster.focus = editor
        await stage.until(lambda: one._tracker.start_target == editor)
        recording.say(5)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert (stage.rows[0].delivery, stage.rows[0].app) == (Outcome.INSERTED, editor.app)
        assert stage.paster.pasted == [("Dear diary.", editor.handle)]
        assert (stage.recognizer.heard, takes) == ([5 * 512], [5 * 512])
        assert stage.rows[0].note == "What was said in the password field was not kept."


async def test_leaving_the_prompt_at_the_release_is_said(tmp_path: Path) -> None:
    async with on(tmp_path, "open sesame") as stage:
        stage.paster.focus = PROMPT
        recording = await stage.press()
        (one,) = stage.dictation._unfinished_sessions
        await stage.until(lambda: one._tracker.target.is_password)
        recording.say(5)
        await stage.until(lambda: one._capture.captured_s > 0.1)
        stage.paster.focus = EDITOR
        stage.release()
        await stage.until(lambda: isinstance(stage.states[-1], Done))
        assert stage.states[-1] == Done(Outcome.SILENT, notes=(Message("password-field-speech-withheld"),))
        assert (stage.recognizer.heard, stage.paster.pasted, list(tmp_path.iterdir())) == ([0], [], [])


async def test_release_in_a_prompt_looks_once_more(tmp_path: Path) -> None:
    class CountingPaster(FakePaster):
        asked = 0

        async def find_target(self) -> Target:
            self.asked += 1
            return await super().find_target()

    async with on(tmp_path) as stage:
        stage.paster = paster = CountingPaster()
        stage.dictation.dependencies = stage.parts()
        paster.focus = PROMPT
        await stage.press()
        (one,) = stage.dictation._unfinished_sessions
        await stage.until(lambda: one._tracker.target.is_password)
        paster.focus = EDITOR
        stage.release()
        await stage.until(one._tracker.settled.is_set)
        assert (paster.asked, one._tracker.start_target, one._tracker.target) == (2, PROMPT, EDITOR)


async def test_paste_last_tells_the_paster_of_a_prompt(tmp_path: Path) -> None:
    class RefusingPaster(FakePaster):
        async def paste(
            self, text: str, target: Target, on_sent: Callable[[], None], enter: bool = False
        ) -> PasteResult:
            return PASSWORD_FOCUSED if target.is_password else await super().paste(text, target, on_sent, enter)

    async with on(tmp_path) as stage:
        stage.paster = RefusingPaster()
        stage.dictation.dependencies = stage.parts()
        stage.paster.focus = PINENTRY
        assert await stage.dictation.paste("Dear diary.") == PASSWORD_FOCUSED
        stage.paster.focus = EDITOR
        assert (await stage.dictation.paste("Dear diary.")).outcome is Outcome.INSERTED
