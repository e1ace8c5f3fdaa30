"""One dictation in the history: its two texts, its recording, and what can be made of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextCursor

from desktop.core.errors import UserError
from desktop.core.types import Emotion, Outcome, RuleChange
from desktop.history.rows import HistoryEntry, reported_notes
from desktop.ui.history.window import HistoryWindow
from tests.support.ui.controllers import altered
from tests.unit.ui.conftest import said

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MEETING = said("Tea is ready.", NOON, raw_text="um tea is ready")
KEPT = said("One two.", NOON, audio_path=Path("take.flac"), duration_s=2.0)


@pytest.fixture
def window(engine, qtbot):
    def opened(entry: HistoryEntry, **more: object) -> HistoryWindow:
        engine.kept.keep([entry])
        history = altered(engine.kept, **more) if more else engine.kept
        made = HistoryWindow(engine.app(history=history))
        qtbot.addWidget(made)
        made.present()
        return made

    return opened


def marks(window: HistoryWindow) -> list[tuple[str, bool, bool]]:
    """The text's pieces: the words, whether struck out, whether underlined."""
    found = []
    block = window.detail.text.document().begin()
    at = block.begin()
    while not at.atEnd():
        fragment = at.fragment()
        how = fragment.charFormat()
        found.append((fragment.text(), how.fontStrikeOut(), how.fontUnderline()))
        at += 1
    return found


def test_raw_text_shown_as_marked_difference(window) -> None:
    shown = window(MEETING)
    assert marks(shown) == [("Tea is ready.", False, False)]
    shown.detail.raw.click()
    assert marks(shown) == [
        ("um tea", True, False),
        ("Tea", False, True),
        (" is ready", False, False),
        (".", False, True),
    ]
    assert shown.detail._legend.isVisible()


def test_what_was_heard_is_copied_where_it_is_shown(window, qtbot) -> None:
    shown = window(MEETING)
    qtbot.mouseClick(shown.detail.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "Tea is ready."
    shown.detail.raw.click()
    qtbot.mouseClick(shown.detail.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "um tea is ready"


def test_a_correction_is_kept_and_shown(window, engine) -> None:
    shown = window(MEETING)
    shown.detail.edit.click()
    shown.detail.text.setPlainText("Tea was ready.")
    shown.detail.save.click()
    row = engine.kept.history.get(1)
    assert (row.text, row.edited) == ("Tea is ready.", "Tea was ready.")
    assert shown.detail.text.toPlainText() == "Tea was ready."
    assert shown.model.index(0).data() == "Tea was ready."
    assert "Corrected by you" in shown.detail._facts.text().replace("\N{NO-BREAK SPACE}", " ")
    shown.row_actions.undo()
    assert engine.kept.history.get(1).edited is None
    assert shown.detail.text.toPlainText() == "Tea is ready."


def test_a_correction_can_teach_the_vocabulary(window, engine) -> None:
    shown = window(said("Deploy it with cube netties today.", NOON))
    shown.detail.edit.click()
    shown.detail.text.setPlainText("Deploy it with Kubernetes today.")
    shown.detail.save.click()
    assert shown.notice.label.text() == "Corrected. Write Kubernetes for cube netties from now on?"
    shown.notice.button.click()
    assert engine.kept.asked[-1] == "learn cube netties: Kubernetes"
    assert shown.notice.label.text() == "Kubernetes will be written for cube netties."


def test_own_words_are_named_and_can_be_kept_as_heard(window, engine) -> None:
    changed = (RuleChange("own_words", "Bartley", "Bartleby"), RuleChange("sentences", "", "."))
    shown = window(said("Ask Bartleby.", NOON, raw_text="Ask Bartley", changed=changed))
    facts = shown.detail._facts.text().replace("\N{NO-BREAK SPACE}", " ")
    assert "Your words: Bartley → Bartleby" in facts
    shown.detail.edit.click()
    shown.detail.text.setPlainText("Ask Bartley.")
    shown.detail.save.click()
    assert shown.notice.label.text() == "Corrected. Leave Bartley as it is from now on?"
    shown.notice.button.click()
    assert engine.kept.asked[-1] == "learn Bartley: Bartley"
    assert shown.notice.label.text() == "Bartley will be left as it is."


def test_what_was_taken_out_is_named_with_its_rule_and_how_sure_it_was(window) -> None:
    changed = (
        RuleChange("repairs", "two, no wait, ", "", 0.978),
        RuleChange("repeats", "the ", ""),
        RuleChange("fillers", "um ", ""),
    )
    shown = window(said("At the three.", NOON, raw_text="At two, no wait, the the three um", changed=changed))
    facts = shown.detail._facts.text().replace("\N{NO-BREAK SPACE}", " ")
    assert "Taken out: “two, no wait” (Corrections, 97 % sure)" in facts
    assert "Taken out: “the” (Said twice)" in facts
    assert "“um”" not in facts


def test_letter_that_became_a_capital_is_not_named_as_taken_out(window) -> None:
    changed = (RuleChange("repeats", "Put this in, p", "P", 0.929), RuleChange("repairs", "Red, no, blue", "Blue", 0.9))
    raw_text = "Put this in, put this in a red, no, blue box."
    shown = window(said("Put this in a blue box.", NOON, raw_text=raw_text, changed=changed))
    facts = shown.detail._facts.text().replace("\N{NO-BREAK SPACE}", " ")
    assert "Taken out: “Put this in” (Said twice, 92 % sure)" in facts
    assert "Taken out: “Red, no” (Corrections, 90 % sure)" in facts


def test_escape_leaves_the_text_as_it_was(window, engine) -> None:
    shown = window(MEETING)
    shown.detail.edit.click()
    shown.detail.text.setPlainText("Nonsense.")
    shown._on_escape()
    assert not shown.detail.is_editing
    assert shown.detail.text.toPlainText() == "Tea is ready."
    assert engine.kept.history.get(1).edited is None


def test_correction_kept_on_moving_to_other_row(window, engine) -> None:
    engine.kept.keep([said("Older.", datetime(2026, 3, 1, tzinfo=UTC))])
    shown = window(MEETING)
    shown.detail.edit.click()
    shown.detail.text.setPlainText("Tea was ready.")
    shown.list.setCurrentIndex(shown.model.index(1))
    assert shown.detail.text.toPlainText() == "Older."
    assert engine.kept.history.get(2).edited == "Tea was ready."


def test_a_correction_is_kept_when_the_window_closes(window, engine) -> None:
    shown = window(MEETING)
    shown.detail.edit.click()
    shown.detail.text.setPlainText("Tea was ready.")
    shown.close()
    assert engine.kept.history.get(1).edited == "Tea was ready."


def test_a_text_being_corrected_survives_a_refresh(window, engine) -> None:
    shown = window(MEETING)
    shown.detail.edit.click()
    shown.detail.text.moveCursor(QTextCursor.MoveOperation.End)
    shown.detail.text.insertPlainText(" Now.")
    engine.kept.history.update(1, notes=reported_notes("Something became known."))
    shown.refresh()
    assert shown.detail.text.toPlainText() == "Tea is ready. Now."


def test_it_is_transcribed_again_and_that_taken_back(window, engine) -> None:
    shown = window(KEPT)
    shown.detail.transcribe_again.click()
    assert engine.kept.asked[-1] == "hear again 1"
    assert shown.detail.text.toPlainText() == "Heard again"
    shown.row_actions.undo()
    assert shown.detail.text.toPlainText() == "One two."
    assert engine.kept.history.get(1).raw_text == "one two."


def test_a_failed_one_is_tried_again(window, engine) -> None:
    shown = window(replace(KEPT, delivery=Outcome.FAILED))
    assert shown.detail.transcribe_again.text() == "Retry"
    engine.kept.heard = UserError("reported-message", title="No words were heard in the recording.", advice="")
    shown.detail.transcribe_again.click()
    assert shown.notice.label.text() == "No words were heard in the recording."
    assert shown.detail.text.toPlainText() == "One two."


def test_transcribe_again_disabled_while_running(window) -> None:
    waiting = []
    shown = window(KEPT, transcribe_again=lambda row, then: waiting.append(then))
    shown.detail.transcribe_again.click()
    assert (shown.detail.transcribe_again.text(), shown.detail.transcribe_again.isEnabled()) == ("Transcribing…", False)
    waiting[0](None)
    assert (shown.detail.transcribe_again.text(), shown.detail.transcribe_again.isEnabled()) == (
        "Transcribe again",
        True,
    )


def test_without_recording_no_play_or_transcribe(window) -> None:
    shown = window(MEETING)
    assert shown.detail.player.isHidden()
    assert not shown.detail.transcribe_again.isEnabled()


def test_recording_read_when_row_stays_selected(window, engine, qtbot) -> None:
    shown = window(KEPT)
    qtbot.waitUntil(lambda: shown.detail.player.wave._peaks != ())
    assert shown.detail.player.time.text() == "0:00 / 0:02"


def test_space_plays_and_pauses(window, engine, qtbot) -> None:
    shown = window(KEPT)
    player = shown.detail.player
    qtbot.keyClick(shown.list, Qt.Key.Key_Space)
    assert engine.kept.asked[-1] == "play 0.0"
    assert player.button.accessibleName() == "Pause"
    assert not player._draw_timer.isActive()
    engine.kept.began()
    assert player._draw_timer.isActive()
    qtbot.waitUntil(lambda: bool(shown.detail.text.extraSelections()))
    qtbot.keyClick(shown.list, Qt.Key.Key_Space)
    assert engine.kept.asked[-1] == "silence"
    assert not player._draw_timer.isActive()
    assert shown.detail.text.extraSelections() == []


def test_a_recording_that_is_over_begins_anew(window, engine) -> None:
    shown = window(KEPT)
    player = shown.detail.player
    player.toggle()
    engine.kept.began()
    player.wave.setValue(1900)
    engine.kept.ended(None)
    assert (player.is_playing, player.wave.value()) == (False, 0)


def test_an_arrow_key_on_the_wave_goes_on_from_there(window, engine, qtbot) -> None:
    engine.kept.seconds = 10.0
    shown = window(KEPT)
    player = shown.detail.player
    player.toggle()
    engine.kept.began()
    qtbot.keyClick(player.wave, Qt.Key.Key_Right)
    assert engine.kept.asked[-1].startswith("play 2.")


def test_end_of_earlier_playback_changes_nothing(window, engine) -> None:
    shown = window(KEPT)
    player = shown.detail.player
    player.toggle()
    before = engine.kept.ended
    player._seek(500)
    before(None)
    assert player.is_playing


def test_what_cannot_be_played_says_so(window, engine) -> None:
    shown = window(KEPT)
    shown.detail.player.toggle()
    engine.kept.ended(UserError("reported-message", title="The recording could not be played.", advice=""))
    assert shown.notice.label.text() == "The recording could not be played."
    assert not shown.detail.player.is_playing


def test_missing_recording_reported_on_play(window) -> None:
    shown = window(replace(KEPT, audio_path=Path("take.gone")))
    shown.detail.player.toggle()
    assert shown.notice.label.text() == "There is no such recording."
    assert shown.detail.player.isHidden()


def test_closing_the_window_ends_the_sound(window, engine) -> None:
    shown = window(KEPT)
    shown.detail.player.toggle()
    shown.close()
    assert engine.kept.asked[-1] == "silence"


def test_how_it_sounded_is_said_of_the_sound(window) -> None:
    shown = window(replace(MEETING, emotion=Emotion("joy", 0.9, 0.5, 0.5)))
    assert shown.detail.emotion_button.text() == "Sounded joyful"


def test_what_was_held_back_is_not_claimed(window) -> None:
    shown = window(replace(MEETING, emotion=Emotion("neutral", 0.3, 0.0, 0.0, abstained=True)))
    assert shown.detail.emotion_button.text() == "Not sure how it sounded"


def test_the_person_says_how_it_sounded(window) -> None:
    said_so = []
    shown = window(MEETING, correct_emotion=lambda id, label, then: said_so.append((id, label)))
    names = [action.text() for action in shown.detail.emotion_button.menu().actions() if action.text()]
    assert names[1] == "Sounded joyful"
    shown.detail.emotion_button.menu().actions()[1].trigger()
    shown.detail.emotion_button.menu().actions()[-1].trigger()
    assert said_so == [(1, "joy"), (1, None)]


def test_how_long_it_took_is_told_in_words_too(window) -> None:
    shown = window(replace(MEETING, release_to_text_ms=312.4, paste_ms=40.0))
    told = "312 ms until the text was sent, 40 ms until it was read"
    assert shown.detail.timings.accessibleName() == told
    assert shown.detail.timings.isVisible()


def test_what_was_never_pasted_took_no_time(window) -> None:
    assert not window(MEETING).detail.timings.isVisible()
