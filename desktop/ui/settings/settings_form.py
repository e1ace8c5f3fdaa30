"""Bind the rows of all settings pages to their settings.

A change applies at once, as one from the command line does in a running app; there is no save or apply button. An
invalid value is reported below its row, and the control goes back to the value in force.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import SettingsError, UnavailableKeysError
from desktop.core.messages import Message
from desktop.core.state import AppState
from desktop.settings import safety, store
from desktop.settings.schema import Settings
from desktop.settings.systems import has_effect
from desktop.ui.controllers.app import AppController
from desktop.ui.i18n import describe_setting
from desktop.ui.widgets import combo
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.form import FormControl, SettingRow
from desktop.ui.widgets.key_field import HotkeyField

DEFAULT_SETTINGS = Settings()


class SettingsForm(QObject):
    """The rows of all pages by setting: shows the values in force and sets the chosen ones.

    `changed` is emitted when a value in force may have changed.
    """

    changed = Signal()

    def __init__(self, app: AppController) -> None:
        super().__init__()
        self.app = app
        self.rows: dict[str, SettingRow] = {}
        self._app_state = AppState()

    def add_row(self, key: str, control: FormControl | None = None, *, below: bool = False) -> SettingRow:
        """Add the row of the setting `key`, by default with a list of its choices.

        The control is `below` the text when it needs the width.
        """
        if control is None:
            control = OptionPicker(*combo.setting_options(key))
        described = describe_setting(key)
        row = SettingRow(described.label, described.help, control, below=below)
        row.key = key
        row.reset_requested.connect(lambda: self.reset_setting(key))
        control.chosen.connect(lambda value: self.set_setting(key, value))
        self.rows[key] = row
        return row

    def add_rows_in_effect(self, *keys: str, system: str = sys.platform) -> list[SettingRow]:
        """Add the rows of those settings that change anything on `system` (as `sys.platform`)."""
        return [self.add_row(key) for key in keys if has_effect(key, system)]

    def add_key_row(self, key: str, field: HotkeyField | None = None) -> SettingRow:
        """Add the row of a hotkey or mouse button; it may be empty unless `field` differs."""
        field = field or HotkeyField(may_be_empty=True)
        field.recording_changed.connect(self.app.suspend_hotkeys)
        return self.add_row(key, field)

    def set_setting(self, key: str, value: str) -> None:
        """Set `key` to `value`, or show in its row why that is invalid."""
        try:
            self.app.set_setting(key, value)
        except SettingsError as problem:
            self.show_setting(key)
            self.rows[key].show_problem(problem)
        else:
            self.show_setting(key)

    def reset_setting(self, key: str) -> None:
        """Reset `key` to its default, or show in its row why that fails."""
        try:
            self.app.reset_setting(key)
        except SettingsError as problem:
            self.rows[key].show_problem(problem)
        else:
            self.show_setting(key)

    def show_setting(self, key: str) -> None:
        """Show the value in force of `key`."""
        self._show_row(key, self.app.settings(), self.app.live_settings.load().lost_urls)
        self.changed.emit()

    def show_all(self) -> None:
        """Show the values in force in every row."""
        current, lost_urls = self.app.settings(), self.app.live_settings.load().lost_urls
        for key in self.rows:
            self._show_row(key, current, lost_urls)
        self.changed.emit()

    def _show_row(self, key: str, current: Settings, lost_urls: Mapping[str, str]) -> None:
        row = self.rows[key]
        value = store.get_setting(current, key)
        row.show_problem(self._hotkey_problem(key) or safety.describe_lost_url(key, lost_urls.get(key)) or "")
        row.set_value(value)
        row.show_default(value, store.get_setting(DEFAULT_SETTINGS, key))

    def draw(self, app_state: AppState) -> None:
        """Show which hotkeys do not work."""
        self._app_state = app_state
        for key, row in self.rows.items():
            if isinstance(row.control, HotkeyField):
                row.show_problem(self._hotkey_problem(key) or "")

    def _hotkey_problem(self, key: str) -> Message | None:
        """Return why the hotkey of the setting `key` does not work; None when it does."""
        problem = self._app_state.health.hotkey
        return problem.keys.get(key.removeprefix("hotkey.")) if isinstance(problem, UnavailableKeysError) else None
