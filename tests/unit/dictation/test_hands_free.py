"""Hands free: a pause ends a dictation that no key holds, or only its paragraph; a command said alone is obeyed."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from math import inf
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.audio.file import read_audio
from desktop.core.errors import MicrophoneError, RecognizerError
from desktop.core.interfaces import PasterCapability
from desktop.core.messages import Message
from desktop.core.state import DictationState, Done, Failed, Idle, Listening
from desktop.core.types import (
    FRAME_SAMPLES,
    RATE_HZ,
    Audio,
    Frame,
    InputField,
    Outcome,
    PasteResult,
    Target,
    Transcript,
)
from desktop.dictation.paragraphs import LEAD_S
from desktop.dictation.pauses import PauseFinder
from desktop.dictation.spoken_commands import LISTENING_STOPPED, RETURN_PRESSED, find_spoken_command
from desktop.hotkeys.gesture import DictationIntent, GestureEvent
from desktop.hotkeys.gesture_runner import GestureRunner
from desktop.paste.request import RETURN_NOT_PRESSED
from tests.conftest import sentences
from tests.support.stage import FakePaster, FakeRecognizer, FakeRecording, SlowPolisher, Stage

pytestmark = pytest.mark.anyio

PAUSE_S = 1.0
QUIET = np.zeros(round((PAUSE_S + 0.5) * RATE_HZ), np.float32)


class Keeping(FakeRecognizer):
    """Keeps the sound of each dictation."""

    def __init__(self) -> None:
        super().__init__()
        self.sounds: list[Audio] = []

    async def transcribe(self, speech: AsyncIterator[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        frames = []

        async def kept() -> AsyncIterator[Frame]:
            async for frame in speech:
                frames.append(frame)
                yield frame

        number = len(self.sounds)
        self.sounds.append(np.zeros(0, np.float32))
        try:
            return await super().transcribe(kept(), lambda partial: None)
        finally:
            self.sounds[number] = np.concatenate(frames or [np.zeros(0, np.float32)])


class ReturningPaster(FakePaster):
    """A paster that presses Return, unless something was touched since; `returned` are the windows. It takes every text
    back."""

    capabilities = PasterCapability.PRESS_RETURN | PasterCapability.UNDO

    def __init__(self) -> None:
        super().__init__()
        self.returned: list[int] = []
        self.touched_at = 0.0

    async def press_return(self, target: Target, since: float) -> bool:
        is_untouched = self.touched_at <= since
        if is_untouched:
            self.returned.append(target.handle)
        return is_untouched

    async def undo_paste(self, texts: tuple[str, ...], on_sent: Callable[[], None]) -> PasteResult:
        return PasteResult(Outcome.CANCELLED)


class Scene(Stage):
    """A stage whose settings want hands-free dictations; `keys` are real."""

    def __init__(self, folder: Path, *texts: str, is_continuous: bool) -> None:
        super().__init__(folder)
        self.recognizer = self.keeping = Keeping()
        self.keeping.texts = list(texts)
        self.paster = self.returning = ReturningPaster()
        self.keys = self.gesture = GestureRunner(self.mean_at)
        self.dictation.dependencies = replace(
            self.parts(), end_silence_s=PAUSE_S, is_continuous=is_continuous, scratch=None
        )

    def mean_at(self, intent: DictationIntent, at: float) -> None:
        self._send.send_nowait((intent, at))

    async def tap(self) -> FakeRecording:
        count = len(self.microphone.recordings)
        self.gesture.start()
        await self.until(lambda: len(self.microphone.recordings) > count)
        return self.microphone.recordings[-1]

    async def until_shown_done(self, note: Message) -> DictationState:
        """Wait until a note is shown that makes no row."""
        await self.until(lambda: any(isinstance(s, Done) and note in s.notes for s in self.states))
        return self.states[-1]

    @property
    def texts(self) -> list[str]:
        return [text for text, _ in self.paster.pasted]

    @property
    def is_open(self) -> bool:
        return not self.microphone.recordings[-1].closed


@asynccontextmanager
async def scene(folder: Path, *texts: str, is_continuous: bool = True) -> AsyncIterator[Scene]:
    made = Scene(folder, *texts, is_continuous=is_continuous)
    async with anyio.create_task_group() as tasks:
        made.start(tasks)
        yield made
        tasks.cancel_scope.cancel()


@pytest.fixture(scope="module")
def spoken() -> list[Audio]:
    """Short pieces of speech."""
    return [read_audio(clip.path)[: round(1.2 * RATE_HZ)] for clip in sentences()[:3]]


async def test_silence_ends_a_tapped_dictation_as_a_release(tmp_path: Path, spoken: list[Audio]) -> None:
    async with scene(tmp_path, "One.", is_continuous=False) as stage:
        recording = await stage.tap()
        recording.play(np.concatenate([QUIET, spoken[0], QUIET, spoken[1]]))
        await stage.until(lambda: len(stage.rows) == 1)
        await stage.until(lambda: recording.closed)
        assert (stage.texts, stage.rows[0].delivery) == (["One."], Outcome.INSERTED)
        assert not stage.gesture.is_recording
        assert isinstance(stage.states[-1], Done)
        (heard,) = stage.keeping.sounds
        assert len(QUIET) + len(spoken[0]) < len(heard) < len(QUIET) + len(spoken[0]) + len(QUIET)


async def test_a_held_key_is_never_ended_by_silence(tmp_path: Path, spoken: list[Audio]) -> None:
    sound = np.concatenate([spoken[0], QUIET, QUIET, spoken[1]])
    async with scene(tmp_path, "All of it.") as stage:
        recording = await stage.press()
        recording.play(sound)
        newest = stage.dictation._newest_session
        await stage.until(lambda: newest is not None and newest._capture.captured_s >= len(sound) / RATE_HZ)
        assert all(not isinstance(state, Listening) or not state.goes_on for state in stage.states)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.texts == ["All of it."]
        assert [len(heard) for heard in stage.keeping.sounds] == [len(sound)]
        await stage.until(lambda: recording.closed)


async def test_no_sample_is_lost_between_paragraphs(tmp_path: Path, spoken: list[Audio]) -> None:
    sound = np.concatenate([part for piece in spoken for part in (piece, QUIET)])
    sound = sound[: len(sound) // FRAME_SAMPLES * FRAME_SAMPLES] + np.float32(1e-6) * np.arange(
        len(sound) // FRAME_SAMPLES * FRAME_SAMPLES, dtype=np.float32
    ) / len(sound)
    async with scene(tmp_path, "One.", "Two.", "Three.") as stage:
        recording = await stage.tap()
        recording.play(sound)
        await stage.until(lambda: len(stage.rows) == 3)
        stage.gesture.stop()
        await stage.until(lambda: recording.closed)
        assert stage.texts == ["One.", "Two.", "Three."]
        heard = np.concatenate(stage.keeping.sounds)
        assert np.array_equal(heard, sound[: len(heard)])
        assert len(sound) - len(heard) < len(QUIET)
        assert len(stage.microphone.recordings) == 1


async def test_between_paragraphs_it_listens_and_a_tap_ends_it(tmp_path: Path, spoken: list[Audio]) -> None:
    async with scene(tmp_path, "One.") as stage:
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET]))
        await stage.until(lambda: any(isinstance(state, Done) for state in stage.states))
        assert Done(Outcome.INSERTED, "One.", goes_on=True) in stage.states
        recording.play(np.zeros(2 * RATE_HZ, np.float32))
        listening = await stage.until_state(Listening)
        assert isinstance(listening, Listening)
        assert (listening.goes_on, listening.is_locked, listening.transcript.text) == (True, True, "")
        assert stage.is_open
        assert stage.gesture.is_recording
        stage.gesture.handle_key(GestureEvent.DOWN)
        stage.gesture.handle_key(GestureEvent.UP)
        await stage.until(lambda: recording.closed)
        assert await stage.until_state(Idle) == Idle()
        assert (len(stage.microphone.recordings), stage.texts) == (1, ["One."])
        stage.gesture.close()


async def test_what_is_said_right_before_the_tap_is_a_paragraph(tmp_path: Path, spoken: list[Audio]) -> None:
    async with scene(tmp_path, "One.", "Two.") as stage:
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET]))
        await stage.until(lambda: len(stage.rows) == 1)
        recording.play(spoken[1])
        stage.gesture.stop()
        await stage.until(lambda: len(stage.rows) == 2)
        assert stage.texts == ["One.", "Two."]
        await stage.until(lambda: recording.closed)


@pytest.mark.parametrize("is_speaking", [True, False])
async def test_escape_ends_it_and_cancels_only_what_is_being_said(
    tmp_path: Path, spoken: list[Audio], is_speaking: bool
) -> None:
    async with scene(tmp_path, "One.", "Two.") as stage:
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET]))
        await stage.until(lambda: len(stage.rows) == 1)
        if is_speaking:
            recording.play(spoken[1])
            await stage.until(lambda: len(stage.keeping.sounds) == 2)
        stage.gesture.handle_key(GestureEvent.ESC)
        await stage.until(lambda: recording.closed)
        expected = [Outcome.INSERTED, *([Outcome.CANCELLED] if is_speaking else [])]
        await stage.until(lambda: [row.delivery for row in stage.rows] == expected)
        assert (stage.texts, stage.gesture.is_recording) == (["One."], False)


async def test_a_long_silence_ends_it_and_says_so(
    tmp_path: Path, spoken: list[Audio], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.dictation.paragraphs.LONG_SILENCE_S", 10.0)
    async with scene(tmp_path, "One.") as stage:
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET]))
        await stage.until(lambda: len(stage.rows) == 1)
        recording.play(np.zeros(8 * RATE_HZ, np.float32))
        await stage.until(lambda: recording._receive.statistics().current_buffer_used == 0)
        assert stage.is_open
        recording.play(np.zeros(RATE_HZ, np.float32))
        await stage.until(lambda: recording.closed)
        message = Message("listening-ended-by-silence", minutes="2")
        assert await stage.until_state(Done) == Done(Outcome.SILENT, notes=(message,))
        assert not stage.gesture.is_recording


async def test_a_long_silence_between_paragraphs_is_in_no_recording(tmp_path: Path, spoken: list[Audio]) -> None:
    silence = np.zeros(7 * RATE_HZ, np.float32)
    async with scene(tmp_path, "One.", "Two.") as stage:
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET, silence, spoken[1], QUIET]))
        await stage.until(lambda: len(stage.rows) == 2)
        heard = len(stage.keeping.sounds[1])
        assert len(spoken[1]) + LEAD_S * RATE_HZ - RATE_HZ < heard < len(spoken[1]) + (LEAD_S + PAUSE_S + 0.5) * RATE_HZ


async def test_a_cough_makes_no_row_and_no_flicker(tmp_path: Path, spoken: list[Audio]) -> None:
    async with scene(tmp_path, "One.", "", "Two.") as stage:
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET]))
        await stage.until(lambda: len(stage.rows) == 1)
        recording.play(np.zeros(2 * RATE_HZ, np.float32))
        await stage.until_state(Listening)
        before = len(stage.states)
        recording.play(np.concatenate([spoken[1][: RATE_HZ // 2], QUIET]))
        await stage.until(lambda: len(stage.keeping.heard) == 2)
        recording.play(np.concatenate([spoken[2], QUIET]))
        await stage.until(lambda: len(stage.rows) == 2)
        assert stage.texts == ["One.", "Two."]
        shown = stage.states[before : stage.states.index(Done(Outcome.INSERTED, "Two.", goes_on=True))]
        assert not [state for state in shown if isinstance(state, Done | Idle)]
        assert Done(Outcome.SILENT) not in stage.states


async def test_stop_listening_ends_it_without_a_text(tmp_path: Path, spoken: list[Audio]) -> None:
    async with scene(tmp_path, "One.", "Stop listening.") as stage:
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET, spoken[1], QUIET]))
        assert await stage.until_shown_done(LISTENING_STOPPED)
        await stage.until(lambda: recording.closed)
        await stage.until(lambda: len(stage.rows) == 2)
        assert (stage.texts, stage.gesture.is_recording) == (["One."], False)
        command = stage.rows[1]
        assert (command.delivery, command.raw_text, command.text) == (Outcome.SILENT, "Stop listening.", "")
        assert command.notes == (LISTENING_STOPPED,)


async def test_stop_listening_behind_a_slow_polish_closes_the_microphone_at_once(
    tmp_path: Path, spoken: list[Audio]
) -> None:
    polisher = SlowPolisher()
    async with scene(tmp_path, "One.", "Stop listening.", "Private words.") as stage:
        stage.dictation.dependencies = replace(stage.dictation.dependencies, polisher=polisher)
        recording = await stage.tap()
        recording.play(np.concatenate([part for piece in spoken for part in (piece, QUIET)]))
        await stage.until(lambda: recording.closed)
        assert await stage.until_shown_done(LISTENING_STOPPED) == Done(Outcome.SILENT, notes=(LISTENING_STOPPED,))
        assert (stage.texts, stage.gesture.is_recording) == ([], False)
        polisher.gate.set()
        await stage.until(lambda: not stage.dictation.is_busy)
        assert [row.raw_text for row in stage.rows] == ["One.", "Stop listening."]
        assert (stage.texts, stage.keeping.texts) == (["One."], ["Private words."])


async def test_words_after_stop_listening_reach_no_recognizer(tmp_path: Path, spoken: list[Audio]) -> None:
    async with scene(tmp_path, "One.", "Stop listening.", "Private words.") as stage:
        heard = anyio.Event()
        stage.keeping.gates = [heard, heard]
        heard.set()
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET]))
        await stage.until(lambda: len(stage.rows) == 1)
        stage.keeping.gates = [understood := anyio.Event()]
        recording.play(np.concatenate([spoken[1], QUIET, spoken[2], QUIET, spoken[0]]))
        await stage.until(lambda: len(stage.dictation._unfinished_sessions) == 3)
        await stage.until(lambda: len(stage.keeping.heard) == 2)
        assert len(stage.keeping.sounds) == 2
        understood.set()
        await stage.until(lambda: not stage.dictation.is_busy)
        assert (stage.texts, len(stage.rows), len(stage.keeping.sounds)) == (["One."], 2, 2)
        assert (recording.closed, list(tmp_path.iterdir())) == (True, [])
        assert stage.states[-1] == Done(Outcome.SILENT, notes=(LISTENING_STOPPED,))


async def test_paragraph_after_a_text_is_recognized(tmp_path: Path, spoken: list[Audio]) -> None:
    async with scene(tmp_path, "One.", "Two.") as stage:
        stage.keeping.gates = [understood := anyio.Event()]
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET, spoken[1], QUIET]))
        await stage.until(lambda: len(stage.dictation._unfinished_sessions) == 2)
        understood.set()
        await stage.until(lambda: stage.texts == ["One.", "Two."])
        assert stage.is_open


async def test_stop_listening_is_text_where_nothing_goes_on(tmp_path: Path, spoken: list[Audio]) -> None:
    async with scene(tmp_path, "Stop listening.", is_continuous=False) as stage:
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET]))
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.texts == ["Stop listening."]


@pytest.mark.parametrize("refuses", [True, False])
async def test_send_it_presses_return_once(tmp_path: Path, spoken: list[Audio], refuses: bool) -> None:
    async with scene(tmp_path, "One.", "Send it.", "Send it.") as stage:
        stage.returning.touched_at = inf if refuses else 0.0
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET, spoken[1], QUIET]))
        assert await stage.until_shown_done(RETURN_NOT_PRESSED if refuses else RETURN_PRESSED)
        assert (stage.returning.returned, stage.texts) == ([] if refuses else [1], ["One."])
        recording.play(np.concatenate([spoken[2], QUIET]))
        await stage.until(lambda: len(stage.keeping.heard) == 3)
        if not refuses:  # it was sent already: there is nothing that could be meant
            await stage.until(lambda: stage.texts == ["One.", "Send it."])
            assert stage.returning.returned == [1]


@pytest.mark.parametrize(
    ("outcome", "focus"),
    [
        (Outcome.INSERTED, Target(2, "browser", "A page")),
        (Outcome.INSERTED, Target(1, "browser", "Another page", site="elsewhere.example")),
        (Outcome.UNCONFIRMED, Target(1)),
        (Outcome.COPIED, Target(1)),
    ],
)
async def test_send_it_needs_an_insertion_in_this_window(
    tmp_path: Path, spoken: list[Audio], outcome: Outcome, focus: Target
) -> None:
    async with scene(tmp_path, "One.", "Send it.") as stage:
        stage.paster.focus = Target(1, "browser", "A page", site="here.example")
        stage.paster.outcome = PasteResult(outcome)
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET]))
        await stage.until(lambda: len(stage.rows) == 1)
        if outcome is Outcome.INSERTED:
            stage.paster.focus = focus
        if outcome is Outcome.COPIED:  # it would be overwritten
            await stage.until(lambda: recording.closed and not stage.gesture.is_recording)
            recording = await stage.tap()
        recording.play(np.concatenate([spoken[1], QUIET]))
        if outcome is Outcome.UNCONFIRMED:
            assert await stage.until_shown_done(RETURN_NOT_PRESSED)
        else:
            await stage.until(lambda: stage.texts == ["One.", "Send it."])
        assert stage.returning.returned == []


@pytest.mark.parametrize(
    ("texts", "touches", "returned"),
    [(("One.",), False, []), (("One.", "Two."), False, [1]), (("One.", "Two."), True, [])],
)
async def test_send_it_after_scratch_that_sends_what_is_left_untouched(
    tmp_path: Path, spoken: list[Audio], texts: tuple[str, ...], touches: bool, returned: list[int]
) -> None:
    async with scene(tmp_path, *texts, "Scratch that.", "Send it.") as stage:
        stage.dictation.dependencies = replace(
            stage.dictation.dependencies, scratch=lambda target: stage.dictation.undo_last()
        )
        recording = await stage.tap()
        for number in range(len(texts)):
            recording.play(np.concatenate([spoken[number], QUIET]))
            await stage.until(lambda number=number: len(stage.texts) == number + 1)
            await stage.until(lambda number=number: len(stage.rows) == number + 1)
            if touches and not number:
                stage.returning.touched_at = time.monotonic()
        recording.play(np.concatenate([spoken[2], QUIET, spoken[0], QUIET]))
        if len(texts) > 1:
            assert await stage.until_shown_done(RETURN_PRESSED if returned else RETURN_NOT_PRESSED)
        else:  # nothing is left that could be sent
            await stage.until(lambda: stage.texts == [*texts, "Send it."])
        assert stage.returning.returned == returned


async def test_send_it_after_an_undone_copy_sends_the_text_before_it(tmp_path: Path, spoken: list[Audio]) -> None:
    async with scene(tmp_path, "One.", "Send it.") as stage:
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET]))
        await stage.until(lambda: len(stage.rows) == 1)
        await stage.dictation.paste("One.")
        await stage.dictation.undo_last()
        recording.play(np.concatenate([spoken[1], QUIET]))
        assert await stage.until_shown_done(RETURN_PRESSED)
        assert (stage.returning.returned, stage.texts) == ([1], ["One.", "One."])


async def test_send_it_with_the_key_held_is_text(tmp_path: Path, spoken: list[Audio]) -> None:
    async with scene(tmp_path, "One.", "Send it.") as stage:
        for count in (1, 2):
            (await stage.press()).play(spoken[0])
            stage.release()
            await stage.until(lambda count=count: len(stage.rows) == count)
        assert (stage.texts, stage.returning.returned) == (["One.", "Send it."], [])


async def test_password_field_ends_it(tmp_path: Path, spoken: list[Audio]) -> None:
    async with scene(tmp_path, "One.", "Secret.") as stage:
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET]))
        await stage.until(lambda: len(stage.rows) == 1)
        stage.paster.focus = Target(2, "dialog", "Log in", field=InputField(is_password=True))
        recording.play(np.concatenate([spoken[1], QUIET]))
        await stage.until(lambda: recording.closed)
        assert (stage.texts, stage.gesture.is_recording) == (["One."], False)
        assert all(len(heard) == 0 for heard in stage.keeping.sounds[1:])


async def test_a_failed_recognizer_ends_it_and_keeps_the_recording(tmp_path: Path, spoken: list[Audio]) -> None:
    async with scene(tmp_path, "One.", "Two.") as stage:
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET]))
        await stage.until(lambda: len(stage.rows) == 1)
        stage.keeping.problem = RecognizerError("reported-message", title="The model is gone.", advice="")
        recording.play(np.concatenate([spoken[1], QUIET]))
        await stage.until(lambda: recording.closed)
        await stage.until(lambda: len(stage.rows) == 2)
        assert (stage.rows[1].delivery, stage.gesture.is_recording) == (Outcome.FAILED, False)


@pytest.mark.parametrize("second", ["Two.", ""])
async def test_a_voice_without_words_ends_it_only_when_it_comes_twice(
    tmp_path: Path, spoken: list[Audio], second: str
) -> None:
    async with scene(tmp_path, "", second, "Three.") as stage:
        recording = await stage.tap()
        recording.play(np.concatenate([*spoken, QUIET]))
        await stage.until(lambda: len(stage.rows) == 1)
        shown = stage.states[-1]
        assert isinstance(shown, Done)
        assert (shown.outcome, shown.goes_on, stage.is_open) == (Outcome.FAILED, True, True)
        recording.play(np.concatenate([*spoken, QUIET]))
        await stage.until(lambda: len(stage.rows) == 2)
        if second:
            assert (stage.rows[1].delivery, stage.gesture.is_recording) == (Outcome.INSERTED, True)
        else:
            await stage.until(lambda: recording.closed)
            assert (stage.rows[1].delivery, stage.gesture.is_recording) == (Outcome.FAILED, False)


@pytest.mark.parametrize("is_speaking", [True, False])
async def test_a_lost_microphone_ends_it_and_says_so(tmp_path: Path, spoken: list[Audio], is_speaking: bool) -> None:
    lost = MicrophoneError("recording-ended", loss=Message("microphone-stopped", device="Fake"))
    async with scene(tmp_path, "One.", "Two.") as stage:
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET]))
        await stage.until(lambda: len(stage.rows) == 1)
        if is_speaking:
            recording.play(spoken[1])
            await stage.until(lambda: len(stage.keeping.sounds) == 2)
        recording.unplugged = lost
        recording.stop(0.0)
        await stage.until(lambda: recording.closed)
        if is_speaking:
            await stage.until(lambda: stage.texts == ["One.", "Two."])
        else:
            assert await stage.until_state(Failed) == Failed(lost, has_recording=False)
        assert not stage.gesture.is_recording


async def test_what_is_said_while_an_earlier_paragraph_fails_is_heard_to_its_end(
    tmp_path: Path, spoken: list[Audio]
) -> None:
    gate = anyio.Event()
    async with scene(tmp_path, "One.", "Two.") as stage:
        stage.paster.before_sent, stage.paster.outcome = gate.wait, PasteResult(Outcome.FAILED)
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET, spoken[1]]))
        await stage.until(lambda: len(stage.keeping.sounds) == 2)
        gate.set()
        await stage.until(lambda: len(stage.rows) == 1)
        stage.paster.outcome = PasteResult(Outcome.INSERTED)
        assert (stage.is_open, stage.gesture.is_recording) == (True, True)
        recording.play(np.concatenate([spoken[2], QUIET, spoken[0], QUIET]))
        await stage.until(lambda: len(stage.rows) == 2)
        await stage.until(lambda: recording.closed)
        assert ([row.delivery for row in stage.rows], stage.texts) == (
            [Outcome.FAILED, Outcome.INSERTED],
            ["One.", "Two."],
        )
        assert len(stage.keeping.sounds[1]) > len(spoken[1]) + len(spoken[2])
        assert not stage.gesture.is_recording


async def test_a_command_that_a_lost_microphone_cut_off_is_text(tmp_path: Path, spoken: list[Audio]) -> None:
    async with scene(tmp_path, "One.", "Send it.") as stage:
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET]))
        await stage.until(lambda: len(stage.rows) == 1)
        recording.play(spoken[1])
        await stage.until(lambda: len(stage.keeping.sounds) == 2)
        recording.unplugged = MicrophoneError("recording-ended", loss=Message("microphone-stopped", device="Fake"))
        recording.stop(0.0)
        await stage.until(lambda: stage.texts == ["One.", "Send it."])
        assert stage.returning.returned == []


async def test_what_has_no_pause_for_the_longest_dictation_goes_on_as_text(tmp_path: Path, spoken: list[Audio]) -> None:
    longest_s, said = 14.0, ["One.", "Stop listening.", "Three.", *["More."] * 20]
    async with scene(tmp_path, *said) as stage:
        stage.dictation.dependencies = replace(stage.dictation.dependencies, max_duration_s=longest_s)
        recording = await stage.tap()
        sound = np.concatenate([*spoken * 10])
        sound = sound[: len(sound) // FRAME_SAMPLES * FRAME_SAMPLES]
        recording.play(sound)
        await stage.until(lambda: recording._receive.statistics().current_buffer_used == 0)
        assert (stage.is_open, stage.gesture.is_recording) == (True, True)
        stage.gesture.stop()
        await stage.until(lambda: recording.closed and len(stage.rows) >= len(sound) / RATE_HZ // longest_s)
        assert stage.texts[:3] == ["One.", "Stop listening.", "Three."]
        await stage.until(lambda: sum(map(len, stage.keeping.sounds)) == len(sound))
        assert np.array_equal(np.concatenate(stage.keeping.sounds), sound)
        assert max(map(len, stage.keeping.sounds)) < longest_s * RATE_HZ
        assert all(
            state.remaining_s is None for state in stage.states if isinstance(state, Listening) and state.goes_on
        )


async def test_the_key_ends_the_dictation_that_it_began_and_no_late_paragraph(
    tmp_path: Path, spoken: list[Audio]
) -> None:
    async with scene(tmp_path, "One.", "Three.", "Two.") as stage:
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET]))
        await stage.until(lambda: len(stage.rows) == 1)
        recording.play(spoken[1])
        stage.gesture.stop()
        later = await stage.tap()
        await stage.until(lambda: len(stage.keeping.sounds) == 3 and recording.closed)
        later.play(spoken[2])
        stage.gesture.handle_key(GestureEvent.DOWN, sends_return=True)
        stage.gesture.handle_key(GestureEvent.UP)
        await stage.until(lambda: len(stage.rows) == 3)
        assert stage.paster.entered == ["Three."]
        stage.gesture.close()


async def test_what_is_said_after_the_detector_has_failed_is_heard(
    tmp_path: Path, spoken: list[Audio], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(finder: PauseFinder, frame: Frame) -> None:
        raise RuntimeError("no detector")

    async with scene(tmp_path, "One.", "Two.") as stage:
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET]))
        await stage.until(lambda: len(stage.rows) == 1)
        monkeypatch.setattr(PauseFinder, "add_frame", fail)
        recording.play(np.concatenate([QUIET, QUIET, spoken[1], QUIET]))
        await stage.until(lambda: recording._receive.statistics().current_buffer_used == 0)
        stage.gesture.stop()
        await stage.until(lambda: len(stage.rows) == 2)
        assert stage.texts == ["One.", "Two."]
        assert len(stage.keeping.sounds[1]) >= len(spoken[1]) + 3 * len(QUIET)
    assert "pauses cannot be detected" in caplog.text


async def test_a_microphone_lost_while_words_are_recognized_is_said_with_them(
    tmp_path: Path, spoken: list[Audio]
) -> None:
    lost, gate = MicrophoneError("recording-ended", loss=Message("microphone-stopped", device="Fake")), anyio.Event()
    async with scene(tmp_path, "One.") as stage:
        stage.keeping.gates = [gate]
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET]))
        await stage.until(lambda: len(stage.keeping.heard) == 1)
        recording.unplugged = lost
        recording.stop(0.0)
        await stage.until(lambda: recording.closed)
        gate.set()
        note = Message("problem-title", problem=lost.message)
        assert await stage.until_shown_done(note) == Done(Outcome.INSERTED, "One.", notes=(note,))
        await stage.until(lambda: len(stage.rows) == 1)


async def test_what_happened_to_the_microphone_is_noted_in_its_own_paragraph(
    tmp_path: Path, spoken: list[Audio]
) -> None:
    async with scene(tmp_path, "One.", "Two.") as stage:
        recording = await stage.tap()
        recording.preroll_s, recording.notes = 0.5, (Message("microphone-stopped", device="Fake"),)
        first = stage.dictation._newest_session
        recording.play(np.concatenate([spoken[0], QUIET]))
        await stage.until(lambda: len(stage.rows) == 1)
        recording.play(np.concatenate([spoken[1], QUIET]))
        await stage.until(lambda: len(stage.rows) == 2)
        assert first is not None
        assert first._capture._recording is not None
        assert first._capture._recording.preroll_s == 0.5
        assert [row.notes for row in stage.rows] == [recording.notes, ()]


async def test_an_unusable_microphone_is_said(tmp_path: Path) -> None:
    async with scene(tmp_path) as stage:
        stage.microphone.problem = MicrophoneError("microphone-unresponsive")
        stage.gesture.start()
        assert isinstance(await stage.until_state(Failed), Failed)
        assert not stage.gesture.is_recording


async def test_user_who_leaves_ends_it(tmp_path: Path, spoken: list[Audio]) -> None:
    async with scene(tmp_path, "One.") as stage:
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET]))
        await stage.until(lambda: len(stage.rows) == 1)
        stage.gesture.on_user_left()
        stage.dictation.on_user_left()
        await stage.until(lambda: recording.closed)
        assert not stage.gesture.is_recording


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Send it.", "send"),
        ("Um, send that, please!", "send"),
        ("发送。", "send"),
        ("Bitte abschicken.", "send"),
        ("Stop listening.", "stop"),
        ("Okay, stop listening.", "stop"),
        ("停止听写", "stop"),
        ("Diktat beenden.", "stop"),
    ],
)
def test_a_command_alone_is_found(said: str, name: str) -> None:
    command = find_spoken_command(said)
    assert command is not None
    assert command.value == name


@pytest.mark.parametrize(
    "said",
    [
        *("", "Send it to Ann.", "I will send it.", "Please send it tomorrow.", "Stop listening to him."),
        *("They stop listening", "send", "stop", "Send it, send it.", "请发送这个文件", "Ich schicke es ab und zu."),
    ],
)
def test_a_sentence_is_no_command(said: str) -> None:
    assert find_spoken_command(said) is None
