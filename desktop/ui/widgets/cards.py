"""Cards: frames of rows or other widgets below each other, with separators between them."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.ui.style import tokens
from desktop.ui.widgets.form import with_object_name


def create_card(*widgets: QWidget) -> QFrame:
    """Return a card with `widgets` below each other and separators between them."""
    card = with_object_name(QFrame(), "card")
    inside = QVBoxLayout(card)
    inside.setContentsMargins(0, tokens.UNIT, 0, tokens.UNIT)
    inside.setSpacing(0)
    for index, widget in enumerate(widgets):
        if index:
            inside.addWidget(_create_separator())
        inside.addWidget(widget)
    return card


def update_separators(frame: QFrame) -> None:
    """Show the separators of a card only between its visible widgets."""
    has_widget_above, line = False, None
    for widget in card_widgets(frame):
        if widget.objectName() == "rule":
            widget.hide()
            line = widget
        elif not widget.isHidden():
            if has_widget_above and line is not None:
                line.show()
            has_widget_above, line = True, None


def card_widgets(frame: QFrame) -> list[QWidget]:
    """Return the widgets of a card, its separators among them."""
    layout = frame.layout()
    items = (layout.itemAt(index) for index in range(layout.count())) if layout is not None else ()
    return [widget for item in items if item is not None and (widget := item.widget()) is not None]


def _create_separator() -> QFrame:
    rule = with_object_name(QFrame(), "rule")
    rule.setFixedHeight(1)
    return rule
