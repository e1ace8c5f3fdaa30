"""Draw every surface for `pictures`: open it, bring it to a state worth showing, and grab it.

Qt and the app are imported where they are used: which checkout they come from is known only by then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from asked import acted

MORE = 60
"""Minimum pixels hidden below the end of a page for a second picture of it."""


def surfaces(folder: Path, language: str) -> Iterator[tuple[str, Any]]:
    """Yield every surface by its name."""
    chinese = language != "en"
    actions, fetching = acted(folder, chinese)
    yield "pill", pills(actions, chinese)
    yield from menus(actions)
    yield from histories(actions)
    yield from moods(actions)
    yield from preferences(actions, fetching)
    yield from first_runs(actions, chinese)
    yield from doctors(actions)


def pills(actions: Any, chinese: bool) -> Any:
    """Draw the pill in all its states, one below the other on a desktop."""
    from PySide6.QtCore import QPoint, QPointF
    from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPixmap

    from desktop.audio.trial_recording import SILENT
    from desktop.core.state import Done, Failed, Health, Learning, Listening, Polishing, Shown, Starting, Transcribing
    from desktop.core.types import Outcome, Target, Transcript
    from desktop.settings.schema import Look
    from desktop.ui.pill.window import Pill
    from desktop.ui.style import tokens

    said = "我们把会议改到明天下午三点，别忘了" if chinese else "Let's move the review to Friday at"
    rest = "带上电脑" if chinese else " three thirty"
    first = "我们把会议改到" if chinese else "Let's move the review to"
    written = said + rest + ("。" if chinese else ".")
    here = Target(app="slack")
    states = (
        Starting(here),
        Listening(Transcript(said + rest, len(first)), 0.7, target=here, style="casual", why="Slack"),
        Listening(Transcript(said + rest, len(said)), 0.5, target=here, left_s=12),
        Transcribing(Transcript(written, len(said))),
        Polishing(written),
        Done(Outcome.INSERTED, written),
        Done(Outcome.COPIED, written),
        Done(Outcome.CANCELLED),
        Failed(SILENT),
        Learning("get hub", "GitHub"),
        "compact",
    )
    health = Health(engine_loaded=True, engine_name="whisper", model="small", device="cpu")
    drawn = []
    for state in states:
        pill = Pill(actions)
        pill.choose(Look(pill="compact" if state == "compact" else "live"))
        if state == "compact":
            state = Listening(Transcript(said, len(said)), 0.6, target=here)
        if isinstance(state, Listening):
            for level in (0.35, 0.8, 0.55):
                pill.draw(Shown(replace(state, level=level), health))
        pill.draw(Shown(state, health))
        pill._meter.advance(420)
        settle()
        drawn.append(pill.grab())
        pill.close()
    scale = drawn[0].devicePixelRatio()
    size = drawn[0].deviceIndependentSize()
    wide, step = max(round(one.deviceIndependentSize().width()) for one in drawn) + 48, round(size.height()) - 14
    made = QPixmap(round(wide * scale), round((step * len(drawn) + 40) * scale))
    made.setDevicePixelRatio(scale)
    painter = QPainter(made)
    ground = QLinearGradient(QPointF(0, 0), QPointF(wide, step * len(drawn)))
    for at, colour in ((0, "#2B3A4E"), (1, "#4A3B4F")) if tokens.dark() else ((0, "#C9D6E2"), (1, "#E3D3CF")):
        ground.setColorAt(at, QColor(colour))
    painter.fillRect(0, 0, wide, made.height(), ground)
    for place, one in enumerate(drawn):
        painter.drawPixmap(QPoint((wide - round(one.deviceIndependentSize().width())) // 2, 14 + place * step), one)
    painter.end()
    return rounded(made)


def menus(actions: Any) -> Iterator[tuple[str, Any]]:
    """Draw the tray's menu."""
    from PySide6.QtCore import QPoint

    from desktop.core.state import Done, Health, Shown
    from desktop.core.types import Outcome
    from desktop.ui.tray import Tray

    tray = Tray(actions)
    health = Health(engine_loaded=True, engine_name="whisper", model="small", device="cpu")
    tray.draw(Shown(Done(Outcome.INSERTED, "x"), health))
    tray.menu.popup(QPoint(0, 0))
    settle()
    yield "tray", rounded(tray.menu.grab())
    tray.close()


def histories(actions: Any) -> Iterator[tuple[str, Any]]:
    """Draw the history: a dictation, and a search."""
    from desktop.ui.history.window import HistoryWindow

    window = HistoryWindow(actions)
    window.present()
    settle()
    window.list.setFocus()
    settle()
    window.detail.raw.setChecked(True)
    yield "history", taken(window)
    window.detail.raw.setChecked(False)
    window.search.setText("会议" if "会" in window.detail.text.toPlainText() else "review")
    settle(400)
    yield "history-search", taken(window)
    window.close()


def moods(actions: Any) -> Iterator[tuple[str, Any]]:
    """Draw the statistics."""
    from desktop.ui.statistics.window import MoodWindow

    window = MoodWindow(actions)
    window.present()
    for number, page in enumerate((0, 1, 4), 1):
        window.sections.setCurrentRow(page)
        yield f"mood-{number}", taken(window)
    window.close()


def preferences(actions: Any, fetching: Any) -> Iterator[tuple[str, Any]]:
    """Draw each section of the settings."""
    from desktop.app.fetches import Fetch
    from desktop.core.state import Health, Shown
    from desktop.ui.settings.models import Models
    from desktop.ui.settings.speech import Speech
    from desktop.ui.settings.window import SECTIONS, SettingsWindow

    window = SettingsWindow(actions)
    window.present()
    window.draw(Shown(health=Health(engine_loaded=True, engine_name="whisper", model="small", device="cpu")))
    fetching.move(Fetch("large-v3-turbo", 1_004_000_000, 1_620_000_000, 11_400_000))
    for section, page in zip(SECTIONS, window.pages, strict=True):
        name = type(page).__name__.lower()
        window.turn_to(section)  # type: ignore[arg-type]
        window._sections.setFocus()
        settle()
        if isinstance(page, Speech) and page._trial is not None:
            page._trial.give.click()
        if isinstance(page, Models):
            page.ensureWidgetVisible(page.cards["large-v3-turbo"], 0, 40)
        yield f"settings-{name}", taken(window)
        bar = page.verticalScrollBar()
        if bar.maximum() > MORE and not isinstance(page, Models) and name != "about":
            bar.setValue(bar.maximum())
            yield f"settings-{name}-end", taken(window)
    window.close()


def first_runs(actions: Any, chinese: bool) -> Iterator[tuple[str, Any]]:
    """Draw the onboarding pages."""
    from PySide6.QtGui import QTextCursor

    from desktop.core.state import Done, Health, Idle, Listening, Progress, Shown
    from desktop.core.types import Outcome
    from desktop.ui.onboarding.hotkey import Key
    from desktop.ui.onboarding.try_it import Trying
    from desktop.ui.onboarding.window import FirstRunWindow

    window = FirstRunWindow(actions, lambda: None)
    window.present()
    number = 0
    while window.isVisible():
        coming = Progress("Whisper large-v3-turbo", 402_000_000, 1_620_000_000)
        health = Health(engine_loaded=True, engine_name="whisper", model="base", device="cpu", progress=coming)
        state: Any = Listening(level=0.4) if isinstance(window.page, Key) else Idle()
        if isinstance(window.page, Trying):
            state = Done(Outcome.INSERTED)
            window.page.box.setPlainText(
                "今天是个好天气。" if chinese else "This is my first sentence, and I did not type it."
            )
            window.page.box.moveCursor(QTextCursor.MoveOperation.End)
        window.draw(Shown(state, health))
        number += 1
        yield f"first-run-{number}", taken(window)
        window.go_on()


def doctors(actions: Any) -> Iterator[tuple[str, Any]]:
    """Draw the doctor's window."""
    from desktop.ui.doctor_window import DoctorWindow

    window = DoctorWindow(actions)
    window.present()
    yield "doctor", taken(window)
    window.close()


def settle(ms: int = 60) -> None:
    """Let pending events arrive."""
    from PySide6.QtTest import QTest

    QTest.qWait(ms)


def taken(window: Any) -> Any:
    """Grab a window with the round corners that a desktop gives it."""
    settle()
    return rounded(window.grab())


def rounded(picture: Any) -> Any:
    """Return `picture` with round corners and a thin edge."""
    from PySide6.QtCore import QRectF, Qt
    from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

    from desktop.ui.style import tokens

    made = QImage(picture.size(), QImage.Format.Format_ARGB32_Premultiplied)
    made.setDevicePixelRatio(picture.devicePixelRatio())
    made.fill(Qt.GlobalColor.transparent)
    size = picture.deviceIndependentSize()
    edge = QPainterPath()
    edge.addRoundedRect(QRectF(0.5, 0.5, size.width() - 1, size.height() - 1), tokens.RADIUS, tokens.RADIUS)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(edge)
    painter.drawPixmap(0, 0, picture)
    painter.setClipping(False)
    painter.setPen(QPen(QColor(tokens.palette().line), 1))
    painter.drawPath(edge)
    painter.end()
    return made
