"""What others wrote is read as they wrote it: no label and no tooltip takes it for markup, which may name any file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import override

import pytest
from PySide6.QtCore import QMimeData, QObject
from PySide6.QtCore import Qt as Core
from PySide6.QtGui import QAccessible, QFontMetricsF, QGuiApplication, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

import desktop.ui
from desktop.app.trials import EngineTrial
from desktop.core.errors import UserError
from desktop.core.messages import Message
from desktop.doctor.checks import Finding
from desktop.ui.bridge import ListOption
from desktop.ui.doctor_window import FindingRow
from desktop.ui.history.window import HistoryWindow
from desktop.ui.pill.window import PillWindow
from desktop.ui.settings.engine_trial import EngineTrialRow
from desktop.ui.settings.window import SettingsWindow
from desktop.ui.settings.words_table import WRITTEN_COLUMN, WordTableModel
from desktop.ui.statistics.window import StatisticsWindow
from desktop.ui.widgets.form import HighlightLabel, SettingRow
from desktop.ui.widgets.label import JOINER, PlainLabel, escape_markup, set_tool_tip
from desktop.ui.widgets.notice import NoticeBar
from desktop.ui.widgets.ranking import RankedList
from tests.unit.ui.conftest import said
from tests.unit.ui.test_focus_visible import doctor, pages
from tests.unit.ui.test_unseen import first_run

PICTURE = "<img src='/dev/null'> <b>and</b> more"

HERE = Path(desktop.ui.__file__).parent

GUESSING = re.compile(
    r"QLabel\(|\(QLabel|\.setToolTip\(|toolTip=|QToolTip\.|\.set(Html|WhatsThis|StatusTip)\(|\.(insert|append)Html\("
    r"|QMessageBox|QErrorMessage|QInputDialog|QProgressDialog|QStaticText|QFormLayout"
)
"""What guesses whether a text is markup, takes it for that, or makes a label of its own."""


class Answering:
    """The services: a trial has `found` at once."""

    def __init__(self, found: EngineTrial | UserError) -> None:
        self._found = found

    def try_engine(
        self, spoken: bool, heard: Callable[[], None], then: Callable[[EngineTrial | UserError], None]
    ) -> None:
        then(self._found)


def read(widget: QWidget) -> list[str]:
    """What is read in its labels: of markup, what it comes to."""
    labels = [widget] if isinstance(widget, QLabel) else widget.findChildren(QLabel)
    return [QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name) for one in labels]


def test_a_label_of_qt_would_not_read_it_so(qtbot) -> None:
    guessing = QLabel("<b>and</b> more")
    qtbot.addWidget(guessing)
    assert read(guessing) == ["and more"]


def test_a_label_shows_a_text_as_it_is(qtbot) -> None:
    label = PlainLabel(PICTURE)
    qtbot.addWidget(label)
    assert read(label) == [PICTURE]
    assert label.sizeHint().width() >= label.fontMetrics().horizontalAdvance(PICTURE)
    label.setText("<!DOCTYPE html>")
    label.setTextInteractionFlags(Core.TextInteractionFlag.TextSelectableByMouse)
    assert read(label) == ["<!DOCTYPE html>"]


@pytest.mark.parametrize(
    "text", [PICTURE, "  <b>x</b>", "<?xml version='1.0'?><b>x", "<!doctype html>", "a &lt; b", "<p/>", "<br\n>"]
)
def test_a_tooltip_reads_as_it_is(qtbot, text: str) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    set_tool_tip(button, text)
    assert Qt.mightBeRichText(text)
    assert not Qt.mightBeRichText(button.toolTip())
    assert button.toolTip().replace(JOINER, "") == text
    metrics = QFontMetricsF(button.font())
    assert metrics.horizontalAdvance(button.toolTip()) == metrics.horizontalAdvance(text)


def test_a_usual_tooltip_is_not_touched() -> None:
    assert escape_markup("Research & more: 3 > 2 (Ctrl+T)") == "Research & more: 3 > 2 (Ctrl+T)"


def test_a_notice_says_a_service_s_words(qtbot) -> None:
    notice = NoticeBar()
    qtbot.addWidget(notice)
    notice.show_message(PICTURE)
    assert read(notice) == [PICTURE]


def test_a_trial_shows_what_was_heard(qtbot) -> None:
    row = EngineTrialRow(Answering(EngineTrial(PICTURE, "en", 3.4, 412.3, "openai", "<b>gpt</b>")))
    qtbot.addWidget(row)
    row.record_button.click()
    assert PICTURE in read(row)
    assert any("<b>gpt</b>" in text for text in read(row))


def test_a_trial_says_what_a_service_answered(qtbot) -> None:
    row = EngineTrialRow(Answering(UserError("reported-message", title=PICTURE, advice="")))
    qtbot.addWidget(row)
    row.recording_button.click()
    assert PICTURE in read(row)


def test_the_doctor_says_what_was_found(qtbot) -> None:
    found = Message("speech-model-unloadable", name="<b>x</b>", reason=PICTURE)
    row = FindingRow(Finding("model", False, found, True))
    qtbot.addWidget(row)
    assert f"The model <b>x</b> cannot be loaded: {PICTURE}." in read(row)
    assert row.copy is not None
    assert not Qt.mightBeRichText(row.copy.toolTip())


def test_app_name_markup_shown_verbatim(engine, qtbot) -> None:
    engine.kept.keep([said("fine", app="<b>kate</b>")])
    window = HistoryWindow(engine.app())
    qtbot.addWidget(window)
    window.present()
    assert any("<b>kate</b>" in text for text in read(window.detail))


def test_paste_into_correction_is_plain_text(engine, qtbot) -> None:
    engine.kept.keep([said("fine")])
    window = HistoryWindow(engine.app())
    qtbot.addWidget(window)
    window.present()
    window.detail.start_editing()
    copied = QMimeData()
    copied.setHtml(PICTURE)
    copied.setText("and more")
    QGuiApplication.clipboard().setMimeData(copied)
    window.detail.text.selectAll()
    window.detail.text.paste()
    QGuiApplication.clipboard().clear()  # what Python made may not outlive it
    assert window.detail.text.toPlainText() == "and more"


def test_snippet_tooltip_shown_verbatim() -> None:
    owner = QObject()
    model = WordTableModel("snippets", owner)
    model.show_entries({"<b>mine</b>": f"{PICTURE}\nand a second line"})
    shown = model.index(0, WRITTEN_COLUMN).data(Core.ItemDataRole.ToolTipRole)
    assert shown.replace(JOINER, "") == f"{PICTURE}\nand a second line"
    assert not Qt.mightBeRichText(shown)


def test_a_microphone_has_the_name_it_gives_itself(qtbot) -> None:
    ranking = RankedList("")
    qtbot.addWidget(ranking)
    ranking.set_options([ListOption("", "System default"), ListOption("usb", PICTURE)])
    ranking.set_value("usb")
    assert PICTURE in read(ranking)


def test_search_marks_only_searched_words(qtbot) -> None:
    row = SettingRow("Name", PICTURE)
    qtbot.addWidget(row)
    row.highlight(["more"])
    assert row.sentence.textFormat() == Core.TextFormat.RichText
    assert PICTURE in read(row)
    row.highlight([])
    assert PICTURE in read(row)


class Turned(HighlightLabel):
    """Notes what stands in it when it is turned to markup, for that is read as such."""

    @override
    def setTextFormat(self, format: Core.TextFormat) -> None:
        self.turned = self.text() if format is Core.TextFormat.RichText else None
        super().setTextFormat(format)


def test_text_set_before_marking_is_not_markup(qtbot) -> None:
    label = Turned(PICTURE)
    qtbot.addWidget(label)
    label.highlight(["more"])
    assert label.turned == ""


@pytest.mark.parametrize("make", [PillWindow, SettingsWindow, HistoryWindow, StatisticsWindow, doctor, first_run])
def test_no_window_guesses(make: Callable[..., QWidget], engine, qtbot) -> None:
    engine.kept.keep([said(PICTURE, app=PICTURE, language=PICTURE, engine=PICTURE)])
    window = make(engine.app())
    qtbot.addWidget(window)
    window.show()
    wrong = []
    for page in pages(window):
        QApplication.processEvents()
        for one in window.findChildren(QWidget):
            if Qt.mightBeRichText(one.toolTip()):
                wrong.append(f"{type(page).__name__}: the tooltip {one.toolTip()!r}")
            plain = Core.TextFormat.PlainText
            if isinstance(one, QLabel) and one.textFormat() != plain and not isinstance(one, HighlightLabel):
                wrong.append(f"{type(page).__name__}: the label {one.text()!r}")
    assert wrong == []


def test_labels_and_tooltips_are_made_in_one_place() -> None:
    own = HERE / "widgets/label.py"
    others = {file: file.read_text(encoding="utf-8") for file in HERE.rglob("*.py") if file != own}
    assert GUESSING.search(own.read_text(encoding="utf-8"))
    assert {
        str(file.relative_to(HERE)): found[0] for file, text in others.items() if (found := GUESSING.search(text))
    } == {}
