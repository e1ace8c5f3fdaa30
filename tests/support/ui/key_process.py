"""The settings' keys in a process of their own on a real display: says where the fields are, then what is chosen.

The first line of its output is a JSON object: the middle of each key's field on the screen, by its setting. Every line
after it is `learning`, `resting`, or a setting and its new value.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from desktop.settings import store
from desktop.ui.settings.hotkeys import HotkeysPage
from desktop.ui.settings.window import SettingsWindow
from desktop.ui.style import tokens
from desktop.ui.widgets.key_field import HotkeyField
from tests.support.ui.fake_history import Kept
from tests.unit.ui.conftest import Engine


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(path: Path) -> None:
    qt = QApplication(["intone"])
    tokens.apply_style(qt)

    def put(key: str, value: str) -> None:
        store.write_setting(path, key, value)
        say(f"{key} {value}")

    app = Engine(Kept(path.with_name("history.db"))).app(
        settings=lambda: store.load_settings(path).settings,
        set_setting=put,
        suspend_hotkeys=lambda active: say("learning" if active else "resting"),
    )
    window = SettingsWindow(app)
    window.show_page(HotkeysPage)
    window.resize(900, 760)
    window.present()

    def places() -> None:
        if not window.isActiveWindow():
            QTimer.singleShot(20, places)
            return
        fields = {key: row.control for key, row in window.form.rows.items() if isinstance(row.control, HotkeyField)}
        middles = {key: field.mapToGlobal(field.rect().center()) for key, field in fields.items()}
        say(json.dumps({key: (middle.x(), middle.y()) for key, middle in middles.items()}))

    QTimer.singleShot(0, places)
    qt.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
