"""The tray: a menu in which everything can be done, with or without a place for the icon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu

from desktop.core.errors import PasteError, RecognizerError, SettingsError
from desktop.core.messages import Message
from desktop.core.state import (
    AppState,
    AvailableRelease,
    Done,
    EmotionSwitched,
    Failed,
    Health,
    Listening,
    Transcribing,
)
from desktop.core.types import Outcome
from desktop.ui import wording
from desktop.ui.style import icons, tokens
from desktop.ui.tray import TrayIcon
from tests.unit.ui.conftest import said

WELL = Health(engine_loaded=True)


def labels(tray: TrayIcon) -> list[str]:
    return [action.text() for action in tray.menu.actions() if action.isVisible() and not action.isSeparator()]


def choose(tray: TrayIcon, label: str) -> None:
    next(action for action in tray.menu.actions() if action.text() == label).trigger()


def test_the_menu_begins_with_how_the_app_is(qtbot, engine) -> None:
    tray = TrayIcon(engine.app())
    tray.draw(AppState(health=WELL))
    assert labels(tray)[0] == "Ready. Hold Right Ctrl and speak."
    tray.draw(AppState(Listening(), WELL))
    assert labels(tray)[:2] == ["Listening", "Stop dictation"]


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[None]:
    """The app's own style sheet."""
    palette = qapp.palette()
    tokens._apply_palette(qapp)
    yield
    qapp.setStyleSheet("")
    qapp.setPalette(palette)


@pytest.mark.usefixtures("dressed")
def test_a_menu_higher_than_the_screen_scrolls(qtbot, engine) -> None:
    tray = TrayIcon(engine.app())
    tray.draw(AppState(health=WELL))
    for number in range(40):
        tray.menu.addAction(f"Dictation {number}")
    tray.menu.popup(QPoint(0, 0))
    assert tray.menu.height() <= QGuiApplication.primaryScreen().size().height() < tray.menu.sizeHint().height()
    places = {tray.menu.actionGeometry(action).x() for action in tray.menu.actions() if action.isVisible()}
    assert len(places) == 1, "all in one column"
    tray.menu.setActiveAction(tray.menu.actions()[-1])
    assert tray.menu.rect().contains(tray.menu.actionGeometry(tray.menu.actions()[-1])), "its end can be reached"
    tray.close()


def test_everything_can_be_done_from_the_menu(qtbot, engine) -> None:
    tray = TrayIcon(engine.app())
    tray.draw(AppState(Transcribing(), WELL))
    for label, asked in (
        ("Start dictation", "toggle"),
        ("Cancel", "cancel"),
        ("Undo last insertion", "undo"),
        ("Swap raw and polished", "swap"),
        ("History…", "open history"),
        ("Mood and numbers…", "open mood"),
        ("Settings…", "open settings"),
        ("What works here…", "open doctor"),
        ("Quit", "quit"),
    ):
        choose(tray, label)
        assert engine.asked[-1] == asked
    choose(tray, "Paste last")
    choose(tray, "Paste last as spoken")
    assert engine.kept.asked == ["paste last False", "paste last True"]


def test_undo_and_swap_cannot_be_chosen_where_they_do_not_work(qtbot, engine) -> None:
    tray = TrayIcon(engine.app(), can_undo=False)
    tray.draw(AppState(Transcribing(), WELL))
    for label in ("Undo last insertion", "Swap raw and polished"):
        choose(tray, label)
    assert engine.asked == []
    choose(tray, "Paste last")
    assert engine.kept.asked == ["paste last False"]
    tray.draw(AppState(Transcribing(), replace(WELL, input_method=True)))
    choose(tray, "Undo last insertion")
    assert engine.asked == ["undo"]


def test_keys_that_need_a_permission_are_no_problem_beside_an_input_method(qtbot, engine) -> None:
    tray, unasked = TrayIcon(engine.app()), PasteError("portal-typing-unasked")
    tray.draw(AppState(health=replace(WELL, paste=unasked)))
    assert "What is wrong…" in labels(tray)
    assert any(label.startswith(unasked.title[:20]) for label in labels(tray))
    tray.draw(AppState(health=replace(WELL, paste=unasked, input_method=True)))
    assert "What is wrong…" not in labels(tray)
    assert not any(label.startswith(unasked.title[:20]) for label in labels(tray))


def test_the_newest_text_is_copied_from_the_menu(qtbot, engine) -> None:
    engine.kept.keep([said("Hello."), said("", delivery=Outcome.REFUSED)])
    choose(TrayIcon(engine.app()), "Copy last")
    assert QGuiApplication.clipboard().text() == "Hello."


def test_doctor_offered_while_something_is_wrong(qtbot, engine) -> None:
    tray = TrayIcon(engine.app())
    tray.draw(AppState(health=WELL))
    assert "What is wrong…" not in labels(tray)
    tray.draw(
        AppState(
            health=Health(
                engine=RecognizerError("reported-message", title="The model is damaged.", advice="Fetch it again.")
            )
        )
    )
    choose(tray, "What is wrong…")
    assert engine.asked == ["open doctor"]


def test_ignored_lines_are_shown_from_the_menu(qtbot, engine) -> None:
    tray, line = TrayIcon(engine.app()), "Not everything in settings.toml is in force…"
    tray.draw(AppState(health=WELL))
    assert line not in labels(tray)
    tray.draw(AppState(health=replace(WELL, settings_notice=Message("settings-deletion-paused"))))
    assert labels(tray)[1] == line
    choose(tray, line)
    assert engine.asked == ["open invalid_lines"]
    tray.draw(AppState(health=WELL))
    assert line not in labels(tray)


def test_newer_version_shown_as_menu_line(qtbot, engine) -> None:
    tray = TrayIcon(engine.app())
    tray.draw(AppState(health=WELL))
    assert not any("is there" in label for label in labels(tray))
    tray.draw(AppState(health=replace(WELL, release=AvailableRelease("9.2.0"))))
    choose(tray, "Intone 9.2.0 is there")
    assert engine.asked == ["open settings"]
    tray.draw(AppState(health=WELL))
    assert "Intone 9.2.0 is there" not in labels(tray)


def test_installed_version_is_started_from_the_menu(qtbot, engine) -> None:
    tray, line = TrayIcon(engine.app()), "Intone 9.2.0 is installed: restart"
    tray.draw(AppState(health=WELL))
    assert line not in labels(tray)
    tray.draw(AppState(health=replace(WELL, installed_version="9.2.0")))
    choose(tray, line)
    assert engine.asked == ["restart"]


def test_how_it_sounded_is_noted_or_not_from_the_menu(qtbot, engine) -> None:
    def run_command(name: str) -> None:
        assert name == "mood"
        engine.set_setting("emotion.engine", "off" if engine.settings.emotion.engine != "off" else "local")

    tray = TrayIcon(engine.app(run_command=run_command))
    row = next(action for action in tray.menu.actions() if action.text() == "Note how it sounded")
    assert row.isChecked()
    for on in (False, True, False):
        row.trigger()
        tray.draw(AppState(EmotionSwitched(on), WELL))
        assert (row.isChecked(), engine.settings.emotion.engine != "off") == (on, on)


def test_what_was_not_kept_is_not_offered_again(qtbot, engine) -> None:
    tray = TrayIcon(engine.app())
    for state in (
        Failed(RecognizerError("reported-message", title="The engine stopped.", advice=""), has_recording=False),
        Done(Outcome.CANCELLED, has_recording=False),
    ):
        tray.draw(AppState(state, WELL))
        assert not {"Retry", "Undo cancel"} & set(labels(tray))


def test_cancel_does_nothing_while_idle(qtbot, engine) -> None:
    tray = TrayIcon(engine.app())
    tray.draw(AppState(health=WELL))
    choose(tray, "Cancel")
    assert engine.asked == []


def test_between_paragraphs_it_is_shown_as_listening(qtbot, engine) -> None:
    tray = TrayIcon(engine.app())
    tray.draw(AppState(Done(Outcome.INSERTED, "One.", goes_on=True), WELL))
    assert {"Listening", "Stop dictation"} <= set(labels(tray))
    choose(tray, "Cancel")
    assert engine.asked == ["cancel"]
    tray.draw(AppState(Done(Outcome.INSERTED, "One."), WELL))
    assert "Start dictation" in labels(tray)


def test_repairs_offered_where_useful(qtbot, engine) -> None:
    tray = TrayIcon(engine.app())
    for state, label in (
        (Failed(RecognizerError("reported-message", title="The engine stopped.", advice="")), "Retry"),
        (Done(Outcome.CANCELLED), "Undo cancel"),
    ):
        tray.draw(AppState(health=WELL))
        assert label not in labels(tray)
        tray.draw(AppState(state, WELL))
        choose(tray, label)
        assert engine.asked.pop() == "resume-last"


def test_a_new_talk_key_is_named_when_the_menu_opens(qtbot, engine) -> None:
    tray = TrayIcon(engine.app())
    tray.draw(AppState(health=WELL))
    engine.set_setting("hotkey.talk", "f9")
    tray.menu.aboutToShow.emit()
    assert labels(tray)[0] == "Ready. Hold F9 and speak."


@pytest.mark.parametrize("outcome", Outcome)
def test_last_outcome_shown_until_next_dictation(qtbot, engine, outcome: Outcome) -> None:
    tray = TrayIcon(engine.app())
    tray.draw(AppState(Done(outcome, "Hello."), WELL))
    assert labels(tray)[1] == f"Last dictation: {wording.outcome_text(outcome)}"
    tray.draw(AppState(Listening(), WELL))
    assert labels(tray)[1] == "Stop dictation"


def submenu(tray: TrayIcon, title: str) -> QMenu:
    return next(menu for menu in tray.menu.findChildren(QMenu) if menu.title() == title)


def lines(menu: QMenu) -> dict[str, bool]:
    """The lines of a submenu, and whether each is the chosen one."""
    return {line.text(): line.isChecked() for line in menu.actions()}


def test_menu_chooses_microphone_engine_and_polish(qtbot, engine) -> None:
    tray = TrayIcon(engine.app())
    tray.draw(AppState(health=WELL))
    for title, was, label in (
        ("Microphone", "System default", "USB Audio"),
        ("Engine", "Whisper", "Deepgram live"),
        ("Polish", "Tidy", "As spoken"),
    ):
        menu = submenu(tray, title)
        assert [line for line, chosen in lines(menu).items() if chosen] == [was]
        next(line for line in menu.actions() if line.text() == label).trigger()
        assert [line for line, chosen in lines(menu).items() if chosen] == [label]
    assert engine.asked == [
        "set audio.device usb",
        "set recognizer.engine deepgram-live",
        "set polish.mode off",
    ]


def test_language_menu_chooses_one_and_all_again(qtbot, engine) -> None:
    engine.set_setting("recognizer.language", "en,zh")
    tray = TrayIcon(engine.app())
    menu = submenu(tray, "Language")
    assert lines(menu) == {"Any language": False, "English or Chinese": True, "English": False, "Chinese": False}
    for label in ("Chinese", "English or Chinese", "Any language"):
        next(line for line in menu.actions() if line.text() == label).trigger()
    assert engine.asked[1:] == [
        "set recognizer.language zh",
        "set recognizer.language en,zh",
        "set recognizer.language auto",
    ]


def test_menu_opening_shows_choices_made_elsewhere(qtbot, engine) -> None:
    tray = TrayIcon(engine.app())
    engine.set_setting("polish.mode", "llm")
    engine.set_setting("audio.device", "usb,builtin")
    tray.menu.aboutToShow.emit()
    assert lines(submenu(tray, "Polish"))["By a language model"]
    assert lines(submenu(tray, "Microphone"))["usb,builtin"]


def test_refused_choice_keeps_current_setting(qtbot, engine) -> None:
    def refuse(key: str, value: str) -> None:
        raise SettingsError("reported-message", title="The file cannot be written.", advice="")

    tray = TrayIcon(engine.app(set_setting=refuse))
    menu = submenu(tray, "Polish")
    next(line for line in menu.actions() if line.text() == "As spoken").trigger()
    assert lines(menu) == {"As spoken": False, "Tidy": True, "By a language model": False}


def test_the_keys_are_paused_and_taken_again(qtbot, engine) -> None:
    tray = TrayIcon(engine.app())
    tray.draw(AppState(health=WELL))
    choose(tray, "Pause hotkeys")
    tray.draw(AppState(health=replace(WELL, paused=True)))
    assert labels(tray)[0] == "The keys are paused."
    assert next(line for line in tray.menu.actions() if line.text() == "Pause hotkeys").isChecked()
    choose(tray, "Pause hotkeys")
    assert engine.asked == ["pause", "resume"]


def test_private_mode_is_switched(qtbot, engine) -> None:
    tray = TrayIcon(engine.app())
    choose(tray, "Private mode")
    choose(tray, "Private mode")
    assert engine.asked == ["set history.private on", "set history.private off"]


def picture(**how: bool) -> bytes:
    """The icon as it is drawn, in pixels."""
    known = {"listening": False, "ready": True, "has_problem": False} | how
    image = icons.create_tray_icon(**known).pixmap(22, 22).toImage()
    return bytes(image.constBits())


@pytest.mark.parametrize("colour", [True, False])
def test_each_state_looks_otherwise_at_a_glance(qtbot, colour: bool) -> None:
    states = ({}, {"listening": True}, {"ready": False}, {"has_problem": True}, {"ready": False, "paused": True})
    assert len({picture(colour=colour, **state) for state in states}) == len(states)


def test_a_monochrome_icon_has_one_colour(qtbot) -> None:
    for state in ({"listening": True}, {"has_problem": True}):
        image = icons.create_tray_icon(
            **{"listening": False, "ready": True, "has_problem": False} | state, colour=False
        )
        pixels = image.pixmap(64, 64).toImage()
        opaque = [pixels.pixelColor(x, y) for x in range(64) for y in range(64)]
        assert {colour.name() for colour in opaque if colour.alpha() == 255} == {QColor(tokens.TRAY).name()}
