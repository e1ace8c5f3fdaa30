"""The tray: a menu in which everything can be done, with or without a place for the icon."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.ports import Outcome
from desktop.problems import RecognizerProblem
from desktop.state import Done, Expression, Failed, Health, Listening, Shown, Transcribing
from desktop.ui import words
from desktop.ui.tray import Tray

WELL = Health(engine_loaded=True)


def labels(tray: Tray) -> list[str]:
    return [action.text() for action in tray.menu.actions() if action.isVisible() and not action.isSeparator()]


def choose(tray: Tray, label: str) -> None:
    next(action for action in tray.menu.actions() if action.text() == label).trigger()


def test_the_menu_begins_with_how_the_app_is(qtbot, engine) -> None:
    tray = Tray(engine.actions())
    tray.draw(Shown(health=WELL))
    assert labels(tray)[0] == "Ready. Hold Right Ctrl and speak."
    tray.draw(Shown(Listening(), WELL))
    assert labels(tray)[:2] == ["Listening", "Stop dictation"]


def test_everything_can_be_done_from_the_menu(qtbot, engine) -> None:
    tray = Tray(engine.actions())
    tray.draw(Shown(Transcribing(), WELL))
    for label in ("Start dictation", "Cancel", "Paste last", "Copy last", "History…", "Settings…", "Quit"):
        choose(tray, label)
    assert engine.asked == ["toggle", "cancel", "paste_last", "copy_last", "show_history", "show_settings", "quit"]


def test_what_was_inserted_can_be_taken_back_and_swapped_where_the_engine_can(qtbot, engine) -> None:
    able, unable = Tray(engine.with_repairs()), Tray(engine.actions())
    for label in ("Undo last insertion", "Swap raw and polished", "Paste last as spoken"):
        choose(able, label)
        assert label not in labels(unable)
    assert engine.asked == ["undo", "swap", "paste_raw"]


def test_while_something_is_wrong_the_doctor_is_offered(qtbot, engine) -> None:
    tray = Tray(replace(engine.actions(), show_doctor=lambda: engine.asked.append("show_doctor")))
    tray.draw(Shown(health=WELL))
    assert "What is wrong…" not in labels(tray)
    tray.draw(Shown(health=Health(engine=RecognizerProblem("The model is damaged.", "Fetch it again."))))
    choose(tray, "What is wrong…")
    assert engine.asked == ["show_doctor"]


def test_mood_and_numbers_are_offered_where_there_are_any(qtbot, engine) -> None:
    able = Tray(replace(engine.actions(), show_mood=lambda: engine.asked.append("show_mood")))
    choose(able, "Mood and numbers…")
    assert engine.asked == ["show_mood"]
    assert "Mood and numbers…" not in labels(Tray(engine.actions()))


def test_how_it_sounded_is_noted_or_not_from_the_menu(qtbot, engine) -> None:
    def switch() -> None:
        engine.set_setting("emotion.engine", "off" if engine.settings.emotion.engine != "off" else "local")

    tray = Tray(replace(engine.actions(), switch_emotion=switch))
    row = next(action for action in tray.menu.actions() if action.text() == "Note how it sounded")
    assert row.isChecked()
    for on in (False, True, False):
        row.trigger()
        tray.draw(Shown(Expression(on), WELL))
        assert (row.isChecked(), engine.settings.emotion.engine != "off") == (on, on)
    assert "Note how it sounded" not in labels(Tray(engine.actions()))


def test_what_was_not_kept_is_not_offered_again(qtbot, engine) -> None:
    tray = Tray(engine.with_repairs())
    for state in (Failed(RecognizerProblem("The engine stopped."), kept=False), Done(Outcome.CANCELLED, kept=False)):
        tray.draw(Shown(state, WELL))
        assert not {"Retry", "Undo cancel"} & set(labels(tray))


def test_there_is_nothing_to_cancel_while_nothing_is_said(qtbot, engine) -> None:
    tray = Tray(engine.actions())
    tray.draw(Shown(health=WELL))
    choose(tray, "Cancel")
    assert engine.asked == []


def test_repairs_are_offered_when_they_mend_something_and_can_be_done(qtbot, engine) -> None:
    able, unable = Tray(engine.with_repairs()), Tray(engine.actions())
    for state, label in (
        (Failed(RecognizerProblem("The engine stopped.")), "Retry"),
        (Done(Outcome.CANCELLED), "Undo cancel"),
    ):
        for tray in (able, unable):
            tray.draw(Shown(health=WELL))
            assert label not in labels(tray)
            tray.draw(Shown(state, WELL))
        assert label in labels(able)
        assert label not in labels(unable)


def test_a_new_talk_key_is_named_when_the_menu_opens(qtbot, engine) -> None:
    tray = Tray(engine.actions())
    tray.draw(Shown(health=WELL))
    engine.set_setting("hotkey.talk", "f9")
    tray.menu.aboutToShow.emit()
    assert labels(tray)[0] == "Ready. Hold F9 and speak."


@pytest.mark.parametrize("outcome", Outcome)
def test_how_the_last_dictation_ended_is_said_until_the_next(qtbot, engine, outcome: Outcome) -> None:
    tray = Tray(engine.actions())
    tray.draw(Shown(Done(outcome, "Hello."), WELL))
    assert labels(tray)[1] == f"Last dictation: {words.outcome(outcome)}"
    tray.draw(Shown(Listening(), WELL))
    assert labels(tray)[1] == "Stop dictation"
