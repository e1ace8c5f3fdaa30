"""The settings' section on how dictations sounded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop.core.errors import HistoryError, UserError
from desktop.emotion.baseline import BaselineStatus
from desktop.emotion.voice_heads import FoundVoiceHeads
from desktop.ui.settings.emotion import EmotionPage
from desktop.ui.settings.window import SettingsWindow
from tests.support.ui.controllers import altered


@dataclass
class Past:
    """What is known of the voice, and what comes of forgetting; `forgotten` is how often that was asked for.
    `heads` are the models that have a head for voices, `unread` why another cannot be read, `encoders` those of them
    that can hear a voice afterwards."""

    known: BaselineStatus | None = None
    comes: int | UserError = 40
    heads: tuple[str, ...] = ()
    unread: UserError | None = None
    encoders: tuple[str, ...] = ()
    forgotten: int = 0

    def voice(self, then: Callable[[BaselineStatus | None], None]) -> None:
        then(self.known)

    def forget(self, then: Callable[[int | UserError], None]) -> None:
        self.forgotten += 1
        then(self.comes)


@pytest.fixture
def opened(engine, qtbot) -> Callable[[Past], tuple[SettingsWindow, EmotionPage]]:
    def make(past: Past) -> tuple[SettingsWindow, EmotionPage]:
        history = altered(
            engine.kept,
            load_known_voice=past.voice,
            load_voice_heads=lambda then: then(FoundVoiceHeads(list(past.heads), past.unread, past.encoders)),
            forget_emotions=past.forget,
        )
        window = SettingsWindow(engine.app(history=history))
        qtbot.addWidget(window)
        window.present()
        window.show_page(EmotionPage)
        return window, next(page for page in window.pages if isinstance(page, EmotionPage))

    return make


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({}, "Nobody gets anything. It is read on this machine."),
        ({"emotion.engine": "off"}, "Nobody gets anything, and nothing is noted."),
        (
            {"emotion.engine": "llm"},
            'api.openai.com gets the words and a line such as "louder than usual". Never the voice.',
        ),
        ({"emotion.engine": "llm", "polish.url": "local"}, "Nobody gets anything. It is read on this machine."),
    ],
)
def test_who_gets_what_is_said(opened, engine, chosen: dict[str, str], said: str) -> None:
    for key, value in chosen.items():
        engine.set_setting(key, value)
    _, page = opened(Past())
    assert page.recipient_row.sentence.text() == said


def test_emotion_engine_recipient_named_at_once(opened) -> None:
    window, page = opened(Past())
    picker = window.form.rows["emotion.engine"].control
    picker.setCurrentIndex(picker.findData("llm"))
    picker.activated.emit(picker.currentIndex())
    assert "api.openai.com" in page.recipient_row.sentence.text()


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (None, "Not heard yet. From the first ten dictations Intone learns what is usual for it."),
        (BaselineStatus("USB Audio", 7), "Getting to know your voice on USB Audio: 7 of 10 dictations."),
        (BaselineStatus("USB Audio", 10), "What is usual for your voice on USB Audio is known."),
    ],
)
def test_how_well_the_voice_is_known_is_said(opened, known: BaselineStatus | None, said: str) -> None:
    _, page = opened(Past(known))
    assert page.voice_row.sentence.text() == said
    _, page = opened(Past(known, heads=("base",)))
    until = "" if known is not None and known.recordings == 10 else " Until then the words decide."
    assert page.voice_row.sentence.text() == said + until


def test_what_it_goes_by_is_said_with_its_licence(opened) -> None:
    _, page = opened(Past())
    text = page.source_row.sentence.text()
    assert text.startswith("Words, learned from GoEmotions (CC BY 4.0), name the emotion.")
    assert "does not come with Intone. You can build it from your own copy" in text
    assert text.endswith('the user guide there says how, under "Voice head".')
    assert "`" not in text
    _, page = opened(Past(heads=("base", "small")))
    text = page.source_row.sentence.text()
    assert "as the model base, small hears it" in text
    assert "RAVDESS (CC BY-NC-SA 4.0): that part is for non-commercial use only. Where another model" in text
    assert text.endswith("the voice counts by pitch, loudness and pace alone.")


@pytest.mark.parametrize(
    ("voice", "encoders", "ends"),
    [("recognizer", ("base",), True), ("whisper", ("base",), False), ("whisper", (), True)],
)
def test_what_other_models_hear_is_said(opened, engine, voice: str, encoders: tuple[str, ...], ends: bool) -> None:
    engine.set_setting("emotion.voice", voice)
    _, page = opened(Past(heads=("base",), encoders=encoders))
    end = "Where another model makes the text, the voice counts by pitch, loudness and pace alone."
    assert page.source_row.sentence.text().endswith(end) == ends


def test_head_that_cannot_be_read_is_said(opened) -> None:
    _, page = opened(Past(unread=UserError("voice-head-unreadable", path="/a/voice.npz", reason="I/O error")))
    assert page.source_row._problem.text() == (
        "The voice head /a/voice.npz cannot be read (I/O error). Check who owns it, and the disk."
    )
    _, page = opened(Past(heads=("base",)))
    assert page.source_row._problem.isHidden()


def test_all_is_forgotten_once_that_is_said_twice(opened, qtbot) -> None:
    past = Past(BaselineStatus("USB Audio", 10))
    window, page = opened(past)
    qtbot.mouseClick(page.forget_button.ask, Qt.MouseButton.LeftButton)
    assert past.forgotten == 0
    assert window.focusWidget() is page.forget_button.no, "Enter, pressed once too often, forgets nothing"
    qtbot.mouseClick(page.forget_button.yes, Qt.MouseButton.LeftButton)
    assert past.forgotten == 1
    assert page.forget_button.ask.text() == "Forgotten"
    assert page.voice_row.sentence.text().startswith("Not heard yet.")


def test_forget_declined_forgets_nothing(opened, qtbot) -> None:
    past = Past()
    _, page = opened(past)
    qtbot.mouseClick(page.forget_button.ask, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.forget_button.no, Qt.MouseButton.LeftButton)
    assert past.forgotten == 0
    assert page.forget_button.ask.isVisible()


def test_what_cannot_be_forgotten_is_said(opened, qtbot) -> None:
    _, page = opened(
        Past(
            comes=HistoryError(
                "reported-message", title="Another program holds the history.", advice="Try again in a moment."
            )
        )
    )
    qtbot.mouseClick(page.forget_button.ask, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.forget_button.yes, Qt.MouseButton.LeftButton)
    assert page.forget_button.ask.text() == "Forget all expressions…"
    told = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert "Another program holds the history. Try again in a moment." in told


def test_engine_switched_by_key_seen_on_reopening(opened, engine) -> None:
    window, page = opened(Past())
    window.hide()
    engine.set_setting("emotion.engine", "off")
    window.present()
    assert window.form.rows["emotion.engine"].control.currentData() == "off"
    assert page.recipient_row.sentence.text() == "Nobody gets anything, and nothing is noted."
