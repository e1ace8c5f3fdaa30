"""The doctor window: findings as they arrive, their remedies, and a report that can be shared.

Problems come first; otherwise the doctor's order is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence, QPainter, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.core.errors import UserError
from desktop.core.messages import render_command
from desktop.doctor.checks import CHECKS, Finding
from desktop.ui.controllers.services import ServicesController
from desktop.ui.i18n import message_text, remedy_text, title_text
from desktop.ui.style import glyphs, icons, tokens
from desktop.ui.widgets.command_button import CommandButton
from desktop.ui.widgets.form import with_object_name
from desktop.ui.widgets.label import PlainLabel, announce
from desktop.ui.widgets.notice import NoticeBar
from desktop.ui.window_system import bring_to_front

if TYPE_CHECKING:  # imports the clients of the services
    from desktop.doctor.network.run import NetworkReport

translate = QCoreApplication.translate


class FindingRow(QFrame):
    """One finding: a sign, name and sentence, and its remedy with a button to copy the command."""

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.finding = finding
        palette = tokens.current_palette()
        draw: Callable[[QPainter, QRectF, QColor], None] = glyphs.tick
        colour, state = palette.good, self.tr("Works")
        if not finding.ok and finding.essential:
            draw, colour, state = glyphs.alert, palette.bad, self.tr("In the way of dictation")
        elif not finding.ok:
            draw, colour, state = glyphs.ring, palette.warn, self.tr("Missing")
        sign = PlainLabel()
        sign.setPixmap(icons.create_pixmap(draw, colour, tokens.SECTION_GLYPH))
        sign.setAccessibleName(state)
        detail_text = title_text(finding.message)
        name, detail = PlainLabel(check_title(finding.name)), PlainLabel(detail_text, wraps=True)
        detail.setProperty("role", "quiet")
        detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(name)
        text.addWidget(detail)
        self.copy: QPushButton | None = None
        if remedy := remedy_text(finding.message):
            text.addLayout(self._create_remedy(remedy, render_command(finding.message)))
        line = QHBoxLayout(self)
        line.setContentsMargins(tokens.WIDE, tokens.GAP, tokens.WIDE, tokens.GAP)
        line.setSpacing(tokens.PAD)
        line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(text, 1)
        self.setAccessibleName(f"{name.text()}: {state}. {detail_text}")

    def _create_remedy(self, remedy: str, command: str) -> QHBoxLayout:
        label = PlainLabel(remedy, wraps=True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        line = QHBoxLayout()
        line.setSpacing(tokens.PAD)
        line.addWidget(label, 1)
        if command:
            name = self.tr("Copy the command: {0}").format(command)
            self.copy = CommandButton(command, self.tr("Copy"), name)
            line.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        return line


class DoctorWindow(QWidget):
    """The window. `present` brings it to the front and runs all checks."""

    def __init__(self, services: ServicesController) -> None:
        super().__init__()
        self._services = services
        self._is_checking = False
        self.findings: list[Finding] = []
        self.setWindowTitle(self.tr("What works here"))
        self.setWindowIcon(icons.create_app_icon())
        self.resize(tokens.fit_to_screen(tokens.DOCTOR_SIZE))
        self.headline = PlainLabel(wraps=True)
        self.headline.setFont(tokens.font(tokens.TITLE_PX, heading=True))
        self.rerun = QPushButton(self.tr("Look again"))
        self.network = QPushButton(self.tr("Measure the network"))
        self.report = QPushButton(self.tr("Copy a report"))
        self.rerun.clicked.connect(self.run_checks)
        self.network.clicked.connect(self._measure)
        self.report.clicked.connect(self._report)
        self.measured = PlainLabel(wraps=True)
        self.measured.hide()
        self.measured.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.measured.setFont(tokens.fixed_font())
        self.notice = NoticeBar()
        self._rows = with_object_name(QFrame(), "card")
        self._list = QVBoxLayout(self._rows)
        self._list.setContentsMargins(0, tokens.UNIT, 0, tokens.UNIT)
        self._list.setSpacing(0)
        page = with_object_name(QWidget(), "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, tokens.WIDE, 0)
        column.setSpacing(tokens.WIDE)
        column.addWidget(self.measured)
        column.addWidget(self._rows)
        column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        with_object_name(area, "reading")  # few focusable widgets: the arrow keys scroll it
        area.setAccessibleName(self.tr("What works here"))
        area.setWidget(page)
        buttons = QHBoxLayout()
        buttons.setSpacing(tokens.GAP)
        for button in (self.rerun, self.network, self.report):
            button.setAccessibleName(button.text())
            buttons.addWidget(button)
        buttons.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(tokens.VAST, tokens.VAST, tokens.UNIT, tokens.WIDE)
        whole.setSpacing(tokens.WIDE)
        whole.addWidget(self.headline)
        whole.addLayout(buttons)
        whole.addWidget(area, 1)
        whole.addWidget(self.notice)
        for keys in (QKeySequence(Qt.Key.Key_Escape), QKeySequence(QKeySequence.StandardKey.Close)):
            QShortcut(keys, self, self.close)
        self._update_headline()

    def present(self) -> None:
        """Bring the window to the front."""
        bring_to_front(self)

    def showEvent(self, event: QShowEvent) -> None:
        """Run all checks."""
        super().showEvent(event)
        self.run_checks()

    def run_checks(self) -> None:
        """Run all checks."""
        if self._is_checking:
            return
        self._is_checking = True
        self.rerun.setEnabled(False)
        self.report.setEnabled(False)
        self.findings = []
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self._update_headline()
        self._services.run_checks(self._add_finding, self._on_finished)

    def _add_finding(self, finding: Finding) -> None:
        self.findings.append(finding)
        self._list.insertWidget(self._find_position(finding), FindingRow(finding))
        self._update_headline()

    def _find_position(self, finding: Finding) -> int:
        """Return the position before the first less urgent finding."""
        return sum(_urgency(other) <= _urgency(finding) for other in self.findings[:-1])

    def _on_finished(self, problem: UserError | None) -> None:
        self._is_checking = False
        self.rerun.setEnabled(True)
        self.report.setEnabled(True)
        self._update_headline()
        announce(self, self.headline.text())
        if problem is not None:
            self.notice.show_message(message_text(problem))

    def _update_headline(self) -> None:
        bad = sum(not finding.ok and finding.essential for finding in self.findings)
        if self._is_checking:
            headline = self.tr("Looking: {0} of {1}").format(len(self.findings), len(CHECKS))
        elif not self.findings:
            headline = self.tr("Nothing was looked at yet.")
        elif bad:
            several = self.tr("{0} things are in the way.").format(bad)
            headline = self.tr("One thing is in the way.") if bad == 1 else several
        else:
            headline = self.tr("Everything that a dictation needs is here.")
        self.headline.setText(headline)

    def _measure(self) -> None:
        self.network.setEnabled(False)
        self.measured.show()
        self.measured.setText(self.tr("Measuring. This takes some seconds."))

        def on_result(result: NetworkReport | UserError) -> None:
            self.network.setEnabled(True)
            text = message_text(result) if isinstance(result, UserError) else result.text(message_text)
            self.measured.setText(text)

        self._services.measure_network(on_result)

    def _report(self) -> None:
        def on_result(result: str | UserError) -> None:
            if isinstance(result, UserError):
                self.notice.show_message(message_text(result))
                return
            QGuiApplication.clipboard().setText(result)
            self.notice.show_message(
                self.tr("The report is copied. It has none of your words, keys or hosts; see for yourself.")
            )

        self._services.write_report(self.findings, on_result)


def _urgency(finding: Finding) -> int:
    return 2 if finding.ok else 0 if finding.essential else 1


def check_title(name: str) -> str:
    """Return a check's display name; an unknown check keeps the command line's name."""
    titles = {
        "python": "Python",
        "c++ runtime": translate("doctor", "C++ libraries"),
        "qt libraries": translate("doctor", "Qt libraries"),
        "display": translate("doctor", "Display"),
        "hotkey": translate("doctor", "Hotkey"),
        "host keys": translate("doctor", "Host keys"),
        "paste": translate("doctor", "Paste"),
        "clipboard history": translate("doctor", "Clipboard history"),
        "input method": translate("doctor", "Input method"),
        "accessibility": translate("doctor", "Accessibility"),
        "portaudio": "PortAudio",
        "alsa pulse plugin": translate("doctor", "ALSA's pulse plugin"),
        "sound server": translate("doctor", "Sound server"),
        "microphone access": translate("doctor", "Access to the microphone"),
        "microphone": translate("doctor", "Microphone"),
        "calls": translate("doctor", "Calls"),
        "layout": translate("doctor", "Keyboard layout"),
        "settings": translate("doctor", "Settings"),
        "model": translate("doctor", "Model"),
        "model choice": translate("doctor", "Choice of model"),
        "language model": translate("doctor", "Language model"),
        "vocabulary": translate("doctor", "Vocabulary"),
        "graphics card": translate("doctor", "Graphics card"),
        "tray": translate("doctor", "Tray"),
        "autostart": translate("doctor", "Start with Windows"),
        "own files": translate("doctor", "Own files"),
        "private files": translate("doctor", "Private files"),
        "long paths": translate("doctor", "Long paths"),
        "encryption": translate("doctor", "Encryption"),
        "disk": translate("doctor", "Disk"),
        "app": translate("doctor", "App"),
    }
    return titles.get(name, name[:1].upper() + name[1:])
