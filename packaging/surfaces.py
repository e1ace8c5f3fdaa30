"""Draw every surface for `pictures`: open it, bring it to a state worth showing, and grab it.

Qt and the app are imported where they are used: which checkout they come from is known only by then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from picture_app import create_app

MIN_HIDDEN_PX = 60
"""Minimum pixels hidden below the end of a page for a second picture of it."""


def draw_surfaces(folder: Path, language: str) -> Iterator[tuple[str, Any]]:
    """Yield every surface by its name."""
    chinese = language != "en"
    app, fetching = create_app(folder, chinese)
    yield "pill", draw_pill(app, chinese)
    yield from draw_menu(app)
    yield from draw_history(app)
    yield from draw_statistics(app)
    yield from draw_settings(app, fetching)
    yield from draw_onboarding(app, chinese)
    yield from draw_doctor(app)


def draw_pill(app: Any, chinese: bool) -> Any:
    """Draw the pill in all its states, one below the other on a desktop."""
    from PySide6.QtCore import QPoint, QPointF
    from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPixmap

    from desktop.audio.soundcheck import SILENT_MICROPHONE
    from desktop.core.state import (
        AppState,
        CorrectionOffered,
        Done,
        Failed,
        Health,
        Listening,
        Polishing,
        Starting,
        Transcribing,
    )
    from desktop.core.types import Outcome, Target, Transcript
    from desktop.settings.schema import LookSettings
    from desktop.ui.pill.window import PillWindow
    from desktop.ui.style import tokens

    said = "我们把会议改到明天下午三点，别忘了" if chinese else "Let's move the review to Friday at"
    rest = "带上电脑" if chinese else " three thirty"
    first = "我们把会议改到" if chinese else "Let's move the review to"
    written = said + rest + ("。" if chinese else ".")
    here = Target(app="slack")
    states = (
        Starting(here),
        Listening(Transcript(said + rest, len(first)), 0.7, target=here, style="casual", style_reason="Slack"),
        Listening(Transcript(said + rest, len(said)), 0.5, target=here, remaining_s=12),
        Transcribing(Transcript(written, len(said))),
        Polishing(written),
        Done(Outcome.INSERTED, written),
        Done(Outcome.COPIED, written),
        Done(Outcome.CANCELLED),
        Failed(SILENT_MICROPHONE),
        CorrectionOffered("get hub", "GitHub"),
        "compact",
    )
    health = Health(engine_loaded=True, engine_name="whisper", model="small", device="cpu")
    pictures = []
    for state in states:
        pill = PillWindow(app)
        pill.apply_look(LookSettings(pill="compact" if state == "compact" else "live"))
        if state == "compact":
            state = Listening(Transcript(said, len(said)), 0.6, target=here)
        if isinstance(state, Listening):
            for level in (0.35, 0.8, 0.55):
                pill.draw(AppState(replace(state, level=level), health))
        pill.draw(AppState(state, health))
        pill._glyph.advance(420)
        wait()
        pictures.append(pill.grab())
        pill.close()
    scale = pictures[0].devicePixelRatio()
    size = pictures[0].deviceIndependentSize()
    wide, step = (
        max(round(picture.deviceIndependentSize().width()) for picture in pictures) + 48,
        round(size.height()) - 14,
    )
    sheet = QPixmap(round(wide * scale), round((step * len(pictures) + 40) * scale))
    sheet.setDevicePixelRatio(scale)
    painter = QPainter(sheet)
    ground = QLinearGradient(QPointF(0, 0), QPointF(wide, step * len(pictures)))
    for at, colour in ((0, "#2B3A4E"), (1, "#4A3B4F")) if tokens.is_dark() else ((0, "#C9D6E2"), (1, "#E3D3CF")):
        ground.setColorAt(at, QColor(colour))
    painter.fillRect(0, 0, wide, sheet.height(), ground)
    for place, picture in enumerate(pictures):
        painter.drawPixmap(
            QPoint((wide - round(picture.deviceIndependentSize().width())) // 2, 14 + place * step), picture
        )
    painter.end()
    return round_corners(sheet)


def draw_menu(app: Any) -> Iterator[tuple[str, Any]]:
    """Draw the tray's menu."""
    from PySide6.QtCore import QPoint

    from desktop.core.state import AppState, Done, Health
    from desktop.core.types import Outcome
    from desktop.ui.tray import TrayIcon

    tray = TrayIcon(app)
    health = Health(engine_loaded=True, engine_name="whisper", model="small", device="cpu")
    tray.draw(AppState(Done(Outcome.INSERTED, "x"), health))
    tray.menu.popup(QPoint(0, 0))
    wait()
    yield "tray", round_corners(tray.menu.grab())
    tray.close()


def draw_history(app: Any) -> Iterator[tuple[str, Any]]:
    """Draw the history: a dictation, and a search."""
    from desktop.ui.history.window import HistoryWindow

    window = HistoryWindow(app)
    window.present()
    wait()
    window.list.setFocus()
    wait()
    window.detail.raw.setChecked(True)
    yield "history", grab(window)
    window.detail.raw.setChecked(False)
    window.search.setText("会议" if "会" in window.detail.text.toPlainText() else "review")
    wait(400)
    yield "history-search", grab(window)
    window.close()


def draw_statistics(app: Any) -> Iterator[tuple[str, Any]]:
    """Draw the statistics."""
    from desktop.ui.statistics.window import StatisticsWindow

    window = StatisticsWindow(app)
    window.present()
    for number, page in enumerate((0, 1, 4), 1):
        window.sections.setCurrentRow(page)
        yield f"mood-{number}", grab(window)
    window.close()


def draw_settings(app: Any, fetching: Any) -> Iterator[tuple[str, Any]]:
    """Draw each section of the settings."""
    from desktop.app.model_downloads import ModelDownload
    from desktop.core.messages import Message
    from desktop.core.state import AppState, Health
    from desktop.ui.settings.models import ModelsPage
    from desktop.ui.settings.speech import SpeechPage
    from desktop.ui.settings.window import PAGE_TYPES, SettingsWindow

    window = SettingsWindow(app)
    window.present()
    reason = Message("auto-one-language", name="Whisper small")
    health = Health(engine_loaded=True, engine_name="whisper", model="small", device="cpu", model_reason=reason)
    window.draw(AppState(health=health))
    fetching.move(ModelDownload("large-v3-turbo", 1_004_000_000, 1_620_000_000, 11_400_000))
    for section, page in zip(PAGE_TYPES, window.pages, strict=True):
        name = type(page).__name__.removesuffix("Page").lower()
        window.show_page(section)  # type: ignore[arg-type]
        window._page_list.setFocus()
        wait()
        if isinstance(page, SpeechPage):
            page._trial_row.recording_button.click()
        if isinstance(page, ModelsPage):
            page.ensureWidgetVisible(page.cards["large-v3-turbo"], 0, 40)
        yield f"settings-{name}", grab(window)
        bar = page.verticalScrollBar()
        if isinstance(page, ModelsPage):
            page.ensureWidgetVisible(page.cards["parakeet-v3"], 0, 40)
            yield "settings-models-unproved", grab(window)
            bar.setValue(0)
            yield "settings-models-offer", grab(window)
        if bar.maximum() > MIN_HIDDEN_PX and not isinstance(page, ModelsPage) and name != "about":
            bar.setValue(bar.maximum())
            yield f"settings-{name}-end", grab(window)
    window.close()


def draw_onboarding(app: Any, chinese: bool) -> Iterator[tuple[str, Any]]:
    """Draw the onboarding pages."""
    from PySide6.QtGui import QTextCursor

    from desktop.core.state import AppState, Done, DownloadStatus, Health, Idle, Listening
    from desktop.core.types import Outcome
    from desktop.ui.onboarding.hotkey import HotkeyStep
    from desktop.ui.onboarding.try_it import TryItStep
    from desktop.ui.onboarding.window import OnboardingWindow

    window = OnboardingWindow(app, lambda: None)
    window.present()
    number = 0
    while window.isVisible():
        coming = DownloadStatus("Whisper large-v3-turbo", 402_000_000, 1_620_000_000)
        health = Health(engine_loaded=True, engine_name="whisper", model="base", device="cpu", progress=coming)
        state: Any = Listening(level=0.4) if isinstance(window.current_step, HotkeyStep) else Idle()
        if isinstance(window.current_step, TryItStep):
            state = Done(Outcome.INSERTED)
            window.current_step.text_box.setPlainText(
                "今天是个好天气。" if chinese else "This is my first sentence, and I did not type it."
            )
            window.current_step.text_box.moveCursor(QTextCursor.MoveOperation.End)
        window.draw(AppState(state, health))
        number += 1
        yield f"first-run-{number}", grab(window)
        window.go_forward()


def draw_doctor(app: Any) -> Iterator[tuple[str, Any]]:
    """Draw the doctor's window."""
    from desktop.ui.doctor_window import DoctorWindow

    window = DoctorWindow(app.services)
    window.present()
    yield "doctor", grab(window)
    window.close()


def wait(ms: int = 60) -> None:
    """Let pending events arrive."""
    from PySide6.QtTest import QTest

    QTest.qWait(ms)


def grab(window: Any) -> Any:
    """Grab a window with the round corners that a desktop gives it."""
    wait()
    return round_corners(window.grab())


def round_corners(picture: Any) -> Any:
    """Return `picture` with round corners and a thin edge."""
    from PySide6.QtCore import QRectF, Qt
    from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

    from desktop.ui.style import tokens

    rounded = QImage(picture.size(), QImage.Format.Format_ARGB32_Premultiplied)
    rounded.setDevicePixelRatio(picture.devicePixelRatio())
    rounded.fill(Qt.GlobalColor.transparent)
    size = picture.deviceIndependentSize()
    edge = QPainterPath()
    edge.addRoundedRect(QRectF(0.5, 0.5, size.width() - 1, size.height() - 1), tokens.RADIUS, tokens.RADIUS)
    painter = QPainter(rounded)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(edge)
    painter.drawPixmap(0, 0, picture)
    painter.setClipping(False)
    painter.setPen(QPen(QColor(tokens.current_palette().line), 1))
    painter.drawPath(edge)
    painter.end()
    return rounded
