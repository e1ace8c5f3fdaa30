"""The flow from press to history, told with fakes at its edges."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.audio.spool_file import SpoolFile
from desktop.core.errors import MicrophoneError, RecognizerError, UserError
from desktop.core.messages import Message
from desktop.core.state import Done, Failed, Listening, Pasting, Polishing, Starting, Transcribing
from desktop.core.types import FRAME_SAMPLES, InputField, Outcome, PasteResult, SentData, Target
from desktop.history.rows import HistoryEntry
from desktop.hotkeys.gesture import DictationIntent
from desktop.paste.request import USER_AWAY
from tests.support.stage import SendingPolisher, SlowPolisher, on

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


async def test_escape_while_speaking_keeps_words_unpasted(tmp_path: Path) -> None:
    async with on(tmp_path, "hello there") as stage:
        recording = await stage.press()
        recording.say(3)
        await stage.until(lambda: any(isinstance(s, Listening) and s.transcript.text for s in stage.states))
        stage.escape()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == []
        assert stage.rows[0].delivery is Outcome.CANCELLED
        assert "hello".startswith(stage.rows[0].raw_text)
        assert isinstance(stage.states[-1], Done)
        assert recording.closed


async def test_escape_while_polishing_pastes_nothing(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        stage.dictation.dependencies = replace(stage.parts(), polisher=SlowPolisher())
        (await stage.press()).say(2)
        stage.release()
        await stage.until_state(Polishing)
        stage.escape()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == []
        assert stage.rows[0].raw_text == "hello"


async def test_row_lists_what_was_sent_however_it_ended(tmp_path: Path) -> None:
    async with on(tmp_path, "hello", "hello") as stage:
        for count, focus in enumerate((stage.paster.focus, PASSWORD), start=1):
            polisher = SendingPolisher()
            stage.dictation.dependencies = replace(stage.parts(), polisher=polisher)
            recording = await stage.press()
            recording.say(2)
            await stage.until(lambda polisher=polisher: polisher.told == ["h", "he"])
            stage.paster.focus = focus
            stage.release()
            if count == 2:
                polisher.gate.set()
            await stage.until_state(Polishing if count == 1 else Done)
            stage.escape()
            await stage.until(lambda count=count: len(stage.rows) == count)
            assert stage.rows[-1].sent == (SentData("example", "polish", characters=3),)
        assert [row.delivery for row in stage.rows] == [Outcome.CANCELLED, Outcome.REFUSED]


async def test_escape_while_pasting_comes_too_late(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        gate = anyio.Event()
        stage.paster.before_sent = gate.wait
        (await stage.press()).say(2)
        stage.release()
        await stage.until_state(Pasting)
        stage.escape()
        gate.set()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.rows[0].delivery is Outcome.INSERTED


async def test_a_cancelled_dictation_can_be_taken_up_again(tmp_path: Path) -> None:
    async with on(tmp_path, "first", "hello") as stage:
        (await stage.press()).say(2)
        stage.escape()
        await stage.until(lambda: len(stage.rows) == 1)
        again: list[HistoryEntry] = []

        def remember(entry: HistoryEntry, take: SpoolFile) -> int:
            again.append(entry)
            take.discard()
            return len(again)

        stage.dictation.resume(np.full(4 * FRAME_SAMPLES + 7, 0.1, np.float32), remember)
        await stage.until(lambda: len(again) == 1)
        assert stage.paster.pasted == [("Hello.", 1)]
        assert stage.recognizer.heard == [4 * FRAME_SAMPLES + 7]
        assert again[0].delivery is Outcome.INSERTED


async def test_running_retry_is_not_started_twice(tmp_path: Path) -> None:
    async with on(tmp_path, "never", "hello", "hello") as stage:
        (await stage.press()).say(2)
        stage.escape()
        await stage.until(lambda: len(stage.rows) == 1)
        gate, sound, again = anyio.Event(), np.full(4 * FRAME_SAMPLES, 0.1, np.float32), list[HistoryEntry]()
        stage.recognizer.gates.append(gate)

        def remember(entry: HistoryEntry, take: SpoolFile) -> int:
            again.append(entry)
            take.discard()
            return len(again)

        began = datetime(2026, 3, 2, tzinfo=UTC)
        for _ in range(2):
            stage.dictation.resume(sound, remember, started_at=began)
        gate.set()
        await stage.until(lambda: len(again) == 1 and not stage.dictation._unfinished_sessions)
        assert len(stage.paster.pasted) == 1
        stage.dictation.resume(sound, remember, started_at=began)
        await stage.until(lambda: len(again) == 2)


async def test_return_follows_only_its_dictations_text(tmp_path: Path) -> None:
    async with on(tmp_path, "hello", "world") as stage:
        for count, intent in enumerate((DictationIntent.SEND, DictationIntent.END), start=1):
            (await stage.press()).say(2)
            stage.mean(intent)
            await stage.until(lambda count=count: len(stage.rows) == count)
        assert len(stage.paster.pasted) == 2
        assert stage.paster.entered == [stage.paster.pasted[0][0]]


PASSWORD = Target(2, "dialog", "Log in", field=InputField(is_password=True))


async def test_password_field_speech_is_not_sent_or_kept(tmp_path: Path) -> None:
    async with on(tmp_path, "open sesame") as stage:
        stage.paster.focus = PASSWORD
        (await stage.press()).say(5)
        await stage.until_state(Listening)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        row = stage.rows[0]
        assert (row.delivery, row.raw_text, row.text, row.app) == (Outcome.REFUSED, "", "", "dialog")
        assert row.note == "This is a password field. Nothing was kept."
        assert stage.states[-1] == Done(Outcome.REFUSED, notes=row.notes)
        assert stage.paster.pasted == []
        assert list(tmp_path.iterdir()) == []
        assert not any("sesame" in str(state) for state in stage.states)


async def test_escape_in_password_field_keeps_nothing(tmp_path: Path) -> None:
    async with on(tmp_path, "open sesame") as stage:
        stage.paster.focus = PASSWORD
        (await stage.press()).say(5)
        await stage.until_state(Listening)
        stage.escape()
        await stage.until(lambda: len(stage.rows) == 1)
        assert (stage.rows[0].delivery, stage.rows[0].raw_text) == (Outcome.REFUSED, "")
        assert list(tmp_path.iterdir()) == []


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


async def test_cancelled_dictation_does_not_delay_the_next(tmp_path: Path) -> None:
    async with on(tmp_path, "first", "second") as stage:
        (await stage.press()).say(2)
        stage.escape()
        (await stage.press()).say(2)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 2)
        assert [text for text, _ in stage.paster.pasted] == ["Second."]


async def test_screen_lock_keeps_released_dictation_unpasted(tmp_path: Path) -> None:
    async with on(tmp_path, "first", "second", "third") as stage:
        slow = anyio.Event()
        stage.recognizer.gates = [slow]
        (await stage.press()).say(2)
        stage.release()
        speaking = await stage.press()
        speaking.say(2)
        await stage.until_state(Listening)
        stage.dictation.on_user_left()
        await stage.until(lambda: speaking.closed)
        slow.set()
        await stage.until(lambda: len(stage.rows) == 2)
        assert stage.paster.pasted == []
        let_go, spoken = stage.rows
        assert (spoken.delivery, speaking.closed) == (Outcome.CANCELLED, True)
        assert (let_go.delivery, let_go.text, let_go.notes) == (Outcome.REFUSED, "First.", USER_AWAY.notes)
        (await stage.press()).say(2)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 3)
        assert stage.paster.pasted == [("Third.", 1)]


async def test_screen_lock_during_polish_still_shows_result(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        polisher = SlowPolisher()
        stage.dictation.dependencies = replace(stage.parts(), polisher=polisher)
        (await stage.press()).say(2)
        stage.release()
        await stage.until_state(Polishing)
        stage.dictation.on_user_left()
        polisher.gate.set()
        assert await stage.until_state(Done) == Done(Outcome.REFUSED, "Hello.", USER_AWAY.notes)
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == []


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


async def test_engine_failure_does_not_stop_recording(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        stage.recognizer.problem = RecognizerError(
            "reported-message", title="The model is gone.", advice="Fetch it again."
        )
        recording = await stage.press()
        recording.say(2)
        await stage.until_state(Listening)
        recording.say(20)
        stage.release()
        failed = await stage.until_state(Failed)
        assert failed == Failed(stage.recognizer.problem)
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.rows[0].delivery is Outcome.FAILED
        assert "The model is gone." in stage.rows[0].note


async def test_bug_in_engine_does_not_stop_recording(tmp_path: Path) -> None:
    async with on(tmp_path, "never") as stage:
        stage.recognizer.problem = ValueError("oops")
        recording = await stage.press()
        recording.say(1)
        (newest,) = stage.dictation._unfinished_sessions
        await stage.until(lambda: newest._capture.captured_s > 0)
        for _ in range(200):  # the engine has failed long since
            await anyio.lowlevel.checkpoint()
        recording.say(50)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert newest._capture.captured_s == pytest.approx(51 * FRAME_SAMPLES / 16_000)


@pytest.mark.parametrize("silent", [True, False])
async def test_a_window_that_cannot_be_told_holds_up_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent: bool
) -> None:
    monkeypatch.setattr("desktop.dictation.target.LOOKUP_TIMEOUT_S", 0.05)
    async with on(tmp_path, "hello", "world") as stage:
        whole = stage.paster.find_target

        async def target() -> Target:
            if silent:
                await anyio.sleep_forever()
            raise TypeError("an odd window")

        stage.paster.find_target = target  # type: ignore[method-assign]
        for count, text in enumerate(("Hello.", "World."), start=1):
            (await stage.press()).say(2)
            stage.release()
            await stage.until(lambda count=count: len(stage.rows) == count)
            assert (stage.rows[-1].text, stage.microphone.recordings[-1].closed) == (text, True)
            stage.paster.find_target = whole  # type: ignore[method-assign]
        assert stage.paster.pasted == [("Hello.", 0), ("World.", 1)]


async def test_a_bug_is_logged_and_becomes_a_sentence(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with on(tmp_path, "hello") as stage:
        stage.recognizer.problem = ZeroDivisionError("oops")
        (await stage.press()).say(2)
        stage.release()
        failed = await stage.until_state(Failed)
        assert isinstance(failed, Failed)
        assert type(failed.problem) is UserError
        assert "ZeroDivisionError" in caplog.text


async def test_a_microphone_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        stage.microphone.problem = MicrophoneError("microphone-missing")
        stage.mean(DictationIntent.BEGIN)
        assert await stage.until_state(Failed) == Failed(stage.microphone.problem)
        assert stage.overs == 1


async def test_an_unplugged_microphone_keeps_what_was_heard(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        recording = await stage.press()
        recording.say(3)
        loss = Message("microphone-unplugged", device="USB Audio")
        recording.unplugged = MicrophoneError("recording-ended-with-speech", loss=loss, seconds="1")
        recording.stop(anyio.current_time())
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == [("Hello.", 1)]
        assert "unplugged" in stage.rows[0].note
        assert stage.overs == 1


async def test_microphone_trouble_is_shown_until_resolved(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        recording = await stage.press()
        recording.problem = MicrophoneError("microphone-muted", device="USB Audio")
        recording.say()
        await stage.until(lambda: getattr(stage.states[-1], "problem", None) is recording.problem)
        recording.problem = None
        recording.notes = (Message("microphone-was-muted", device="USB Audio", seconds="2"),)
        recording.say()
        await stage.until(lambda: getattr(stage.states[-1], "problem", recording) is None)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert (stage.rows[0].delivery, stage.rows[0].note) == (Outcome.INSERTED, "USB Audio was muted for 2 s.")


async def test_silent_dictation_reports_microphone_state(tmp_path: Path) -> None:
    async with on(tmp_path) as stage:
        recording = await stage.press()
        recording.problem = MicrophoneError("microphone-muted", device="USB Audio")
        recording.say()
        stage.release()
        assert await stage.until_state(Done) == Done(Outcome.SILENT, notes=(recording.problem.message,))


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
