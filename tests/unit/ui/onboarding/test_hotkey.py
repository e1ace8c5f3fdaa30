"""The first run's pages of the key, of the first sentence, and of what is kept."""

from __future__ import annotations

import sys
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop.core.errors import HotkeyError, PasteError, SettingsError, UnavailableKeysError
from desktop.core.messages import Message
from desktop.core.state import AppState, Done, Health, Idle, Listening, Transcribing
from desktop.core.types import Outcome
from desktop.ui.onboarding.hotkey import HotkeyStep
from desktop.ui.onboarding.page import RemedyView
from desktop.ui.onboarding.privacy import PrivacyStep, describe_tray
from desktop.ui.onboarding.try_it import TryItStep
from desktop.ui.onboarding.window import OnboardingWindow
from tests.support.ui.first_steps import COMING, WELL, Machine, at, press, texts
from tests.unit.ui.conftest import Engine, said

LINES = "bindsym --no-repeat F9 exec intone start\nbindsym --release F9 exec intone stop"
DEAF = HotkeyError("wayland-keys-sway")
TITLE = "In a Wayland session only the desktop itself can hear the talk key."


def test_the_key_lights_up_while_it_is_held(first_run: OnboardingWindow) -> None:
    page = at(first_run, HotkeyStep)
    assert (page.keycap.accessibleName(), page.status_label.text()) == ("Right Ctrl", "Not pressed yet.")
    first_run.draw(AppState(Listening(), WELL))
    assert (page.keycap.is_lit, page.keycap.accessibleName(), page.status_label.text()) == (
        True,
        "Right Ctrl, held",
        "It is heard. Let go.",
    )
    first_run.draw(AppState(health=WELL))
    assert (page.keycap.is_lit, page.status_label.text()) == (False, "That works, in every window.")
    first_run.draw(AppState(Listening(is_locked=True), WELL))
    assert page.status_label.text() == "It is heard. A short tap locked it: tap once more to end."


def test_another_key_is_chosen_by_pressing_it(first_run: OnboardingWindow, engine: Engine, qtbot) -> None:
    page = at(first_run, HotkeyStep)
    page.hotkey_field.click()
    assert engine.recordings == [True]
    qtbot.keyClick(page.hotkey_field, Qt.Key.Key_F9)
    assert engine.recordings == [True, False]
    assert engine.settings.hotkey.talk == ("f9",)
    assert page.keycap.accessibleName() == "F9"
    assert "Hold F9, say a sentence" in texts(at(first_run, TryItStep))


def test_user_who_cannot_hold_a_key_speaks_hands_free(first_run: OnboardingWindow, engine: Engine) -> None:
    page = at(first_run, HotkeyStep)
    assert not page.hands_free.isChecked()
    page.hands_free.click()
    dictation = engine.settings.dictation
    assert (dictation.end_silence_s, dictation.continuous) == (1.5, "on")
    page.hands_free.click()
    dictation = engine.settings.dictation
    assert (dictation.end_silence_s, dictation.continuous) == (0.0, "off")
    page.hands_free.click()
    page.on_enter()
    assert page.hands_free.isChecked()
    assert "Tap Right Ctrl, say a sentence, and pause." in texts(at(first_run, TryItStep))


def test_what_is_in_the_keys_way_is_said(first_run: OnboardingWindow, engine: Engine, monkeypatch) -> None:
    page = at(first_run, HotkeyStep)
    f9 = Message("key-taken", key="F9")
    taken = UnavailableKeysError("keys-unavailable", keys={"talk": f9}, no_talk_key=True, problems=f9, advice="")
    first_run.draw(AppState(health=replace(WELL, hotkey=taken)))
    assert (
        page.status_label.text()
        == "F9 is taken by another program. Free it there, or choose another one in the settings."
    )


def test_key_page_without_hotkey_offers_remedy_only(first_run: OnboardingWindow) -> None:
    page = at(first_run, HotkeyStep)
    first_run.draw(AppState(health=replace(WELL, hotkey=DEAF)))
    assert first_run.windowTitle() == "A key to talk · Welcome to Intone"
    assert "Right Ctrl" not in texts(page)
    assert TITLE in texts(page)
    buttons = [button for button in page.findChildren(QPushButton, "copy") if button.isVisible()]
    buttons[0].click()
    assert QApplication.clipboard().text() == LINES
    first_run.draw(AppState(health=WELL))
    assert first_run.windowTitle() == "Hold this key to talk · Welcome to Intone"
    assert TITLE not in texts(page)


def test_desktop_that_owns_keys_is_asked_by_a_button(first_run: OnboardingWindow, engine: Engine) -> None:
    page = at(first_run, HotkeyStep)
    first_run.draw(AppState(health=replace(WELL, hotkey=HotkeyError("portal-key-unasked"))))
    assert "A dialog of the desktop, or its settings, opens with the key that Intone may hear." in texts(page)
    assert "Right Ctrl" not in texts(page)
    assert page._remedy_card is None
    page.request_button.click()
    assert engine.asked == ["request keys"]
    first_run.draw(AppState(health=replace(WELL, hotkey=HotkeyError("portal-key-asked"))))
    assert not page.request_button.isVisible()
    assert "Answer in its dialog. Until then there is no talk key." in texts(page)
    first_run.draw(AppState(health=replace(WELL, hotkey=HotkeyError("portal-key-refused"))))
    assert page.request_button.isVisible()
    assert "Your desktop gave Intone no talk key." in texts(page)
    assert "Ask again by the button below" in texts(page)
    assert "The first steps" not in texts(page)
    buttons = [button for button in page.findChildren(QPushButton, "copy") if button.isVisible()]
    buttons[0].click()
    assert QApplication.clipboard().text() == "intone toggle"
    first_run.draw(AppState(health=replace(WELL, hotkey=HotkeyError("portal-key-lost"))))
    assert page.request_button.isVisible()
    assert "Your desktop does not give Intone its talk key at the moment." in texts(page)
    assert "ask again by the button below" in texts(page)
    assert page.request_button.mapTo(page, QPoint()).y() > page._remedy_card.mapTo(page, QPoint()).y()
    first_run.draw(AppState(health=replace(WELL, talk_key="Super+F9")))
    assert not page.request_button.isVisible()
    assert not page.hotkey_field.isVisible()
    assert page.keycap.accessibleName() == "Super+F9"
    assert "Hold Super+F9, say a sentence" in texts(at(first_run, TryItStep))


def test_pasting_is_explained_before_it_is_asked_for(first_run: OnboardingWindow, engine: Engine) -> None:
    page = at(first_run, HotkeyStep)
    assert "Text into windows" not in texts(page)
    first_run.draw(AppState(health=replace(WELL, paste=PasteError("portal-typing-unasked"))))
    assert "Your desktop asks you about that once, as remote control" in texts(page)
    page.pasting_button.setFocus()
    page.pasting_button.click()
    assert engine.asked == ["request pasting"]
    first_run.draw(AppState(health=WELL))
    assert "Text into windows" not in texts(page)
    assert first_run.focusWidget() is first_run.continue_button, "the button that had the focus has gone"
    first_run.draw(AppState(health=replace(WELL, paste=PasteError("portal-typing-unasked"), input_method=True)))
    assert "That can wait" in texts(page)


def test_focus_leaves_a_button_that_goes_during_a_dialog(first_run: OnboardingWindow, qtbot) -> None:
    page = at(first_run, HotkeyStep)
    first_run.draw(AppState(health=replace(WELL, paste=PasteError("portal-typing-unasked"))))
    page.pasting_button.setFocus()
    dialog = QWidget()
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    first_run.draw(AppState(health=WELL))
    assert first_run.focusWidget() is first_run.continue_button


def test_lines_to_be_copied_stand_between_the_text(qtbot) -> None:
    view = RemedyView(Message("wayland-keys-hyprland"))
    qtbot.addWidget(view)
    view.show()
    assert texts(view).splitlines() == [TITLE, *Message("wayland-keys-hyprland").remedy.splitlines()]
    copied = []
    for button in view.findChildren(QPushButton, "copy"):
        button.click()
        copied.append(QApplication.clipboard().text())
    assert copied == [
        "bind = , F9, exec, intone start\nbindr = , F9, exec, intone stop",
        'hl.bind("F9", hl.dsp.exec_cmd("intone start"))\n'
        'hl.bind("F9", hl.dsp.exec_cmd("intone stop"), { release = true })',
    ]


def test_command_within_a_sentence_stands_below_it(qtbot) -> None:
    view = RemedyView(Message("model-damaged", name="base", file="model.bin"))
    qtbot.addWidget(view)
    view.show()
    assert texts(view).splitlines()[1:] == [
        "Run `intone models pull base` to fetch it again.",
        "intone models pull base",
    ]


def test_trying_page_without_hotkey_button_dictates(first_run: OnboardingWindow, engine: Engine) -> None:
    page = at(first_run, TryItStep)
    first_run.draw(AppState(health=WELL))
    assert not page.talk_button.isVisible()
    deaf = replace(WELL, hotkey=DEAF)
    first_run.draw(AppState(health=deaf))
    assert page.status_label.text() == "Ready. Press the button and speak."
    assert "Right Ctrl" not in texts(page)
    page.talk_button.click()
    assert engine.asked == ["toggle"]
    assert page.text_box.hasFocus(), "the text goes where the cursor is"
    first_run.draw(AppState(Listening(), deaf))
    assert page.talk_button.text() == "Stop dictation"
    page.text_box.setPlainText("Hello there.")
    first_run.draw(AppState(Done(Outcome.INSERTED, "Hello there."), deaf))
    engine.kept.keep([said("Hello there.", release_to_text_ms=312.0)])
    first_run.refresh()
    assert page.status_label.text() == "It was there 0.3 s after the end."


def test_a_key_that_cannot_be_is_said_in_its_row(engine: Engine, machine: Machine, qtbot) -> None:
    def refuse(key: str, value: str) -> None:
        raise SettingsError("reported-message", title="F9 cancels already.", advice="Choose another one.")

    first_run = OnboardingWindow(machine.app(engine, set_setting=refuse), lambda: None)
    qtbot.addWidget(first_run)
    first_run.present()
    page = at(first_run, HotkeyStep)
    page.hotkey_field.chosen.emit("f9")
    assert "F9 cancels already. Choose another one." in texts(page)
    assert page.hotkey_field.text() == "Right Ctrl"


def test_trying_page_shows_progress_and_latency(first_run: OnboardingWindow, engine: Engine) -> None:
    page = at(first_run, TryItStep)
    first_run.draw(AppState(health=WELL))
    assert page.status_label.text() == "Ready. Hold Right Ctrl and speak."
    first_run.draw(AppState(Listening(), WELL))
    assert page.status_label.text() == "Listening"
    first_run.draw(AppState(Transcribing(), WELL))
    page.text_box.setPlainText("Hello there.")
    first_run.draw(AppState(Done(Outcome.INSERTED, "Hello there."), WELL))
    assert page.status_label.text() == "Inserted"
    engine.kept.keep([said("Hello there.", release_to_text_ms=312.0)])
    first_run.refresh()
    assert page.status_label.text() == "It was there 0.3 s after you let go."
    first_run.draw(AppState(Idle(), WELL))
    assert page.status_label.text() == "It was there 0.3 s after you let go."


def test_trying_page_ignores_text_in_other_window(first_run: OnboardingWindow, engine: Engine) -> None:
    page = at(first_run, TryItStep)
    engine.kept.keep([said("Elsewhere.", release_to_text_ms=312.0)])
    first_run.refresh()
    assert "after you let go" not in page.status_label.text()


def test_trying_page_claims_nothing_of_an_earlier_dictation(first_run: OnboardingWindow) -> None:
    done = AppState(Done(Outcome.INSERTED, "Elsewhere."), WELL)
    first_run.draw(done)
    page = at(first_run, TryItStep)
    assert page.status_label.text() == "Ready. Hold Right Ctrl and speak."
    first_run.draw(replace(done, health=replace(WELL, progress=COMING)))
    assert page.status_label.text() == "Ready. Hold Right Ctrl and speak."


def test_a_download_does_not_hide_that_one_can_speak(first_run: OnboardingWindow) -> None:
    page = at(first_run, TryItStep)
    first_run.draw(AppState(health=replace(WELL, progress=COMING)))
    assert page.status_label.text() == "Ready. Hold Right Ctrl and speak."
    first_run.draw(AppState(health=Health(progress=COMING)))
    assert page.status_label.text() == "Whisper small is downloading: 62 of 486 MB."


def test_what_is_kept_has_a_switch_each(first_run: OnboardingWindow, engine: Engine, qtbot) -> None:
    page = at(first_run, PrivacyStep)
    assert [switch.isChecked() for switch in (page.text, page.audio, page.emotion)] == [True] * 3
    page.audio.setFocus()
    press(qtbot, Qt.Key.Key_Space)
    page.emotion.click()
    assert engine.asked == ["set history.keep_audio_days 0", "set emotion.engine off"]
    page.emotion.click()
    page.audio.click()
    assert engine.asked[2:] == ["set emotion.engine local", "set history.keep_audio_days 7"]


def test_without_text_nothing_is_kept(first_run: OnboardingWindow, engine: Engine) -> None:
    page = at(first_run, PrivacyStep)
    page.text.click()
    assert engine.asked == ["set history.private on"]
    assert [switch.isEnabled() or switch.isChecked() for switch in (page.audio, page.emotion)] == [False, False]
    page.text.click()
    assert engine.asked[1:] == ["set history.private off"]
    assert page.audio.isChecked()


def test_what_leaves_the_machine_is_said(first_run: OnboardingWindow) -> None:
    assert "Nothing. Speech is recognized on this machine." in texts(at(first_run, PrivacyStep))


def test_without_a_tray_nobody_is_sent_to_one(engine: Engine, machine: Machine, qtbot) -> None:
    for tray, sentence in ((True, describe_tray(sys.platform)[0]), (False, "No tray is here to show Intone")):
        first_run = OnboardingWindow(machine.app(engine), lambda: None, tray)
        qtbot.addWidget(first_run)
        first_run.present()
        assert sentence in texts(at(first_run, PrivacyStep))
