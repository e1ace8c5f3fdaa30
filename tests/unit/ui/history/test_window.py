"""The history window, over a real history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QComboBox, QLineEdit, QTextEdit

from desktop.core.errors import HotkeyError
from desktop.core.state import AppState, Done, Health, Listening
from desktop.core.types import Emotion, Outcome
from desktop.dictation.result import PASSWORD_FIELD_NOTE
from desktop.history.rows import HistoryEntry
from desktop.history.statistics import EMOTION_KINDS, compute_statistics
from desktop.ui import wording
from desktop.ui.history.model import ROW_ROLE
from desktop.ui.history.window import HistoryWindow
from tests.support.ui.first_steps import repeat
from tests.unit.ui.conftest import said

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FIRST, SECOND = said("First.", NOON), said("Second.", NOON + timedelta(minutes=1))


@pytest.fixture
def window(engine, qtbot):
    def opened(*entries: HistoryEntry) -> HistoryWindow:
        engine.kept.keep(entries)
        made = HistoryWindow(engine.app())
        qtbot.addWidget(made)
        made.present()
        return made

    return opened


def texts(window: HistoryWindow) -> list[str]:
    return [window.model.index(at).data() for at in range(window.model.rowCount())]


def test_the_search_has_the_focus_when_it_opens(window) -> None:
    assert window(FIRST).focusWidget().accessibleName() == "Search"


def test_the_newest_is_chosen_when_it_opens(window) -> None:
    assert window(FIRST, SECOND).detail.text.toPlainText() == "Second."


def test_a_row_without_words_says_why(window) -> None:
    why = "This is a password field. Nothing was kept."
    shown = window(said("", NOON, delivery=Outcome.REFUSED, notes=(PASSWORD_FIELD_NOTE,)))
    assert texts(shown) == [why]
    assert shown.detail.text.toPlainText() == why
    assert not shown.detail.copy.isEnabled()


def test_an_empty_history_teaches_the_next_step(window) -> None:
    shown = window()
    assert shown._empty_label.isVisible()
    assert shown._empty_label.text() == "Hold Right Ctrl and speak; it will be here."


def test_empty_history_names_the_key_of_the_desktop(window) -> None:
    shown = window()
    shown.draw(AppState(health=Health(talk_key="Super+F9")))
    assert shown._empty_label.text() == "Hold Super+F9 and speak; it will be here."
    shown.draw(AppState(health=Health(hotkey=HotkeyError("portal-key-unasked"))))
    assert shown._empty_label.text() == "What you dictate will be here."


def test_state_of_the_same_health_reads_no_settings(window, monkeypatch) -> None:
    shown = window()
    monkeypatch.setattr(shown._app, "settings", lambda: pytest.fail("the settings are read"))
    shown.draw(AppState(state=Listening()))


def test_typing_finds(window, qtbot) -> None:
    shown = window(said("about tea"), said("about coffee"))
    qtbot.keyClicks(shown.search, "coffee")
    qtbot.waitUntil(lambda: texts(shown) == ["about coffee"])
    assert shown.detail.text.toPlainText() == "about coffee"


def test_what_is_not_found_is_said(window, qtbot) -> None:
    shown = window(FIRST)
    qtbot.keyClicks(shown.search, "zebra")
    qtbot.waitUntil(shown._empty_label.isVisible)
    assert shown._empty_label.text() == "Nothing was found. Try fewer or other words."


def test_filter_offers_applications_present(window) -> None:
    shown = window(said("tea", app="kate"), said("coffee", app="xterm"), said("cake", app="xterm"))
    apps = shown.filters.pickers["app"]
    assert [apps.itemText(at) for at in range(apps.count())] == ["Any application", "xterm", "kate"]
    apps.setCurrentIndex(2)
    apps.activated.emit(2)
    assert texts(shown) == ["tea"]
    assert apps.currentText() == "kate"


def test_emotion_filter_uses_words_of_expression(window) -> None:
    shown = window(FIRST)
    feelings = shown.filters.pickers["emotion"]
    assert feelings.itemText(feelings.findData("joy")) == "Sounded joyful"


def test_escape_widens_the_search_and_then_closes(window, qtbot) -> None:
    shown = window(FIRST)
    qtbot.keyClicks(shown.search, "zebra")
    shown.filters.pickers["delivery"].chosen.emit("failed")
    assert texts(shown) == []
    shown._on_escape()
    assert (shown.search.text(), shown.filters.is_narrowed, texts(shown)) == ("", False, ["First."])
    shown._on_escape()
    assert not shown.isVisible()


def test_new_dictation_appears_and_selection_stays(window, engine) -> None:
    shown = window(FIRST, SECOND)
    shown.list.setCurrentIndex(shown.model.index(1))
    engine.kept.keep([said("Third.", NOON + timedelta(minutes=2))])
    shown.draw(AppState(Done(Outcome.INSERTED, "Third.")))
    assert texts(shown) == ["Third.", "Second.", "First."]
    assert shown.detail.text.toPlainText() == "First."
    assert shown.list.currentIndex().data() == "First."


def test_arrows_walk_the_list_from_the_search(window, qtbot) -> None:
    shown = window(FIRST, SECOND)
    qtbot.keyClick(shown.search, Qt.Key.Key_Down)
    assert shown.detail.text.toPlainText() == "First."
    qtbot.keyClick(shown.search, Qt.Key.Key_Up)
    assert shown.detail.text.toPlainText() == "Second."


def test_the_keys_of_a_list_go_to_its_ends(window, engine, qtbot) -> None:
    engine.kept.keep_many([f"row {n}" for n in range(300)], NOON)
    shown = window()
    shown.list.setFocus()
    qtbot.keyClick(shown.list, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: shown.detail.text.toPlainText() == "row 0")
    last = shown.list.visualRect(shown.list.currentIndex())
    assert shown.list.viewport().rect().contains(last)
    qtbot.keyClick(shown.list, Qt.Key.Key_PageUp)
    assert 280 < shown.list.currentIndex().row() < 299
    qtbot.keyClick(shown.list, Qt.Key.Key_Home)
    assert shown.list.currentIndex().row() == 0


def test_new_dictation_keeps_scroll_position(window, engine) -> None:
    engine.kept.keep_many([f"row {n}" for n in range(300)], NOON)
    shown = window()
    shown.list.verticalScrollBar().setValue(1000)
    seen = shown.list.indexAt(shown.list.viewport().rect().center()).data()
    engine.kept.keep([said("Newest.", NOON + timedelta(days=1))])
    shown.refresh()
    assert texts(shown)[0] == "Newest."
    assert shown.list.indexAt(shown.list.viewport().rect().center()).data() == seen


def test_a_click_chooses_what_is_under_it(window, qtbot) -> None:
    shown = window(FIRST, SECOND)
    at = shown.list.visualRect(shown.model.index(1)).center()
    qtbot.mouseClick(shown.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert shown.detail.text.toPlainText() == "First."


def test_enter_copies(window, qtbot) -> None:
    shown = window(FIRST)
    qtbot.keyClick(shown.search, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == "First."
    assert shown.detail.copy.text() == "Copied"


def test_deleted_row_hidden_then_erased_with_notice(window, engine, qtbot) -> None:
    shown = window(FIRST, SECOND)
    qtbot.keyClick(shown.list, Qt.Key.Key_Delete)
    assert texts(shown) == ["First."]
    assert shown.detail.text.toPlainText() == "First."
    assert (shown.notice.label.text(), shown.notice.button.text()) == ("Deleted.", "Undo")
    assert len(engine.kept.history.rows()) == 2
    shown.notice.timer.timeout.emit()
    assert [row.text for row in engine.kept.history.rows()] == ["First."]
    assert shown.notice.isHidden()


def test_delete_that_is_held_deletes_one_row(window, engine, qtbot) -> None:
    shown = window(FIRST, SECOND)
    shown.list.setFocus()
    qtbot.keyClick(shown.list, Qt.Key.Key_Delete)
    for _ in range(3):
        repeat(Qt.Key.Key_Delete)
    assert (texts(shown), len(engine.kept.history.rows())) == (["First."], 2)


def test_a_deletion_is_taken_back_by_a_key(window, engine, qtbot) -> None:
    shown = window(FIRST, SECOND)
    shown.detail.delete.click()
    shown.row_actions.undo()
    assert texts(shown) == ["Second.", "First."]
    assert shown.detail.text.toPlainText() == "Second."
    shown.close()
    assert len(engine.kept.history.rows()) == 2


def test_deleted_row_stays_gone_on_new_dictation(window, engine) -> None:
    shown = window(FIRST, SECOND)
    shown.detail.delete.click()
    engine.kept.keep([said("Third.", NOON + timedelta(minutes=2))])
    shown.refresh()
    assert texts(shown) == ["Third.", "First."]


def test_a_second_deletion_ends_the_first(window, engine) -> None:
    shown = window(FIRST, SECOND, said("Third.", NOON + timedelta(minutes=2)))
    shown.detail.delete.click()
    shown.detail.delete.click()
    assert [row.text for row in engine.kept.history.rows()] == ["Second.", "First."]
    shown.notice.run_action()
    assert texts(shown) == ["Second.", "First."]


def test_closing_the_window_ends_a_deletion(window, engine) -> None:
    shown = window(FIRST, SECOND)
    shown.detail.delete.click()
    shown.close()
    assert [row.text for row in engine.kept.history.rows()] == ["First."]


def test_the_only_row_can_be_deleted_and_had_back(window) -> None:
    shown = window(FIRST)
    shown.detail.delete.click()
    assert shown._empty_label.isVisible()
    assert shown.notice.isVisible()
    shown.notice.run_action()
    assert texts(shown) == ["First."]


def test_pasting_again_makes_way_for_the_window_before(window, engine) -> None:
    shown = window(FIRST, SECOND)
    shown.detail.paste.click()
    assert not shown.isVisible()
    assert engine.kept.asked[-1] == "paste 2 text"


def test_pasting_what_was_heard_pastes_that(window, engine) -> None:
    shown = window(FIRST)
    shown.detail.raw.click()
    shown.detail.paste.click()
    assert engine.kept.asked[-1] == "paste 1 raw"


def test_everything_that_can_be_used_has_a_name(window) -> None:
    shown = window(said("Tea.", emotion=Emotion("joy", 0.9, 0.5, 0.5)))
    kinds = (QAbstractButton, QAbstractSlider, QComboBox, QLineEdit, QTextEdit)
    used = [
        widget for kind in kinds for widget in shown.findChildren(kind) if widget.focusPolicy() and widget.isVisible()
    ]
    unnamed = [widget for widget in used if not (widget.accessibleName() or getattr(widget, "text", str)())]
    assert len(used) > 12
    assert unnamed == []


def test_a_row_is_read_out_with_its_time(window) -> None:
    shown = window(FIRST)
    spoken = shown.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == f"{NOON.astimezone():%H:%M}, First."


def test_a_key_pastes_again_from_the_search(window, engine, qtbot) -> None:
    shown = window(FIRST)
    assert QTest.qWaitForWindowActive(shown)
    qtbot.keyClick(shown.search, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: engine.kept.asked == ["paste 1 text"])


def test_mood_and_numbers_are_one_click_or_key_away(window, engine, qtbot) -> None:
    shown = window()
    qtbot.mouseClick(shown.statistics_button, Qt.MouseButton.LeftButton)
    assert QTest.qWaitForWindowActive(shown)
    qtbot.keyClick(shown.search, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert engine.asked == ["open mood", "open mood"]


def test_emotion_question_hidden_when_off(window, engine) -> None:
    assert window(FIRST).detail.emotion_button.isVisible()
    engine.set_setting("emotion.engine", "off")
    shown = window(said("Tea.", NOON + timedelta(hours=1), emotion=Emotion("joy", 0.9, 0.5, 0.5)))
    assert shown.detail.emotion_button.isVisible(), "what was noted before is still there"
    shown.list.selectionModel().setCurrentIndex(shown.model.index(1), QItemSelectionModel.SelectionFlag.ClearAndSelect)
    assert not shown.detail.emotion_button.isVisible()


def test_corrected_emotion_in_list_filter_and_numbers(window, engine) -> None:
    shown = window(FIRST, said("Tea.", NOON + timedelta(hours=1), emotion=Emotion("anger", 0.9, -0.5, 0.5)))
    named = {action.text(): action for action in shown.detail.emotion_button.menu().actions()}
    named["Sounded joyful"].trigger()
    assert shown.detail.emotion_button.text() == "Sounded joyful"
    assert wording.emotion_label(shown.model.index(0).data(ROW_ROLE)) == "joy"
    feelings = shown.filters.pickers["emotion"]
    for label, found in (("anger", []), ("joy", ["Tea."])):
        feelings.chosen.emit(label)
        assert texts(shown) == found
    counted = dict(
        zip(EMOTION_KINDS, compute_statistics(engine.kept.path, NOON.date()).total.emotion_counts, strict=True)
    )
    assert (counted["joy"], counted["anger"]) == (1, 0)


def marked(window: HistoryWindow) -> list[str]:
    return [mark.cursor.selectedText() for mark in window.detail.text.extraSelections()]


def test_quotation_opens_its_row_wherever_it_is(window, engine, qtbot) -> None:
    engine.kept.keep_many(["About the herons.", *(f"Row {number}." for number in range(400))], NOON)
    shown = window()
    shown.search.setText("row")
    shown.show_quotation(1, "the herons", True)
    qtbot.waitUntil(lambda: shown.detail.text.toPlainText() == "About the herons.")
    assert marked(shown) == ["the herons"]
    assert shown.list.visualRect(shown.list.currentIndex()).intersects(shown.list.viewport().rect())
    assert (shown.search.text(), shown._nearest.isVisible()) == ("", False)


def test_quotation_places_the_player(window, engine, qtbot) -> None:
    entry = said("One two three four.", NOON, audio_path=Path("take.flac"), duration_s=2.0)
    shown = window(entry, SECOND)
    shown.show_quotation(1, "three four", False)
    qtbot.waitUntil(lambda: "locate three four" in engine.kept.asked)
    assert shown._nearest.isVisible()
    wave = shown.detail.player.wave
    assert wave.value() == 842  # by its characters, until the words are found
    qtbot.waitUntil(lambda: "sound take.flac" in engine.kept.asked)
    assert wave.value() == 842
    engine.kept.located(1.25)
    assert (wave.value(), shown.detail.player.is_playing) == (1250, False)
    QTest.keyClick(shown.list, Qt.Key.Key_Space)
    assert engine.kept.asked[-1] == "play 1.2"
    QTest.keyClick(shown.list, Qt.Key.Key_Up)
    assert (marked(shown), shown._nearest.isVisible()) == ([], False)


def test_quotation_whose_row_was_deleted_leaves_the_newest(window, engine, qtbot) -> None:
    engine.kept.keep_many([f"Row {number}." for number in range(400)], NOON)
    shown = window()
    shown.show_quotation(1000, "the herons", False)
    qtbot.waitUntil(shown.notice.isVisible)
    assert shown.detail.text.toPlainText() == "Row 399."
    assert not shown._nearest.isVisible()


def test_place_that_the_user_chose_stays(window, engine, qtbot) -> None:
    shown = window(said("One two three four.", NOON, audio_path=Path("take.flac"), duration_s=2.0))
    shown.show_quotation(1, "three four", True)
    qtbot.waitUntil(lambda: "locate three four" in engine.kept.asked)
    wave = shown.detail.player.wave
    wave.setValue(300)
    engine.kept.located(1.25)
    assert wave.value() == 300


def test_marked_words_are_described(window, qtbot) -> None:
    shown = window(said("One two three four five."), SECOND)
    shown.show_quotation(1, "one two, four five", False)
    qtbot.waitUntil(lambda: bool(marked(shown)))
    assert shown.detail.text.accessibleDescription() == "Marked: One two, four five"
    QTest.keyClick(shown.list, Qt.Key.Key_Up)
    assert shown.detail.text.accessibleDescription() == ""


def test_sentence_that_is_not_found_shows_the_nearest(window, qtbot) -> None:
    shown = window(said("The herons came back to the pond."), said("about coffee"))
    shown.search.setText("the heron came back to a pond")
    qtbot.waitUntil(
        lambda: shown.detail.text.toPlainText() == "The herons came back to the pond." and bool(marked(shown))
    )
    assert shown._nearest.isVisible()
    assert len(texts(shown)) == 2
    shown.search.setText("coffee")
    qtbot.waitUntil(lambda: texts(shown) == ["about coffee"])
    assert not shown._nearest.isVisible()
    shown.search.setText("the board approved the budget")
    qtbot.waitUntil(lambda: shown._empty_label.isVisible())
