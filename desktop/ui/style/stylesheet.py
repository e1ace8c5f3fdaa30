"""The style sheet, with the names of `desktop.ui.style.tokens` as placeholders for colours and lengths."""

STYLE_SHEET = """
QLineEdit, QPushButton {{
    background: {raised}; color: {text}; border: 1px solid {line}; border-radius: {field}px;
    padding: {unit}px {pad}px; min-height: 22px;
}}
QLineEdit {{ placeholder-text-color: {faint}; }}
QLineEdit:focus, QPushButton:focus, QPushButton:checked {{ border: 1px solid {accent}; }}
QPushButton:hover {{ background: {surface}; }}
QPushButton:pressed, QPushButton:checked {{ background: {surface}; color: {accent}; }}
QPushButton:disabled {{ color: {faint}; }}
QPushButton[primary="true"] {{ background: {accent}; color: {on_accent}; border-color: {accent}; }}
QPushButton[primary="true"]:disabled {{ background: {line}; color: {faint}; border-color: {line}; }}
QPushButton[primary="true"]:focus {{ border: 2px solid {text}; padding: 3px 11px; }}
QPushButton#flat {{ background: transparent; border-color: transparent; color: {quiet}; }}
QPushButton#flat:hover {{ color: {text}; border-color: {line}; }}
QPushButton#flat:focus {{ border-color: {accent}; color: {text}; }}
QPushButton#flat:disabled {{ color: {faint}; border-color: transparent; }}
QPushButton:checked:focus {{ border: 2px solid {accent}; padding: 3px 11px; }}
QPushButton#danger {{ color: {bad}; }}
QFrame#notice {{ background: {raised}; border: 1px solid {line}; border-radius: {field}px; }}
QFrame#card {{ background: {raised}; border: 1px solid {line}; border-radius: {radius}px; }}
QFrame#rule {{ background: {line}; border: none; }}
QLabel[role="quiet"] {{ color: {quiet}; font-size: {small}px; }}
QLabel[role="bad"] {{ color: {bad}; font-size: {small}px; }}
QLabel[role="empty"] {{ color: {quiet}; }}
QLabel[role="chip"] {{ color: {accent}; font-size: {small}px; }}
QGroupBox#model {{ border: none; margin: 0; padding: 0; }}
QListView {{ background: transparent; border: none; outline: none; }}
QListView#sections::item {{ padding: {gap}px {pad}px; border-radius: {field}px; color: {quiet}; }}
QListView#sections::item:hover {{ color: {text}; }}
QListView#sections::item:selected {{ background: {line}; color: {text}; }}
QListView#sections::item:selected:focus {{ color: {accent}; }}
QPushButton#key {{ text-align: left; }}
QPushButton#link {{
    background: transparent; border: 1px solid transparent; color: {quiet}; font-size: {small}px; text-align: left;
    padding: 0 {unit}px; min-height: 18px; border-radius: {unit}px;
}}
QPushButton#link:hover {{ color: {accent}; }}
QPushButton#link:focus {{ border-color: {accent}; color: {text}; }}
QPlainTextEdit {{
    background: {raised}; color: {text}; border: 1px solid {line}; border-radius: {field}px; padding: {unit}px {gap}px;
}}
QPlainTextEdit:focus {{ border: 1px solid {accent}; }}
QTextEdit#after {{ background: {surface}; border-radius: {field}px; padding: {unit}px {gap}px; }}
QTextBrowser, QTextEdit {{ background: transparent; border: none; color: {text}; }}
QScrollArea, QScrollArea > QWidget > QWidget#page {{ background: transparent; border: none; }}
QScrollArea#reading:focus {{ border: 1px solid {accent}; border-radius: {field}px; }}
QPushButton#chip {{ text-align: left; }}
QPushButton#chip:checked {{ color: {text}; }}
QPlainTextEdit#trying {{
    background: {raised}; color: {text}; border: 1px solid {line}; border-radius: {radius}px; padding: {gap}px;
}}
QPlainTextEdit#trying:focus {{ border: 1px solid {accent}; }}
QLabel#command {{ background: {surface}; border: 1px solid {line}; border-radius: {field}px; padding: {gap}px; }}
QRadioButton {{ spacing: {gap}px; }}
QRadioButton::indicator {{ width: 12px; height: 12px; border: 1px solid {faint}; border-radius: 7px; }}
QRadioButton::indicator:checked {{ width: 6px; height: 6px; border: 4px solid {accent}; background: {raised}; }}
QRadioButton:focus {{ color: {accent}; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {line}; }}
QSlider::sub-page:horizontal {{ height: 4px; border-radius: 2px; background: {accent}; }}
QSlider::handle:horizontal {{
    width: 12px; height: 12px; margin: -5px 0; border: 1px solid {accent}; border-radius: 7px; background: {raised};
}}
QSlider::handle:horizontal:focus {{ background: {accent}; border-color: {text}; }}
QCheckBox {{ border: 1px solid transparent; border-radius: {unit}px; padding: 1px {unit}px 1px 1px; spacing: {gap}px; }}
QCheckBox:focus {{ border-color: {accent}; }}
QMenu {{ menu-scrollable: 1; background: {raised}; color: {text}; border: 1px solid {line}; padding: {unit}px; }}
QMenu::item {{ padding: 4px {vast}px 4px {pad}px; border-radius: 5px; }}
QMenu::item:selected {{ background: {line}; color: {text}; }}
QMenu::item:disabled {{ color: {faint}; }}
QMenu::indicator {{ width: 6px; height: 6px; left: 4px; border-radius: 3px; }}
QMenu::indicator:checked {{ background: {accent}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: {unit}px {gap}px; }}
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {line}; padding: {unit}px; }}
QTableView:focus {{ border-color: {accent}; }}
QTableView {{
    background: transparent; border: 1px solid transparent; gridline-color: {line};
    alternate-background-color: {surface};
}}
QTableView::item {{ padding: {unit}px 1px; }}
QHeaderView {{ background: transparent; }}
QHeaderView::section {{
    background: transparent; color: {quiet}; border: none; border-bottom: 1px solid {line};
    padding: {unit}px; font-size: {small}px;
}}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 2px; }}
QScrollBar::handle:vertical {{ background: {line}; border-radius: 3px; min-height: 32px; }}
QScrollBar::handle:vertical:hover {{ background: {faint}; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 2px; }}
QScrollBar::handle:horizontal {{ background: {line}; border-radius: 3px; min-width: 32px; }}
QScrollBar::handle:horizontal:hover {{ background: {faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""
HIGH_CONTRAST_SHEET = """
QListView#sections::item:selected {{ border: 1px solid {text}; }}
QMenu::item:selected {{ border: 1px solid {text}; padding: 3px 23px 3px 11px; }}
QSlider::groove:horizontal {{ background: {edge}; }}
QScrollBar::handle:vertical, QScrollBar::handle:horizontal {{ background: {edge}; }}
QTextEdit#after {{ border: 1px solid {edge}; }}
"""
"""Rules for high contrast: selection is not shown by background alone, and movable parts are visible."""
