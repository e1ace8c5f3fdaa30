"""An ordered list in the settings."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from desktop.ui.bridge import ListOption
from desktop.ui.widgets.buttons import GlyphButton
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.ranking import RankedList


@pytest.fixture
def ranking(qtbot) -> RankedList:
    made = RankedList("the system's default")
    qtbot.addWidget(made)
    made.chosen.connect(made.set_value)
    made.set_options(
        [
            ListOption("", "System default"),
            ListOption("usb", "USB Audio"),
            ListOption("cam", "Webcam"),
            ListOption("bt", "BT"),
        ]
    )
    made.set_value("usb,cam")
    made.show()
    return made


def button(ranking: RankedList, name: str) -> GlyphButton:
    return next(
        one
        for one in ranking.findChildren(GlyphButton)
        if one.accessibleName() == name and not one.isHidden() and not one.parentWidget().isHidden()
    )


def test_what_is_wanted_first_can_be_moved_and_removed(ranking: RankedList) -> None:
    button(ranking, "Move Webcam up").click()
    assert ranking.values == ("cam", "usb")
    button(ranking, "Move Webcam down").click()
    assert ranking.values == ("usb", "cam")
    button(ranking, "Remove USB Audio").click()
    assert ranking.values == ("cam",)


def test_the_first_cannot_go_up_nor_the_last_down(ranking: RankedList) -> None:
    assert not button(ranking, "Move USB Audio up").isEnabled()
    assert not button(ranking, "Move Webcam down").isEnabled()


def test_only_what_is_not_there_yet_can_be_added(ranking: RankedList) -> None:
    adding = ranking.findChild(OptionPicker)
    offered = [adding.itemData(place) for place in range(adding.count())]
    assert offered == ["", "bt"]
    adding.setCurrentIndex(1)
    adding.activated.emit(1)
    assert ranking.values == ("usb", "cam", "bt")
    assert adding.isHidden()


def test_the_system_default_is_always_last(ranking: RankedList) -> None:
    seen = [label.text() for label in ranking.findChildren(QLabel) if label.isVisible()]
    assert seen == ["USB Audio", "Webcam", "then the system's default"]
    ranking.set_value("")
    assert [label.text() for label in ranking.findChildren(QLabel) if label.isVisible()] == ["the system's default"]


def test_the_keyboard_goes_along_with_what_it_moves(ranking: RankedList, qtbot) -> None:
    ranking.set_value("usb,cam,bt")
    button(ranking, "Move BT up").setFocus()
    button(ranking, "Move BT up").click()
    assert ranking.values == ("usb", "bt", "cam")
    focused = QApplication.focusWidget() or ranking.focusWidget()
    assert focused.accessibleName() == "Move BT up"


def test_what_is_ranked_has_names(ranking: RankedList) -> None:
    assert ranking.label_for("cam,gone") == "Webcam, gone"
    assert ranking.label_for("") == "the system's default"
