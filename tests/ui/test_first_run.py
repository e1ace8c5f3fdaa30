"""The first run's window, over settings in memory and a microphone that says what it is told to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from conftest import Engine, said
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QPlainTextEdit, QPushButton, QWidget

from desktop.doctor import Finding
from desktop.ports import Outcome
from desktop.problems import HotkeyProblem, MicrophoneProblem, Problem, SettingsProblem, SomeKeysProblem
from desktop.state import Done, Health, Idle, Listening, Progress, Shown, Transcribing
from desktop.ui.bridge import Actions
from desktop.ui.first_run.heard import SILENT_S, Ear, Verdict
from desktop.ui.first_run.keeping import Keeping
from desktop.ui.first_run.key import Key
from desktop.ui.first_run.microphone import Microphone
from desktop.ui.first_run.missing import Missing
from desktop.ui.first_run.model import Model
from desktop.ui.first_run.page import FirstPage
from desktop.ui.first_run.trying import Trying
from desktop.ui.first_run.welcome import Welcome, native, offered
from desktop.ui.first_run.window import FirstRunWindow

WELL = Health(engine_loaded=True, engine_name="whisper", model="base")
LINES = "bindsym --no-repeat F9 exec intone start\nbindsym --release F9 exec intone stop"
DEAF = HotkeyProblem("This desktop lends no keys.", f"Add these two lines to your configuration:\n{LINES}")
COMING = Progress("Whisper small", 62_000_000, 486_000_000)
NO_TRAY = Finding("tray", False, "No tray is here.", "Add a tray to the panel.", False)
NO_PLUGIN = Finding("alsa", False, "ALSA cannot reach the sound server.", "sudo apt-get install -y plugins", False)


@dataclass(frozen=True)
class Card:
    """A model as it is advised."""

    name: str = "small"
    bytes: int = 486_000_000
    memory_mb: int = 900
    installed: bool = False


@dataclass(frozen=True)
class Ears:
    """What is asked of `Actions.sounding`."""

    monitor: Callable[..., Callable[[], None]]


@dataclass(frozen=True)
class Advice:
    """What is asked of `Actions.fetching`."""

    recommended: Callable[..., None]


@dataclass
class Machine:
    """What the window may ask of the machine: what is missing, what is heard, and which model is advised."""

    missing: list[Finding] = field(default_factory=list)
    advised: Card | Problem | None = None
    listening: list[tuple[Callable[[float], None], Callable[[Problem | None], None]]] = field(default_factory=list)
    opened: int = 0
    late: bool = False
    asked: list[Callable[[Sequence[Finding]], None]] = field(default_factory=list)

    def monitor(
        self, on_level: Callable[[float], None], on_trouble: Callable[[Problem | None], None] = lambda problem: None
    ) -> Callable[[], None]:
        heard = on_level, on_trouble
        self.listening.append(heard)
        self.opened += 1
        return lambda: self.listening.remove(heard)

    def first_look(self, then: Callable[[Sequence[Finding]], None]) -> None:
        self.asked.append(then)
        if not self.late:
            then(list(self.missing))

    def hear(self, level: float, frames: int = 20) -> None:
        for _ in range(frames):
            self.listening[-1][0](level)

    def actions(self, engine: Engine) -> Actions:
        return replace(
            engine.actions(),
            first_look=self.first_look,
            sounding=Ears(self.monitor),
            fetching=Advice(lambda languages, then: then(self.advised)),
        )


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def ended() -> list[str]:
    return []


@pytest.fixture
def window(engine: Engine, machine: Machine, ended: list[str], qtbot) -> FirstRunWindow:
    made = FirstRunWindow(machine.actions(engine), lambda: ended.append("ended"))
    qtbot.addWidget(made)
    made.present()
    qtbot.waitActive(made)
    return made


def at(window: FirstRunWindow, page: type[FirstPage]) -> FirstPage:
    """Go on until this page is seen."""
    while not isinstance(window.page, page):
        window.go_on()
    return window.page


def texts(widget: QWidget) -> str:
    """What stands there to be read."""
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def press(qtbot, *keys: Qt.Key) -> None:
    """Press keys where the focus is."""
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget(), key)


def test_every_page_comes_by_return_alone_and_what_is_not_chosen_stays_as_it_is(
    window: FirstRunWindow, machine: Machine, engine: Engine, ended: list[str], qtbot
) -> None:
    machine.missing = [NO_TRAY]
    seen = [type(window.page)]
    while not isinstance(window.page, Trying):
        press(qtbot, Qt.Key.Key_Return)
        seen.append(type(window.page))
    assert QApplication.focusWidget() is window.page.box
    press(qtbot, Qt.Key.Key_Tab)
    while not ended:
        seen += [type(window.page)] if type(window.page) is not seen[-1] else []
        press(qtbot, Qt.Key.Key_Return)
    assert seen == [Welcome, Microphone, Missing, Model, Key, Trying, Keeping]
    assert (window.isVisible(), engine.asked) == (False, [])


def test_return_in_the_box_is_a_new_line(window: FirstRunWindow, qtbot) -> None:
    page = at(window, Trying)
    press(qtbot, Qt.Key.Key_Return)
    assert (window.page, page.box.toPlainText()) == (page, "\n")


def test_one_can_go_back(window: FirstRunWindow, qtbot) -> None:
    assert window.back.isHidden()
    at(window, Model)
    for page in (Microphone, Welcome):
        qtbot.mouseClick(window.back, Qt.MouseButton.LeftButton)
        assert type(window.page) is page
    at(window, Model)
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert type(window.page) is Microphone


@pytest.mark.parametrize("page", [Welcome, Microphone, Model, Key, Trying])
def test_the_rest_can_be_left_out_everywhere(window: FirstRunWindow, ended: list[str], page, qtbot) -> None:
    at(window, page)
    qtbot.mouseClick(window.skip, Qt.MouseButton.LeftButton)
    assert (window.isVisible(), ended) == (False, ["ended"])


def test_the_last_page_has_nothing_to_leave_out(window: FirstRunWindow) -> None:
    at(window, Keeping)
    assert (window.skip.isHidden(), window.on.text()) == (True, "Done")


def test_to_close_it_is_to_end_it_and_esc_is_not(window: FirstRunWindow, ended: list[str], qtbot) -> None:
    press(qtbot, Qt.Key.Key_Escape)
    assert ended == []
    qtbot.keyClick(window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    window.close()
    assert ended == ["ended"]


# -- the languages ----------------------------------------------------------------------------------------------------


def test_the_languages_one_speaks_are_chosen_by_key(window: FirstRunWindow, engine: Engine, qtbot) -> None:
    page = at(window, Welcome)
    assert "None chosen" in texts(page)
    press(qtbot, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() in page.chips.values()
    page.chips["en"].setFocus()
    press(qtbot, Qt.Key.Key_Space)
    page.chips["de"].click()
    assert engine.settings.recognizer.language == ("en", "de")
    page.chips["en"].click()
    assert engine.settings.recognizer.language == ("de",)
    page.chips["de"].click()
    assert engine.settings.recognizer.language == ("auto",)


def test_a_rare_language_is_chosen_from_the_list(window: FirstRunWindow, engine: Engine) -> None:
    page = at(window, Welcome)
    others = page.findChild(QComboBox)
    others.setCurrentIndex(others.findData("sw"))
    others.activated.emit(others.currentIndex())
    assert engine.settings.recognizer.language == ("sw",)
    assert page.chips["sw"].isChecked()
    assert others.findData("sw") == -1
    assert others.currentData() == ""


def test_the_desks_own_languages_are_offered_first() -> None:
    assert offered(["cs-CZ", "en-GB", "C"], ())[:3] == ["cs", "en", "zh"]
    assert offered([], ("yue", "sw"))[:3] == ["yue", "sw", "en"]


def test_a_language_is_named_in_its_own_words() -> None:
    assert [native(code) for code in ("en", "de", "fr", "pt")] == ["English", "Deutsch", "Français", "Português"]
    assert native("jw"), "one that Qt does not know has a name too"


# -- the microphone ---------------------------------------------------------------------------------------------------


def test_the_microphone_is_open_while_its_page_is_seen_and_no_longer(window: FirstRunWindow, machine: Machine) -> None:
    assert not machine.listening
    at(window, Microphone)
    assert len(machine.listening) == 1
    window.go_on()
    assert not machine.listening
    window.go_back()
    window.close()
    assert (machine.opened, machine.listening) == (2, [])


def test_a_voice_turns_into_a_tick(window: FirstRunWindow, machine: Machine, qtbot) -> None:
    page = at(window, Microphone)
    machine.hear(0.2)
    assert page.said.text() == "Listening. Say a few words."
    machine.hear(0.6)
    qtbot.waitUntil(lambda: page.said.text() == "Intone hears you.")


def test_why_the_microphone_gives_nothing_is_said(window: FirstRunWindow, machine: Machine, qtbot) -> None:
    page = at(window, Microphone)
    machine.listening[-1][1](MicrophoneProblem("USB Audio is muted.", "Unmute it."))
    assert page.said.text() == "USB Audio is muted. Unmute it."
    machine.listening[-1][1](None)
    assert page.said.text() == "Listening. Say a few words."


def test_another_microphone_is_heard_at_once(window: FirstRunWindow, machine: Machine, engine: Engine) -> None:
    page = at(window, Microphone)
    page.device.setCurrentIndex(page.device.findData("usb"))
    page.device.activated.emit(page.device.currentIndex())
    assert engine.settings.audio.device == ("usb",)
    assert (machine.opened, len(machine.listening)) == (2, 1)


def test_an_ear_tells_a_voice_from_a_room_a_knock_and_nothing() -> None:
    room, knock, voice, mute = Ear(0), Ear(0), Ear(0), Ear(0)
    for _ in range(100):
        room.hear(0.3)
        mute.hear(0.0)
    for level in (0.1, 0.9, 0.9, 0.1):
        knock.hear(level)
    for level in (0.2, *(0.55, 0.3) * 10):
        voice.hear(level)
    assert mute.verdict(SILENT_S - 1) is Verdict.WAITING
    assert [ear.verdict(SILENT_S + 1) for ear in (mute, room, knock, voice)] == [
        Verdict.SILENT,
        Verdict.WAITING,
        Verdict.WAITING,
        Verdict.HEARD,
    ]
    assert room.verdict(60) is Verdict.QUIET


# -- what is missing --------------------------------------------------------------------------------------------------


def test_where_nothing_is_missing_the_page_is_passed_over(window: FirstRunWindow) -> None:
    at(window, Microphone)
    window.go_on()
    assert type(window.page) is Model


def test_who_is_quicker_than_the_answer_waits_for_it(window: FirstRunWindow, machine: Machine) -> None:
    machine.late = True
    page = at(window, Missing)
    assert "Looking at this machine" in texts(page)
    machine.asked[-1]([])
    assert type(window.page) is Model


def test_what_is_missing_is_named_with_its_remedy_and_a_command_can_be_copied(
    window: FirstRunWindow, machine: Machine
) -> None:
    machine.missing = [NO_PLUGIN, NO_TRAY]
    page = at(window, Missing)
    for finding in machine.missing:
        assert {finding.detail, finding.remedy} <= set(texts(page).splitlines())
    (copy,) = page.findChildren(QAbstractButton, "copy")
    copy.click()
    assert QGuiApplication.clipboard().text() == NO_PLUGIN.remedy


def test_what_was_mended_is_gone_when_one_checks_again(window: FirstRunWindow, machine: Machine, qtbot) -> None:
    machine.missing = [NO_TRAY]
    page = at(window, Missing)
    machine.missing = []
    press(qtbot, Qt.Key.Key_Space)
    assert window.page is page, "who has asked sees the answer"
    assert NO_TRAY.detail not in texts(page)
    assert "Nothing is missing any more." in texts(page)
    window.go_on()
    window.go_back()
    assert type(window.page) is Microphone


# -- the model --------------------------------------------------------------------------------------------------------


def test_a_better_model_comes_once_one_has_gone_on(window: FirstRunWindow, machine: Machine, engine: Engine) -> None:
    machine.advised = Card()
    window.draw(Shown(health=WELL))
    page = at(window, Model)
    assert page.better.text() == "Whisper small, the best for this machine: 486 MB"
    assert engine.asked == []
    window.go_on()
    assert engine.asked == ["set recognizer.model small"]
    window.draw(Shown(health=replace(WELL, progress=COMING)))
    assert "Whisper small is downloading: 62 of 486 MB." in texts(window)


def test_one_may_stay_with_the_small_model_or_leave_the_rest_out(
    window: FirstRunWindow, machine: Machine, engine: Engine
) -> None:
    machine.advised = Card()
    window.draw(Shown(health=WELL))
    page = at(window, Model)
    assert page.small.text() == "Stay with Whisper base"
    page.small.click()
    window.go_on()
    window.go_back()
    page.better.click()
    window.close()
    assert engine.asked == []


def test_to_stay_with_the_small_model_ends_what_comes_by_itself(
    window: FirstRunWindow, machine: Machine, engine: Engine
) -> None:
    machine.advised = Card("large-v3-turbo")
    window.draw(Shown(health=replace(WELL, progress=Progress("Whisper large-v3-turbo", 1, 2))))
    page = at(window, Model)
    page.small.click()
    window.go_on()
    assert engine.asked == ["set recognizer.model base"]


def test_where_a_service_was_chosen_no_model_is_offered(window: FirstRunWindow, machine: Machine) -> None:
    machine.advised = Card()
    window.draw(Shown(health=Health(engine_loaded=True, engine_name="openai")))
    page = at(window, Model)
    assert page.offer.isHidden()
    assert "OpenAI is ready." in texts(page)


@pytest.mark.parametrize("advised", [None, Problem("No disk."), Card("base", installed=True)])
def test_nothing_is_offered_where_the_best_is_in_use(window: FirstRunWindow, machine: Machine, advised) -> None:
    machine.advised = advised
    window.draw(Shown(health=WELL))
    page = at(window, Model)
    assert page.offer.isHidden()
    assert "Whisper base is ready." in texts(page)


def test_what_comes_by_itself_is_not_offered_before_it_is_loaded(
    window: FirstRunWindow, machine: Machine, engine: Engine
) -> None:
    machine.advised = Card("base")
    page = at(window, Model)
    window.draw(Shown(health=Health(engine_name="whisper")))
    assert page.offer.isHidden()
    window.go_on()
    assert engine.asked == []


def test_how_far_the_model_is_is_said(window: FirstRunWindow) -> None:
    page = at(window, Model)
    window.draw(Shown(health=Health(progress=Progress("Whisper base", 1_000_000, 145_000_000))))
    assert "Whisper base is downloading: 1 of 145 MB. What you say until then is kept" in texts(page)
    window.draw(Shown(health=replace(WELL, progress=COMING)))
    assert "You can dictate already, with Whisper base. Whisper small is downloading" in texts(page)
    window.draw(Shown(health=Health(engine=Problem("The hub is not reached.", "Check the network."))))
    assert "The hub is not reached. Check the network." in texts(page)


def test_a_service_is_chosen_in_the_settings(window: FirstRunWindow, engine: Engine) -> None:
    page = at(window, Model)
    next(button for button in page.findChildren(QAbstractButton) if "service" in button.text()).click()
    assert engine.asked == ["show_settings"]


# -- the key ----------------------------------------------------------------------------------------------------------


def test_the_key_lights_up_while_it_is_held(window: FirstRunWindow) -> None:
    page = at(window, Key)
    assert (page.cap.accessibleName(), page.said.text()) == ("Right Ctrl", "Not pressed yet.")
    window.draw(Shown(Listening(), WELL))
    assert (page.cap.lit, page.cap.accessibleName(), page.said.text()) == (
        True,
        "Right Ctrl, held",
        "It is heard. Let go.",
    )
    window.draw(Shown(health=WELL))
    assert (page.cap.lit, page.said.text()) == (False, "That works, in every window.")
    window.draw(Shown(Listening(locked=True), WELL))
    assert page.said.text() == "It is heard. A short tap locked it: tap once more to end."


def test_another_key_is_chosen_by_pressing_it(window: FirstRunWindow, engine: Engine, qtbot) -> None:
    page = at(window, Key)
    page.field.click()
    assert engine.recordings == [True]
    qtbot.keyClick(page.field, Qt.Key.Key_F9)
    assert engine.recordings == [True, False]
    assert engine.settings.hotkey.talk == ("f9",)
    assert page.cap.accessibleName() == "F9"
    assert "Hold F9, say a sentence" in texts(at(window, Trying))


def test_what_is_in_the_keys_way_is_said(window: FirstRunWindow, engine: Engine, monkeypatch) -> None:
    page = at(window, Key)
    taken = SomeKeysProblem("", "", {"talk": "Right Ctrl is taken by another program. Free it there."}, deaf=True)
    window.draw(Shown(health=replace(WELL, hotkey=taken)))
    assert page.said.text() == "Right Ctrl is taken by another program. Free it there."


def test_where_no_key_is_heard_none_is_offered_but_what_mends_it(window: FirstRunWindow) -> None:
    page = at(window, Key)
    window.draw(Shown(health=replace(WELL, hotkey=DEAF)))
    assert window.windowTitle() == "A key to talk · Welcome to Intone"
    assert "Right Ctrl" not in texts(page)
    assert "This desktop lends no keys." in texts(page)
    buttons = [button for button in page.findChildren(QPushButton, "copy") if button.isVisible()]
    buttons[0].click()
    assert QApplication.clipboard().text() == LINES
    window.draw(Shown(health=WELL))
    assert window.windowTitle() == "Hold this key to talk · Welcome to Intone"
    assert "This desktop lends no keys." not in texts(page)


def test_where_no_key_is_heard_a_button_begins_the_first_sentence_and_ends_it(
    window: FirstRunWindow, engine: Engine
) -> None:
    page = at(window, Trying)
    window.draw(Shown(health=WELL))
    assert not page.talk.isVisible()
    deaf = replace(WELL, hotkey=DEAF)
    window.draw(Shown(health=deaf))
    assert page.said.text() == "Ready. Press the button and speak."
    assert "Right Ctrl" not in texts(page)
    page.talk.click()
    assert engine.asked == ["toggle"]
    assert page.box.hasFocus(), "the text goes where the cursor is"
    window.draw(Shown(Listening(), deaf))
    assert page.talk.text() == "Stop dictation"
    page.box.setPlainText("Hello there.")
    window.draw(Shown(Done(Outcome.INSERTED, "Hello there."), deaf))
    engine.kept.keep([said("Hello there.", release_to_text_ms=312.0)])
    window.refresh()
    assert page.said.text() == "It was there 0.3 s after the end."


# -- the first sentence -----------------------------------------------------------------------------------------------


def test_what_becomes_of_the_sentence_is_said_and_how_long_it_took(window: FirstRunWindow, engine: Engine) -> None:
    page = at(window, Trying)
    window.draw(Shown(health=WELL))
    assert page.said.text() == "Ready. Hold Right Ctrl and speak."
    window.draw(Shown(Listening(), WELL))
    assert page.said.text() == "Listening"
    window.draw(Shown(Transcribing(), WELL))
    page.box.setPlainText("Hello there.")
    window.draw(Shown(Done(Outcome.INSERTED, "Hello there."), WELL))
    assert page.said.text() == "Inserted"
    engine.kept.keep([said("Hello there.", release_to_text_ms=312.0)])
    window.refresh()
    assert page.said.text() == "It was there 0.3 s after you let go."
    window.draw(Shown(Idle(), WELL))
    assert page.said.text() == "It was there 0.3 s after you let go."


def test_a_sentence_into_another_window_is_not_taken_for_ours(window: FirstRunWindow, engine: Engine) -> None:
    page = at(window, Trying)
    engine.kept.keep([said("Elsewhere.", release_to_text_ms=312.0)])
    window.refresh()
    assert "after you let go" not in page.said.text()


def test_a_download_does_not_hide_that_one_can_speak(window: FirstRunWindow) -> None:
    page = at(window, Trying)
    window.draw(Shown(health=replace(WELL, progress=COMING)))
    assert page.said.text() == "Ready. Hold Right Ctrl and speak."
    window.draw(Shown(health=Health(progress=COMING)))
    assert page.said.text() == "Whisper small is downloading: 62 of 486 MB."


# -- what is kept -----------------------------------------------------------------------------------------------------


def test_what_is_kept_has_a_switch_each(window: FirstRunWindow, engine: Engine, qtbot) -> None:
    page = at(window, Keeping)
    assert [switch.isChecked() for switch in (page.text, page.audio, page.emotion)] == [True] * 3
    page.audio.setFocus()
    press(qtbot, Qt.Key.Key_Space)
    page.emotion.click()
    assert engine.asked == ["set history.keep_audio_days 0", "set emotion.engine off"]
    page.emotion.click()
    page.audio.click()
    assert engine.asked[2:] == ["set emotion.engine local", "set history.keep_audio_days 7"]


def test_without_text_nothing_is_kept(window: FirstRunWindow, engine: Engine) -> None:
    page = at(window, Keeping)
    page.text.click()
    assert engine.asked == ["set history.private on"]
    assert [switch.isEnabled() or switch.isChecked() for switch in (page.audio, page.emotion)] == [False, False]
    page.text.click()
    assert engine.asked[1:] == ["set history.private off"]
    assert page.audio.isChecked()


def test_what_leaves_the_machine_is_said(window: FirstRunWindow) -> None:
    assert "Nothing. Speech is recognized on this machine." in texts(at(window, Keeping))


def test_without_a_tray_nobody_is_sent_to_one(engine: Engine, machine: Machine, qtbot) -> None:
    for tray, sentence in ((True, "Intone lives in the tray"), (False, "No tray is here to show Intone")):
        window = FirstRunWindow(machine.actions(engine), lambda: None, tray)
        qtbot.addWidget(window)
        window.present()
        assert sentence in texts(at(window, Keeping))


# -- for everybody ----------------------------------------------------------------------------------------------------


def test_every_control_and_every_page_is_named_for_a_screen_reader(window: FirstRunWindow, machine: Machine) -> None:
    machine.missing = [NO_PLUGIN]
    machine.advised = Card()
    at(window, Keeping)
    for page in window.pages:
        assert page.accessibleName()
    for kind in (QAbstractButton, QComboBox, QPlainTextEdit):
        for control in window.findChildren(kind):
            assert control.accessibleName() or (isinstance(control, QAbstractButton) and control.text())


def test_every_control_is_reached_by_tab(window: FirstRunWindow, machine: Machine, qtbot) -> None:
    machine.missing = [NO_PLUGIN]
    machine.advised = Card()
    for page in window.pages:
        at(window, type(page))
        controls = {
            control
            for kind in (QAbstractButton, QComboBox, QPlainTextEdit)
            for control in window.findChildren(kind)
            if control.isVisible() and control.isEnabled() and control.focusPolicy() & Qt.FocusPolicy.TabFocus
        }
        reached = set()
        for _ in range(len(controls) + 2):
            press(qtbot, Qt.Key.Key_Tab)
            reached.add(QApplication.focusWidget())
        radio = {button for button in controls if button in getattr(page, "_group", _NONE).buttons()}
        assert controls - reached <= radio, f"arrows go between these: {page.title}"


class _Nothing:
    def buttons(self) -> list[QWidget]:
        return []


_NONE = _Nothing()


def test_it_fits_a_small_screen(window: FirstRunWindow) -> None:
    for page in window.pages:
        at(window, type(page)) if page.needed else None
        assert window.minimumSizeHint().width() <= 1024
        assert window.minimumSizeHint().height() <= 640


def test_a_page_that_is_too_long_for_a_small_screen_is_read_by_keys(window: FirstRunWindow, qtbot) -> None:
    page = at(window, Keeping)
    window.resize(window.minimumSizeHint())
    press(qtbot, Qt.Key.Key_PageDown)
    assert page.verticalScrollBar().value() > 0
    press(qtbot, Qt.Key.Key_PageUp)
    assert page.verticalScrollBar().value() == 0


def test_a_key_that_cannot_be_is_said_in_its_row(engine: Engine, machine: Machine, qtbot) -> None:
    def refuse(key: str, value: str) -> None:
        raise SettingsProblem("F9 cancels already.", "Choose another one.")

    window = FirstRunWindow(replace(machine.actions(engine), set_setting=refuse), lambda: None)
    qtbot.addWidget(window)
    window.present()
    page = at(window, Key)
    page.field.chosen.emit("f9")
    assert "F9 cancels already. Choose another one." in texts(page)
    assert page.field.text() == "Right Ctrl"


def test_the_settings_of_a_first_run_are_begun_once(tmp_path: Path) -> None:
    from desktop import settings

    file = tmp_path / "config" / "settings.toml"
    settings.begin(file)
    assert file.read_text() == ""
    settings.put(file, "hotkey.talk", "f9")
    settings.begin(file)
    assert settings.load(file).settings.hotkey.talk == ("f9",)
