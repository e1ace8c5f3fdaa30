"""The first run's pages of languages, of the microphone, and of what is missing on this machine."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox

from desktop.core.errors import MicrophoneError
from desktop.ui.i18n import install_language
from desktop.ui.onboarding.microphone import SILENT_TIMEOUT_S, MicrophoneCheck, MicrophoneStep, MicrophoneVerdict
from desktop.ui.onboarding.model import ModelStep
from desktop.ui.onboarding.requirements import RequirementsStep
from desktop.ui.onboarding.welcome import WelcomeStep, native_name, suggest_languages
from desktop.ui.onboarding.window import OnboardingWindow
from tests.support.ui.first_steps import NO_PLUGIN, NO_TRAY, Machine, at, press, texts
from tests.unit.ui.conftest import Engine


def test_the_languages_one_speaks_are_chosen_by_key(first_run: OnboardingWindow, engine: Engine, qtbot) -> None:
    page = at(first_run, WelcomeStep)
    assert "None chosen" in texts(page)
    press(qtbot, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() in page.language_buttons.values()
    page.language_buttons["en"].setFocus()
    press(qtbot, Qt.Key.Key_Space)
    page.language_buttons["de"].click()
    assert engine.settings.recognizer.language == ("en", "de")
    page.language_buttons["en"].click()
    assert engine.settings.recognizer.language == ("de",)
    page.language_buttons["de"].click()
    assert engine.settings.recognizer.language == ("auto",)


def test_a_rare_language_is_chosen_from_the_list(first_run: OnboardingWindow, engine: Engine) -> None:
    page = at(first_run, WelcomeStep)
    others = page.findChild(QComboBox)
    others.setCurrentIndex(others.findData("sw"))
    others.activated.emit(others.currentIndex())
    assert engine.settings.recognizer.language == ("sw",)
    assert page.language_buttons["sw"].isChecked()
    assert others.findData("sw") == -1
    assert others.currentData() == ""


def test_languages_are_listed_in_the_order_of_the_windows_language(first_run: OnboardingWindow, qapp) -> None:
    page = at(first_run, WelcomeStep)
    install_language(qapp, "zh_CN")
    try:
        page.language_buttons["en"].click()
        page._on_other_chosen("sw")
        others = page.findChild(QComboBox)
        names = [others.itemText(index) for index in range(1, others.count())]
    finally:
        install_language(qapp, "en")
    assert (names[0], names[-1]) == ("阿尔巴尼亚语", "爪哇语")


def test_the_desks_own_languages_are_offered_first() -> None:
    assert suggest_languages(["cs-CZ", "en-GB", "C"], ())[:3] == ["cs", "en", "zh"]
    assert suggest_languages([], ("yue", "sw"))[:3] == ["yue", "sw", "en"]


def test_a_language_is_named_in_its_own_words(qapp) -> None:
    assert [native_name(code) for code in ("en", "de", "fr", "pt")] == ["English", "Deutsch", "Français", "Português"]
    assert native_name("jw"), "one that Qt does not know has a name too"


def test_microphone_open_only_while_page_is_seen(first_run: OnboardingWindow, machine: Machine) -> None:
    assert not machine.listening
    at(first_run, MicrophoneStep)
    assert len(machine.listening) == 1
    first_run.go_forward()
    assert not machine.listening
    first_run.go_back()
    first_run.close()
    assert (machine.opened, machine.listening) == (2, [])


def test_a_voice_turns_into_a_tick(first_run: OnboardingWindow, machine: Machine, qtbot) -> None:
    page = at(first_run, MicrophoneStep)
    machine.hear(0.2)
    assert page.status_label.text() == "Listening. Say a few words."
    machine.hear(0.6)
    qtbot.waitUntil(lambda: page.status_label.text() == "Intone hears you.")


def test_why_the_microphone_gives_nothing_is_said(first_run: OnboardingWindow, machine: Machine, qtbot) -> None:
    page = at(first_run, MicrophoneStep)
    machine.listening[-1][1](MicrophoneError("microphone-muted", device="USB Audio"))
    assert page.status_label.text() == "USB Audio is muted. Unmute it in the sound settings."
    machine.listening[-1][1](None)
    assert page.status_label.text() == "Listening. Say a few words."


def test_another_microphone_is_heard_at_once(first_run: OnboardingWindow, machine: Machine, engine: Engine) -> None:
    page = at(first_run, MicrophoneStep)
    page.device_picker.setCurrentIndex(page.device_picker.findData("usb"))
    page.device_picker.activated.emit(page.device_picker.currentIndex())
    assert engine.settings.audio.device == ("usb",)
    assert (machine.opened, len(machine.listening)) == (2, 1)


def test_voice_told_from_room_knock_and_silence() -> None:
    room, knock, voice, mute = MicrophoneCheck(0), MicrophoneCheck(0), MicrophoneCheck(0), MicrophoneCheck(0)
    for _ in range(100):
        room.add_level(0.3)
        mute.add_level(0.0)
    for level in (0.1, 0.9, 0.9, 0.1):
        knock.add_level(level)
    for level in (0.2, *(0.55, 0.3) * 10):
        voice.add_level(level)
    assert mute.verdict(SILENT_TIMEOUT_S - 1) is MicrophoneVerdict.WAITING
    assert [ear.verdict(SILENT_TIMEOUT_S + 1) for ear in (mute, room, knock, voice)] == [
        MicrophoneVerdict.SILENT,
        MicrophoneVerdict.WAITING,
        MicrophoneVerdict.WAITING,
        MicrophoneVerdict.HEARD,
    ]
    assert room.verdict(60) is MicrophoneVerdict.QUIET


def test_page_skipped_where_nothing_is_missing(first_run: OnboardingWindow) -> None:
    at(first_run, MicrophoneStep)
    first_run.go_forward()
    assert type(first_run.current_step) is ModelStep


def test_who_is_quicker_than_the_answer_waits_for_it(first_run: OnboardingWindow, machine: Machine) -> None:
    machine.late = True
    page = at(first_run, RequirementsStep)
    assert "Looking at this machine" in texts(page)
    machine.asked[-1]([])
    assert type(first_run.current_step) is ModelStep


def test_missing_part_named_with_copyable_remedy(first_run: OnboardingWindow, machine: Machine) -> None:
    machine.missing = [NO_PLUGIN, NO_TRAY]
    page = at(first_run, RequirementsStep)
    for finding in machine.missing:
        assert {finding.message.title, finding.message.remedy} <= set(texts(page).splitlines())
    copied = []
    for button in page.findChildren(QAbstractButton, "copy"):
        button.click()
        copied.append(QGuiApplication.clipboard().text())
    assert copied == [NO_PLUGIN.message.remedy, NO_TRAY.message.params["command"]]


def test_what_was_mended_is_gone_when_one_checks_again(first_run: OnboardingWindow, machine: Machine, qtbot) -> None:
    machine.missing = [NO_TRAY]
    page = at(first_run, RequirementsStep)
    machine.missing = []
    press(qtbot, Qt.Key.Key_Space)
    assert first_run.current_step is page, "who has asked sees the answer"
    assert NO_TRAY.message.title not in texts(page)
    assert "Nothing is missing any more." in texts(page)
    first_run.go_forward()
    first_run.go_back()
    assert type(first_run.current_step) is MicrophoneStep
