"""The pill as a window: when it comes and goes, and what a click does."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer, QVariantAnimation
from PySide6.QtWidgets import QApplication, QProxyStyle, QStyle

from desktop.core.errors import MicrophoneError, RecognizerError
from desktop.core.messages import Message
from desktop.core.state import (
    AppState,
    CallMuteOffered,
    CorrectionChoice,
    CorrectionOffered,
    Done,
    Failed,
    Idle,
    Listening,
    Polishing,
    ReplacementNotice,
    SettingsNotice,
    Starting,
    Transcribing,
)
from desktop.core.types import Outcome, Replacement, Transcript
from desktop.settings.schema import LookSettings
from desktop.ui.pill.content import FAILED_MS
from desktop.ui.pill.window import PillWindow


class Still(QProxyStyle):
    """A style without animations."""

    def styleHint(self, hint, *rest):  # noqa: N802
        return 0 if hint == QStyle.StyleHint.SH_Widget_Animation_Duration else super().styleHint(hint, *rest)


@pytest.fixture
def still(qapp: QApplication):
    before = qapp.style().name()
    qapp.setStyle(Still("Fusion"))
    yield
    qapp.setStyle(before)


@pytest.fixture
def pill(engine, qtbot, still) -> PillWindow:
    made = PillWindow(engine.app())
    qtbot.addWidget(made)
    return made


def running(pill: PillWindow) -> list[object]:
    timers = [timer for timer in pill.findChildren(QTimer) if timer.isActive()]
    return timers + [motion for motion in pill.findChildren(QVariantAnimation) if motion.state().value]


def click(qtbot, pill: PillWindow, place: QPoint) -> None:
    qtbot.mouseClick(pill, Qt.MouseButton.LeftButton, pos=place)


def test_it_comes_with_the_press_and_goes_with_the_end(pill: PillWindow) -> None:
    pill.draw(AppState(Starting()))
    assert pill.isVisible()
    pill.draw(AppState(Idle()))
    assert not pill.isVisible()


def test_hidden_it_runs_nothing(pill: PillWindow) -> None:
    pill.draw(AppState(Listening(level=1.0)))
    pill.draw(AppState(Failed(MicrophoneError("microphone-not-found"))))
    pill.dismiss()
    assert running(pill) == []


def test_with_motion_it_ends_as_quietly(engine, qtbot) -> None:
    pill = PillWindow(engine.app())
    qtbot.addWidget(pill)
    pill.draw(AppState(Listening(level=1.0)))
    assert running(pill)
    pill.draw(AppState(Idle()))
    qtbot.waitUntil(lambda: not pill.isVisible())
    assert running(pill) == []


def test_without_motion_nothing_moves_while_one_speaks(pill: PillWindow) -> None:
    pill.draw(AppState(Listening(level=1.0)))
    assert running(pill) == []


def test_what_was_inserted_goes_by_itself(pill: PillWindow, qtbot) -> None:
    pill.draw(AppState(Done(Outcome.INSERTED, "Hello.")))
    assert pill.isVisible()
    qtbot.waitUntil(lambda: not pill.isVisible())


def test_dismissed_state_hidden_until_next_state(pill: PillWindow) -> None:
    failed = Failed(MicrophoneError("microphone-not-found"))
    pill.draw(AppState(failed))
    pill.dismiss()
    pill.draw(AppState(failed))
    assert not pill.isVisible()
    pill.draw(AppState(Starting()))
    assert pill.isVisible()


def test_a_failure_goes_with_a_click(pill: PillWindow, qtbot, engine) -> None:
    pill.draw(AppState(Failed(MicrophoneError("microphone-not-found"))))
    click(qtbot, pill, pill.rect().center())
    assert not pill.isVisible()
    assert engine.asked == []


def test_a_failure_goes_by_itself_at_last(pill: PillWindow) -> None:
    pill.draw(AppState(Failed(MicrophoneError("microphone-not-found"))))
    assert [timer.interval() for timer in running(pill)] == [FAILED_MS]


@pytest.mark.parametrize(
    ("state", "asked"),
    [
        (Done(Outcome.CANCELLED), "resume-last"),
        (Failed(RecognizerError("reported-message", title="The engine stopped.", advice="")), "resume-last"),
        (CorrectionOffered("get hub", "GitHub"), "learn"),
        (CallMuteOffered("Zoom"), "mute-calls"),
        (CorrectionChoice("to to", (Replacement(0, 2, "two"),)), "again-1"),
        (SettingsNotice(Message("settings-deletion-paused")), "open invalid_lines"),
        (ReplacementNotice("9.2.0"), "restart"),
    ],
)
def test_what_is_offered_is_done_by_a_click_on_it(pill: PillWindow, qtbot, engine, state, asked: str) -> None:
    pill.draw(AppState(state))
    pill.grab()
    click(qtbot, pill, QPoint(pill.width() - 48, pill.height() // 2))
    assert engine.asked == [asked]
    assert not pill.isVisible()


def test_a_question_put_away_by_a_click_is_refused(pill: PillWindow, qtbot, engine) -> None:
    pill.draw(AppState(CorrectionOffered("get hub", "GitHub")))
    pill.grab()
    click(qtbot, pill, QPoint(40, pill.height() // 2))
    assert engine.asked == []
    qtbot.waitUntil(lambda: not pill.isVisible())
    assert engine.asked == ["decline"]


@pytest.mark.parametrize("button", [Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton])
@pytest.mark.parametrize(
    "state",
    [
        CorrectionOffered("get hub", "GitHub"),
        Failed(RecognizerError("reported-message", title="The engine stopped.", advice="")),
    ],
)
def test_click_of_another_button_answers_nothing(pill: PillWindow, qtbot, engine, button, state) -> None:
    pill.draw(AppState(state))
    pill.grab()
    for place in (QPoint(40, pill.height() // 2), QPoint(pill.width() - 48, pill.height() // 2)):
        qtbot.mouseClick(pill, button, pos=place)
        qtbot.mouseDClick(pill, button, pos=place)
        qtbot.mouseRelease(pill, button, pos=place)
    assert engine.asked == []
    assert pill.isVisible()
    assert [timer.interval() for timer in running(pill)] == [pill._content.display_ms]


def test_double_click_refuses_no_question(pill: PillWindow, qtbot, engine) -> None:
    pill.draw(AppState(Listening()))
    before = pill.geometry().center()
    drag(qtbot, pill, QPoint(-120, -200))
    pill.draw(AppState(CorrectionOffered("get hub", "GitHub")))
    pill.grab()
    click(qtbot, pill, QPoint(40, pill.height() // 2))
    qtbot.mouseDClick(pill, Qt.MouseButton.LeftButton, pos=QPoint(40, pill.height() // 2))
    qtbot.mouseRelease(pill, Qt.MouseButton.LeftButton, pos=QPoint(40, pill.height() // 2))
    assert pill.isVisible()
    assert (pill.geometry().center() - before).manhattanLength() <= 2
    assert [timer.interval() for timer in running(pill)] == [pill._content.display_ms], "no refusal is under way"
    assert "decline" not in engine.asked


@pytest.mark.parametrize("state", [Starting(), CorrectionOffered("jon", "John"), Idle()])
def test_refusal_is_dropped_when_something_else_comes(pill: PillWindow, qtbot, engine, state) -> None:
    pill.draw(AppState(CorrectionOffered("get hub", "GitHub")))
    pill.grab()
    click(qtbot, pill, QPoint(40, pill.height() // 2))
    pill.draw(AppState(state))
    assert all(timer.interval() != QApplication.doubleClickInterval() for timer in running(pill))
    assert engine.asked == []


def test_question_timing_out_is_not_answered(pill: PillWindow, engine) -> None:
    pill.draw(AppState(CorrectionOffered("get hub", "GitHub")))
    pill.dismiss()
    assert engine.asked == []


def test_a_click_while_one_speaks_means_nothing(pill: PillWindow, qtbot, engine) -> None:
    pill.draw(AppState(Listening()))
    click(qtbot, pill, pill.rect().center())
    assert pill.isVisible()
    assert engine.asked == []


def test_pill_grows_with_words_up_to_its_width(pill: PillWindow) -> None:
    widths = []
    for count in (1, 8, 200):
        pill.draw(AppState(Listening(Transcript("word " * count))))
        widths.append(pill.grab().deviceIndependentSize().width())
    assert widths == sorted(set(widths))
    assert widths[-1] <= 560 + 2 * 16


def test_it_does_not_shrink_when_a_guess_is_taken_back(pill: PillWindow) -> None:
    pill.draw(AppState(Listening(Transcript("one two three four five six"))))
    wide = pill.width()
    pill.draw(AppState(Listening(Transcript("one"))))
    assert pill.width() == wide


def test_the_bars_follow_the_voice(pill: PillWindow) -> None:
    def drawn(level: float) -> bytes:
        for _ in range(3):
            pill.draw(AppState(Listening(level=level)))
        return bytes(pill.grab().toImage().constBits())

    assert len({drawn(level) for level in (0.0, 0.5, 1.0)}) == 3


def test_two_line_remedy_makes_pill_higher(pill: PillWindow) -> None:
    heights = []
    for times in (1, 4):
        advice = "Choose another one. " * times
        pill.draw(AppState(Failed(MicrophoneError("reported-message", title="No microphone.", advice=advice))))
        heights.append(pill.height())
    assert heights[0] < heights[1]


def test_a_new_dictation_begins_as_narrow_as_it_needs(pill: PillWindow) -> None:
    pill.draw(AppState(Listening()))
    narrow = pill.width()
    pill.draw(AppState(Listening(Transcript("one two three four five six seven"))))
    pill.draw(AppState(Done(Outcome.COPIED)))
    pill.draw(AppState(Listening()))
    assert pill.width() == narrow


def test_working_looks_unlike_listening(pill: PillWindow) -> None:
    pill.draw(AppState(Listening(Transcript("Hello"))))
    before = bytes(pill.grab().toImage().constBits())
    pill.draw(AppState(Transcribing(Transcript("Hello"))))
    assert bytes(pill.grab().toImage().constBits()) != before


def drag(qtbot, pill: PillWindow, way: QPoint, start: QPoint | None = None) -> None:
    at = start or QPoint(pill.width() // 2, pill.height() // 2)
    before = pill.pos()
    qtbot.mousePress(pill, Qt.MouseButton.LeftButton, pos=at)
    for share in (0.4, 1.0):
        there = before + at + QPoint(round(way.x() * share), round(way.y() * share))
        qtbot.mouseMove(pill, pos=there - pill.pos())
    qtbot.mouseRelease(pill, Qt.MouseButton.LeftButton, pos=before + at + way - pill.pos())


def body_middle(pill: PillWindow) -> QPoint:
    return pill.geometry().center()


def test_it_can_be_dragged_and_comes_there_again(pill: PillWindow, qtbot, engine, tmp_path) -> None:
    pill.draw(AppState(Listening()))
    before = body_middle(pill)
    drag(qtbot, pill, QPoint(-120, -200))
    there = body_middle(pill)
    assert (there - before - QPoint(-120, -200)).manhattanLength() <= 2
    assert engine.settings.look.pill_place == "dragged"
    pill.draw(AppState(Idle()))
    pill.draw(AppState(Listening()))
    assert (body_middle(pill) - there).manhattanLength() <= 2


def test_it_is_never_dragged_off_the_screen(pill: PillWindow, qtbot) -> None:
    pill.draw(AppState(Listening()))
    drag(qtbot, pill, QPoint(5_000, 5_000))
    room = pill.screen().availableGeometry()
    assert room.contains(pill.geometry().adjusted(16, 16, -16, -16))


def test_a_double_click_brings_it_back(pill: PillWindow, qtbot) -> None:
    pill.draw(AppState(Listening()))
    before = pill.geometry()
    drag(qtbot, pill, QPoint(-120, -200))
    assert pill.geometry() != before
    qtbot.mouseDClick(pill, Qt.MouseButton.LeftButton, pos=pill.rect().center())
    assert pill.geometry() == before


def test_what_is_dragged_is_not_put_away_nor_accepted(pill: PillWindow, qtbot, engine) -> None:
    pill.draw(
        AppState(
            Failed(RecognizerError("reported-message", title="The engine stopped.", advice="The recording is kept."))
        )
    )
    drag(qtbot, pill, QPoint(-60, -60), start=QPoint(pill.width() - 48, pill.height() // 2))
    assert pill.isVisible()
    assert "resume-last" not in engine.asked
    assert any(timer.isActive() for timer in pill.findChildren(QTimer))


def test_it_stands_at_the_top_if_that_is_chosen(pill: PillWindow) -> None:
    pill.draw(AppState(Listening()))
    pill.apply_look(LookSettings(pill_place="top"))
    top = pill.screen().availableGeometry().top()
    assert top <= pill.geometry().top() <= top + 24
    pill.apply_look(LookSettings())
    assert pill.geometry().top() > top + 100


def test_the_compact_one_is_as_wide_as_its_glyph_needs(pill: PillWindow) -> None:
    pill.apply_look(LookSettings(pill="compact"))
    pill.draw(AppState(Listening(Transcript("Hello there, this is longer"))))
    assert pill.width() <= 54 + 32
    pill.draw(AppState(Failed(MicrophoneError("microphone-not-found"))))
    assert pill.width() > 200


def test_switched_off_it_comes_for_a_failure_alone(pill: PillWindow) -> None:
    pill.apply_look(LookSettings(pill="off"))
    pill.draw(AppState(Listening()))
    assert not pill.isVisible()
    pill.draw(AppState(Failed(MicrophoneError("microphone-not-found"))))
    assert pill.isVisible()


def test_what_polish_changed_is_underlined(pill: PillWindow) -> None:
    heard = Transcript("see you at noon", stable_length=15)
    pictures = []
    for text in ("see you at noon", "see you at 12"):
        pill.draw(AppState(Transcribing(heard)))
        pill.draw(AppState(Polishing(text, raw_text=heard.text)))
        pictures.append(pill._text._content.changed_ranges)
    assert pictures == [(), ((11, 13),)]
