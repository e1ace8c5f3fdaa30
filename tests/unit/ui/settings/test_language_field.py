"""The languages of dictations are chosen, and the table of layouts is written line by line."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desktop.ui.settings.language_field import LanguageField, LayoutTable


@pytest.fixture
def field(qtbot) -> LanguageField:
    made = LanguageField()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def table(qtbot) -> LayoutTable:
    made = LayoutTable()
    qtbot.addWidget(made)
    made.show()
    return made


def pick(field: LanguageField, kind: str) -> None:
    place = field.picker.findData(kind)
    field.picker.setCurrentIndex(place)
    field.picker.activated.emit(place)


@pytest.mark.parametrize(
    ("value", "kind", "codes"),
    [
        ("auto", "auto", ""),
        ("layout", "layout", ""),
        ("en,layout,de", "layout", "en, de"),
        ("en,de", "codes", "en, de"),
    ],
)
def test_value_is_shown_as_a_choice_and_codes(field: LanguageField, value: str, kind: str, codes: str) -> None:
    field.set_value(value)
    assert (field.picker.currentData(), field.codes.text(), field.codes.isHidden()) == (kind, codes, kind == "auto")


@pytest.mark.parametrize(
    ("before", "kind", "chosen"),
    [
        ("auto", "layout", "layout"),
        ("en,de", "layout", "layout,en, de"),
        ("layout,en", "codes", "en"),
        ("layout,en", "auto", "auto"),
    ],
)
def test_choice_keeps_the_codes(field: LanguageField, qtbot, before: str, kind: str, chosen: str) -> None:
    field.set_value(before)
    with qtbot.waitSignal(field.chosen) as emitted:
        pick(field, kind)
    assert emitted.args == [chosen]


def test_codes_are_written_before_they_are_a_value(field: LanguageField, qtbot) -> None:
    values: list[str] = []
    field.chosen.connect(values.append)
    pick(field, "codes")
    assert (values, field.codes.isHidden()) == ([], False)
    field.codes.setText("de, en")
    qtbot.keyClick(field.codes, Qt.Key.Key_Return)
    assert values == ["de, en"]


def test_line_of_the_table_is_a_layout_and_its_languages(table: LayoutTable, qtbot) -> None:
    values: list[str] = []
    table.chosen.connect(values.append)
    table.chosen.connect(table.set_value)
    for name, languages in (("ch", "de, fr"), ("us", "auto")):
        line = next(line for line in reversed(table.lines) if not line.isHidden())
        line.layout_name.setText(name)
        qtbot.keyClick(line.layout_name, Qt.Key.Key_Return)
        table.set_value(values[-1] if values else "")
        line.languages.setText(languages)
        qtbot.keyClick(line.languages, Qt.Key.Key_Return)
    assert values == ["ch=de/fr", "ch=de/fr,us=auto"]
    assert [line.entry() for line in table.lines if not line.isHidden()] == ["ch=de/fr", "us=auto", ""]
    table.lines[0].remove.click()
    assert values[-1] == "us=auto"
    assert [line.entry() for line in table.lines if not line.isHidden()] == ["us=auto", ""]
