"""Trying the microphone on its page: it is open while its page is seen, and what was recorded is judged and played."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.audio.soundcheck import RecordingVerdict, TrialRecording
from desktop.core.errors import MicrophoneError, UserError
from desktop.core.types import RATE_HZ
from desktop.ui.settings.history import HistoryPage
from desktop.ui.settings.microphone import MicrophonePage
from desktop.ui.settings.window import SettingsWindow
from tests.support.ui.fake_audio import FakeAudio

SECOND = np.zeros(RATE_HZ, np.float32)


@pytest.fixture
def room() -> FakeAudio:
    return FakeAudio()


@pytest.fixture
def window(engine, qtbot, room: FakeAudio) -> SettingsWindow:
    made = SettingsWindow(engine.app(audio=room))
    qtbot.addWidget(made)
    made.present()
    return made


@pytest.fixture
def trial(window: SettingsWindow):
    window.show_page(MicrophonePage)
    page = next(page for page in window.pages if isinstance(page, MicrophonePage))
    assert page.trial is not None
    return page.trial


def test_microphone_open_only_while_page_is_seen(window: SettingsWindow, room: FakeAudio) -> None:
    assert room.going == []
    window.show_page(MicrophonePage)
    assert room.going == ["listening"]
    window.show_page(HistoryPage)
    assert room.going == []
    window.show_page(MicrophonePage)
    window.close()
    assert room.going == []


def test_the_level_is_seen(trial, room: FakeAudio) -> None:
    room.level(0.7)
    assert trial.meter.level == 0.7


def test_chosen_microphone_heard_at_once(trial, window: SettingsWindow, room: FakeAudio, engine) -> None:
    before = room.level
    window.form.rows["audio.device"].control.chosen.emit("usb")
    assert engine.settings.audio.device == ("usb",)
    assert room.going == ["listening"]
    assert room.level == before  # the meter's own
    assert "set audio.device usb" in engine.asked


def test_why_nothing_is_heard_is_said(trial, room: FakeAudio) -> None:
    room.on_problem(MicrophoneError("microphone-muted", device="USB Audio"))
    assert trial.sentence.text() == "USB Audio is muted. Unmute it in the sound settings."
    room.on_problem(None)
    assert trial.sentence.text() == "The microphone is heard again."


def test_recording_played_then_listens_again(trial, room: FakeAudio) -> None:
    trial.button.click()
    assert room.going == ["recording"]
    assert trial.sentence.text() == "Speak now, as you would dictate. 5 s"
    room.end_recording(TrialRecording(SECOND, RecordingVerdict.GOOD))
    assert room.going == ["playing"]
    assert trial.sentence.text() == "You are heard well. This is how you sound."
    room.end_playing()
    assert room.going == ["listening"]
    assert trial.button.text() == "Record 5 s and play them"


def test_silent_recording_explained_not_played(trial, room: FakeAudio) -> None:
    trial.button.click()
    room.end_recording(TrialRecording(SECOND, RecordingVerdict.SILENT))
    assert room.going == ["listening"]
    assert trial.sentence.text() == "The microphone is silent. Is it muted?"
    muted = MicrophoneError("microphone-muted", device="USB Audio")
    trial.button.click()
    room.end_recording(TrialRecording(SECOND, RecordingVerdict.SILENT, problem=muted))
    assert trial.sentence.text() == str(muted)


@pytest.mark.parametrize(
    ("verdict", "says"),
    [(RecordingVerdict.FAINT, "You are hard to hear."), (RecordingVerdict.CLIPPED, "That was too loud")],
)
def test_how_it_sounds_is_said_while_it_is_heard(trial, room: FakeAudio, verdict: RecordingVerdict, says: str) -> None:
    trial.button.click()
    room.end_recording(TrialRecording(SECOND, verdict))
    assert trial.sentence.text().startswith(says)
    assert room.going == ["playing"]


def test_it_can_be_stopped_at_any_point(trial, room: FakeAudio) -> None:
    trial.button.click()
    trial.button.click()
    assert room.going == ["listening"]
    trial.button.click()
    room.end_recording(TrialRecording(SECOND, RecordingVerdict.GOOD))
    trial.button.click()
    assert room.going == ["listening"]


def test_leaving_page_ends_recording_and_playback(trial, window: SettingsWindow, room: FakeAudio) -> None:
    trial.button.click()
    window.show_page(HistoryPage)
    assert room.going == []
    window.show_page(MicrophonePage)
    trial.button.click()
    room.end_recording(TrialRecording(SECOND, RecordingVerdict.GOOD))
    window.show_page(HistoryPage)
    assert room.going == []


def test_recording_or_playing_problem_is_shown(trial, room: FakeAudio) -> None:
    trial.button.click()
    room.end_recording(MicrophoneError("microphone-not-found"))
    assert trial.sentence.text() == "No microphone was found. Connect one, or turn it on in the sound settings."
    trial.button.click()
    room.end_recording(TrialRecording(SECOND, RecordingVerdict.GOOD))
    room.end_playing(UserError("player-missing"))
    assert trial.sentence.text() == "Sound cannot be played here. Install pulseaudio-utils."
