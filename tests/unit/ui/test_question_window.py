"""The window in which a program asks: no stray key allows anything, and its texts are no markup."""

from __future__ import annotations

import itertools
import threading
import time
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.app.status import AssistantQuestion
from desktop.ui import question_window
from desktop.ui.bridge import Bridge
from desktop.ui.main import _QtFrontend, open_question
from desktop.ui.question_window import QuestionWindow
from desktop.ui.widgets.label import PlainLabel

CONSENT = AssistantQuestion("<b>Helper</b>", "heron", 5)
QUESTION = AssistantQuestion("Helper", "When is it due?")


def opened(qtbot: QtBot, question: AssistantQuestion) -> tuple[QuestionWindow, list[bool]]:
    answers = list[bool]()
    window = QuestionWindow(question, answers.append, lambda: None)
    qtbot.addWidget(window)
    window.present()
    return window, answers


MOVES = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Backtab)
PRESSES = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Select, Qt.Key.Key_Escape)


def press(window: QuestionWindow, *keys: Qt.Key) -> None:
    """Press keys where the focus is, as long as the window is there."""
    for key in keys:
        if window.isVisible():
            QTest.keyClick(window.focusWidget() or window, key)


def active(qtbot: QtBot) -> tuple[QuestionWindow, Any, list[bool]]:
    window, answers = opened(qtbot, CONSENT)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert window.allow is not None
    return window, window.allow, answers


def end_delay(window: QuestionWindow) -> None:
    window._delay.stop()
    window._delay.timeout.emit()


@pytest.mark.parametrize("moves", [(), *((move,) for move in MOVES), *itertools.permutations(MOVES, 2)])
def test_no_stray_key_allows_anything(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, moves: tuple[Qt.Key, ...]) -> None:
    monkeypatch.setattr(question_window, "ALLOW_DELAY_MS", 0)
    for key in PRESSES:
        window, allow, answers = active(qtbot)
        qtbot.waitUntil(allow.isEnabled)
        press(window, *moves, key)
        assert True not in answers


def test_tab_and_space_allow_it_a_moment_after_the_window_has_got_the_focus(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question_window, "ALLOW_DELAY_MS", 60_000)
    window, allow, answers = active(qtbot)
    press(window, Qt.Key.Key_Tab)
    assert window.focusWidget() is window.decline
    end_delay(window)
    assert allow.isEnabled()
    QApplication.sendEvent(window, QEvent(QEvent.Type.ActivationChange))
    assert not allow.isEnabled()
    end_delay(window)
    press(window, Qt.Key.Key_Tab, Qt.Key.Key_Space)
    assert answers[0] is True


def test_click_on_the_button_that_gives_the_window_the_focus_allows_it(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question_window, "ALLOW_DELAY_MS", 60_000)
    window, allow, answers = active(qtbot)
    end_delay(window)
    allow.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    allow.entered_at = time.monotonic() + 60
    QApplication.sendEvent(window, QEvent(QEvent.Type.ActivationChange))
    QTest.mouseClick(allow, Qt.MouseButton.LeftButton)
    assert answers == []
    end_delay(window)
    allow.entered_at = 0.0
    QApplication.sendEvent(window, QEvent(QEvent.Type.ActivationChange))
    press(window, Qt.Key.Key_Tab)
    assert window.focusWidget() is window.decline
    QTest.mouseClick(allow, Qt.MouseButton.LeftButton)
    assert answers[0] is True


def test_tab_in_the_first_moment_and_space_later_is_a_no(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question_window, "ALLOW_DELAY_MS", 60_000)
    window, allow, answers = active(qtbot)
    end_delay(window)
    allow.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    QApplication.sendEvent(window, QEvent(QEvent.Type.ActivationChange))
    press(window, Qt.Key.Key_Tab)
    end_delay(window)
    press(window, Qt.Key.Key_Space)
    assert answers[0] is False


def test_it_is_allowed_by_its_button_after_a_moment_alone(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question_window, "ALLOW_DELAY_MS", 0)
    window, answers = opened(qtbot, CONSENT)
    assert window.allow is not None
    QTest.mouseClick(window.allow, Qt.MouseButton.LeftButton)
    assert answers == []
    qtbot.waitUntil(window.allow.isEnabled)
    QTest.mouseClick(window.allow, Qt.MouseButton.LeftButton)
    assert answers[0] is True
    assert not window.isVisible()


@pytest.mark.parametrize("question", [CONSENT, QUESTION])
def test_declined_or_closed_is_a_no(qtbot: QtBot, question: AssistantQuestion) -> None:
    for close in (lambda window: QTest.mouseClick(window.decline, Qt.MouseButton.LeftButton), QuestionWindow.close):
        window, answers = opened(qtbot, question)
        close(window)
        assert answers[0] is False


def test_it_says_who_asks_and_what_is_handed_over(qtbot: QtBot) -> None:
    window, _ = opened(qtbot, CONSENT)
    said = [label.text() for label in window.findChildren(PlainLabel)]
    assert said[0] == "<b>Helper</b> wants to read your dictations"
    assert said[1] == "With the words: heron"
    assert "5 at most are handed over" in said[2]
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in window.findChildren(PlainLabel))
    spoken, _ = opened(qtbot, QUESTION)
    assert spoken.allow is None
    assert [label.text() for label in spoken.findChildren(PlainLabel)][:2] == ["Helper asks:", "When is it due?"]
    assert spoken.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)


def test_engine_gets_the_answer_and_closes_what_it_no_longer_asks(qtbot: QtBot) -> None:
    nothing: Any = None
    drawn = threading.Event()
    frontend = _QtFrontend(Bridge(), nothing, nothing, open_question, nothing, nothing, nothing)

    def shown() -> list[QuestionWindow]:
        return [one for one in QApplication.topLevelWidgets() if isinstance(one, QuestionWindow) and one.isVisible()]

    with start_blocking_portal() as portal:
        answer = portal.start_task_soon(frontend.ask, CONSENT, lambda: None)
        qtbot.waitUntil(lambda: len(shown()) == 1)
        QTest.mouseClick(shown()[0].decline, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(answer.done)
        assert answer.result() is False
        unanswered = portal.start_task_soon(frontend.ask, QUESTION, drawn.set)
        qtbot.waitUntil(lambda: len(shown()) == 1)
        qtbot.waitUntil(drawn.is_set)
        unanswered.cancel()
        qtbot.waitUntil(lambda: not shown())
