"""The pill as a window: when it comes and goes, and what a click does."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer, QVariantAnimation
from PySide6.QtWidgets import QApplication, QProxyStyle, QStyle

from desktop.ports import Outcome, Transcript
from desktop.problems import MicrophoneProblem, RecognizerProblem
from desktop.state import Done, Failed, Idle, Learning, Listening, Shown, Starting, Transcribing
from desktop.ui.face import FAILED_MS
from desktop.ui.pill import Pill


class Still(QProxyStyle):
    """The style of a person who wants no motion."""

    def styleHint(self, hint, *rest):  # noqa: N802
        return 0 if hint == QStyle.StyleHint.SH_Widget_Animation_Duration else super().styleHint(hint, *rest)


@pytest.fixture
def still(qapp: QApplication):
    before = qapp.style().name()
    qapp.setStyle(Still("Fusion"))
    yield
    qapp.setStyle(before)


@pytest.fixture
def pill(engine, qtbot, still) -> Pill:
    made = Pill(engine.with_repairs())
    qtbot.addWidget(made)
    return made


def running(pill: Pill) -> list[object]:
    timers = [timer for timer in pill.findChildren(QTimer) if timer.isActive()]
    return timers + [motion for motion in pill.findChildren(QVariantAnimation) if motion.state().value]


def click(qtbot, pill: Pill, place: QPoint) -> None:
    qtbot.mouseClick(pill, Qt.MouseButton.LeftButton, pos=place)


def test_it_comes_with_the_press_and_goes_with_the_end(pill: Pill) -> None:
    pill.draw(Shown(Starting()))
    assert pill.isVisible()
    pill.draw(Shown(Idle()))
    assert not pill.isVisible()


def test_hidden_it_runs_nothing(pill: Pill) -> None:
    pill.draw(Shown(Listening(level=1.0)))
    pill.draw(Shown(Failed(MicrophoneProblem("No microphone was found."))))
    pill.dismiss()
    assert running(pill) == []


def test_with_motion_it_ends_as_quietly(engine, qtbot) -> None:
    pill = Pill(engine.actions())
    qtbot.addWidget(pill)
    pill.draw(Shown(Listening(level=1.0)))
    assert running(pill)
    pill.draw(Shown(Idle()))
    qtbot.waitUntil(lambda: not pill.isVisible())
    assert running(pill) == []


def test_without_motion_nothing_moves_while_one_speaks(pill: Pill) -> None:
    pill.draw(Shown(Listening(level=1.0)))
    assert running(pill) == []


def test_what_was_inserted_goes_by_itself(pill: Pill, qtbot) -> None:
    pill.draw(Shown(Done(Outcome.INSERTED, "Hello.")))
    assert pill.isVisible()
    qtbot.waitUntil(lambda: not pill.isVisible())


def test_what_has_gone_stays_away_until_something_else_happens(pill: Pill) -> None:
    failed = Failed(MicrophoneProblem("No microphone was found."))
    pill.draw(Shown(failed))
    pill.dismiss()
    pill.draw(Shown(failed))
    assert not pill.isVisible()
    pill.draw(Shown(Starting()))
    assert pill.isVisible()


def test_a_failure_goes_with_a_click(pill: Pill, qtbot, engine) -> None:
    pill.draw(Shown(Failed(MicrophoneProblem("No microphone was found."))))
    click(qtbot, pill, pill.rect().center())
    assert not pill.isVisible()
    assert engine.asked == []


def test_a_failure_goes_by_itself_at_last(pill: Pill) -> None:
    pill.draw(Shown(Failed(MicrophoneProblem("No microphone was found."))))
    assert [timer.interval() for timer in running(pill)] == [FAILED_MS]


@pytest.mark.parametrize(
    ("state", "asked"),
    [
        (Done(Outcome.CANCELLED), "undo_cancel"),
        (Failed(RecognizerProblem("The engine stopped.")), "retry"),
        (Learning("get hub", "GitHub"), "learn"),
    ],
)
def test_what_is_offered_is_done_by_a_click_on_it(pill: Pill, qtbot, engine, state, asked: str) -> None:
    pill.draw(Shown(state))
    pill.grab()
    click(qtbot, pill, QPoint(pill.width() - 48, pill.height() // 2))
    assert engine.asked == [asked]
    assert not pill.isVisible()


def test_a_click_while_one_speaks_means_nothing(pill: Pill, qtbot, engine) -> None:
    pill.draw(Shown(Listening()))
    click(qtbot, pill, pill.rect().center())
    assert pill.isVisible()
    assert engine.asked == []


def test_it_grows_with_the_words_and_never_beyond_its_width(pill: Pill) -> None:
    widths = []
    for count in (1, 8, 200):
        pill.draw(Shown(Listening(Transcript("word " * count))))
        widths.append(pill.grab().deviceIndependentSize().width())
    assert widths == sorted(set(widths))
    assert widths[-1] <= 560 + 2 * 16


def test_it_does_not_shrink_when_a_guess_is_taken_back(pill: Pill) -> None:
    pill.draw(Shown(Listening(Transcript("one two three four five six"))))
    wide = pill.width()
    pill.draw(Shown(Listening(Transcript("one"))))
    assert pill.width() == wide


def test_the_bars_follow_the_voice(pill: Pill) -> None:
    def drawn(level: float) -> bytes:
        for _ in range(3):
            pill.draw(Shown(Listening(level=level)))
        return bytes(pill.grab().toImage().constBits())

    assert len({drawn(level) for level in (0.0, 0.5, 1.0)}) == 3


def test_a_remedy_that_needs_a_second_line_makes_it_higher(pill: Pill) -> None:
    heights = []
    for times in (1, 4):
        pill.draw(Shown(Failed(MicrophoneProblem("No microphone was found.", "Choose another one. " * times))))
        heights.append(pill.height())
    assert heights[0] < heights[1]


def test_a_new_dictation_begins_as_narrow_as_it_needs(pill: Pill) -> None:
    pill.draw(Shown(Listening()))
    narrow = pill.width()
    pill.draw(Shown(Listening(Transcript("one two three four five six seven"))))
    pill.draw(Shown(Done(Outcome.COPIED)))
    pill.draw(Shown(Listening()))
    assert pill.width() == narrow


def test_working_looks_unlike_listening(pill: Pill) -> None:
    pill.draw(Shown(Listening(Transcript("Hello"))))
    before = bytes(pill.grab().toImage().constBits())
    pill.draw(Shown(Transcribing(Transcript("Hello"))))
    assert bytes(pill.grab().toImage().constBits()) != before
